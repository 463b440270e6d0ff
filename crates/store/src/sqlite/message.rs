//! Messages as they stand: what later events made of what was said, and how they make it.

use room::limits::{PINS_MAX, REACTIONS_SHOWN_MAX};
use room::{Author, Emoji, Event, Fact, Held, Message, Quote, RoomId, Seq, Text, UnixMs};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::message::{Holding, erased, first, quote_place};
use crate::record::{self, Kind, RecordError};

/// Selects messages by what follows `event.room = ?1 AND`. What is left of a removed room is not
/// seen.
///
/// All in one statement, so that it is one state of the log: no text is read that is erased, and
/// no correction of it is missed.
macro_rules! select_message {
    ($rest:literal) => {
        concat!(
            "SELECT event.room, event.seq, event.at, event.record,
                    (SELECT edit.record FROM event AS edit
                     WHERE edit.room = event.room AND edit.target = event.seq AND edit.kind = 4
                     ORDER BY edit.seq DESC LIMIT 1),
                    EXISTS (SELECT 1 FROM pin
                            WHERE pin.room = event.room AND pin.target = event.seq),
                    EXISTS (SELECT 1 FROM reaction
                            WHERE reaction.room = event.room AND reaction.target = event.seq)
             FROM event
             WHERE EXISTS (SELECT 1 FROM room WHERE room.id = ?1) AND event.kind = 2
                   AND event.room = ?1 AND ",
            $rest
        )
    };
}

const _: () = assert!(Kind::Said as u8 == 2 && Kind::Edited as u8 == 4, "as in the statements");

/// The last messages of a room, newest first.
pub(super) fn last(
    connection: &Connection,
    room: RoomId,
    limit: i64,
) -> rusqlite::Result<Vec<Message>> {
    let mut select =
        connection.prepare_cached(select_message!("TRUE ORDER BY event.seq DESC LIMIT ?2"))?;
    let rows = select.query_map(params![room.0.cast_signed(), limit], Standing::of)?;
    rows.map(|row| row?.message(connection)).collect()
}

/// The last messages of a room before a number, newest first.
pub(super) fn before(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
    limit: i64,
) -> rusqlite::Result<Vec<Message>> {
    let sql = select_message!("event.seq < ?3 ORDER BY event.seq DESC LIMIT ?2");
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map(params![room.0.cast_signed(), limit, number(seq)], Standing::of)?;
    rows.map(|row| row?.message(connection)).collect()
}

/// The first messages of a room after a number, oldest first.
pub(super) fn after(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
    limit: i64,
) -> rusqlite::Result<Vec<Message>> {
    let sql = select_message!("event.seq > ?3 ORDER BY event.seq LIMIT ?2");
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map(params![room.0.cast_signed(), limit, number(seq)], Standing::of)?;
    rows.map(|row| row?.message(connection)).collect()
}

/// One message, by its number.
pub(super) fn message(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
) -> rusqlite::Result<Option<Message>> {
    let mut select = connection.prepare_cached(select_message!("event.seq = ?2"))?;
    let row = select.query_row(params![room.0.cast_signed(), number(seq)], Standing::of);
    row.optional()?.map(|row| row.message(connection)).transpose()
}

/// One message, by the number of its event.
pub(super) fn by_id(
    connection: &Connection,
    room: RoomId,
    id: i64,
) -> rusqlite::Result<Option<Message>> {
    let mut select = connection.prepare_cached(select_message!("event.id = ?2"))?;
    let row = select.query_row(params![room.0.cast_signed(), id], Standing::of).optional()?;
    row.map(|row| row.message(connection)).transpose()
}

/// The pinned messages of a room, oldest first.
pub(super) fn pins(connection: &Connection, room: RoomId) -> rusqlite::Result<Vec<Message>> {
    let mut select = connection.prepare_cached(select_message!(
        "event.seq IN (SELECT target FROM pin WHERE pin.room = ?1) ORDER BY event.seq LIMIT ?2"
    ))?;
    let rows =
        select.query_map(params![room.0.cast_signed(), PINS_MAX.cast_signed()], Standing::of)?;
    rows.map(|row| row?.message(connection)).collect()
}

