//! Where one is: the room, one's nick there, and how far one has read.

use std::collections::BTreeSet;

use room::{Nick, RoomName};

use crate::limits::ACKED_MAX;

/// A room one is in, with the cursor in its log.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) room: RoomName,
    pub(super) nick: Nick,
    /// The guest link it is entered by, if it is.
    pub(super) link: Option<String>,
    /// The last sequence that was shown, or before which everything was.
    last: Option<u64>,
    /// The room's last sequence when it was entered.
    base: Option<u64>,
    /// Own messages after the cursor that are on the disk: they were shown when they were typed.
    acked: BTreeSet<u64>,
    /// The greatest sequence of an own message that is on the disk.
    acked_last: u64,
    /// A message is on its way, and all there was before it has at most this sequence.
    doubt_after: Option<u64>,
}

impl Place {
    pub(super) fn new(room: RoomName, nick: Nick) -> Self {
        let acked = BTreeSet::new();
        Self {
            room,
            nick,
            link: None,
            last: None,
            base: None,
            acked,
            acked_last: 0,
            doubt_after: None,
        }
    }

    /// What `--CURSOR` is to be asked for; `None` while nothing is known.
    ///
    /// Others' later lines may come before an own message is acknowledged, so the log is read
    /// from where that message was sent.
    pub(super) fn resume_after(&self) -> Option<u64> {
        self.cursor().map(|cursor| self.doubt_after.map_or(cursor, |after| after.min(cursor)))
    }

    /// A message is sent.
    pub(super) fn doubt(&mut self) {
        self.doubt_after = self.cursor().map(|cursor| cursor.max(self.acked_last));
    }

    /// The message that was sent is known to be kept, or refused.
    pub(super) fn settle(&mut self) {
        self.doubt_after = None;
    }

    /// Whether `seq` may be the message on its way.
    pub(super) fn may_be_in_doubt(&self, seq: u64) -> bool {
        self.doubt_after.is_some_and(|after| after < seq)
    }

    /// What was read up to here; `None` while nothing is known.
    pub(super) fn cursor(&self) -> Option<u64> {
        self.last.or(self.base)
    }

    /// The room's last sequence on entering is known.
    pub(super) fn entered_at(&mut self, seq: u64) {
        self.base = Some(seq);
    }

    /// The log's line `seq` has come.
    pub(super) fn advance(&mut self, seq: u64) {
        self.last = Some(seq);
        self.acked = self.acked.split_off(&seq.saturating_add(1));
    }

    /// An own message is on the disk as `seq`.
    pub(super) fn acknowledge(&mut self, seq: u64) {
        self.acked_last = self.acked_last.max(seq);
        if self.cursor().is_some_and(|cursor| seq <= cursor) {
            return;
        }
        self.acked.insert(seq);
        if self.acked.len() > ACKED_MAX
            && let Some(oldest) = self.acked.pop_first()
        {
            self.advance(oldest);
        }
    }

    /// Whether `seq` is an own message that is known to be kept.
    pub(super) fn is_acked(&self, seq: u64) -> bool {
        self.acked.contains(&seq)
    }
}

#[test]
fn the_cursor_follows_what_came_and_not_what_was_acknowledged() {
    let name = |text| (RoomName::parse(text).unwrap(), Nick::parse(text).unwrap());
    let (room, nick) = name("a");
    let mut place = Place::new(room, nick);
    assert_eq!(place.cursor(), None);
    place.entered_at(5);
    place.acknowledge(7);
    assert_eq!((place.cursor(), place.is_acked(7)), (Some(5), true));
    place.doubt();
    assert_eq!((place.may_be_in_doubt(7), place.may_be_in_doubt(8)), (false, true));
    assert_eq!(place.resume_after(), Some(5));
    place.advance(6);
    assert_eq!((place.cursor(), place.is_acked(7)), (Some(6), true));
    place.advance(8);
    assert_eq!((place.cursor(), place.is_acked(7)), (Some(8), false));
    assert_eq!(place.resume_after(), Some(7));
    place.settle();
    assert_eq!(place.resume_after(), Some(8));
    for seq in 10..=10 + ACKED_MAX as u64 {
        place.acknowledge(seq);
    }
    assert_eq!((place.cursor(), place.acked.len()), (Some(10), ACKED_MAX));
}
