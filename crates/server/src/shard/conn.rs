//! One connection of a shard: its socket, what waits to be written, and its cursor.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::sync::atomic::Ordering;
use std::task::Waker;

use bytes::{Buf as _, Bytes};
use room::{MemberId, RoomId, Seq};
use tokio::net::TcpStream;
use wire::Dialect;
use wire::line::Answer;

use super::room::LocalRoom;
use crate::hub::{Credit, Seat};
use crate::limits::OUTBOX_BYTES_MAX;
use crate::listen::Permit;
use crate::metrics::ShardMetrics;

/// Slices one write carries.
const SLICES_MAX: usize = 64;

/// A connection that may be in a room.
pub(crate) struct Conn {
    pub(crate) stream: TcpStream,
    pub(crate) member: MemberId,
    pub(crate) seat: Seat,
    pub(crate) permit: Permit,
    pub(crate) state: RefCell<State>,
    waker: Cell<Option<Waker>>,
}

/// What changes.
pub(crate) struct State {
    /// In which form it gets the events of its room.
    pub(crate) dialect: Dialect,
    /// Where it is.
    pub(crate) place: Option<Place>,
    /// What the socket takes.
    pub(crate) socket: SocketState,
    /// The answer that the session waits for has been given.
    pub(crate) replied: bool,
    /// Its end was decided elsewhere; the words have been said.
    pub(crate) closing: bool,
    /// `--CURSOR n`, while the answer is under way.
    pub(crate) cursor_wanted: Option<Seq>,
    /// Where the hub counts the private messages on their way; there once the hub knows of it.
    pub(crate) credit: Option<Credit>,
    /// What of that stands in the outbox.
    whispers_bytes: usize,
    /// The shard's tick in which it was last heard of.
    pub(crate) heard_tick: u32,
    outbox: VecDeque<Bytes>,
    outbox_bytes: usize,
}

/// What a socket takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocketState {
    /// More bytes, as far as is known.
    Open,
    /// Nothing until it says so: its buffer is full.
    Full,
    /// Nothing ever: it is broken.
    Broken,
}

/// A member's place in a room: a cursor.
pub(crate) struct Place {
    pub(crate) room: RoomId,
    /// Its index among the shard's members of the room.
    pub(crate) index: usize,
    /// The position of the next event, in the room's ring.
    pub(crate) cursor: u64,
    /// The sequence of the last kept event it got or need not get.
    pub(crate) seen: Seq,
    /// The ring has moved on: it reads the log until it has caught up.
    pub(crate) behind: bool,
    /// Behind, it is caught up to here before its client is listened to again: what it asks is
    /// answered after what was said before, and yet a member that never catches up is heard.
    pub(crate) turn: Seq,
}

impl Conn {
    pub(crate) fn new(
        stream: TcpStream,
        member: MemberId,
        seat: Seat,
        permit: Permit,
        dialect: Dialect,
        tick: u32,
    ) -> Self {
        let state = State {
            dialect,
            place: None,
            socket: SocketState::Open,
            replied: false,
            closing: false,
            cursor_wanted: None,
            credit: None,
            whispers_bytes: 0,
            heard_tick: tick,
            outbox: VecDeque::new(),
            outbox_bytes: 0,
        };
        Self { stream, member, seat, permit, state: RefCell::new(state), waker: Cell::new(None) }
    }

    /// Adds an answer to what waits to be written.
    pub(crate) fn say(&self, answer: &Answer) {
        let mut state = self.state.borrow_mut();
        let Dialect::Line { lang, .. } = state.dialect;
        state.push(answer.lines(lang).into());
    }

    /// Lets the connection's task look at what has changed.
    pub(crate) fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Whom [`Conn::wake`] wakes.
    pub(crate) fn set_waker(&self, waker: &Waker) {
        self.waker.set(Some(waker.clone()));
    }

