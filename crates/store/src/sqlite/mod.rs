//! The log on SQLite: the embedded default.
//!
//! A data folder holds `journal-0` and `journal-1` (what was appended last, [`crate::journal`]),
//! `papo.db` (the log), `search.db` (an index over it that may be deleted and is then made again)
//! and `lock`. Decisions, each with its reason:
//!
//! - **A journal before the database.** An append is one `write` to a file, a flush one
//!   `fdatasync` of it. As a transaction of its own an append costs ten times as much, for the
//!   pages of a table, of an index and of its room; moved on in portions of thousands by the
//!   absorber, hardly anything. Readers look at what has not moved on too.
//! - **WAL**, so that readers neither wait for the absorber nor make it wait.
//! - **`synchronous=NORMAL`**: what the database has not got on the disk, the journal has. The
//!   write-ahead log is synced before the journal writes over anything ([`house`]).
//! - **`wal_autocheckpoint=0`**: the absorber makes the checkpoints, between its portions.
//! - **`secure_delete`**, and a journal and a write-ahead log that are emptied after a deletion:
//!   what was deleted is not to be found in the bytes of the files either.
//! - Own descriptors only on `-wal`: closing any descriptor of `papo.db` would drop the POSIX
//!   locks that SQLite holds on it.

mod absorb;
mod beside;
mod copy;
mod error;
mod flusher;
mod folder;
mod house;
mod index;
mod message;
mod migrate;
mod query;
mod reader;
mod retain;
mod schema;
mod scrub;
mod shared;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use room::{Author, Emoji, Event, Fact, Held, RoomId, Seq, Snapshot, UnixMs};
use rusqlite::Connection;

use crate::fold::Rooms;
use crate::journal::Journal;
use crate::message::Holding;
use crate::{Flusher, Log, Reader, Retention, StoreError};
use shared::Shared;
use writer::Writer;

pub use beside::Beside;
pub(crate) use copy::copy;
pub(crate) use error::{io as io_error, is_corrupt};
pub(crate) use folder::{DB, Folder};
pub(crate) use schema::{APPLICATION_ID, latest};

/// The log in a folder. Holds the folder to itself until it and all its handles are dropped.
pub struct Sqlite {
    shared: Arc<Shared>,
    /// Every room as what was appended left it; the database follows.
    rooms: Rooms,
    /// The number of the last event appended.
    head: u64,
    last_room: RoomId,
    /// Looks at messages, for the rules, while others write.
    lookup: Connection,
    /// The absorber and the indexer.
    threads: Vec<JoinHandle<()>>,
}

impl Sqlite {
    /// Opens the log in `folder`; makes both if they are not there, the folder for its owner
    /// alone. A log of an earlier version is brought up to this one.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`], [`StoreError::TooNew`], [`StoreError::NoSpace`],
    /// [`StoreError::Failed`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = folder::Folder::open(folder)?;
        let was_killed = folder.wal().metadata().is_ok_and(|wal| wal.len() > 0);
        let mut writer = Writer::open(&folder)?;
        let after = writer.head.cast_unsigned();
        let journal = Journal::open(folder.path(), after, |frame| writer.append(&frame.events))?;
        if writer.head.cast_unsigned() > after {
            tracing::info!(events = writer.head.cast_unsigned() - after, "read back");
        }
        // The files' entries in the folder must be as durable as what is in them.
        folder.sync().map_err(|cause| error::io("syncing the data folder", cause))?;
        writer.harden(&journal)?;
        let (head, last_room) = (writer.head.cast_unsigned(), writer.last_room);
        let rooms = writer.rooms.clone();
        let lookup = reader::connect_to_read(&folder)?;
        let shared = Arc::new(Shared::new(folder, journal, writer));
        if was_killed || head > after {
            // What an earlier process had deleted may still be in what it left.
            shared.waiting.erased();
        }
        let threads = vec![absorb::start(Arc::clone(&shared))?, index::start(Arc::clone(&shared))?];
        Ok(Self { shared, rooms, head, last_room, lookup, threads })
    }

    /// Adds a room of another log: what `next` gives, [`crate::APPEND_EVENTS_MAX`] events at most
    /// at a time, until it gives none; all or nothing. Positions may be passed over that the
    /// other log does not keep any more, the last ones up to `head` too. The first event makes the
    /// room.
    ///
    /// # Errors
    ///
    /// As [`Log::append`], and what `next` fails with: nothing was added.
    pub fn import(
        &mut self,
        room: RoomId,
        head: Seq,
        next: &mut dyn FnMut() -> std::io::Result<Vec<Event>>,
    ) -> Result<(), StoreError> {
        let mut writer = self.shared.writer();
        absorb::absorb_all(&self.shared, &mut writer)?;
        writer.import(room, head, next)?;
        // The journal goes on behind it, and knows nothing of it.
        writer.harden(&self.shared.journal)?;
        (self.head, self.last_room) = (writer.head.cast_unsigned(), writer.last_room);
        self.rooms = writer.rooms.clone();
        self.shared.index.appended(writer.head, Vec::new());
        Ok(())
    }

    /// Has the database take something, if it did not take the last.
    fn try_again(&self) -> Result<(), StoreError> {
        if self.shared.waiting.is_stalled() {
            absorb::absorb(&self.shared, &mut self.shared.writer())?;
        }
        Ok(())
    }

    /// The writer, when everything appended is in the database.
    fn caught_up<T>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.shared.writer();
        absorb::absorb_all(&self.shared, &mut writer)?;
        work(&mut writer)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.shared.waiting.stop();
        self.shared.index.stop();
        for thread in self.threads.drain(..) {
            // If it panicked, its panic has been printed; the next start reads back what it left.
            let _ = thread.join();
        }
    }
}

