//! A shard: one thread with its own connections, which it reads, writes and owns alone.
//!
//! The hub hands a shard each event once. The shard takes all that has come, adds it to the rings
//! of its rooms, and only then writes: a member's writer is a cursor, and whatever lies between
//! the cursor and the end goes out in one write. The busier the shard, the more each write
//! carries. Nothing here is shared with another thread, so nothing here is locked.

mod catch_up;
mod compression;
mod conn;
mod cursor;
mod room;
mod run;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ::room::{Fact, MemberId, RoomId, RoomName, Seq};
use rustc_hash::FxHashMap;
use slab::Slab;
use tokio::sync::mpsc;
use tokio::time::timeout;
use wire::Dialect;

pub(crate) use compression::Compression;
pub(crate) use conn::{Conn, Rare, SocketState, State};
pub(crate) use run::{Accepted, Inboxes, ShardConfig, run};

use crate::archive::Archive;
use crate::gateway::{self, Farewell, asked_tick};
use crate::hub::{ToHub, ToShard};
use crate::limits::{ENDING_LINGER, LAST_WORDS, LINGERING_MAX, READ_BYTES_MAX, RINGS_BYTES_MAX};
use crate::listen::{Permit, linger};
use crate::metrics::{ShardMetrics, Single};
use crate::stream::Stream;
use catch_up::Pages;
use conn::Place;
use cursor::{Cursor, Member};
use room::{LocalRoom, Ring};

/// What the connections of a shard share.
pub(crate) struct Shard {
    index: u16,
    pub(crate) config: Arc<ShardConfig>,
    pub(crate) hub: mpsc::Sender<ToHub>,
    pub(crate) archive: Archive,
    pub(crate) metrics: Arc<ShardMetrics>,
    /// What is read from a connection passes through here; nobody keeps a buffer while idle.
    pub(crate) scratch: RefCell<Box<[u8]>>,
    /// Makes and reads the frames of its WebSocket clients.
    pub(crate) compression: Rc<Compression>,
    /// Ticks since the start.
    pub(crate) tick: Cell<u32>,
    conns: RefCell<Slab<Rc<Conn>>>,
    rooms: RefCell<FxHashMap<RoomId, LocalRoom>>,
    dirty: RefCell<Vec<RoomId>>,
    /// What the log was read for.
    pages: RefCell<Pages>,
    /// The server goes down: there is nobody left to tell of leaving.
    pub(crate) ending: Cell<bool>,
    /// Connections that have no seat any more, but are still being told their last words.
    pub(crate) parting: Cell<usize>,
    /// Connections that only wait for their client to close.
    lingering: Cell<usize>,
    /// Where the next sweep for idle connections begins.
    sweep_from: Cell<usize>,
}

impl Shard {
    /// A shard without connections.
    pub(crate) fn new(
        index: u16,
        config: Arc<ShardConfig>,
        hub: mpsc::Sender<ToHub>,
        archive: Archive,
        metrics: Arc<ShardMetrics>,
    ) -> Self {
        Self {
            index,
            config,
            hub,
            archive,
            metrics,
            scratch: RefCell::new(vec![0; READ_BYTES_MAX].into()),
            compression: Rc::default(),
            tick: Cell::new(0),
            conns: RefCell::default(),
            rooms: RefCell::default(),
            dirty: RefCell::default(),
            pages: RefCell::default(),
            ending: Cell::new(false),
            parting: Cell::new(0),
            lingering: Cell::new(0),
            sweep_from: Cell::new(0),
        }
    }

    /// Gives a connection its seat.
    pub(crate) fn seat(
        &self,
        stream: Stream,
        member: MemberId,
        permit: Permit,
        dialect: Dialect,
    ) -> Rc<Conn> {
        let mut conns = self.conns.borrow_mut();
        let entry = conns.vacant_entry();
        let slot = u32::try_from(entry.key()).expect("there are fewer descriptors than that");
        let seat = crate::hub::Seat { shard: self.index, slot };
        let conn = Rc::new(Conn::new(stream, member, seat, permit, dialect, self.tick.get()));
        entry.insert(Rc::clone(&conn));
        self.connections(dialect).add(1);
        conn
    }

    /// What a room is called that someone of this shard is in.
    pub(crate) fn name_of(&self, room: RoomId) -> Option<RoomName> {
        self.rooms.borrow().get(&room).map(|room| room.encoder.name.clone())
    }

    /// The rooms a connection is in, by name.
    pub(crate) fn rooms_of(&self, conn: &Conn) -> Vec<RoomName> {
        let rooms = self.rooms.borrow();
        let state = conn.state.borrow();
        let room = |place: &Place| Some(rooms.get(&place.room)?.encoder.name.clone());
        state.places.iter().filter_map(room).collect()
    }

