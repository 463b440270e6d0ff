//! The rules of messages, each both ways.

use super::*;
use crate::limits::{EDITS_MAX, PINS_MAX};
use crate::{AccountId, Emoji, Visibility};

const ANA: MemberId = MemberId(1);
const BIA: MemberId = MemberId(2);
const NOON: UnixMs = UnixMs(1_800_000_000_000);
const ROOM: RoomId = RoomId(1);

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

fn decide(directory: &Directory, member: MemberId, act: Act) -> Result<Decision, Refusal> {
    directory.decide(&Command { member, at: NOON, act })
}

/// A room with ana, who made it, and bia; caio is in none.
fn directory() -> Directory {
    let mut directory = Directory::new(9, []);
    let name = RoomName::parse("sala").unwrap();
    let (visibility, capacity) = (Visibility::Public, 9);
    let made =
        Act::Create { name: name.clone(), capacity, visibility, nick: nick("ana"), from: None };
    let entering = Act::Enter { name, nick: nick("bia"), from: None };
    for (member, act) in [(ANA, made), (BIA, entering)] {
        let decision = decide(&directory, member, act).unwrap();
        directory.apply(&decision);
    }
    directory
}

/// Ana's message 2, as the log has it for who asks.
fn held() -> Held {
    Held {
        author: Author { member: ANA, account: None },
        nick: nick("ana"),
        text: Some(text("bom dia")),
        edits: 0,
        has_reacted: false,
        is_pinned: false,
        pins: 0,
    }
}

fn target(held: Held) -> Target {
    Target { seq: Seq(2), held: Some(held) }
}

fn thumb() -> Emoji {
    Emoji::parse("👍").unwrap()
}

/// One act of each kind about `target`; the first two are for its author alone.
fn acts(target: &Target) -> [Act; 5] {
    let (room, target) = (ROOM, target.clone());
    [
        Act::Edit { room, target: target.clone(), text: text("boa tarde") },
        Act::Delete { room, target: target.clone() },
        Act::React { room, target: target.clone(), emoji: thumb(), on: true },
        Act::Pin { room, target: target.clone(), on: true },
        Act::Say { room, text: text("oi"), reply: Some(Box::new(target)), key: None },
    ]
}

#[test]
fn each_says_who_what_and_about_which_message() {
    let directory = directory();
    let quote = Quote { nick: nick("ana"), start: text("bom dia") };
    let (member, account, seq) = (ANA, None, Seq(2));
    let quote = Some(Box::new(quote));
    let reply = Some(Box::new(crate::Reply { to: seq, quote: quote.clone() }));
    let facts = [
        Fact::Edited {
            member,
            account,
            nick: nick("ana"),
            target: seq,
            quote: quote.clone(),
            text: text("boa tarde"),
        },
        Fact::Deleted { member, account, nick: nick("ana"), target: seq, is_purge: false },
        Fact::Reacted {
            member,
            account,
            nick: nick("ana"),
            target: seq,
            quote: quote.clone(),
            emoji: thumb(),
            on: true,
        },
        Fact::Pinned { member, account, nick: nick("ana"), target: seq, quote, on: true },
        Fact::Said { member, account, nick: nick("ana"), text: text("oi"), reply, key: None },
    ];
    let head = directory.room(ROOM).unwrap().kept().head;
    for (act, fact) in acts(&target(held())).into_iter().zip(facts) {
        let event = Event { room: ROOM, seq: head.next(), at: NOON, fact };
        let decided = decide(&directory, ANA, act).unwrap();
        assert_eq!(decided, Decision { events: vec![event], ..Decision::default() });
    }
}

#[test]
fn nothing_is_done_from_outside_or_about_no_message() {
    let directory = directory();
    for act in acts(&target(held())) {
        assert_eq!(decide(&directory, MemberId(3), act), Err(Refusal::NotInRoom));
    }
    for act in acts(&Target { seq: Seq(7), held: None }) {
        assert_eq!(decide(&directory, ANA, act.clone()), Err(Refusal::NoSuchMessage(Seq(7))));
        assert_eq!(decide(&directory, MemberId(3), act), Err(Refusal::NotInRoom));
    }
}

