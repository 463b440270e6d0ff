//! Read markers: how far an account has read in each room, the same on all its devices.

use room::{AccountId, RoomId, Seq};
use rusqlite::{OptionalExtension as _, params};

use crate::StoreError;
use crate::people::limits::MARKERS_PER_ACCOUNT_MAX;
use crate::people::{MarkError, People, Refused, count, failed, number, unsigned};

impl People {
    /// Says that an account has read a room up to `seq`. A marker never goes back: what stands
    /// afterwards is returned.
    ///
    /// # Errors
    ///
    /// [`MarkError`]: it stands where it stood.
    pub fn set_marker(
        &mut self,
        account: AccountId,
        room: RoomId,
        seq: Seq,
    ) -> Result<Seq, MarkError> {
        self.write("setting a read marker", |transaction| {
            let (one, other) = (number(account.0), number(room.0));
            let before = transaction
                .prepare_cached("SELECT seq FROM marker WHERE account = ? AND room = ?")?
                .query_row([one, other], |row| unsigned(row, 0))
                .optional()?;
            if let Some(before) = before.filter(|&before| before >= seq.0) {
                return Ok(Seq(before));
            }
            if before.is_none() {
                let is_there = "SELECT 1 FROM account WHERE id = ?";
                if !transaction.prepare_cached(is_there)?.exists([one])? {
                    return Err(Refused::By(MarkError::NoAccount));
                }
                let sql = "SELECT count(*) FROM marker WHERE account = ?";
                let count = count(transaction, sql, account.0)?;
                if count >= MARKERS_PER_ACCOUNT_MAX {
                    return Err(Refused::By(MarkError::Full));
                }
            }
            let sql = "INSERT INTO marker (account, room, seq) VALUES (?1, ?2, ?3)
                       ON CONFLICT DO UPDATE SET seq = ?3";
            transaction.prepare_cached(sql)?.execute(params![one, other, number(seq.0)])?;
            Ok(seq)
        })
    }

    /// The markers of an account by room: at most [`MARKERS_PER_ACCOUNT_MAX`].
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn markers(&self, account: AccountId) -> Result<Vec<(RoomId, Seq)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<_>> {
            let sql = "SELECT room, seq FROM marker WHERE account = ? ORDER BY room";
            let mut select = self.connection.prepare_cached(sql)?;
            let rows = select.query_map([number(account.0)], |row| {
                Ok((RoomId(unsigned(row, 0)?), Seq(unsigned(row, 1)?)))
            })?;
            rows.collect()
        };
        read().map_err(failed("reading read markers"))
    }
}
