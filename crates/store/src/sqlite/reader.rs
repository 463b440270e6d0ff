//! A reading end: its own connections, each query a snapshot of its own that ends with it, so that
//! no reader keeps the write-ahead log from starting again.

use std::sync::Arc;

use room::{Event, Message, RoomId, Seq, UnixMs};
use rusqlite::{Connection, Params, Row, params};

use crate::search::terms::Words;
use crate::sqlite::error;
use crate::sqlite::message;
use crate::sqlite::migrate::connect;
use crate::sqlite::query::Search;
use crate::sqlite::shared::Shared;
use crate::{READ_EVENTS_MAX, Reader, StoreError};

/// Every query asks for the room's row too: what is left of a removed room is not seen.
macro_rules! select_event {
    ($rest:literal) => {
        concat!(
            "SELECT room, seq, at, record FROM event
             WHERE EXISTS (SELECT 1 FROM room WHERE id = ?1) AND room = ?1 AND ",
            $rest
        )
    };
}

pub(super) struct SqliteReader {
    connection: Connection,
    search: Search,
    shared: Arc<Shared>,
}

impl SqliteReader {
    pub(super) fn open(shared: Arc<Shared>) -> Result<Self, StoreError> {
        let failed = || error::failed("opening a reader", shared.folder.path());
        let connection = connect(&shared.folder).map_err(failed())?;
        connection.pragma_update(None, "query_only", true).map_err(failed())?;
        Ok(Self { connection, search: Search::default(), shared })
    }

    fn events(&self, sql: &str, params: impl Params) -> Result<Vec<Event>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Event>> {
            let mut select = self.connection.prepare_cached(sql)?;
            let mut events =
                select.query_map(params, event)?.collect::<rusqlite::Result<Vec<_>>>()?;
            events.iter_mut().try_for_each(|event| message::add_quote(&self.connection, event))?;
            Ok(events)
        };
        self.read_error(read())
    }

    fn read_error<T>(&self, read: rusqlite::Result<T>) -> Result<T, StoreError> {
        read.map_err(error::failed("reading the log", self.shared.folder.path()))
    }
}

impl Reader for SqliteReader {
    fn read(&mut self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        // Past what SQLite can count there is nothing.
        let Ok(from) = i64::try_from(from.0) else { return Ok(Vec::new()) };
        let sql = select_event!("seq >= ?2 ORDER BY seq LIMIT ?3");
        self.events(sql, params![room.0.cast_signed(), from, bounded(limit)])
    }

    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Message>, StoreError> {
        let mut last = self.read_error(message::last(&self.connection, room, bounded(limit)))?;
        last.reverse();
        Ok(last)
    }

    fn message(&mut self, room: RoomId, seq: Seq) -> Result<Option<Message>, StoreError> {
        self.read_error(message::message(&self.connection, room, seq))
    }

    fn pins(&mut self, room: RoomId) -> Result<Vec<Message>, StoreError> {
        self.read_error(message::pins(&self.connection, room))
    }

    fn search(
        &mut self,
        room: RoomId,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let limit = limit.min(READ_EVENTS_MAX);
        let words = Words::of(query);
        if limit == 0 || words.query().next().is_none() {
            return Ok(Vec::new());
        }
        let best = self.search.best(&self.shared, room, &words)?;
        let mut found = Vec::new();
        for id in best {
            // What the index still has of trimmed and deleted messages is passed over.
            let message = self.read_error(message::by_id(&self.connection, room, id))?;
            found.extend(message.filter(|message| message.text.is_some()));
            if found.len() == limit {
                break;
            }
        }
        found.sort_unstable_by_key(|message| message.seq);
        Ok(found)
    }
}

fn bounded(limit: usize) -> i64 {
    i64::try_from(limit.min(READ_EVENTS_MAX)).expect("READ_EVENTS_MAX is small")
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let (room, seq, at) = (RoomId(number(0)?), Seq(number(1)?), UnixMs(number(2)?));
    Ok(Event { room, seq, at, fact: message::fact(row, 3)? })
}
