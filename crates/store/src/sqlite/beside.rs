//! Reading a log beside the server that writes it, or where none does: from another process, which
//! has only the files.

use std::path::{Path, PathBuf};

use room::{Event, Message, RoomId, Seq, Snapshot};
use rusqlite::{Connection, OpenFlags, params};

use crate::fold::Rooms;
use crate::journal::Written;
use crate::message::{erase_deleted, go_on_with};
use crate::sqlite::folder::DB;
use crate::sqlite::migrate::{BUSY_WAIT, version};
use crate::sqlite::reader::{add, bounded, event};
use crate::sqlite::schema::latest;
use crate::sqlite::{absorb::deleted_in, error, message, writer};
use crate::{APPEND_EVENTS_MAX, READ_EVENTS_MAX, Sqlite, StoreError};

/// A reading end of its own: sees all that was appended before it was opened, and of what comes
/// later what has reached the database. Each query is a short one, so no server is held up.
pub struct Beside {
    connection: Connection,
    folder: PathBuf,
    rooms: Rooms,
    /// What the database had not got when this was opened.
    waiting: Vec<Event>,
}

impl Beside {
    /// Opens the log in `folder`. One of an earlier version is brought up to this one first, for
    /// which no server may run.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`], [`StoreError::TooNew`], [`StoreError::Failed`]: there is no log, too.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let failed = || error::failed("opening the log", folder);
        // First: what moves on meanwhile, the database has when it is read.
        let mut written = read_journal(folder)?;
        let mut connection = connect(folder).map_err(failed())?;
        let (found, known) = (version(&connection).map_err(failed())?, latest());
        if found > known {
            return Err(StoreError::TooNew { found, known });
        }
        if found < known {
            drop(connection);
            drop(Sqlite::open(folder)?);
            written = read_journal(folder)?;
            connection = connect(folder).map_err(failed())?;
        }
        let read = || {
            let transaction = connection.unchecked_transaction()?;
            let (head, _) = writer::given(&transaction)?;
            Ok((head.cast_unsigned(), Rooms::new(writer::kept_rooms(&transaction)?)))
        };
        let (head, mut rooms) = read().map_err(failed())?;
        let mut waiting = Vec::new();
        written.replay(head, |frame| {
            waiting.extend(frame.events);
            Ok(())
        })?;
        for events in waiting.chunks(APPEND_EVENTS_MAX) {
            let staged = rooms.stage(events);
            rooms.commit(staged.map_err(|cause| StoreError::failed("reading the journal", cause))?);
        }
        Ok(Self { connection, folder: folder.to_owned(), rooms, waiting })
    }

    /// Every room, in order of number.
    #[must_use]
    pub fn rooms(&self) -> Vec<Snapshot> {
        self.rooms.snapshots()
    }

    /// As [`crate::Reader::read`], but as it was: without quotes, and each with its own text.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    pub fn read(&self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        let Ok(first) = i64::try_from(from.0) else { return Ok(Vec::new()) };
        let read = || -> rusqlite::Result<Vec<Event>> {
            let mut select = self.connection.prepare_cached(
                "SELECT room, seq, at, record FROM event
                 WHERE room = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3",
            )?;
            let params = params![room.0.cast_signed(), first, bounded(limit)];
            select.query_map(params, event)?.collect()
        };
        let mut events = self.read_error(read())?;
        add(&mut events, self.waiting_of(room, from));
        events.truncate(limit.min(READ_EVENTS_MAX));
        erase_deleted(&mut events, &deleted_in(&self.waiting, room));
        Ok(events)
    }

    /// As [`crate::Reader::after`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    pub fn after(&self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError> {
        let limit = limit.min(READ_EVENTS_MAX);
        let after = message::after(&self.connection, room, seq, bounded(limit));
        let mut after = self.read_error(after)?;
        go_on_with(&mut after, &self.waiting_of(room, Seq::START));
        after.retain(|message| message.seq > seq);
        after.truncate(limit);
        Ok(after)
    }

    fn waiting_of(&self, room: RoomId, from: Seq) -> Vec<Event> {
        let wanted = |event: &&Event| event.room == room && event.seq >= from;
        self.waiting.iter().filter(wanted).cloned().collect()
    }

    fn read_error<T>(&self, read: rusqlite::Result<T>) -> Result<T, StoreError> {
        read.map_err(error::failed("reading the log", &self.folder))
    }
}

fn connect(folder: &Path) -> rusqlite::Result<Connection> {
    // To write, or it could not be opened where nobody else has it open.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(DB), flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    // A write-ahead log that a killed server left is for its next start to see.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn read_journal(folder: &Path) -> Result<Written, StoreError> {
    Written::read(folder).map_err(|cause| error::io("reading the journal", cause))
}
