//! What is particular to this back end; what it shares with the others is in [`crate::contract`].

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use room::{
    AccountId, Author, Emoji, Event, Fact, Measure, MemberId, Nick, Reply, RoomId, Seq, Text,
    UnixMs, Who,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{self, created, deleted, edited, read_all, said, topic_set};
use crate::record::{self, Kind};
use crate::sqlite::absorb::{absorb_all, scrub};
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
    found.iter().map(|message| message.seq.0).collect()
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

/// Nothing is moved on for the rules, who are asked on the thread for which everyone waits.
#[test]
fn the_rules_are_told_of_messages_while_another_writes_to_the_database() {
    let folder = folder();
    let mut log = open(folder.path());
    let by = Author { member: MemberId(9), account: None };
    let (member, account, nick) = (by.member, by.account, Nick::parse("bia").unwrap());
    let thumb = Emoji::parse("👍").unwrap();
    let event = |seq, fact| Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(0), fact };
    let pinned = |seq, target, on| {
        let (nick, quote) = (nick.clone(), None);
        event(seq, Fact::Pinned { member, account, nick, target: Seq(target), quote, on })
    };
    let reacted = |seq, on| {
        let (nick, quote, emoji) = (nick.clone(), None, thumb.clone());
        event(seq, Fact::Reacted { member, account, nick, target: Seq(2), quote, emoji, on })
    };
    let first = [created(1, "a"), said(1, 2, "um"), said(1, 3, "outro"), pinned(4, 3, true)];
    let then = [edited(1, 5, 2, "dois"), pinned(6, 2, true), reacted(7, true), said(1, 8, "novo")];
    let last = [edited(1, 9, 2, "3"), edited(1, 10, 8, "mais novo"), pinned(11, 3, false)];
    let mut memory = crate::Memory::new();
    for log in [&mut log as &mut dyn Log, &mut memory] {
        log.append(&first).unwrap();
    }
    absorb_all(&log.shared, &mut log.shared.writer()).unwrap();
    let shared = std::sync::Arc::clone(&log.shared);
    let another = shared.writer();
    for events in [&then[..], &last[..]] {
        for log in [&mut log as &mut dyn Log, &mut memory] {
            log.append(events).unwrap();
        }
        for seq in 0..=12 {
            for emoji in [None, Some(&thumb)] {
                let asked = (RoomId(1), Seq(seq));
                let expected = memory.held(asked.0, asked.1, &by, emoji).unwrap();
                assert_eq!(log.held(asked.0, asked.1, &by, emoji).unwrap(), expected, "{seq}");
            }
        }
    }
    drop(another);
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

/// What logs of version 2 hold beside what those of version 1 could.
fn since_version_2() -> Vec<Event> {
    let (member, account) = (MemberId(9), Some(AccountId(5)));
    let nick = Nick::parse("bia").unwrap();
    let answered = Fact::Said {
        member,
        account,
        nick: nick.clone(),
        text: Text::new("olá").unwrap(),
        reply: Some(Box::new(Reply { to: Seq(2), quote: None })),
        key: None,
    };
    let reacted = Fact::Reacted {
        member,
        account,
        nick: nick.clone(),
        target: Seq(2),
        quote: None,
        emoji: Emoji::parse("👍").unwrap(),
        on: true,
    };
    let pinned = Fact::Pinned { member, account, nick, target: Seq(2), quote: None, on: true };
    let at = |seq, fact| Event { room: RoomId(3), seq: Seq(seq), at: UnixMs(seq * 1000), fact };
    vec![
        created(3, "outra"),
        said(3, 2, "jacaré"),
        edited(3, 3, 2, "tatu"),
        at(4, answered),
        at(5, reacted),
        at(6, pinned),
        said(3, 7, "engano"),
        deleted(3, 8, 7),
    ]
}

/// What a log of version 3 may hold and an earlier one cannot: room 3 goes on.
fn since_version_3() -> Vec<Event> {
    let moderated = |seq, measure| {
        let (member, nick) = (MemberId(7), Nick::parse("José").unwrap());
        let fact = Fact::Moderated { member, account: None, nick, measure: Box::new(measure) };
        Event { room: RoomId(3), seq: Seq(seq), at: UnixMs(seq * 1000), fact }
    };
    let who = Who::Guest { nick: Nick::parse("bia").unwrap(), member: Some(MemberId(9)) };
    vec![
        moderated(9, Measure::Raid { on: true }),
        moderated(10, Measure::Banned { who, until: None, reason: Text::new("spam") }),
    ]
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
        assert_eq!(rooms.len(), if version == 1 { 1 } else { 2 });
        assert_eq!(rooms[0].topic.as_ref().unwrap().as_str(), "assunto");
        if version == 1 {
            assert_eq!(log.last_room().unwrap(), RoomId(2));
            log.append(&since_version_2()).unwrap();
        }
        if version < 3 {
            log.append(&since_version_3()).unwrap();
        }
        let rooms = log.rooms().unwrap();
        let moderation = &rooms[1].moderation;
        assert!(moderation.raid() && moderation.mutes().is_empty());
        let [(_, penalty)] = moderation.bans() else { panic!("{moderation:?}") };
        assert_eq!(penalty.reason, Text::new("spam"));
        assert_eq!(read_all(&mut log, 3)[8..], since_version_3());
        assert_eq!(log.last_room().unwrap(), RoomId(3));
        let kinds: Vec<_> =
            read_all(&mut log, 3)[1..].iter().map(|event| record::kind_of(&event.fact)).collect();
        let expected = {
            use Kind::{Deleted, Edited, Moderated, Pinned, Reacted, Said};
            [Said, Edited, Said, Reacted, Pinned, Said, Deleted, Moderated, Moderated]
        };
        assert_eq!(kinds, expected.map(Some));
        let last = log.reader().unwrap().last(RoomId(3), 9).unwrap();
        let texts: Vec<_> =
            last.iter().map(|message| message.text.as_ref().map(Text::as_str)).collect();
        assert_eq!(texts, [Some("tatu"), Some("olá"), None]);
        assert_eq!(last[0].reactions, [(Emoji::parse("👍").unwrap(), 1)]);
        assert!(last[0].is_pinned && last[0].is_edited);
        assert_eq!(last[1].author.account, Some(AccountId(5)));
        assert_eq!(last[1].reply.as_ref().unwrap().quote.as_ref().unwrap().start.as_str(), "tatu");
        log.append(&[said(1, 4, "mais"), edited(1, 5, 4, "menos")]).unwrap();
        assert_eq!(found(&mut log, 1, "ola"), [2]);
        assert_eq!(found(&mut log, 1, "menos"), [4]);
        assert_eq!(found(&mut log, 3, "tatu"), [2]);
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
    let seqs: Vec<_> = last.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, batch[batch.len() - 3..].iter().map(|event| event.seq).collect::<Vec<_>>());
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

/// The words of [`word`] that stand in the folder's files whose name begins so, by what they say
/// and of which place, whole or without their beginning: the index writes terms that begin alike
/// only from where they differ.
fn words_in(folder: &Path, name: &str) -> HashSet<(String, u64)> {
    let mut words = HashSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with(name) {
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        for end in 12..bytes.len() {
            let what = match &bytes[end - 4..end] {
                b"dito" => "dito",
                b"nova" => "nova",
                _ => continue,
            };
            let place = std::str::from_utf8(&bytes[end - 12..end - 4]).ok();
            let place = place.and_then(|place| u64::from_str_radix(place, 16).ok());
            words.extend(place.map(|place| (what.to_owned(), place)));
        }
    }
    words
}

/// A word of its own for each place, which says at its end which.
fn word(what: &str, seq: u64) -> String {
    format!("{:08x}{seq:08x}{what}", seq.wrapping_mul(0x9e37_79b1) & 0xffff_ffff)
}

#[test]
fn nothing_of_a_deleted_text_is_left_in_the_files() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a")]).unwrap();
    let last = 600;
    // From a few bytes to some that need pages of their own.
    let text = |what: &str, seq: u64| {
        let fill = usize::try_from(seq * 7919 % 4000).unwrap();
        format!("{} {}", word(what, seq), "x ".repeat(fill / 2))
    };
    let all: Vec<_> = (2..=last).map(|seq| said(1, seq, &text("dito", seq))).collect();
    all.chunks(50).for_each(|batch| log.append(batch).unwrap());
    // On a busy machine a search may give up waiting for the index.
    let first = (0..10).map(|_| found(&mut log, 1, &word("dito", 2))).find(|seqs| !seqs.is_empty());
    assert_eq!(first, Some(vec![2]));
    let mut seq = last;
    let mut append = |log: &mut Sqlite, make: &dyn Fn(u64) -> Event| {
        seq += 1;
        log.append(&[make(seq)]).unwrap();
    };
    let is_edited = |target: &u64| target.is_multiple_of(3);
    for target in (2..=last).filter(is_edited) {
        append(&mut log, &|seq| edited(1, seq, target, &text("nova", target)));
    }
    move_on(&log).unwrap();
    for files in ["papo.db", "journal"] {
        assert_eq!(words_in(folder.path(), files).len(), 599 + 200, "{files}");
    }
    let is_deleted = |target: &u64| target.is_multiple_of(2);
    for target in (2..=last).filter(is_deleted) {
        append(&mut log, &|seq| deleted(1, seq, target));
    }
    let stands = |(what, target): &(String, u64)| {
        !is_deleted(target) && (what == "dito" || is_edited(target))
    };
    for target in 2..=last {
        for what in ["dito", "nova"] {
            let is_newest = !is_deleted(&target) && (what == "nova") == is_edited(&target);
            let numbers: &[u64] = if is_newest { &[target] } else { &[] };
            assert_eq!(found(&mut log, 1, &word(what, target)), numbers, "{what} {target}");
        }
    }
    // While it is open, in the log; when it is closed, in the index too.
    scrub(&log.shared, &mut log.shared.writer()).unwrap();
    assert!(words_in(folder.path(), "papo.db").iter().all(stands));
    assert_eq!(words_in(folder.path(), "journal").len(), 0);
    let late = 9998;
    append(&mut log, &|seq| said(1, seq, &word("dito", late)));
    let [late_seq] = found(&mut log, 1, &word("dito", late))[..] else { panic!("not found") };
    append(&mut log, &|seq| deleted(1, seq, late_seq));
    drop(log);
    let left = words_in(folder.path(), "");
    let leaked: Vec<_> = left.iter().filter(|word| !stands(word)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    assert_eq!(left.len(), 300 - 1 + 100, "and nothing else is gone");
    let mut log = open(folder.path());
    assert_eq!(found(&mut log, 1, &word("dito", 5)), [5]);
    assert_eq!(found(&mut log, 1, &word("dito", 4)), []);
}

#[test]
fn what_a_killed_process_had_erased_is_gone_after_the_next_one() {
    let (folder, copy) = (folder(), folder());
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, &word("dito", 2))]).unwrap();
    move_on(&log).unwrap();
    log.append(&[deleted(1, 3, 2)]).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    for files in ["papo.db", "journal"] {
        assert!(!words_in(copy.path(), files).is_empty(), "{files}");
    }
    let mut log = open(copy.path());
    assert_eq!(read_all(&mut log, 1).len(), 3);
    drop(log);
    assert!(words_in(copy.path(), "").is_empty());
    assert_eq!(read_all(&mut open(copy.path()), 1).len(), 3);
}

