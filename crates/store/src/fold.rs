//! What each room's log says of the room, kept up to date event by event.
//!
//! Every back end checks and folds through this, so that all refuse the same appends and a start
//! never has to read the logs again.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use room::{Event, Fact, RoomId, Seq, Snapshot};
use rustc_hash::FxHashMap;

use crate::APPEND_EVENTS_MAX;

/// Messages of which each is compared with those before it rather than staged.
const FEW_EVENTS: usize = 16;

/// Why a batch is none: a fault of the caller. Nothing of it was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfPlace {
    /// More than [`APPEND_EVENTS_MAX`] events.
    #[error("a batch of {0} events, more than {APPEND_EVENTS_MAX}")]
    TooMany(usize),
    /// A fact that only passes ([`Fact::is_kept`]).
    #[error("an event of {0:?} that is not kept")]
    NotKept(RoomId),
    /// A position that is not the next one of its room.
    #[error("{room:?}: position {found:?} where {expected:?} is next")]
    Gap {
        /// Where.
        room: RoomId,
        /// The next position.
        expected: Seq,
        /// The one given.
        found: Seq,
    },
    /// A message that is changed before it is said.
    #[error("{room:?}: position {seq:?} changes {target:?}, which does not come before it")]
    Target {
        /// Where.
        room: RoomId,
        /// The position of what changes it.
        seq: Seq,
        /// The message.
        target: Seq,
    },
    /// The first event of a room that does not make it, or a later one that does.
    #[error("{0:?} is made by its first event, and once")]
    Creation(RoomId),
}

/// What the log knows of one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) snapshot: Snapshot,
    /// How many messages the log holds of it, deleted ones included.
    pub(crate) messages: u64,
}

/// What the log knows of every room.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rooms(FxHashMap<RoomId, Kept>);

/// Whether positions may be passed over: what another log has trimmed has none here either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gaps {
    Refused,
    Taken,
}

/// What a batch makes of the rooms it touches. True only once the batch is written.
pub(crate) struct Staged(FxHashMap<RoomId, Kept>);

impl Staged {
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &Kept> {
        self.0.values()
    }
}

impl Rooms {
    pub(crate) fn new(kept: impl IntoIterator<Item = Kept>) -> Self {
        Self(kept.into_iter().map(|kept| (kept.snapshot.id, kept)).collect())
    }

    /// What `events` would make of the rooms; changes nothing.
    pub(crate) fn stage(&self, events: &[Event]) -> Result<Staged, OutOfPlace> {
        if events.len() > APPEND_EVENTS_MAX {
            return Err(OutOfPlace::TooMany(events.len()));
        }
        self.stage_with(events, Gaps::Refused)
    }

    /// The same of as many as there are, with or without gaps.
    pub(crate) fn stage_with(&self, events: &[Event], gaps: Gaps) -> Result<Staged, OutOfPlace> {
        let mut staged: FxHashMap<RoomId, Kept> = FxHashMap::default();
        for event in events {
            if !event.fact.is_kept() {
                return Err(OutOfPlace::NotKept(event.room));
            }
            if let Entry::Vacant(vacant) = staged.entry(event.room)
                && let Some(kept) = self.0.get(&event.room)
            {
                vacant.insert(kept.clone());
            }
            let known = staged.get_mut(&event.room);
            let head = known.as_ref().map_or(Seq::START, |kept| kept.snapshot.head);
            let is_in_place = match gaps {
                Gaps::Refused => event.seq == head.next(),
                Gaps::Taken => event.seq > head,
            };
            if !is_in_place {
                let (room, expected, found) = (event.room, head.next(), event.seq);
                return Err(OutOfPlace::Gap { room, expected, found });
            }
            if let Some(target) = event.fact.target().filter(|target| *target >= event.seq) {
                return Err(OutOfPlace::Target { room: event.room, seq: event.seq, target });
            }
            match known {
                Some(kept) => kept.fold(event)?,
                None => {
                    staged.insert(event.room, Kept::created(event)?);
                }
            }
        }
        Ok(Staged(staged))
    }

    /// Whether `events` are a few messages, each of which follows in its room, as most batches are:
    /// then nothing has to be staged for them.
    pub(crate) fn are_next_said(&self, events: &[Event]) -> bool {
        let is_next = |(place, event): (usize, &Event)| {
            let is_plain = matches!(event.fact, Fact::Said { reply: None, .. });
            let before = events[..place].iter().rfind(|before| before.room == event.room);
            let head = match before {
                Some(before) => Some(before.seq),
                None => self.0.get(&event.room).map(|kept| kept.snapshot.head),
            };
            is_plain && head.is_some_and(|head| head.next() == event.seq)
        };
        events.len() <= FEW_EVENTS && events.iter().enumerate().all(is_next)
    }

