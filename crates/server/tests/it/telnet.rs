//! `telnet` and `nc`: their negotiation in bytes, and the real ones in a pseudo-terminal.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Instant;

use crate::client::{Client, GREETING, Wire};
use crate::harness::{DEADLINE, Server, is_installed, over_both_wires};

// RFC 854 and 855.
const EOF: u8 = 236;
const NOP: u8 = 241;
const IP: u8 = 244;
const SB: u8 = 250;
const SE: u8 = 240;
const WILL: u8 = 251;
const WONT: u8 = 252;
const DO: u8 = 253;
const DONT: u8 = 254;
const IAC: u8 = 255;
// Options: RFC 857, 858, 1073, 1091.
const ECHO: u8 = 1;
const SUPPRESS_GO_AHEAD: u8 = 3;
const WINDOW_SIZE: u8 = 31;
const TERMINAL_TYPE: u8 = 24;

over_both_wires!(
    offers_and_requests_are_declined,
    what_is_declined_to_us_needs_no_answer,
    a_subnegotiation_is_skipped,
    commands_inside_a_line_are_taken_out,
    a_doubled_iac_is_the_byte_255,
    interrupt_closes_as_quit,
    end_of_file_closes_as_quit,
);

fn offers_and_requests_are_declined(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::open(server.addr(), wire);
    ana.send_raw(&[IAC, WILL, WINDOW_SIZE, IAC, DO, ECHO, IAC, WILL, TERMINAL_TYPE]);
    ana.send_raw(b"--CREATE sala 5 ana\n");
    let mut expected = vec![IAC, DONT, WINDOW_SIZE, IAC, WONT, ECHO, IAC, DONT, TERMINAL_TYPE];
    let mut came = ana.bytes(expected.len() + GREETING.len() + 1);
    // The greeting may come before, between or after; the answers keep their order.
    let text = String::from_utf8_lossy(&came).into_owned();
    assert!(text.contains(GREETING), "{came:?}");
    let greeting = format!("{GREETING}\n").into_bytes();
    let at = came.windows(greeting.len()).position(|window| window == greeting).unwrap();
    came.drain(at..at + greeting.len());
    assert_eq!(came, expected);
    ana.expect_ok();
    // In the middle of a conversation too.
    ana.send_raw(&[IAC, DO, SUPPRESS_GO_AHEAD]);
    expected = vec![IAC, WONT, SUPPRESS_GO_AHEAD];
    assert_eq!(ana.bytes(3), expected);
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
}

fn what_is_declined_to_us_needs_no_answer(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send_raw(&[IAC, WONT, ECHO, IAC, DONT, SUPPRESS_GO_AHEAD, IAC, NOP]);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), [""; 0]);
}

fn a_subnegotiation_is_skipped(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send_raw(b"an");
    // A window size whose bytes look like line ends, quotes and a doubled 255.
    ana.send_raw(&[IAC, SB, WINDOW_SIZE, b'\n', b'\r', IAC, IAC, 24, IAC, SE]);
    ana.send_raw(b"tes\n");
    bia.expect("[ana]: antes");
}

fn commands_inside_a_line_are_taken_out(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send_raw(&[b'o', IAC, NOP, b'i', IAC, WONT, ECHO, b'!', IAC, NOP, b'\r', b'\n']);
    bia.expect("[ana]: oi!");
}

fn a_doubled_iac_is_the_byte_255(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    // 255 is no part of any UTF-8 text.
    ana.send_raw(&[b'o', IAC, IAC, b'i', b'\n']);
    ana.expect("[ERRO] - Texto invalido: use UTF-8");
    ana.send("oi");
    bia.expect("[ana]: oi");
}

fn closes_as_quit(wire: Wire, command: u8) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    bia.send_raw(b"ate logo\n");
    bia.send_raw(&[IAC, command]);
    bia.expect_ok();
    bia.expect_end();
    ana.expect("[bia]: ate logo");
    ana.expect_info_of("bia");
}

fn interrupt_closes_as_quit(wire: Wire) {
    closes_as_quit(wire, IP);
}

fn end_of_file_closes_as_quit(wire: Wire) {
    closes_as_quit(wire, EOF);
}

