//! The tables of `people.db`, by version. What a version was is never changed: a change is a
//! further entry, and the tests open a file of each.

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use crate::people::error::failed;

/// Marks the file as papo's people: the bytes of `papp`.
pub(crate) const APPLICATION_ID: i64 = 0x7061_7070;

/// What brings the file from each version to the next, from nothing on.
///
/// - `account`: never removed, so that a number and a nick are never given to another person.
/// - `token`, `link`: by the SHA-256 of the secret, so that who reads the file can use none.
///   A `NULL` in `expires_at`, `uses_left` or `capacity` is no limit.
/// - `audit`: `account` is empty where a guest or the operator of the machine did it; `actor` is
///   what the actor was called then.
pub(super) const STEPS: &[&str] = &["
    CREATE TABLE account (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        nick TEXT NOT NULL,
        nick_key TEXT NOT NULL UNIQUE,
        password TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        is_admin INTEGER NOT NULL,
        is_disabled INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE token (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE,
        account INTEGER NOT NULL REFERENCES account (id),
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER NOT NULL,
        expires_at INTEGER
    ) STRICT;
    CREATE INDEX token_of_account ON token (account);
    CREATE TABLE link (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE,
        room INTEGER NOT NULL,
        rights INTEGER NOT NULL,
        capacity INTEGER,
        expires_at INTEGER,
        uses_left INTEGER,
        made_by INTEGER NOT NULL REFERENCES account (id),
        made_at INTEGER NOT NULL,
        is_revoked INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX link_of_room ON link (room);
    CREATE TABLE marker (
        account INTEGER NOT NULL REFERENCES account (id),
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (account, room)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX marker_of_room ON marker (room);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        account INTEGER,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        room INTEGER,
        subject TEXT,
        detail TEXT
    ) STRICT;
    CREATE INDEX audit_of_room ON audit (room);
"];

/// The version this program writes.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).expect("few steps")
}

/// Takes the schema to the latest version, all in one transaction or not at all.
///
/// # Errors
///
/// [`StoreError::TooNew`] if it is past that; the file is then untouched.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let failed = || failed("migrating the accounts");
    if version(connection).map_err(failed())? == latest() {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
    // Another process may have done it while this one waited.
    let (found, known) = (version(&transaction).map_err(failed())?, latest());
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    let Some(steps) = STEPS.get(done..) else {
        return Err(StoreError::TooNew { found, known });
    };
    for step in steps {
        transaction.execute_batch(step).map_err(failed())?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed())?;
    transaction.pragma_update(None, "user_version", known).map_err(failed())?;
    transaction.commit().map_err(failed())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}
