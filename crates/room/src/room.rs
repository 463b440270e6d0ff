//! One room: its state, and how events change it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, Visibility};

/// What of a room outlives the server: what folding the kept events of its log gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The number of its log.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// Members it holds at most.
    pub capacity: u32,
    /// Who may find it.
    pub visibility: Visibility,
    /// What it is about.
    pub topic: Option<Text>,
    /// The position of the last event of its log.
    pub head: Seq,
    /// When that event happened; of a room that was entered or left since, when that was, which no
    /// log keeps.
    pub active_at: UnixMs,
}

/// A room: what its log says of it, and who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    kept: Snapshot,
    /// In order of entry.
    members: BTreeMap<u64, (MemberId, Nick)>,
    entry_by_member: FxHashMap<MemberId, u64>,
    entries: u64,
}

impl Room {
    /// The room that `created`, the first event of its log, makes; `None` if it is another event.
    #[must_use]
    pub fn created(event: &Event) -> Option<Self> {
        let Fact::Created { name, capacity, visibility, by: _ } = &event.fact else { return None };
        Some(Self::restored(Snapshot {
            id: event.room,
            name: name.clone(),
            capacity: *capacity,
            visibility: *visibility,
            topic: None,
            head: event.seq,
            active_at: event.at,
        }))
    }

    /// The room as the log left it, with nobody in it.
    #[must_use]
    pub fn restored(kept: Snapshot) -> Self {
        Self { kept, members: BTreeMap::new(), entry_by_member: FxHashMap::default(), entries: 0 }
    }

    /// Applies an event after the first. Cannot refuse: what the log holds has happened.
    ///
    /// # Panics
    ///
    /// If the event contradicts the state: another room's, out of order, a member twice, more
    /// members than the capacity. The room must then be rebuilt from its log.
    pub fn apply(&mut self, event: &Event) {
        assert_eq!(event.room, self.kept.id, "an event of another room");
        if event.fact.is_kept() {
            assert_eq!(event.seq, self.kept.head.next(), "a gap in the log");
            self.kept.head = event.seq;
            self.kept.active_at = event.at;
        } else {
            assert_eq!(event.seq, self.kept.head, "a passing event out of its place");
        }
        match &event.fact {
            Fact::Created { .. } => panic!("a room is made once"),
            Fact::Said { .. }
            | Fact::Edited { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. } => {}
            Fact::TopicSet { topic, .. } => self.kept.topic.clone_from(topic),
            Fact::Entered { member, nick } => {
                let before = self.entry_by_member.insert(*member, self.entries);
                assert_eq!(before, None, "{member:?} entered twice");
                self.members.insert(self.entries, (*member, nick.clone()));
                self.entries += 1;
                self.kept.active_at = self.kept.active_at.max(event.at);
            }
            Fact::Left { member, .. } => {
                let entry = self.entry_by_member.remove(member).expect("who leaves is in");
                self.members.remove(&entry);
                // An empty room ages from its last member's leaving on.
                self.kept.active_at = self.kept.active_at.max(event.at);
            }
            Fact::Renamed { member, to, .. } => {
                let entry = self.entry_by_member[member];
                self.members.insert(entry, (*member, to.clone()));
            }
        }
        debug_assert_eq!(self.members.len(), self.entry_by_member.len());
        assert!(self.present() <= self.kept.capacity, "over capacity");
    }

    /// Takes back the last event, a [`Fact::Said`], which the log refused. It changed nothing but
    /// the head, and when something last happened, which stays: someone was there to say it.
    ///
    /// # Panics
    ///
    /// If `event` is not the last one said.
    pub fn unsay(&mut self, event: &Event) {
        assert!(matches!(event.fact, Fact::Said { .. }), "only what was said can be unsaid");
        assert_eq!(event.seq, self.kept.head, "not the last event");
        self.kept.head = Seq(event.seq.0 - 1);
    }

    /// What of it outlives the server.
    #[must_use]
    pub const fn kept(&self) -> &Snapshot {
        &self.kept
    }

    /// How many are in it.
    #[must_use]
    pub fn present(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// Whether `member` is in it.
    #[must_use]
    pub fn holds(&self, member: MemberId) -> bool {
        self.entry_by_member.contains_key(&member)
    }

    /// Who is in it, in order of entry.
    pub fn members(&self) -> impl Iterator<Item = (MemberId, &Nick)> {
        self.members.values().map(|(member, nick)| (*member, nick))
    }
}
