//! One connection of a shard: its socket, what waits to be written, and its cursor.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::sync::atomic::Ordering;
use std::task::Waker;

use bytes::{Buf as _, Bytes};
use room::{MemberId, RoomId, Seq};
use wire::Dialect;

use super::cursor::Cursor;
use super::room::Ring;
use crate::gateway::link::Guest;
use crate::gateway::login::Login;
use crate::gateway::ws::Talk;
use crate::hub::{Credit, Newcomer, Seat};
use crate::limits::OUTBOX_BYTES_MAX;
use crate::listen::Permit;
use crate::metrics::ShardMetrics;
use crate::stream::Stream;

/// Slices one write carries.
const SLICES_MAX: usize = 64;

/// A connection that may be in a room.
pub(crate) struct Conn {
    pub(crate) stream: Stream,
    pub(crate) member: MemberId,
    pub(crate) seat: Seat,
    pub(crate) permit: Permit,
    pub(crate) state: RefCell<State>,
    waker: Cell<Option<Waker>>,
}

/// The allocator's next larger piece has 320 bytes, and there is a connection a client.
const _: () = assert!(size_of::<Conn>() + 2 * size_of::<usize>() <= 256, "an `Rc` of it");

/// What changes.
pub(crate) struct State {
    /// In which form it gets the events of its room.
    pub(crate) dialect: Dialect,
    /// Where it is. One room over the line protocol; several where a protocol can show several.
    pub(super) places: Vec<Place>,
    /// In how many of them it is behind the ring, and reads the log until it has caught up.
    pub(super) behind: u32,
    /// What the socket takes.
    pub(crate) socket: SocketState,
    /// The answer that the session waits for has been given.
    pub(crate) replied: bool,
    /// That answer was no.
    pub(crate) refused: bool,
    /// Its end was decided elsewhere; the words have been said.
    pub(crate) closing: bool,
    /// Where the hub counts the private messages on their way; there once the hub knows of it.
    pub(crate) credit: Option<Credit>,
    /// What a WebSocket client is being told; `None` for others.
    pub(crate) talk: Option<Box<Talk>>,
    /// What most have nothing of; there once it does.
    pub(crate) rare: Option<Box<Rare>>,
    /// The shard's tick in which it was last heard of.
    pub(crate) heard_tick: u32,
    outbox: VecDeque<Bytes>,
    outbox_bytes: usize,
}

/// What most connections have nothing of: to one of the thousands that do nothing it is one word.
#[derive(Default)]
pub(crate) struct Rare {
    /// Who is logged in, or is about to be.
    pub(crate) login: Option<Login>,
    /// By which guest links it comes in.
    pub(crate) guest: Guest,
    /// `--CURSOR n`, while the answer is under way.
    pub(crate) cursor_wanted: Option<Seq>,
    /// What of the private messages that the credit counts stands in the outbox.
    whispers_bytes: usize,
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

/// A room it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) room: RoomId,
    /// Its index among the shard's members of the room.
    pub(super) index: usize,
}

impl Conn {
    pub(crate) fn new(
        stream: Stream,
        member: MemberId,
        seat: Seat,
        permit: Permit,
        dialect: Dialect,
        tick: u32,
    ) -> Self {
        let state = State {
            dialect,
            places: Vec::new(),
            behind: 0,
            socket: SocketState::Open,
            replied: false,
            refused: false,
            closing: false,
            credit: None,
            talk: None,
            rare: None,
            heard_tick: tick,
            outbox: VecDeque::new(),
            outbox_bytes: 0,
        };
        Self { stream, member, seat, permit, state: RefCell::new(state), waker: Cell::new(None) }
    }

    /// What the hub must know of the session, if it does not yet.
    pub(crate) fn newcomer(&self) -> Option<Newcomer> {
        let mut state = self.state.borrow_mut();
        state.credit.is_none().then(|| {
            let credit = state.credit.insert(Credit::default());
            Newcomer { credit: Credit::clone(credit), address: self.permit.peer().into() }
        })
    }

