//! The writing end of the database: one transaction a portion of what was appended.

use std::path::PathBuf;
use std::slice;
use std::sync::{Arc, LazyLock};

use room::{Event, Fact, RoomId, RoomName, Seq, Snapshot, Text, UnixMs, Visibility};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, ToSql, params};

use crate::StoreError;
use crate::fold::{Gaps, Kept, Rooms, Staged};
use crate::record;
use crate::sqlite::error;
use crate::sqlite::folder::Folder;
use crate::sqlite::house::House;
use crate::sqlite::message;
use crate::sqlite::migrate::{connect, migrate};

/// Kibibytes of pages the writer keeps: what it writes to next is the end of the event table and
/// of each busy room's part of its index.
const CACHE_KIB: i32 = 4 * 1024;

pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    pub(super) rooms: Rooms,
    /// The number of the last event written; never given again.
    pub(super) head: i64,
    pub(super) last_room: RoomId,
    /// Every message up to this event that was too old is gone.
    pub(super) aged: i64,
    /// The last room whose own time was looked at.
    pub(super) aged_room: RoomId,
    pub(super) house: House,
    /// The bytes of one record, kept for their allocation.
    scratch: Vec<u8>,
}

impl Writer {
    pub(super) fn open(folder: &Folder) -> Result<Self, StoreError> {
        let failed = || error::failed("opening the log", folder.path());
        let mut connection = connect(folder).map_err(failed())?;
        migrate(&mut connection, folder)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(failed())?;
        // What is deleted or written over is zeroed in its page.
        connection.pragma_update(None, "secure_delete", true).map_err(failed())?;
        let (head, last_room) = given(&connection).map_err(failed())?;
        let rooms = Rooms::new(kept_rooms(&connection).map_err(failed())?);
        let page_bytes: u32 =
            connection.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(failed())?;
        let house = House::open(folder, page_bytes.into())?;
        let (folder, scratch) = (folder.path().to_owned(), Vec::new());
        Ok(Self {
            connection,
            folder,
            rooms,
            head,
            last_room,
            aged: 0,
            aged_room: RoomId(0),
            house,
            scratch,
        })
    }

    pub(super) fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let doing = "appending to the log";
        let staged = self.rooms.stage_with(events, Gaps::Refused);
        let staged = staged.map_err(|cause| StoreError::failed(doing, cause))?;
        let (head, scratch) = (self.head, &mut self.scratch);
        let id = transact(&self.connection, |connection| {
            put_events(connection, events, &staged, head, scratch)
        })
        .map_err(error::failed(doing, &self.folder))?;
        self.head = id;
        self.last_room =
            staged.rooms().map(|kept| kept.snapshot.id).fold(self.last_room, RoomId::max);
        self.rooms.commit(staged);
        Ok(())
    }

    /// Adds what `next` gives until it gives nothing more, in one transaction, with gaps where
    /// there are some; the room's next event comes after `head`.
    pub(super) fn import(
        &mut self,
        room: RoomId,
        head: Seq,
        next: &mut dyn FnMut() -> std::io::Result<Vec<Event>>,
    ) -> Result<(), StoreError> {
        let doing = "taking a room into the log";
        let (mut id, mut rooms) = (self.head, self.rooms.clone());
        let mut last_room = self.last_room;
        let scratch = &mut self.scratch;
        transact(&self.connection, |connection| {
            loop {
                let events = next().map_err(foreign)?;
                if events.is_empty() {
                    let Some(kept) = rooms.get_mut(room) else { return Ok(()) };
                    kept.snapshot.head = kept.snapshot.head.max(head);
                    return put_room(connection, kept);
                }
                let staged = rooms.stage_with(&events, Gaps::Taken).map_err(foreign)?;
                id = put_events(connection, &events, &staged, id, scratch)?;
                last_room =
                    staged.rooms().map(|kept| kept.snapshot.id).fold(last_room, RoomId::max);
                rooms.commit(staged);
            }
        })
        .map_err(error::failed(doing, &self.folder))?;
        (self.head, self.rooms, self.last_room) = (id, rooms, last_room);
        Ok(())
    }
}

/// An error that is not SQLite's, so that a transaction is given up for it.
fn foreign(cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(cause))
}

/// Events that one statement inserts. Beginning and ending a statement costs as much as a row.
const ROWS: usize = 16;

/// The statement for so many events. A conflict is a fault of ours; giving the transaction up for
/// it spares SQLite the means to take back a statement alone.
fn insert(rows: usize) -> String {
    const HEAD: &str = "INSERT OR ROLLBACK INTO event (id, room, seq, at, kind, record, target)";
    format!("{HEAD} VALUES {}", vec!["(?, ?, ?, ?, ?, ?, ?)"; rows].join(", "))
}

static INSERT_ONE: LazyLock<String> = LazyLock::new(|| insert(1));
static INSERT_MANY: LazyLock<String> = LazyLock::new(|| insert(ROWS));

/// Writes events behind the one at `head`, and what they make of their rooms; the last one then.
fn put_events(
    connection: &Connection,
    events: &[Event],
    staged: &Staged,
    head: i64,
    scratch: &mut Vec<u8>,
) -> rusqlite::Result<i64> {
    let mut id = head;
    let mut many = events.chunks_exact(ROWS);
    for rows in many.by_ref() {
        id = put_rows(connection, &INSERT_MANY, rows, id, scratch)?;
    }
    for row in many.remainder() {
        id = put_rows(connection, &INSERT_ONE, slice::from_ref(row), id, scratch)?;
    }
    staged.rooms().try_for_each(|kept| put_room(connection, kept))?;
    Ok(id)
}

