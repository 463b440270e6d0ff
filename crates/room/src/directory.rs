//! All the rooms of one server, and everyone who has a nick on it.

use std::collections::{BTreeMap, HashMap, HashSet};

use rustc_hash::FxHashMap;

use crate::{
    AccountId, Decision, Event, Fact, MemberId, Nick, Room, RoomId, RoomName, Snapshot, UnixMs,
    Visibility,
};

/// Someone who has a nick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// What she is called.
    pub nick: Nick,
    /// The account she is logged in to. No command logs in yet, so there is none.
    pub account: Option<AccountId>,
    /// Where she is. One room over the line protocol; several where a protocol can show several.
    pub rooms: HashSet<RoomId>,
}

/// The rooms of one server by name and by number, and who is present by nick and by session.
///
/// Every look-up is O(1) or O(log rooms).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    rooms_max: usize,
    next_room: RoomId,
    rooms: FxHashMap<RoomId, Room>,
    room_by_name: BTreeMap<RoomName, RoomId>,
    present: FxHashMap<MemberId, Present>,
    member_by_nick: HashMap<Nick, MemberId>,
}

impl Directory {
    /// The directory of a server whose log holds these rooms. More than `rooms_max` are never
    /// made; those the log already holds stay.
    #[must_use]
    pub fn new(rooms_max: usize, kept: impl IntoIterator<Item = Snapshot>) -> Self {
        let rooms: FxHashMap<_, _> =
            kept.into_iter().map(|kept| (kept.id, Room::restored(kept))).collect();
        let next_room = rooms.keys().max().map_or(RoomId(1), |last| RoomId(last.0 + 1));
        let room_by_name =
            rooms.values().map(|room| (room.kept().name.clone(), room.kept().id)).collect();
        Self {
            rooms_max,
            next_room,
            rooms,
            room_by_name,
            present: FxHashMap::default(),
            member_by_nick: HashMap::new(),
        }
    }

    /// Gives no room a number up to `last` any more: the log knows the last one that was given,
    /// even if that room is gone.
    pub fn never_again(&mut self, last: RoomId) {
        self.next_room = self.next_room.max(RoomId(last.0 + 1));
    }

    /// Makes a decision true, whose kept events the log has accepted.
    ///
    /// # Panics
    ///
    /// If it was decided on another state than this one.
    pub fn apply(&mut self, decision: &Decision) {
        if let Some((member, nick)) = &decision.called {
            self.call(*member, nick.clone());
        }
        for event in &decision.events {
            self.apply_event(event);
        }
        if let Some(member) = decision.gone {
            let gone = self.present.remove(&member).expect("who goes was present");
            assert!(gone.rooms.is_empty(), "who goes has left her rooms");
            self.member_by_nick.remove(&gone.nick);
        }
    }

    fn call(&mut self, member: MemberId, nick: Nick) {
        if let Some(present) = self.present.get_mut(&member) {
            self.member_by_nick.remove(&present.nick);
            present.nick = nick.clone();
        } else {
            let present = Present { nick: nick.clone(), account: None, rooms: HashSet::new() };
            self.present.insert(member, present);
        }
        let before = self.member_by_nick.insert(nick, member);
        assert_eq!(before, None, "a nick held twice");
    }

    fn apply_event(&mut self, event: &Event) {
        match &event.fact {
            Fact::Created { name, .. } => {
                let room = Room::created(event).expect("the event is a creation");
                let before = self.room_by_name.insert(name.clone(), event.room);
                assert_eq!(before, None, "a room's name held twice");
                self.rooms.insert(event.room, room);
                self.next_room = self.next_room.max(RoomId(event.room.0 + 1));
                return;
            }
            Fact::Entered { member, .. } => {
                self.present
                    .get_mut(member)
                    .expect("who enters has a nick")
                    .rooms
                    .insert(event.room);
            }
            Fact::Left { member, .. } => {
                self.present
                    .get_mut(member)
                    .expect("who leaves has a nick")
                    .rooms
                    .remove(&event.room);
            }
            Fact::Said { .. }
            | Fact::Edited { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. }
            | Fact::TopicSet { .. }
            | Fact::Renamed { .. } => {}
        }
        self.rooms.get_mut(&event.room).expect("events are of rooms that exist").apply(event);
    }

