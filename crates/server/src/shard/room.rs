//! A room as one shard sees it: which of its connections are in it, and the last events.
//!
//! Every event gets a position; a member's cursor is the position it gets next. Events stay in
//! the ring only while a member of this shard has not got them, and only up to a bound: who is
//! further behind reads the log.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use room::{Event, MemberId, RoomName, Seq};
use wire::Dialect;
use wire::json::limits::NOTICE_PRESENT_MAX;

use super::compression::Compression;
use super::cursor::Member;
use crate::gateway;
use crate::limits::{RING_BYTES_MAX, RING_EVENTS_MAX};
use crate::metrics::ShardMetrics;

/// What the events of a room are encoded with, beside themselves.
pub(super) struct Encoder {
    pub(super) name: RoomName,
    pub(super) compression: Rc<Compression>,
}

impl Encoder {
    /// What a member is told who has got all up to `after`, where the next event that is still
    /// kept is `begins`.
    pub(super) fn missed(&self, dialect: Dialect, after: Seq, begins: Seq) -> Bytes {
        match dialect {
            Dialect::Line { lang, .. } => gateway::line::missed(lang, begins.0 - after.0 - 1),
            Dialect::Json { deflate } => {
                let text = gateway::ws::missed(&self.name, after, begins);
                self.compression.frame(&text, deflate)
            }
        }
    }
}

/// An event in a ring, encoded at most once in each dialect.
pub(super) struct Frame {
    event: Arc<Event>,
    present: u32,
    encoder: Rc<Encoder>,
    forms: [OnceCell<Option<Bytes>>; Dialect::COUNT],
}

impl Frame {
    pub(super) fn new(event: Arc<Event>, present: u32, encoder: Rc<Encoder>) -> Self {
        Self { event, present, encoder, forms: [const { OnceCell::new() }; Dialect::COUNT] }
    }

    /// Its bytes in a dialect; `None` if its members are not shown it.
    pub(super) fn form(&self, dialect: Dialect) -> Option<&Bytes> {
        let Encoder { name, compression } = &*self.encoder;
        let frame = |text: &[u8], deflate| compression.frame(text, deflate);
        self.forms[dialect.index()]
            .get_or_init(|| dialect.encode(&self.event, name, self.present, frame))
            .as_ref()
    }

    /// Where it stands in the log, or after what.
    pub(super) fn seq(&self) -> Seq {
        self.event.seq
    }

    pub(super) fn author(&self) -> Option<MemberId> {
        self.event.fact.author()
    }

    /// Whether a member gets it: not her own where her dialect leaves that out, and not what the
    /// log has already given her.
    pub(super) fn is_for(&self, member: MemberId, dialect: Dialect, seen: Seq) -> bool {
        let is_shown = dialect.shows_own() || self.author() != Some(member);
        is_shown && !(self.is_kept() && self.seq() <= seen)
    }

    pub(super) fn is_kept(&self) -> bool {
        self.event.fact.is_kept()
    }

    /// What it may take in memory: the event, and one form of it.
    fn cost_bytes(&self) -> usize {
        let text = match &self.event.fact {
            room::Fact::Said { text, .. } | room::Fact::Edited { text, .. } => text.as_str().len(),
            room::Fact::TopicSet { topic: Some(topic), .. } => topic.as_str().len(),
            _ => 0,
        };
        size_of::<Self>() + size_of::<Event>() + 2 * text
    }
}

/// A room on one shard.
pub(super) struct LocalRoom {
    pub(super) members: Vec<Member>,
    pub(super) ring: Ring,
    pub(super) encoder: Rc<Encoder>,
    /// How many are in a crowd of which a count is due.
    pub(super) count_due: Option<u32>,
    /// It stands in the shard's list of rooms to flush.
    pub(super) dirty: bool,
}

impl LocalRoom {
    /// With nobody in it yet.
    pub(super) fn new(head: Seq, name: RoomName, compression: Rc<Compression>) -> Self {
        let encoder = Rc::new(Encoder { name, compression });
        let (members, ring) = (Vec::new(), Ring::new(head));
        Self { members, ring, encoder, count_due: None, dirty: false }
    }

    /// Passes a message, beside the order of events, to the members whose protocol knows it and who
    /// have got everything before: who lags behind need not know it.
    pub(super) fn pass(&self, text: &[u8], but: Option<MemberId>, metrics: &ShardMetrics) {
        let mut frames = [const { None }; 2];
        for Member { conn, cursor } in &self.members {
            let mut state = conn.state.borrow_mut();
            let Dialect::Json { deflate } = state.dialect else { continue };
            if Some(conn.member) != but && !cursor.behind && state.takes_runs() {
                let frame = frames[usize::from(deflate)]
                    .get_or_insert_with(|| self.encoder.compression.frame(text, deflate));
                state.push(frame.clone());
                drop(state);
                conn.flush_outbox(metrics);
            }
        }
    }

    /// Adds an event; how many bytes it takes.
    pub(super) fn push(&mut self, event: Arc<Event>, present: u32) -> usize {
        if NOTICE_PRESENT_MAX < present && !event.fact.is_kept() {
            self.count_due = Some(present);
        }
        self.ring.push(Frame::new(event, present, Rc::clone(&self.encoder)))
    }
}

