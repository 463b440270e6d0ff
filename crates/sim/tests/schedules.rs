//! Random schedules keep every promise; and the checks that say so notice when one is broken.

#![allow(clippy::unwrap_used, reason = "tests, their helpers included")]

use room::{
    Departure, Directory, Emoji, Event, Fact, Measure, MemberId, Nick, Quote, RoomId, RoomName,
    Seq, Snapshot, Text, UnixMs, Visibility, Who,
};
use sim::Broken;
use sim::check::Checks;
use store::{Log as _, Memory};

/// Schedules a run of the tests plays, unless `PAPO_SIM_SCHEDULES` says how many.
const SCHEDULES: u64 = 20_000;

/// A number from the environment; one that is none is a mistake, not a default.
fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value} is no number")))
}

#[test]
fn random_schedules_keep_every_promise() {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let first = number("PAPO_SEED").unwrap_or(u64::from(clock.subsec_nanos()) << 20);
    let schedules = number("PAPO_SIM_SCHEDULES").unwrap_or(SCHEDULES);
    println!("PAPO_SEED={first}, {schedules} schedules");
    for seed in (first..).take(usize::try_from(schedules).unwrap()) {
        match std::panic::catch_unwind(|| sim::run(seed)) {
            Ok(Ok(_)) => {}
            Ok(Err((step, broken))) => panic!("seed {seed}, step {step}: {broken}"),
            Err(panic) => panic!("seed {seed}: {panic:?}, printed above"),
        }
    }
}

#[test]
fn a_seed_plays_the_same_schedule_again() {
    for seed in 0..50 {
        assert_eq!(sim::run(seed), sim::run(seed));
    }
}

fn event(seq: u64, fact: Fact) -> Event {
    Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(1), fact }
}

fn created(capacity: u32) -> Event {
    let name = RoomName::parse("sala").unwrap();
    let by = Nick::parse("ana").unwrap();
    event(1, Fact::Created { name, capacity, visibility: Visibility::Public, by })
}

fn entered(member: u64, nick: &str) -> Event {
    let (member, nick) = (MemberId(member), Nick::parse(nick).unwrap());
    event(1, Fact::Entered { member, account: None, nick, again: false })
}

fn left(member: u64, nick: &str) -> Event {
    let nick = Nick::parse(nick).unwrap();
    event(
        1,
        Fact::Left {
            member: MemberId(member),
            account: None,
            nick,
            how: Departure::Left,
            again: false,
        },
    )
}

fn said(seq: u64) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let text = Text::new("oi").unwrap();
    event(
        seq,
        Fact::Said { member: MemberId(1), account: None, nick, text, reply: None, key: None },
    )
}

fn edited(seq: u64, member: u64, target: u64) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let quote = Some(Box::new(Quote::of(&nick, &Text::new("oi").unwrap())));
    let (member, account, target) = (MemberId(member), None, Seq(target));
    let text = Text::new("tchau").unwrap();
    event(seq, Fact::Edited { member, account, nick, target, quote, text })
}

fn deleted(seq: u64, member: u64, target: u64) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let (member, account, target) = (MemberId(member), None, Seq(target));
    event(seq, Fact::Deleted { member, account, nick, target, is_purge: false })
}

fn reacted(seq: u64, target: u64, on: bool) -> Event {
    let nick = Nick::parse("bia").unwrap();
    let quoted = Nick::parse("ana").unwrap();
    let quote = Some(Box::new(Quote::of(&quoted, &Text::new("oi").unwrap())));
    let (member, account, target) = (MemberId(2), None, Seq(target));
    let emoji = Emoji::parse("👍").unwrap();
    event(seq, Fact::Reacted { member, account, nick, target, quote, emoji, on })
}

fn after(events: &[Event]) -> Checks {
    let mut checks = Checks::default();
    for event in events {
        checks.hand_out(event).unwrap();
    }
    checks
}

#[test]
fn one_too_many_in_a_room_is_noticed() {
    let mut checks = after(&[created(1), entered(1, "ana"), left(1, "ana"), entered(2, "bia")]);
    let broken = checks.hand_out(&entered(1, "ana"));
    assert_eq!(broken, Err(Broken::OverCapacity { room: RoomId(1), present: 2, capacity: 1 }));
}

#[test]
fn a_nick_held_twice_is_noticed() {
    let checks = after(&[created(3), entered(1, "ana"), entered(2, "bia")]);
    assert_eq!(checks.nicks(), Ok(()));
    let checks = after(&[created(3), entered(1, "ana"), entered(2, "ANA")]);
    assert_eq!(checks.nicks(), Err(Broken::NickTwice("ana".to_owned())));
}

#[test]
fn a_gap_a_swap_and_a_number_given_twice_are_noticed() {
    let mut checks = after(&[created(3), entered(1, "ana"), said(2)]);
    for out_of_place in [said(2), said(4), entered(2, "bia")] {
        assert!(matches!(checks.hand_out(&out_of_place), Err(Broken::Order { .. })));
    }
    assert_eq!(checks.hand_out(&created(3)), Err(Broken::RoomTwice(RoomId(1))));
}

