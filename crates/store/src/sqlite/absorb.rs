//! From the journal into the database: what was appended moves on behind everyone's back, many
//! events a transaction.
//!
//! Until then the events wait here, in memory, and every reader looks here too. What is in neither
//! the database nor here was never appended.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use room::{Event, Fact, RoomId, Seq};

use crate::sqlite::error;
use crate::sqlite::shared::Shared;
use crate::sqlite::writer::Writer;
use crate::{APPEND_EVENTS_MAX, StoreError};

/// How long events may come together before they move on. A crash costs the next start the
/// reading back of as much, and nothing else.
const GATHER: Duration = Duration::from_secs(4);

/// Events that wait from which on they move on at once.
const ENOUGH_EVENTS: usize = PORTION_EVENTS_MAX;

/// Events one transaction moves on at most. A room's row and the page with its end are written once
/// a transaction, however many of them are of that room.
pub(super) const PORTION_EVENTS_MAX: usize = 4 * APPEND_EVENTS_MAX;

/// Bytes of texts one transaction moves on, but for the last one: what it writes to the write-ahead
/// log is to be a small part of that.
const PORTION_BYTES: usize = 1024 * 1024;

/// Events that wait at most; then an append helps to move some on first.
const WAITING_EVENTS_MAX: usize = 16 * APPEND_EVENTS_MAX;

/// After a failure (a full disk), the pause before the next attempt.
const RETRY: Duration = Duration::from_secs(1);

/// After a deletion the journal and the write-ahead log are emptied, which writes all that is in
/// them: not more often than this.
const SCRUB_GAP: Duration = Duration::from_secs(1);

/// What was appended and is not in the database yet.
#[derive(Default)]
pub(super) struct Waiting {
    state: Mutex<State>,
    /// The absorber waits for it.
    work: Condvar,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that waits")]
struct State {
    events: VecDeque<Event>,
    /// Texts were erased that may still be in the journal or the write-ahead log.
    has_erased: bool,
    /// The database did not take the last that was to move on.
    is_stalled: bool,
    is_stopping: bool,
    /// The absorber waits for something to do.
    is_idle: bool,
}

impl Waiting {
    /// Adds what was appended. Whether an append should help, for so much waits.
    pub(super) fn add(&self, events: &[Event]) -> bool {
        let mut state = self.lock();
        state.events.extend(events.iter().cloned());
        let waiting = state.events.len();
        if std::mem::take(&mut state.is_idle) || waiting >= ENOUGH_EVENTS {
            drop(state);
            self.work.notify_one();
        }
        waiting >= WAITING_EVENTS_MAX
    }

    /// The events of a room from `from` on that may not be in the database yet. Ask before the
    /// database is asked: then one of the two has each.
    pub(super) fn of(&self, room: RoomId, from: Seq) -> Vec<Event> {
        let state = self.lock();
        let wanted = |event: &&Event| event.room == room && event.seq >= from;
        state.events.iter().filter(wanted).cloned().collect()
    }

    /// The events of a room that may not be in the database yet and that are `wanted`, each with
    /// its number; `head` is that of the last event appended. Ask before the database is asked.
    pub(super) fn numbered(
        &self,
        (room, head): (RoomId, u64),
        wanted: impl Fn(&Event) -> bool,
    ) -> Vec<(u64, Event)> {
        let state = self.lock();
        let first = head + 1 - state.events.len() as u64;
        let events = (first..).zip(&state.events);
        let wanted = events.filter(|(_, event)| event.room == room && wanted(event));
        wanted.map(|(number, event)| (number, event.clone())).collect()
    }

    /// The messages of a room whose deletion cannot move on. As a rule it has done so before
    /// anyone asks.
    pub(super) fn deleted(&self, room: RoomId) -> Vec<Seq> {
        let state = self.lock();
        if !state.is_stalled {
            return Vec::new();
        }
        deleted_in(&state.events, room)
    }

    /// Has what was erased taken out of the files soon.
    pub(super) fn erased(&self) {
        self.lock().has_erased = true;
        self.work.notify_one();
    }

    fn has_erased(&self) -> bool {
        self.lock().has_erased
    }

    /// Whether the database does not take anything now.
    pub(super) fn is_stalled(&self) -> bool {
        self.lock().is_stalled
    }

    pub(super) fn stop(&self) {
        self.lock().is_stopping = true;
        self.work.notify_one();
    }

    /// The next portion.
    fn first(&self) -> Vec<Event> {
        let mut bytes = 0;
        let state = self.lock();
        let is_in = |event: &&Event| {
            let is_in = bytes < PORTION_BYTES;
            bytes += text_bytes(event);
            is_in
        };
        state.events.iter().take(PORTION_EVENTS_MAX).take_while(is_in).cloned().collect()
    }

    fn moved(&self, count: usize) {
        let mut state = self.lock();
        state.events.drain(..count);
        if state.events.is_empty() {
            // A burst's memory is given back.
            state.events.shrink_to(ENOUGH_EVENTS);
        }
        state.is_stalled = false;
    }

