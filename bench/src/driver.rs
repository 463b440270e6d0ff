//! One thread of the generator: a loop over its sockets that publishes and reads.

use std::os::fd::OwnedFd;
use std::time::Duration;

use anyhow::Result;
use rustix::event::epoll::{self, EventData, EventFlags};

use crate::connection::{Connection, SCRATCH_BYTES};
use crate::enter;
use crate::histogram::Histogram;
use crate::ledger::{Faults, Ledger};
use crate::load::Plan;
use crate::message::{self, Stamp};
use crate::protocol::Heard;

/// Sockets that are looked after between two looks at the publishers.
const EVENTS_MAX: usize = 1024;

/// Bytes a publisher leaves to a server that does not take them; then it waits.
const OUTGOING_BYTES_MAX: usize = 1 << 20;

/// A window that has not moved for this long holds messages that are lost: one more is sent, so
/// that the receivers see the gap.
const STALL_LIMIT: Duration = Duration::from_secs(1);

/// How late a message may be without the delay being the server's: the loop's own coarseness.
/// A later one is stamped with the time at which it was due, so that a server that stands still
/// cannot hide it.
const OWN_DELAY: Duration = Duration::from_millis(2);

/// Between two messages of one publisher, whatever the rate.
const INTERVAL_MIN: Duration = Duration::from_nanos(1);

/// How long the loop waits at most before it looks at the clock and the windows again.
const WAIT_MAX: Duration = Duration::from_millis(5);

/// What a thread saw, or all of them together.
#[derive(Clone)]
pub(crate) struct Outcome {
    /// Messages sent while it was measured.
    pub(crate) sent: u64,
    /// Messages received while it was measured.
    pub(crate) delivered: u64,
    /// Bytes of their frames, without line ends.
    pub(crate) delivered_bytes: u64,
    /// Nanoseconds from the one to the other, of messages sent while it was measured.
    pub(crate) latency: Histogram,
    /// Of the whole run.
    pub(crate) faults: Faults,
    /// Frames with a refusal.
    pub(crate) refused: u64,
    /// The first of them.
    pub(crate) first_refusal: Option<String>,
    /// Connections the server closed.
    pub(crate) closed: u64,
    /// Messages of another room than the receiver's.
    pub(crate) misrouted: u64,
}

impl Default for Outcome {
    fn default() -> Self {
        Self {
            sent: 0,
            delivered: 0,
            delivered_bytes: 0,
            latency: Histogram::new(),
            faults: Faults::default(),
            refused: 0,
            first_refusal: None,
            closed: 0,
            misrouted: 0,
        }
    }
}

impl std::ops::AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.delivered_bytes += other.delivered_bytes;
        self.latency.add(&other.latency);
        self.faults += other.faults;
        self.refused += other.refused;
        self.first_refusal = self.first_refusal.take().or(other.first_refusal);
        self.closed += other.closed;
        self.misrouted += other.misrouted;
    }
}

/// One thread's share of the run.
pub(crate) struct Driver<'a> {
    plan: &'a Plan,
    epoll: OwnedFd,
    seats: Vec<Seat>,
    publishers: Vec<Publisher>,
    ledger: Ledger,
    scratch: Vec<u8>,
    outcome: Outcome,
}

/// A connection and whose it is.
struct Seat {
    /// `None` once the server has closed it.
    connection: Option<Connection>,
    /// The room and the member's number in it; `None` for an idler.
    member: Option<(usize, usize)>,
    waits_to_write: bool,
}

/// A seat that says something.
struct Publisher {
    seat: usize,
    /// Its place among all windows.
    window: usize,
    room: u16,
    number: u16,
    /// What stands before each of its messages.
    opening: Vec<u8>,
    next: u32,
    /// With a rate: when the next message is due.
    due: Duration,
    /// Deliveries outstanding when last looked at, and since when.
    stalled: (i64, Duration),
}

