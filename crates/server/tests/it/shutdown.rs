//! The server's end: told, in good order, and forced at the second word.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::client::{Client, GREETING, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server};

/// How soon a second signal ends the server, whatever it waits for.
const FORCED_WITHIN: Duration = Duration::from_secs(2);

/// `ana`, and someone who does not read, though more was said than the system holds for her: half a
/// message waits in the server.
fn a_room_with_a_stuck_member(server: &Server) -> (Client, Client) {
    let mut ana = Client::creates(server, Wire::Whole, "sala", "ana");
    let mut stuck = Client::open_narrow(server.addr(), 4096);
    stuck.send("--JOIN sala parada");
    stuck.expect(GREETING);
    stuck.expect_ok();
    ana.expect_info_of("parada");
    ana.send_raw(format!("{}\n", "x".repeat(4000)).repeat(3000).as_bytes());
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana", "parada"]);
    (ana, stuck)
}

fn ends_in_good_order(signal: Signal) {
    let mut server = Server::start(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    let mut caio = Client::connect(&server);
    ana.send("ultima palavra");
    bia.expect("[ana]: ultima palavra");
    server.signal(signal);
    for client in [&mut ana, &mut bia, &mut caio] {
        client.expect_tag("[INFO]");
        client.expect_end();
    }
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn sigterm_tells_the_members_and_ends_with_0() {
    ends_in_good_order(Signal::TERM);
}

#[test]
fn sigint_does_the_same() {
    ends_in_good_order(Signal::INT);
}

#[test]
fn who_still_has_much_to_read_is_told_too() {
    let mut server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut slow) = a_room_with_a_stuck_member(&server);
    server.signal(Signal::TERM);
    ana.expect_tag("[INFO]");
    ana.expect_end();
    drop(ana);
    let mut last = slow.line();
    while let Some(line) = slow.try_line() {
        last = line;
    }
    assert_eq!(last, "[INFO] - O servidor esta encerrando");
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn what_was_said_just_before_the_end_is_kept() {
    let mut server = Server::start(&NO_FLOOD_CONTROL);
    let setup = server.setup().clone();
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    let lines = lines_of(0..1000, |number| number.to_string());
    ana.send_raw(lines.as_bytes());
    bia.expect("[ana]: 0");
    server.signal(Signal::TERM);
    let mut delivered = 1;
    for line in bia.rest_lines() {
        match line.strip_prefix("[ana]: ") {
            Some(number) => {
                assert_eq!(number, delivered.to_string());
                delivered += 1;
            }
            None => assert!(line.starts_with("[INFO] - "), "{line:?}"),
        }
    }
    assert_eq!(server.wait().code(), Some(0));
    let server = setup.start();
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    caio.send("--CURSOR 0");
    let head: usize = caio.expect_ok().strip_prefix("Cursor ").unwrap().parse().unwrap();
    assert!(head > delivered, "{delivered} delivered, the log ends at {head}");
}

#[test]
fn a_second_signal_forces_the_end() {
    let mut server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _stuck) = a_room_with_a_stuck_member(&server);
    server.signal(Signal::TERM);
    ana.expect_tag("[INFO]");
    let start = Instant::now();
    server.signal(Signal::TERM);
    server.wait();
    assert!(start.elapsed() < FORCED_WITHIN, "{:?}", start.elapsed());
}

#[test]
fn one_stuck_member_does_not_keep_it_from_ending() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let _members = a_room_with_a_stuck_member(&server);
    server.stop();
}
