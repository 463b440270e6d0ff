//! What need not be kept any longer: removed rooms, and messages by age and by count. A bounded
//! bit at a time, because appends wait meanwhile.

use std::collections::HashMap;

use room::{RoomId, UnixMs};
use rusqlite::{Connection, Params, params};

use crate::fold::Kept;
use crate::record::Kind;
use crate::sqlite::error;
use crate::sqlite::writer::{Writer, transact};
use crate::{Retention, StoreError};

/// Events one transaction removes at most: some milliseconds.
const REMOVED_MAX: usize = 1000;

/// Rooms with a time of their own that one trim looks at; the next goes on behind them.
const AGED_ROOMS_MAX: usize = 256;

/// An event that goes.
struct Gone {
    id: i64,
    room: RoomId,
    seq: i64,
    kind: u8,
}

impl Gone {
    fn is_said(&self) -> bool {
        self.kind == Kind::Said as u8
    }
}

impl Writer {
    /// Removes a room, and the first events of it; which. The rest goes with later trims, and
    /// without its row in `room` nobody sees it.
    pub(super) fn remove_room(&mut self, room: RoomId) -> Result<Vec<i64>, StoreError> {
        let gone = transact(&self.connection, |connection| {
            let mut delete = connection.prepare_cached("DELETE FROM room WHERE id = ?")?;
            if delete.execute([room.0.cast_signed()])? == 0 {
                return Ok(Vec::new());
            }
            connection
                .prepare_cached("UPDATE given SET room = max(room, ?)")?
                .execute([room.0.cast_signed()])?;
            connection
                .prepare_cached("INSERT INTO removed (id) VALUES (?)")?
                .execute([room.0.cast_signed()])?;
            let gone = of_removed_rooms(connection)?;
            self.delete(connection, &gone)?;
            Ok(gone)
        })
        .map_err(error::failed("removing a room", &self.folder))?;
        self.rooms.remove(room);
        Ok(gone.iter().map(|gone| gone.id).collect())
    }

    /// Removes a bounded number of events that need not be kept; which.
    ///
    /// By age it goes through the messages in the order in which they were written, up to the
    /// first that is young enough: it reads only what it removes. One that was stamped by a clock
    /// that ran ahead holds up those behind it until it is old itself. Rooms that keep less are
    /// looked at one by one.
    pub(super) fn trim(
        &mut self,
        retention: Retention,
        now: UnixMs,
    ) -> Result<Vec<i64>, StoreError> {
        let over = self.rooms.iter().find_map(|kept| {
            let own = retention.within(kept.snapshot.moderation.retention());
            let over = kept.messages.checked_sub(own.count?).filter(|over| *over > 0)?;
            Some((kept.snapshot.id, over))
        });
        let aged_rooms = self.aged_rooms(retention);
        let (gone, aged) = transact(&self.connection, |connection| {
            let gone = of_removed_rooms(connection)?;
            if !gone.is_empty() {
                self.delete(connection, &gone)?;
                return Ok((gone, self.aged));
            }
            let mut aged = self.aged;
            let mut gone = Vec::new();
            if let Some(age_ms) = retention.age_ms {
                gone = too_old(connection, aged, age_ms, now)?;
                aged = gone.last().map_or(aged, |last| last.id);
            }
            for (room, age_ms) in aged_rooms {
                if gone.is_empty() {
                    gone = too_old_of(connection, room, age_ms, now)?;
                }
            }
            if let (true, Some((room, over))) = (gone.is_empty(), over) {
                gone = oldest(connection, room, over)?;
            }
            let about = about(connection, &gone)?;
            if !about.is_empty() {
                // The messages go when nothing is left of what was done with them.
                (gone, aged) = (about, self.aged);
            }
            self.delete(connection, &gone)?;
            Ok((gone, aged))
        })
        .map_err(error::failed("trimming the log", &self.folder))?;
        self.aged = aged;
        for (room, count) in said_by_room(&gone) {
            if let Some(kept) = self.rooms.get_mut(room) {
                kept.messages = kept.messages.saturating_sub(count);
            }
        }
        Ok(gone.iter().map(|gone| gone.id).collect())
    }

    /// The next rooms that keep messages for less time than all do, with that time.
    fn aged_rooms(&mut self, retention: Retention) -> Vec<(RoomId, u64)> {
        let own = |kept: &Kept| {
            let own = kept.snapshot.moderation.retention();
            let age_ms = retention.within(own).age_ms.filter(|_| own.days > 0)?;
            (kept.messages > 0).then_some((kept.snapshot.id, age_ms))
        };
        let mut rooms: Vec<_> = self.rooms.iter().filter_map(own).collect();
        rooms.sort_unstable();
        let next = rooms.partition_point(|(room, _)| *room <= self.aged_room);
        let behind = rooms.split_off(next);
        let mut rooms = [behind, rooms].concat();
        rooms.truncate(AGED_ROOMS_MAX);
        self.aged_room = rooms.last().map_or(RoomId(0), |(room, _)| *room);
        rooms
    }

