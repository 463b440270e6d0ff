//! Copies of a data folder, taken while a server runs on it or not, and going back to one.
//!
//! A backup is a folder: `papo.db` and `people.db`, each a whole SQLite database of its own, and
//! `SHA256SUMS`, which says what they must be and which `sha256sum -c` reads as well. It appears
//! under its name when all of it is on the disk, and not before.
//!
//! What it has, and why:
//!
//! - **All that was appended before it began.** The journal is read first and the database after
//!   it, so each event is in one of the two; what only the journal had is then put into the copy.
//! - **Nothing of what was deleted before.** `VACUUM INTO` writes what the tables hold and no
//!   more, and what is put into the copy erases there as it does in a log.
//! - **A log and people that fit.** The log is copied first, so everyone it names is there; read
//!   markers that ran ahead meanwhile are set back to the end of the copied log.
//!
//! The server is not asked and not stopped. While the database is copied, one reader looks at it:
//! its write-ahead log grows meanwhile by what is written, and shrinks afterwards.

mod copy;
mod restore;
mod sums;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use room::UnixMs;

use crate::StoreError;
use crate::{people, sqlite};
pub(crate) use copy::{check, vacuum_into};
use sums::Sums;

pub use restore::{RestoreError, Restored, restore};
pub use sums::BadSums;

/// The databases of a backup, each with how its file is known.
const DATABASES: [Database; 2] = [
    Database { name: sqlite::DB, application_id: sqlite::APPLICATION_ID, latest: sqlite::latest },
    Database { name: people::DB, application_id: people::APPLICATION_ID, latest: people::latest },
];

/// A database of a backup.
struct Database {
    name: &'static str,
    application_id: i64,
    /// The latest schema that this program knows.
    latest: fn() -> i64,
}

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Rooms.
    pub rooms: u64,
    /// Accounts.
    pub accounts: u64,
    /// Bytes of its files.
    pub bytes: u64,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no log in the data folder.
    #[error("there is nothing to back up in {}", .0.display())]
    NoData(PathBuf),
    /// Something is there already; it was not touched.
    #[error("{} is there already", .0.display())]
    TargetExists(PathBuf),
    /// The copy is not whole, so neither is what was copied.
    #[error("{file} is damaged: {what}")]
    Damaged {
        /// The database.
        file: &'static str,
        /// The first thing that SQLite found.
        what: String,
    },
    /// The disk, or the data.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies the log and the people of the data folder `data` into a new folder `target`, for its
/// owner alone. `program` is the version of the program, to be noted down.
///
/// The copies have this program's schema, whatever that of the data is.
///
/// # Errors
///
/// [`BackupError`]: `target` is as it was.
pub fn backup(
    data: &Path,
    target: &Path,
    program: &str,
    now: UnixMs,
) -> Result<Copied, BackupError> {
    if !data.join(sqlite::DB).is_file() {
        return Err(BackupError::NoData(data.to_owned()));
    }
    if target.symlink_metadata().is_ok() {
        return Err(BackupError::TargetExists(target.to_owned()));
    }
    let mut unfinished = target.as_os_str().to_owned();
    unfinished.push(format!(".partial-{}", std::process::id()));
    let unfinished = PathBuf::from(unfinished);
    DirBuilder::new().mode(0o700).create(&unfinished).map_err(failed)?;
    let done = write(data, &unfinished, program, now).and_then(|copied| {
        fs::rename(&unfinished, target).and_then(|()| sync_parent(target)).map_err(failed)?;
        Ok(copied)
    });
    if done.is_err() {
        // Only what is ours: the folder was made above.
        let _ = fs::remove_dir_all(&unfinished);
    }
    done
}

fn write(data: &Path, into: &Path, program: &str, now: UnixMs) -> Result<Copied, BackupError> {
    let rooms = sqlite::copy(data, into)?;
    let accounts = people::copy(data, into, &rooms)?;
    let mut sums = Sums::new(program, now);
    let mut bytes = 0;
    for Database { name, application_id, latest } in &DATABASES {
        let path = into.join(name);
        if let Some(what) = check(&path, *application_id, latest())? {
            return Err(BackupError::Damaged { file: name, what });
        }
        let file = File::open(&path).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        let (sum, length) = copy::sum_of(file, None).map_err(failed)?;
        sums.add(name, sum);
        bytes += length;
    }
    bytes += sums.write(into).map_err(failed)?;
    File::open(into).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(Copied { rooms: rooms.len() as u64, accounts, bytes })
}

fn failed(cause: std::io::Error) -> StoreError {
    sqlite::io_error("writing the backup", cause)
}

/// Makes the entry of `path` in its folder durable.
fn sync_parent(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
