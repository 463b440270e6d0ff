//! No text makes a second line: whatever anyone writes, and wherever it is shown.

use lang::Lang;
use proptest::option::of;
use proptest::prelude::*;
use room::{
    AccountId, Author, Emoji, Event, Fact, InForce, Measure, MemberId, Message, Nick, Penalty,
    Quote, Refusal, Reply, Retention, Role, RoomId, RoomName, Seq, Text, UnixMs, Version,
    Visibility, Who,
};

use super::{Answer, Problem, event, whisper};

fn nick() -> Nick {
    Nick::parse("ana").unwrap()
}

/// Texts of any characters, most of them of several lines.
fn texts() -> impl Strategy<Value = Text> {
    let piece = prop_oneof![
        "\\PC{0,20}",
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\u{2028}\u{85}\u{b}\r".to_owned()),
        Just("[OK] - mentira".to_owned()),
    ];
    proptest::collection::vec(piece, 1..12)
        .prop_filter_map("blank", |pieces| Text::new(&pieces.concat()))
}

fn facts() -> impl Strategy<Value = Fact> {
    let (member, account, target) = (MemberId(1), Some(AccountId(2)), Seq(3));
    let who = || Who::Guest { nick: nick(), member: None };
    let quotes = || texts().prop_map(|text| Some(Box::new(Quote::of(&nick(), &text))));
    let moderated = move |measure| {
        let measure = Box::new(measure);
        Fact::Moderated { member, account, nick: nick(), measure }
    };
    let penalty = move |(reason, is_ban): (Option<Text>, bool)| {
        let (who, until) = (who(), Some(UnixMs(5)));
        moderated(if is_ban {
            Measure::Banned { who, until, reason }
        } else {
            Measure::Muted { who, until, reason }
        })
    };
    prop_oneof![
        (texts(), of(quotes())).prop_map(move |(text, quote)| {
            let reply = quote.map(|quote| Box::new(Reply { to: target, quote }));
            Fact::Said { member, account, nick: nick(), text, reply, key: None }
        }),
        (texts(), quotes()).prop_map(move |(text, quote)| Fact::Edited {
            member,
            account,
            nick: nick(),
            target,
            quote,
            text
        }),
        quotes().prop_map(move |quote| {
            let emoji = Emoji::parse("👍").unwrap();
            Fact::Reacted { member, account, nick: nick(), target, quote, emoji, on: true }
        }),
        quotes().prop_map(move |quote| Fact::Pinned {
            member,
            account,
            nick: nick(),
            target,
            quote,
            on: true
        }),
        of(texts()).prop_map(move |topic| Fact::TopicSet { member, nick: nick(), topic }),
        of(texts()).prop_map(move |reason| moderated(Measure::Kicked { who: who(), reason })),
        (of(texts()), any::<bool>()).prop_map(penalty),
        (texts(), any::<bool>())
            .prop_map(move |(pattern, on)| moderated(Measure::Filter { pattern, on })),
    ]
}

fn happened(fact: Fact) -> Event {
    Event { room: RoomId(1), seq: Seq(7), at: UnixMs(0), fact }
}

/// Every answer that shows a text, with how many lines it has.
fn answers(text: &Text, fact: Fact) -> Vec<(Answer, usize)> {
    let room = RoomName::parse("sala").unwrap();
    let penalty = || Penalty { by: nick(), until: Some(UnixMs(9)), reason: Some(text.clone()) };
    let who = || Who::Guest { nick: nick(), member: None };
    let message = Message {
        room: RoomId(1),
        seq: Seq(2),
        at: UnixMs(0),
        author: Author { member: MemberId(1), account: None },
        nick: nick(),
        text: Some(text.clone()),
        is_edited: true,
        reply: Some(Box::new(Reply {
            to: Seq(1),
            quote: Some(Box::new(Quote::of(&nick(), text))),
        })),
        reactions: Vec::new(),
        is_pinned: true,
    };
    let in_force = InForce {
        bans: vec![(who(), penalty())],
        mutes: vec![(who(), penalty())],
        roles: vec![(AccountId(1), nick(), Role::Owner)],
        patterns: vec![text.clone()],
        slow_s: 1,
        raid: true,
        visibility: Visibility::Private,
        capacity: 9,
        retention: Retention { messages: 1, days: 1 },
        more: 1,
    };
    let measure = || Measure::Kicked { who: who(), reason: Some(text.clone()) };
    let banned = Refusal::Banned { room: room.clone(), penalty: Box::new(penalty()) };
    let topic = Some(text.clone());
    let is_measure = usize::from(matches!(fact, Fact::Moderated { .. }));
    vec![
        (Answer::Topic(topic.clone()), 1),
        (Answer::Joined { name: room.clone(), present: 1, capacity: 2, topic }, 2),
        (Answer::Messages(vec![message]), 3),
        (Answer::Versions(vec![Version { at: UnixMs(0), text: text.clone() }]), 3),
        (Answer::Audit(vec![happened(fact)]), 2 + is_measure),
        (Answer::InForce(Box::new(in_force)), 13),
        (Answer::Moderated(Some((nick(), measure()))), 1),
        (Answer::PutOut(room, nick(), measure()), 1),
        (Answer::No(Problem::Refused(banned)), 1),
        (Answer::No(Problem::Refused(Refusal::Muted(Box::new(penalty())))), 1),
    ]
}

/// How many lines there are, as anyone may count them.
fn lines(shown: &str) -> usize {
    assert!(shown.ends_with('\n'));
    let ends = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    assert!(!shown.contains(ends), "{shown:?}");
    shown.matches('\n').count()
}

proptest! {
    #[test]
    fn an_event_is_one_line(fact in facts(), numbered in any::<bool>()) {
        for lang in Lang::ALL {
            let shown = event(&happened(fact.clone()), 2, lang, numbered).unwrap();
            prop_assert_eq!(lines(std::str::from_utf8(&shown).unwrap()), 1, "{:?}", fact);
        }
    }

    #[test]
    fn an_answer_has_the_lines_it_is_made_of(text in texts(), fact in facts()) {
        for (answer, count) in answers(&text, fact) {
            let shown = answer.lines(Lang::Pt);
            prop_assert_eq!(lines(&shown), count, "{:?}", shown);
        }
        let word = whisper(&nick(), &text);
        prop_assert_eq!(lines(std::str::from_utf8(&word).unwrap()), 1);
    }
}