    /// The last event of a room that has reached this shard, if anybody here is in it.
    pub(crate) fn head_of(&self, room: RoomId) -> Option<Seq> {
        self.rooms.borrow().get(&room).map(|room| room.ring.head())
    }

    /// The room of that name, if the connection is in it.
    pub(crate) fn place_named(&self, conn: &Conn, name: &RoomName) -> Option<RoomId> {
        let rooms = self.rooms.borrow();
        let state = conn.state.borrow();
        let is_it =
            |place: &&Place| rooms.get(&place.room).is_some_and(|room| room.encoder.name == *name);
        state.places.iter().find(is_it).map(|place| place.room)
    }

    /// Takes a connection out of its room and its seat.
    pub(crate) fn unseat(&self, conn: &Conn) {
        self.leave_all(conn);
        self.conns.borrow_mut().remove(conn.seat.slot as usize);
        self.connections(conn.state.borrow().dialect).sub(1);
    }

    /// Writes a connection nothing more of any room.
    pub(crate) fn leave_all(&self, conn: &Conn) {
        let places = conn.state.borrow().places.clone();
        for place in places {
            self.leave(conn, place.room);
        }
    }

    /// The count of the connections that speak it.
    fn connections(&self, dialect: Dialect) -> &Single {
        match dialect {
            Dialect::Line { .. } => &self.metrics.line,
            Dialect::Json { .. } => &self.metrics.ws,
        }
    }

    /// The connection in that seat, if it is still the same.
    fn seated(&self, slot: u32, member: MemberId) -> Option<Rc<Conn>> {
        let conns = self.conns.borrow();
        conns.get(slot as usize).filter(|conn| conn.member == member).cloned()
    }

    /// Takes what has come, and only then writes it to the members.
    fn take_all(&self, messages: impl Iterator<Item = ToShard>) {
        messages.for_each(|message| self.take(message));
        self.flush_rooms();
    }

    /// Takes in a message of the hub. Events wait for [`Shard::flush_rooms`].
    fn take(&self, message: ToShard) {
        match message {
            ToShard::Event { event, present } => {
                let id = event.room;
                if matches!(event.fact, Fact::Deleted { .. }) {
                    // A page may have the text.
                    self.pages.take();
                }
                if let Some(room) = self.rooms.borrow_mut().get_mut(&id) {
                    self.metrics.ring_bytes.add(room.push(event, present) as u64);
                    if !std::mem::replace(&mut room.dirty, true) {
                        self.dirty.borrow_mut().push(id);
                    }
                }
            }
            ToShard::Seated { slot, member, room, name, head } => {
                if let Some(conn) = self.seated(slot, member)
                    && !conn.state.borrow().closing
                {
                    self.enter(&conn, (room, name), head);
                }
            }
            ToShard::Unseated { slot, member, room } => {
                if let Some(conn) = self.seated(slot, member) {
                    self.flush(&conn);
                    self.leave(&conn, room);
                }
            }
            ToShard::PutOut { slot, member, name, by, measure } => {
                self.tell(slot, member, |conn| gateway::put_out(self, conn, name, by, measure));
            }
            ToShard::Displaced { slot, member, from, to } => {
                self.tell(slot, member, |conn| gateway::displaced(self, conn, &from, &to));
            }
            ToShard::DirectSaid { slot, member, told } => {
                self.tell(slot, member, |conn| gateway::direct_said(self, conn, &told));
            }
            ToShard::Read { slot, member, name, seq } => {
                self.tell(slot, member, |conn| gateway::read(self, conn, name, seq));
            }
            ToShard::LoggedOut { slot, member } => {
                self.tell(slot, member, |conn| gateway::logged_out(self, conn));
            }
            ToShard::Reply { slot, member, reply } => {
                self.tell(slot, member, |conn| gateway::reply(self, conn, reply));
            }
            ToShard::Kept { slot, member, mark, seq } => {
                self.tell(slot, member, |conn| gateway::kept(self, conn, mark, seq));
            }
            ToShard::Refused { slot, member, mark, refused } => {
                self.tell(slot, member, |conn| gateway::refused(self, conn, mark, refused));
            }
            ToShard::Whisper { slot, member, whispered } => {
                self.tell(slot, member, |conn| gateway::whisper(self, conn, &whispered));
            }
            ToShard::Typing { room, member, typing } => {
                if let Some(room) = self.rooms.borrow_mut().get_mut(&room) {
                    let text = gateway::ws::typing(&room.encoder.name, &typing);
                    room.pass(&text, Some(member), &self.metrics);
                }
            }
        }
    }