    /// Makes true a message that [`Rooms::are_next_said`] approved, now that it is written.
    pub(crate) fn said(&mut self, event: &Event) {
        if let Some(kept) = self.0.get_mut(&event.room) {
            kept.messages += 1;
            kept.snapshot.head = event.seq;
            kept.snapshot.active_at = event.at;
        }
    }

    /// Makes true what was staged, now that it is written.
    pub(crate) fn commit(&mut self, staged: Staged) {
        self.0.extend(staged.0);
    }

    /// Forgets a room.
    pub(crate) fn remove(&mut self, room: RoomId) {
        self.0.remove(&room);
    }

    pub(crate) fn get_mut(&mut self, room: RoomId) -> Option<&mut Kept> {
        self.0.get_mut(&room)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.0.values()
    }

    /// The rooms in order of number.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        let mut snapshots: Vec<_> = self.0.values().map(|kept| kept.snapshot.clone()).collect();
        snapshots.sort_unstable_by_key(|snapshot| snapshot.id);
        snapshots
    }
}

impl Kept {
    fn created(event: &Event) -> Result<Self, OutOfPlace> {
        let Fact::Created { name, capacity, visibility, by: _ } = &event.fact else {
            return Err(OutOfPlace::Creation(event.room));
        };
        let snapshot = Snapshot {
            id: event.room,
            name: name.clone(),
            capacity: *capacity,
            visibility: *visibility,
            topic: None,
            moderation: Arc::default(),
            head: event.seq,
            active_at: event.at,
        };
        Ok(Self { snapshot, messages: 0 })
    }

    fn fold(&mut self, event: &Event) -> Result<(), OutOfPlace> {
        match &event.fact {
            Fact::Said { .. } | Fact::Erased { edited: None, .. } => self.messages += 1,
            Fact::Edited { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { edited: Some(_), .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. } => {}
            Fact::TopicSet { topic, .. } => self.snapshot.topic.clone_from(topic),
            Fact::Moderated { nick, measure, .. } => {
                self.snapshot.moderate(measure, nick, event.at);
            }
            Fact::Created { .. } => return Err(OutOfPlace::Creation(event.room)),
            Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => {
                return Err(OutOfPlace::NotKept(event.room));
            }
        }
        self.snapshot.head = event.seq;
        self.snapshot.active_at = event.at;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{created, deleted, said};

    #[test]
    fn few_messages_need_no_staging_where_staging_would_change_the_same() {
        let start = [created(1, "um"), created(2, "dois")];
        let mut rooms = Rooms::default();
        rooms.commit(rooms.stage(&start).unwrap());
        let many: Vec<_> = (2..=FEW_EVENTS as u64 + 2).map(|seq| said(1, seq, "x")).collect();
        let reply = |seq, to| {
            let mut event = said(1, seq, "x");
            let Fact::Said { reply, .. } = &mut event.fact else { unreachable!() };
            *reply = Some(Box::new(room::Reply { to: Seq(to), quote: None }));
            event
        };
        for (events, is_plain) in [
            (vec![said(1, 2, "a")], true),
            (vec![said(1, 2, "a"), said(2, 2, "b"), said(1, 3, "c"), said(2, 3, "d")], true),
            (many[..FEW_EVENTS].to_vec(), true),
            (many, false),
            (vec![said(1, 2, "a"), said(2, 2, "b"), said(1, 4, "c")], false),
            (vec![said(1, 2, "a"), said(1, 2, "b")], false),
            (vec![said(1, 3, "a")], false),
            (vec![said(3, 1, "a")], false),
            (vec![said(1, 2, "a"), reply(3, 2)], false),
            (vec![said(1, 2, "a"), deleted(1, 3, 2)], false),
        ] {
            assert_eq!(rooms.are_next_said(&events), is_plain, "{events:?}");
            if is_plain {
                let (mut staged, mut plain) = (rooms.clone(), rooms.clone());
                staged.commit(rooms.stage(&events).unwrap());
                for event in &events {
                    plain.said(event);
                }
                assert_eq!(plain.snapshots(), staged.snapshots());
                assert!(plain.iter().all(|kept| staged.0[&kept.snapshot.id] == *kept));
            }
        }
    }
}
