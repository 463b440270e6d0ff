//! Many who were away come back at once, and want what they missed.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::event::epoll::{self, EventData, EventFlags};

use crate::args::Target;
use crate::connection::{Connection, SCRATCH_BYTES};
use crate::enter::{self, Door};
use crate::histogram::Histogram;
use crate::ledger::{Faults, Ledger};
use crate::message::{self, Stamp};
use crate::process::Sample;
use crate::protocol::{Heard, Protocol, line};

/// Sockets that are looked after at once.
const EVENTS_MAX: usize = 1024;

/// Time without any message after which no more are waited for.
const SILENCE_LIMIT: Duration = Duration::from_secs(10);

/// Time in which a message that comes once too often would come.
const AFTERMATH: Duration = Duration::from_millis(200);

/// What it took.
pub(crate) struct Resumed {
    /// Until the last had connected and entered.
    pub(crate) entering: Duration,
    /// From there until the last had all that it missed.
    pub(crate) catching_up: Duration,
    /// Nanoseconds until each had all that it missed.
    pub(crate) latency: Histogram,
    pub(crate) faults: Faults,
    /// Before and after the catching up.
    pub(crate) samples: Option<[Sample; 2]>,
}

/// Lets so many catch up on so many messages. Only the line protocol can.
///
/// # Errors
///
/// The server does not let everyone in, or the system refuses something.
pub(crate) fn measure(target: &Target, clients: u32, missed: u32, size: usize) -> Result<Resumed> {
    let sample = || target.pid.map(Sample::of).transpose();
    let mut door = Door::new(target, u64::from(clients) + 1)?;
    let mut author = door.maker(0, clients + 1)?;
    let head = say(&mut author, missed, size)?;
    // Where heads are not numbered, every cursor is 0.
    let cursor = head.saturating_sub(u64::from(missed));
    let started = Instant::now();
    let mut returned = door.guests(0, clients)?;
    let entering = started.elapsed();
    door.settle(&mut returned)?;

    let before = sample()?;
    let mut crowd = Crowd::new(returned, missed)?;
    let started = Instant::now();
    crowd.ask(cursor)?;
    crowd.wait(started)?;
    let catching_up = crowd.last.saturating_duration_since(started);
    let after = sample()?;
    for receiver in 0..crowd.people.len() {
        crowd.ledger.close(receiver, 0, u64::from(missed));
    }
    Ok(Resumed {
        entering,
        catching_up,
        latency: crowd.latency,
        faults: crowd.ledger.faults(),
        samples: before.zip(after).map(<[Sample; 2]>::from),
    })
}

/// Says what the others will have missed; the room's head after it.
fn say(author: &mut Connection, count: u32, size: usize) -> Result<u64> {
    for counter in 0..count {
        let stamp = Stamp { room: 0, publisher: 0, counter, nanos: 0 };
        message::write(stamp, size, author.outgoing());
        author.outgoing().push(b'\n');
    }
    author.outgoing().extend_from_slice(b"--CURSOR\n");
    author.stream.set_nonblocking(false)?;
    author.stream.set_read_timeout(Some(SILENCE_LIMIT))?;
    author.flush()?;
    let mut head = None;
    let mut scratch = vec![0; SCRATCH_BYTES];
    while head.is_none() {
        let is_there = author.read_frames(&mut scratch, |frame| {
            if Protocol::Line.heard(frame) == Heard::Done {
                head = Some(line::cursor(frame).unwrap_or(0));
            }
        })?;
        if !is_there {
            bail!("no answer to --CURSOR");
        }
    }
    head.context("the loop ends with one")
}

/// All who have come back.
struct Crowd {
    people: Vec<Connection>,
    epoll: std::os::fd::OwnedFd,
    ledger: Ledger,
    missed: u32,
    done: usize,
    latency: Histogram,
    /// When the last message came.
    last: Instant,
}

impl Crowd {
    fn new(people: Vec<Connection>, missed: u32) -> Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        for (index, person) in people.iter().enumerate() {
            epoll::add(&epoll, &person.stream, EventData::new_u64(index as u64), EventFlags::IN)?;
        }
        let ledger = Ledger::new(people.len(), 1);
        let latency = Histogram::new();
        Ok(Self { people, epoll, ledger, missed, done: 0, latency, last: Instant::now() })
    }

    fn ask(&mut self, cursor: u64) -> Result<()> {
        let question = format!("--CURSOR {cursor}\n");
        for person in &mut self.people {
            person.outgoing().extend_from_slice(question.as_bytes());
            if !person.flush()? {
                bail!("the server does not take a question");
            }
        }
        Ok(())
    }

    /// Reads until everyone has everything, and then a little longer.
    fn wait(&mut self, started: Instant) -> Result<()> {
        let mut events = Vec::with_capacity(EVENTS_MAX);
        let mut scratch = vec![0; SCRATCH_BYTES];
        self.last = started;
        loop {
            enter::wait(&self.epoll, &mut events, AFTERMATH)?;
            let is_done = self.done == self.people.len();
            if events.is_empty() && (is_done || self.last.elapsed() > SILENCE_LIMIT) {
                return Ok(());
            }
            for event in events.drain(..) {
                self.read(enter::place(&event), &mut scratch, started)?;
            }
        }
    }

    fn read(&mut self, receiver: usize, scratch: &mut [u8], started: Instant) -> Result<()> {
        let Self { people, ledger, missed, done, latency, last, .. } = self;
        people[receiver]
            .read_frames(scratch, |frame| {
                let Heard::Message(stamp) = Protocol::Line.heard(frame) else { return };
                ledger.note(receiver, 0, stamp.counter);
                *last = Instant::now();
                if stamp.counter + 1 == *missed {
                    *done += 1;
                    let nanos = (*last - started).as_nanos();
                    latency.record(u64::try_from(nanos).unwrap_or(u64::MAX));
                }
            })
            .context("the server closed a connection that was catching up")?;
        Ok(())
    }
}
