//! The data folder: who holds it, and what lies where.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::sqlite::error;

/// Bytes of a lock file that are looked at: more than any process number has.
const PID_BYTES_MAX: u64 = 20;

/// The log's file in the folder.
pub(crate) const DB: &str = "papo.db";

/// The file in the folder that is locked.
const LOCK: &str = "lock";

/// A data folder, locked for as long as this lives.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be, for its owner alone, locks it, and makes an empty log.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = Self::lock(path)?;
        // SQLite gives `-wal` and `-shm` the mode of the database. Nothing is open on it yet, so
        // closing this descriptor drops nobody's locks.
        let private = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.db());
        match private {
            Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(error::io("opening the data folder", cause))
            }
            _ => Ok(folder),
        }
    }

    /// Makes the folder if need be, for its owner alone, and locks it.
    pub(crate) fn lock(path: &Path) -> Result<Self, StoreError> {
        let doing = "opening the data folder";
        let failed = |cause| error::io(doing, cause);
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
            // The new folder's own entry must outlast the power as well.
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                File::open(parent).and_then(|parent| parent.sync_all()).map_err(failed)?;
            }
        }
        let lock = lock(path)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn db(&self) -> PathBuf {
        self.path.join(DB)
    }

    pub(super) fn wal(&self) -> PathBuf {
        self.path.join("papo.db-wal")
    }

    pub(super) fn index(&self) -> PathBuf {
        self.path.join("search.db")
    }

    /// Every file the index may consist of.
    pub(super) fn index_files(&self) -> [PathBuf; 3] {
        ["search.db", "search.db-wal", "search.db-shm"].map(|name| self.path.join(name))
    }

    /// Lets go of the folder and takes the lock's file out of it: it is no data folder.
    pub(super) fn unlock(self) -> std::io::Result<()> {
        std::fs::remove_file(self.path.join(LOCK))
    }

    /// Makes the entries of the folder durable.
    pub(crate) fn sync(&self) -> std::io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let failed = |cause| error::io("locking the data folder", cause);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let mut lock = options.open(folder.join(LOCK)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let read = lock.take(PID_BYTES_MAX).read_to_string(&mut pid);
            let is_number = read.is_ok() && pid.trim().parse::<u32>().is_ok();
            let pid = if is_number { pid.trim().to_owned() } else { "?".to_owned() };
            return Err(StoreError::InUse { folder: folder.display().to_string(), pid });
        }
    }
    // The number only helps whoever reads it: a full disk must not keep the log from opening.
    let written = lock
        .set_len(0)
        .and_then(|()| lock.write_all(format!("{}\n", std::process::id()).as_bytes()));
    if let Err(cause) = written {
        tracing::debug!(%cause, "the lock file does not say who holds it");
    }
    Ok(lock)
}
