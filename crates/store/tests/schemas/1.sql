-- A log as version 1 wrote it: one room with a message and a topic, and room 2 removed.
PRAGMA journal_mode = WAL;
BEGIN;
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

INSERT INTO event VALUES
    (1, 1, 1, 1000, 1, x'01010a000000000453616c6103416e61'),
    (2, 1, 2, 2000, 2, x'01020700000000000000054a6f73c3a96f6cc3a12c20e69db1e4baac'),
    (5, 1, 3, 3000, 3, x'0103080000000000000003616e6101617373756e746f');
INSERT INTO room VALUES (1, 'Sala', 10, 0, 'assunto', 3, 3000, 1);
UPDATE given SET event = 4, room = 2;
PRAGMA application_id = 1885433967;
PRAGMA user_version = 1;
COMMIT;
