//! A real full disk: a small file system in memory, which needs the right to mount.

use std::path::Path;
use std::process::Command;

use room::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, Visibility};
use store::{Log as _, Sqlite, StoreError};

struct Mounted<'p>(&'p Path);

impl<'p> Mounted<'p> {
    fn new(path: &'p Path, size: &str) -> Option<Self> {
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(path);
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self(path))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

fn event(seq: u64) -> Event {
    let nick = Nick::parse("ana").unwrap();
    let fact = if seq == 1 {
        let name = RoomName::parse("sala").unwrap();
        Fact::Created { name, capacity: 9, visibility: Visibility::Public, by: nick }
    } else {
        let text = Text::new(&format!("jacare {seq} {}", "x".repeat(900))).unwrap();
        Fact::Said { member: MemberId(1), account: None, nick, text, reply: None, key: None }
    };
    Event { room: RoomId(1), seq: Seq(seq), at: UnixMs(seq), fact }
}

#[test]
fn a_full_disk_refuses_serves_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_mounted) = Mounted::new(folder.path(), "16m") else {
        println!("skipped: no right to mount a small file system");
        return;
    };
    let ballast = folder.path().join("ballast");
    // What the journal took while the database could not is to have place in it afterwards.
    std::fs::write(&ballast, vec![0; 11 * 1024 * 1024]).unwrap();
    let mut log = Sqlite::open(folder.path()).unwrap();
    let mut flusher = log.flusher().unwrap();
    let mut reader = log.reader().unwrap();
    let mut next = 1;
    while next < 10_000 {
        match log.append(&[event(next)]) {
            Ok(()) => next += 1,
            Err(StoreError::NoSpace) => break,
            Err(other) => panic!("{other}: {other:?}"),
        }
        flusher.flush().unwrap();
    }
    assert!((100..9000).contains(&next), "filled at {next}");
    for _ in 0..3 {
        assert!(matches!(log.append(&[event(next)]), Err(StoreError::NoSpace)));
    }
    flusher.flush().expect("what was taken before is on the disk");
    let last = reader.last(RoomId(1), 1).expect("reading goes on");
    assert_eq!(last[0].seq, Seq(next - 1));

    std::fs::remove_file(&ballast).unwrap();
    for seq in next..next + 100 {
        log.append(&[event(seq)]).expect("space is back");
        flusher.flush().unwrap();
    }
    // The index had no space either, and has all of it to catch up on: a search waits a while for
    // that, and so does this.
    let query = format!("jacare {}", next + 99);
    let is_found = (0..20).any(|_| {
        let found = reader.search(RoomId(1), &query, 9).unwrap();
        found.iter().any(|message| message.seq == Seq(next + 99))
    });
    assert!(is_found, "what was said last is found");
    drop((log, flusher, reader));
    let mut log = Sqlite::open(folder.path()).unwrap();
    assert_eq!(log.rooms().unwrap()[0].head, Seq(next + 99));
}
