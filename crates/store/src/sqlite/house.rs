//! Housekeeping: the database's own write-ahead log is kept short, and the journal's files free.

use std::fs::{File, OpenOptions};
use std::io::Error;
use std::time::{Duration, Instant};

use crate::StoreError;
use crate::journal::{Journal, rewrite};
use crate::sqlite::error;
use crate::sqlite::folder::Folder;
use crate::sqlite::migrate::BUSY_WAIT;
use crate::sqlite::writer::Writer;

/// Bytes of the write-ahead log not yet in the database file from which on a checkpoint is due. A
/// checkpoint writes a page once, however often it was written to meanwhile, so this is not small.
const CHECKPOINT_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of the write-ahead log from which on it has to start again at its beginning. Under less
/// than constant load it does so by itself. Also bounds how much a start after a crash reads.
pub(super) const WAL_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Bytes by which the write-ahead log grows after a reader has kept it from starting again, before
/// that is tried once more.
const GROWTH_BYTES: u64 = 16 * 1024 * 1024;

/// After housekeeping that could not be done (a full disk), so many transactions pass before the
/// next attempt.
const TRANSACTIONS_BETWEEN_ATTEMPTS: u32 = 100;

/// How long a checkpoint waits for readers, while the log can take nothing. All of ours are
/// shorter, but a backup is not: after having waited in vain ...
const READERS_WAIT: Duration = Duration::from_secs(1);

/// ... it waits only so long ...
const HELD_UP_WAIT: Duration = Duration::from_millis(20);

/// ... for this time.
const HELD_UP: Duration = Duration::from_secs(10);

const _: () = assert!(CHECKPOINT_BYTES < WAL_BYTES_MAX);

/// What housekeeping goes by.
pub(super) struct House {
    wal: File,
    page_bytes: u64,
    /// The write-ahead log could not be synced, and has not been written out since.
    is_broken: bool,
    transactions_to_skip: u32,
    /// A reader was in the way: the write-ahead log grows to so many bytes first.
    grows_to: u64,
    /// And it was one that took long: none is waited for until then.
    held_up_until: Option<Instant>,
}

/// How far the write-ahead log is, in frames.
struct Progress {
    is_busy: bool,
    written: u64,
    moved: u64,
}

impl House {
    pub(super) fn open(folder: &Folder, page_bytes: u64) -> Result<Self, StoreError> {
        let wal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(folder.wal())
            .map_err(|cause| error::io("opening the write-ahead log", cause))?;
        let (is_broken, held_up_until) = (false, None);
        Ok(Self { wal, page_bytes, is_broken, transactions_to_skip: 0, grows_to: 0, held_up_until })
    }
}

impl Writer {
    /// Does what is due. Failing does no harm: the journal has what may be lost here.
    pub(super) fn keep_house(&mut self, journal: &Journal) -> Result<(), StoreError> {
        if self.house.transactions_to_skip > 0 {
            self.house.transactions_to_skip -= 1;
            return Ok(());
        }
        let hardened = if journal.wants_turn() { self.harden(journal) } else { Ok(()) };
        let done = hardened.and_then(|()| {
            let shortened = self.shorten();
            shortened.map_err(error::failed("moving the write-ahead log", &self.folder))
        });
        if done.is_err() {
            self.house.transactions_to_skip = TRANSACTIONS_BETWEEN_ATTEMPTS;
        }
        done
    }

    /// Brings all transactions to the disk, and so makes the journal's other file free.
    pub(super) fn harden(&mut self, journal: &Journal) -> Result<(), StoreError> {
        self.sync_wal().map_err(|cause| error::io("syncing the write-ahead log", cause))?;
        journal.hardened(self.head.cast_unsigned());
        Ok(())
    }

    fn sync_wal(&mut self) -> Result<(), Error> {
        let house = &mut self.house;
        // After a failed sync the kernel may hold pages for written that are not.
        if std::mem::replace(&mut house.is_broken, true) {
            rewrite(&house.wal, house.wal.metadata()?.len())?;
        }
        house.wal.sync_all()?;
        house.is_broken = false;
        Ok(())
    }

    fn shorten(&mut self) -> rusqlite::Result<()> {
        let page_bytes = self.house.page_bytes;
        let Progress { written, moved, .. } = self.checkpoint("NOOP")?;
        if written * page_bytes < CHECKPOINT_BYTES {
            // It has started again, if it had to.
            self.house.grows_to = 0;
        }
        if written * page_bytes < self.house.grows_to {
            return Ok(());
        }
        let done = if written * page_bytes >= WAL_BYTES_MAX {
            // To write over what is there costs less than to grow anew. But what a disk that stood
            // still for a while, or a backup, let it grow to is given back.
            let bytes = self.house.wal.metadata().map_or(0, |wal| wal.len());
            self.checkpoint(if bytes > 2 * WAL_BYTES_MAX { "TRUNCATE" } else { "RESTART" })?
        } else if (written - moved) * page_bytes >= CHECKPOINT_BYTES {
            self.checkpoint("PASSIVE")?
        } else {
            return Ok(());
        };
        self.note(&done);
        Ok(())
    }

    /// What a checkpoint that came to so much says of the next one.
    fn note(&mut self, done: &Progress) {
        let house = &mut self.house;
        let left = (done.written - done.moved) * house.page_bytes;
        if !done.is_busy {
            house.held_up_until = None;
        } else if house.held_up_until.is_none_or(|until| until <= Instant::now()) {
            house.held_up_until = Some(Instant::now() + HELD_UP);
        }
        house.grows_to = match done.is_busy {
            true => done.written * house.page_bytes + GROWTH_BYTES,
            false if left >= CHECKPOINT_BYTES => done.written * house.page_bytes + CHECKPOINT_BYTES,
            false => 0,
        };
    }

    /// Moves the whole write-ahead log into the database and cuts it short, because it has pages as
    /// they were before something was erased. Whether no reader was in the way.
    pub(super) fn cut_short(&mut self) -> Result<bool, StoreError> {
        let failed = error::failed("cutting the write-ahead log short", &self.folder);
        let done = self.checkpoint("TRUNCATE").map_err(failed)?;
        self.note(&done);
        Ok(!done.is_busy)
    }

    /// On a full disk: moves the write-ahead log into the database, so that it need not grow.
    /// Whether all of it could be moved. Waits for the disk, but then nothing is accepted anyway.
    pub(super) fn make_room(&self) -> bool {
        // No frames: it starts at its beginning already, and there is nothing to be won.
        self.checkpoint("PASSIVE")
            .is_ok_and(|Progress { written, moved, .. }| written == moved && written > 0)
    }

    fn checkpoint(&self, mode: &str) -> rusqlite::Result<Progress> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let frames = |frames: i64| u64::try_from(frames).unwrap_or(0);
        let is_held_up = self.house.held_up_until.is_some_and(|until| Instant::now() < until);
        let wait = if is_held_up { HELD_UP_WAIT } else { READERS_WAIT };
        self.connection.busy_timeout(wait)?;
        let done = self.connection.prepare_cached(&sql)?.query_row([], |row| {
            let (written, moved) = (frames(row.get(1)?), frames(row.get(2)?));
            Ok(Progress { is_busy: row.get::<_, i64>(0)? != 0, written, moved: moved.min(written) })
        });
        self.connection.busy_timeout(BUSY_WAIT)?;
        done
    }
}
