//! Who is gone costs nothing any more: no time, no file, no name, no place.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, FRAME, GREETING, Wire};
use crate::harness::{DEADLINE, NO_FLOOD_CONTROL, Server};

/// How long the server's time is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Ticks of processor time that the server has used, a hundredth of a second each.
fn ticks(server: &Server) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).unwrap();
    // After the name in parentheses: fields 14 and 15, counted from 3 (proc(5)).
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn open_files(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.pid())).unwrap().count()
}

/// Waits until the server has no more open files than that.
fn files_fall_to(server: &Server, most: usize) {
    let end = Instant::now() + DEADLINE;
    while open_files(server) > most {
        assert!(Instant::now() < end, "{} files open, {most} before", open_files(server));
        thread::sleep(Duration::from_millis(5)); // nothing tells when the last is closed
    }
}

#[test]
fn closed_peers_leave_no_file_name_or_place_and_take_no_time() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::connect(&server);
    ana.send("--CREATE sala 51 ana");
    ana.expect_ok();
    let before = open_files(&server);
    for round in 0..4 {
        let mut clients: Vec<_> = (0..50)
            .map(|number| {
                let mut client = Client::open(server.addr(), Wire::Whole);
                client.send(&format!("--JOIN sala m{number}"));
                client
            })
            .collect();
        for client in &mut clients {
            client.expect(GREETING);
            while !client.line().starts_with("[OK] - ") {}
        }
        ana.send("--CHANNELS");
        while ana.line() != FRAME {}
        ana.expect("sala - 51/51");
        ana.expect(FRAME);
        for (number, client) in clients.iter_mut().enumerate() {
            match (round + number) % 4 {
                0 => client.half_close(),
                1 => client.send("--QUIT"),
                2 => client.send_raw(b"metade de uma linha"),
                _ => {}
            }
        }
        drop(clients);
        files_fall_to(&server, before);
    }
    let start = ticks(&server);
    thread::sleep(LOOK); // a look of that length; nothing is waited for
    let used = ticks(&server) - start;
    assert!(used <= 10, "{used} ticks in {LOOK:?} with nothing to do");
}

#[test]
fn peers_that_never_speak_and_those_that_half_close_take_no_time() {
    let server = Server::start(&[]);
    // What the server itself opens is open once it has served someone.
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send("--HISTORY");
    ana.expect_list();
    let before = open_files(&server);
    let mut silent = Client::connect_many(&server, 100);
    let start = ticks(&server);
    thread::sleep(LOOK);
    let used = ticks(&server) - start;
    assert!(used <= 10, "{used} ticks in {LOOK:?} with nothing to do");
    for client in &mut silent {
        client.half_close();
    }
    for client in &mut silent {
        client.rest();
    }
    files_fall_to(&server, before);
}