/// A program in a pseudo-terminal, at which someone types.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    shown: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    /// `None`, with the reason printed, where the program or `script` is not installed.
    fn run(command: &str) -> Option<Self> {
        let program = command.split(' ').next().unwrap();
        if ![program, "script"].into_iter().all(is_installed) {
            return None;
        }
        let mut child = Command::new("script")
            .args(["--quiet", "--flush", "--command", command, "/dev/null"])
            .env("TERM", "vt100")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let keys = child.stdin.take().unwrap();
        let mut screen = child.stdout.take().unwrap();
        let (send, shown) = channel();
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut chunk) {
                if send.send(chunk[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Some(Self { child, keys, shown, seen: String::new() })
    }

    fn types(&mut self, text: &str) {
        self.keys.write_all(text.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until this stands on the screen after what was waited for before.
    fn shows(&mut self, text: &str) {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(chunk) => self.seen.push_str(&String::from_utf8_lossy(&chunk)),
                Err(RecvTimeoutError::Timeout) => panic!("no {text:?} on {:?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended without {text:?}: {:?}", self.seen)
                }
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A conversation between someone at that terminal and a client of ours.
fn converses(server: &Server, terminal: &mut Terminal, line_end: &str) {
    let mut bia = Client::creates(server, Wire::Whole, "sala", "bia");
    terminal.shows(GREETING);
    terminal.types(&format!("--JOIN sala ana{line_end}"));
    terminal.shows("[OK] - ");
    bia.expect_info_of("ana");
    terminal.types(&format!("oi, aqui \u{e9} a ana{line_end}"));
    bia.expect("[ana]: oi, aqui \u{e9} a ana");
    bia.send("oi, ana: ol\u{e1}");
    terminal.shows("[bia]: oi, ana: ol\u{e1}");
    terminal.types(&format!("--LIST{line_end}"));
    terminal.shows("-----");
    terminal.shows("bia");
    terminal.shows("ana");
    terminal.shows("-----");
    terminal.types(&format!("--QUIT{line_end}"));
    terminal.shows("[OK] - ");
    bia.expect_info_of("ana");
}

#[test]
fn the_real_telnet_in_a_terminal() {
    let server = Server::start(&[]);
    let command = format!("telnet 127.0.0.1 {}", server.addr().port());
    let Some(mut terminal) = Terminal::run(&command) else { return };
    converses(&server, &mut terminal, "\r");
    terminal.shows("Connection closed by foreign host.");
}

#[test]
fn the_real_telnet_negotiates_and_interrupts() {
    let server = Server::start(&[]);
    let mut bia = Client::creates(&server, Wire::Whole, "sala", "bia");
    let command = format!("telnet 127.0.0.1 {}", server.addr().port());
    let Some(mut terminal) = Terminal::run(&command) else { return };
    terminal.shows(GREETING);
    // Its escape key, then a command of its own: it offers and asks for options from then on.
    terminal.types("\u{1d}");
    terminal.shows("telnet> ");
    terminal.types("send do echo\r");
    terminal.types("--JOIN sala ana\r");
    terminal.shows("[OK] - ");
    bia.expect_info_of("ana");
    terminal.types("\u{1d}");
    terminal.shows("telnet> ");
    terminal.types("send ip\r");
    terminal.shows("[OK] - ");
    bia.expect_info_of("ana");
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["bia"]);
}

#[test]
fn the_real_nc_in_a_terminal() {
    let server = Server::start(&[]);
    let command = format!("nc 127.0.0.1 {}", server.addr().port());
    let Some(mut terminal) = Terminal::run(&command) else { return };
    converses(&server, &mut terminal, "\r");
}

#[test]
fn what_is_piped_through_the_real_nc_is_answered_whole() {
    let server = Server::start(&[]);
    for arguments in ["-N", "-q 5"] {
        let command = format!(
            "printf '%s\\n' '--CREATE sala 5 ana' oi --HISTORY --OUT --CHANNELS \
             | nc {arguments} 127.0.0.1 {}",
            server.addr().port()
        );
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        if !output.status.success() && output.stdout.is_empty() {
            let reason = String::from_utf8_lossy(&output.stderr);
            eprintln!("skipped: nc {arguments}: {reason}");
            continue;
        }
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], GREETING);
        if arguments == "-N" {
            assert!(lines[1].starts_with("[OK] - "), "{text}");
            assert_eq!(lines[2..5], ["-----", "#2 [ana]: oi", "-----"], "{text}");
            assert!(lines[5].starts_with("[OK] - "), "{text}");
            assert_eq!(lines[6..9], ["-----", "sala - 0/5", "-----"], "{text}");
        } else {
            assert_eq!(lines[1], "[ERRO] - O canal sala ja existe");
        }
    }
}
