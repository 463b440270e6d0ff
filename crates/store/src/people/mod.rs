//! Who the people are: accounts, their tokens, guest links, read markers and the audit log.
//!
//! All of it is in `people.db` of the data folder, beside the log and apart from it: it is written
//! seldom, read often, and holds secrets. Decisions, each with its reason:
//!
//! - **A file of its own, without the folder's lock**: `papo admin` works on it beside a running
//!   server. SQLite lets one write at a time; the other waits some seconds at most.
//! - **WAL and `synchronous=FULL`**: a new password is on the disk before its owner is told so.
//! - **`secure_delete`**: what is overwritten is gone from the pages, not only from the tables.
//! - **Hashes only**: tokens and links as SHA-256 of 128 bits and more, which nobody tries through;
//!   passwords as their owner's PHC string, which is made elsewhere.
//!
//! Time and random bytes come in as parameters.

mod account;
mod audit;
mod copy;
mod error;
mod limits;
mod link;
mod marker;
mod schema;
mod secret;
#[cfg(test)]
mod tests;
mod token;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::Path;

use room::UnixMs;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::StoreError;
pub(crate) use copy::copy;
use error::failed;
pub(crate) use schema::{APPLICATION_ID, latest};

pub use account::{Account, Credentials};
pub use audit::{Deed, Entry, EntryId};
pub use error::{CreateError, IssueError, MakeLinkError, MarkError, UseLinkError};
pub use limits::{
    ACCOUNTS_MAX, AUDIT_MAX, FIELD_BYTES_MAX, LAST_USED_STEP_MS, LINK_RANDOM_BYTES,
    LINKS_PER_ROOM_MAX, MARKERS_PER_ACCOUNT_MAX, PAGE_MAX, TOKEN_RANDOM_BYTES,
    TOKENS_PER_ACCOUNT_MAX,
};
pub use link::{HOOK, Link, LinkId, NewLink};
pub use secret::{LINK_BYTES, LinkToken, PasswordHash, TOKEN_BYTES, TOKEN_PREFIX, Token};
pub use token::{Bearer, Issued, TokenId};

/// The file in the data folder.
pub(crate) const DB: &str = "people.db";

/// The people of a data folder: one connection, for one thread.
pub struct People {
    connection: Connection,
}

impl People {
    /// Opens the people of `folder`; makes both if they are not there, for their owner alone. A
    /// file of an earlier version is brought up to this one.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooNew`], [`StoreError::NoSpace`], [`StoreError::Failed`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(DB);
        make(folder, &path).map_err(|cause| StoreError::failed("making the accounts", cause))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || {
            let connection = Connection::open_with_flags(&path, flags)?;
            connection.busy_timeout(limits::BUSY_WAIT)?;
            connection.execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA secure_delete = ON;
                 PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY;",
            )?;
            connection.set_prepared_statement_cache_capacity(32);
            Ok(connection)
        };
        let mut connection = connect().map_err(failed("opening the accounts"))?;
        schema::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// Does `work` in one transaction that takes its place among the writers at once; what it
    /// returns an error for has not happened.
    fn write<T, E: From<StoreError>>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Refused<E>>,
    ) -> Result<T, E> {
        let failed = |cause| E::from(failed(doing)(cause));
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        match work(&transaction) {
            Ok(made) => transaction.commit().map(|()| made).map_err(failed),
            Err(Refused::By(error)) => Err(error),
            Err(Refused::Sql(cause)) => Err(failed(cause)),
        }
    }

    /// A number that changes when something else than this connection, such as `papo admin`,
    /// writes to the file. Looking at it costs no read of the file.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn version_elsewhere(&self) -> Result<i64, StoreError> {
        let read = || self.connection.query_row("PRAGMA data_version", [], |row| row.get(0));
        read().map_err(failed("looking for changes of the accounts"))
    }

    /// Removes what is kept of a room that was removed: its links and markers.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn forget_room(&mut self, room: room::RoomId) -> Result<(), StoreError> {
        self.write("forgetting a room", |transaction| {
            for sql in ["DELETE FROM link WHERE room = ?", "DELETE FROM marker WHERE room = ?"] {
                transaction.prepare_cached(sql)?.execute([number(room.0)])?;
            }
            Ok(())
        })
    }
}

/// Why a transaction's work was given up.
enum Refused<E> {
    By(E),
    Sql(rusqlite::Error),
}

impl<E> From<rusqlite::Error> for Refused<E> {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sql(cause)
    }
}

/// Makes the folder and the file if they are not there, for their owner alone. SQLite gives `-wal`
/// and `-shm` the mode of the database.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // The new folder's own entry must outlast the power as well.
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent)?.sync_all()?;
        }
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        Err(_) => Ok(()),
        Ok(file) => {
            // Root makes it for whom the folder belongs to; nobody else can give a file away.
            let owner = folder.metadata()?;
            let _ = fchown(&file, Some(owner.uid()), Some(owner.gid()));
            File::open(folder)?.sync_all()
        }
    }
}

/// A number as SQLite keeps it. Past what it can count there is nothing.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn ms(moment: UnixMs) -> i64 {
    number(moment.0)
}

/// At most [`PAGE_MAX`] rows.
fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(PAGE_MAX)).expect("PAGE_MAX is small")
}

/// As much of `text` as a field takes.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(FIELD_BYTES_MAX)]
}

/// What an SQL that counts the rows of one owner counts.
fn count(connection: &Connection, sql: &str, owner: u64) -> rusqlite::Result<usize> {
    let count =
        connection.prepare_cached(sql)?.query_row([number(owner)], |row| unsigned(row, 0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A column that holds a number that was one of ours.
fn unsigned(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

fn moment(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<UnixMs>> {
    let moment = row.get::<_, Option<i64>>(column)?;
    Ok(moment.map(|moment| UnixMs(moment.cast_unsigned())))
}