/// The last events of a room.
pub(super) struct Ring {
    frames: VecDeque<Frame>,
    /// The position of the ring's first frame.
    base: u64,
    /// The position up to which the last flush of the room went.
    flushed: u64,
    /// The sequence of the last event that reached this shard.
    head: Seq,
    bytes: usize,
}

impl Ring {
    fn new(head: Seq) -> Self {
        Self { frames: VecDeque::new(), base: 0, flushed: 0, head, bytes: 0 }
    }

    /// Adds an event; how many bytes it takes.
    fn push(&mut self, frame: Frame) -> usize {
        self.head = self.head.max(frame.seq());
        let cost = frame.cost_bytes();
        self.bytes += cost;
        self.frames.push_back(frame);
        cost
    }

    /// The position after the last event.
    pub(super) fn end(&self) -> u64 {
        self.base + self.frames.len() as u64
    }

    /// The position of the first event that is still here.
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// The sequence of the last event that reached this shard.
    pub(super) fn head(&self) -> Seq {
        self.head
    }

    /// The events from a position on, if they are still here.
    pub(super) fn from(&self, position: u64) -> impl Iterator<Item = &Frame> {
        let skip = usize::try_from(position.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.frames.range(skip.min(self.frames.len())..)
    }

    /// The position from which on members are to be written to.
    pub(super) fn flushed(&self) -> u64 {
        self.flushed.max(self.base)
    }

    /// Where a member goes on who has seen the log up to `seen`; `None` if the ring does not
    /// reach back that far.
    pub(super) fn resume(&self, seen: Seq) -> Option<u64> {
        let Some(first) = self.frames.front() else {
            return (seen >= self.head).then(|| self.end());
        };
        let before_first = if first.is_kept() { Seq(first.seq().0 - 1) } else { first.seq() };
        if seen < before_first {
            return None;
        }
        let got = self.frames.iter().take_while(|frame| frame.seq() <= seen).count();
        Some(self.base + got as u64)
    }

    /// After a flush: lets go of what nobody here needs, or what is over the bound. How many
    /// bytes that gave back.
    pub(super) fn trim(&mut self, anyone_behind: bool, squeeze: bool) -> usize {
        let before = self.bytes;
        self.flushed = self.end();
        while let Some(first) = self.frames.front() {
            let over = self.bytes > RING_BYTES_MAX || self.frames.len() > RING_EVENTS_MAX;
            if anyone_behind && !squeeze && !over {
                break;
            }
            self.bytes -= first.cost_bytes();
            self.frames.pop_front();
            self.base += 1;
        }
        if self.frames.is_empty() {
            // A burst's memory is given back.
            self.frames.shrink_to(16);
        }
        before - self.bytes
    }

    /// Bytes in the ring.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use room::{Fact, Nick, RoomId, Text, UnixMs};

    use super::*;

    fn frame(event: Event, present: u32) -> Frame {
        let name = RoomName::parse("sala").unwrap();
        let encoder = Encoder { name, compression: Rc::default() };
        Frame::new(Arc::new(event), present, Rc::new(encoder))
    }

    fn said(seq: u64) -> Event {
        let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
        let text = Text::new("oi").unwrap();
        let fact = Fact::Said { member, account: None, nick, text, reply: None, key: None };
        Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(0), fact }
    }

    fn entered(seq: u64) -> Event {
        let (member, nick) = (MemberId(2), Nick::parse("bia").unwrap());
        let fact = Fact::Entered { member, account: None, nick, again: false };
        Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(0), fact }
    }

    #[test]
    fn a_member_goes_on_where_the_log_ended() {
        let mut ring = Ring::new(Seq(4));
        assert_eq!(ring.resume(Seq(3)), None, "an event before this shard's first is missing");
        assert_eq!(ring.resume(Seq(4)), Some(0));
        for event in [said(5), entered(5), said(6)] {
            ring.push(frame(event, 2));
        }
        assert_eq!(ring.resume(Seq(3)), None);
        assert_eq!(ring.resume(Seq(4)), Some(0));
        assert_eq!(ring.resume(Seq(5)), Some(2));
        assert_eq!(ring.resume(Seq(6)), Some(3));
        assert_eq!(ring.resume(Seq(9)), Some(3), "the log is ahead of the shard");
        ring.trim(false, false);
        assert_eq!(ring.resume(Seq(5)), None);
        assert_eq!(ring.resume(Seq(6)), Some(3));
    }

    #[test]
    fn the_ring_is_bounded_while_someone_is_behind() {
        let mut ring = Ring::new(Seq(0));
        for seq in 1..=3 * RING_EVENTS_MAX as u64 {
            ring.push(frame(said(seq), 1));
            ring.trim(true, false);
            assert!(ring.bytes() <= RING_BYTES_MAX && ring.frames.len() <= RING_EVENTS_MAX);
        }
        assert!(ring.base() > 0 && ring.bytes() > 0);
        ring.trim(true, true);
        assert_eq!((ring.bytes(), ring.base()), (0, ring.end()));
    }
}
