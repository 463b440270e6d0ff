//! Copies of folders that are written to, and what becomes of damaged ones.

use std::os::unix::fs::PermissionsExt as _;

use room::{AccountId, Nick, RoomId, Seq};
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::contract::{created, deleted, edited, read_all, said, topic_set};
use crate::people::{PasswordHash, People};
use crate::{Log, Sqlite};

const NOW: UnixMs = UnixMs(1_764_115_200_000);

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    fn backup(&self) -> Copied {
        backup(&self.data(), &self.target(), "0.0.0", NOW).unwrap()
    }

    fn restored(&self) -> PathBuf {
        let data = self.folder.path().join("restored");
        restore(&self.target(), &data, false, NOW).unwrap();
        data
    }
}

fn bytes_of(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap();
    files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_log_in_use_is_copied_with_what_only_its_journal_has() {
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala"), said(1, 2, "um"), created(4, "outra")]).unwrap();
    log.reader().unwrap().last(RoomId(1), 1).unwrap();
    // The database has the first; the absorber gathers for a second before it takes these.
    log.append(&[said(1, 3, "dois"), edited(1, 4, 2, "um e meio"), topic_set(4, 2, Some("t"))])
        .unwrap();
    let nick = Nick::parse("ana").unwrap();
    let mut people = People::open(&place.data()).unwrap();
    let hash = PasswordHash::new("$x".to_owned());
    people.create_account(&nick, &hash, false, NOW).unwrap();
    people.set_marker(AccountId(1), RoomId(1), Seq(3)).unwrap();
    // As of what is said after the log is copied.
    people.set_marker(AccountId(1), RoomId(4), Seq(9)).unwrap();

    let copied = place.backup();
    assert_eq!((copied.rooms, copied.accounts), (2, 1));
    let mut names: Vec<_> = fs::read_dir(place.target())
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            file.file_name().into_string().unwrap()
        })
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["SHA256SUMS", "papo.db", "people.db"]);
    assert_eq!(place.target().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(bytes_of(&place.target()).len() as u64, copied.bytes);
    // The log goes on, and what it says then is not in the copy.
    log.append(&[said(1, 5, "depois")]).unwrap();

    let data = place.restored();
    let mut again = Sqlite::open(&data).unwrap();
    let rooms = again.rooms().unwrap();
    assert_eq!(read_all(&mut log, 1)[..4], read_all(&mut again, 1));
    assert_eq!(read_all(&mut log, 4), read_all(&mut again, 4));
    assert_eq!(rooms[1], log.rooms().unwrap()[1]);
    assert_eq!(again.last_room().unwrap(), RoomId(4));
    again.append(&[said(1, 5, "de novo")]).unwrap();
    let people = People::open(&data).unwrap();
    assert_eq!(people.account_by_nick(&nick).unwrap().unwrap().id, AccountId(1));
    let markers = people.markers(AccountId(1)).unwrap();
    assert_eq!(markers, [(RoomId(1), Seq(3)), (RoomId(4), Seq(2))]);
}

#[test]
fn what_was_deleted_is_in_no_byte_of_it() {
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala"), said(1, 2, "segredo antigo")]).unwrap();
    log.append(&[said(1, 3, "fica"), deleted(1, 4, 2), said(1, 5, "segredo novo")]).unwrap();
    log.append(&[deleted(1, 6, 5)]).unwrap();
    place.backup();
    let bytes = bytes_of(&place.target());
    assert!(has(&bytes, "fica") && !has(&bytes, "segredo"));
}

#[test]
fn what_a_killed_server_left_is_copied_and_left_to_its_next_start() {
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala"), said(1, 2, "um")]).unwrap();
    log.reader().unwrap().last(RoomId(1), 1).unwrap();
    log.append(&[said(1, 3, "dois")]).unwrap();
    // Its files as they are now are what a kill would leave.
    let dead = place.folder.path().join("dead");
    fs::create_dir(&dead).unwrap();
    for file in ["papo.db", "papo.db-wal", "journal-0", "journal-1"] {
        fs::copy(place.data().join(file), dead.join(file)).unwrap();
    }
    let wal = fs::read(dead.join("papo.db-wal")).unwrap();
    assert!(!wal.is_empty());
    backup(&dead, &place.target(), "0.0.0", NOW).unwrap();
    assert_eq!(fs::read(dead.join("papo.db-wal")).unwrap(), wal);
    let mut again = Sqlite::open(&place.restored()).unwrap();
    assert_eq!(read_all(&mut log, 1), read_all(&mut again, 1));
}

