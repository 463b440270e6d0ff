//! Limits: who goes beyond one is told, and the others notice nothing.

use std::net::Ipv4Addr;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, GREETING, Wire, lines_of};
use crate::harness::{Server, Setup};

const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;
const STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const OTHER_STRANGER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// Messages that may come at once.
const BURST: usize = 60;

/// The seconds in a flood refusal.
fn wait_seconds(line: &str) -> Option<u64> {
    line.strip_prefix("[ERRO] - Muitas mensagens: espere ")?.strip_suffix(" s")?.parse().ok()
}

fn pair(server: &Server) -> (Client, Client) {
    let mut ana = Client::creates(server, Wire::Whole, "sala", "ana");
    let bia = Client::joins(server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    (ana, bia)
}

#[test]
fn a_paste_of_30_lines_is_no_flood() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server);
    let paste = lines_of(0..30, |number| format!("    let x{number} = {number};"));
    ana.send_raw(paste.as_bytes());
    for number in 0..30 {
        bia.expect(&format!("[ana]:     let x{number} = {number};"));
    }
    ana.expect_nothing_so_far();
}

#[test]
fn a_flood_is_refused_and_the_wait_it_is_told_is_enough() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server);
    let flood = lines_of(0..2 * BURST, |number| number.to_string());
    ana.send_raw(flood.as_bytes());
    let refusal = ana.line();
    let seconds = wait_seconds(&refusal).unwrap_or_else(|| panic!("{refusal:?}"));
    assert!((1..=60).contains(&seconds), "{refusal:?}");
    thread::sleep(Duration::from_secs(seconds)); // the stimulus: she waits as she was told
    ana.send("fim");
    let mut passed = 0;
    let mut last = None;
    loop {
        let line = bia.line();
        let text = line.strip_prefix("[ana]: ").unwrap();
        if text == "fim" {
            break;
        }
        let number: usize = text.parse().unwrap();
        assert!(last < Some(number), "{number} after {last:?}");
        last = Some(number);
        passed += 1;
    }
    assert!((BURST - 5..BURST + 30).contains(&passed), "{passed} of {} passed", 2 * BURST);
    // Every line that did not pass was told of; nothing else came.
    bia.send("marca");
    let mut refused = 1;
    loop {
        let line = ana.line();
        if line == "[bia]: marca" {
            break;
        }
        assert!(wait_seconds(&line).is_some(), "{line:?}");
        refused += 1;
    }
    assert_eq!(passed + refused, 2 * BURST);
}

#[test]
fn whom_the_system_has_no_file_for_is_told() {
    let files = ["sh", "-c", "ulimit -n 130; exec \"$@\"", "sh"];
    let server = Setup::new(&["--set", "server.shards=1"]).wrapped_in(&files).start();
    let mut connected = Vec::new();
    loop {
        let mut client = Client::connect(&server);
        client.send("--LANG pt");
        let answer = client.line();
        if answer.starts_with("[ERRO]") {
            assert!(answer.starts_with("[ERRO] - Servidor cheio"), "{answer:?}");
            client.expect_end();
            break;
        }
        connected.push(client);
    }
    // And there is a place as soon as someone goes.
    let mut leaving = connected.pop().unwrap();
    leaving.half_close();
    leaving.expect_end();
    let mut client = Client::connect(&server);
    client.send("--LANG pt");
    client.expect_ok();
}

#[test]
fn a_flood_slows_the_flooder_alone() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server);
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    ana.expect_info_of("caio");
    bia.expect_info_of("caio");
    ana.send_raw("flood\n".repeat(2 * BURST).as_bytes());
    assert!(wait_seconds(&ana.line()).is_some());
    for number in 0..20 {
        bia.send(&format!("calma {number}"));
        loop {
            let line = caio.line();
            if line == format!("[bia]: calma {number}") {
                break;
            }
            assert_eq!(line, "[ana]: flood");
        }
    }
}

