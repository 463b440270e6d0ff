//! A log that lives as long as the process, for tests and simulation, with faults on demand.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use room::limits::{PINS_MAX, REACTIONS_SHOWN_MAX};
use room::{
    Author, Emoji, Event, Fact, Held, Message, Quote, RoomId, Seq, Snapshot, Text, UnixMs, Version,
};

use crate::fold::Rooms;
use crate::message::{erased, first, quote_place, text_place, versions};
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
            let mut event = event.clone();
            if let Some((_, quote)) = quote_place(&mut event.fact) {
                *quote = None;
            }
            if let Fact::Deleted { target, .. } = &event.fact {
                state.erase(event.room, *target);
            }
            state.events.insert((event.room, event.seq), event);
        }
        Ok(())
    }

    fn held(
        &mut self,
        room: RoomId,
        seq: Seq,
        by: &Author,
        emoji: Option<&Emoji>,
    ) -> Result<Option<Held>, StoreError> {
        let state = self.state();
        let Some(message) = state.message(room, seq) else { return Ok(None) };
        let is_edit = |event: &&Event| matches!(event.fact, Fact::Edited { .. });
        let pins = state.messages(room).filter(|message| message.is_pinned).count();
        let given = state.reactions(room, seq);
        let is_own =
            |(given, author): &(Emoji, Author)| Some(given) == emoji && author.is_same_person(by);
        Ok(Some(Held {
            author: message.author,
            nick: message.nick,
            text: message.text,
            edits: state.about(room, seq).filter(is_edit).count() as u64,
            has_reacted: given.iter().any(is_own),
            is_pinned: message.is_pinned,
            pins: pins as u64,
        }))
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
        let mut over: BTreeMap<RoomId, (u64, Option<u64>)> = BTreeMap::new();
        for kept in state.rooms.iter() {
            let own = retention.within(kept.snapshot.moderation.retention());
            let count = own.count.unwrap_or(u64::MAX);
            let over_by = kept.messages.saturating_sub(count);
            over.insert(kept.snapshot.id, (over_by, own.age_ms));
        }
        let mut gone = Vec::new();
        for (place, event) in &state.events {
            let (over, age_ms) = over.get_mut(&place.0).expect("events are of rooms that exist");
            let is_old = age_ms.is_some_and(|age_ms| now.since(event.at) > age_ms);
            if first(event).is_some() && (*over > 0 || is_old) && gone.len() < TRIM_MAX {
                *over = over.saturating_sub(1);
                gone.push(*place);
            }
        }
        // What was done with messages goes before them.
        let is_about = |event: &Event| {
            event.fact.target().is_some_and(|target| gone.contains(&(event.room, target)))
        };
        let about: Vec<_> = state.events.values().filter(|event| is_about(event)).collect();
        let about: Vec<_> =
            about.iter().map(|event| (event.room, event.seq)).take(TRIM_MAX).collect();
        if !about.is_empty() {
            state.events.retain(|place, _| !about.contains(place));
            return Ok(about.len());
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
        let events = events.map(|(_, event)| state.as_it_stands(event.clone()));
        Ok(events.take(limit.min(READ_EVENTS_MAX)).collect())
    }

    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Message>, StoreError> {
        let state = self.state();
        let mut last: Vec<_> = state.messages(room).take(limit.min(READ_EVENTS_MAX)).collect();
        last.reverse();
        Ok(last)
    }

    fn before(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError> {
        let state = self.state();
        let before = state.messages(room).filter(|message| message.seq < seq);
        let mut before: Vec<_> = before.take(limit.min(READ_EVENTS_MAX)).collect();
        before.reverse();
        Ok(before)
    }

    fn after(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError> {
        let state = self.state();
        let mut after: Vec<_> =
            state.messages(room).take_while(|message| message.seq > seq).collect();
        after.reverse();
        after.truncate(limit.min(READ_EVENTS_MAX));
        Ok(after)
    }

    fn message(&mut self, room: RoomId, seq: Seq) -> Result<Option<Message>, StoreError> {
        Ok(self.state().message(room, seq))
    }

    fn pins(&mut self, room: RoomId) -> Result<Vec<Message>, StoreError> {
        let state = self.state();
        let mut pins: Vec<_> = state.messages(room).filter(|message| message.is_pinned).collect();
        pins.reverse();
        pins.truncate(usize::try_from(PINS_MAX).unwrap_or(usize::MAX));
        Ok(pins)
    }

    fn given(
        &mut self,
        room: RoomId,
        by: &Author,
        (first, last): (Seq, Seq),
    ) -> Result<Vec<(Seq, Emoji)>, StoreError> {
        let state = self.state();
        let messages = state.events.range((room, first)..=(room, last)).map(|(_, event)| event.seq);
        let given = messages.flat_map(|seq| {
            let given = state.reactions(room, seq).into_iter();
            given
                .filter(|(_, author)| author.is_same_person(by))
                .map(move |(emoji, _)| (seq, emoji))
        });
        Ok(given.collect())
    }

    fn measures(
        &mut self,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let state = self.state();
        let events = state.events.range((room, Seq::START)..(room, before)).rev();
        let is_measure = |event: &&Event| matches!(event.fact, Fact::Moderated { .. });
        let measures = events.map(|(_, event)| event).filter(is_measure);
        let mut last: Vec<_> = measures.take(limit.min(READ_EVENTS_MAX)).cloned().collect();
        last.reverse();
        Ok(last)
    }

    fn versions(&mut self, room: RoomId, seq: Seq) -> Result<Vec<Version>, StoreError> {
        let state = self.state();
        let said = state.events.get(&(room, seq)).filter(|event| first(event).is_some());
        let Some(said) = said else { return Ok(Vec::new()) };
        let events: Vec<_> = [said].into_iter().chain(state.about(room, seq)).cloned().collect();
        Ok(versions(&events))
    }

    fn search(
        &mut self,
        room: RoomId,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let query = Words::of(query);
        let state = self.state();
        let answer = |message: &Message| Words::of(message.text.as_ref()?.as_str()).answer(&query);
        let mut found: Vec<_> = state
            .messages(room)
            .filter_map(|message| Some((answer(&message)?, message)))
            .take(RANKED_MATCHES_MAX)
            .collect();
        // Stable: of equals the newer stays first.
        found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        found.truncate(limit.min(READ_EVENTS_MAX));
        let mut found: Vec<_> = found.into_iter().map(|(_, message)| message).collect();
        found.sort_unstable_by_key(|message| message.seq);
        Ok(found)
    }
}

impl State {
    /// What was done with a message, in order.
    fn about(&self, room: RoomId, target: Seq) -> impl DoubleEndedIterator<Item = &Event> {
        let after = self.events.range((room, target)..=(room, Seq(u64::MAX)));
        after.map(|(_, event)| event).filter(move |event| event.fact.target() == Some(target))
    }

    /// Takes every text out of a message.
    fn erase(&mut self, room: RoomId, target: Seq) {
        let mut places = vec![(room, target)];
        places.extend(self.about(room, target).map(|event| (room, event.seq)));
        for place in places {
            if let Some(event) = self.events.get_mut(&place)
                && let Some(fact) = erased(&event.fact)
            {
                event.fact = fact;
            }
        }
    }

    /// What a message says, and who said it.
    fn quote(&self, room: RoomId, target: Seq) -> Option<Quote> {
        let first = first(self.events.get(&(room, target))?)?;
        Some(Quote::of(&first.nick, &self.newest(room, target).or(first.text)?))
    }

    /// The text of the last correction of a message.
    fn newest(&self, room: RoomId, target: Seq) -> Option<Text> {
        self.about(room, target).rev().find_map(|event| match &event.fact {
            Fact::Edited { text, .. } => Some(text.clone()),
            _ => None,
        })
    }

    /// An event with the quote of the message that it is about, and the newest text of its own.
    fn as_it_stands(&self, mut event: Event) -> Event {
        let room = event.room;
        if let Some((target, text)) = text_place(&mut event)
            && let Some(newest) = self.newest(room, target)
        {
            *text = newest;
        }
        if let Some((target, quote)) = quote_place(&mut event.fact) {
            *quote = self.quote(room, target).map(Box::new);
        }
        event
    }

    /// The emoji a message has, in the order in which they were given, and by whom.
    fn reactions(&self, room: RoomId, target: Seq) -> Vec<(Emoji, Author)> {
        let mut given: Vec<(Emoji, Author)> = Vec::new();
        for event in self.about(room, target) {
            if let Fact::Reacted { member, account, emoji, on, .. } = &event.fact {
                let by = Author { member: *member, account: *account };
                given.retain(|(other, author)| other != emoji || !author.is_same_person(&by));
                given.extend(on.then(|| (emoji.clone(), by)));
            }
        }
        given
    }

    /// A message as it stands.
    fn message(&self, room: RoomId, seq: Seq) -> Option<Message> {
        let event = self.events.get(&(room, seq))?;
        let mut message = first(event)?;
        if let Some(reply) = &mut message.reply {
            reply.quote = self.quote(room, reply.to).map(Box::new);
        }
        if message.text.is_none() {
            return Some(message);
        }
        for event in self.about(room, seq) {
            match &event.fact {
                Fact::Edited { text, .. } => {
                    message.text = Some(text.clone());
                    message.is_edited = true;
                }
                Fact::Pinned { on, .. } => message.is_pinned = *on,
                _ => {}
            }
        }
        for (emoji, _) in self.reactions(room, seq) {
            match message.reactions.iter_mut().find(|(other, _)| *other == emoji) {
                Some((_, count)) => *count += 1,
                None => message.reactions.push((emoji, 1)),
            }
        }
        // Stable: of equals the one that was given first stays first.
        message.reactions.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        message.reactions.truncate(REACTIONS_SHOWN_MAX);
        Some(message)
    }

    /// The messages of a room, newest first.
    fn messages(&self, room: RoomId) -> impl Iterator<Item = Message> {
        let events = self.events.range((room, Seq::START)..=(room, Seq(u64::MAX))).rev();
        events.filter_map(move |(_, event)| self.message(room, event.seq))
    }
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
