//! The disk fails the server: posts are refused, nothing else is, and nothing is acknowledged that
//! is not kept.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, Wire};
use crate::crash::kept_after;
use crate::harness::{DEADLINE, NO_FLOOD_CONTROL, Server, Setup};

/// Size of the disk that fills up.
const DISK: &str = "4m";

/// A server whose data folder is a small disk of its own, seen by no other process; `None`, with
/// the reason printed, where that is not permitted.
fn on_a_small_disk() -> Option<(Server, PathBuf)> {
    let setup = Setup::new(&NO_FLOOD_CONTROL);
    let disk = setup.data();
    std::fs::create_dir(&disk).unwrap();
    for unshare in [&["unshare", "--mount"][..], &["unshare", "--map-root-user", "--mount"]] {
        let script =
            format!("mount -t tmpfs -o size={DISK} papo '{}' && exec \"$@\"", disk.display());
        let can = Command::new(unshare[0])
            .args(&unshare[1..])
            .args(["sh", "-c", &script, "sh", "true"])
            .output();
        if can.is_ok_and(|output| output.status.success()) {
            let wrapper = [unshare, &["sh", "-c", &script, "sh"]].concat();
            let server = setup.wrapped_in(&wrapper).start();
            let seen = PathBuf::from(format!("/proc/{}/root{}", server.pid(), disk.display()));
            return Some((server, seen));
        }
    }
    eprintln!("skipped: mounting a small tmpfs is not permitted here");
    None
}

#[test]
fn a_full_disk_refuses_posts_and_nothing_else() {
    let Some((server, disk)) = on_a_small_disk() else { return };
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send("--CURSOR");
    ana.expect_ok();
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("ainda cabe");
    ana.expect_ok();
    bia.expect("[ana]: ainda cabe");

    let filler = disk.join("filler");
    fill(&filler);
    let mut said = vec!["ainda cabe".to_owned()];
    // First what is large is refused, and then what is small as well.
    let mut until_refused = |bytes: usize| {
        let refusal = (0..4000).find_map(|number| {
            let text = format!("{number} {}", "x".repeat(bytes));
            ana.send(&text);
            let answer = ana.line();
            if answer.starts_with("[OK] - ") {
                bia.expect(&format!("[ana]: {text}"));
                said.push(text);
                return None;
            }
            Some(answer)
        });
        refusal.expect("a full disk refuses")
    };
    until_refused(3000);
    let refusal = until_refused(1);
    assert!(refusal.starts_with("[ERRO] - "), "{refusal:?}");
    eprintln!("refused with {refusal:?} after {} messages", said.len());

    // Everything that needs no place goes on.
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    ana.expect_info_of("caio");
    bia.expect_info_of("caio");
    caio.send("--LIST");
    assert_eq!(caio.expect_list(), ["ana", "bia", "caio"]);
    caio.send("--CHANNELS");
    assert_eq!(caio.expect_list(), ["sala - 3/100"]);
    caio.send("--MSG bia psiu");
    caio.expect_ok();
    bia.expect("[MSG] - caio: psiu");
    caio.send("--HISTORY 1");
    assert_eq!(caio.expect_messages(), [format!("[ana]: {}", said.last().unwrap())]);
    caio.send(&"y".repeat(30));
    caio.expect_error();
    caio.send("--CREATE nova 5 caio");
    caio.expect_error();
    caio.send(&format!("--TOPIC {}", "z".repeat(30)));
    caio.expect_error();
    caio.send("--CHANNELS");
    assert_eq!(caio.expect_list(), ["sala - 3/100"]);

    // Space returns: so do posts, without a restart.
    std::fs::remove_file(&filler).unwrap();
    let end = Instant::now() + DEADLINE;
    for number in 0.. {
        let text = format!("de volta {number}");
        ana.send(&text);
        let answer = ana.line();
        if answer.starts_with("[OK] - ") {
            // Bia heard of no refused message: this is her next line.
            bia.expect(&format!("[ana]: {text}"));
            said.push(text);
            break;
        }
        assert!(answer.starts_with("[ERRO] - "), "{answer:?}");
        assert!(Instant::now() < end, "no recovery: {answer:?}");
        thread::sleep(Duration::from_millis(50)); // asks again, as a person would
    }
    bia.send("--HISTORY 200");
    let expected: Vec<_> = said.iter().map(|text| format!("[ana]: {text}")).collect();
    assert_eq!(bia.expect_messages(), expected[expected.len().saturating_sub(200)..]);
}

/// The flush that fails, counted from the server's start.
const FAILING_FLUSH: usize = 8;

#[test]
fn a_flush_that_fails_once_leaves_no_message_without_an_answer() {
    let inject = format!("inject=fdatasync:error=EIO:when={FAILING_FLUSH}");
    let strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync"];
    let wrapper = [&strace[..], &["-e", &inject]].concat();
    let can = Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: strace is not installed or not permitted here");
        return;
    }
    let setup = Setup::new(&NO_FLOOD_CONTROL);
    let server = setup.clone().wrapped_in(&wrapper).start();
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send("--CURSOR");
    ana.expect_ok();
    let mut acknowledged = BTreeMap::new();
    for number in 0..2 * FAILING_FLUSH {
        ana.send(&format!("mensagem {number}"));
        let answer = ana.line();
        match answer.strip_prefix("[OK] - ") {
            Some(seq) => {
                acknowledged.insert(seq.parse().unwrap(), format!("[ana]: mensagem {number}"));
            }
            None => assert!(answer.starts_with("[ERRO] - "), "{answer:?}"),
        }
    }
    assert!(acknowledged.len() > FAILING_FLUSH, "{acknowledged:?}");
    drop(server);
    let (kept, _) = kept_after(&setup.start(), 0);
    for (seq, message) in &acknowledged {
        assert_eq!(kept.get(seq), Some(message), "acknowledged and not kept");
    }
}

/// Writes until not one byte more fits.
fn fill(path: &PathBuf) {
    let mut file = std::fs::File::create(path).unwrap();
    for piece in [64 * 1024, 4096, 1] {
        while file.write_all(&vec![0; piece]).is_ok() {}
    }
    let _ = file.sync_all();
}
