//! `--CURSOR`: a connection that ends goes on where it was, without a gap and without a double.

use std::io::Write as _;
use std::thread;

use crate::client::{Client, GREETING, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

over_both_wires!(
    messages_are_numbered_and_ones_own_acknowledged,
    what_came_after_a_number_is_replayed,
    numbers_may_be_asked_for_before_entering,
    a_cursor_is_a_number,
    what_was_said_last_is_acknowledged_before_the_end,
);

/// The number of a numbered line, and the line without it.
fn numbered(line: &str) -> (u64, &str) {
    let parts = line.split_once(' ').and_then(|(seq, rest)| Some((seq.parse().ok()?, rest)));
    parts.unwrap_or_else(|| panic!("a numbered message expected, came {line:?}"))
}

/// The number in an acknowledgement.
fn acknowledged(client: &mut Client) -> u64 {
    client.expect_ok().parse().expect("the number of one's own message")
}

/// The head in the answer to `--CURSOR`.
fn head(client: &mut Client) -> u64 {
    let answer = client.expect_ok();
    answer.strip_prefix("Cursor ").and_then(|head| head.parse().ok()).expect("the head")
}

fn messages_are_numbered_and_ones_own_acknowledged(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    let mut caio = Client::joins(&server, wire, "sala", "caio");
    for nick in ["bia", "caio"] {
        ana.expect_info_of(nick);
    }
    bia.expect_info_of("caio");
    for client in [&mut ana, &mut bia] {
        client.send("--CURSOR");
    }
    let start = head(&mut ana);
    assert_eq!(head(&mut bia), start);
    let mut last = start;
    for number in 0..5 {
        ana.send(&format!("da ana {number}"));
        let seq = acknowledged(&mut ana);
        assert!(seq > last, "{seq} after {last}");
        assert_eq!(numbered(&bia.line()), (seq, &*format!("[ana]: da ana {number}")));
        // Who did not ask for numbers gets none, nor an answer to her own.
        caio.expect(&format!("[ana]: da ana {number}"));
        caio.send(&format!("do caio {number}"));
        let line = ana.line();
        let (seq_of_other, message) = numbered(&line);
        assert!(seq_of_other > seq);
        assert_eq!(message, format!("[caio]: do caio {number}"));
        assert_eq!(bia.line(), line);
        last = seq_of_other;
    }
    bia.send("--CURSOR");
    assert_eq!(head(&mut bia), last);
}

fn what_came_after_a_number_is_replayed(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("--CURSOR");
    head(&mut ana);
    let mut said = Vec::new();
    for number in 0..5 {
        ana.send(&format!("mensagem {number}"));
        said.push((acknowledged(&mut ana), format!("[ana]: mensagem {number}")));
    }
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    for seen in 0..said.len() {
        bia.send(&format!("--CURSOR {}", said[seen].0));
        assert_eq!(head(&mut bia), said.last().unwrap().0);
        for (seq, message) in &said[seen + 1..] {
            assert_eq!(numbered(&bia.line()), (*seq, message.as_str()));
        }
    }
    // Then live.
    ana.expect_info_of("bia");
    ana.send("ao vivo");
    let seq = acknowledged(&mut ana);
    assert_eq!(numbered(&bia.line()), (seq, "[ana]: ao vivo"));
}

fn numbers_may_be_asked_for_before_entering(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::connect_over(&server, wire);
    bia.send("--CURSOR");
    assert_eq!(head(&mut bia), 0);
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    // Not one message comes without its number.
    ana.send("oi");
    let line = bia.line();
    assert_eq!(numbered(&line).1, "[ana]: oi");
    bia.send("oi, ana");
    assert_eq!(acknowledged(&mut bia), numbered(&line).0 + 1);
}

fn a_cursor_is_a_number(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--CREATE sala 5 ana");
    ana.expect_ok();
    for bad in ["x", "-1", "1.5", "1 2", "99999999999999999999999999"] {
        ana.send(&format!("--CURSOR {bad}"));
        ana.expect_error();
    }
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
}

#[test]
fn a_number_beyond_the_head_leaves_nobody_deaf() {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    bia.send("--CURSOR 1000000");
    let answer = bia.line();
    assert!(answer.starts_with("[OK] - Cursor ") || answer.starts_with("[ERRO] - "), "{answer:?}");
    ana.send("oi");
    let line = bia.line();
    assert!(line.ends_with("[ana]: oi"), "{line:?}");
}

#[test]
fn asking_again_in_the_middle_of_talk_replays_without_a_gap() {
    const MESSAGES: usize = 5_000;
    let server = Server::start(&NO_FLOOD_CONTROL);
    let ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    let mut stream = ana.writer();
    thread::scope(|scope| {
        scope.spawn(move || {
            for first in (0..MESSAGES).step_by(10) {
                let lines = lines_of(first..first + 10, |number| format!("mensagem {number}"));
                stream.write_all(lines.as_bytes()).unwrap();
            }
        });
        for _ in 0..20 {
            bia.send("--CURSOR 0");
            while !bia.line().starts_with("[OK] - Cursor ") {}
            let mut last = None;
            for message in 0..100 {
                let line = bia.line();
                let (seq, text) = numbered(&line);
                assert_eq!(text, format!("[ana]: mensagem {message}"));
                assert!(last.is_none_or(|last| seq == last + 1), "{seq} after {last:?}");
                last = Some(seq);
            }
        }
        // The last answer goes on to the end of what is said.
        for message in 100..MESSAGES {
            let line = bia.line();
            assert_eq!(numbered(&line).1, format!("[ana]: mensagem {message}"));
        }
    });
}

fn what_was_said_last_is_acknowledged_before_the_end(wire: Wire) {
    let server = Server::start(&[]);
    for quits in [true, false] {
        let mut ana = Client::connect_over(&server, wire);
        ana.send(if quits { "--CREATE sala 5 ana" } else { "--JOIN sala ana" });
        ana.expect_ok();
        ana.send("--CURSOR");
        let start = head(&mut ana);
        ana.send_raw(b"um\ndois\ntres\n");
        if quits {
            ana.send("--QUIT");
        } else {
            ana.half_close();
        }
        for seq in start + 1..=start + 3 {
            assert_eq!(acknowledged(&mut ana), seq);
        }
        if quits {
            ana.expect_ok();
        }
        ana.expect_end();
    }
}

#[test]
fn who_returns_again_and_again_misses_nothing_and_gets_nothing_twice() {
    const MESSAGES: usize = 20_000;
    let server = Server::start(&NO_FLOOD_CONTROL);
    let ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut stream = ana.writer();
    thread::scope(|scope| {
        scope.spawn(move || {
            for first in (0..MESSAGES).step_by(20) {
                let lines = lines_of(first..first + 20, |number| format!("mensagem {number}"));
                stream.write_all(lines.as_bytes()).unwrap();
            }
        });
        let (mut seen, mut last, mut visits) = (0, 0, 0);
        while seen < MESSAGES {
            visits += 1;
            let mut bia = Client::open(server.addr(), Wire::Whole);
            bia.send("--JOIN sala bia");
            bia.send(&format!("--CURSOR {last}"));
            bia.expect(GREETING);
            bia.expect_ok();
            // What is said between the two commands comes without a number, as to anyone.
            while !bia.line().starts_with("[OK] - Cursor ") {}
            for _ in 0..=visits * 97 % 1500 {
                if seen == MESSAGES {
                    break;
                }
                let line = bia.line();
                let (seq, message) = numbered(&line);
                assert!(seq > last, "{seq} after {last}");
                assert_eq!(message, format!("[ana]: mensagem {seen}"), "visit {visits}");
                (last, seen) = (seq, seen + 1);
            }
            bia.send("--QUIT");
            // Whatever was under way is not counted as seen: it comes again.
            while bia.try_line().is_some() {}
        }
        eprintln!("{visits} visits");
    });
}
