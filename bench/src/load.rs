//! A run: everyone goes in, the threads push and read, and what they saw is put together.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::args::Load;
use crate::connection::Connection;
use crate::driver::{Driver, Outcome};
use crate::enter::{Door, Names};
use crate::process::Sample;
use crate::report::Report;

/// Runs a load and prints what came of it.
///
/// # Errors
///
/// The server does not let everyone in, or a thread fails.
pub(crate) fn run(load: &Load) -> Result<()> {
    let report = measure(load)?;
    if load.target.json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
    Ok(())
}

/// Runs a load.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn measure(load: &Load) -> Result<Report> {
    let sample = || load.target.pid.map(Sample::of).transpose();
    let server_before = sample()?;
    let people = u64::from(load.rooms) * u64::from(load.people_a_room());
    let mut door = Door::new(&load.target, people + u64::from(load.idle))?;
    let idlers = door.idlers(load.idle)?;
    let mut people = door.members(load.rooms, load.people_a_room(), load.stuck)?;
    let (mut members, stuck) = part(people.drain(..), load);
    door.settle(&mut members)?;
    let plan = Plan::new(load, door.names().clone());
    let mut drivers = drivers(&plan, members, idlers)?;

    std::thread::scope(|scope| {
        let threads: Vec<_> = drivers
            .drain(..)
            .map(|mut driver| scope.spawn(move || driver.run().map(|()| driver.outcome())))
            .collect();
        sleep_until(plan.epoch + plan.measure_from);
        let (server_from, own_from) = (sample()?, Sample::of(std::process::id())?);
        sleep_until(plan.epoch + plan.measure_to);
        let (server_to, own_to) = (sample()?, Sample::of(std::process::id())?);
        let mut outcome = Outcome::default();
        for thread in threads {
            outcome += thread.join().expect("a driver does not panic")?;
        }
        let server = match (server_before, server_from, server_to) {
            (Some(before), Some(from), Some(to)) => Some([before, from, to]),
            _ => None,
        };
        // They have to be open until here.
        drop(stuck);
        let own_cpu = own_to.cpu().saturating_sub(own_from.cpu());
        Ok(Report { load: load.clone(), outcome, server, own_cpu })
    })
}

fn sleep_until(moment: Instant) {
    std::thread::sleep(moment.saturating_duration_since(Instant::now()));
}

/// The members, room after room, and those who do not read.
fn part(
    people: impl Iterator<Item = Connection>,
    load: &Load,
) -> (Vec<Connection>, Vec<Connection>) {
    let (mut members, mut stuck) = (Vec::new(), Vec::new());
    for (index, connection) in people.enumerate() {
        let number = index % load.people_a_room() as usize;
        let side = if number < load.members as usize { &mut members } else { &mut stuck };
        side.push(connection);
    }
    (members, stuck)
}

/// Deals the connections out to the threads.
fn drivers(
    plan: &Plan,
    members: Vec<Connection>,
    idlers: Vec<Connection>,
) -> Result<Vec<Driver<'_>>> {
    let threads = plan.load.threads as usize;
    let mut drivers = (0..threads).map(|_| Driver::new(plan)).collect::<Result<Vec<_>>>()?;
    let members_a_room = plan.load.members as usize;
    for (index, connection) in members.into_iter().enumerate() {
        let (room, member) = (index / members_a_room, index % members_a_room);
        // Whole rooms, so that a publisher and its receivers share a thread, if there are enough.
        let by = if plan.load.rooms as usize >= threads { room } else { member };
        drivers[by % threads].add_member(connection, room, member)?;
    }
    for (index, connection) in idlers.into_iter().enumerate() {
        drivers[index % threads].add_idler(connection)?;
    }
    Ok(drivers)
}

/// What all threads go by.
pub(crate) struct Plan {
    pub(crate) load: Load,
    pub(crate) names: Names,
    /// When the run began; stamps count from here.
    pub(crate) epoch: Instant,
    /// From here on, counted from the epoch, it is measured.
    pub(crate) measure_from: Duration,
    /// Until here it is measured and published.
    pub(crate) measure_to: Duration,
    /// Until here late deliveries are waited for.
    pub(crate) drain_to: Duration,
    /// One a publisher, room after room.
    pub(crate) windows: Vec<Window>,
}

impl Plan {
    fn new(load: &Load, names: Names) -> Self {
        let publishers = load.rooms as usize * load.publishers_a_room();
        let measure_from = Duration::from_secs(load.warmup);
        let measure_to = measure_from + Duration::from_secs(load.seconds);
        Self {
            load: load.clone(),
            names,
            epoch: Instant::now(),
            measure_from,
            measure_to,
            drain_to: measure_to + Duration::from_secs(load.drain),
            windows: (0..publishers).map(|_| Window::new(load.members - 1)).collect(),
        }
    }

    /// Whether everything that was said has come to everyone.
    pub(crate) fn all_delivered(&self) -> bool {
        self.windows.iter().all(|window| window.on_the_way() <= 0)
    }
}

/// A publisher's messages that are on their way, counted by deliveries; shared by the threads
/// that hold its receivers.
pub(crate) struct Window {
    sent: AtomicU64,
    receivers: AtomicU64,
    on_the_way: AtomicI64,
}

impl Window {
    fn new(receivers: u32) -> Self {
        Self {
            sent: AtomicU64::new(0),
            receivers: AtomicU64::new(u64::from(receivers)),
            on_the_way: AtomicI64::new(0),
        }
    }

    /// One more message was sent.
    pub(crate) fn send(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.on_the_way
            .fetch_add(signed(self.receivers.load(Ordering::Relaxed)), Ordering::Relaxed);
    }

    /// A receiver has come on by so many.
    pub(crate) fn receive(&self, messages: u64) {
        self.on_the_way.fetch_sub(signed(messages), Ordering::Relaxed);
    }

    /// A receiver that had so many of the messages is gone.
    pub(crate) fn lose_receiver(&self, had: u64) {
        self.receivers.fetch_sub(1, Ordering::Relaxed);
        self.receive(self.sent().saturating_sub(had));
    }

    /// How many messages fit into a window of so many.
    pub(crate) fn space(&self, window: u32) -> u64 {
        let receivers = self.receivers.load(Ordering::Relaxed).max(1);
        let taken = u64::try_from(self.on_the_way()).unwrap_or(0).div_ceil(receivers);
        u64::from(window).saturating_sub(taken)
    }

    /// How many messages were sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// How many deliveries are outstanding. Below 0 for a moment where a receiver is faster than
    /// the publisher's thread.
    pub(crate) fn on_the_way(&self) -> i64 {
        self.on_the_way.load(Ordering::Relaxed)
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).expect("a run is too short for so many")
}

#[cfg(test)]
mod tests;
