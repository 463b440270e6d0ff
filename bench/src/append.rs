//! What the log takes: writers alone in their rooms, each message acknowledged once it is kept.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::event::epoll::{self, EventData, EventFlags};

use crate::args::Target;
use crate::connection::{Connection, SCRATCH_BYTES};
use crate::enter::{self, Door};
use crate::histogram::Histogram;
use crate::message::{self, Stamp};
use crate::process::Sample;
use crate::protocol::line;

/// Sockets that are looked after at once.
const EVENTS_MAX: usize = 256;

/// How long the loop waits at most before it looks at the clock.
const WAIT_MAX: Duration = Duration::from_millis(5);

/// How many write, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appending {
    pub(crate) writers: u32,
    /// Messages of a writer that wait for their acknowledgement.
    pub(crate) window: usize,
    /// Bytes of a text.
    pub(crate) size: usize,
    pub(crate) warmup: Duration,
    pub(crate) time: Duration,
    /// How long late acknowledgements are waited for.
    pub(crate) drain: Duration,
}

/// What came of it.
pub(crate) struct Appended {
    /// Acknowledgements while it was measured.
    pub(crate) kept: u64,
    /// Nanoseconds from a message to its acknowledgement.
    pub(crate) latency: Histogram,
    /// Messages never acknowledged.
    pub(crate) lost: u64,
    /// Acknowledgements whose sequence does not go up.
    pub(crate) out_of_order: u64,
    /// Lines with a refusal, and connections closed.
    pub(crate) refused: u64,
    /// At the two ends of what was measured.
    pub(crate) samples: Option<[Sample; 2]>,
}

/// A writer, and when those of its messages were sent that wait.
struct Writer {
    connection: Option<Connection>,
    sent: VecDeque<Instant>,
    counter: u32,
    last: Option<u64>,
}

/// Writes for a while. Only the line protocol has such acknowledgements.
///
/// # Errors
///
/// The server does not let everyone in, or the system refuses something.
pub(crate) fn measure(target: &Target, appending: Appending) -> Result<Appended> {
    let sample = || target.pid.map(Sample::of).transpose();
    let mut door = Door::new(target, u64::from(appending.writers))?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let mut writers = Vec::new();
    for (index, mut connection) in door.members(appending.writers, 1, 0)?.into_iter().enumerate() {
        let key = EventData::new_u64(index as u64);
        epoll::add(&epoll, &connection.stream, key, EventFlags::IN)?;
        connection.outgoing().extend_from_slice(b"--CURSOR\n");
        let connection = Some(connection);
        writers.push(Writer { connection, sent: VecDeque::new(), counter: 0, last: None });
    }
    let mut outcome = Appended {
        kept: 0,
        latency: Histogram::new(),
        lost: 0,
        out_of_order: 0,
        refused: 0,
        samples: None,
    };
    let mut scratch = vec![0; SCRATCH_BYTES];
    let mut events = Vec::with_capacity(EVENTS_MAX);
    let from = Instant::now() + appending.warmup;
    let to = from + appending.time;
    let (mut before, mut after) = (None, None);
    for writer in &mut writers {
        writer.write(&appending)?;
    }
    loop {
        let now = Instant::now();
        if before.is_none() && now >= from {
            before = sample()?;
        }
        if after.is_none() && now >= to {
            after = sample()?;
        }
        let all_kept = writers.iter().all(|writer| writer.sent.is_empty());
        if now >= to && (all_kept || now >= to + appending.drain) {
            break;
        }
        enter::wait(&epoll, &mut events, WAIT_MAX)?;
        for event in events.drain(..) {
            let writer = &mut writers[enter::place(&event)];
            writer.read(&mut scratch, from..to, &mut outcome);
            if Instant::now() < to {
                writer.write(&appending)?;
            }
        }
    }
    outcome.lost = writers.iter().map(|writer| writer.sent.len() as u64).sum();
    outcome.samples = before.zip(after).map(<[Sample; 2]>::from);
    Ok(outcome)
}

impl Writer {
    /// Fills its window.
    fn write(&mut self, appending: &Appending) -> Result<()> {
        let Some(connection) = &mut self.connection else { return Ok(()) };
        while self.sent.len() < appending.window {
            let stamp = Stamp { room: 0, publisher: 0, counter: self.counter, nanos: 0 };
            message::write(stamp, appending.size, connection.outgoing());
            connection.outgoing().push(b'\n');
            self.counter += 1;
            self.sent.push_back(Instant::now());
        }
        // What the socket does not take goes with the next: a window is small.
        connection.flush()?;
        Ok(())
    }

    fn read(
        &mut self,
        scratch: &mut [u8],
        measured: std::ops::Range<Instant>,
        outcome: &mut Appended,
    ) {
        let Self { connection, sent, last, .. } = self;
        let Some(open) = connection else { return };
        let now = Instant::now();
        let read = open.read_frames(scratch, |frame| match line::kept(frame) {
            Some(sequence) => {
                let Some(sent) = sent.pop_front() else { return };
                outcome.out_of_order += u64::from(last.is_some_and(|last| sequence <= last));
                *last = Some(sequence);
                if measured.contains(&now) {
                    outcome.kept += 1;
                    let nanos = u64::try_from((now - sent).as_nanos()).unwrap_or(u64::MAX);
                    outcome.latency.record(nanos);
                }
            }
            None => outcome.refused += u64::from(frame.starts_with(b"[ERRO] - ")),
        });
        if read.is_err() {
            outcome.refused += 1;
            *connection = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::net::{TcpListener, TcpStream};

    use clap::Parser as _;

    use super::*;
    use crate::args::Args;

    /// A server that acknowledges all, or answers each hundredth message otherwise.
    fn serve(stream: &TcpStream, hundredth: &str) -> Option<()> {
        let mut count = 0;
        for line in BufReader::new(stream).lines() {
            let answer = match line.ok()?.split(' ').next()? {
                "--CREATE" => "[OK] - Canal criado\n".to_owned(),
                "--CURSOR" => "[OK] - Cursor 0\n".to_owned(),
                _ => {
                    count += 1;
                    if count % 100 == 0 {
                        hundredth.to_owned()
                    } else {
                        format!("[OK] - {count}\n")
                    }
                }
            };
            let mut stream = stream;
            std::io::Write::write_all(&mut stream, answer.as_bytes()).ok()?;
        }
        Some(())
    }

    fn measure_with(hundredth: &'static str) -> Appended {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                std::thread::spawn(move || serve(&stream.unwrap(), hundredth));
            }
        });
        let target = Args::parse_from(["bench", "--addr", &address]).load.target;
        let (warmup, time) = (Duration::ZERO, Duration::from_millis(300));
        let drain = Duration::from_millis(200);
        let appending = Appending { writers: 3, window: 4, size: 64, warmup, time, drain };
        measure(&target, appending).unwrap()
    }

    #[test]
    fn acknowledgements_are_counted() {
        let appended = measure_with("[OK] - 1000000\n[OK] - 2000000\n");
        assert!(appended.kept > 100, "{}", appended.kept);
        assert!(appended.latency.count() == appended.kept && appended.latency.max() > 0);
        assert!(appended.out_of_order > 0, "the sequence went down again");
    }

    #[test]
    fn what_is_never_acknowledged_is_lost() {
        let appended = measure_with("[ERRO] - Disco cheio\n");
        assert!(appended.refused >= 3);
        assert_eq!(appended.lost, appended.refused);
    }
}