    /// Waits until there is enough to move on, or something and no more came for a while.
    /// `None`: it is time to stop.
    fn next_work(&self) -> Option<()> {
        let mut state = self.lock();
        let is_urgent = |state: &State| state.is_stopping || state.events.len() >= ENOUGH_EVENTS;
        if !is_urgent(&state) {
            state.is_idle = true;
            let is_idle = |state: &mut State| {
                state.events.is_empty() && !state.has_erased && !state.is_stopping
            };
            state = self.work.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner);
            state.is_idle = false;
            let gathered = self.work.wait_timeout_while(state, GATHER, |state| !is_urgent(state));
            state = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        (!state.is_stopping).then_some(())
    }

    /// Waits for a while, or until it is time to stop.
    fn pause(&self) {
        let state = self.lock();
        let waited = self.work.wait_timeout_while(state, RETRY, |state| !state.is_stopping);
        drop(waited);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whole events and plain flags: there is no half of a change to fear.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of an event's text, if it has one.
fn text_bytes(event: &Event) -> usize {
    match &event.fact {
        Fact::Said { text, .. } | Fact::Edited { text, .. } => text.as_str().len(),
        Fact::TopicSet { topic, .. } => topic.as_ref().map_or(0, |topic| topic.as_str().len()),
        Fact::Created { .. }
        | Fact::Erased { .. }
        | Fact::Deleted { .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. }
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => 0,
    }
}

/// The messages of a room that `events` delete.
pub(super) fn deleted_in<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    room: RoomId,
) -> Vec<Seq> {
    let deleted = |event: &Event| match event.fact {
        Fact::Deleted { target, .. } if event.room == room => Some(target),
        _ => None,
    };
    events.into_iter().filter_map(deleted).collect()
}

/// Moves one portion on; whether there was one.
///
/// # Errors
///
/// Those of [`Writer::append`]: the portion goes on waiting.
pub(super) fn absorb(shared: &Shared, writer: &mut Writer) -> Result<bool, StoreError> {
    let portion = shared.waiting.first();
    if portion.is_empty() {
        return Ok(false);
    }
    let moved = match writer.append(&portion) {
        Err(StoreError::NoSpace) if writer.make_room() => writer.append(&portion),
        moved => moved,
    };
    if let Err(cause) = moved {
        shared.waiting.lock().is_stalled = true;
        return Err(cause);
    }
    shared.waiting.moved(portion.len());
    shared.index.appended(writer.head, portion);
    if let Err(cause) = writer.keep_house(&shared.journal) {
        tracing::warn!(%cause, "the write-ahead log stays as long as it is for now");
    }
    Ok(true)
}

/// Moves everything on.
///
/// # Errors
///
/// As [`absorb`].
pub(super) fn absorb_all(shared: &Shared, writer: &mut Writer) -> Result<(), StoreError> {
    while absorb(shared, writer)? {}
    Ok(())
}

/// Leaves nothing of what was erased in the journal and the write-ahead log.
///
/// # Errors
///
/// As [`absorb`], and those of the disk: it is to be done again.
pub(super) fn scrub(shared: &Shared, writer: &mut Writer) -> Result<(), StoreError> {
    // First, so that what is erased meanwhile is not forgotten.
    shared.waiting.lock().has_erased = false;
    let done = absorb_all(shared, writer)
        .and_then(|()| writer.harden(&shared.journal))
        .and_then(|()| writer.cut_short())
        .and_then(|is_cut| {
            let cause = |cause| error::io("emptying the journal", cause);
            Ok(shared.journal.scrub().map_err(cause)? && is_cut)
        });
    shared.waiting.lock().has_erased |= !matches!(done, Ok(true));
    done.map(|_| ())
}

/// Starts the thread that does.
pub(super) fn start(shared: Arc<Shared>) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name("absorber".to_owned())
        .spawn(move || run(&shared))
        .map_err(|cause| error::io("starting the absorber", cause))
}

fn run(shared: &Shared) {
    let mut scrubbed: Option<Instant> = None;
    while shared.waiting.next_work().is_some() {
        let mut is_more = true;
        while is_more {
            // Let go of after each portion: an append or a trim may wait for the writer.
            is_more = match absorb(shared, &mut shared.writer()) {
                Ok(is_more) => is_more,
                Err(cause) => {
                    tracing::warn!(%cause, "what was appended stays in the journal for now");
                    shared.waiting.pause();
                    false
                }
            };
        }
        if shared.waiting.has_erased()
            && scrubbed.is_none_or(|scrubbed| scrubbed.elapsed() >= SCRUB_GAP)
        {
            scrubbed = Some(Instant::now());
            scrub_or_say(shared);
        }
    }
    if let Err(cause) = absorb_all(shared, &mut shared.writer()) {
        tracing::warn!(%cause, "the rest of what was appended stays in the journal");
    }
    if shared.waiting.has_erased() {
        scrub_or_say(shared);
    }
}

fn scrub_or_say(shared: &Shared) {
    if let Err(cause) = scrub(shared, &mut shared.writer()) {
        tracing::warn!(%cause, "what was deleted stays in the bytes of the files for now");
    }
}
