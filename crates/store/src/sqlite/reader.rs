//! A reading end: its own connections, each query a snapshot of its own that ends with it, so that
//! no reader keeps the write-ahead log from starting again.

use std::sync::Arc;

use room::{Author, Emoji, Event, Fact, Message, RoomId, Seq, UnixMs, Version};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row, params};

use crate::message::{
    erase_deleted, first, go_on_with, quote_place, renew, renew_quotes, text_place, versions,
};
use crate::search::terms::Words;
use crate::sqlite::absorb::absorb_all;
use crate::sqlite::error;
use crate::sqlite::folder::Folder;
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

/// The same from a number on, and beside each message and each correction the last correction of
/// that message, and how far the database has the room.
///
/// All in one statement: no correction is read of a message that is erased meanwhile.
const SELECT_NEWEST: &str = "
    SELECT room, seq, at, record,
           CASE kind
           WHEN 2 THEN (SELECT edit.record FROM event AS edit
                        WHERE edit.room = event.room AND edit.target = event.seq AND edit.kind = 4
                        ORDER BY edit.seq DESC LIMIT 1)
           WHEN 4 THEN (SELECT edit.record FROM event AS edit
                        WHERE edit.room = event.room AND edit.target = event.target
                              AND edit.kind = 4
                        ORDER BY edit.seq DESC LIMIT 1)
           END,
           (SELECT head FROM room WHERE id = ?1)
    FROM event
    WHERE EXISTS (SELECT 1 FROM room WHERE id = ?1) AND room = ?1 AND seq >= ?2
    ORDER BY seq LIMIT ?3";

pub(super) struct SqliteReader {
    connection: Connection,
    search: Search,
    shared: Arc<Shared>,
}

impl SqliteReader {
    pub(super) fn open(shared: Arc<Shared>) -> Result<Self, StoreError> {
        let connection = connect_to_read(&shared.folder)?;
        Ok(Self { connection, search: Search::default(), shared })
    }

    fn events(&self, sql: &str, params: impl Params) -> Result<Vec<Event>, StoreError> {
        self.events_with(sql, params, event)
    }

    fn events_with(
        &self,
        sql: &str,
        params: impl Params,
        event: impl FnMut(&Row<'_>) -> rusqlite::Result<Event>,
    ) -> Result<Vec<Event>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Event>> {
            let mut select = self.connection.prepare_cached(sql)?;
            select.query_map(params, event)?.collect()
        };
        self.read_error(read())
    }

    fn read_error<T>(&self, read: rusqlite::Result<T>) -> Result<T, StoreError> {
        read.map_err(error::failed("reading the log", self.shared.folder.path()))
    }

    /// Moves on what waits; what of a room cannot move on just now, which is nothing unless the
    /// disk is full.
    fn moved_on(&self, room: RoomId) -> Vec<Event> {
        match absorb_all(&self.shared, &mut self.shared.writer()) {
            Ok(()) => Vec::new(),
            Err(_) => self.shared.waiting.of(room, Seq::START),
        }
    }

    /// Adds the quotes of messages that still have a text.
    fn add_quotes(&self, events: &mut [Event]) -> Result<(), StoreError> {
        if events.iter_mut().all(|event| quote_place(&mut event.fact).is_none()) {
            return Ok(());
        }
        let waiting = self.moved_on(events[0].room);
        let mut add = |event| message::add_quote(&self.connection, event);
        self.read_error(events.iter_mut().try_for_each(&mut add))?;
        renew_quotes(events, &waiting);
        Ok(())
    }
}

impl Reader for SqliteReader {
    fn read(&mut self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        // Past what SQLite can count there is nothing.
        let Ok(first) = i64::try_from(from.0) else { return Ok(Vec::new()) };
        // Corrections come behind what they correct, so all that wait are among these.
        let waiting = self.shared.waiting.of(room, from);
        let params = params![room.0.cast_signed(), first, bounded(limit)];
        let mut head = Seq::START;
        let mut events = self.events_with(SELECT_NEWEST, params, |row| {
            head = Seq(row.get::<_, i64>(5)?.cast_unsigned());
            newest_event(row)
        })?;
        // What the database has by now is not newer than what it says.
        let later: Vec<_> = waiting.iter().filter(|event| event.seq > head).cloned().collect();
        add(&mut events, waiting);
        events.truncate(limit.min(READ_EVENTS_MAX));
        renew(&mut events, &later);
        self.add_quotes(&mut events)?;
        erase_deleted(&mut events, &self.shared.waiting.deleted(room));
        Ok(events)
    }

    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Message>, StoreError> {
        let waiting = self.moved_on(room);
        let mut last = self.read_error(message::last(&self.connection, room, bounded(limit)))?;
        last.reverse();
        go_on_with(&mut last, &waiting);
        last.drain(..last.len().saturating_sub(limit.min(READ_EVENTS_MAX)));
        Ok(last)
    }

