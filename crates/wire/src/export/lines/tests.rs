//! What is written is read, and nothing else is.

use proptest::prelude::*;

use super::*;

const ROOM: RoomId = RoomId(3);

fn name() -> RoomName {
    RoomName::parse("Sala").unwrap()
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

/// One of every kind, in every shape that has fields of its own.
pub(crate) fn facts(text: &Text) -> Vec<Fact> {
    let (member, quote) = (MemberId(7_399_187_142_902_841_345), None);
    let mut facts = vec![Fact::Created {
        name: name(),
        capacity: 40,
        visibility: Visibility::Unlisted,
        by: nick("ana"),
    }];
    for account in [None, Some(AccountId(7))] {
        let (text, nick, target) = (text.clone(), nick("José"), Seq(1));
        let (emoji, reply) =
            (Emoji::parse("❤️").unwrap(), Some(Box::new(Reply { to: target, quote: None })));
        let quote = quote.clone();
        let said = |reply| Fact::Said {
            member,
            account,
            nick: nick.clone(),
            text: text.clone(),
            reply,
            key: None,
        };
        facts.extend([said(None), said(reply)]);
        let (nick, text) = (nick.clone(), text.clone());
        facts.extend([
            Fact::Edited { member, account, nick: nick.clone(), target, quote: None, text },
            Fact::Deleted { member, account, nick: nick.clone(), target, is_purge: false },
            Fact::Deleted { member, account, nick: nick.clone(), target, is_purge: true },
            Fact::Erased { member, account, nick: nick.clone(), edited: None },
            Fact::Erased { member, account, nick: nick.clone(), edited: Some(target) },
            Fact::Reacted { member, account, nick: nick.clone(), target, quote, emoji, on: true },
            Fact::Pinned { member, account, nick, target, quote: None, on: false },
        ]);
    }
    for topic in [None, Some(text.clone())] {
        facts.push(Fact::TopicSet { member, nick: nick("ana"), topic });
    }
    let reason = || Some(text.clone());
    let guest = |member| Who::Guest { nick: nick("bia"), member };
    let account = || Who::Account { account: AccountId(9), nick: nick("carla") };
    let addresses = || Who::Addresses("192.0.2.0/24".parse().unwrap());
    let until = Some(UnixMs(1_764_115_800_000));
    let role = |role| Measure::RoleSet { account: AccountId(9), nick: nick("carla"), role };
    let measures = [
        Measure::Kicked { who: guest(Some(member)), reason: None },
        Measure::Kicked { who: account(), reason: reason() },
        Measure::Banned { who: addresses(), until, reason: reason() },
        Measure::Banned { who: account(), until: None, reason: None },
        Measure::Unbanned { who: guest(None) },
        Measure::Muted { who: guest(Some(member)), until, reason: None },
        Measure::Unmuted { who: account() },
        role(Role::Owner),
        role(Role::Moderator),
        role(Role::Member),
        role(Role::Guest),
        Measure::SlowMode { seconds: 10 },
        Measure::Filter { pattern: text.clone(), on: true },
        Measure::Raid { on: false },
        Measure::Visibility(Visibility::Private),
        Measure::Capacity(5),
        Measure::Purged { who: guest(None), since: None, messages: 3 },
        Measure::Purged { who: account(), since: until, messages: 3 },
        Measure::Retention(Retention { messages: 1000, days: 30 }),
    ];
    facts.extend(measures.map(|measure| Fact::Moderated {
        member,
        account: Some(AccountId(7)),
        nick: nick("ana"),
        measure: Box::new(measure),
    }));
    facts
}

fn event(seq: u64, fact: Fact) -> Event {
    Event { room: ROOM, seq: Seq(seq), at: UnixMs(1_764_115_200_000 + seq), fact }
}

proptest! {
    #[test]
    fn what_is_written_is_read(text in "(\\PC|\n){1,60}") {
        let Some(text) = Text::new(&text) else { return Ok(()) };
        for (seq, fact) in (2..).zip(facts(&text)) {
            let event = event(seq, fact);
            let line = line(&event).unwrap();
            prop_assert!(line.len() <= LINE_BYTES_MAX && !line.contains('\n'));
            prop_assert_eq!(parse(&line, ROOM, &name()), Ok(event));
        }
    }

    #[test]
    fn any_line_is_taken(line in "\\PC*") {
        let _ = parse(&line, ROOM, &name());
        let _ = parse_head(&line);
    }
}

#[test]
fn the_head_names_the_room_and_passing_events_have_no_line() {
    assert_eq!(head(&name(), Seq(9)), r#"{"papo-export":1,"room":"Sala","seq":9}"#);
    assert_eq!(parse_head(&head(&name(), Seq(9))), Ok((name(), Seq(9))));
    let passing =
        Fact::Renamed { member: MemberId(1), from: nick("a"), to: nick("b"), account: None };
    assert_eq!(line(&event(2, passing)), None);
}

#[test]
fn what_is_no_line_is_told_apart() {
    let good = line(&event(5, facts(&Text::new("oi").unwrap()).remove(2))).unwrap();
    assert!(parse(&good, ROOM, &name()).is_ok());
    for (from, to, why) in [
        ("{", "", "invalid type"),
        ("\"said\"", "\"sad\"", "unknown variant"),
        ("\"seq\":5", "\"seq\":0", "the field `seq`"),
        ("\"seq\":5", "\"seq\":9007199254740992", "the field `seq`"),
        ("\"seq\":5", "\"seq\":5,\"seq\":5", "duplicate field"),
        ("\"at\":", "\"when\":", "unknown field"),
        ("\"oi\"", "\"  \"", "the field `text`"),
        ("\"oi\"", "\"o\\u001bi\"", "not in the form"),
        ("\"oi\"", "null", "the field `text`"),
        ("\"text\"", "\"emoji\":\"❤️\",\"text\"", "not in the form"),
        ("\"to\":1", "\"to\":5", "the field `reply`"),
        ("\"José\"", "\"\"", "the field `by`"),
        ("\"session\":\"", "\"session\":\"x", "the field `session`"),
        ("\"session\":\"", "\"session\":\"0", "not in the form"),
        ("\"ev\":\"said\"", "\"ev\":\"edited\"", "the field `target`"),
        ("\"ev\":\"said\"", "\"ev\":\"topic\"", "the field `topic`"),
        ("\"ev\":\"said\"", "\"ev\":\"deleted\"", "the field `target`"),
        ("\"ev\":\"said\"", "\"ev\":\"moderated\"", "the field `measure`"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let error = parse(&bad, ROOM, &name()).unwrap_err().to_string();
        assert!(error.contains(why), "{bad}: {error}");
    }
    assert_eq!(parse_head(r#"{"papo-export":2,"room":"a","seq":1}"#), Err(LineError::Version(2)));
    assert_eq!(
        parse_head(r#"{"papo-export":1,"room":"a b","seq":1}"#),
        Err(LineError::Field("room"))
    );
    assert!(matches!(parse_head(r#"{"papo-export":1}"#), Err(LineError::Json(_))));
}

/// The page shows every event and every measure, as it is written.
#[test]
fn the_page_shows_lines_that_are_read() {
    const PAGE: &str = include_str!("../../../../../docs/export.md");
    let mut lines = PAGE.lines().filter(|line| line.starts_with('{'));
    let (room, last) = parse_head(lines.next().unwrap()).unwrap();
    let mut shown = Vec::new();
    for (seq, text) in (1..).zip(lines) {
        let event = parse(text, ROOM, &room).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(event.seq, Seq(seq));
        assert!(event.seq < last);
        assert_eq!(line(&event).unwrap(), text);
        let read: serde_json::Value = serde_json::from_str(text).unwrap();
        shown.push(format!("{} {}{}", read["ev"], read["measure"], read["purge"]));
    }
    for fact in facts(&Text::new("oi").unwrap()) {
        let written = line(&event(2, fact)).unwrap();
        let written: serde_json::Value = serde_json::from_str(&written).unwrap();
        let kind = format!("{} {}{}", written["ev"], written["measure"], written["purge"]);
        assert!(shown.contains(&kind), "{kind}");
    }
}