    fn delete(&self, connection: &Connection, gone: &[Gone]) -> rusqlite::Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut delete = connection.prepare_cached("DELETE FROM event WHERE id = ?")?;
        let mut give_back = connection.prepare_cached("DELETE FROM reaction WHERE event = ?")?;
        let mut unpin = connection.prepare_cached("DELETE FROM pin WHERE event = ?")?;
        for gone in gone {
            delete.execute([gone.id])?;
            if gone.kind == Kind::Reacted as u8 {
                give_back.execute([gone.id])?;
            } else if gone.kind == Kind::Pinned as u8 {
                unpin.execute([gone.id])?;
            }
        }
        let mut count =
            connection.prepare_cached("UPDATE room SET messages = messages - ?2 WHERE id = ?1")?;
        for (room, gone) in said_by_room(gone) {
            count.execute(params![room.0.cast_signed(), gone.cast_signed()])?;
        }
        // The last event may be among them, and its number must not be given again: the index
        // knows events by it.
        connection.prepare_cached("UPDATE given SET event = ?")?.execute([self.head])?;
        Ok(())
    }
}

fn said_by_room(gone: &[Gone]) -> HashMap<RoomId, u64> {
    let mut said = HashMap::new();
    for gone in gone.iter().filter(|gone| gone.is_said()) {
        *said.entry(gone.room).or_default() += 1;
    }
    said
}

/// Events of the first removed room; forgets rooms of which there are none any more.
fn of_removed_rooms(connection: &Connection) -> rusqlite::Result<Vec<Gone>> {
    loop {
        let mut first = connection.prepare_cached("SELECT min(id) FROM removed")?;
        let Some(room) = first.query_row([], |row| row.get::<_, Option<i64>>(0))? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT id, room, kind, at, seq FROM event WHERE room = ? LIMIT ?";
        let gone = select(connection, sql, params![room, limit(u64::MAX)], |_| true)?;
        if gone.len() < REMOVED_MAX {
            connection.prepare_cached("DELETE FROM removed WHERE id = ?")?.execute([room])?;
        }
        if !gone.is_empty() {
            return Ok(gone);
        }
    }
}

fn too_old(
    connection: &Connection,
    aged: i64,
    age_ms: u64,
    now: UnixMs,
) -> rusqlite::Result<Vec<Gone>> {
    let sql =
        "SELECT id, room, kind, at, seq FROM event WHERE id > ? AND kind = ? ORDER BY id LIMIT ?";
    let params = params![aged, Kind::Said as u8, limit(u64::MAX)];
    select(connection, sql, params, |at| now.since(at) > age_ms)
}

fn too_old_of(
    connection: &Connection,
    room: RoomId,
    age_ms: u64,
    now: UnixMs,
) -> rusqlite::Result<Vec<Gone>> {
    let sql = "SELECT id, room, kind, at, seq FROM event
               WHERE room = ? AND kind = ? ORDER BY seq LIMIT ?";
    let params = params![room.0.cast_signed(), Kind::Said as u8, limit(u64::MAX)];
    select(connection, sql, params, |at| now.since(at) > age_ms)
}

fn oldest(connection: &Connection, room: RoomId, count: u64) -> rusqlite::Result<Vec<Gone>> {
    let sql = "SELECT id, room, kind, at, seq FROM event
               WHERE room = ? AND kind = ? ORDER BY seq LIMIT ?";
    let params = params![room.0.cast_signed(), Kind::Said as u8, limit(count)];
    select(connection, sql, params, |_| true)
}

/// What was done with messages that go, oldest first. They are the first of their rooms, so all
/// that is about one of them or about one before goes.
fn about(connection: &Connection, said: &[Gone]) -> rusqlite::Result<Vec<Gone>> {
    let mut last: HashMap<RoomId, i64> = HashMap::new();
    for gone in said {
        let seq = last.entry(gone.room).or_default();
        *seq = gone.seq.max(*seq);
    }
    let mut about = Vec::new();
    for (room, seq) in last {
        let sql = "SELECT id, room, kind, at, seq FROM event
                   WHERE room = ? AND target <= ? ORDER BY target, seq LIMIT ?";
        let left = limit((REMOVED_MAX - about.len()) as u64);
        about.extend(select(connection, sql, params![room.0.cast_signed(), seq, left], |_| true)?);
    }
    Ok(about)
}

fn limit(count: u64) -> i64 {
    i64::try_from(count.min(REMOVED_MAX as u64)).expect("REMOVED_MAX is small")
}

/// What a query gives, up to the first whose time does not fit.
fn select(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    goes: impl Fn(UnixMs) -> bool,
) -> rusqlite::Result<Vec<Gone>> {
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query(params)?;
    let mut gone = Vec::new();
    while let Some(row) = rows.next()? {
        if !goes(UnixMs(row.get::<_, i64>(3)?.cast_unsigned())) {
            break;
        }
        let room = RoomId(row.get::<_, i64>(1)?.cast_unsigned());
        gone.push(Gone { id: row.get(0)?, room, kind: row.get(2)?, seq: row.get(4)? });
    }
    Ok(gone)
}
