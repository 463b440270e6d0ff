//! The whole client against a scripted server, in a pipe and on a pseudo-terminal.
//!
//! The client is this crate's example, which cargo builds with the tests.

#![allow(clippy::unwrap_used, reason = "in a test an unwrap is an assertion")]

mod rig;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use rig::{Person, Server, client};
use rustix::process::Signal;

#[test]
fn a_pipe_carries_bytes_and_nothing_else() {
    let server = Server::start();
    let mut pipe = client(server.port, &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut connection = server.accept();
    connection.send_bytes(b"\x1b[2J sem fim \xff\r\n[OK]");
    let mut first = [0; 20];
    pipe.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first, b"\x1b[2J sem fim \xff\r\n[OK]");
    let sent = b"--JOIN sala ana\r\nsem fim \x00\xfe";
    pipe.stdin.take().unwrap().write_all(sent).unwrap();
    assert_eq!(connection.read_to_end(), sent);
    // The end of stdin is not the end of the answers.
    connection.send_bytes(b"depois");
    drop(connection);
    let output = pipe.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), &*output.stdout, &*output.stderr),
        (Some(0), &b"depois"[..], &b""[..],)
    );
}

#[test]
fn a_reader_that_goes_ends_a_pipe_quietly() {
    let server = Server::start();
    let mut pipe = client(server.port, &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut connection = server.accept();
    drop(pipe.stdout.take());
    connection.send_bytes(b"ninguem le\n");
    let stdin = pipe.stdin.take();
    let output = pipe.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[test]
fn nobody_there_is_said_in_one_line() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = client(closed, &[]).env("LANG", "en_US.UTF-8").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with(&format!("cannot connect to 127.0.0.1:{closed}: ")), "{said}");
    assert_eq!((said.lines().count(), output.stdout.len()), (1, 0));
}

#[test]
fn a_person_talks_and_leaves_the_terminal_as_it_was() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &["sala", "ana"], &[("TERM", "xterm-256color")]);
    let mut connection = server.accept();
    connection.enter("sala", "ana", 5);
    ana.type_keys("olá 李\x7f日本\r");
    connection.expect("olá 日本");
    connection.send("[OK] - 6");
    connection.send("7 [bia]: oi ANA \u{1b}[2J");
    ana.see("oi \u{1b}[1;7mANA\u{1b}[0m [2J\r\n");
    assert!(ana.screen().contains('\x07'), "one bell for one's own name");
    // A TAB completes the nick that was seen, and a command.
    ana.type_keys("b\t?\r--LIS\t\r");
    connection.expect("bia: ?");
    connection.send("[OK] - 8");
    connection.expect("--LIST");
    for line in ["-----", "ana", "bia", "-----"] {
        connection.send(line);
    }
    ana.type_keys("\x04");
    connection.expect("--QUIT");
    connection.send("[OK] - Ate logo");
    drop(connection);
    assert_eq!(ana.leave(), Some(0));
    assert_eq!(ana.modes(), ana.modes_before);
    assert!(!ana.screen().contains("[OK] - 6"), "acknowledgements are not shown");
    let history = std::fs::read_to_string(ana.state().join("papo/history")).unwrap();
    assert_eq!(history, "olá 日本\nbia: ?\n--LIST\n");
}

#[test]
fn a_burst_while_someone_types_tears_nothing() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &["sala", "ana"], &[("NO_COLOR", "1")]);
    let mut connection = server.accept();
    connection.enter("sala", "ana", 0);
    let burst: Vec<String> = (0..1000).map(|n| format!("[bia]: rajada {n} 日本語")).collect();
    for (seq, line) in burst.iter().enumerate() {
        connection.send(&format!("{} {line}", seq + 1));
        match seq % 100 {
            0 => ana.type_keys("tecla 日本 "),
            50 => ana.resize(40 + u16::try_from(seq % 70).unwrap()),
            _ => {}
        }
    }
    let typed = "tecla 日本 ".repeat(10);
    ana.type_keys("\r");
    connection.expect(&typed);
    let screen = ana.see("rajada 999 日本語\r\n");
    let mut rest = screen.as_str();
    for line in &burst {
        let at = rest.find(&format!("{line}\r\n")).unwrap_or_else(|| panic!("{line} is missing"));
        let before = &rest[..at];
        // Each begins its row: after another line's end, or where the input line was erased.
        assert!(before.ends_with("\r\n") || before.ends_with("\x1b[J"), "{line} is torn");
        rest = &rest[at + line.len()..];
    }
    assert_eq!(screen.matches("rajada").count(), 1000);
    assert!(!screen.contains("38;5;"), "NO_COLOR is respected");
}

#[test]
fn a_lost_connection_is_made_again_with_what_was_missed() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &["sala", "ana"], &[("LANG", "en_US.UTF-8")]);
    let mut connection = server.accept();
    connection.expect("--LANG en");
    connection.send("[OK] - English");
    connection.enter("sala", "ana", 3);
    connection.send("4 [bia]: antes");
    ana.see("antes\r\n");
    ana.type_keys("em duvida\r");
    connection.expect("em duvida");
    drop(connection);
    ana.see("connection lost");
    ana.type_keys("escrita fora\r");
    ana.see("attempt 1");

    let mut connection = server.accept();
    connection.expect("--LANG en");
    connection.send("[OK] - English");
    connection.expect("--JOIN sala ana");
    connection.send("[ERRO] - O nome ana ja esta em uso");
    connection.expect("--JOIN sala ana");
    connection.send("[OK] - Voce entrou em sala");
    connection.expect("--CURSOR 4");
    for line in ["5 [ana]: em duvida", "6 [bia]: perdida um", "7 [bia]: perdida dois"] {
        connection.send(line);
    }
    connection.send("[OK] - Cursor 7");
    connection.expect("escrita fora");
    connection.send("[OK] - 8");
    let screen = ana.see("perdida dois\r\n");
    for line in ["em duvida\r\n", "perdida um\r\n", "perdida dois\r\n", "antes\r\n"] {
        assert_eq!(screen.matches(line).count(), 1, "{line}");
    }
}

#[test]
fn a_full_server_is_not_asked_again() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &[], &[]);
    let mut connection = server.accept();
    connection.expect("--CURSOR");
    connection.send("[ERRO] - Servidor cheio (2/2)");
    drop(connection);
    assert_eq!(ana.leave(), Some(1));
    ana.see("recusou a conexao: Servidor cheio (2/2)");
}

#[test]
fn a_dumb_terminal_gets_no_escapes() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &["sala", "ana"], &[("TERM", "dumb")]);
    let mut connection = server.accept();
    connection.enter("sala", "ana", 0);
    ana.type_keys("oi\x02");
    connection.send("1 [bia]: ei");
    ana.see("ei\r\n");
    ana.type_keys("X\r");
    connection.expect("oXi");
    assert!(!ana.screen().contains('\x1b'));
}

#[test]
fn a_signal_to_end_leaves_the_terminal_as_it_was() {
    let server = Server::start();
    let mut ana = Person::sit_down(server.port, &["sala", "ana"], &[]);
    let mut connection = server.accept();
    connection.enter("sala", "ana", 0);
    ana.see("Voce entrou em sala");
    assert_ne!(ana.modes(), ana.modes_before, "it was raw");
    ana.signal(Signal::TERM);
    assert_eq!(ana.leave(), Some(0));
    assert_eq!(ana.modes(), ana.modes_before);
    assert_eq!(connection.read_to_end(), b"");
}