impl Log for Sqlite {
    fn rooms(&mut self) -> Result<Vec<Snapshot>, StoreError> {
        Ok(self.rooms.snapshots())
    }

    fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        const DOING: &str = "appending to the log";
        if events.is_empty() {
            return Ok(());
        }
        let stage = || self.rooms.stage(events).map_err(|cause| StoreError::failed(DOING, cause));
        let staged = if self.rooms.are_next_said(events) { None } else { Some(stage()?) };
        self.try_again()?;
        self.shared
            .journal
            .append(self.head + 1, events)
            .map_err(|cause| error::io(DOING, cause))?;
        self.head += events.len() as u64;
        if let Some(staged) = staged {
            let rooms = staged.rooms().map(|kept| kept.snapshot.id);
            self.last_room = rooms.fold(self.last_room, Ord::max);
            self.rooms.commit(staged);
        } else {
            for event in events {
                self.rooms.said(event);
            }
        }
        if self.shared.waiting.add(events) {
            // What was appended is kept, whatever comes of this.
            let _ = absorb::absorb(&self.shared, &mut self.shared.writer());
        }
        if events.iter().any(|event| matches!(event.fact, Fact::Deleted { .. })) {
            // So that nobody reads the text any more. If it cannot move on, readers leave it out.
            let _ = self.caught_up(|_| Ok(()));
            self.shared.waiting.erased();
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
        // What waits is not moved on for it, for which everyone would wait: it is folded over what
        // the database has.
        let wanted = |event: &Event| Holding::is_about(seq, event);
        let waiting = self.shared.waiting.numbered((room, self.head), wanted);
        let found = message::held(&self.lookup, room, seq, (by, emoji));
        let failed = error::failed("reading the log", self.shared.folder.path());
        let (mut holding, last) = found.map_err(failed)?;
        for (_, event) in waiting.iter().filter(|(number, _)| *number > last) {
            holding.go_on(event);
        }
        Ok(holding.end())
    }

    fn last_room(&mut self) -> Result<RoomId, StoreError> {
        Ok(self.last_room)
    }

    fn remove_room(&mut self, room: RoomId) -> Result<(), StoreError> {
        let gone = self.caught_up(|writer| {
            let gone = writer.remove_room(room)?;
            // Before the journal can have a room of that name again.
            writer.harden(&self.shared.journal)?;
            Ok(gone)
        })?;
        self.rooms.remove(room);
        self.shared.index.gone(&gone);
        Ok(())
    }

    fn trim(&mut self, retention: Retention, now: UnixMs) -> Result<usize, StoreError> {
        let gone = self.caught_up(|writer| writer.trim(retention, now))?;
        self.shared.index.gone(&gone);
        Ok(gone.len())
    }

    fn flusher(&mut self) -> Result<Box<dyn Flusher>, StoreError> {
        Ok(Box::new(flusher::JournalFlusher(Arc::clone(&self.shared))))
    }

    fn reader(&mut self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(reader::SqliteReader::open(Arc::clone(&self.shared))?))
    }
}
