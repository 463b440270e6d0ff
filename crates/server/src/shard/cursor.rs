//! A member of a room: a cursor in its ring.
//!
//! The cursors of a room lie beside each other, not with their connections: whoever writes to a
//! thousand members goes along one run of memory.

use std::rc::Rc;

use bytes::Bytes;
use room::{MemberId, Seq};
use wire::Dialect;

use super::conn::Conn;
use super::room::Ring;
use crate::metrics::ShardMetrics;

/// A member of a room on this shard.
pub(super) struct Member {
    pub(super) conn: Rc<Conn>,
    pub(super) cursor: Cursor,
}

/// How far a member has got.
pub(super) struct Cursor {
    /// The position of the next event, in the room's ring.
    pub(super) next: u64,
    /// The sequence of the last kept event it got or need not get.
    pub(super) seen: Seq,
    /// The ring has moved on: it reads the log until it has caught up.
    pub(super) behind: bool,
    /// Behind, it is caught up to here before its client is listened to again: what it asks is
    /// answered after what was said before, and yet a member that never catches up is heard.
    pub(super) turn: Seq,
}

impl Cursor {
    /// From here on it reads the log; `head` is the last that has happened. Whether that is new.
    pub(super) fn fall_behind(&mut self, head: Seq) -> bool {
        self.turn = head;
        !std::mem::replace(&mut self.behind, true)
    }

    /// Sees whether the ring has moved on past the cursor.
    pub(super) fn find(&mut self, ring: &Ring, metrics: &ShardMetrics) -> bool {
        let is_lost = self.next < ring.base() && !self.behind;
        if is_lost {
            self.fall_behind(ring.head());
            metrics.fell_behind.add(1);
        }
        is_lost
    }

    /// What the ring has for this member, from its cursor on.
    pub(super) fn forms<'r>(
        &self,
        ring: &'r Ring,
        member: MemberId,
        dialect: Dialect,
    ) -> impl Iterator<Item = &'r Bytes> + use<'r> {
        let seen = self.seen;
        let from = if self.behind { ring.end() } else { self.next };
        ring.from(from)
            .filter(move |frame| frame.is_for(member, dialect, seen))
            .filter_map(move |frame| frame.form(dialect))
    }

    /// Moves past all that the ring has; a member that was sent `count` events at once.
    pub(super) fn advance_all(&mut self, ring: &Ring, count: u64, metrics: &ShardMetrics) {
        self.next = ring.end();
        self.seen = self.seen.max(ring.head());
        metrics.deliveries.add(count);
    }

    /// Moves past `sent` bytes of what [`Cursor::forms`] gave, and past all that is not for this
    /// member. What is left of an event sent in part.
    pub(super) fn advance(
        &mut self,
        ring: &Ring,
        member: MemberId,
        dialect: Dialect,
        mut sent: usize,
        metrics: &ShardMetrics,
    ) -> Option<Bytes> {
        if self.behind {
            return None;
        }
        let mut tail = None;
        for frame in ring.from(self.next) {
            if frame.is_for(member, dialect, self.seen)
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
            self.next += 1;
            self.seen = self.seen.max(frame.seq());
        }
        tail
    }
}
