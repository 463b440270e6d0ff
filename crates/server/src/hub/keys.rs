//! Posts that are made once however often they are sent: which keys a room has seen lately, and
//! what came of them.
//!
//! What is kept here is what the end of the room's log says. So a room whose keys were let go, and
//! every room after a start, is read again when the next post with a key comes.

use std::collections::{HashMap, VecDeque};

use room::{Event, Fact, Key, RoomId, Seq, UnixMs};
use rustc_hash::FxHashMap;
use store::{Log, READ_EVENTS_MAX, Reader, StoreError};
use wire::json::limits::KEY_KEPT_MS;

use crate::limits::{KEYS_MAX, KEYS_PER_ROOM_MAX, KEYS_READ_EVENTS_MAX};

/// The keys of the rooms in which someone posts with keys.
#[derive(Default)]
pub(super) struct Keys {
    rooms: FxHashMap<RoomId, RoomKeys>,
    reader: Option<Box<dyn Reader>>,
    len: usize,
    uses: u64,
}

#[derive(Default)]
struct RoomKeys {
    by_key: HashMap<Key, Seq>,
    in_order: VecDeque<(UnixMs, Key)>,
    used: u64,
}

impl Keys {
    /// Whether the keys of a room are known.
    pub(super) fn knows(&self, room: RoomId) -> bool {
        self.rooms.contains_key(&room)
    }

    /// Reads the keys of a room from the end of its log, which is at `head`.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: nothing is known of the room.
    pub(super) fn load(
        &mut self,
        log: &mut dyn Log,
        room: RoomId,
        head: Seq,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        if self.reader.is_none() {
            self.reader = Some(log.reader()?);
        }
        let mut found = Vec::new();
        let mut from = Seq(head.0.saturating_sub(KEYS_READ_EVENTS_MAX)).next();
        while let Some(reader) = &mut self.reader {
            let events = reader.read(room, from, READ_EVENTS_MAX)?;
            let Some(last) = events.last() else { break };
            from = last.seq.next();
            found.extend(events.into_iter().filter(|event| now.since(event.at) < KEY_KEPT_MS));
        }
        self.make_place();
        self.rooms.insert(room, RoomKeys::default());
        for event in &found {
            self.remember(event);
        }
        Ok(())
    }

    /// What was said in a room with that key.
    pub(super) fn find(&mut self, room: RoomId, key: &Key) -> Option<Seq> {
        self.uses += 1;
        let keys = self.rooms.get_mut(&room)?;
        keys.used = self.uses;
        keys.by_key.get(key).copied()
    }

    /// Notes the key of what is said, if it has one and its room is known.
    pub(super) fn remember(&mut self, event: &Event) {
        let Fact::Said { key: Some(key), .. } = &event.fact else { return };
        let Some(keys) = self.rooms.get_mut(&event.room) else { return };
        self.len += usize::from(keys.by_key.insert(key.clone(), event.seq).is_none());
        keys.in_order.push_back((event.at, key.clone()));
        while let Some((at, _)) = keys.in_order.front()
            && (keys.in_order.len() > KEYS_PER_ROOM_MAX || event.at.since(*at) >= KEY_KEPT_MS)
        {
            let oldest = keys.in_order.pop_front().map(|(_, key)| key);
            let was_there = oldest.and_then(|oldest| keys.by_key.remove(&oldest));
            self.len -= usize::from(was_there.is_some());
        }
    }

    /// Forgets the key of what was not said after all: the newest of its room.
    pub(super) fn unsay(&mut self, event: &Event) {
        let Fact::Said { key: Some(key), .. } = &event.fact else { return };
        if let Some(keys) = self.rooms.get_mut(&event.room) {
            self.len -= usize::from(keys.by_key.remove(key).is_some());
            keys.in_order.retain(|(_, other)| other != key);
        }
    }

    /// Forgets a room.
    pub(super) fn remove(&mut self, room: RoomId) {
        let removed = self.rooms.remove(&room);
        self.len -= removed.map_or(0, |keys| keys.by_key.len());
    }

    /// Lets go of the rooms that were asked about longest ago, until one room more has its place.
    fn make_place(&mut self) {
        while self.len + KEYS_PER_ROOM_MAX > KEYS_MAX {
            let oldest = self.rooms.iter().min_by_key(|(_, keys)| keys.used);
            let Some(room) = oldest.map(|(room, _)| *room) else { return };
            self.remove(room);
        }
    }
}

#[cfg(test)]
mod tests {
    use room::{MemberId, Nick, RoomName, Text, Visibility};
    use store::Memory;

    use super::*;

    fn said(seq: u64, at: u64, key: &str) -> Event {
        let (member, nick) = (MemberId(1), Nick::parse("ana").unwrap());
        let (text, key) = (Text::new("oi").unwrap(), Key::parse(key));
        let fact = Fact::Said { member, account: None, nick, text, reply: None, key };
        Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(at), fact }
    }

    fn log() -> Memory {
        let by = Nick::parse("ana").unwrap();
        let (name, visibility) = (RoomName::parse("sala").unwrap(), Visibility::Public);
        let fact = Fact::Created { name, capacity: 5, visibility, by };
        let mut log = Memory::new();
        log.append(&[Event { room: RoomId(1), seq: Seq(1), at: UnixMs(0), fact }]).unwrap();
        log
    }

    #[test]
    fn keys_are_read_from_the_log_while_they_are_to_be_kept() {
        let mut log = log();
        let now = KEY_KEPT_MS + 5;
        log.append(&[said(2, 1, "alt"), said(3, 10, "neu")]).unwrap();
        let mut keys = Keys::default();
        keys.load(&mut log, RoomId(1), Seq(3), UnixMs(now)).unwrap();
        assert_eq!(keys.find(RoomId(1), &Key::parse("alt").unwrap()), None);
        assert_eq!(keys.find(RoomId(1), &Key::parse("neu").unwrap()), Some(Seq(3)));
    }

    #[test]
    fn what_was_not_said_has_no_key_and_the_oldest_go_first() {
        let mut keys = Keys::default();
        keys.load(&mut log(), RoomId(1), Seq(1), UnixMs(0)).unwrap();
        keys.remember(&said(2, 0, "a"));
        keys.unsay(&said(2, 0, "a"));
        assert_eq!((keys.find(RoomId(1), &Key::parse("a").unwrap()), keys.len), (None, 0));
        for number in 0..=KEYS_PER_ROOM_MAX as u64 {
            keys.remember(&said(2 + number, 0, &number.to_string()));
        }
        assert_eq!(keys.len, KEYS_PER_ROOM_MAX);
        assert_eq!(keys.find(RoomId(1), &Key::parse("0").unwrap()), None);
        assert_eq!(keys.find(RoomId(1), &Key::parse("1").unwrap()), Some(Seq(3)));
        keys.remove(RoomId(1));
        assert_eq!((keys.knows(RoomId(1)), keys.len), (false, 0));
    }
}