#[test]
fn what_may_not_be_done_with_a_message_is_noticed() {
    let begin = [created(3), entered(1, "ana"), said(2)];
    for undue in [
        edited(3, 2, 2),
        deleted(3, 2, 2),
        edited(3, 1, 1),
        deleted(3, 1, 9),
        reacted(3, 2, false),
        reacted(3, 1, true),
    ] {
        let broken = after(&begin).hand_out(&undue);
        assert!(matches!(broken, Err(Broken::Undue { .. })), "{undue:?}: {broken:?}");
    }
    let mut checks = after(&begin);
    checks.hand_out(&reacted(3, 2, true)).unwrap();
    assert!(matches!(checks.hand_out(&reacted(4, 2, true)), Err(Broken::Undue { .. })));
    for undue in [edited(4, 1, 2), deleted(4, 1, 2), reacted(4, 2, true)] {
        let mut checks = after(&begin);
        checks.hand_out(&deleted(3, 1, 2)).unwrap();
        assert!(matches!(checks.hand_out(&undue), Err(Broken::Undue { .. })), "{undue:?}");
    }
}

fn moderated(seq: u64, member: u64, measure: Measure) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let (member, measure) = (MemberId(member), Box::new(measure));
    event(seq, Fact::Moderated { member, account: None, nick, measure })
}

#[test]
fn what_the_table_does_not_give_is_noticed() {
    let who = || Who::Guest { nick: Nick::parse("bia").unwrap(), member: Some(MemberId(2)) };
    let (until, reason) = (None, None);
    let banned = || Measure::Banned { who: who(), until, reason: reason.clone() };
    let muted = || Measure::Muted { who: who(), until, reason: reason.clone() };
    let own = || Who::Guest { nick: Nick::parse("ana").unwrap(), member: Some(MemberId(1)) };
    let begin = || after(&[created(3), entered(1, "ana"), entered(2, "bia")]);
    for measure in [banned(), muted(), Measure::Raid { on: true }, Measure::Capacity(9)] {
        begin().hand_out(&moderated(2, 1, measure.clone())).unwrap();
        let by_guest = begin().hand_out(&moderated(2, 2, measure));
        assert!(matches!(by_guest, Err(Broken::Undue { .. })), "{by_guest:?}");
    }
    let on_equal = begin().hand_out(&moderated(2, 1, Measure::Kicked { who: own(), reason: None }));
    assert!(matches!(on_equal, Err(Broken::Undue { .. })));
    for measure in [muted(), Measure::Raid { on: true }] {
        let mut checks = begin();
        checks.hand_out(&moderated(2, 1, measure)).unwrap();
        let mut said = said(3);
        let Fact::Said { member, nick, .. } = &mut said.fact else { unreachable!() };
        (*member, *nick) = (MemberId(2), Nick::parse("bia").unwrap());
        assert!(matches!(checks.hand_out(&said), Err(Broken::Undue { .. })));
    }
    for measure in [banned(), Measure::Raid { on: true }] {
        let mut checks = begin();
        checks.hand_out(&left(2, "bia")).unwrap();
        checks.hand_out(&moderated(2, 1, measure)).unwrap();
        let mut back = entered(2, "bia");
        back.seq = Seq(2);
        assert!(matches!(checks.hand_out(&back), Err(Broken::Undue { .. })));
    }
}

#[test]
fn a_deleted_text_in_the_log_is_noticed() {
    let mut log = Memory::new();
    log.append(&[created(3), said(2), edited(3, 1, 2), deleted(4, 1, 2)]).unwrap();
    let mut reader = log.reader().unwrap();
    let told = [created(3), said(2), edited(3, 1, 2), deleted(4, 1, 2)];
    assert_eq!(after(&told).log(&directory(4), &mut *reader), Ok(()));
    // The books say that it is deleted, the log has it still.
    let mut log = Memory::new();
    log.append(&[created(3), said(2)]).unwrap();
    let mut reader = log.reader().unwrap();
    assert!(
        after(&[created(3), said(2), deleted(3, 1, 2)]).log(&directory(3), &mut *reader).is_err()
    );
}

fn directory(head: u64) -> Directory {
    let kept = Snapshot {
        id: RoomId(1),
        name: RoomName::parse("sala").unwrap(),
        capacity: 3,
        visibility: Visibility::Public,
        topic: None,
        moderation: std::sync::Arc::default(),
        head: Seq(head),
        active_at: UnixMs(1),
    };
    Directory::new(9, [kept])
}

#[test]
fn a_directory_that_is_not_what_the_events_say_is_noticed() {
    let differs = |checks: &Checks, directory| {
        matches!(checks.directory(&directory), Err(Broken::Differs { .. }))
    };
    let checks = after(&[created(3), said(2)]);
    assert_eq!(checks.directory(&directory(2)), Ok(()));
    assert!(differs(&checks, directory(1)), "a message is missing");
    assert!(differs(&checks, Directory::new(9, [])), "the room is missing");
    let mut checks = after(&[created(3)]);
    checks.hand_out(&entered(1, "ana")).unwrap();
    assert!(differs(&checks, directory(1)), "a member is missing");
}

#[test]
fn a_log_that_is_not_what_was_handed_out_is_noticed() {
    let mut log = Memory::new();
    log.append(&[created(3), said(2)]).unwrap();
    let mut reader = log.reader().unwrap();
    let mut check = |events: &[Event], head| after(events).log(&directory(head), &mut *reader);
    assert_eq!(check(&[created(3), said(2)], 2), Ok(()));
    assert!(check(&[created(3)], 1).is_err(), "kept, not handed out");
    assert!(check(&[created(3), said(2), said(3)], 3).is_err(), "handed out, not kept");
    assert!(check(&[created(3), said(2)], 1).is_err(), "the room is behind its log");
}