/// What the database has of a message for the rules, and the last event that it has.
pub(super) fn held<'a>(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
    by: (&'a Author, Option<&'a Emoji>),
) -> rusqlite::Result<(Holding<'a>, u64)> {
    // In one transaction: what is not in it yet comes behind its last event.
    let transaction = connection.unchecked_transaction()?;
    let last = transaction
        .prepare_cached("SELECT ifnull(max(id), 0) FROM event")?
        .query_row([], |row| row.get::<_, i64>(0))?;
    let mut pins = transaction.prepare_cached("SELECT target FROM pin WHERE room = ?")?;
    let pins = pins.query_map([room.0.cast_signed()], |row| row.get::<_, i64>(0))?;
    let pins = pins.map(|pin| Ok(Seq(pin?.cast_unsigned()))).collect::<rusqlite::Result<_>>()?;
    let held = held_of(&transaction, room, seq, by)?;
    Ok((Holding { seq, by, held, pins }, last.cast_unsigned()))
}

/// All of it but for the pins.
fn held_of(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
    (by, emoji): (&Author, Option<&Emoji>),
) -> rusqlite::Result<Option<Held>> {
    let mut select = connection.prepare_cached(select_message!("event.seq = ?2"))?;
    let place = params![room.0.cast_signed(), number(seq)];
    let Some(standing) = select.query_row(place, Standing::of).optional()? else {
        return Ok(None);
    };
    let edits = "SELECT count(*) FROM event WHERE room = ?1 AND target = ?2 AND kind = 4";
    let edits: i64 = connection.prepare_cached(edits)?.query_row(place, |row| row.get(0))?;
    let has_reacted = match emoji {
        Some(emoji) => !given_by(connection, room, seq, by, emoji)?.is_empty(),
        None => false,
    };
    let Message { author, nick, text, is_pinned, .. } = standing.message;
    let edits = edits.cast_unsigned();
    Ok(Some(Held { author, nick, text, edits, has_reacted, is_pinned, pins: 0 }))
}

/// Adds to an event the quote of the message it is about, if that still has a text.
pub(super) fn add_quote(connection: &Connection, event: &mut Event) -> rusqlite::Result<()> {
    let room = event.room;
    if let Some((target, quote)) = quote_place(&mut event.fact) {
        *quote = quote_of(connection, room, target)?;
    }
    Ok(())
}

