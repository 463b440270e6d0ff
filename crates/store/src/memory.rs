//! A log that lives as long as the process, for tests and simulation, with faults on demand.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use room::{Event, Fact, RoomId, Seq, Snapshot, UnixMs};

use crate::fold::Rooms;
use crate::search::RANKED_MATCHES_MAX;
use crate::search::terms::Words;
use crate::{Flusher, Log, READ_EVENTS_MAX, Reader, Retention, StoreError};

/// Messages one [`Log::trim`] removes at most.
const TRIM_MAX: usize = 1000;

/// A log in memory. A clone is the same log, as the same folder opened again would be.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    faults: Faults,
}

/// Makes a [`Memory`] fail; shared with it.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    appends: Arc<AtomicU32>,
    flushes: Arc<AtomicU32>,
}

#[derive(Debug, Default)]
struct State {
    rooms: Rooms,
    last_room: u64,
    events: BTreeMap<(RoomId, Seq), Event>,
}

impl Memory {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What makes it fail.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made after all checks, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Faults {
    /// The next `count` appends, removals and trims find the disk full.
    pub fn refuse_appends(&self, count: u32) {
        self.appends.store(count, Ordering::SeqCst);
    }

    /// The next `count` flushes fail.
    pub fn fail_flushes(&self, count: u32) {
        self.flushes.store(count, Ordering::SeqCst);
    }

    /// Whether one of `left` is due; takes it.
    fn strikes(left: &AtomicU32) -> bool {
        left.try_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    fn check_write(&self) -> Result<(), StoreError> {
        if Self::strikes(&self.appends) { Err(StoreError::NoSpace) } else { Ok(()) }
    }
}

impl Log for Memory {
    fn rooms(&mut self) -> Result<Vec<Snapshot>, StoreError> {
        Ok(self.state().rooms.snapshots())
    }

    fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let mut state = self.state();
        let staged =
            state.rooms.stage(events).map_err(|cause| StoreError::failed("appending", cause))?;
        self.faults.check_write()?;
        state.rooms.commit(staged);
        for event in events {
            state.last_room = state.last_room.max(event.room.0);
            state.events.insert((event.room, event.seq), event.clone());
        }
        Ok(())
    }

    fn last_room(&mut self) -> Result<RoomId, StoreError> {
        Ok(RoomId(self.state().last_room))
    }

    fn remove_room(&mut self, room: RoomId) -> Result<(), StoreError> {
        self.faults.check_write()?;
        let mut state = self.state();
        state.rooms.remove(room);
        state.events.retain(|(of, _), _| *of != room);
        Ok(())
    }

    fn trim(&mut self, retention: Retention, now: UnixMs) -> Result<usize, StoreError> {
        self.faults.check_write()?;
        let mut state = self.state();
        let state = &mut *state;
        let mut over: BTreeMap<RoomId, u64> = BTreeMap::new();
        for kept in state.rooms.iter() {
            let count = retention.count.unwrap_or(u64::MAX);
            over.insert(kept.snapshot.id, kept.messages.saturating_sub(count));
        }
        let mut gone = Vec::new();
        for (place, event) in &state.events {
            let over = over.get_mut(&place.0).expect("events are of rooms that exist");
            let is_old = retention.age_ms.is_some_and(|age_ms| now.since(event.at) > age_ms);
            let is_said = matches!(event.fact, Fact::Said { .. });
            if is_said && (*over > 0 || is_old) && gone.len() < TRIM_MAX {
                *over = over.saturating_sub(1);
                gone.push(*place);
            }
        }
        for place in &gone {
            state.events.remove(place);
            let kept = state.rooms.get_mut(place.0).expect("it had a message");
            kept.messages -= 1;
        }
        Ok(gone.len())
    }

    fn flusher(&mut self) -> Result<Box<dyn Flusher>, StoreError> {
        Ok(Box::new(MemoryFlusher(self.faults.clone())))
    }

    fn reader(&mut self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(self.clone()))
    }
}

struct MemoryFlusher(Faults);

impl Flusher for MemoryFlusher {
    fn flush(&mut self) -> Result<(), StoreError> {
        if Faults::strikes(&self.0.flushes) {
            return Err(StoreError::Unflushed(std::io::Error::other("an injected fault")));
        }
        Ok(())
    }
}

impl Reader for Memory {
    fn read(&mut self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        let state = self.state();
        let events = state.events.range((room, from)..=(room, Seq(u64::MAX)));
        Ok(events.map(|(_, event)| event.clone()).take(limit.min(READ_EVENTS_MAX)).collect())
    }

    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Event>, StoreError> {
        let state = self.state();
        let mut last: Vec<_> =
            said(&state, room).map(|(event, _)| event).take(limit.min(READ_EVENTS_MAX)).collect();
        last.reverse();
        Ok(last.into_iter().cloned().collect())
    }

    fn search(
        &mut self,
        room: RoomId,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let query = Words::of(query);
        let state = self.state();
        let mut found: Vec<_> = said(&state, room)
            .filter_map(|(event, text)| Some((Words::of(text).answer(&query)?, event)))
            .take(RANKED_MATCHES_MAX)
            .collect();
        // Stable: of equals the newer stays first.
        found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        found.truncate(limit.min(READ_EVENTS_MAX));
        let mut found: Vec<_> = found.into_iter().map(|(_, event)| event.clone()).collect();
        found.sort_unstable_by_key(|event| event.seq);
        Ok(found)
    }
}

/// What was said in a room, newest first.
fn said(state: &State, room: RoomId) -> impl Iterator<Item = (&Event, &str)> {
    let events = state.events.range((room, Seq::START)..=(room, Seq(u64::MAX))).rev();
    events.filter_map(|(_, event)| match &event.fact {
        Fact::Said { text, .. } => Some((event, text.as_str())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{self, created, said};

    #[test]
    fn it_keeps_the_contract() {
        contract::check(|| Box::new(Memory::new()));
    }

    #[test]
    fn faults_strike_as_often_as_told_and_keep_nothing() {
        let mut log = Memory::new();
        let faults = log.faults();
        log.append(&[created(1, "a")]).unwrap();
        faults.refuse_appends(2);
        for _ in 0..2 {
            assert!(matches!(log.append(&[said(1, 2, "oi")]), Err(StoreError::NoSpace)));
        }
        assert_eq!(log.rooms().unwrap()[0].head, Seq(1));
        log.append(&[said(1, 2, "oi")]).unwrap();
        faults.fail_flushes(1);
        let mut flusher = log.flusher().unwrap();
        assert!(matches!(flusher.flush(), Err(StoreError::Unflushed(_))));
        flusher.flush().unwrap();
    }
}
