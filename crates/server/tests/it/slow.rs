//! A member who stops reading costs the others nothing and the server next to nothing.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, GREETING, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server};

const MESSAGES: usize = 200_000;
/// What the server's memory may grow by, beyond the same traffic without a slow member. What waits
/// for the database comes and goes by some MiB on a busy disk; the messages themselves are tens.
const GROWTH_BYTES_MAX: u64 = 5 * 1024 * 1024;
/// How often that traffic runs with everyone reading, before one does not.
const ROUNDS_BEFORE: usize = 3;
/// The slow one's receive buffer: so small that it fills at once.
const NARROW_BYTES: usize = 32 * 1024;
/// Messages in one write, and between two looks at the server's memory.
const PIECE: usize = 200;
/// Pieces under way at most, so that what is measured is not the writer's own haste.
const PIECES_AHEAD: usize = 4;

#[test]
fn a_member_who_stops_reading_is_caught_up_or_told_what_was_missed() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    let mut slow = Client::open_narrow(server.addr(), NARROW_BYTES);
    slow.send("--JOIN sala devagar");
    slow.expect(GREETING);
    slow.expect_ok();
    ana.expect_info_of("devagar");
    bia.expect_info_of("devagar");

    // The same traffic with everyone reading: what it costs anyway, and how long it takes.
    let mut before = Vec::new();
    for round in 0..ROUNDS_BEFORE {
        thread::scope(|scope| {
            scope.spawn(|| reads(&mut slow, round * MESSAGES));
            before.push(passes(&server, &ana, &mut bia, round * MESSAGES));
        });
    }
    let first = ROUNDS_BEFORE * MESSAGES;
    let during = passes(&server, &ana, &mut bia, first);
    eprintln!("bytes and time, all read: {before:?}; one does not: {during:?}");
    let before = before.iter().map(|(bytes, _)| *bytes).max().unwrap();
    let grown = during.0.saturating_sub(before);
    assert!(grown < GROWTH_BYTES_MAX, "memory grew by {grown} bytes from {before}");

    // She reads again: in order, each once, or told exactly how many she missed.
    reads(&mut slow, first);
    // And she is a member like any other.
    slow.send("estou de volta");
    ana.expect("[devagar]: estou de volta");
    bia.expect("[devagar]: estou de volta");
    ana.send("que bom");
    slow.expect("[ana]: que bom");
}

#[test]
fn a_member_who_never_catches_up_is_heard_all_the_same() {
    const PIECES_MAX: usize = 1000;
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut slow = Client::open_narrow(server.addr(), NARROW_BYTES);
    slow.send("--JOIN sala devagar");
    slow.expect(GREETING);
    slow.expect_ok();
    ana.expect_info_of("devagar");
    let line = format!("{}\n", "x".repeat(4000));
    // More than the system holds for her.
    ana.send_raw(line.repeat(3000).as_bytes());
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana", "devagar"]);
    slow.send("--LANG en");
    // For each message that she reads, two more are said.
    for _ in 0..PIECES_MAX {
        ana.send_raw(line.repeat(8).as_bytes());
        for _ in 0..4 {
            if slow.line().starts_with("[OK]") {
                return;
            }
        }
    }
    panic!("she was not heard while {} messages passed", 8 * PIECES_MAX);
}

#[test]
fn a_private_message_that_cannot_be_kept_is_refused() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut slow = Client::open_narrow(server.addr(), NARROW_BYTES);
    slow.send("--JOIN sala devagar");
    slow.expect(GREETING);
    slow.expect_ok();
    ana.expect_info_of("devagar");
    let padding = "x".repeat(4000);
    let mut said_to_be_delivered = 0;
    let refusal = loop {
        ana.send(&format!("--MSG devagar {said_to_be_delivered} {padding}"));
        let answer = ana.line();
        if !answer.starts_with("[OK] - ") {
            break answer;
        }
        said_to_be_delivered += 1;
        assert!(said_to_be_delivered < 20_000, "80 MB kept for one who does not read");
    };
    assert!(refusal.starts_with("[ERRO] - "), "{refusal:?}");
    // What was said to be delivered is, and she can be reached again.
    for number in 0..said_to_be_delivered {
        slow.expect(&format!("[MSG] - ana: {number} {padding}"));
    }
    ana.send("--MSG devagar e agora?");
    ana.expect_ok();
    slow.expect("[MSG] - ana: e agora?");
}

#[test]
fn who_asks_and_never_reads_is_not_answered_without_bound() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let greedy = Client::open_narrow(server.addr(), NARROW_BYTES);
    let before = server.anonymous_bytes();
    let mut stream = greedy.writer();
    // Until the server takes no more of her; answers are some 20 times as long.
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let questions = "--HELP\n".repeat(1000);
    for _ in 0..5000 {
        if stream.write_all(questions.as_bytes()).is_err() {
            break;
        }
    }
    let grown = server.anonymous_bytes().saturating_sub(before);
    assert!(grown < 2 * GROWTH_BYTES_MAX, "{grown} bytes for one who does not read");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
}

/// `ana` says [`MESSAGES`] messages numbered from `first`, and `bia` gets them all.
///
/// The most anonymous memory the server had meanwhile, in bytes, and how long it took.
fn passes(server: &Server, ana: &Client, bia: &mut Client, first: usize) -> (u64, Duration) {
    let start = Instant::now();
    let mut most = 0;
    let stream = ana.writer();
    let (arrived, may_go_on) = channel();
    thread::scope(|scope| {
        scope.spawn(move || says(stream, first, &may_go_on));
        for message in first..first + MESSAGES {
            let line = bia.line();
            let text = line.strip_prefix("[ana]: ").unwrap_or_else(|| panic!("{line:?}"));
            assert_eq!(number_in(text), message, "missed or out of order: {line:?}");
            if (message + 1).is_multiple_of(PIECE) {
                let _ = arrived.send(());
                most = most.max(server.anonymous_bytes());
            }
        }
    });
    (most, start.elapsed())
}

fn says(mut stream: TcpStream, first: usize, may_go_on: &Receiver<()>) {
    let padding = "x".repeat(60);
    for (piece, start) in (first..first + MESSAGES).step_by(PIECE).enumerate() {
        if piece >= PIECES_AHEAD && may_go_on.recv().is_err() {
            return; // the reader has failed and says why
        }
        let lines = lines_of(start..start + PIECE, |number| format!("{number} {padding}"));
        stream.write_all(lines.as_bytes()).unwrap();
    }
}

/// Reads all messages from `first` on: each once and in order, or the number of those missed.
fn reads(slow: &mut Client, first: usize) {
    let mut next = first;
    while next < first + MESSAGES {
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
    assert_eq!(next, first + MESSAGES, "told of more than there was");
}

/// The first number in a text.
fn number_in(text: &str) -> usize {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or_else(|_| panic!("a number in {text:?}"))
}