/// Carries out what an event, which has that number, changes beside adding itself.
pub(super) fn follow(connection: &Connection, id: i64, event: &Event) -> rusqlite::Result<()> {
    let room = event.room;
    match &event.fact {
        Fact::Deleted { target, .. } => {
            take_pin(connection, room, *target)?;
            erase(connection, room, *target)
        }
        Fact::Reacted { member, account, target, emoji, on, .. } => {
            let by = Author { member: *member, account: *account };
            let mut delete = connection.prepare_cached("DELETE FROM reaction WHERE event = ?")?;
            for given in given_by(connection, room, *target, &by, emoji)? {
                delete.execute([given])?;
            }
            if *on {
                let account = account.map(|account| account.0.cast_signed());
                connection
                    .prepare_cached("INSERT INTO reaction VALUES (?, ?, ?, ?, ?, ?)")?
                    .execute(params![
                        id,
                        room.0.cast_signed(),
                        number(*target),
                        emoji.as_str(),
                        member.0.cast_signed(),
                        account
                    ])?;
            }
            Ok(())
        }
        Fact::Pinned { target, on, .. } => {
            take_pin(connection, room, *target)?;
            if *on {
                connection.prepare_cached("INSERT INTO pin VALUES (?, ?, ?)")?.execute(params![
                    id,
                    room.0.cast_signed(),
                    number(*target)
                ])?;
            }
            Ok(())
        }
        Fact::Created { .. }
        | Fact::Said { .. }
        | Fact::Edited { .. }
        | Fact::Erased { .. }
        | Fact::TopicSet { .. }
        | Fact::Moderated { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => Ok(()),
    }
}

/// The newest text of a message, and the number of the event that said it; no text: it was
/// deleted.
pub(super) fn newest_text(
    connection: &Connection,
    room: RoomId,
    seq: Seq,
) -> rusqlite::Result<Option<(i64, Option<Text>)>> {
    let mut select = connection
        .prepare_cached("SELECT id FROM event WHERE room = ?1 AND seq = ?2 AND kind = 2")?;
    let id = select.query_row(params![room.0.cast_signed(), number(seq)], |row| row.get(0));
    let (Some(id), Some(message)) = (id.optional()?, message(connection, room, seq)?) else {
        return Ok(None);
    };
    Ok(Some((id, message.text)))
}

/// A message as it stands, but for what other statements must add.
struct Standing {
    message: Message,
    has_reactions: bool,
}

impl Standing {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let fact = fact(row, 3)?;
        let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        let (room, seq, at) = (RoomId(number(0)?), Seq(number(1)?), UnixMs(number(2)?));
        let mut message = first(&Event { room, seq, at, fact })
            .ok_or_else(|| bad_record(3, RecordError::Field("kind")))?;
        message.is_pinned = row.get(5)?;
        if message.text.is_none() {
            return Ok(Self { message, has_reactions: false });
        }
        if row.get_ref(4)? != ValueRef::Null
            && let Fact::Edited { text, .. } = self::fact(row, 4)?
        {
            message.text = Some(text);
            message.is_edited = true;
        }
        Ok(Self { message, has_reactions: row.get(6)? })
    }

    fn message(self, connection: &Connection) -> rusqlite::Result<Message> {
        let Self { mut message, has_reactions } = self;
        if let Some(reply) = &mut message.reply {
            reply.quote = quote_of(connection, message.room, reply.to)?;
        }
        if has_reactions {
            message.reactions = reactions(connection, message.room, message.seq)?;
        }
        Ok(message)
    }
}

/// The events by which a person has given a message an emoji: one, if it stands.
fn given_by(
    connection: &Connection,
    room: RoomId,
    target: Seq,
    by: &Author,
    emoji: &Emoji,
) -> rusqlite::Result<Vec<i64>> {
    let mut select = connection.prepare_cached(
        "SELECT event FROM reaction
         WHERE room = ?1 AND target = ?2 AND emoji = ?3 AND member = ?4
         UNION
         SELECT event FROM reaction
         WHERE room = ?1 AND target = ?2 AND emoji = ?3 AND account = ?5",
    )?;
    let account = by.account.map(|account| account.0.cast_signed());
    let given = params![
        room.0.cast_signed(),
        number(target),
        emoji.as_str(),
        by.member.0.cast_signed(),
        account
    ];
    select.query_map(given, |row| row.get(0))?.collect()
}

/// The emoji that a person has given the messages of a span, in the order of the messages.
pub(super) fn given(
    connection: &Connection,
    room: RoomId,
    by: &Author,
    (first, last): (Seq, Seq),
) -> rusqlite::Result<Vec<(Seq, Emoji)>> {
    let mut select = connection.prepare_cached(
        "SELECT target, emoji FROM reaction
         WHERE EXISTS (SELECT 1 FROM room WHERE id = ?1) AND room = ?1
               AND target BETWEEN ?2 AND ?3 AND (member = ?4 OR account = ?5)
         ORDER BY target, event",
    )?;
    let account = by.account.map(|account| account.0.cast_signed());
    let member = by.member.0.cast_signed();
    let span = params![room.0.cast_signed(), number(first), number(last), member, account];
    let rows = select
        .query_map(span, |row| Ok((Seq(row.get::<_, i64>(0)?.cast_unsigned()), emoji(row, 1)?)))?;
    rows.collect()
}

