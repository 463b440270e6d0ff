//! What is particular to this back end; what it shares with the others is in [`crate::contract`].

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use room::{Event, RoomId, Seq, UnixMs};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{self, created, read_all, said, topic_set};
use crate::sqlite::absorb::absorb_all;
use crate::sqlite::house::WAL_BYTES_MAX;
use crate::sqlite::schema::latest;
use crate::{Log, Retention, Sqlite, StoreError};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &Path) -> Sqlite {
    Sqlite::open(folder).unwrap()
}

fn found(log: &mut Sqlite, room: u64, query: &str) -> Vec<u64> {
    let mut reader = log.reader().unwrap();
    let found = reader.search(RoomId(room), query, 100).unwrap();
    found.iter().map(|event| event.seq.0).collect()
}

#[test]
fn it_keeps_the_contract() {
    let mut folders = Vec::new();
    contract::check(|| {
        folders.push(folder());
        Box::new(open(folders[folders.len() - 1].path()))
    });
}

#[test]
fn the_folder_is_made_for_its_owner_alone() {
    let parent = folder();
    let path = parent.path().join("a/b");
    let mut log = open(&path);
    log.append(&[created(1, "a")]).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for file in ["journal-0", "journal-1", "papo.db", "papo.db-wal", "lock"] {
        assert_eq!(mode(&path.join(file)), 0o600, "{file}");
    }
}

#[test]
fn a_second_opener_is_told_who_holds_the_folder() {
    let folder = folder();
    let mut first = open(folder.path());
    let Err(StoreError::InUse { folder: named, pid }) = Sqlite::open(folder.path()) else {
        panic!("opened twice")
    };
    assert_eq!(named, folder.path().display().to_string());
    assert_eq!(pid, std::process::id().to_string());
    let reader = first.reader().unwrap();
    drop(first);
    assert!(Sqlite::open(folder.path()).is_err(), "a reader still has it open");
    drop(reader);
    open(folder.path());
}

#[test]
fn a_log_outlives_its_process() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "Sala"), said(1, 2, "oi"), topic_set(1, 3, Some("é"))]).unwrap();
    log.append(&[created(2, "b"), said(2, 2, "tchau")]).unwrap();
    log.append(&[created(3, "c")]).unwrap();
    log.remove_room(RoomId(3)).unwrap();
    let (rooms, events) = (log.rooms().unwrap(), read_all(&mut log, 1));
    drop(log);
    let mut log = open(folder.path());
    assert_eq!(log.rooms().unwrap(), rooms);
    assert_eq!(log.last_room().unwrap(), RoomId(3));
    assert_eq!(read_all(&mut log, 1), events);
    assert_eq!(found(&mut log, 2, "tchau"), [2]);
    log.append(&[said(1, 4, "de novo")]).unwrap();
    assert_eq!(found(&mut log, 1, "novo"), [4]);
}

/// The index goes by event numbers, so one that was given must not be given again.
#[test]
fn what_follows_a_removed_end_is_indexed() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "um"), said(1, 3, "dois")]).unwrap();
    assert_eq!(found(&mut log, 1, "dois"), [3]);
    while log.trim(Retention { age_ms: None, count: Some(0) }, UnixMs(0)).unwrap() > 0 {}
    drop(log);
    let mut log = open(folder.path());
    log.append(&[said(1, 4, "novo")]).unwrap();
    assert_eq!(found(&mut log, 1, "novo"), [4]);
}

#[test]
fn a_later_schema_is_left_alone() {
    let folder = folder();
    drop(open(folder.path()));
    let db = Connection::open(folder.path().join("papo.db")).unwrap();
    db.pragma_update(None, "user_version", latest() + 1).unwrap();
    drop(db);
    let Err(StoreError::TooNew { found, known }) = Sqlite::open(folder.path()) else {
        panic!("opened a log of the future")
    };
    assert_eq!((found, known), (latest() + 1, latest()));
}