/// The database is full when something is deleted: it is kept, and nobody reads the text.
#[test]
fn what_is_deleted_is_left_out_while_it_cannot_move_on() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "segredo"), said(1, 3, "fica")]).unwrap();
    log.append(&[edited(1, 4, 2, "segredo novo")]).unwrap();
    move_on(&log).unwrap();
    let limit = |pages: i64| {
        let set = format!("PRAGMA max_page_count = {pages}");
        log.shared.writer().connection.query_row(&set, [], |_| Ok(())).unwrap();
    };
    limit(1);
    // So much that the database would have to grow.
    let fill = "x".repeat(4000);
    let mut batch: Vec<_> = (5..100).map(|seq| said(1, seq, &fill)).collect();
    batch.extend([edited(1, 100, 3, "ainda fica"), deleted(1, 101, 2)]);
    log.append(&batch).unwrap();
    let mut reader = log.reader().unwrap();
    let events = reader.read(RoomId(1), Seq(1), 200).unwrap();
    let last = reader.last(RoomId(1), 200).unwrap();
    assert_eq!((events.len(), last.len()), (101, 97));
    assert_eq!(last[1].text.as_ref().unwrap().as_str(), "ainda fica");
    assert!(last[0].text.is_none() && !last[0].is_edited);
    assert_eq!(reader.message(RoomId(1), Seq(2)).unwrap().as_ref(), Some(&last[0]));
    assert_eq!(reader.search(RoomId(1), "segredo", 9).unwrap(), []);
    assert!(!format!("{events:?}{last:?}").contains("segredo"));
    let set = "PRAGMA max_page_count = 1000000";
    log.shared.writer().connection.query_row(set, [], |_| Ok(())).unwrap();
    move_on(&log).unwrap();
    assert_eq!(reader.last(RoomId(1), 200).unwrap(), last);
    assert_eq!(reader.read(RoomId(1), Seq(1), 200).unwrap(), events);
}

/// Corrections the log lost: the index has the newer text of a message, and cannot know the older.
#[test]
fn an_index_ahead_of_the_log_by_a_correction_is_made_anew() {
    let folder = folder();
    let mut log = open(folder.path());
    log.append(&[created(1, "a"), said(1, 2, "velho"), edited(1, 3, 2, "perdido")]).unwrap();
    assert_eq!(found(&mut log, 1, "perdido"), [2]);
    drop(log);
    let db = Connection::open(folder.path().join("papo.db")).unwrap();
    db.execute_batch("DELETE FROM event WHERE seq = 3; UPDATE room SET head = 2").unwrap();
    drop(db);
    for journal in ["journal-0", "journal-1"] {
        std::fs::remove_file(folder.path().join(journal)).unwrap();
    }
    let mut log = open(folder.path());
    log.append(&[said(1, 3, "novo")]).unwrap();
    assert_eq!(found(&mut log, 1, "perdido"), []);
    assert_eq!(found(&mut log, 1, "velho"), [2]);
    assert_eq!(found(&mut log, 1, "novo"), [3]);
}