    /// Has something said to a connection, after the events that came before.
    fn tell(&self, slot: u32, member: MemberId, say: impl FnOnce(&Conn)) {
        if let Some(conn) = self.seated(slot, member) {
            self.flush(&conn);
            say(&conn);
            self.flush(&conn);
            conn.wake();
        }
    }

    fn enter(&self, conn: &Rc<Conn>, (id, name): (RoomId, RoomName), head: Seq) {
        self.flush(conn);
        self.leave(conn, id);
        let mut rooms = self.rooms.borrow_mut();
        let room = rooms
            .entry(id)
            .or_insert_with(|| LocalRoom::new(head, name, Rc::clone(&self.compression)));
        let index = room.members.len();
        let cursor = Cursor { next: room.ring.end(), seen: head, behind: false, turn: head };
        room.members.push(Member { conn: Rc::clone(conn), cursor });
        conn.state.borrow_mut().places.push(Place { room: id, index });
    }

    fn leave(&self, conn: &Conn, id: RoomId) {
        let mut state = conn.state.borrow_mut();
        let Some(place) = state.places.iter().position(|place| place.room == id) else { return };
        let index = state.places.swap_remove(place).index;
        let mut rooms = self.rooms.borrow_mut();
        let Some(room) = rooms.get_mut(&id) else { return };
        let left = room.members.swap_remove(index);
        state.behind -= u32::from(left.cursor.behind);
        drop(state);
        if let Some(moved) = room.members.get(index) {
            let mut moved = moved.conn.state.borrow_mut();
            if let Some(place) = moved.places.iter_mut().find(|place| place.room == id) {
                place.index = index;
            }
        }
        if room.members.is_empty() {
            self.metrics.ring_bytes.sub(room.ring.bytes() as u64);
            rooms.remove(&id);
        }
    }

    /// Ends a connection so that its last words arrive, if not too many wait for that already.
    pub(crate) async fn linger(&self, mut stream: Stream) {
        if self.lingering.get() < LINGERING_MAX {
            self.lingering.update(|lingering| lingering + 1);
            let patience = if self.ending.get() { ENDING_LINGER } else { LAST_WORDS };
            linger(&mut stream, patience).await;
            self.lingering.update(|lingering| lingering - 1);
        }
    }

    /// Writes what waits for one connection.
    pub(crate) fn flush(&self, conn: &Conn) {
        let mut rooms = self.rooms.borrow_mut();
        let place = |number: usize| conn.state.borrow().places.get(number).copied();
        let mut number = 0;
        while let Some(Place { room, index }) = place(number) {
            if let Some(LocalRoom { members, ring, .. }) = rooms.get_mut(&room) {
                conn.flush(ring, &mut members[index].cursor, &self.metrics);
            }
            number += 1;
        }
        conn.flush_outbox(&self.metrics);
    }

    /// Writes to every member of every room in which something happened.
    fn flush_rooms(&self) {
        let mut rooms = self.rooms.borrow_mut();
        for id in self.dirty.borrow_mut().drain(..) {
            if let Some(LocalRoom { members, ring, dirty, .. }) = rooms.get_mut(&id) {
                *dirty = false;
                let anyone_behind = Run::new(ring).flush(members, &self.metrics);
                let squeeze = self.metrics.ring_bytes.get() > RINGS_BYTES_MAX as u64;
                self.metrics.ring_bytes.sub(ring.trim(anyone_behind, squeeze) as u64);
            }
        }
    }

    /// Tells the crowded rooms how many are in them, where that has changed.
    fn count_crowds(&self) {
        for room in self.rooms.borrow_mut().values_mut() {
            if let Some(present) = room.count_due.take() {
                let text = gateway::ws::count(&room.encoder.name, present);
                room.pass(&text, None, &self.metrics);
            }
        }
    }

    /// Takes a connection out of its rooms, writes what is left for as long as its client reads,
    /// and closes it.
    pub(crate) async fn part(&self, conn: Rc<Conn>) {
        self.parting.update(|parting| parting + 1);
        self.unseat(&conn);
        if conn.state.borrow().credit.is_some() && !self.ending.get() {
            // The hub outlives every shard.
            let _ = self.hub.send(ToHub::Gone { member: conn.member }).await;
        }
        let written = timeout(LAST_WORDS, self.last_words(&conn)).await;
        if let (Ok(true), Some(conn)) = (written, Rc::into_inner(conn)) {
            // Who sees the end of the connection may come back at once.
            drop(conn.permit);
            self.linger(conn.stream).await;
        }
        self.parting.update(|parting| parting - 1);
    }

