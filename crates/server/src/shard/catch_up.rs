//! Catching up: members behind the ring are given the log, page by page.
//!
//! Many who were away come back to the same place at once. So a page is read once for all who ask
//! for it at about the same time, encoded once a dialect, and mostly sent as one run of bytes.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use ::room::{Event, MemberId, RoomId, Seq};
use bytes::Bytes;
use tokio::sync::OnceCell as Reading;
use wire::Dialect;

use super::cursor::Cursor;
use super::room::{Encoder, Frame, LocalRoom, Ring};
use super::{Conn, Shard, State};
use crate::archive;
use crate::limits::PAGES_MAX;

/// The pages that are there for a moment, by where they begin: in which room, after which event.
#[derive(Default)]
pub(super) struct Pages(Vec<((RoomId, Seq), Rc<Page>)>);

/// Read by whoever asks first; the others wait for that.
type Page = Reading<Events>;

/// Why there is no page.
enum NoPage {
    /// The log cannot be read.
    Away,
    /// The log has no more. Not shared: who asks later asks of a later moment.
    End,
}

/// What a page holds: at least one event.
struct Events {
    frames: Vec<Frame>,
    /// The last sequence before the page.
    before: Seq,
    runs: [OnceCell<Bytes>; Dialect::COUNT],
}

impl Pages {
    fn after(&mut self, room: RoomId, seen: Seq) -> Rc<Page> {
        if let Some((_, page)) = self.0.iter().find(|(place, _)| *place == (room, seen)) {
            return Rc::clone(page);
        }
        if self.0.len() == PAGES_MAX {
            self.0.remove(0);
        }
        let page = Rc::new(Page::new());
        self.0.push(((room, seen), Rc::clone(&page)));
        page
    }
}

impl Events {
    fn new(before: Seq, events: Vec<Event>, encoder: &Rc<Encoder>) -> Self {
        let frame = |event| Frame::new(Arc::new(event), 0, Rc::clone(encoder));
        let frames = events.into_iter().map(frame).collect();
        Self { frames, before, runs: [const { OnceCell::new() }; Dialect::COUNT] }
    }

    /// Whether `member` gets all of it: nothing is left out as her own, and nothing was trimmed
    /// before it.
    fn is_all_for(&self, member: MemberId, dialect: Dialect) -> bool {
        let first = self.frames.first().map_or(self.before, Frame::seq);
        first.0 <= self.before.0 + 1
            && (dialect.shows_own()
                || self.frames.iter().all(|frame| frame.author() != Some(member)))
            && self.frames.iter().zip(first.0..).all(|(frame, seq)| frame.seq().0 == seq)
    }

    /// All of it, in one piece.
    fn run(&self, dialect: Dialect) -> &Bytes {
        self.runs[dialect.index()].get_or_init(|| {
            let forms = self.frames.iter().filter_map(|frame| frame.form(dialect));
            Bytes::from(forms.fold(Vec::new(), |mut run, form| {
                run.extend_from_slice(form);
                run
            }))
        })
    }

    /// Where someone is who was sent so many bytes of the run: after which sequence, how many
    /// events came to her, and the rest of one that was sent in part.
    fn reached(&self, dialect: Dialect, mut sent: usize) -> (Option<Seq>, usize, Option<Bytes>) {
        let (mut reached, mut count) = (None, 0);
        for frame in &self.frames {
            if let Some(form) = frame.form(dialect) {
                if sent == 0 {
                    break;
                }
                count += 1;
                if sent < form.len() {
                    return (Some(frame.seq()), count, Some(form.slice(sent..)));
                }
                sent -= form.len();
            }
            reached = Some(frame.seq());
        }
        (reached, count, None)
    }

    /// What `member` gets of it, and what each part brings her to: not her own words where her
    /// dialect leaves them out, but word of what was trimmed.
    fn parts(
        &self,
        member: MemberId,
        dialect: Dialect,
        encoder: &Encoder,
    ) -> (Vec<Bytes>, Vec<(usize, Seq)>) {
        let mut parts = Vec::with_capacity(self.frames.len());
        let mut ends = Vec::with_capacity(self.frames.len());
        let mut last = self.before;
        for frame in &self.frames {
            if last.next() < frame.seq() {
                parts.push(encoder.missed(dialect, last, frame.seq()));
                ends.push((parts.len(), Seq(frame.seq().0 - 1)));
            }
            last = frame.seq();
            if dialect.shows_own() || frame.author() != Some(member) {
                parts.extend(frame.form(dialect).cloned());
            }
            ends.push((parts.len(), frame.seq()));
        }
        (parts, ends)
    }
}

impl Shard {
    /// Gives a member that is behind the next events from the log. Whether the log could be read.
    ///
    /// Call it only while nothing else waits for the connection. What does not go out is read
    /// again when the socket takes more: nothing is held meanwhile.
    pub(crate) async fn catch_up(&self, conn: &Conn) -> bool {
        let Some((id, seen, head)) = self.first_behind(conn) else { return true };
        let Some(encoder) = self.encoder(id) else { return true };
        let page = self.pages.borrow_mut().after(id, seen);
        let page = page.get_or_try_init(|| self.read_page(id, seen, &encoder)).await;
        if matches!(page, Err(NoPage::Away)) {
            // Who cannot be caught up is listened to all the same.
            self.with_cursor(conn, id, |cursor, _, _| cursor.turn = Seq::START);
            return false;
        }
        let is_there = |cursor: &mut Cursor, _: (&Ring, &Encoder), _: &mut State| {
            cursor.behind && cursor.seen == seen
        };
        if self.with_cursor(conn, id, is_there) == Some(true) {
            match page {
                Ok(events) => self.go_on(conn, id, self.hand_over(conn, events, &encoder), None),
                Err(_) => self.go_on(conn, id, None, Some(head)),
            }
        }
        true
    }