/// Backups beside one who writes as fast as she can: each has all that was appended before.
#[test]
fn nothing_appended_before_is_missing_however_fast_the_journal_turns() {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    // So much for each backup that the journal turns several times while it is made, and not so
    // much that each has more to copy than the last, for as long as the writer is the faster.
    const EVENTS_A_BACKUP: u64 = 4000;
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala")]).unwrap();
    let (appended, is_over) = (AtomicU64::new(1), AtomicBool::new(false));
    let allowed = AtomicU64::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let text = "x".repeat(2000);
            while !is_over.load(Ordering::Relaxed) {
                let first = appended.load(Ordering::Relaxed) + 1;
                if first > allowed.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                    continue;
                }
                let events: Vec<_> = (first..first + 20).map(|seq| said(1, seq, &text)).collect();
                log.append(&events).unwrap();
                appended.store(first + 19, Ordering::Release);
            }
        });
        for round in 0..8 {
            let target = place.folder.path().join(format!("backup-{round}"));
            allowed.fetch_add(EVENTS_A_BACKUP, Ordering::Relaxed);
            let before = appended.load(Ordering::Acquire);
            backup(&place.data(), &target, "0.0.0", NOW).unwrap();
            let data = place.folder.path().join(format!("restored-{round}"));
            restore(&target, &data, false, NOW).unwrap();
            let mut copy = Sqlite::open(&data).unwrap();
            let head = copy.rooms().unwrap()[0].head;
            assert!(head >= Seq(before), "{head:?} of {before}");
            let events: i64 = Connection::open(data.join("papo.db"))
                .unwrap()
                .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
                .unwrap();
            assert_eq!(events.cast_unsigned(), head.0, "without a gap");
            drop(copy);
            fs::remove_dir_all(data).unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn nothing_is_copied_over_and_nothing_from_nowhere() {
    let place = Place::new();
    let nothing = backup(&place.data(), &place.target(), "0.0.0", NOW);
    assert!(matches!(nothing, Err(BackupError::NoData(_))), "{nothing:?}");
    assert!(!place.data().exists());
    drop(Sqlite::open(&place.data()).unwrap());
    fs::create_dir(place.target()).unwrap();
    let taken = backup(&place.data(), &place.target(), "0.0.0", NOW);
    assert!(matches!(taken, Err(BackupError::TargetExists(_))), "{taken:?}");
    fs::remove_dir(place.target()).unwrap();
    fs::write(place.data().join("people.db"), "no database at all, but long enough").unwrap();
    assert!(backup(&place.data(), &place.target(), "0.0.0", NOW).is_err());
    let left: Vec<_> = fs::read_dir(place.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "what was begun is gone");
}

#[test]
fn a_data_folder_is_replaced_only_if_that_is_said_and_then_kept() {
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala"), said(1, 2, "um")]).unwrap();
    place.backup();
    let in_use = restore(&place.target(), &place.data(), true, NOW);
    assert!(matches!(in_use, Err(RestoreError::Store(StoreError::InUse { .. }))), "{in_use:?}");
    log.append(&[said(1, 3, "dois")]).unwrap();
    drop(log);
    let full = restore(&place.target(), &place.data(), false, NOW);
    assert!(matches!(full, Err(RestoreError::NotEmpty(_))), "{full:?}");
    let restored = restore(&place.target(), &place.data(), true, NOW).unwrap();
    let head = |folder: &Path| Sqlite::open(folder).unwrap().rooms().unwrap()[0].head;
    assert_eq!(head(&place.data()), Seq(2));
    assert_eq!(head(&restored.before.unwrap()), Seq(3));
}

#[test]
fn a_backup_that_is_none_changes_nothing() {
    let place = Place::new();
    let mut log = Sqlite::open(&place.data()).unwrap();
    log.append(&[created(1, "sala"), said(1, 2, "um")]).unwrap();
    place.backup();
    drop(log);
    let sums = place.target().join("SHA256SUMS");
    let good = fs::read_to_string(&sums).unwrap();
    let refused = |text: &str| {
        fs::write(&sums, text).unwrap();
        let to = place.folder.path().join("to");
        let error = restore(&place.target(), &to, false, NOW).unwrap_err();
        assert!(!to.join("papo.db").exists() && !to.join("restoring").exists());
        error.to_string()
    };
    let line = good.lines().find(|line| line.ends_with("papo.db")).unwrap();
    for (text, why) in [
        (good.replace("papo-backup 1", "papo-backup 2"), "does not begin"),
        (good.replace(line, "xyz  papo.db"), "line 3: not a sum"),
        (good.replace(line, ""), "line 3: not a sum"),
        (good.replace("people.db", "../../etc/passwd"), "which no backup has"),
        (good.lines().take(3).fold(String::new(), |text, line| text + line + "\n"), "people.db"),
        (good.replace(line, &format!("{}  papo.db", "0".repeat(64))), "is not what it was"),
    ] {
        let error = refused(&text);
        assert!(error.contains(why), "{error}");
    }
    // The sums are right, and the data is not.
    let damaged = |work: &dyn Fn(&Path)| {
        let path = place.target().join("papo.db");
        let whole = fs::read(&path).unwrap();
        work(&path);
        let (sum, _) = copy::sum_of(File::open(&path).unwrap(), None).unwrap();
        let mut sums = Sums::new("0.0.0", NOW);
        sums.add("papo.db", sum);
        let people = File::open(place.target().join("people.db")).unwrap();
        sums.add("people.db", copy::sum_of(people, None).unwrap().0);
        fs::remove_file(place.target().join("SHA256SUMS")).unwrap();
        sums.write(&place.target()).unwrap();
        let text = fs::read_to_string(place.target().join("SHA256SUMS")).unwrap();
        let error = refused(&text);
        fs::write(&path, whole).unwrap();
        error
    };
    let error = damaged(&|path| {
        let mut bytes = fs::read(path).unwrap();
        // The head of the second page.
        bytes[4096..4112].fill(0xa5);
        fs::write(path, bytes).unwrap();
    });
    assert!(error.contains("papo.db is damaged"), "{error}");
    let sql = |path: &Path, sql| Connection::open(path).unwrap().execute_batch(sql).unwrap();
    let error = damaged(&|path| sql(path, "PRAGMA user_version = 99"));
    assert!(error.contains("later version"), "{error}");
    let error = damaged(&|path| sql(path, "PRAGMA application_id = 5"));
    assert!(error.contains("not papo's"), "{error}");
}

/// Every schema that was ever written: backed up where it lies, and restored as it was then.
#[test]
fn data_of_every_earlier_version_is_copied_and_restored() {
    let sql = |name: &str| {
        fs::read_to_string(format!("{}/tests/schemas/{name}.sql", env!("CARGO_MANIFEST_DIR")))
    };
    let logs = (1..=sqlite::latest()).map(|version| (version, people::latest()));
    let people = (1..people::latest()).map(|version| (sqlite::latest(), version));
    for (log, people) in logs.chain(people) {
        let place = Place::new();
        fs::create_dir(place.data()).unwrap();
        for (database, stored) in
            [("papo.db", log.to_string()), ("people.db", format!("people-{people}"))]
        {
            let connection = Connection::open(place.data().join(database)).unwrap();
            connection.execute_batch(&sql(&stored).unwrap()).unwrap();
        }
        let copied = place.backup();
        assert!(copied.rooms > 0 && copied.accounts > 0, "{log} {people}");
        let rooms = Sqlite::open(&place.restored()).unwrap().rooms().unwrap();

        // And as a backup that the program of that time made.
        let old = place.folder.path().join("old");
        fs::create_dir(&old).unwrap();
        let mut sums = Sums::new("0.0.0", NOW);
        for name in ["papo.db", "people.db"] {
            fs::copy(place.data().join(name), old.join(name)).unwrap();
            sums.add(name, copy::sum_of(File::open(old.join(name)).unwrap(), None).unwrap().0);
        }
        sums.write(&old).unwrap();
        let data = place.folder.path().join("from-old");
        restore(&old, &data, false, NOW).unwrap();
        assert_eq!(Sqlite::open(&data).unwrap().rooms().unwrap(), rooms, "{log} {people}");
        People::open(&data).unwrap();
    }
}
