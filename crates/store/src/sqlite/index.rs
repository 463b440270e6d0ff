//! The index over what was said: a second database, fed by a thread of its own.
//!
//! Kept apart from the log so that indexing neither holds up an append nor is part of what an
//! acknowledgement waits for, and so that nothing that happens to it can hurt the log: it may be
//! deleted, and is made again from the log.
//!
//! Each term is stored with its room before it (`1f·jacare`). So a query reads only what was said
//! in its room, however common the word is elsewhere, and ranking in one room tells nothing of
//! another. The terms are made by [`Words`]; FTS5's `ascii` tokenizer takes them as they are. The
//! texts themselves are not stored (`content=''`), the log has them.
//!
//! A message stands in it with its newest text only, under the number of the event that first said
//! it. What was deleted is found no more at once; its terms leave the file when the segments that
//! hold them are merged, see [`Scrub`].

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use room::{Event, Fact, RoomId, Seq, Text};
use rusqlite::{Connection, ErrorCode, params};

use crate::StoreError;
use crate::record::{self, Kind};
use crate::search::terms::Words;
use crate::sqlite::absorb::PORTION_EVENTS_MAX;
use crate::sqlite::error;
use crate::sqlite::message::newest_text;
use crate::sqlite::migrate::connect;
use crate::sqlite::scrub::Scrub;
use crate::sqlite::shared::Shared;
use crate::sqlite::writer::transact;

/// Raise it when the schema or [`Words`] changes: an index of another version is made anew.
const INDEX_VERSION: i64 = 2;

/// Events one transaction of the index takes at most.
const BATCH_EVENTS: u16 = 4096;

/// Events that wait to be indexed in memory at most; what is beyond is read from the log.
const FRESH_EVENTS_MAX: usize = 4 * BATCH_EVENTS as usize;

const _: () = assert!(PORTION_EVENTS_MAX <= FRESH_EVENTS_MAX, "a portion is never read again");

/// How long the indexer lets messages come together, unless a search waits for them. What a
/// transaction of the index costs, many should share.
const GATHER: Duration = Duration::from_secs(2);

/// How long after a failure (a full disk) the indexer tries again.
const RETRY: Duration = Duration::from_secs(1);

/// The longest a search waits for the indexer. Past it, it answers from what is indexed: an index
/// that is being made again after years of messages keeps nobody waiting.
const SEARCH_WAIT_MAX: Duration = Duration::from_secs(2);

/// Removed events the index has yet to forget, at most. What is beyond stays in it and is passed
/// over by every search: it costs space, nothing else.
const GONE_MAX: usize = 100_000;

const SCHEMA: &str = "
    CREATE VIRTUAL TABLE said USING fts5
        (terms, content='', contentless_delete=1, tokenize='ascii');
    CREATE TABLE indexed (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        event INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        has_erased INTEGER NOT NULL
    ) STRICT;
    INSERT INTO indexed VALUES (1, 0, 0, 0);";

/// What the writer, the indexer and the searches tell one another.
pub(super) struct IndexState {
    state: Mutex<State>,
    /// The indexer waits for it.
    work: Condvar,
    /// Searches wait for it.
    progress: Condvar,
}

struct State {
    /// The last event appended.
    head: i64,
    /// The last event indexed.
    indexed: i64,
    /// The last events up to the head, so that they need not be read from the log.
    fresh: VecDeque<Event>,
    /// A search waits for this event to be indexed.
    wanted: i64,
    /// Removed events yet to be forgotten.
    gone: VecDeque<i64>,
    /// How often the index was made anew, so that searches open the new one.
    generation: u64,
    /// A search found the index broken.
    is_broken: bool,
    is_stopping: bool,
    /// The indexer waits for something to do.
    is_idle: bool,
}

impl State {
    /// Whether the indexer shall not wait for more to come together.
    fn is_urgent(&self) -> bool {
        self.is_stopping
            || self.is_broken
            || self.wanted > self.indexed
            || self.head - self.indexed >= i64::from(BATCH_EVENTS)
    }

    /// The next events to be indexed, if they are here: a batch at most.
    fn take_fresh(&mut self) -> Vec<Event> {
        let behind = usize::try_from(self.head - self.indexed).unwrap_or(0);
        let Some(known) = self.fresh.len().checked_sub(behind) else { return Vec::new() };
        self.fresh.drain(..known);
        let batch = self.fresh.drain(..behind.min(BATCH_EVENTS.into())).collect();
        if self.fresh.is_empty() {
            // A burst's memory is given back.
            self.fresh.shrink_to(BATCH_EVENTS.into());
        }
        batch
    }
}

