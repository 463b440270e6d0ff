//! The tables of the log, by version. What a version was is never changed: a change is a further
//! entry, and the tests open a log of each.

/// Marks the file as papo's: the bytes of `papo`.
pub(crate) const APPLICATION_ID: i64 = 0x7061_706f;

/// What brings a log from each version to the next, from nothing on.
///
/// - `event`: the logs of all rooms. `id` is the order in which they were written, which the index
///   goes by; it is never given twice. `kind` is what the record begins with, to select by;
///   `target` the message that an event changes.
/// - `room`: what folding each log gives, kept in the same transactions, so that a start reads a
///   row a room instead of every event; and beside it every measure that was taken there, since
///   lists of bans in a row would be written anew with each message.
/// - `removed`: rooms that are gone, whose events are still to be taken out of `event` bit by bit.
/// - `reaction`, `pin`: those that stand, by the event that gave them; in the same transactions, so
///   that nobody reads through all that was ever given and taken away.
/// - `given`: one row; the highest numbers ever given, since what bore them may be removed.
pub(super) const STEPS: &[&str] = &[
    "
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        record BLOB NOT NULL,
        UNIQUE (room, seq)
    ) STRICT;
    CREATE TABLE room (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        capacity INTEGER NOT NULL,
        visibility INTEGER NOT NULL,
        topic TEXT,
        head INTEGER NOT NULL,
        active_at INTEGER NOT NULL,
        messages INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE removed (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE given (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        event INTEGER NOT NULL,
        room INTEGER NOT NULL
    ) STRICT;
    INSERT INTO given VALUES (1, 0, 0);
",
    "
    ALTER TABLE event ADD COLUMN target INTEGER;
    CREATE INDEX event_target ON event (room, target, kind, seq) WHERE target IS NOT NULL;
    CREATE TABLE reaction (
        event INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        emoji TEXT NOT NULL,
        member INTEGER NOT NULL,
        account INTEGER
    ) STRICT;
    CREATE INDEX reaction_member ON reaction (room, target, emoji, member);
    CREATE INDEX reaction_account ON reaction (room, target, emoji, account)
        WHERE account IS NOT NULL;
    CREATE TABLE pin (
        event INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        target INTEGER NOT NULL,
        UNIQUE (room, target)
    ) STRICT;
",
    "
    CREATE INDEX event_moderated ON event (room, seq) WHERE kind = 8;
",
];

/// The version this program writes.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).expect("few steps")
}
