//! The audit log: who did what to whom, for those who answer for a room or for the server.

use room::{AccountId, RoomId, UnixMs};
use rusqlite::{Row, params};

use crate::StoreError;
use crate::people::limits::AUDIT_MAX;
use crate::people::{People, cut, failed, ms, number, page, unsigned};

/// The place of an entry in the audit log. Given once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// Something that is to be remembered. A secret has no place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed<'d> {
    /// Whose account did it; `None`: a guest, or the operator of the machine.
    pub account: Option<AccountId>,
    /// What the actor was called then.
    pub actor: &'d str,
    /// What was done, in a word such as `kick`.
    pub action: &'d str,
    /// In which room.
    pub room: Option<RoomId>,
    /// To whom or to what.
    pub subject: Option<&'d str>,
    /// What else there is to say: a reason, how long.
    pub detail: Option<&'d str>,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub id: EntryId,
    /// When.
    pub at: UnixMs,
    /// As in [`Deed::account`].
    pub account: Option<AccountId>,
    /// As in [`Deed::actor`].
    pub actor: String,
    /// As in [`Deed::action`].
    pub action: String,
    /// As in [`Deed::room`].
    pub room: Option<RoomId>,
    /// As in [`Deed::subject`].
    pub subject: Option<String>,
    /// As in [`Deed::detail`].
    pub detail: Option<String>,
}

impl People {
    /// Remembers a deed; beyond [`AUDIT_MAX`] the oldest are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it is not remembered.
    pub fn record(&mut self, deed: &Deed<'_>, now: UnixMs) -> Result<EntryId, StoreError> {
        self.write("writing the audit log", |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO audit (at, account, actor, action, room, subject, detail)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    ms(now),
                    deed.account.map(|account| number(account.0)),
                    cut(deed.actor),
                    cut(deed.action),
                    deed.room.map(|room| number(room.0)),
                    deed.subject.map(cut),
                    deed.detail.map(cut),
                ])?;
            let id = transaction.last_insert_rowid();
            let oldest = id.saturating_sub_unsigned(AUDIT_MAX);
            transaction.prepare_cached("DELETE FROM audit WHERE id <= ?")?.execute([oldest])?;
            Ok(EntryId(id.cast_unsigned()))
        })
    }

    /// At most `limit` entries (and [`super::PAGE_MAX`]) before one, the newest first; of one room
    /// or of all.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn audit(
        &self,
        room: Option<RoomId>,
        before: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let before = before.map_or(i64::MAX, |before| number(before.0));
        let room = room.map(|room| number(room.0));
        let of_room = if room.is_some() { "room = ?3 AND" } else { "?3 IS NULL AND" };
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = format!(
                "SELECT id, at, account, actor, action, room, subject, detail FROM audit
                 WHERE {of_room} id < ?1 ORDER BY id DESC LIMIT ?2"
            );
            let mut select = self.connection.prepare_cached(&sql)?;
            select.query_map(params![before, page(limit), room], entry)?.collect()
        };
        read().map_err(failed("reading the audit log"))
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let number = |column| row.get::<_, Option<i64>>(column).map(|it| it.map(i64::cast_unsigned));
    Ok(Entry {
        id: EntryId(unsigned(row, 0)?),
        at: UnixMs(unsigned(row, 1)?),
        account: number(2)?.map(AccountId),
        actor: row.get(3)?,
        action: row.get(4)?,
        room: number(5)?.map(RoomId),
        subject: row.get(6)?,
        detail: row.get(7)?,
    })
}