    /// Writes what is left to a connection that has no seat any more; whether all of it went.
    async fn last_words(&self, conn: &Conn) -> bool {
        loop {
            self.flush(conn);
            if conn.state.borrow().outbox_empty() && matches!(conn.stream.is_held_up(), Ok(false)) {
                return true;
            }
            if conn.state.borrow().socket == SocketState::Broken
                || conn.stream.writable().await.is_err()
            {
                return false;
            }
            conn.state.borrow_mut().socket = SocketState::Open;
        }
    }

    /// Looks at a part of the connections: who is in no room and has asked for nothing for too long
    /// is told, and let go.
    fn sweep(&self, part: usize) {
        let conns = self.conns.borrow();
        let from = self.sweep_from.get();
        let to = from + conns.capacity().div_ceil(part);
        for slot in from..to {
            let Some(conn) = conns.get(slot) else { continue };
            let state = conn.state.borrow();
            if state.closing {
                continue;
            }
            let (silent, unasked) =
                (self.ticks_since(state.heard_tick), self.ticks_since(asked_tick(&state)));
            let may_go = state.places.is_empty();
            drop(state);
            if may_go && self.config.idle_close_ticks.is_some_and(|most| unasked >= most) {
                self.metrics.idle_closed.add(1);
                gateway::farewell(self, conn, Farewell::Idle);
            } else {
                gateway::watch(self, conn, silent);
            }
        }
        self.sweep_from.set(if to >= conns.capacity() { 0 } else { to });
    }

    fn ticks_since(&self, tick: u32) -> u32 {
        self.tick.get().wrapping_sub(tick)
    }

    /// Tells everyone that the server goes down, and lets them go.
    fn say_goodbye(&self) {
        self.ending.set(true);
        self.flush_rooms();
        for (_, conn) in self.conns.borrow().iter() {
            if !conn.state.borrow().closing {
                gateway::farewell(self, conn, Farewell::ShuttingDown);
            }
        }
    }

    /// Whether nobody is here any more, in whatever protocol.
    fn is_quiet(&self) -> bool {
        self.conns.borrow().is_empty() && self.parting.get() == 0 && self.metrics.http.get() == 0
    }
}

/// One flush of a room: what has happened since the last one, as one run of bytes a dialect, so
/// that the usual member costs one `send` of bytes that are there already.
struct Run<'r> {
    ring: &'r Ring,
    /// The last sequence before the run's first kept event.
    before: Seq,
    /// Who may not get all of it: its authors. Few, or the run is not worth having.
    authors: Vec<MemberId>,
    /// The bytes, and how many events they are.
    runs: [Option<(Vec<u8>, u64)>; Dialect::COUNT],
}

impl<'r> Run<'r> {
    fn new(ring: &'r Ring) -> Self {
        let mut authors: Vec<_> =
            ring.from(ring.flushed()).filter_map(room::Frame::author).collect();
        authors.sort_unstable();
        authors.dedup();
        let first_kept = ring.from(ring.flushed()).find(|frame| frame.is_kept());
        let before = first_kept.map_or(Seq(u64::MAX), |frame| Seq(frame.seq().0 - 1));
        Self { ring, before, authors, runs: [const { None }; Dialect::COUNT] }
    }

    /// Writes to every member; whether someone did not get everything.
    fn flush(mut self, members: &mut [Member], metrics: &ShardMetrics) -> bool {
        let mut anyone_behind = false;
        for Member { conn, cursor } in members {
            if !self.write_run(conn, cursor, metrics) {
                conn.flush(self.ring, cursor, metrics);
            }
            anyone_behind |= cursor.next < self.ring.end();
        }
        anyone_behind
    }

    /// The short way, for a member that has got everything before and has written none of it.
    /// Whether that was all there is to do.
    fn write_run(&mut self, conn: &Conn, cursor: &mut Cursor, metrics: &ShardMetrics) -> bool {
        let ring = self.ring;
        let is_next = !cursor.behind && cursor.next == ring.flushed() && cursor.seen <= self.before;
        if !is_next {
            return false;
        }
        let mut state = conn.state.borrow_mut();
        let dialect = state.dialect;
        let gets_all = dialect.shows_own() || self.authors.binary_search(&conn.member).is_err();
        if !gets_all || !state.takes_runs() {
            return false;
        }
        let (run, count) = self.runs[dialect.index()].get_or_insert_with(|| {
            let forms = ring.from(ring.flushed()).filter_map(|frame| frame.form(dialect));
            forms.fold((Vec::new(), 0), |(mut run, count), form| {
                run.extend_from_slice(form);
                (run, count + 1)
            })
        });
        let sent = if run.is_empty() { 0 } else { conn.write_run(&mut state, run, metrics) };
        if sent == run.len() {
            cursor.advance_all(ring, *count, metrics);
            return true;
        }
        state.push_front(cursor.advance(ring, conn.member, dialect, sent, metrics));
        false
    }
}