impl<'a> Driver<'a> {
    /// A thread without connections.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn new(plan: &'a Plan) -> Result<Self> {
        Ok(Self {
            plan,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            seats: Vec::new(),
            publishers: Vec::new(),
            ledger: Ledger::new(0, 0),
            scratch: vec![0; SCRATCH_BYTES],
            outcome: Outcome::default(),
        })
    }

    /// Takes on a member who has entered.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn add_member(
        &mut self,
        member: Connection,
        room: usize,
        number: usize,
    ) -> Result<()> {
        let publishers = self.plan.load.publishers_a_room();
        if number < publishers {
            let load = &self.plan.load;
            let room_number = u16::try_from(room).expect("rooms are counted in 16 bits");
            let name = self.plan.names.room(room_number.into());
            let window = room * publishers + number;
            self.publishers.push(Publisher {
                seat: self.seats.len(),
                window,
                room: room_number,
                number: u16::try_from(number).expect("publishers are counted in 16 bits"),
                opening: load.target.protocol.opening(&name, load.size),
                next: 0,
                // Spread over one interval, so that they do not all speak at once.
                due: self.interval().mul_f64(window as f64 / self.plan.windows.len() as f64),
                stalled: (0, Duration::ZERO),
            });
        }
        self.seat(member, Some((room, number)))
    }

    /// Takes on a connection that does nothing.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn add_idler(&mut self, idler: Connection) -> Result<()> {
        self.seat(idler, None)
    }

    fn seat(&mut self, connection: Connection, member: Option<(usize, usize)>) -> Result<()> {
        connection.stream.set_nonblocking(true)?;
        let key = EventData::new_u64(self.seats.len() as u64);
        epoll::add(&self.epoll, &connection.stream, key, EventFlags::IN)?;
        self.seats.push(Seat { connection: Some(connection), member, waits_to_write: false });
        Ok(())
    }

    /// Publishes and reads until the run is over.
    ///
    /// # Errors
    ///
    /// The system refuses something. That the server does is no error; it is counted.
    pub(crate) fn run(&mut self) -> Result<()> {
        self.ledger = Ledger::new(self.seats.len(), self.plan.load.publishers_a_room());
        let mut events = Vec::with_capacity(EVENTS_MAX);
        loop {
            let now = self.plan.epoch.elapsed();
            if now < self.plan.measure_to {
                self.publish(now)?;
            } else if now >= self.plan.drain_to || self.plan.all_delivered() {
                break;
            }
            enter::wait(&self.epoll, &mut events, self.wait(now))?;
            for event in events.drain(..) {
                let flags = event.flags;
                let seat = enter::place(&event);
                if flags.contains(EventFlags::OUT) {
                    self.write(seat)?;
                }
                if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                    self.read(seat)?;
                }
            }
        }
        self.close_books();
        Ok(())
    }

    /// What this thread saw.
    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome.clone()
    }

    /// Time between two messages of one publisher; nothing where they go by windows.
    fn interval(&self) -> Duration {
        let rate = self.plan.load.rate;
        if rate > 0.0 {
            Duration::from_secs_f64(self.plan.windows.len() as f64 / rate).max(INTERVAL_MIN)
        } else {
            Duration::ZERO
        }
    }

    /// How long nothing has to be published.
    fn wait(&self, now: Duration) -> Duration {
        if now >= self.plan.measure_to {
            return WAIT_MAX;
        }
        if self.plan.load.rate > 0.0 {
            let able = self.publishers.iter().filter(|publisher| {
                let connection = &self.seats[publisher.seat].connection;
                connection.as_ref().is_some_and(|it| it.waiting() <= OUTGOING_BYTES_MAX)
            });
            return able
                .map(|publisher| publisher.due)
                .min()
                .map_or(WAIT_MAX, |due| due.saturating_sub(now).min(WAIT_MAX));
        }
        // Another thread's receivers can open a window of ours, and nothing wakes us then.
        if self.plan.load.threads > 1 { Duration::from_millis(1) } else { WAIT_MAX }
    }

    fn publish(&mut self, now: Duration) -> Result<()> {
        let ending = self.plan.load.target.protocol.ending();
        for index in 0..self.publishers.len() {
            let count = self.messages_due(index, now);
            if count == 0 {
                continue;
            }
            let interval = self.interval();
            let publisher = &mut self.publishers[index];
            let Some(connection) = &mut self.seats[publisher.seat].connection else { continue };
            let window = &self.plan.windows[publisher.window];
            for _ in 0..count {
                let is_own_delay = interval.is_zero() || now < publisher.due + OWN_DELAY;
                let meant = if is_own_delay { now } else { publisher.due };
                let stamp = Stamp {
                    room: publisher.room,
                    publisher: publisher.number,
                    counter: publisher.next,
                    nanos: nanos(meant),
                };
                let outgoing = connection.outgoing();
                outgoing.extend_from_slice(&publisher.opening);
                message::write(stamp, self.plan.load.size, outgoing);
                outgoing.extend_from_slice(ending);
                window.send();
                publisher.next += 1;
                publisher.due += interval;
            }
            if now >= self.plan.measure_from {
                self.outcome.sent += count;
            }
            let seat = publisher.seat;
            self.write(seat)?;
        }
        Ok(())
    }

    /// How many messages a publisher has to send now.
    fn messages_due(&mut self, index: usize, now: Duration) -> u64 {
        let interval = self.interval();
        let publisher = &mut self.publishers[index];
        let window = &self.plan.windows[publisher.window];
        let Some(connection) = &self.seats[publisher.seat].connection else { return 0 };
        if connection.waiting() > OUTGOING_BYTES_MAX {
            return 0;
        }
        if !interval.is_zero() {
            let Some(late) = now.checked_sub(publisher.due) else { return 0 };
            let space = (OUTGOING_BYTES_MAX / self.plan.load.size) as u64;
            return (nanos(late) / nanos(interval) + 1).min(space);
        }
        let on_the_way = window.on_the_way();
        if on_the_way != publisher.stalled.0 {
            publisher.stalled = (on_the_way, now);
        } else if on_the_way > 0 && now > publisher.stalled.1 + STALL_LIMIT {
            publisher.stalled.1 = now;
            return 1;
        }
        window.space(self.plan.load.window)
    }

    /// Writes what a seat has to say, and asks to be told when the socket takes more.
    fn write(&mut self, index: usize) -> Result<()> {
        let seat = &mut self.seats[index];
        let Some(connection) = &mut seat.connection else { return Ok(()) };
        let Ok(is_done) = connection.flush() else {
            self.lose(index);
            return Ok(());
        };
        if is_done == seat.waits_to_write {
            seat.waits_to_write = !is_done;
            let wanted = if is_done { EventFlags::IN } else { EventFlags::IN | EventFlags::OUT };
            let key = EventData::new_u64(index as u64);
            epoll::modify(&self.epoll, &connection.stream, key, wanted)?;
        }
        Ok(())
    }

    fn read(&mut self, index: usize) -> Result<()> {
        let Self { plan, seats, ledger, scratch, outcome, .. } = self;
        let seat = &mut seats[index];
        let Some(connection) = &mut seat.connection else { return Ok(()) };
        // The clock is asked once a read, when the bytes are there.
        let mut arrival =
            Arrival { plan, ledger, outcome, seat: index, now: None, pong: Vec::new() };
        let member = seat.member;
        let read = connection.read_frames(scratch, |frame| arrival.take(member, frame));
        let pong = arrival.pong;
        if read.is_err() {
            self.lose(index);
        } else if !pong.is_empty() {
            connection.outgoing().extend_from_slice(&pong);
            self.write(index)?;
        }
        Ok(())
    }

    /// The server closed a connection: its receiver is waited for no longer.
    fn lose(&mut self, index: usize) {
        let seat = &mut self.seats[index];
        // Dropping the socket takes it out of epoll.
        if seat.connection.take().is_none() {
            return;
        }
        self.outcome.closed += 1;
        let Some((room, member)) = seat.member else { return };
        let publishers = self.plan.load.publishers_a_room();
        for number in (0..publishers).filter(|&number| number != member) {
            let had = self.ledger.progress(index, number);
            self.plan.windows[room * publishers + number].lose_receiver(had);
        }
    }

    fn close_books(&mut self) {
        let publishers = self.plan.load.publishers_a_room();
        for (index, seat) in self.seats.iter().enumerate() {
            let (Some((room, member)), Some(_)) = (seat.member, &seat.connection) else { continue };
            for number in (0..publishers).filter(|&number| number != member) {
                let sent = self.plan.windows[room * publishers + number].sent();
                self.ledger.close(index, number, sent);
            }
        }
        self.outcome.faults = self.ledger.faults();
    }
}

