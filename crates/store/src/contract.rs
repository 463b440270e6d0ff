//! The suite that every back end passes.

mod messages;

use room::{
    Event, Fact, Measure, MemberId, Message, Nick, RoomId, RoomName, Seq, Snapshot, Text, UnixMs,
    Visibility, Who,
};

use crate::{APPEND_EVENTS_MAX, Log, OutOfPlace, READ_EVENTS_MAX, Retention, StoreError};

/// Runs the whole suite; `new` gives an empty log each time.
pub(crate) fn check(mut new: impl FnMut() -> Box<dyn Log>) {
    order_is_kept_and_pages_are_bounded(&mut *new());
    what_is_out_of_place_is_refused_whole(&mut *new());
    rooms_are_what_their_logs_fold_to(&mut *new());
    rooms_are_removed_and_numbers_not_given_again(&mut *new());
    messages_are_trimmed_by_count(&mut *new());
    messages_are_trimmed_by_age(&mut *new());
    messages_are_found(&mut *new());
    search_is_confined_and_bounded(&mut *new());
    a_search_sees_what_was_appended_before(&mut *new());
    messages::check(&mut new);
}

pub(crate) fn created(room: u64, name: &str) -> Event {
    let name = RoomName::parse(name).unwrap();
    let by = Nick::parse("Ana").unwrap();
    let fact = Fact::Created { name, capacity: 10, visibility: Visibility::Public, by };
    Event { room: RoomId(room), seq: Seq(1), at: UnixMs(1000), fact }
}

