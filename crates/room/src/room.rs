//! One room: its state, and how events change it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::{
    Event, Fact, Invitation, LinkId, Measure, MemberId, Moderation, Nick, Role, RoomId, RoomName,
    Seq, Text, UnixMs, Visibility,
};

/// Of so many who spoke in slow mode it is remembered when, before those who may speak again are
/// forgotten.
const SPOKEN_FORGET_MIN: usize = 1024;

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
    /// What those with rights have laid down. Shared: a clone costs nothing.
    pub moderation: Arc<Moderation>,
    /// The position of the last event of its log.
    pub head: Seq,
    /// When that event happened; of a room that was entered or left since, when that was, which no
    /// log keeps.
    pub active_at: UnixMs,
}

/// What a list of rooms shows of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is called.
    pub name: RoomName,
    /// How many are in it.
    pub present: u32,
    /// Members it holds at most.
    pub capacity: u32,
    /// What it is about.
    pub topic: Option<Text>,
}

impl Snapshot {
    /// Makes a measure true, which `by` took at `at`. Position and time are the caller's to set.
    pub fn moderate(&mut self, measure: &Measure, by: &Nick, at: UnixMs) {
        match measure {
            Measure::Visibility(visibility) => self.visibility = *visibility,
            Measure::Capacity(capacity) => self.capacity = *capacity,
            Measure::Kicked { .. } => {}
            Measure::Banned { .. }
            | Measure::Unbanned { .. }
            | Measure::Muted { .. }
            | Measure::Unmuted { .. }
            | Measure::RoleSet { .. }
            | Measure::SlowMode { .. }
            | Measure::Filter { .. }
            | Measure::Retention(_)
            | Measure::Purged { .. }
            | Measure::Raid { .. } => Arc::make_mut(&mut self.moderation).apply(measure, by, at),
        }
    }
}

/// A room: what its log says of it, and who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    kept: Snapshot,
    /// In order of entry.
    members: BTreeMap<u64, (MemberId, Nick)>,
    entry_by_member: FxHashMap<MemberId, u64>,
    entries: u64,
    /// The session that made it, if she was not logged in: its owner while she is connected.
    maker: Option<MemberId>,
    /// Of those in it who came by a guest link: which, and what she is by it.
    invited: FxHashMap<MemberId, (LinkId, Role)>,
    /// In slow mode, when each session spoke last.
    spoken: FxHashMap<MemberId, UnixMs>,
    /// How many of them are too many.
    spoken_max: usize,
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
            moderation: Arc::default(),
            head: event.seq,
            active_at: event.at,
        }))
    }

    /// The room as the log left it, with nobody in it.
    #[must_use]
    pub fn restored(kept: Snapshot) -> Self {
        Self {
            kept,
            members: BTreeMap::new(),
            entry_by_member: FxHashMap::default(),
            entries: 0,
            maker: None,
            invited: FxHashMap::default(),
            spoken: FxHashMap::default(),
            spoken_max: SPOKEN_FORGET_MIN,
        }
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
            Fact::Said { member, .. } => {
                if self.kept.moderation.slow_s() > 0 {
                    self.note_spoken(*member, event.at);
                }
            }
            Fact::Edited { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. } => {}
            Fact::Moderated { nick, measure, .. } => {
                self.kept.moderate(measure, nick, event.at);
                if self.kept.moderation.slow_s() == 0 {
                    self.spoken = FxHashMap::default();
                }
            }
            Fact::TopicSet { topic, .. } => self.kept.topic.clone_from(topic),
            Fact::Entered { member, account: _, nick, again: _ } => {
                assert!(self.present() < self.kept.capacity, "over capacity");
                let before = self.entry_by_member.insert(*member, self.entries);
                assert_eq!(before, None, "{member:?} entered twice");
                self.members.insert(self.entries, (*member, nick.clone()));
                self.entries += 1;
                self.kept.active_at = self.kept.active_at.max(event.at);
            }
            Fact::Left { member, .. } => {
                let entry = self.entry_by_member.remove(member).expect("who leaves is in");
                self.members.remove(&entry);
                self.invited.remove(member);
                // An empty room ages from its last member's leaving on.
                self.kept.active_at = self.kept.active_at.max(event.at);
            }
            Fact::Renamed { member, to, .. } => {
                let entry = self.entry_by_member[member];
                self.members.insert(entry, (*member, to.clone()));
            }
        }
        debug_assert_eq!(self.members.len(), self.entry_by_member.len());
    }

    fn note_spoken(&mut self, member: MemberId, at: UnixMs) {
        self.spoken.insert(member, at);
        if self.spoken.len() >= self.spoken_max {
            let slow_ms = u64::from(self.kept.moderation.slow_s()) * 1000;
            self.spoken.retain(|_, spoken| at.since(*spoken) < slow_ms);
            self.spoken_max = SPOKEN_FORGET_MIN.max(2 * self.spoken.len());
        }
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

    /// Milliseconds until `member` may speak again, in slow mode; 0: now.
    pub(crate) fn wait_ms(&self, member: MemberId, now: UnixMs) -> u64 {
        let slow_ms = u64::from(self.kept.moderation.slow_s()) * 1000;
        let spoken = self.spoken.get(&member);
        spoken.map_or(0, |spoken| slow_ms.saturating_sub(now.since(*spoken)))
    }

    /// The session that made it, if she was not logged in.
    pub(crate) const fn maker(&self) -> Option<MemberId> {
        self.maker
    }

    /// Takes note of the session that made it.
    pub(crate) const fn set_maker(&mut self, maker: Option<MemberId>) {
        self.maker = maker;
    }

    /// Takes note of the guest link by which someone has come in.
    pub(crate) fn set_invited(&mut self, member: MemberId, invitation: &Invitation) {
        self.invited.insert(member, (invitation.link, invitation.role));
    }

    /// The same of all who are in `broken`, the same room.
    pub(crate) fn set_all_invited(&mut self, broken: &Self) {
        self.invited.clone_from(&broken.invited);
    }

    /// How many are in it by a guest link.
    pub(crate) fn present_by(&self, link: LinkId) -> u32 {
        let here = self.invited.values().filter(|(by, _)| *by == link).count();
        u32::try_from(here).unwrap_or(u32::MAX)
    }

    /// What someone is who came in by a guest link.
    pub(crate) fn role_by_link(&self, member: MemberId) -> Option<Role> {
        self.invited.get(&member).map(|(_, role)| *role)
    }

    /// What of it outlives the server.
    #[must_use]
    pub const fn kept(&self) -> &Snapshot {
        &self.kept
    }

    /// Whether it is a room of two: nobody else may enter, and nobody has any right there that not
    /// everyone has everywhere.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.kept.name.pair().is_some()
    }

    /// What a list shows of it.
    #[must_use]
    pub fn listed(&self) -> Listed {
        Listed {
            name: self.kept.name.clone(),
            present: self.present(),
            capacity: self.kept.capacity,
            topic: self.kept.topic.clone(),
        }
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