/// The frames of one read.
struct Arrival<'a> {
    plan: &'a Plan,
    ledger: &'a mut Ledger,
    outcome: &'a mut Outcome,
    seat: usize,
    now: Option<Duration>,
    /// What the server wants to hear to know that someone is there.
    pong: Vec<u8>,
}

impl Arrival<'_> {
    fn take(&mut self, member: Option<(usize, usize)>, frame: &[u8]) {
        let protocol = self.plan.load.target.protocol;
        match (protocol.heard(frame), member) {
            // Some servers say it to its author too.
            (Heard::Message(stamp), Some((_, member)))
                if usize::from(stamp.publisher) == member => {}
            (Heard::Message(stamp), Some((room, _))) => {
                self.take_message(room, stamp, frame.len());
            }
            (Heard::Refused, _) => {
                self.outcome.refused += 1;
                self.outcome
                    .first_refusal
                    .get_or_insert_with(|| String::from_utf8_lossy(frame).into_owned());
            }
            (Heard::Ping, _) => self.pong.extend(protocol.pong(frame)),
            (Heard::Message(_) | Heard::Ready | Heard::Done | Heard::Other, _) => {}
        }
    }

    fn take_message(&mut self, room: usize, stamp: Stamp, length: usize) {
        if usize::from(stamp.room) != room {
            self.outcome.misrouted += 1;
            return;
        }
        let publishers = self.plan.load.publishers_a_room();
        let number = usize::from(stamp.publisher);
        if number >= publishers {
            return;
        }
        let now = *self.now.get_or_insert_with(|| self.plan.epoch.elapsed());
        let come_on = self.ledger.note(self.seat, number, stamp.counter);
        self.plan.windows[room * publishers + number].receive(come_on);
        if self.is_measured(now) {
            self.outcome.delivered += 1;
            self.outcome.delivered_bytes += length as u64;
        }
        if self.is_measured(Duration::from_nanos(stamp.nanos)) {
            self.outcome.latency.record(nanos(now).saturating_sub(stamp.nanos));
        }
    }

    fn is_measured(&self, moment: Duration) -> bool {
        (self.plan.measure_from..self.plan.measure_to).contains(&moment)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a run is shorter than 584 years")
}
