//! The bare limit under the generator's load: a yardstick must not lose anything either.

use clap::Parser as _;

use super::*;
use crate::args::{Args, Target};
use crate::ledger::Faults;
use crate::{load, resume, storm};

/// A server on a free port, which ends with the tests' process.
fn start(mode: Mode) -> String {
    let listener = listen(0).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || serve(&listener, mode).unwrap());
    address
}

#[test]
fn every_mode_delivers_everything_once_and_in_order() {
    for mode in [Mode::Send, Mode::Coalesce, Mode::Wait] {
        let address = start(mode);
        let common = ["bench", "--addr", &address, "--seconds", "1", "--warmup", "0"];
        let options = ["--rooms", "3", "--members", "5", "--publishers", "2", "--idle", "2"];
        let args = Args::parse_from(common.iter().chain(&options));
        let outcome = load::measure(&args.load).unwrap().outcome;
        assert_eq!(outcome.faults, Faults::default(), "{mode:?}");
        assert_eq!((outcome.misrouted, outcome.refused, outcome.closed), (0, 0, 0), "{mode:?}");
        assert!(outcome.sent > 100, "{mode:?}: only {} sent", outcome.sent);
        assert_eq!(outcome.latency.count(), outcome.sent * 4, "{mode:?}");
    }
}

#[test]
fn who_does_not_read_holds_nobody_up() {
    let address = start(Mode::Send);
    let common = ["bench", "--addr", &address, "--seconds", "1", "--warmup", "0"];
    let args = Args::parse_from(common.iter().chain(&["--members", "5", "--stuck", "1"]));
    let outcome = load::measure(&args.load).unwrap().outcome;
    assert_eq!((outcome.faults, outcome.closed), (Faults::default(), 0));
    assert!(outcome.sent > 100, "only {} sent", outcome.sent);
}

#[test]
fn who_comes_back_gets_what_was_said_first() {
    let target = target(&start(Mode::Send));
    let resumed = resume::measure(&target, 20, 100, 64).unwrap();
    assert_eq!(resumed.faults, Faults::default());
    assert_eq!(resumed.latency.count(), 20);
}

#[test]
fn a_storm_ends_with_everyone_in() {
    let pid = std::process::id();
    let target = Target { pid: Some(pid), at_once: 7, ..target(&start(Mode::Coalesce)) };
    let storm = storm::measure(&target, 50).unwrap();
    assert!(!storm.time.is_zero() && storm.samples.is_some());
}

fn target(address: &str) -> Target {
    Args::parse_from(["bench", "--addr", address]).load.target
}