#[test]
fn only_its_author_changes_a_message() {
    let directory = directory();
    let [edit, delete, others @ ..] = acts(&target(held()));
    for act in [edit, delete] {
        assert_eq!(decide(&directory, BIA, act), Err(Refusal::NotYours(Seq(2))));
    }
    for act in others {
        assert_eq!(decide(&directory, BIA, act).unwrap().events.len(), 1);
    }
}

#[test]
fn an_account_owns_what_its_sessions_said() {
    let account = Some(AccountId(5));
    let mut directory = directory();
    let log_in = Act::LogIn { account: AccountId(5), nick: nick("bia"), is_admin: false };
    let decision = decide(&directory, BIA, log_in).unwrap();
    directory.apply(&decision);
    let author = Author { member: MemberId(77), account };
    for act in acts(&target(Held { author, ..held() })) {
        let decided = decide(&directory, BIA, act.clone()).unwrap();
        assert_eq!(decided.events.len(), 1, "{act:?}");
        let (Fact::Said { account: found, .. }
        | Fact::Edited { account: found, .. }
        | Fact::Deleted { account: found, .. }
        | Fact::Reacted { account: found, .. }
        | Fact::Pinned { account: found, .. }) = &decided.events[0].fact
        else {
            panic!("{decided:?}")
        };
        assert_eq!(*found, account);
    }
    let [edit, ..] = acts(&target(Held { author, ..held() }));
    assert_eq!(decide(&directory, ANA, edit), Err(Refusal::NotYours(Seq(2))));
}

#[test]
fn a_deleted_message_is_left_alone() {
    let directory = directory();
    for act in acts(&target(Held { text: None, ..held() })) {
        assert_eq!(decide(&directory, ANA, act), Err(Refusal::AlreadyDeleted(Seq(2))));
    }
}

#[test]
fn what_is_so_already_does_nothing() {
    let directory = directory();
    let nothing = Ok(Decision::default());
    let decide = |act| decide(&directory, ANA, act);
    let same = Act::Edit { room: ROOM, target: target(held()), text: text("bom dia") };
    assert_eq!(decide(same), nothing);
    for (is_so, on) in [(false, false), (true, true), (false, true), (true, false)] {
        let target = target(Held { has_reacted: is_so, is_pinned: is_so, pins: 1, ..held() });
        let react = Act::React { room: ROOM, target: target.clone(), emoji: thumb(), on };
        let pin = Act::Pin { room: ROOM, target, on };
        for act in [react, pin] {
            assert_eq!(decide(act.clone()) == nothing, is_so == on, "{act:?}");
        }
    }
}

#[test]
fn a_message_is_edited_a_bounded_number_of_times() {
    let directory = directory();
    let edit = |edits| {
        let target = target(Held { edits, ..held() });
        decide(&directory, ANA, Act::Edit { room: ROOM, target, text: text("outro") })
    };
    assert_eq!(edit(EDITS_MAX - 1).unwrap().events.len(), 1);
    assert_eq!(edit(EDITS_MAX), Err(Refusal::TooManyEdits(EDITS_MAX)));
}

#[test]
fn pins_are_bounded_and_can_be_taken_away_at_the_bound() {
    let directory = directory();
    let pin = |is_pinned, pins| {
        let target = target(Held { is_pinned, pins, ..held() });
        decide(&directory, BIA, Act::Pin { room: ROOM, target, on: !is_pinned })
    };
    assert_eq!(pin(false, PINS_MAX - 1).unwrap().events.len(), 1);
    assert_eq!(pin(false, PINS_MAX), Err(Refusal::TooManyPins(PINS_MAX)));
    assert_eq!(pin(true, PINS_MAX).unwrap().events.len(), 1);
}

#[test]
fn a_room_takes_what_is_kept_in_order_and_stays_as_it_is() {
    let mut directory = directory();
    for act in acts(&target(held())) {
        let decided = decide(&directory, ANA, act).unwrap();
        let before = directory.room(ROOM).unwrap().kept().clone();
        directory.apply(&decided);
        let after = directory.room(ROOM).unwrap().kept();
        assert_eq!(*after, crate::Snapshot { head: before.head.next(), ..before });
    }
}
