//! What the hub does when a rule breaks: whoever asked is answered, and the rooms go on.

use room::{MemberId, Nick, RoomName, Seq, Visibility};
use store::Memory;

use super::*;
use crate::metrics::FlushMetrics;

/// Batches that nobody takes before the hub has ended.
const ANSWERS_MAX: usize = 256;

/// Runs a hub over `messages` to its end; what it told its only shard, and what it counted.
fn run(log: Memory, directory: Directory, messages: Vec<ToHub>) -> (Vec<ToShard>, Arc<HubMetrics>) {
    let (rounds, metrics) = run_rounds(log, directory, messages);
    (rounds.into_iter().flatten().collect(), metrics)
}

/// The same, with what it told in each of its rounds.
fn run_rounds(
    mut log: Memory,
    directory: Directory,
    messages: Vec<ToHub>,
) -> (Vec<Vec<ToShard>>, Arc<HubMetrics>) {
    let (sender, inbox) = mpsc::channel(messages.len());
    for message in messages {
        sender.try_send(message).unwrap();
    }
    drop(sender);
    let (shard, mut told) = mpsc::channel(ANSWERS_MAX);
    let unflushed = Arc::new(AtomicBool::new(false));
    let metrics = Arc::new(HubMetrics::default());
    let (flusher, thread) = spawn_flusher(
        log.flusher().unwrap(),
        vec![shard.clone()],
        Arc::clone(&unflushed),
        Arc::new(FlushMetrics::default()),
    )
    .unwrap();
    let keep = Keep { room_idle: Some(Duration::ZERO), messages: Retention::default() };
    let hub = Hub {
        inbox,
        log: Box::new(log),
        directory,
        shards: vec![shard],
        flusher,
        unflushed,
        keep,
        metrics: Arc::clone(&metrics),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(hub.run());
    thread.join().unwrap();
    (std::iter::from_fn(|| told.blocking_recv()).collect(), metrics)
}

fn newcomer() -> Newcomer {
    let address = std::net::IpAddr::from([192, 0, 2, 7]).into();
    Newcomer { credit: Credit::default(), address }
}

fn empty_room(id: usize) -> Event {
    let fact = Fact::Created {
        name: RoomName::parse(&format!("sala{id}")).unwrap(),
        capacity: 5,
        visibility: Visibility::Public,
        by: Nick::parse("ana").unwrap(),
    };
    Event { room: RoomId(id as u64), seq: Seq(1), at: UnixMs(0), fact }
}

#[test]
fn forgotten_rooms_go_a_bounded_number_at_a_time() {
    for (ticks, expired) in [(1, 1), (2, 2), (3, 2)] {
        let mut log = Memory::new();
        for id in 1..=2 * EXPIRED_ROOMS_MAX {
            log.append(&[empty_room(id)]).unwrap();
        }
        let directory = Directory::new(100, log.rooms().unwrap());
        let messages = (0..ticks).map(|_| ToHub::Tick).collect();
        let (_, metrics) = run(log, directory, messages);
        assert_eq!(metrics.rooms_expired.get(), (expired * EXPIRED_ROOMS_MAX) as u64);
    }
}

/// No answer waits for the disk, or for a later round: so the time tells nothing either.
#[test]
fn a_private_room_and_one_that_there_is_not_are_refused_in_one_round() {
    let mut log = Memory::new();
    let Event { room, seq, at, fact: Fact::Created { name, capacity, by, .. } } = empty_room(1)
    else {
        unreachable!("it makes a room")
    };
    let made = Fact::Created { name, capacity, visibility: Visibility::Private, by };
    log.append(&[Event { room, seq, at, fact: made }]).unwrap();
    let directory = Directory::new(100, log.rooms().unwrap());
    let asks = ["sala1", "sala2", "sala1"].into_iter().zip(1..).map(|(name, number)| {
        let (name, nick) = (RoomName::parse(name).unwrap(), Nick::parse("eva").unwrap());
        let ask = Ask::Act(Act::Enter { name, nick, from: None }, Some(newcomer()));
        let slot = u32::try_from(number).unwrap();
        ToHub::Ask { member: MemberId(number), seat: Seat { shard: 0, slot }, ask }
    });
    let (rounds, metrics) = run_rounds(log, directory, asks.collect());
    let [round] = &rounds[..] else { panic!("{rounds:?}") };
    let refused = round.iter().filter(|told| {
        let refusal = room::Refusal::NoSuchRoom;
        let (one, other) = (RoomName::parse("sala1").unwrap(), RoomName::parse("sala2").unwrap());
        matches!(told, ToShard::Reply { reply: Reply::Refused(Refused::Rule(rule)), .. }
            if *rule == refusal(one) || *rule == refusal(other))
    });
    assert_eq!((refused.count(), round.len()), (3, 3));
    assert_eq!(metrics.appends.get(), 0);
}

/// The panic is that of counting past the last number, which only such builds check.
#[cfg(debug_assertions)]
#[test]
fn who_asked_what_broke_a_room_is_answered() {
    let log = Memory::new();
    let mut directory = Directory::new(100, []);
    directory.never_again(RoomId(u64::MAX - 1));
    let (member, seat) = (MemberId(1), Seat { shard: 0, slot: 0 });
    let act = Act::Create {
        name: RoomName::parse("sala").unwrap(),
        capacity: 5,
        visibility: Visibility::Public,
        nick: Nick::parse("ana").unwrap(),
        from: None,
    };
    let asks = [Ask::Act(act, Some(newcomer())), Ask::Channels(None)];
    let messages = asks.map(|ask| ToHub::Ask { member, seat, ask }).into();
    let (told, metrics) = run(log, directory, messages);
    assert_eq!(metrics.rebuilds.get(), 1);
    let [first, second] = &told[..] else { panic!("{told:?}") };
    let ToShard::Reply { reply: Reply::Refused(Refused::LogAway), .. } = first else {
        panic!("{first:?}")
    };
    assert!(matches!(second, ToShard::Reply { reply: Reply::Channels(..), .. }), "{second:?}");
}

#[test]
fn a_purge_that_broke_off_is_gone_on_with() {
    let (ana, bia) = (Nick::parse("ana").unwrap(), Nick::parse("bia").unwrap());
    let event = |seq, fact| Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(seq), fact };
    let said = |seq, nick: &Nick| {
        let (text, nick) = (room::Text::new("oi").unwrap(), nick.clone());
        let (member, account) = (MemberId(if nick == ana { 1 } else { 2 }), None);
        event(seq, Fact::Said { member, account, nick, text, reply: None, key: None })
    };
    let (member, account, nick) = (MemberId(1), None, ana.clone());
    let who = room::Who::Guest { nick: bia.clone(), member: Some(MemberId(2)) };
    let measure = Box::new(Measure::Purged { who: who.clone(), since: None, messages: 0 });
    let begun = event(6, Fact::Moderated { member, account, nick: nick.clone(), measure });
    let (target, is_purge) = (Seq(2), true);
    let deleted = event(7, Fact::Deleted { member, account, nick, target, is_purge });
    let mut log = Memory::new();
    log.append(&[empty_room(1)]).unwrap();
    log.append(&[said(2, &bia), said(3, &ana), said(4, &bia), said(5, &bia)]).unwrap();
    log.append(&[begun, deleted]).unwrap();
    // What she says later stays.
    log.append(&[said(8, &bia)]).unwrap();
    for _ in 0..2 {
        let directory = Directory::new(100, log.rooms().unwrap());
        let (member, seat, ask) = (NOBODY, Seat { shard: 0, slot: 0 }, Ask::Written);
        run(log.clone(), directory, vec![ToHub::Ask { member, seat, ask }]);
        let mut reader = log.reader().unwrap();
        let left = reader.last(RoomId(1), 9).unwrap();
        let left = left.iter().filter(|message| message.text.is_some());
        assert!(left.map(|message| message.seq.0).eq([3, 8]));
        // The second start finds nothing to do.
        let measures = reader.measures(RoomId(1), Seq(u64::MAX), 9).unwrap();
        let [_, Event { fact: Fact::Moderated { measure, .. }, .. }] = &measures[..] else {
            panic!("{measures:?}")
        };
        assert_eq!(**measure, Measure::Purged { who: who.clone(), since: None, messages: 3 });
    }
}