    /// Writes what waits, then what its room has for it, as far as the socket takes it.
    pub(super) fn flush(&self, room: Option<&LocalRoom>, metrics: &ShardMetrics) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let before = state.trouble();
        while state.socket == SocketState::Open {
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            let mut len = 0;
            let forms = match (room, &mut state.place) {
                (Some(room), Some(place)) => {
                    place.find(room, metrics);
                    place.advance(room, self.member, state.dialect, 0, metrics);
                    Some(place.forms(room, self.member, state.dialect))
                }
                _ => None,
            };
            for part in state.outbox.iter().chain(forms.into_iter().flatten()).take(SLICES_MAX) {
                slices[len] = IoSlice::new(part);
                len += 1;
            }
            if len == 0 {
                break;
            }
            let written = self.stream.try_write_vectored(&slices[..len]);
            let past_outbox = state.account(written, metrics);
            if past_outbox > 0
                && let (Some(room), Some(place)) = (room, &mut state.place)
            {
                let tail = place.advance(room, self.member, state.dialect, past_outbox, metrics);
                state.push_front(tail);
            }
        }
        if state.trouble() != before {
            self.wake();
        }
    }

    /// Writes one run of bytes that stands for the room's events up to its end, to a member that
    /// has got all before them and has nothing else waiting. How many bytes of it went.
    pub(super) fn write_run(&self, run: &[u8], metrics: &ShardMetrics) -> usize {
        let written = self.send(run);
        let sent = self.state.borrow_mut().account(written, metrics);
        if sent < run.len() {
            self.wake();
        }
        sent
    }

    /// One `send`, past the runtime: what it knows of the socket lies elsewhere in memory, and a
    /// member is written to for whom nothing else is to be looked up. It is asked where the socket
    /// takes no more, so that it says when that changes.
    fn send(&self, run: &[u8]) -> std::io::Result<usize> {
        use rustix::net::SendFlags;
        match rustix::net::send(&self.stream, run, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
            Err(rustix::io::Errno::WOULDBLOCK) => self.stream.try_write(run),
            sent => Ok(sent?),
        }
    }

    /// Moves the cursor past `sent` bytes of what the room has for it.
    pub(super) fn got(&self, room: &LocalRoom, sent: usize, metrics: &ShardMetrics) {
        let mut state = self.state.borrow_mut();
        let dialect = state.dialect;
        if let Some(place) = &mut state.place {
            let tail = place.advance(room, self.member, dialect, sent, metrics);
            state.push_front(tail);
        }
    }

    /// Writes events from the log, `parts` in order; how many of them went or are on their way.
    pub(super) fn write_caught_up(&self, parts: &[Bytes], metrics: &ShardMetrics) -> usize {
        let mut state = self.state.borrow_mut();
        let mut done = 0;
        while done < parts.len() && state.takes_runs() {
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            let run = &parts[done..parts.len().min(done + SLICES_MAX)];
            for (slice, part) in slices.iter_mut().zip(run) {
                *slice = IoSlice::new(part);
            }
            let written = self.stream.try_write_vectored(&slices[..run.len()]);
            let mut sent = state.account(written, metrics);
            for part in run {
                if sent == 0 {
                    break;
                }
                if sent < part.len() {
                    state.push_front(Some(part.slice(sent..)));
                }
                sent = sent.saturating_sub(part.len());
                done += 1;
            }
        }
        done
    }
}