    /// Reads what has come, as far as `buffer` holds it.
    ///
    /// # Errors
    ///
    /// As of [`Stream::try_read`].
    pub(crate) fn read(&self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.stream.try_read(buffer);
        if self.stream.is_encrypted() {
            // What was read may have to be answered by TLS itself.
            self.state.borrow_mut().see_held_up(&self.stream);
        }
        read
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

    /// Writes what waits, as far as the socket takes it.
    pub(super) fn flush_outbox(&self, metrics: &ShardMetrics) {
        let mut state = self.state.borrow_mut();
        let before = state.trouble();
        if self.stream.is_encrypted() {
            state.see_held_up(&self.stream);
        }
        while state.socket == SocketState::Open && !state.outbox.is_empty() {
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            for (slice, part) in slices.iter_mut().zip(&state.outbox) {
                *slice = IoSlice::new(part);
            }
            let len = state.outbox.len().min(SLICES_MAX);
            let written = self.stream.write_vectored(&slices[..len]);
            self.account(&mut state, written, metrics);
        }
        if state.trouble() != before {
            self.wake();
        }
    }

    /// Writes what waits, then what a room has for it, as far as the socket takes it.
    pub(super) fn flush(&self, ring: &Ring, cursor: &mut Cursor, metrics: &ShardMetrics) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let before = state.trouble();
        while state.socket == SocketState::Open {
            if cursor.find(ring, metrics) {
                state.behind += 1;
            }
            cursor.advance(ring, self.member, state.dialect, 0, metrics);
            if state.outbox.is_empty() && (cursor.behind || cursor.next == ring.end()) {
                // As most often: nothing to gather.
                break;
            }
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            let mut len = 0;
            let forms = cursor.forms(ring, self.member, state.dialect);
            for part in state.outbox.iter().chain(forms).take(SLICES_MAX) {
                slices[len] = IoSlice::new(part);
                len += 1;
            }
            let written = self.stream.write_vectored(&slices[..len]);
            let past_outbox = self.account(state, written, metrics);
            if past_outbox > 0 {
                let dialect = state.dialect;
                state.push_front(cursor.advance(ring, self.member, dialect, past_outbox, metrics));
            }
        }
        if state.trouble() != before {
            self.wake();
        }
    }

    /// Writes one run of bytes that stands for the room's events up to its end, to a member that
    /// has got all before them and has nothing else waiting. How many bytes of it went.
    pub(super) fn write_run(&self, state: &mut State, run: &[u8], metrics: &ShardMetrics) -> usize {
        let written = self.stream.send(run);
        let sent = self.account(state, written, metrics);
        if sent < run.len() || state.socket != SocketState::Open {
            self.wake();
        }
        sent
    }

    /// Takes in what came of a write; how many bytes went beyond the outbox.
    fn account(
        &self,
        state: &mut State,
        written: std::io::Result<usize>,
        metrics: &ShardMetrics,
    ) -> usize {
        let past_outbox = state.account(written, metrics);
        if self.stream.is_encrypted() {
            state.see_held_up(&self.stream);
        }
        past_outbox
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
            let written = self.stream.write_vectored(&slices[..run.len()]);
            let mut sent = self.account(&mut state, written, metrics);
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
    /// The room it is in, over a protocol that shows one.
    pub(crate) fn room(&self) -> Option<RoomId> {
        self.places.first().map(|place| place.room)
    }

    /// The rooms it is in.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = RoomId> {
        self.places.iter().map(|place| place.room)
    }

    /// In how many rooms it is.
    pub(crate) fn rooms_len(&self) -> usize {
        self.places.len()
    }

    /// What most have nothing of, to be written to.
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Whether it has to read the log for something.
    pub(crate) fn is_behind(&self) -> bool {
        self.behind > 0
    }

    /// Adds bytes to what waits to be written.
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.outbox_bytes += bytes.len();
            self.outbox.push_back(bytes);
        }
    }

    /// What the connection's task has to see to: a full socket, a broken one, a cursor behind.
    fn trouble(&self) -> (SocketState, bool) {
        (self.socket, self.behind > 0)
    }

    /// Adds a private message, which counts against the credit until it is written.
    pub(crate) fn push_whisper(&mut self, bytes: Bytes, cost: usize) {
        self.rare().whispers_bytes += cost;
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

    /// Sees whether TLS holds something that the socket does not take: then it takes nothing more.
    fn see_held_up(&mut self, stream: &Stream) {
        if self.socket != SocketState::Broken {
            match stream.is_held_up() {
                Ok(false) => {}
                Ok(true) => self.socket = SocketState::Full,
                Err(_) => self.socket = SocketState::Broken,
            }
        }
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
        if let (Some(rare), Some(credit)) = (&mut self.rare, &self.credit) {
            credit.fetch_sub(std::mem::take(&mut rare.whispers_bytes), Ordering::Relaxed);
        }
        sent
    }
}