#[test]
fn a_flood_without_end_is_cut() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server);
    // More than is ever read of her.
    for _ in 0..200 {
        if !ana.try_send_raw("flood\n".repeat(50).as_bytes()) {
            break;
        }
    }
    let mut last = String::new();
    for line in ana.lines_until_broken() {
        assert!(line.starts_with("[ERRO] - ") || line.starts_with("[INFO] - "), "{line:?}");
        last = line;
    }
    assert!(!last.is_empty(), "she is told");
    loop {
        let line = bia.line();
        if line.starts_with("[INFO] - ") {
            assert!(line.contains("ana"), "{line:?}");
            break;
        }
        assert_eq!(line, "[ana]: flood");
    }
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["bia"]);
}

#[test]
fn connections_of_one_address_are_bounded() {
    let server = Server::start(&["--set", "limits.connections_per_address=5"]);
    let mut strangers: Vec<_> =
        (0..5).map(|_| Client::open_from(STRANGER, server.addr())).collect();
    for client in &mut strangers {
        client.expect(GREETING);
    }
    let mut sixth = Client::open_from(STRANGER, server.addr());
    let lines = sixth.rest_lines();
    assert!(lines.last().is_some_and(|line| line.starts_with("[ERRO] - ")), "{lines:?}");
    // Others are let in, and the trusted address is not counted.
    let mut other = Client::open_from(OTHER_STRANGER, server.addr());
    other.expect(GREETING);
    let mut trusted: Vec<_> = (0..10).map(|_| Client::open_from(HOME, server.addr())).collect();
    for client in &mut trusted {
        client.expect(GREETING);
    }
    // A place comes free when a connection ends.
    let mut gone = strangers.pop().unwrap();
    gone.send("--QUIT");
    gone.expect_ok();
    gone.expect_end();
    let mut seventh = Client::open_from(STRANGER, server.addr());
    seventh.expect(GREETING);
}

#[test]
fn a_class_behind_one_address_gets_in() {
    let server = Server::start(&[]);
    let mut class: Vec<_> = (0..40).map(|_| Client::open_from(STRANGER, server.addr())).collect();
    for (number, client) in class.iter_mut().enumerate() {
        client.expect(GREETING);
        let command = if number == 0 { "--CREATE turma 50" } else { "--JOIN turma" };
        client.send(&format!("{command} aluno{number}"));
        loop {
            let line = client.line();
            if line.starts_with("[OK] - ") {
                break;
            }
            assert!(line.starts_with("[INFO] - "), "{line:?}");
        }
    }
    class[0].send("--CHANNELS");
    while class[0].line() != crate::client::FRAME {}
    class[0].expect("turma - 40/50");
}

#[test]
fn an_idle_connection_is_told_and_closed() {
    let server = Server::start(&["--set", "idle.probe_s=1", "--set", "idle.close_s=2"]);
    let mut listener = Client::creates(&server, Wire::Whole, "sala", "ana");
    let start = Instant::now();
    let mut idle = Client::connect(&server);
    idle.expect_tag("[INFO]");
    idle.expect_end();
    assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
    // Who is in a room listens, and is not idle; nothing was said to her.
    listener.expect_nothing_so_far();
}

#[test]
fn who_speaks_now_and_then_is_not_idle() {
    let server = Server::start(&["--set", "idle.probe_s=1", "--set", "idle.close_s=3"]);
    let mut ana = Client::connect(&server);
    for _ in 0..8 {
        thread::sleep(Duration::from_millis(500)); // the stimulus
        ana.expect_nothing_so_far();
    }
}

#[test]
fn two_hundred_half_said_words_disturb_nobody() {
    let server = Server::start(&[]);
    let mut slow = Vec::new();
    for number in 0..200 {
        let mut client = Client::open(server.addr(), Wire::Whole);
        let beginning =
            [&b"G"[..], b"SSH-", b"\x16\x03\x01", b"NICK", b"--JOIN outra x"][number % 5];
        client.send_raw(beginning);
        slow.push(client);
    }
    let (mut ana, mut bia) = pair(&server);
    let mut longest = Duration::ZERO;
    for number in 0..40 {
        let start = Instant::now();
        ana.send(&format!("oi {number}"));
        bia.expect(&format!("[ana]: oi {number}"));
        longest = longest.max(start.elapsed());
        for client in slow.iter_mut().skip(number * 5).take(5) {
            client.try_send_raw(b"x"); // one byte now and then
        }
    }
    eprintln!("longest delivery {longest:?}");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}