impl State {
    /// Adds bytes to what waits to be written.
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.outbox_bytes += bytes.len();
            self.outbox.push_back(bytes);
        }
    }

    /// What the connection's task has to see to: a full socket, a broken one, a cursor behind.
    fn trouble(&self) -> (SocketState, bool) {
        (self.socket, self.place.as_ref().is_some_and(|place| place.behind))
    }

    /// Adds a private message, which counts against the credit until it is written.
    pub(crate) fn push_whisper(&mut self, bytes: Bytes, cost: usize) {
        self.whispers_bytes += cost;
        self.push(bytes);
    }

    pub(super) fn push_front(&mut self, tail: Option<Bytes>) {
        if let Some(tail) = tail {
            self.outbox_bytes += tail.len();
            self.outbox.push_front(tail);
        }
    }

    /// Whether so much waits that nothing more should be asked for it.
    pub(crate) fn outbox_full(&self) -> bool {
        self.outbox_bytes > OUTBOX_BYTES_MAX
    }

    /// Whether everything was written.
    pub(crate) fn outbox_empty(&self) -> bool {
        self.outbox.is_empty()
    }

    /// Whether a run for a whole room may go straight to the socket.
    pub(super) fn takes_runs(&self) -> bool {
        self.socket == SocketState::Open && self.outbox.is_empty()
    }

    /// Takes what was written off the outbox; how many bytes went beyond it.
    fn account(&mut self, written: std::io::Result<usize>, metrics: &ShardMetrics) -> usize {
        let mut sent = match written {
            Ok(0) => {
                self.socket = SocketState::Broken;
                return 0;
            }
            Ok(sent) => sent,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.socket = SocketState::Full;
                return 0;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => return 0,
            Err(_) => {
                self.socket = SocketState::Broken;
                return 0;
            }
        };
        metrics.writes.add(1);
        metrics.bytes_out.add(sent as u64);
        while let Some(part) = self.outbox.front_mut() {
            if sent < part.len() {
                part.advance(sent);
                self.outbox_bytes -= sent;
                return 0;
            }
            sent -= part.len();
            self.outbox_bytes -= part.len();
            self.outbox.pop_front();
        }
        if self.outbox.capacity() > 0 {
            self.outbox = VecDeque::new();
        }
        if let (1.., Some(credit)) = (self.whispers_bytes, &self.credit) {
            credit.fetch_sub(std::mem::take(&mut self.whispers_bytes), Ordering::Relaxed);
        }
        sent
    }
}

impl Place {
    /// From here on it reads the log; `head` is the last that has happened.
    pub(crate) fn fall_behind(&mut self, head: Seq) {
        self.behind = true;
        self.turn = head;
    }

    /// Whether it has to be caught up before its client is listened to.
    pub(crate) fn is_before_turn(&self) -> bool {
        self.behind && self.seen < self.turn
    }

    /// Sees whether the ring has moved on past the cursor.
    fn find(&mut self, room: &LocalRoom, metrics: &ShardMetrics) {
        if self.cursor < room.base() && !self.behind {
            self.fall_behind(room.head());
            metrics.fell_behind.add(1);
        }
    }

    /// What the ring has for this member, from its cursor on.
    fn forms<'r>(
        &self,
        room: &'r LocalRoom,
        member: MemberId,
        dialect: Dialect,
    ) -> impl Iterator<Item = &'r Bytes> + use<'r> {
        let seen = self.seen;
        let from = if self.behind { room.end() } else { self.cursor };
        room.from(from)
            .filter(move |frame| frame.is_for(member, seen))
            .filter_map(move |frame| frame.form(dialect))
    }

    /// Moves the cursor past `sent` bytes of what [`Place::forms`] gave, and past all that is not
    /// for this member. What is left of an event sent in part.
    fn advance(
        &mut self,
        room: &LocalRoom,
        member: MemberId,
        dialect: Dialect,
        mut sent: usize,
        metrics: &ShardMetrics,
    ) -> Option<Bytes> {
        if self.behind {
            return None;
        }
        let mut tail = None;
        for frame in room.from(self.cursor) {
            if frame.is_for(member, self.seen)
                && let Some(form) = frame.form(dialect)
            {
                if sent == 0 {
                    break;
                }
                if sent < form.len() {
                    tail = Some(form.slice(sent..));
                }
                sent = sent.saturating_sub(form.len());
                metrics.deliveries.add(1);
            }
            self.cursor += 1;
            self.seen = self.seen.max(frame.seq());
        }
        tail
    }
}
