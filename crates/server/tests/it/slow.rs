//! A member who stops reading costs the others nothing and the server next to nothing.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, GREETING, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server};

const MESSAGES: usize = 200_000;
/// What the server's memory may grow by, beyond the same traffic without a slow member.
const GROWTH_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// The slow one's receive buffer: so small that it fills at once.
const NARROW_BYTES: usize = 32 * 1024;
/// Messages between two looks at the server's memory.
const LOOK_EVERY: usize = 2_000;

#[test]
fn a_member_who_stops_reading_is_caught_up_or_told_what_was_missed() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");

    // The same traffic with everyone reading: what it costs anyway.
    let (before, before_took) = passes(&server, &mut ana, &mut bia, 0);

    let mut slow = Client::open_narrow(server.addr(), NARROW_BYTES);
    slow.send("--JOIN sala devagar");
    slow.expect(GREETING);
    slow.expect_ok();
    ana.expect_info_of("devagar");
    bia.expect_info_of("devagar");
    let (during, during_took) = passes(&server, &mut ana, &mut bia, MESSAGES);
    let grown = during.saturating_sub(before);
    eprintln!(
        "all read: {before_took:?}, {before} B; one does not: {during_took:?}, {during} B, \
         grown by {grown} B"
    );
    assert!(grown < GROWTH_BYTES_MAX, "memory grew by {grown} bytes, {before} to {during}");

    // She reads again: in order, each once, or told exactly how many she missed.
    let mut next = MESSAGES;
    while next < 2 * MESSAGES {
        let line = slow.line();
        if let Some(message) = line.strip_prefix("[ana]: ") {
            assert_eq!(number_in(message), next, "out of order: {line:?}");
            next += 1;
        } else {
            assert!(line.starts_with("[INFO] - "), "{line:?}");
            next += number_in(&line);
            eprintln!("told: {line}");
        }
    }
    assert_eq!(next, 2 * MESSAGES, "told of more than there was");
    // And she is a member like any other.
    slow.send("estou de volta");
    ana.expect("[devagar]: estou de volta");
    bia.expect("[devagar]: estou de volta");
    ana.send("que bom");
    slow.expect("[ana]: que bom");
}

/// `ana` says [`MESSAGES`] messages numbered from `first`, and `bia` gets them all.
///
/// The most anonymous memory the server had meanwhile, in bytes, and how long it took.
fn passes(server: &Server, ana: &mut Client, bia: &mut Client, first: usize) -> (u64, Duration) {
    let start = Instant::now();
    let mut most = 0;
    let stream = ana.writer();
    thread::scope(|scope| {
        scope.spawn(|| says(stream, first));
        for message in first..first + MESSAGES {
            let line = bia.line();
            let text = line.strip_prefix("[ana]: ").unwrap_or_else(|| panic!("{line:?}"));
            assert_eq!(number_in(text), message, "missed or out of order: {line:?}");
            if message % LOOK_EVERY == 0 {
                most = most.max(server.anonymous_bytes());
            }
        }
    });
    (most, start.elapsed())
}

fn says(mut stream: TcpStream, first: usize) {
    let padding = "x".repeat(60);
    for piece in (first..first + MESSAGES).step_by(100) {
        let lines = lines_of(piece..piece + 100, |number| format!("{number} {padding}"));
        stream.write_all(lines.as_bytes()).unwrap();
    }
}

/// The first number in a text.
fn number_in(text: &str) -> usize {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or_else(|_| panic!("a number in {text:?}"))
}