/// Writes events by one statement, and what they change beside adding themselves: that concerns
/// what was said before them, so it may come after all of them.
fn put_rows(
    connection: &Connection,
    sql: &str,
    rows: &[Event],
    head: i64,
    scratch: &mut Vec<u8>,
) -> rusqlite::Result<i64> {
    let mut insert = connection.prepare_cached(sql)?;
    let mut place = 1;
    for (event, id) in rows.iter().zip(head + 1..) {
        scratch.clear();
        record::encode(&event.fact, scratch).expect("staging refuses what is not kept");
        let kind = record::kind_of(&event.fact).map(|kind| kind as u8);
        let (room, seq) = (event.room.0.cast_signed(), event.seq.0.cast_signed());
        let target = event.fact.target().map(|target| target.0.cast_signed());
        let columns: [&dyn ToSql; 7] =
            [&id, &room, &seq, &event.at.0.cast_signed(), &kind, scratch, &target];
        for column in columns {
            insert.raw_bind_parameter(place, column)?;
            place += 1;
        }
    }
    insert.raw_execute()?;
    let mut id = head;
    for event in rows {
        id += 1;
        message::follow(connection, id, event)?;
    }
    Ok(id)
}

/// Does `work` in one transaction, all or nothing. By cached statements: [`Connection`]'s own
/// transactions compile theirs each time, which a batch of one message would feel.
pub(super) fn transact<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let done = work(connection)
        .and_then(|made| connection.prepare_cached("COMMIT")?.execute([]).map(|_| made));
    // A full disk makes SQLite roll back by itself at some points and not at others.
    if done.is_err() && !connection.is_autocommit() {
        connection.prepare_cached("ROLLBACK")?.execute([])?;
    }
    done
}

/// Writes a room's row. Mostly it is there, and only what events change is written.
fn put_room(connection: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    let room = &kept.snapshot;
    let id = room.id.0.cast_signed();
    let topic = room.topic.as_ref().map(Text::as_str);
    let (head, active_at) = (room.head.0.cast_signed(), room.active_at.0.cast_signed());
    let messages = kept.messages.cast_signed();
    let mut update = connection.prepare_cached(
        "UPDATE room SET topic = ?2, head = ?3, active_at = ?4, messages = ?5, capacity = ?6,
                         visibility = ?7
         WHERE id = ?1",
    )?;
    let visibility = match room.visibility {
        Visibility::Public => 0,
        Visibility::Unlisted => 1,
        Visibility::Private => 2,
    };
    let capacity = room.capacity;
    if update.execute(params![id, topic, head, active_at, messages, capacity, visibility])? == 0 {
        let mut insert = connection.prepare_cached(
            "INSERT INTO room (id, topic, head, active_at, messages, name, capacity, visibility)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let name = room.name.as_str();
        let all = params![id, topic, head, active_at, messages, name, capacity, visibility];
        insert.execute(all)?;
    }
    Ok(())
}

/// The highest numbers given so far to an event and to a room: of those that are there, and of
/// those that were removed.
pub(super) fn given(connection: &Connection) -> rusqlite::Result<(i64, RoomId)> {
    connection.query_row(
        "SELECT max(event, (SELECT ifnull(max(id), 0) FROM event)),
                max(room, (SELECT ifnull(max(id), 0) FROM room))
         FROM given",
        [],
        |row| Ok((row.get(0)?, RoomId(row.get::<_, i64>(1)?.cast_unsigned()))),
    )
}

pub(super) fn kept_rooms(connection: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let mut select = connection.prepare(
        "SELECT id, name, capacity, visibility, topic, head, active_at, messages FROM room",
    )?;
    let mut rooms: Vec<Kept> = select.query_map([], kept_room)?.collect::<Result<_, _>>()?;
    for kept in &mut rooms {
        moderate(connection, &mut kept.snapshot)?;
    }
    Ok(rooms)
}

/// Adds to a room what the measures taken in it have laid down.
fn moderate(connection: &Connection, room: &mut Snapshot) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare_cached("SELECT at, record FROM event WHERE room = ? AND kind = 8 ORDER BY seq")?;
    let mut rows = select.query([room.id.0.cast_signed()])?;
    while let Some(row) = rows.next()? {
        let at = UnixMs(row.get::<_, i64>(0)?.cast_unsigned());
        let fact = record::decode(row.get_ref(1)?.as_blob()?).map_err(|cause| {
            rusqlite::Error::FromSqlConversionFailure(1, Type::Blob, Box::new(cause))
        })?;
        if let Fact::Moderated { nick, measure, .. } = fact {
            room.moderate(&measure, &nick, at);
        }
    }
    Ok(())
}

const _: () = assert!(record::Kind::Moderated as u8 == 8, "as in the statements");

fn kept_room(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let name = RoomName::parse(row.get_ref(1)?.as_str()?).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(cause))
    })?;
    let visibility = match row.get(3)? {
        0 => Visibility::Public,
        1 => Visibility::Unlisted,
        // Of what an unknown value may mean, this shows the least.
        2.. | i64::MIN..0 => Visibility::Private,
    };
    let snapshot = Snapshot {
        id: RoomId(number(0)?),
        name,
        capacity: row.get(2)?,
        visibility,
        topic: row.get_ref(4)?.as_str_or_null()?.and_then(Text::new),
        moderation: Arc::default(),
        head: Seq(number(5)?),
        active_at: UnixMs(number(6)?),
    };
    Ok(Kept { snapshot, messages: number(7)? })
}
