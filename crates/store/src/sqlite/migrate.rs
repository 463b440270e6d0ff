//! Brings a log up to the schema of this program, all in one transaction or not at all.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use crate::sqlite::error;
use crate::sqlite::folder::Folder;
use crate::sqlite::schema::{APPLICATION_ID, STEPS, latest};

/// How long a connection waits for another one. Only migrations and the rare checkpoint that holds
/// the writer up take the write lock beside the writer, and both for less than this.
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Opens a connection to the log, as each of its users wants it.
pub(super) fn connect(folder: &Folder) -> rusqlite::Result<Connection> {
    use rusqlite::OpenFlags as F;
    // One thread a connection, so no mutex; the file was made by the folder, never here.
    let connection = Connection::open_with_flags(
        folder.db(),
        F::SQLITE_OPEN_READ_WRITE | F::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA temp_store = MEMORY;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Takes the schema to the latest version.
///
/// # Errors
///
/// [`StoreError::TooNew`] if it is past that; the log is then untouched.
pub(super) fn migrate(connection: &mut Connection, folder: &Folder) -> Result<(), StoreError> {
    let failed = || error::failed("migrating the log", folder.path());
    let found = version(connection).map_err(failed())?;
    if found == latest() {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
    let known = latest();
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    let Some(steps) = STEPS.get(done..) else {
        return Err(StoreError::TooNew { found, known });
    };
    for step in steps {
        transaction.execute_batch(step).map_err(failed())?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed())?;
    transaction.pragma_update(None, "user_version", known).map_err(failed())?;
    transaction.commit().map_err(failed())?;
    if found > 0 {
        tracing::info!(from = found, to = known, "the log was brought up to this version");
    }
    Ok(())
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}
