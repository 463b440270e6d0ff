//! What SQLite's errors mean for the log.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::StoreError;

/// Turns an error met while doing something in `folder` into what it means.
///
/// SQLite tells a full disk by its own code on most ways, but a quota, a disk gone read-only and a
/// full disk under the shared memory only as "I/O error", without the cause. Then a probe asks.
pub(super) fn failed(
    doing: &'static str,
    folder: &Path,
) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |cause| {
        if is_no_space(&cause) || (may_be_no_space(&cause) && takes_no_bytes(folder)) {
            StoreError::NoSpace
        } else {
            StoreError::failed(doing, cause)
        }
    }
}

/// The same for an error of the operating system.
pub(crate) fn io(doing: &'static str, cause: std::io::Error) -> StoreError {
    if is_out_of_space(&cause) { StoreError::NoSpace } else { StoreError::failed(doing, cause) }
}

/// Whether a database file is no whole one.
pub(crate) fn is_corrupt(cause: &rusqlite::Error) -> bool {
    matches!(cause.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        || matches!(cause, rusqlite::Error::InvalidColumnType(..))
}

fn is_no_space(cause: &rusqlite::Error) -> bool {
    matches!(cause.sqlite_error_code(), Some(ErrorCode::DiskFull | ErrorCode::ReadOnly))
}

fn may_be_no_space(cause: &rusqlite::Error) -> bool {
    cause.sqlite_error_code() == Some(ErrorCode::CannotOpen)
        || matches!(
            cause.sqlite_extended_error_code(),
            Some(
                ffi::SQLITE_IOERR_WRITE
                    | ffi::SQLITE_IOERR_FSYNC
                    | ffi::SQLITE_IOERR_TRUNCATE
                    | ffi::SQLITE_IOERR_SHMOPEN
                    | ffi::SQLITE_IOERR_SHMSIZE
                    | ffi::SQLITE_IOERR_SHMMAP
            )
        )
}

fn is_out_of_space(cause: &std::io::Error) -> bool {
    matches!(
        cause.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem
    )
}

/// Tries to write a little; whether that fails for want of space or of the right to.
fn takes_no_bytes(folder: &Path) -> bool {
    let path = folder.join("probe");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)
        .and_then(|mut probe| probe.write_all(&vec![0; 64 * 1024]));
    // Fails if there is none, or the disk is read-only: then there is nothing to remove.
    let _ = std::fs::remove_file(&path);
    written.is_err_and(|cause| is_out_of_space(&cause))
}
