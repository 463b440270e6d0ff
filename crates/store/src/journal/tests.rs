//! What is appended is read back, whatever was written over and zeroed before it.

use tempfile::TempDir;

use super::*;
use crate::contract::{created, said};

/// What a journal reads back after event `after`.
fn read_back(folder: &TempDir, after: u64) -> (Journal, Vec<Event>) {
    let mut events = Vec::new();
    let journal = Journal::open(folder.path(), after, |frame| {
        assert_eq!(frame.first, after + 1 + events.len() as u64, "the next one");
        events.extend(frame.events);
        Ok(())
    });
    (journal.unwrap(), events)
}

fn events(from: u64, to: u64) -> Vec<Event> {
    events_of(700, from, to)
}

fn events_of(bytes: usize, from: u64, to: u64) -> Vec<Event> {
    let text = "x".repeat(bytes);
    let event = |number| if number == 1 { created(1, "sala") } else { said(1, number, &text) };
    (from..=to).map(event).collect()
}

#[test]
fn what_was_appended_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, found) = read_back(&folder, 0);
    assert_eq!(found, []);
    journal.append(1, &events(1, 1)).unwrap();
    journal.append(2, &events(2, 9)).unwrap();
    journal.flush().unwrap();
    drop(journal);
    for after in 0..=9 {
        assert_eq!(read_back(&folder, after).1, events(after + 1, 9), "after {after}");
    }
}

#[test]
fn files_take_turns_and_stay_small() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = read_back(&folder, 0);
    let mut last = 0;
    let mut turns = 0;
    while turns < 9 {
        journal.append(last + 1, &events(last + 1, last + 50)).unwrap();
        last += 50;
        if journal.wants_turn() {
            journal.hardened(last - 50);
            turns += 1;
        }
    }
    drop(journal);
    for name in NAMES {
        let bytes = folder.path().join(name).metadata().unwrap().len();
        assert!(bytes <= TURN_BYTES + PIECE_BYTES as u64, "{name} has {bytes} bytes");
    }
    let hardened = last - 500;
    assert_eq!(read_back(&folder, hardened).1, events(hardened + 1, last));
    // What comes next is written over nothing that is still needed.
    let (journal, found) = read_back(&folder, hardened);
    journal.hardened(hardened + found.len() as u64);
    journal.append(last + 1, &events(last + 1, last + 1)).unwrap();
    drop(journal);
    assert_eq!(read_back(&folder, last).1, events(last + 1, last + 1));
}

#[test]
fn nothing_is_written_over_before_it_is_hardened() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = read_back(&folder, 0);
    let mut last = 0;
    let full = loop {
        match journal.append(last + 1, &events_of(4000, last + 1, last + 1000)) {
            Ok(()) => last += 1000,
            Err(cause) => break cause,
        }
    };
    assert_eq!(full.kind(), ErrorKind::StorageFull);
    assert!(last * 4000 > FILE_BYTES_MAX * 8 / 10, "it was refused after {last}");
    drop(journal);
    let (journal, found) = read_back(&folder, 0);
    assert_eq!(found.len() as u64, last);
    assert!(journal.append(last + 1, &events(last + 1, last + 1)).is_err());
    journal.hardened(last);
    journal.append(last + 1, &events(last + 1, last + 1)).unwrap();
}

#[test]
fn a_torn_end_and_all_after_it_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = read_back(&folder, 0);
    for number in 1..=5 {
        journal.append(number, &events(number, number)).unwrap();
    }
    drop(journal);
    let paths = NAMES.map(|name| folder.path().join(name));
    let path = paths.iter().find(|path| path.metadata().unwrap().len() > 0).unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let text = "x".repeat(700);
    let last = bytes.windows(700).rposition(|run| run == text.as_bytes()).unwrap();
    bytes[last - 700] ^= 1;
    std::fs::write(path, bytes).unwrap();
    assert_eq!(read_back(&folder, 0).1, events(1, 3));
}

#[test]
fn after_a_failed_sync_all_is_written_once_more() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = read_back(&folder, 0);
    journal.append(1, &events(1, 40)).unwrap();
    journal.lock().is_broken = true;
    journal.flush().unwrap();
    assert!(!journal.lock().is_broken);
    drop(journal);
    assert_eq!(read_back(&folder, 0).1, events(1, 40));
}

/// The bytes of both files behind their headers.
fn contents(folder: &TempDir) -> Vec<u8> {
    let behind = usize::try_from(HEADER_BYTES).unwrap();
    let files = NAMES.map(|name| std::fs::read(folder.path().join(name)).unwrap());
    files.iter().flat_map(|bytes| bytes.get(behind..).unwrap_or_default().to_vec()).collect()
}

#[test]
fn nothing_is_left_of_what_is_hardened_and_all_of_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = read_back(&folder, 0);
    // Both files are in use.
    let mut last = 0;
    while !journal.wants_turn() {
        journal.append(last + 1, &events(last + 1, last + 50)).unwrap();
        last += 50;
    }
    journal.append(last + 1, &events(last + 1, last + 1)).unwrap();
    assert!(!journal.scrub().unwrap(), "nothing is hardened");
    assert_eq!(read_back(&folder, 0).1, events(1, last + 1));
    journal.hardened(last);
    assert!(!journal.scrub().unwrap(), "one event is not");
    assert_eq!(read_back(&folder, last).1, events(last + 1, last + 1));
    // The next goes to the file that is free by now, and so the other one is, soon.
    journal.append(last + 2, &events(last + 2, last + 3)).unwrap();
    assert_eq!(read_back(&folder, last).1, events(last + 1, last + 3));
    journal.hardened(last + 1);
    assert!(!journal.scrub().unwrap());
    assert_eq!(read_back(&folder, last + 1).1, events(last + 2, last + 3));
    journal.hardened(last + 3);
    assert!(journal.scrub().unwrap());
    assert!(contents(&folder).iter().all(|byte| *byte == 0));
    journal.append(last + 4, &events(last + 4, last + 5)).unwrap();
    journal.flush().unwrap();
    drop(journal);
    assert_eq!(read_back(&folder, last + 3).1, events(last + 4, last + 5));
}