/// At `seq * 1000` ms.
pub(crate) fn said(room: u64, seq: u64, text: &str) -> Event {
    let nick = Nick::parse("José").unwrap();
    let text = Text::new(text).unwrap();
    let fact =
        Fact::Said { member: MemberId(7), account: None, nick, text, reply: None, key: None };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

/// The author of [`said`] gives her message another text.
pub(crate) fn edited(room: u64, seq: u64, target: u64, text: &str) -> Event {
    let fact = Fact::Edited {
        member: MemberId(7),
        account: None,
        nick: Nick::parse("José").unwrap(),
        target: Seq(target),
        quote: None,
        text: Text::new(text).unwrap(),
    };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

/// The author of [`said`] takes her message back.
pub(crate) fn deleted(room: u64, seq: u64, target: u64) -> Event {
    let nick = Nick::parse("José").unwrap();
    let fact = Fact::Deleted {
        member: MemberId(7),
        account: None,
        nick,
        target: Seq(target),
        is_purge: false,
    };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

pub(crate) fn topic_set(room: u64, seq: u64, topic: Option<&str>) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let topic = topic.map(|topic| Text::new(topic).unwrap());
    let fact = Fact::TopicSet { member: MemberId(8), nick, topic };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
}

/// A room with messages 2 to `last`, `said N` each.
fn with_messages(log: &mut dyn Log, room: u64, last: u64) {
    log.append(&[created(room, &format!("r{room}"))]).unwrap();
    let events: Vec<_> = (2..=last).map(|seq| said(room, seq, &format!("said {seq}"))).collect();
    for batch in events.chunks(APPEND_EVENTS_MAX) {
        log.append(batch).unwrap();
    }
}

/// A room's whole log, page by page.
pub(crate) fn read_all(log: &mut dyn Log, room: u64) -> Vec<Event> {
    let mut reader = log.reader().unwrap();
    let (mut all, mut from) = (Vec::new(), Seq::START);
    loop {
        let page = reader.read(RoomId(room), from, READ_EVENTS_MAX).unwrap();
        let Some(last) = page.last() else { return all };
        from = last.seq.next();
        all.extend(page);
    }
}

fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

fn numbers(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq.0).collect()
}

fn order_is_kept_and_pages_are_bounded(log: &mut dyn Log) {
    let events = [
        created(1, "Sala"),
        created(2, "outra"),
        said(1, 2, "um\tdois  "),
        topic_set(2, 2, Some("assunto")),
        said(2, 3, "東京 👍"),
        topic_set(1, 3, None),
    ];
    log.append(&events[..4]).unwrap();
    log.append(&[]).unwrap();
    log.append(&events[4..]).unwrap();
    let of = |room| events.iter().filter(move |event| event.room.0 == room).cloned();
    assert_eq!(read_all(log, 1), of(1).collect::<Vec<_>>());
    assert_eq!(read_all(log, 2), of(2).collect::<Vec<_>>());
    assert_eq!(read_all(log, 3), []);

    let last = 600;
    with_messages(log, 3, last);
    let mut reader = log.reader().unwrap();
    let mut read = |from, limit| seqs(&reader.read(RoomId(3), Seq(from), limit).unwrap());
    assert_eq!(read(0, 3), [1, 2, 3]);
    assert_eq!(read(599, 3), [599, 600]);
    assert_eq!(read(last + 1, 3), []);
    assert_eq!(read(u64::MAX, 3), []);
    assert_eq!(read(1, 0), []);
    assert_eq!(read(1, usize::MAX).len(), READ_EVENTS_MAX);
    let mut last = |room, limit| numbers(&reader.last(RoomId(room), limit).unwrap());
    assert_eq!(last(3, 2), [599, 600]);
    assert_eq!(last(3, usize::MAX).len(), READ_EVENTS_MAX);
    assert_eq!(last(1, 5), [2], "only messages");
    assert_eq!(last(9, 5), []);
}

fn what_is_out_of_place_is_refused_whole(log: &mut dyn Log) {
    let place = |room, expected, found| OutOfPlace::Gap {
        room: RoomId(room),
        expected: Seq(expected),
        found: Seq(found),
    };
    let mut refuse = |events: &[Event], why: OutOfPlace| {
        let Err(StoreError::Failed { cause, .. }) = log.append(events) else {
            panic!("{events:?} was taken")
        };
        assert_eq!(cause.downcast_ref(), Some(&why));
    };
    refuse(&[said(1, 1, "x")], OutOfPlace::Creation(RoomId(1)));
    refuse(&[said(1, 2, "x")], place(1, 1, 2));
    refuse(&[created(1, "a"), said(1, 3, "x")], place(1, 2, 3));
    refuse(&[created(1, "a"), said(1, 2, "x"), said(1, 2, "y")], place(1, 3, 2));
    let mut again = created(1, "a");
    again.seq = Seq(2);
    refuse(&[created(1, "a"), again], OutOfPlace::Creation(RoomId(1)));
    let nick = Nick::parse("ana").unwrap();
    let mut passing = created(1, "a");
    passing.fact = Fact::Entered { member: MemberId(1), account: None, nick, again: false };
    refuse(&[created(1, "a"), passing], OutOfPlace::NotKept(RoomId(1)));
    let mut many: Vec<_> = (2..=APPEND_EVENTS_MAX as u64 + 1).map(|n| said(1, n, "x")).collect();
    many.insert(0, created(1, "a"));
    refuse(&many, OutOfPlace::TooMany(APPEND_EVENTS_MAX + 1));

    assert_eq!(log.rooms().unwrap(), []);
    assert_eq!(read_all(log, 1), []);
    many.pop();
    log.append(&many).unwrap();
    assert_eq!(read_all(log, 1), many);
    let Err(StoreError::Failed { .. }) = log.append(&[said(1, 1024, "x")]) else {
        panic!("a position was taken twice")
    };
}

fn moderated(room: u64, seq: u64, measure: Measure) -> Event {
    let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
    let fact = Fact::Moderated { member, account: None, nick, measure: Box::new(measure) };
    Event { fact, ..said(room, seq, "x") }
}

/// The rooms' own rules, applied to what the log gives back.
fn fold(log: &mut dyn Log, room: u64) -> Option<Snapshot> {
    let events = read_all(log, room);
    let mut folded = room::Room::created(events.first()?).unwrap();
    for event in &events[1..] {
        folded.apply(event);
    }
    Some(folded.kept().clone())
}

fn rooms_are_what_their_logs_fold_to(log: &mut dyn Log) {
    log.append(&[created(3, "c"), created(1, "A"), said(1, 2, "oi")]).unwrap();
    log.append(&[topic_set(1, 3, Some("um")), said(3, 2, "oi"), topic_set(1, 4, None)]).unwrap();
    log.append(&[topic_set(3, 3, Some("é"))]).unwrap();
    let who = || Who::Guest { nick: Nick::parse("bia").unwrap(), member: None };
    let ban = Measure::Banned { who: who(), until: Some(UnixMs(9)), reason: Text::new("x") };
    log.append(&[moderated(1, 5, ban), moderated(1, 6, Measure::Capacity(7))]).unwrap();
    let private = Measure::Visibility(Visibility::Private);
    log.append(&[moderated(1, 7, private), said(1, 8, "oi")]).unwrap();
    let folded: Vec<_> = [1, 3].into_iter().filter_map(|room| fold(log, room)).collect();
    assert_eq!(log.rooms().unwrap(), folded);
    assert_eq!(folded[0].name.as_str(), "A");
    assert_eq!(folded[1].topic, Text::new("é"));
    assert_eq!((folded[0].capacity, folded[0].visibility), (7, Visibility::Private));
    assert_eq!(folded[0].moderation.bans().len(), 1);
}

fn rooms_are_removed_and_numbers_not_given_again(log: &mut dyn Log) {
    assert_eq!(log.last_room().unwrap(), RoomId(0));
    with_messages(log, 1, 5);
    with_messages(log, 2, 1500);
    log.remove_room(RoomId(2)).unwrap();
    log.remove_room(RoomId(2)).unwrap();
    assert_eq!(read_all(log, 2), []);
    assert_eq!(log.rooms().unwrap().len(), 1);
    assert_eq!(log.last_room().unwrap(), RoomId(2));
    let mut reader = log.reader().unwrap();
    assert_eq!(reader.search(RoomId(2), "said", 9).unwrap(), []);
    assert_eq!(reader.last(RoomId(2), 9).unwrap(), []);
    log.append(&[created(3, "r2"), said(3, 2, "de novo")]).unwrap();
    assert_eq!(numbers(&reader.search(RoomId(3), "novo", 9).unwrap()), [2]);
    assert_eq!(read_all(log, 1).len(), 5);
}

fn trim_all(log: &mut dyn Log, retention: Retention, now: u64) -> usize {
    let mut all = 0;
    loop {
        match log.trim(retention, UnixMs(now)).unwrap() {
            0 => return all,
            trimmed => all += trimmed,
        }
    }
}

fn messages_are_trimmed_by_count(log: &mut dyn Log) {
    with_messages(log, 1, 3000);
    with_messages(log, 2, 4);
    log.append(&[topic_set(1, 3001, Some("fica")), said(1, 3002, "fim")]).unwrap();
    let rooms = log.rooms().unwrap();
    assert_eq!(trim_all(log, Retention::default(), 9_000_000), 0);
    assert_eq!(trim_all(log, Retention { count: Some(3), age_ms: None }, 0), 2997);
    assert_eq!(seqs(&read_all(log, 1)), [1, 2999, 3000, 3001, 3002]);
    assert_eq!(seqs(&read_all(log, 2)), [1, 2, 3, 4]);
    assert_eq!(log.rooms().unwrap(), rooms, "trimming changes no room");
    log.append(&[said(1, 3003, "mais")]).unwrap();
    assert_eq!(trim_all(log, Retention { count: Some(3), age_ms: None }, 0), 1);
    assert_eq!(trim_all(log, Retention { count: Some(0), age_ms: None }, 0), 6);
    assert_eq!(seqs(&read_all(log, 1)), [1, 3001]);
    log.append(&[said(1, 3004, "ainda")]).unwrap();
    let mut reader = log.reader().unwrap();
    assert_eq!(numbers(&reader.search(RoomId(1), "ainda", 9).unwrap()), [3004]);
    assert_eq!(reader.search(RoomId(1), "said", 9).unwrap(), []);
}

fn messages_are_trimmed_by_age(log: &mut dyn Log) {
    with_messages(log, 1, 1500);
    log.append(&[topic_set(1, 1501, None), said(1, 1502, "x")]).unwrap();
    let week = Retention { age_ms: Some(600_000), count: None };
    assert_eq!(trim_all(log, week, 0), 0, "a clock that went back trims nothing");
    assert_eq!(trim_all(log, week, 2_000_000), 1398);
    assert_eq!(seqs(&read_all(log, 1))[..3], [1, 1400, 1401]);
    assert_eq!(trim_all(log, week, 2_001_000), 1);
    assert_eq!(trim_all(log, week, 9_000_000), 101);
    assert_eq!(seqs(&read_all(log, 1)), [1, 1501]);
}

fn messages_are_found(log: &mut dyn Log) {
    let texts = [
        "O jacaré comeu a Árvore",
        "今日は東京です",
        "京都と大阪",
        "วันนี้อากาศดี",
        "one OR two \"quoted\" words",
        "naïve café (NOT a test) ^x",
        "한국어를 배우다",
        "🎉🎉",
        "jacarandá azul",
        "Привет, Мир",
    ];
    log.append(&[created(1, "a")]).unwrap();
    for (place, text) in texts.iter().enumerate() {
        log.append(&[said(1, place as u64 + 2, text)]).unwrap();
    }
    let mut reader = log.reader().unwrap();
    let mut check = |query: &str, places: &[u64]| {
        let found = numbers(&reader.search(RoomId(1), query, 20).unwrap());
        assert_eq!(found, places, "{query:?}");
    };
    check("jacare", &[2]);
    check("JACARÉ arvore", &[2]);
    check("arvore jacare", &[2]);
    check("jacare azul", &[]);
    check("jaca", &[2, 10]);
    check("ja", &[]);
    check("jaca azul", &[]);
    check("azul jaca", &[10]);
    check("東京", &[3]);
    check("京東", &[]);
    check("京", &[3, 4]);
    check("京都 大阪", &[4]);
    check("อากาศ", &[5]);
    check("한국", &[8]);
    check("국어를", &[8]);
    check("мир", &[11]);
    check("one or", &[6]);
    check("OR", &[6]);
    check("NOT test", &[7]);
    check("\"words quoted\"", &[6]);
    check("café*", &[7]);
    check("terms:one", &[]);
    check("a AND (b", &[]);
    check("x\" OR \"one", &[]);
    check("NEAR(one two)", &[]);
    check("one -two", &[6]);
    for none in ["", " ", "🎉", "\"", "*", "()", "-- ;", "\u{301}", "\0", "'"] {
        check(none, &[]);
    }
    check(&"jacare ".repeat(1000), &[2]);
    check(&"東京".repeat(1000), &[]);
}

fn search_is_confined_and_bounded(log: &mut dyn Log) {
    with_messages(log, 1, 1200);
    with_messages(log, 11, 3);
    log.append(&[said(11, 4, "said said said"), said(11, 5, "outra coisa")]).unwrap();
    let mut reader = log.reader().unwrap();
    let mut search =
        |room, query, limit| numbers(&reader.search(RoomId(room), query, limit).unwrap());
    assert_eq!(search(11, "said", 9), [2, 3, 4], "another room's messages");
    assert_eq!(search(11, "said", 1), [4], "the best");
    assert_eq!(search(1, "said", 20).len(), 20);
    assert_eq!(search(1, "said", 0), []);
    assert_eq!(search(1, "said", usize::MAX).len(), READ_EVENTS_MAX);
    assert_eq!(search(2, "said", 20), []);
}

fn a_search_sees_what_was_appended_before(log: &mut dyn Log) {
    with_messages(log, 1, 1);
    let mut reader = log.reader().unwrap();
    for place in 2..40 {
        log.append(&[said(1, place, &format!("palavra{place}"))]).unwrap();
        let found = reader.search(RoomId(1), &format!("palavra{place}"), 20).unwrap();
        assert_eq!(numbers(&found), [place]);
    }
}
