//! Makes commits durable, and moves the write-ahead log into the database.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::sqlite::error;
use crate::sqlite::migrate::connect;
use crate::sqlite::shared::Shared;
use crate::{Flusher, StoreError};

/// Bytes of the write-ahead log not yet in the database from which on a checkpoint is due. A
/// checkpoint writes a page once, however often it was written to meanwhile, so this is not small.
const CHECKPOINT_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of the write-ahead log from which on the writer is held up (for as long as it takes to
/// write the last pages of it to the disk) so that it can start again at its beginning. Under less
/// than constant load it does so by itself. Beyond this it grows by what is written while one flush
/// and one checkpoint wait for the disk. Also bounds how much a start after a crash reads.
pub(super) const WAL_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The longest a checkpoint waits for a reader or for a transaction under way.
const CHECKPOINT_WAIT_MAX: Duration = Duration::from_secs(1);

/// After a checkpoint that could not be made (a full disk), so many flushes pass before the next
/// attempt.
const FLUSHES_BETWEEN_ATTEMPTS: u32 = 100;

/// After a deletion the write-ahead log, which has the pages as they were before, is cut short:
/// the writer is held up for it, so not more often than this. What is deleted in between waits for
/// the first flush after it, or for the log's closing.
const SCRUB_GAP: Duration = Duration::from_secs(1);

const _: () = assert!(CHECKPOINT_BYTES < WAL_BYTES_MAX);

pub(super) struct WalFlusher {
    shared: Arc<Shared>,
    connection: Connection,
    wal: File,
    page_bytes: u64,
    /// A flush failed, and none has succeeded since.
    pub(super) is_broken: bool,
    flushes_to_skip: u32,
    scrubbed: Option<Instant>,
}

/// How far the write-ahead log is, in frames.
struct Progress {
    is_busy: bool,
    written: u64,
    moved: u64,
}

impl WalFlusher {
    pub(super) fn open(shared: Arc<Shared>) -> Result<Self, StoreError> {
        let failed = || error::failed("opening the flusher", shared.folder.path());
        let connection = connect(&shared.folder).map_err(failed())?;
        connection.busy_timeout(CHECKPOINT_WAIT_MAX).map_err(failed())?;
        // Checkpoints do not sync less at NORMAL; this only keeps the connection's page cache,
        // which is never used, from growing.
        connection.pragma_update(None, "cache_size", 0).map_err(failed())?;
        let page_bytes: u32 =
            connection.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(failed())?;
        let page_bytes = u64::from(page_bytes);
        let wal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(shared.folder.wal())
            .map_err(|cause| error::io("opening the write-ahead log", cause))?;
        // The write-ahead log is made anew at each start, and its entry in the folder must be as
        // durable as what is in it.
        shared.folder.sync().map_err(|cause| error::io("syncing the data folder", cause))?;
        let (is_broken, flushes_to_skip, scrubbed) = (false, 0, None);
        Ok(Self { shared, connection, wal, page_bytes, is_broken, flushes_to_skip, scrubbed })
    }

    /// What a failed sync left behind: the kernel may hold pages for written that are not, and
    /// tells of it only once. So everything is written once more.
    fn repair(&self) -> Result<(), StoreError> {
        let busy = |cause: rusqlite::Error| StoreError::Unflushed(Error::other(cause));
        let _closed = self.shared.gate.close();
        // With SQLite's write lock held, nobody writes to the file beside this.
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(busy)?;
        let rewritten = rewrite(&self.wal).and_then(|()| sync(&self.wal));
        self.connection.execute_batch("ROLLBACK").map_err(busy)?;
        rewritten.map_err(StoreError::Unflushed)?;
        // And out of that file, into the database, which this syncs too.
        if self.checkpoint("TRUNCATE").map_err(busy)?.is_busy {
            return Err(StoreError::Unflushed(ErrorKind::ResourceBusy.into()));
        }
        tracing::warn!("the disk takes writes again; the log is whole");
        Ok(())
    }

    /// Keeps the write-ahead log bounded. Failing does no harm: what it holds is durable there.
    fn keep_house(&mut self) -> rusqlite::Result<()> {
        let Progress { written, moved, .. } = self.checkpoint("NOOP")?;
        if (written - moved) * self.page_bytes >= CHECKPOINT_BYTES {
            self.checkpoint("PASSIVE")?;
        }
        if written * self.page_bytes >= WAL_BYTES_MAX {
            // Most of the work is done above; the writer waits for the rest of it only.
            let _closed = self.shared.gate.close();
            // To write over what is there costs less than to grow anew. But what a disk that stood
            // still for a while let it grow to is given back.
            let bytes = self.wal.metadata().map_or(0, |wal| wal.len());
            self.checkpoint(if bytes > 2 * WAL_BYTES_MAX { "TRUNCATE" } else { "RESTART" })?;
        }
        if self.shared.has_erased.load(Ordering::Acquire)
            && self.scrubbed.is_none_or(|scrubbed| scrubbed.elapsed() >= SCRUB_GAP)
        {
            self.scrub()?;
        }
        Ok(())
    }

    /// Leaves nothing of what was erased in the write-ahead log.
    pub(super) fn scrub(&mut self) -> rusqlite::Result<()> {
        self.scrubbed = Some(Instant::now());
        let _closed = self.shared.gate.close();
        // Before, so that what is erased meanwhile is not forgotten.
        self.shared.has_erased.store(false, Ordering::Release);
        let done = self.checkpoint("TRUNCATE");
        if !matches!(done, Ok(Progress { is_busy: false, .. })) {
            self.shared.has_erased.store(true, Ordering::Release);
        }
        done.map(|_| ())
    }

    fn checkpoint(&self, mode: &str) -> rusqlite::Result<Progress> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let frames = |frames: i64| u64::try_from(frames).unwrap_or(0);
        self.connection.prepare_cached(&sql)?.query_row([], |row| {
            let (written, moved) = (frames(row.get(1)?), frames(row.get(2)?));
            Ok(Progress { is_busy: row.get::<_, i64>(0)? != 0, written, moved: moved.min(written) })
        })
    }
}

impl Flusher for WalFlusher {
    fn flush(&mut self) -> Result<(), StoreError> {
        if self.is_broken {
            self.repair()?;
            self.is_broken = false;
        }
        if let Err(cause) = sync(&self.wal) {
            self.is_broken = true;
            return Err(StoreError::Unflushed(cause));
        }
        if self.flushes_to_skip > 0 {
            self.flushes_to_skip -= 1;
        } else if let Err(cause) = self.keep_house() {
            tracing::warn!(%cause, "the write-ahead log stays as long as it is for now");
            self.flushes_to_skip = FLUSHES_BETWEEN_ATTEMPTS;
        }
        Ok(())
    }
}

fn sync(file: &File) -> Result<(), Error> {
    loop {
        match rustix::fs::fdatasync(file) {
            Err(rustix::io::Errno::INTR) => {}
            done => return done.map_err(Error::from),
        }
    }
}

/// Writes what a file holds over itself, so that the kernel has to take it to the disk again.
fn rewrite(file: &File) -> Result<(), Error> {
    let mut block = vec![0; 1024 * 1024];
    let mut offset = 0;
    loop {
        match file.read_at(&mut block, offset)? {
            0 => return Ok(()),
            read => {
                file.write_all_at(&block[..read], offset)?;
                offset += read as u64;
            }
        }
    }
}