/// Each version's file holds a log as that version wrote it. A new version adds a file (`.dump` of
/// its log and its `user_version`) and changes none.
#[test]
fn a_log_of_every_version_is_brought_up() {
    for version in 1..=latest() {
        let folder = folder();
        let stored = format!("{}/tests/schemas/{version}.sql", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&stored).expect("every version has its fixture");
        let db = Connection::open(folder.path().join("papo.db")).unwrap();
        db.execute_batch(&stored).unwrap();
        drop(db);
        let mut log = open(folder.path());
        let events =
            [created(1, "Sala"), said(1, 2, "olá, 東京"), topic_set(1, 3, Some("assunto"))];
        assert_eq!(read_all(&mut log, 1), events);
        let rooms = log.rooms().unwrap();
        assert_eq!(rooms.len(), 1);
        assert_eq!(rooms[0].topic.as_ref().unwrap().as_str(), "assunto");
        assert_eq!(log.last_room().unwrap(), RoomId(2));
        log.append(&[said(1, 4, "mais")]).unwrap();
        assert_eq!(found(&mut log, 1, "ola"), [2]);
        drop(log);
        let db = Connection::open(folder.path().join("papo.db")).unwrap();
        let now: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(now, latest());
    }
}

/// Has the database take everything, if it does.
fn move_on(log: &Sqlite) -> Result<(), StoreError> {
    absorb_all(&log.shared, &mut log.shared.writer())
}

#[test]
fn a_database_that_takes_nothing_loses_nothing_and_recovers() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a")]).unwrap();
    move_on(&log).unwrap();
    let full = |log: &Sqlite, pages: i64| {
        let set = format!("PRAGMA max_page_count = {pages}");
        log.shared.writer().connection.query_row(&set, [], |_| Ok(())).unwrap();
    };
    full(&log, 1);
    let text = "x".repeat(4000);
    let mut batch = vec![created(2, "b")];
    batch.extend((2..200).map(|seq| said(2, seq, &text)));
    log.append(&batch).expect("the journal has place");
    assert!(matches!(move_on(&log), Err(StoreError::NoSpace)));
    assert!(log.shared.writer().connection.is_autocommit(), "no transaction is left open");
    assert!(matches!(log.append(&[said(2, 200, "mais")]), Err(StoreError::NoSpace)));
    assert_eq!(log.rooms().unwrap().len(), 2);
    assert_eq!(read_all(&mut log, 2), batch, "what was appended is read");
    let last = log.reader().unwrap().last(RoomId(2), 3).unwrap();
    assert_eq!(last, batch[batch.len() - 3..]);
    full(&log, 1_000_000);
    log.append(&[said(2, 200, "mais")]).unwrap();
    batch.push(said(2, 200, "mais"));
    assert_eq!(read_all(&mut log, 2), batch);
    assert_eq!(found(&mut log, 2, "mais"), [200]);
}

/// What is killed before anything moved on has all of it in the journal, and only there.
#[test]
fn what_has_not_moved_on_is_read_back() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "um")]).unwrap();
    move_on(&log).unwrap();
    log.append(&[said(1, 3, "dois")]).unwrap();
    log.append(&[created(2, "b"), said(1, 4, "três")]).unwrap();
    let copy = self::folder();
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let mut copied = open(copy.path());
    assert_eq!(copied.rooms().unwrap(), log.rooms().unwrap());
    assert_eq!(read_all(&mut copied, 1), read_all(&mut log, 1));
    assert_eq!(found(&mut copied, 1, "tres"), [4]);
    copied.append(&[said(1, 5, "quatro")]).unwrap();
    drop(copied);
    assert_eq!(read_all(&mut open(copy.path()), 1).len(), 5);
}