/// The emoji in a column.
fn emoji(row: &Row<'_>, column: usize) -> rusqlite::Result<Emoji> {
    Emoji::parse(row.get_ref(column)?.as_str()?).map_err(|cause| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(cause))
    })
}

/// The emoji of a message and from how many it has each, most first.
fn reactions(
    connection: &Connection,
    room: RoomId,
    target: Seq,
) -> rusqlite::Result<Vec<(Emoji, u64)>> {
    let mut select = connection.prepare_cached(
        "SELECT emoji, count(*) FROM reaction WHERE room = ?1 AND target = ?2
         GROUP BY emoji ORDER BY count(*) DESC, min(event) LIMIT ?3",
    )?;
    let limit = i64::try_from(REACTIONS_SHOWN_MAX).expect("small");
    let rows = select.query_map(params![room.0.cast_signed(), number(target), limit], |row| {
        Ok((emoji(row, 0)?, row.get::<_, i64>(1)?.cast_unsigned()))
    })?;
    rows.collect()
}

/// What a message says, as it is quoted.
fn quote_of(
    connection: &Connection,
    room: RoomId,
    target: Seq,
) -> rusqlite::Result<Option<Box<Quote>>> {
    // Both in one statement: a correction must not be read of a message that is erased meanwhile.
    let mut select = connection.prepare_cached(
        "SELECT record,
                (SELECT edit.record FROM event AS edit
                 WHERE edit.room = ?1 AND edit.target = ?2 AND edit.kind = 4
                 ORDER BY edit.seq DESC LIMIT 1)
         FROM event WHERE room = ?1 AND seq = ?2 AND kind = 2",
    )?;
    let place = params![room.0.cast_signed(), number(target)];
    let quoted = select.query_row(place, |row| {
        let Fact::Said { nick, text, .. } = fact(row, 0)? else { return Ok(None) };
        let edited = match row.get_ref(1)? {
            ValueRef::Null => None,
            _ => Some(fact(row, 1)?),
        };
        let text = if let Some(Fact::Edited { text, .. }) = edited { text } else { text };
        Ok(Some(Box::new(Quote::of(&nick, &text))))
    });
    Ok(quoted.optional()?.flatten())
}

fn take_pin(connection: &Connection, room: RoomId, target: Seq) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM pin WHERE room = ? AND target = ?")?
        .execute(params![room.0.cast_signed(), number(target)])
        .map(|_| ())
}

/// Takes every text out of a message: at most [`room::limits::EDITS_MAX`] and one.
fn erase(connection: &Connection, room: RoomId, target: Seq) -> rusqlite::Result<()> {
    let mut select = connection.prepare_cached(
        "SELECT id, record FROM event WHERE room = ?1 AND seq = ?2 AND kind = 2
         UNION ALL
         SELECT id, record FROM event WHERE room = ?1 AND target = ?2 AND kind = 4",
    )?;
    let rows = select.query_map(params![room.0.cast_signed(), number(target)], |row| {
        Ok((row.get::<_, i64>(0)?, fact(row, 1)?))
    })?;
    let said = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut update = connection.prepare_cached("UPDATE event SET record = ?2 WHERE id = ?1")?;
    let mut bytes = Vec::new();
    for (id, fact) in said {
        let Some(left) = erased(&fact) else { continue };
        bytes.clear();
        record::encode(&left, &mut bytes).expect("it is of the kept kind");
        update.execute(params![id, bytes])?;
    }
    Ok(())
}

/// A position as SQLite can compare it; past what it can count there is nothing.
fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// The fact in a column of records.
pub(super) fn fact(row: &Row<'_>, column: usize) -> rusqlite::Result<Fact> {
    record::decode(row.get_ref(column)?.as_blob()?).map_err(|cause| bad_record(column, cause))
}

fn bad_record(column: usize, cause: RecordError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(cause))
}