    /// A room in which a connection is behind, how far it got there, and the last that has
    /// happened: what comes while the log is read is not in the answer.
    fn first_behind(&self, conn: &Conn) -> Option<(RoomId, Seq, Seq)> {
        let rooms = self.rooms.borrow();
        conn.state.borrow().places.iter().find_map(|place| {
            let room = rooms.get(&place.room)?;
            let cursor = &room.members[place.index].cursor;
            cursor.behind.then_some((place.room, cursor.seen, room.ring.head()))
        })
    }

    /// Does something with a connection's cursor in a room, if it is in it.
    fn with_cursor<T>(
        &self,
        conn: &Conn,
        id: RoomId,
        work: impl FnOnce(&mut Cursor, (&Ring, &Encoder), &mut State) -> T,
    ) -> Option<T> {
        let mut rooms = self.rooms.borrow_mut();
        let mut state = conn.state.borrow_mut();
        let place = state.places.iter().find(|place| place.room == id)?;
        let LocalRoom { members, ring, encoder, .. } = rooms.get_mut(&id)?;
        Some(work(&mut members[place.index].cursor, (ring, encoder), &mut state))
    }

    /// Has a connection go on in a room after `seen`, as far as the log has more: up to `head`.
    pub(crate) fn resume(&self, conn: &Conn, id: RoomId, seen: Seq, head: Seq) {
        self.with_cursor(conn, id, |cursor, _, state| {
            cursor.seen = seen;
            state.behind += u32::from(cursor.fall_behind(head));
        });
    }

    /// Has a connection go on in a room where [`Shard::resume`] held it, if it missed nothing; else
    /// it reads the log.
    pub(crate) fn release(&self, conn: &Conn, id: RoomId) {
        self.with_cursor(conn, id, |cursor, (ring, _), state| {
            if cursor.behind && ring.base() <= cursor.next {
                cursor.behind = false;
                state.behind -= 1;
            }
        });
    }

    /// Whether a connection has to be caught up before its client is listened to.
    pub(crate) fn is_before_turn(&self, conn: &Conn) -> bool {
        let rooms = self.rooms.borrow();
        conn.state.borrow().places.iter().any(|place| {
            rooms.get(&place.room).is_some_and(|room| {
                let cursor = &room.members[place.index].cursor;
                cursor.behind && cursor.seen < cursor.turn
            })
        })
    }

    /// What a room's events are encoded with, if anybody here is in it.
    fn encoder(&self, id: RoomId) -> Option<Rc<Encoder>> {
        self.rooms.borrow().get(&id).map(|room| Rc::clone(&room.encoder))
    }

    async fn read_page(
        &self,
        room: RoomId,
        seen: Seq,
        encoder: &Rc<Encoder>,
    ) -> Result<Events, NoPage> {
        match self.archive.read(archive::Reading::After(room, seen)).await {
            Some(events) if events.is_empty() => Err(NoPage::End),
            Some(events) => Ok(Events::new(seen, events, encoder)),
            None => Err(NoPage::Away),
        }
    }

    /// Writes a page, as far as the socket takes it; how far that is.
    fn hand_over(&self, conn: &Conn, events: &Events, encoder: &Encoder) -> Option<Seq> {
        let dialect = conn.state.borrow().dialect;
        let takes_run = events.is_all_for(conn.member, dialect) && conn.state.borrow().takes_runs();
        if takes_run && !events.run(dialect).is_empty() {
            let mut state = conn.state.borrow_mut();
            let sent = conn.write_run(&mut state, events.run(dialect), &self.metrics);
            let (reached, count, tail) = events.reached(dialect, sent);
            state.push_front(tail);
            self.metrics.caught_up.add(count as u64);
            return reached;
        }
        let (parts, ends) = events.parts(conn.member, dialect, encoder);
        let done = conn.write_caught_up(&parts, &self.metrics);
        self.metrics.caught_up.add(done as u64);
        ends.iter().rev().find(|(end, _)| *end <= done).map(|(_, seq)| *seq)
    }

    /// A member behind has had its turn: the next one comes when it has got all that has happened
    /// by now.
    pub(crate) fn next_turn(&self, conn: &Conn) {
        let mut rooms = self.rooms.borrow_mut();
        for place in &conn.state.borrow().places {
            if let Some(LocalRoom { members, ring, .. }) = rooms.get_mut(&place.room) {
                members[place.index].cursor.turn = ring.head();
            }
        }
    }

    /// Notes how far a member got in the log, and puts it back on the ring if that reaches there.
    /// `empty_to`: the log has nothing more for it, up to there at least.
    fn go_on(&self, conn: &Conn, id: RoomId, reached: Option<Seq>, empty_to: Option<Seq>) {
        self.with_cursor(conn, id, |cursor, (ring, encoder), state| {
            cursor.seen = reached.unwrap_or(cursor.seen);
            let missed = empty_to.map_or(0, |head| head.0.saturating_sub(cursor.seen.0));
            let trimmed = missed > 0 && ring.resume(cursor.seen).is_none();
            if trimmed {
                let (after, to) = (cursor.seen, Seq(cursor.seen.0 + missed));
                cursor.seen = to;
                state.push(encoder.missed(state.dialect, after, to.next()));
            }
            if let Some(next) = ring.resume(cursor.seen) {
                cursor.next = next;
                cursor.behind = false;
                state.behind -= 1;
            }
        });
    }
}
