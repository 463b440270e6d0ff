//! A copy of the people beside their server.

use std::path::Path;

use room::Snapshot;
use rusqlite::params;

use crate::StoreError;
use crate::backup::vacuum_into;
use crate::people::{DB, People, failed, number, unsigned};

/// Copies the people of the data folder `from`, if it has any, into the folder `into`, as one
/// file, to go with a log of these `rooms`; how many accounts there are.
///
/// # Errors
///
/// [`StoreError`].
pub(crate) fn copy(from: &Path, into: &Path, rooms: &[Snapshot]) -> Result<u64, StoreError> {
    let original = from.join(DB);
    if original.is_file() {
        vacuum_into(&original, &into.join(DB))?;
    }
    let mut people = People::open(into)?;
    people.write("copying the accounts", |transaction| {
        // What was read of what was said after the log was copied.
        let sql = "UPDATE marker SET seq = ?2 WHERE room = ?1 AND seq > ?2";
        let mut set_back = transaction.prepare_cached(sql)?;
        for room in rooms {
            set_back.execute(params![number(room.id.0), number(room.head.0)])?;
        }
        Ok::<_, super::Refused<StoreError>>(())
    })?;
    let finish = || {
        let sql = "SELECT count(*) FROM account";
        let accounts = people.connection.query_row(sql, [], |row| unsigned(row, 0))?;
        // One file, which can be read where nothing can be written.
        people.connection.execute_batch("PRAGMA journal_mode = DELETE")?;
        Ok(accounts)
    };
    finish().map_err(failed("copying the accounts"))
}
