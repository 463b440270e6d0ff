//! A reading end: its own connections, each query a snapshot of its own that ends with it, so that
//! no reader keeps the write-ahead log from starting again.

use std::sync::Arc;

use room::{Event, Fact, RoomId, Seq, UnixMs};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use crate::record::{self, Kind};
use crate::search::terms::Words;
use crate::sqlite::absorb::absorb_all;
use crate::sqlite::error;
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
            select.query_map(params, event)?.collect()
        };
        read().map_err(error::failed("reading the log", self.shared.folder.path()))
    }
}

impl Reader for SqliteReader {
    fn read(&mut self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        // Past what SQLite can count there is nothing.
        let Ok(first) = i64::try_from(from.0) else { return Ok(Vec::new()) };
        let waiting = self.shared.waiting.of(room, from);
        let sql = select_event!("seq >= ?2 ORDER BY seq LIMIT ?3");
        let mut events = self.events(sql, params![room.0.cast_signed(), first, bounded(limit)])?;
        go_on(&mut events, waiting);
        events.truncate(limit.min(READ_EVENTS_MAX));
        Ok(events)
    }

    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Event>, StoreError> {
        let mut waiting = self.shared.waiting.of(room, Seq::START);
        waiting.retain(|event| matches!(event.fact, Fact::Said { .. }));
        let sql = select_event!("kind = ?2 ORDER BY seq DESC LIMIT ?3");
        let params = params![room.0.cast_signed(), Kind::Said as u8, bounded(limit)];
        let mut events = self.events(sql, params)?;
        events.reverse();
        go_on(&mut events, waiting);
        events.drain(..events.len().saturating_sub(limit.min(READ_EVENTS_MAX)));
        Ok(events)
    }

    fn search(
        &mut self,
        room: RoomId,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let limit = limit.min(READ_EVENTS_MAX);
        let words = Words::of(query);
        if limit == 0 || words.query().next().is_none() {
            return Ok(Vec::new());
        }
        // What cannot move on is not found yet.
        let _ = absorb_all(&self.shared, &mut self.shared.writer());
        let best = self.search.best(&self.shared, room, &words)?;
        let failed = || error::failed("reading the log", self.shared.folder.path());
        let mut get = self.connection.prepare_cached(select_event!("id = ?2")).map_err(failed())?;
        let mut found = Vec::new();
        for id in best {
            // What the index still has of trimmed messages is passed over.
            let params = params![room.0.cast_signed(), id];
            found.extend(get.query_row(params, event).optional().map_err(failed())?);
            if found.len() == limit {
                break;
            }
        }
        found.sort_unstable_by_key(|event| event.seq);
        Ok(found)
    }
}

/// Adds what the database did not have yet when it was asked.
fn go_on(events: &mut Vec<Event>, waiting: Vec<Event>) {
    let last = events.last().map_or(Seq::START, |event| event.seq);
    events.extend(waiting.into_iter().filter(|event| event.seq > last));
}

fn bounded(limit: usize) -> i64 {
    i64::try_from(limit.min(READ_EVENTS_MAX)).expect("READ_EVENTS_MAX is small")
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let fact = record::decode(row.get_ref(3)?.as_blob()?).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(3, Type::Blob, Box::new(cause))
    })?;
    Ok(Event { room: RoomId(number(0)?), seq: Seq(number(1)?), at: UnixMs(number(2)?), fact })
}