impl IndexState {
    pub(super) fn new(head: i64) -> Self {
        let state = State {
            head,
            indexed: 0,
            fresh: VecDeque::new(),
            wanted: 0,
            gone: VecDeque::new(),
            generation: 0,
            is_broken: false,
            is_stopping: false,
            is_idle: false,
        };
        Self { state: Mutex::new(state), work: Condvar::new(), progress: Condvar::new() }
    }

    /// Tells the indexer how far the log is, and the last of it. A lock nobody holds for long, and
    /// no system call but to wake an indexer that has nothing to do or enough.
    pub(super) fn appended(&self, head: i64, last: Vec<Event>) {
        let mut state = self.lock();
        let follows = usize::try_from(head - state.head) == Ok(last.len());
        if !follows || state.fresh.len() + last.len() > FRESH_EVENTS_MAX {
            state.fresh.clear();
        }
        state.fresh.extend(last);
        state.head = head;
        if std::mem::take(&mut state.is_idle) || state.is_urgent() {
            drop(state);
            self.work.notify_one();
        }
    }

    pub(super) fn gone(&self, gone: &[i64]) {
        let mut state = self.lock();
        let free = GONE_MAX.saturating_sub(state.gone.len());
        state.gone.extend(gone.iter().take(free));
        drop(state);
        self.work.notify_one();
    }

    pub(super) fn stop(&self) {
        self.lock().is_stopping = true;
        self.work.notify_one();
        self.progress.notify_all();
    }

