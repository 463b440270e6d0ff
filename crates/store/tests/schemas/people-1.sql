-- People as version 1 wrote them: two accounts, a token, a link, a marker, and an audit entry.
PRAGMA journal_mode = WAL;
BEGIN;
CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    nick TEXT NOT NULL,
    nick_key TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    is_disabled INTEGER NOT NULL
) STRICT;
CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES account (id),
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX token_of_account ON token (account);
CREATE TABLE link (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    room INTEGER NOT NULL,
    rights INTEGER NOT NULL,
    capacity INTEGER,
    expires_at INTEGER,
    uses_left INTEGER,
    made_by INTEGER NOT NULL REFERENCES account (id),
    made_at INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL
) STRICT;
CREATE INDEX link_of_room ON link (room);
CREATE TABLE marker (
    account INTEGER NOT NULL REFERENCES account (id),
    room INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX marker_of_room ON marker (room);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    account INTEGER,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    room INTEGER,
    subject TEXT,
    detail TEXT
) STRICT;
CREATE INDEX audit_of_room ON audit (room);

INSERT INTO account VALUES
    (1, 'José', 'josé', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA', 1000, 1, 0),
    (2, 'ana', 'ana', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$b3V0cm8', 2000, 0, 1);
-- The token of 32 bytes of 7, and the link of 16 of them.
INSERT INTO token VALUES
    (1, x'0a5279e64b8094c3a7abd43e1ee59b7699d3e8b9584d00af238a1572b33daafc', 1, 'celular', 3000, 3000, NULL);
INSERT INTO link VALUES
    (1, x'53479c57115bd14b55343fbce239d9533e132aa8ab47799d6e2077acf76fd41f', 5, 3, 30, 9000, 2, 1, 4000, 0);
INSERT INTO marker VALUES (1, 5, 42);
INSERT INTO audit VALUES (1, 5000, 1, 'José', 'kick', 5, 'ana', 'barulho');
PRAGMA application_id = 1885433968;
PRAGMA user_version = 1;
COMMIT;
