//! One database: copied beside those who write to it, and looked over.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};

use crate::StoreError;

/// How long a database that someone is just opening is waited for.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Bytes that are copied at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// The sum of a file.
pub(super) type Sum = [u8; 32];

/// Writes what the database `from` holds into a new file `to`, for its owner alone: one state of
/// it, without free pages. Waits for no writer, and none waits for it.
///
/// # Errors
///
/// [`StoreError::Failed`], also where `to` is there already.
pub(crate) fn vacuum_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    const DOING: &str = "copying a database";
    let path = to.to_str().ok_or_else(|| StoreError::failed(DOING, "its path is not UTF-8"))?;
    private(to).map_err(|cause| StoreError::failed(DOING, cause))?;
    let copy = || {
        // To write, or it could not be opened where nobody else has it open.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(from, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        // A write-ahead log that a killed server left is for its next start to see.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.execute("VACUUM INTO ?", [path])
    };
    copy().map(|_| ()).map_err(|cause| StoreError::failed(DOING, cause))
}

/// Looks a database over that nobody else has open: what is wrong with it, if anything is.
///
/// # Errors
///
/// [`StoreError::TooNew`], [`StoreError::Failed`].
pub(crate) fn check(
    path: &Path,
    application_id: i64,
    latest: i64,
) -> Result<Option<String>, StoreError> {
    let look = || -> rusqlite::Result<_> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let number = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let found = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
        let whole: String =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok((found, whole))
    };
    match look() {
        Err(cause) if crate::sqlite::is_corrupt(&cause) => Ok(Some(cause.to_string())),
        Err(cause) => Err(StoreError::failed("looking a database over", cause)),
        Ok(((id, _), _)) if id != application_id => Ok(Some("it is not papo's".to_owned())),
        Ok(((_, found), _)) if found > latest => Err(StoreError::TooNew { found, known: latest }),
        Ok((_, whole)) => Ok((whole != "ok").then_some(whole)),
    }
}

/// The sum and the length of a file; what is read goes to `to` as well.
pub(super) fn sum_of(mut file: File, mut to: Option<&mut File>) -> io::Result<(Sum, u64)> {
    let mut piece = vec![0; PIECE_BYTES];
    let (mut sum, mut length) = (Sha256::new(), 0);
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok((sum.finalize().into(), length)),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        sum.update(&piece[..read]);
        length += read as u64;
        if let Some(to) = &mut to {
            to.write_all(&piece[..read])?;
        }
    }
}

/// A new file, for its owner alone.
pub(super) fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
