//! The log on SQLite: the embedded default.
//!
//! A data folder holds `papo.db` (the log), `search.db` (an index over it that may be deleted and
//! is then made again) and `lock`. Decisions, each with its reason:
//!
//! - **WAL**, so that readers neither wait for the writer nor make it wait.
//! - **`synchronous=NORMAL` and an `fdatasync` of our own.** A commit at NORMAL only writes: it
//!   survives the process, and the writer never waits for the disk for it. The flusher's one
//!   `fdatasync` of the `-wal` file then makes all commits so far durable at once. At `FULL` every
//!   commit would wait by itself; NORMAL alone loses acknowledged messages at a power cut.
//!   (The writer does wait for one `fsync` each time the WAL starts again at its beginning:
//!   SQLite must not mix the new header with old frames. That is once in `WAL_BYTES_MAX`.)
//! - **`wal_autocheckpoint=0`**: a checkpoint waits for the disk twice, so the flusher does it.
//! - **`secure_delete`**, and a write-ahead log that is cut short after a deletion: what was
//!   deleted is not to be found in the bytes of the files either.
//! - Own descriptors only on `-wal`: closing any descriptor of `papo.db` would drop the POSIX
//!   locks that SQLite holds on it.

mod error;
mod flusher;
mod folder;
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
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use room::{Author, Emoji, Event, Fact, Held, RoomId, Seq, Snapshot, UnixMs};

use crate::{Flusher, Log, Reader, Retention, StoreError};
use shared::Shared;
use writer::Writer;

/// The log in a folder. Holds the folder to itself until it and all its handles are dropped.
pub struct Sqlite {
    writer: Writer,
    shared: Arc<Shared>,
    indexer: Option<JoinHandle<()>>,
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
        let writer = Writer::open(&folder)?;
        let shared = Arc::new(Shared::new(folder, writer.head, was_killed));
        let indexer = index::start(Arc::clone(&shared))?;
        Ok(Self { writer, shared, indexer: Some(indexer) })
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.shared.index.stop();
        if let Some(indexer) = self.indexer.take() {
            // If it panicked, its panic has been printed, and the index is made again if need be.
            let _ = indexer.join();
        }
    }
}

impl Log for Sqlite {
    fn rooms(&mut self) -> Result<Vec<Snapshot>, StoreError> {
        Ok(self.writer.snapshots())
    }

    fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        self.shared.gate.pass();
        match self.writer.append(events) {
            Err(StoreError::NoSpace) if self.writer.make_room() => self.writer.append(events)?,
            done => done?,
        }
        self.shared.index.appended(self.writer.head);
        if events.iter().any(|event| matches!(event.fact, Fact::Deleted { .. })) {
            self.shared.has_erased.store(true, Ordering::Release);
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
        message::held(&self.writer.connection, room, seq, by, emoji)
            .map_err(error::failed("reading the log", &self.writer.folder))
    }

    fn last_room(&mut self) -> Result<RoomId, StoreError> {
        Ok(self.writer.last_room)
    }

    fn remove_room(&mut self, room: RoomId) -> Result<(), StoreError> {
        self.shared.gate.pass();
        let gone = self.writer.remove_room(room)?;
        self.shared.index.gone(&gone);
        Ok(())
    }

    fn trim(&mut self, retention: Retention, now: UnixMs) -> Result<usize, StoreError> {
        self.shared.gate.pass();
        let gone = self.writer.trim(retention, now)?;
        self.shared.index.gone(&gone);
        Ok(gone.len())
    }

    fn flusher(&mut self) -> Result<Box<dyn Flusher>, StoreError> {
        Ok(Box::new(flusher::WalFlusher::open(Arc::clone(&self.shared))?))
    }

    fn reader(&mut self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(reader::SqliteReader::open(Arc::clone(&self.shared))?))
    }
}