    /// Waits until all that is in the log now is indexed; the index's generation.
    pub(super) fn caught_up(&self) -> u64 {
        let mut state = self.lock();
        let head = state.head;
        if state.indexed < head {
            state.wanted = state.wanted.max(head);
            self.work.notify_one();
            let behind = |state: &mut State| state.indexed < head && !state.is_stopping;
            let waited = self.progress.wait_timeout_while(state, SEARCH_WAIT_MAX, behind);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.generation
    }

    /// Has the index of that generation made anew, if it still is the one.
    pub(super) fn report_broken(&self, generation: u64) {
        let mut state = self.lock();
        if state.generation == generation {
            state.is_broken = true;
            state.indexed = 0;
        }
        drop(state);
        self.work.notify_one();
    }

    /// Waits until there is enough to do, or something to do and no more came for a while, or
    /// `until`.
    fn next_work(&self, until: Option<Instant>) -> Result<Work, Next> {
        let mut state = self.lock();
        if !state.is_urgent() {
            let is_done = |state: &mut State| {
                state.head == state.indexed && state.gone.is_empty() && !state.is_urgent()
            };
            state.is_idle = true;
            state = match until {
                None => {
                    self.work.wait_while(state, is_done).unwrap_or_else(PoisonError::into_inner)
                }
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    let waited = self.work.wait_timeout_while(state, left, is_done);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            state.is_idle = false;
            if !is_done(&mut state) {
                let gathered =
                    self.work.wait_timeout_while(state, GATHER, |state| !state.is_urgent());
                state = gathered.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
        if state.is_broken && !state.is_stopping {
            return Err(Next::Renew);
        }
        let few = state.gone.len().min(BATCH_EVENTS.into());
        let gone = state.gone.drain(..few).collect();
        let is_last = state.is_stopping;
        let fresh = state.take_fresh();
        Ok(Work { head: state.head, from: state.indexed, fresh, gone, is_last })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Plain numbers, each set in one step: there is no half of a change to fear.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread that feeds the index.
pub(super) fn start(shared: Arc<Shared>) -> Result<JoinHandle<()>, StoreError> {
    let failed = || error::failed("opening the indexer", shared.folder.path());
    let log = connect(&shared.folder).map_err(failed())?;
    log.pragma_update(None, "query_only", true).map_err(failed())?;
    // Taken now: the first append must not be mistaken for what the index knows.
    let log_end = shared.index.lock().head;
    std::thread::Builder::new()
        .name("indexer".to_owned())
        .spawn(move || run(&shared, &log, log_end))
        .map_err(|cause| error::io("starting the indexer", cause))
}

/// `log_end` is where the log ended when it was opened: it may have lost its unflushed end to a
/// power cut that the index survived. While both are open, the index is never ahead.
fn run(shared: &Shared, log: &Connection, mut log_end: i64) {
    let mut was_broken = false;
    loop {
        let done = open_index(&shared.folder.index(), log_end).and_then(|index| {
            log_end = i64::MAX;
            shared.index.lock().indexed = indexed(&index)?;
            shared.index.progress.notify_all();
            feed(shared, log, &index)
        });
        match done {
            Ok(Next::Stop) => return,
            Ok(Next::Renew) => {
                renew(shared);
                continue;
            }
            // Unknown: a table that should be there is not.
            Err(cause)
                if error::is_corrupt(&cause)
                    || cause.sqlite_error_code() == Some(ErrorCode::Unknown) =>
            {
                tracing::warn!(%cause, "the search index is broken and is made anew");
                renew(shared);
                if !std::mem::replace(&mut was_broken, true) {
                    continue;
                }
            }
            Err(cause) => {
                tracing::warn!(%cause, "the search index waits");
                was_broken = false;
            }
        }
        let state = shared.index.lock();
        let waited = shared.index.work.wait_timeout_while(state, RETRY, |state| !state.is_stopping);
        if waited.unwrap_or_else(PoisonError::into_inner).0.is_stopping {
            return;
        }
    }
}

enum Next {
    Stop,
    Renew,
}

/// What is to be done next.
struct Work {
    /// The log's last event.
    head: i64,
    /// The last event indexed.
    from: i64,
    /// The events after it, if they need not be read.
    fresh: Vec<Event>,
    /// Removed events to forget.
    gone: Vec<i64>,
    /// The log is being closed: nothing is done after this.
    is_last: bool,
}

/// Indexes what comes, until it shall stop or the index be made anew.
fn feed(shared: &Shared, log: &Connection, index: &Connection) -> rusqlite::Result<Next> {
    let mut scrub = Scrub::open(index)?;
    loop {
        let Work { head, from, fresh, gone, is_last } = match shared.index.next_work(scrub.due()) {
            Ok(work) => work,
            Err(next) => return Ok(next),
        };
        let batch = if fresh.is_empty() { read(log, from)? } else { changes(log, from, &fresh)? };
        let last = batch.last().map_or(from, |(last, _)| *last);
        // Numbers after the last that is there were given to events that are gone.
        let to = if batch.len() < BATCH_EVENTS.into() { head.max(last) } else { last };
        if from < to || !gone.is_empty() {
            transact(index, |index| write(index, &batch, &gone, to))?;
            let mut state = shared.index.lock();
            if !state.is_broken {
                state.indexed = to;
            }
            drop(state);
            shared.index.progress.notify_all();
        }
        if batch.iter().any(|(_, change)| change.as_ref().is_some_and(Change::erases)) {
            scrub.has_erased();
        }
        if is_last {
            // What was deleted just before the end is gone after it.
            return scrub.finish(index).map(|()| Next::Stop);
        }
        if scrub.due().is_some_and(|due| due <= Instant::now()) {
            scrub.step(index)?;
        }
    }
}

/// Events after `from`: their numbers, and what they change in the index.
type Batch = Vec<(i64, Option<Change>)>;

/// The row of a message is written, or written over.
struct Change {
    room: RoomId,
    /// The number of the event that first said it: its row.
    said: i64,
    /// Its newest text; `None`: it was deleted.
    text: Option<Text>,
}

impl Change {
    const fn erases(&self) -> bool {
        self.text.is_none()
    }
}

/// Reads a batch from the log.
fn read(log: &Connection, from: i64) -> rusqlite::Result<Batch> {
    let mut select = log.prepare_cached(
        "SELECT id, room, kind, record, target FROM event WHERE id > ? ORDER BY id LIMIT ?",
    )?;
    let mut rows = select.query(params![from, BATCH_EVENTS])?;
    let mut batch = Vec::with_capacity(BATCH_EVENTS.into());
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let room = RoomId(row.get::<_, i64>(1)?.cast_unsigned());
        let kind: u8 = row.get(2)?;
        let change = if kind == Kind::Said as u8 {
            match record::decode(row.get_ref(3)?.as_blob()?) {
                Ok(Fact::Said { text, .. }) => Some(Change { room, said: id, text: Some(text) }),
                Ok(_) => None,
                Err(cause) => {
                    tracing::warn!(%cause, event = id, "not indexed");
                    None
                }
            }
        } else if kind == Kind::Edited as u8 || kind == Kind::Deleted as u8 {
            standing(log, room, Seq(row.get::<_, i64>(4)?.cast_unsigned()))?
        } else {
            None
        };
        batch.push((id, change));
    }
    Ok(batch)
}

/// The same of events that are at hand.
fn changes(log: &Connection, from: i64, events: &[Event]) -> rusqlite::Result<Batch> {
    let change = |(id, event): (i64, &Event)| {
        let room = event.room;
        let change = match &event.fact {
            Fact::Said { text, .. } => Some(Change { room, said: id, text: Some(text.clone()) }),
            Fact::Edited { target, .. } | Fact::Deleted { target, .. } => {
                standing(log, room, *target)?
            }
            Fact::Created { .. }
            | Fact::Erased { .. }
            | Fact::Reacted { .. }
            | Fact::Pinned { .. }
            | Fact::TopicSet { .. }
            | Fact::Moderated { .. }
            | Fact::Entered { .. }
            | Fact::Left { .. }
            | Fact::Renamed { .. } => None,
        };
        Ok((id, change))
    };
    (from + 1..).zip(events).map(change).collect()
}

/// What a changed message is to be found by: as it is now, which may be later than the event that
/// changed it. Then it is written over once more.
fn standing(log: &Connection, room: RoomId, target: Seq) -> rusqlite::Result<Option<Change>> {
    let newest = newest_text(log, room, target)?;
    Ok(newest.map(|(said, text)| Change { room, said, text }))
}

fn write(index: &Connection, batch: &Batch, gone: &[i64], to: i64) -> rusqlite::Result<()> {
    let mut insert = index.prepare_cached("INSERT INTO said (rowid, terms) VALUES (?, ?)")?;
    let mut delete = index.prepare_cached("DELETE FROM said WHERE rowid = ?")?;
    let mut terms = String::new();
    let (mut changed, mut has_erased) = (0, false);
    for (id, change) in batch {
        let Some(Change { room, said, text }) = change else { continue };
        if said != id {
            delete.execute([said])?;
            changed = *id;
            has_erased |= text.is_none();
        }
        let Some(text) = text else { continue };
        terms.clear();
        for term in Words::of(text.as_str()).terms() {
            put_term(*room, term, &mut terms);
            terms.push(' ');
        }
        insert.execute(params![said, terms])?;
    }
    for id in gone {
        delete.execute([id])?;
    }
    let mut update = index.prepare_cached(
        "UPDATE indexed SET event = ?1, changed = max(changed, ?2), has_erased = has_erased OR ?3",
    )?;
    update.execute(params![to, changed, has_erased]).map(|_| ())
}

/// A term as the index has it: behind its room. The dot is no letter, so no term has one.
pub(super) fn put_term(room: RoomId, term: &str, terms: &mut String) {
    write!(terms, "{:x}·{term}", room.0).expect("a string takes everything");
}

/// Opens the index, making it if need be.
fn open_index(path: &Path, log_end: i64) -> rusqlite::Result<Connection> {
    let index = Connection::open(path)?;
    index.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    let version: i64 = index.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != INDEX_VERSION {
        if version != 0 {
            return Err(broken(format!("index version {version}")));
        }
        transact(&index, |index| {
            index.execute_batch(SCHEMA)?;
            index.pragma_update(None, "user_version", INDEX_VERSION)
        })?;
    }
    let indexed = indexed(&index)?;
    if indexed > log_end {
        let changed: i64 = index.query_row("SELECT changed FROM indexed", [], |row| row.get(0))?;
        if changed > log_end {
            return Err(broken(format!("event {changed} is not in the log")));
        }
        transact(&index, |index| {
            let mut delete = index.prepare_cached("DELETE FROM said WHERE rowid = ?")?;
            for lost in log_end + 1..=indexed {
                delete.execute([lost])?;
            }
            index.execute("UPDATE indexed SET event = ?", [log_end]).map(|_| ())
        })?;
    }
    Ok(index)
}

/// Has the index made anew.
fn broken(why: String) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, why, rusqlite::types::Type::Integer)
}

fn indexed(index: &Connection) -> rusqlite::Result<i64> {
    index.query_row("SELECT event FROM indexed", [], |row| row.get(0))
}

/// Deletes the index, so that the next opening makes a new one.
fn renew(shared: &Shared) {
    for path in shared.folder.index_files() {
        if let Err(cause) = std::fs::remove_file(&path)
            && cause.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%cause, path = %path.display(), "cannot be removed");
        }
    }
    let mut state = shared.index.lock();
    state.generation += 1;
    state.indexed = 0;
    state.is_broken = false;
}
