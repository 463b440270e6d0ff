//! What becomes of messages after they are said.

use room::{AccountId, Author, Emoji, Held, Reply};

use super::*;
use crate::Reader;

pub(super) fn check(new: &mut impl FnMut() -> Box<dyn Log>) {
    a_message_has_its_newest_text_in_its_first_place(&mut *new());
    what_is_deleted_is_read_nowhere(&mut *new());
    reactions_are_counted_by_person(&mut *new());
    pins_are_those_that_stand(&mut *new());
    a_reply_knows_what_it_answers(&mut *new());
    the_rules_are_told_what_they_need(&mut *new());
    a_search_finds_the_newest_text_only(&mut *new());
    what_was_done_with_a_message_goes_before_it(&mut *new());
    a_target_comes_before_what_is_done_with_it(&mut *new());
    what_a_message_ever_said_is_kept_until_it_is_deleted(&mut *new());
    measures_are_read_page_by_page(&mut *new());
    a_room_keeps_less_than_all_do_and_never_more(&mut *new());
}

const BIA: Author = Author { member: MemberId(9), account: None };

fn emoji(text: &str) -> Emoji {
    Emoji::parse(text).unwrap()
}

fn reacted(room: u64, seq: u64, target: u64, by: Author, emoji: &str, on: bool) -> Event {
    let fact = Fact::Reacted {
        member: by.member,
        account: by.account,
        nick: Nick::parse("bia").unwrap(),
        target: Seq(target),
        quote: None,
        emoji: self::emoji(emoji),
        on,
    };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

fn pinned(room: u64, seq: u64, target: u64, on: bool) -> Event {
    let fact = Fact::Pinned {
        member: BIA.member,
        account: None,
        nick: Nick::parse("bia").unwrap(),
        target: Seq(target),
        quote: None,
        on,
    };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

fn replied(room: u64, seq: u64, to: u64, text: &str) -> Event {
    let mut event = said(room, seq, text);
    let Fact::Said { reply, .. } = &mut event.fact else { unreachable!("it is said") };
    *reply = Some(Box::new(Reply { to: Seq(to), quote: None }));
    event
}

fn message(reader: &mut dyn Reader, seq: u64) -> Option<Message> {
    reader.message(RoomId(1), Seq(seq)).unwrap()
}

fn text(message: &Message) -> Option<&str> {
    message.text.as_ref().map(Text::as_str)
}

/// What each event of a room quotes.
fn quotes(log: &mut dyn Log, room: u64) -> Vec<(u64, Option<String>)> {
    let quote = |mut event: Event| {
        let (_, quote) = crate::message::quote_place(&mut event.fact)?;
        let quote = quote.as_ref().map(|quote| format!("{}: {}", quote.nick, quote.start));
        Some((event.seq.0, quote))
    };
    read_all(log, room).into_iter().filter_map(quote).collect()
}

fn quoted(seq: u64, quote: &str) -> (u64, Option<String>) {
    (seq, Some(quote.to_owned()))
}

fn a_message_has_its_newest_text_in_its_first_place(log: &mut dyn Log) {
    log.append(&[created(1, "a"), said(1, 2, "um"), said(1, 3, "dois")]).unwrap();
    log.append(&[edited(1, 4, 2, "um e meio"), edited(1, 5, 2, "um, afinal")]).unwrap();
    let mut reader = log.reader().unwrap();
    let last = reader.last(RoomId(1), 9).unwrap();
    assert_eq!(numbers(&last), [2, 3]);
    assert_eq!((text(&last[0]), last[0].is_edited), (Some("um, afinal"), true));
    assert_eq!((text(&last[1]), last[1].is_edited), (Some("dois"), false));
    assert_eq!(last[0].at, UnixMs(2000));
    assert_eq!(last[0].nick.as_str(), "José");
    assert_eq!(last[0].author, Author { member: MemberId(7), account: None });
    assert_eq!(reader.last(RoomId(1), 1).unwrap(), last[1..]);
    assert_eq!(reader.before(RoomId(1), last[1].seq, 9).unwrap(), last[..1]);
    assert_eq!(reader.before(RoomId(1), Seq(u64::MAX >> 11), 1).unwrap(), last[1..]);
    assert_eq!(reader.before(RoomId(1), last[0].seq, 9).unwrap(), []);
    assert_eq!(reader.after(RoomId(1), last[0].seq, 9).unwrap(), last[1..]);
    assert_eq!(reader.after(RoomId(1), Seq::START, 1).unwrap(), last[..1]);
    assert_eq!(reader.after(RoomId(1), last[1].seq, 9).unwrap(), []);
    assert_eq!(message(&mut *reader, 2).as_ref(), Some(&last[0]));
    for none in [0, 1, 4, 6, u64::MAX] {
        assert_eq!(message(&mut *reader, none), None);
    }
    // Who reads the past is shown nothing that it said before, in a quote neither.
    assert_eq!(quotes(log, 1), [quoted(4, "José: um, afinal"), quoted(5, "José: um, afinal")]);
    let texts: Vec<_> = read_all(log, 1)
        .into_iter()
        .filter_map(|mut event| {
            let seq = event.seq.0;
            let (_, text) = crate::message::text_place(&mut event)?;
            Some((seq, text.as_str().to_owned()))
        })
        .collect();
    let newest = |seq| (seq, "um, afinal".to_owned());
    assert_eq!(texts, [newest(2), (3, "dois".to_owned()), newest(4), newest(5)]);
}

fn what_is_deleted_is_read_nowhere(log: &mut dyn Log) {
    let by = BIA;
    log.append(&[created(1, "a"), said(1, 2, "segredo um"), said(1, 3, "fica")]).unwrap();
    log.append(&[edited(1, 4, 2, "segredo dois"), replied(1, 5, 2, "resposta")]).unwrap();
    log.append(&[reacted(1, 6, 2, by, "👍", true), pinned(1, 7, 2, true)]).unwrap();
    let mut reader = log.reader().unwrap();
    assert_eq!(numbers(&reader.search(RoomId(1), "segredo dois", 9).unwrap()), [2]);
    let quote = "José: segredo dois";
    let before = [quoted(4, quote), quoted(5, quote), quoted(6, quote)];
    assert_eq!(quotes(log, 1)[..3], before);
    let rooms = log.rooms().unwrap();

    log.append(&[deleted(1, 8, 2)]).unwrap();
    let all = read_all(log, 1);
    let nick = Nick::parse("José").unwrap();
    let erased = |edited: Option<u64>| Fact::Erased {
        member: MemberId(7),
        account: None,
        nick: nick.clone(),
        edited: edited.map(Seq),
    };
    assert_eq!((&all[1].fact, &all[3].fact), (&erased(None), &erased(Some(2))));
    assert_eq!(all[7], deleted(1, 8, 2));
    assert_eq!(quotes(log, 1), [(5, None), (6, None), (7, None)]);
    let last = reader.last(RoomId(1), 9).unwrap();
    assert_eq!(numbers(&last), [2, 3, 5]);
    assert_eq!((text(&last[0]), last[0].is_edited, last[0].is_pinned), (None, false, false));
    assert_eq!(last[0].reactions, []);
    assert_eq!(last[2].reply, Some(Box::new(Reply { to: Seq(2), quote: None })));
    assert_eq!(reader.pins(RoomId(1)).unwrap(), []);
    assert!(!format!("{all:?} {last:?}").contains("segredo"));
    for words in ["segredo", "um", "dois"] {
        assert_eq!(reader.search(RoomId(1), words, 9).unwrap(), []);
    }
    assert_eq!(numbers(&reader.search(RoomId(1), "fica", 9).unwrap()), [3]);
    assert_eq!(log.rooms().unwrap()[0].head, Seq(8));
    assert_eq!(rooms[0].topic, log.rooms().unwrap()[0].topic);
    // What is erased may be appended as such, by whoever brings a log from elsewhere.
    let mut again = all[1].clone();
    (again.room, again.seq) = (RoomId(2), Seq(2));
    log.append(&[created(2, "b"), again.clone()]).unwrap();
    assert_eq!(read_all(log, 2)[1], again);
    assert_eq!(numbers(&reader.last(RoomId(2), 9).unwrap()), [2]);
}

fn reactions_are_counted_by_person(log: &mut dyn Log) {
    let account = Some(AccountId(5));
    let (home, work) =
        (Author { member: MemberId(20), account }, Author { member: MemberId(21), account });
    log.append(&[created(1, "a"), said(1, 2, "oi"), said(1, 3, "olá")]).unwrap();
    log.append(&[
        reacted(1, 4, 2, BIA, "👍", true),
        reacted(1, 5, 2, home, "❤", true),
        reacted(1, 6, 2, BIA, "❤", true),
        reacted(1, 7, 3, BIA, "🎉", true),
        // The same person again, from elsewhere.
        reacted(1, 8, 2, work, "❤", true),
    ])
    .unwrap();
    let mut reader = log.reader().unwrap();
    let mut of = |by: &Author, span| reader.given(RoomId(1), by, span).unwrap();
    let all = (Seq(1), Seq(9));
    assert_eq!(of(&BIA, all), [(Seq(2), emoji("👍")), (Seq(2), emoji("❤")), (Seq(3), emoji("🎉"))]);
    assert_eq!(of(&BIA, (Seq(3), Seq(3))), [(Seq(3), emoji("🎉"))]);
    for by in [home, work] {
        assert_eq!(of(&by, all), [(Seq(2), emoji("❤"))], "one person, wherever she is");
    }
    assert_eq!(of(&Author { member: MemberId(99), account: None }, all), []);
    let mut given = |seq| message(&mut *reader, seq).unwrap().reactions;
    assert_eq!(given(2), [(emoji("❤"), 2), (emoji("👍"), 1)]);
    assert_eq!(given(3), [(emoji("🎉"), 1)]);
    let held = |log: &mut dyn Log, by: &Author, emoji: &Emoji| {
        log.held(RoomId(1), Seq(2), by, Some(emoji)).unwrap().unwrap().has_reacted
    };
    for (by, text, has_reacted) in [
        (BIA, "👍", true),
        (BIA, "🎉", false),
        (home, "❤", true),
        (work, "❤", true),
        (work, "👍", false),
        (Author { member: MemberId(20), account: None }, "❤", false),
        (Author { member: MemberId(99), account: None }, "❤", false),
    ] {
        assert_eq!(held(log, &by, &emoji(text)), has_reacted, "{by:?} {text}");
    }
    log.append(&[reacted(1, 9, 2, home, "❤", false), reacted(1, 10, 2, BIA, "👍", false)]).unwrap();
    assert_eq!(given(2), [(emoji("❤"), 1)]);
    log.append(&[reacted(1, 11, 2, BIA, "❤", false)]).unwrap();
    assert_eq!(given(2), []);
    let many: Vec<_> = (0..30).map(|n| char::from_u32(0x1F600 + n).unwrap().to_string()).collect();
    let many = many.iter().zip(12..).map(|(one, seq)| reacted(1, seq, 2, BIA, one, true));
    log.append(&many.collect::<Vec<_>>()).unwrap();
    let shown = given(2);
    assert_eq!(shown.len(), room::limits::REACTIONS_SHOWN_MAX);
    assert_eq!(shown[0], (emoji("😀"), 1), "of equals the first");
}

fn pins_are_those_that_stand(log: &mut dyn Log) {
    with_messages(log, 1, 5);
    log.append(&[created(2, "b"), said(2, 2, "outra"), pinned(2, 3, 2, true)]).unwrap();
    log.append(&[pinned(1, 6, 4, true), pinned(1, 7, 2, true), pinned(1, 8, 3, true)]).unwrap();
    log.append(&[pinned(1, 9, 3, false), edited(1, 10, 4, "novo")]).unwrap();
    let mut reader = log.reader().unwrap();
    let pins = reader.pins(RoomId(1)).unwrap();
    assert_eq!(numbers(&pins), [2, 4]);
    assert_eq!(text(&pins[1]), Some("novo"));
    assert!(pins.iter().all(|pin| pin.is_pinned));
    assert!(!message(&mut *reader, 3).unwrap().is_pinned);
    let pins_of =
        |log: &mut dyn Log| log.held(RoomId(1), Seq(2), &BIA, None).unwrap().unwrap().pins;
    assert_eq!(pins_of(log), 2);
    log.append(&[deleted(1, 11, 2)]).unwrap();
    assert_eq!(numbers(&reader.pins(RoomId(1)).unwrap()), [4]);
    assert_eq!(pins_of(log), 1);
    assert_eq!(reader.pins(RoomId(3)).unwrap(), []);
}

fn a_reply_knows_what_it_answers(log: &mut dyn Log) {
    let words = "palavra ".repeat(20);
    log.append(&[created(1, "a"), said(1, 2, &words), replied(1, 3, 2, "é?")]).unwrap();
    let cut = format!("José: {}...", words[..40].trim_end());
    assert_eq!(quotes(log, 1), [quoted(3, &cut)]);
    log.append(&[edited(1, 4, 2, "curto"), replied(1, 5, 2, "ah"), replied(1, 6, 5, "é")]).unwrap();
    let curto = "José: curto";
    let replies = [quoted(3, curto), quoted(5, curto), quoted(6, "José: ah")];
    let of_replies: Vec<_> = quotes(log, 1).into_iter().filter(|(seq, _)| *seq != 4).collect();
    assert_eq!(of_replies, replies);
    let mut reader = log.reader().unwrap();
    let reply = message(&mut *reader, 3).unwrap().reply.unwrap();
    assert_eq!(reply.to, Seq(2));
    assert_eq!(reply.quote.unwrap().start.as_str(), "curto");
    // Nothing of the answered message changes.
    assert_eq!(text(&message(&mut *reader, 2).unwrap()), Some("curto"));
}

fn the_rules_are_told_what_they_need(log: &mut dyn Log) {
    log.append(&[created(1, "a"), said(1, 2, "um"), topic_set(1, 3, None)]).unwrap();
    log.append(&[edited(1, 4, 2, "dois"), pinned(1, 5, 2, true)]).unwrap();
    for none in [0, 1, 3, 4, 5, 6, u64::MAX] {
        assert_eq!(log.held(RoomId(1), Seq(none), &BIA, None).unwrap(), None);
    }
    assert_eq!(log.held(RoomId(2), Seq(2), &BIA, None).unwrap(), None);
    let held = Held {
        author: Author { member: MemberId(7), account: None },
        nick: Nick::parse("José").unwrap(),
        text: Text::new("dois"),
        edits: 1,
        has_reacted: false,
        is_pinned: true,
        pins: 1,
    };
    assert_eq!(log.held(RoomId(1), Seq(2), &BIA, Some(&emoji("👍"))).unwrap(), Some(held.clone()));
    log.append(&[deleted(1, 6, 2)]).unwrap();
    let left = log.held(RoomId(1), Seq(2), &BIA, None).unwrap().unwrap();
    assert_eq!((left.text, left.is_pinned, left.pins), (None, false, 0));
    assert_eq!((left.author, left.nick), (held.author, held.nick));
    // The account of an author is kept too.
    let mut owned = said(1, 7, "meu");
    let Fact::Said { account, .. } = &mut owned.fact else { unreachable!("it is said") };
    *account = Some(AccountId(5));
    log.append(&[owned]).unwrap();
    let held = log.held(RoomId(1), Seq(7), &BIA, None).unwrap().unwrap();
    assert_eq!(held.author, Author { member: MemberId(7), account: Some(AccountId(5)) });
}

fn a_search_finds_the_newest_text_only(log: &mut dyn Log) {
    log.append(&[created(1, "a"), said(1, 2, "jacaré"), said(1, 3, "outro jacaré")]).unwrap();
    let mut reader = log.reader().unwrap();
    let mut found = |words| numbers(&reader.search(RoomId(1), words, 9).unwrap());
    assert_eq!(found("jacare"), [2, 3]);
    log.append(&[edited(1, 4, 2, "tatu")]).unwrap();
    assert_eq!((found("jacare"), found("tatu")), (vec![3], vec![2]));
    log.append(&[edited(1, 5, 2, "tamanduá"), edited(1, 6, 2, "tamanduá-mirim")]).unwrap();
    assert_eq!((found("tatu"), found("tamandua"), found("mirim")), (vec![], vec![2], vec![2]));
    log.append(&[said(1, 7, "tatu"), edited(1, 8, 7, "jacaré"), deleted(1, 9, 2)]).unwrap();
    assert_eq!((found("tatu"), found("tamandua"), found("jacare")), (vec![], vec![], vec![3, 7]));
}

fn what_was_done_with_a_message_goes_before_it(log: &mut dyn Log) {
    with_messages(log, 1, 4);
    log.append(&[
        edited(1, 5, 2, "outro"),
        reacted(1, 6, 2, BIA, "👍", true),
        reacted(1, 7, 4, BIA, "👍", true),
        pinned(1, 8, 3, true),
        pinned(1, 9, 4, true),
        replied(1, 10, 2, "resposta"),
    ])
    .unwrap();
    let two = Retention { count: Some(2), age_ms: None };
    assert_eq!(log.trim(two, UnixMs(0)).unwrap(), 3, "first what was done with them");
    assert_eq!(seqs(&read_all(log, 1)), [1, 2, 3, 4, 7, 9, 10]);
    assert_eq!(log.trim(two, UnixMs(0)).unwrap(), 2, "then the messages");
    assert_eq!(log.trim(two, UnixMs(0)).unwrap(), 0);
    assert_eq!(seqs(&read_all(log, 1)), [1, 4, 7, 9, 10]);
    assert_eq!(quotes(log, 1)[2], (10, None), "nobody knows any more what it answered");
    let mut reader = log.reader().unwrap();
    let last = reader.last(RoomId(1), 9).unwrap();
    assert_eq!(numbers(&last), [4, 10]);
    assert_eq!(last[0].reactions, [(emoji("👍"), 1)]);
    assert_eq!(numbers(&reader.pins(RoomId(1)).unwrap()), [4]);
    assert_eq!(log.held(RoomId(1), Seq(2), &BIA, None).unwrap(), None);
    // The same by age.
    let old = Retention { count: None, age_ms: Some(5500) };
    assert_eq!(trim_all(log, old, 10_000), 3);
    assert_eq!(seqs(&read_all(log, 1)), [1, 10]);
    assert_eq!(reader.pins(RoomId(1)).unwrap(), []);
    // With the room all goes.
    log.append(&[reacted(1, 11, 10, BIA, "👍", true), pinned(1, 12, 10, true)]).unwrap();
    log.remove_room(RoomId(1)).unwrap();
    trim_all(log, Retention::default(), 0);
    assert_eq!(reader.message(RoomId(1), Seq(10)).unwrap(), None);
    assert_eq!(reader.pins(RoomId(1)).unwrap(), []);
}

fn a_target_comes_before_what_is_done_with_it(log: &mut dyn Log) {
    log.append(&[created(1, "a")]).unwrap();
    for target in [2, 3] {
        let Err(StoreError::Failed { cause, .. }) = log.append(&[edited(1, 2, target, "x")]) else {
            panic!("it was taken")
        };
        let (room, seq, target) = (RoomId(1), Seq(2), Seq(target));
        assert_eq!(cause.downcast_ref(), Some(&OutOfPlace::Target { room, seq, target }));
    }
    assert_eq!(read_all(log, 1).len(), 1);
}

fn what_a_message_ever_said_is_kept_until_it_is_deleted(log: &mut dyn Log) {
    let texts = |reader: &mut dyn Reader, seq| -> Vec<(u64, String)> {
        let versions = reader.versions(RoomId(1), Seq(seq)).unwrap();
        versions.iter().map(|it| (it.at.0, it.text.as_str().to_owned())).collect()
    };
    let mut reader = log.reader().unwrap();
    log.append(&[created(1, "a"), said(1, 2, "um"), said(1, 3, "outro")]).unwrap();
    log.append(&[edited(1, 4, 2, "dois"), pinned(1, 5, 2, true), edited(1, 6, 2, "3")]).unwrap();
    let all = [(2000, "um"), (4000, "dois"), (6000, "3")].map(|(at, it)| (at, it.to_owned()));
    assert_eq!(texts(&mut *reader, 2), all);
    assert_eq!(texts(&mut *reader, 3), [(3000, "outro".to_owned())]);
    for seq in [0, 1, 4, 5, 9, u64::MAX] {
        assert_eq!(texts(&mut *reader, seq), [], "{seq} is no message");
    }
    log.append(&[deleted(1, 7, 2)]).unwrap();
    assert_eq!(texts(&mut *reader, 2), []);
}

fn measures_are_read_page_by_page(log: &mut dyn Log) {
    let raid = |seq| moderated(1, seq, Measure::Raid { on: seq % 2 == 0 });
    let mut reader = log.reader().unwrap();
    let mut page = |before, limit| seqs(&reader.measures(RoomId(1), Seq(before), limit).unwrap());
    log.append(&[created(1, "a"), raid(2), said(1, 3, "um"), raid(4), raid(5)]).unwrap();
    log.append(&[created(2, "b"), moderated(2, 2, Measure::Raid { on: true })]).unwrap();
    assert_eq!(page(u64::MAX, 9), [2, 4, 5]);
    assert_eq!(page(u64::MAX, 2), [4, 5]);
    assert_eq!(page(4, 9), [2]);
    assert_eq!(page(2, 9), [0; 0]);
}

fn a_room_keeps_less_than_all_do_and_never_more(log: &mut dyn Log) {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let keeps = |room, messages, days| {
        moderated(room, 2, Measure::Retention(room::Retention { messages, days }))
    };
    for (room, messages, days) in [(1, 2, 0), (2, 0, 1), (3, 0, 0), (4, 9, 9)] {
        log.append(&[created(room, &format!("r{room}")), keeps(room, messages, days)]).unwrap();
        log.append(&[3, 4, 5].map(|seq| said(room, seq, "oi"))).unwrap();
    }
    let young = |room| Event { at: UnixMs(2 * DAY_MS), ..said(room, 6, "oi") };
    log.append(&[1, 2, 3, 4].map(young)).unwrap();
    let mut left = |retention| -> Vec<Vec<u64>> {
        while log.trim(retention, UnixMs(2 * DAY_MS)).unwrap() > 0 {}
        let mut reader = log.reader().unwrap();
        (1..=4).map(|room| numbers(&reader.last(RoomId(room), 9).unwrap())).collect()
    };
    let all = vec![3, 4, 5, 6];
    assert_eq!(left(Retention::default()), [vec![5, 6], vec![6], all.clone(), all]);
    let three = Retention { age_ms: None, count: Some(3) };
    assert_eq!(left(three), [vec![5, 6], vec![6], vec![4, 5, 6], vec![4, 5, 6]]);
    let day = Retention { age_ms: Some(DAY_MS), count: None };
    assert_eq!(left(day), [[6], [6], [6], [6]]);
}