    /// Takes back messages which the log refused; `said` in the order in which they were applied.
    ///
    /// # Panics
    ///
    /// If they are not the last of their rooms.
    pub fn unsay<'e>(&mut self, said: impl DoubleEndedIterator<Item = &'e Event>) {
        for event in said.rev() {
            self.rooms.get_mut(&event.room).expect("it was said in a room").unsay(event);
        }
    }

    /// Puts a room back as the log has it, with those who are in it, after an event broke it.
    pub fn rebuild(&mut self, kept: Snapshot) {
        let id = kept.id;
        let mut room = Room::restored(kept);
        let (seq, at) = (room.kept().head, room.kept().active_at);
        let mut members: Vec<_> =
            self.present.iter().filter(|(_, present)| present.rooms.contains(&id)).collect();
        members.sort_unstable_by_key(|(member, _)| **member);
        for (member, present) in members {
            let fact = Fact::Entered { member: *member, nick: present.nick.clone() };
            room.apply(&Event { room: id, seq, at, fact });
        }
        self.rooms.insert(id, room);
    }

    /// The rooms that have had nobody in them and nothing said for `idle_ms`, unlisted ones too.
    #[must_use]
    pub fn idle_rooms(&self, now: UnixMs, idle_ms: u64) -> Vec<RoomId> {
        self.rooms
            .values()
            .filter(|room| room.present() == 0 && now.since(room.kept().active_at) >= idle_ms)
            .map(|room| room.kept().id)
            .collect()
    }

    /// Takes away a room that is empty; its name is free again. Whether it did.
    pub fn remove(&mut self, room: RoomId) -> bool {
        match self.rooms.get(&room) {
            Some(empty) if empty.present() == 0 => {
                self.room_by_name.remove(&empty.kept().name);
                self.rooms.remove(&room);
                true
            }
            _ => false,
        }
    }

    /// The room with that number.
    #[must_use]
    pub fn room(&self, room: RoomId) -> Option<&Room> {
        self.rooms.get(&room)
    }

    /// The room of that name.
    #[must_use]
    pub fn room_named(&self, name: &RoomName) -> Option<&Room> {
        self.room_by_name.get(name).map(|room| &self.rooms[room])
    }

    /// The rooms that everyone may see, in order of name.
    pub fn public_rooms(&self) -> impl Iterator<Item = &Room> {
        self.room_by_name
            .values()
            .map(|room| &self.rooms[room])
            .filter(|room| room.kept().visibility == Visibility::Public)
    }

    /// Who that session is, if it has a nick.
    #[must_use]
    pub fn present(&self, member: MemberId) -> Option<&Present> {
        self.present.get(&member)
    }

    /// Who holds that nick.
    #[must_use]
    pub fn called(&self, nick: &Nick) -> Option<MemberId> {
        self.member_by_nick.get(nick).copied()
    }

    /// How many rooms there are.
    #[must_use]
    pub fn rooms_len(&self) -> usize {
        self.rooms.len()
    }

    /// How many sessions have a nick.
    #[must_use]
    pub fn present_len(&self) -> usize {
        self.present.len()
    }

    /// As if she had logged in, which no command does yet.
    #[cfg(test)]
    pub(crate) fn log_in(&mut self, member: MemberId, account: AccountId) {
        self.present.get_mut(&member).expect("she is present").account = Some(account);
    }

    /// Whether another room may be made.
    pub(crate) fn has_place_for_a_room(&self) -> bool {
        self.rooms.len() < self.rooms_max
    }

    /// The most rooms it holds.
    pub(crate) const fn rooms_max(&self) -> usize {
        self.rooms_max
    }

    /// The number of the next room.
    pub(crate) const fn next_room(&self) -> RoomId {
        self.next_room
    }
}