#[test]
fn an_index_that_is_broken_or_gone_is_made_anew() {
    let folder = folder();
    let index = folder.path().join("search.db");
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "jacaré")]).unwrap();
    assert_eq!(found(&mut log, 1, "jacare"), [2]);
    drop(log);
    let breaks: [fn(&Path); 4] = [
        |index| std::fs::remove_file(index).unwrap(),
        |index| std::fs::write(index, "no database at all, but long enough to look").unwrap(),
        |index| {
            let mut bytes = std::fs::read(index).unwrap();
            bytes[4096..].fill(0x5a);
            std::fs::write(index, bytes).unwrap();
        },
        |index| {
            let index = Connection::open(index).unwrap();
            index.execute_batch("DROP TABLE said; PRAGMA user_version = 99").unwrap();
        },
    ];
    for (place, break_it) in breaks.into_iter().enumerate() {
        break_it(&index);
        let mut log = open(folder.path());
        let seq = place as u64 + 3;
        log.append(&[said(1, seq, "outro jacaré")]).unwrap();
        let all: Vec<u64> = (2..=seq).collect();
        assert_eq!(found(&mut log, 1, "jacare"), all, "after damage {place}");
    }
}

#[test]
fn an_index_that_breaks_under_way_is_made_anew() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "jacaré")]).unwrap();
    let mut reader = log.reader().unwrap();
    assert_eq!(reader.search(RoomId(1), "jacare", 9).unwrap().len(), 1);
    let other = Connection::open(folder.path().join("search.db")).unwrap();
    other.execute_batch("DELETE FROM said_data").unwrap();
    assert_eq!(reader.search(RoomId(1), "jacare", 9).unwrap().len(), 1);
}

/// The index is synced at moments of its own, so after a power cut it may know events of which the
/// log lost the end, and whose numbers are then given to others.
#[test]
fn an_index_ahead_of_the_log_forgets_what_the_log_lost() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "fica"), said(1, 3, "perdido")]).unwrap();
    assert_eq!(found(&mut log, 1, "perdido"), [3]);
    drop(log);
    let db = Connection::open(folder.path().join("papo.db")).unwrap();
    db.execute_batch("DELETE FROM event WHERE seq = 3; UPDATE room SET head = 2, messages = 1")
        .unwrap();
    drop(db);
    for journal in ["journal-0", "journal-1"] {
        std::fs::remove_file(folder.path().join(journal)).unwrap();
    }
    let mut log = open(folder.path());
    log.append(&[said(1, 3, "novo")]).unwrap();
    assert_eq!(found(&mut log, 1, "perdido"), []);
    assert_eq!(found(&mut log, 1, "novo"), [3]);
    assert_eq!(found(&mut log, 1, "fica"), [2]);
}

/// How often the write-ahead log started again at its beginning: a field of its header.
/// <https://sqlite.org/fileformat2.html#the_write_ahead_log>
fn restarts(folder: &Path) -> u32 {
    let wal = std::fs::read(folder.join("papo.db-wal")).unwrap();
    wal.get(12..16).map_or(0, |field| u32::from_be_bytes(field.try_into().unwrap()))
}

#[test]
fn the_write_ahead_log_starts_again_under_constant_load() {
    let folder = folder();
    let mut log = open(folder.path());
    let mut flusher = log.flusher().unwrap();
    let mut reader = log.reader().unwrap();
    let is_done = AtomicBool::new(false);
    let text = "x".repeat(4000);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                flusher.flush().unwrap();
            }
        });
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                reader.read(RoomId(1), Seq(1), 256).unwrap();
            }
        });
        log.append(&[created(1, "a")]).unwrap();
        let mut seq = 1;
        // As much as a slow disk may need; an idle one is done after some 50 MB.
        while restarts(folder.path()) < 2 && seq < 200_000 {
            for _ in 0..10 {
                let batch: Vec<Event> = (1..=50).map(|more| said(1, seq + more, &text)).collect();
                log.append(&batch).unwrap();
                seq += 50;
            }
        }
        is_done.store(true, Ordering::Relaxed);
    });
    assert!(restarts(folder.path()) >= 2);
    flusher.flush().unwrap();
    let wal = folder.path().join("papo.db-wal").metadata().unwrap().len();
    assert!(wal <= 2 * WAL_BYTES_MAX, "{wal}");
}
