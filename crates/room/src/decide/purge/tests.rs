//! Whose messages go, and whose stay.

use super::*;
use crate::{AccountId, Act, Command, Order, RoomName, Text, Visibility};

const NOON: UnixMs = UnixMs(1_800_000_000_000);
const ROOM: RoomId = RoomId(1);

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

/// A room that dona owns; mara moderates it, bia and caio are guests.
fn world() -> Directory {
    let mut directory = Directory::new(9, []);
    let mut act = |member, act| {
        let command = Command { member: MemberId(member), at: NOON, act };
        let decision = directory.decide(&command).unwrap();
        directory.apply(&decision);
    };
    let name = || RoomName::parse("sala").unwrap();
    for (member, called) in [(1, "dona"), (2, "mara")] {
        let account = AccountId(100 + member);
        act(member, Act::LogIn { account, nick: nick(called), is_admin: false });
    }
    let visibility = Visibility::Public;
    let create =
        Act::Create { name: name(), capacity: 9, visibility, nick: nick("dona"), from: None };
    act(1, create);
    for (member, called) in [(2, "mara"), (3, "bia"), (4, "caio")] {
        let nick = nick(called);
        act(member, Act::Enter { name: name(), nick, from: None });
    }
    let order = Order::SetRole { nick: nick("mara"), role: Role::Moderator };
    act(1, Act::Moderate { room: ROOM, order });
    directory
}

fn said(member: u64, account: Option<u64>, called: &str, at: u64) -> Message {
    Message {
        room: ROOM,
        seq: Seq(2),
        at: UnixMs(at),
        author: Author { member: MemberId(member), account: account.map(AccountId) },
        nick: nick(called),
        text: Text::new("oi"),
        is_edited: false,
        reply: None,
        reactions: Vec::new(),
        is_pinned: false,
    }
}

fn decided(world: &Directory, member: u64, called: &str) -> Result<Purge, Refusal> {
    world.decide_purge(MemberId(member), ROOM, (&nick(called), None), NOON)
}

#[test]
fn it_takes_the_right_and_someone_below() {
    let world = world();
    for (member, called) in [(1, "mara"), (1, "bia"), (2, "bia"), (2, "nobody-yet")] {
        assert!(decided(&world, member, called).is_ok(), "{member} {called}");
    }
    for (member, called, refusal) in [
        (3, "caio", Refusal::NotAllowed(Right::Purge)),
        (3, "bia", Refusal::NotAllowed(Right::Purge)),
        (2, "dona", Refusal::NotBelow(nick("dona"))),
        (2, "mara", Refusal::NotBelow(nick("mara"))),
        (9, "bia", Refusal::NotInRoom),
    ] {
        assert_eq!(decided(&world, member, called), Err(refusal), "{member} {called}");
    }
}

#[test]
fn what_one_person_said_goes_and_nothing_else() {
    let world = world();
    let at = NOON.0;
    let guest = decided(&world, 2, "bia").unwrap();
    let account = decided(&world, 1, "mara").unwrap();
    for (message, of_guest, of_account) in [
        (said(3, None, "bia", at), true, false),
        (said(3, None, "beatriz", at), true, false),
        (said(8, None, "BIA", at), true, false),
        (said(8, Some(7), "bia", at), false, false),
        (said(4, None, "caio", at), false, false),
        (said(2, Some(102), "mara", at), false, true),
        (said(7, Some(102), "mara", at), false, true),
        (said(7, None, "mara", at), false, false),
        (Message { text: None, ..said(3, None, "bia", at) }, false, false),
        (Message { seq: Seq(99), ..said(3, None, "bia", at) }, false, false),
    ] {
        assert_eq!(world.purges(&guest, &message), of_guest, "{message:?}");
        assert_eq!(world.purges(&account, &message), of_account, "{message:?}");
    }
    let last = world.decide_purge(MemberId(2), ROOM, (&nick("bia"), Some(1000)), NOON).unwrap();
    assert!(world.purges(&last, &said(3, None, "bia", at - 1000)));
    assert!(!world.purges(&last, &said(3, None, "bia", at - 1001)));
}

#[test]
fn deletions_come_one_by_one_and_one_word_at_the_end() {
    let mut world = world();
    let purge = decided(&world, 1, "bia").unwrap();
    let head = world.room(ROOM).unwrap().kept().head.0;
    let all = [Seq(2), Seq(5)];
    let whole = world.purge(&purge, &all, PurgeStep::Last(2), NOON).unwrap();
    let decision = world.purge(&purge, &all, PurgeStep::Next, NOON).unwrap();
    assert_eq!(whole.events[..2], decision.events);
    let seqs: Vec<_> = decision.events.iter().map(|event| event.seq.0).collect();
    assert_eq!(seqs, [head + 1, head + 2]);
    assert!(decision.events.iter().all(|event| matches!(
        event.fact,
        Fact::Deleted { is_purge: true, member: MemberId(1), .. }
    )));
    world.apply(&decision);
    let end = world.purge(&purge, &[], PurgeStep::Last(2), NOON).unwrap();
    let Fact::Moderated { measure, .. } = &end.events[0].fact else { panic!("{end:?}") };
    assert!(matches!(**measure, Measure::Purged { messages: 2, since: None, .. }));
    world.apply(&end);
}

#[test]
fn one_that_has_begun_is_found_in_the_log_until_it_ends() {
    let mut world = world();
    let purge = decided(&world, 2, "bia").unwrap();
    let begun = world.purge(&purge, &[Seq(2)], PurgeStep::First, NOON).unwrap();
    world.apply(&begun);
    // A start: nobody is there, and the log is all that is left.
    let kept = world.room(ROOM).unwrap().kept().clone();
    let mut started = Directory::new(9, [kept]);
    assert!(started.room(ROOM).unwrap().kept().moderation.is_purging());
    let again = started.purge_begun(&begun.events[0]).unwrap();
    assert_eq!(started.purge_begun(&begun.events[1]), None);
    assert_eq!(again.upto, begun.events[0].seq);
    assert!(started.purges(&again, &said(3, None, "bia", NOON.0)));
    assert!(!started.purges(&again, &said(4, None, "caio", NOON.0)));
    let end = started.purge(&again, &[Seq(5)], PurgeStep::Last(1), NOON).unwrap();
    let by = |event: &Event| match &event.fact {
        Fact::Moderated { nick, .. } | Fact::Deleted { nick, .. } => nick.clone(),
        other => panic!("{other:?}"),
    };
    assert!(end.events.iter().all(|event| by(event) == nick("mara")));
    started.apply(&end);
    assert_eq!(started.purge_begun(&begun.events[0]), None);
    assert!(!started.room(ROOM).unwrap().kept().moderation.is_purging());
}