    fn before(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError> {
        let waiting = self.moved_on(room);
        let before = message::before(&self.connection, room, seq, bounded(limit));
        let mut before = self.read_error(before)?;
        before.reverse();
        go_on_with(&mut before, &waiting);
        before.retain(|message| message.seq < seq);
        before.drain(..before.len().saturating_sub(limit.min(READ_EVENTS_MAX)));
        Ok(before)
    }

    fn after(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError> {
        let limit = limit.min(READ_EVENTS_MAX);
        let waiting = self.moved_on(room);
        let after = message::after(&self.connection, room, seq, bounded(limit));
        let mut after = self.read_error(after)?;
        go_on_with(&mut after, &waiting);
        after.retain(|message| message.seq > seq);
        after.truncate(limit);
        Ok(after)
    }

    fn message(&mut self, room: RoomId, seq: Seq) -> Result<Option<Message>, StoreError> {
        let waiting = self.moved_on(room);
        let found = self.read_error(message::message(&self.connection, room, seq))?;
        let mut found: Vec<_> = found.into_iter().collect();
        go_on_with(&mut found, &waiting);
        found.retain(|message| message.seq == seq);
        Ok(found.pop())
    }

    fn pins(&mut self, room: RoomId) -> Result<Vec<Message>, StoreError> {
        let waiting = self.moved_on(room);
        let mut pins = self.read_error(message::pins(&self.connection, room))?;
        go_on_with(&mut pins, &waiting);
        pins.retain(|message| message.is_pinned);
        Ok(pins)
    }

    fn given(
        &mut self,
        room: RoomId,
        by: &Author,
        span: (Seq, Seq),
    ) -> Result<Vec<(Seq, Emoji)>, StoreError> {
        let waiting = self.moved_on(room);
        let mut given = self.read_error(message::given(&self.connection, room, by, span))?;
        for event in &waiting {
            give(&mut given, &event.fact, by, span);
        }
        Ok(given)
    }

    fn measures(
        &mut self,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let limit = limit.min(READ_EVENTS_MAX);
        let waiting = self.moved_on(room);
        let sql = select_event!("kind = 8 AND seq < ?2 ORDER BY seq DESC LIMIT ?3");
        let end = i64::try_from(before.0).unwrap_or(i64::MAX);
        let mut measures = self.events(sql, params![room.0.cast_signed(), end, bounded(limit)])?;
        measures.reverse();
        add(&mut measures, waiting);
        measures.retain(|event| matches!(event.fact, Fact::Moderated { .. }) && event.seq < before);
        measures.drain(..measures.len().saturating_sub(limit));
        Ok(measures)
    }

    fn versions(&mut self, room: RoomId, seq: Seq) -> Result<Vec<Version>, StoreError> {
        let Ok(number) = i64::try_from(seq.0) else { return Ok(Vec::new()) };
        let mut waiting = self.moved_on(room);
        // In one statement: no correction is read of a message that is erased meanwhile.
        let sql = select_event!(
            "id IN (SELECT id FROM event WHERE room = ?1 AND seq = ?2 AND kind = 2
                    UNION ALL
                    SELECT id FROM event WHERE room = ?1 AND target = ?2 AND kind = 4)
             ORDER BY seq"
        );
        let mut events = self.events(sql, params![room.0.cast_signed(), number])?;
        waiting.retain(|event| event.seq == seq || event.fact.target() == Some(seq));
        add(&mut events, waiting);
        let is_message = |event: &Event| event.seq == seq && first(event).is_some();
        if !events.first().is_some_and(is_message) {
            return Ok(Vec::new());
        }
        Ok(versions(&events))
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
        // What cannot move on is not found yet.
        let waiting = self.moved_on(room);
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
        let before = found.len();
        go_on_with(&mut found, &waiting);
        found.truncate(before);
        found.retain(|message| message.text.is_some());
        Ok(found)
    }
}

/// Does with what a person has given what an event does, if it is hers.
fn give(given: &mut Vec<(Seq, Emoji)>, fact: &Fact, by: &Author, (first, last): (Seq, Seq)) {
    let Fact::Reacted { member, account, target, emoji, on, .. } = fact else { return };
    let author = Author { member: *member, account: *account };
    if !author.is_same_person(by) || *target < first || *target > last {
        return;
    }
    given.retain(|(seq, other)| seq != target || other != emoji);
    if *on {
        let place = given.partition_point(|(seq, _)| seq <= target);
        given.insert(place, (*target, emoji.clone()));
    }
}

/// A connection that only reads.
pub(super) fn connect_to_read(folder: &Folder) -> Result<Connection, StoreError> {
    let failed = || error::failed("opening a reader", folder.path());
    let connection = connect(folder).map_err(failed())?;
    connection.pragma_update(None, "query_only", true).map_err(failed())?;
    Ok(connection)
}

/// Adds what the database did not have yet when it was asked.
pub(super) fn add(events: &mut Vec<Event>, waiting: Vec<Event>) {
    let last = events.last().map_or(Seq::START, |event| event.seq);
    events.extend(waiting.into_iter().filter(|event| event.seq > last));
}

/// An event with the newest text of its message.
fn newest_event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let mut event = event(row)?;
    if row.get_ref(4)? != ValueRef::Null
        && let Some((_, text)) = text_place(&mut event)
        && let Fact::Edited { text: newest, .. } = message::fact(row, 4)?
    {
        *text = newest;
    }
    Ok(event)
}

pub(super) fn bounded(limit: usize) -> i64 {
    i64::try_from(limit.min(READ_EVENTS_MAX)).expect("READ_EVENTS_MAX is small")
}

pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let (room, seq, at) = (RoomId(number(0)?), Seq(number(1)?), UnixMs(number(2)?));
    Ok(Event { room, seq, at, fact: message::fact(row, 3)? })
}
