//! Lines inside TLS: the same conversation as without, and the same patience with the slow.

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, over_both_wires};
use crate::tls::Files;
use crate::tls::files::BOTH;

over_both_wires!(members_talk_across, the_client_may_speak_first);

fn members_talk_across(wire: Wire) {
    let files = Files::new();
    let server = files.serve(&[]);
    let mut ana = files.connect(&server, wire);
    ana.send("--CREATE sala 10 ana");
    ana.expect_ok();
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("oi");
    bia.expect("[ana]: oi");
    bia.send("oi, ana");
    ana.expect("[bia]: oi, ana");
    ana.send("--QUIT");
    ana.expect_ok();
    // That the end was said, the client sees to.
    ana.expect_end();
    bia.expect_info_of("ana");
}

fn the_client_may_speak_first(wire: Wire) {
    let files = Files::new();
    let server = files.serve(&[]);
    let mut ana = Client::open(server.addr(), wire).encrypted(files.client(&BOTH));
    ana.send("--CREATE sala 10 ana");
    ana.expect(crate::client::GREETING);
    ana.expect_ok();
    // Her end, said: what she said before it is done all the same.
    ana.send("ate logo");
    ana.half_close();
    ana.expect_end();
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    bia.send("--HISTORY 1");
    assert_eq!(bia.expect_messages(), ["[ana]: ate logo"]);
}

#[test]
fn both_versions_are_spoken_and_counted() {
    let files = Files::new();
    let server = files.serve(&[]);
    for version in BOTH {
        let tls = files.client(&[version]);
        let mut client = Client::open(server.addr(), Wire::Whole).encrypted(tls);
        client.expect(crate::client::GREETING);
    }
    let mut metrics = Client::open(server.addr(), Wire::Whole);
    metrics.send_raw(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let metrics = String::from_utf8(metrics.rest()).unwrap();
    for line in ["papo_tls12_handshakes_total 1", "papo_tls13_handshakes_total 1"] {
        assert!(metrics.contains(&format!("\n{line}\n")), "{line} in {metrics}");
    }
}

/// Messages, each a little short of a record's size in all.
const MESSAGES: usize = 3000;

#[test]
fn who_does_not_read_loses_nothing_and_holds_nobody_up() {
    let files = Files::new();
    let server = files.serve(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut slow = Client::open_narrow(server.addr(), 4096).encrypted(files.client(&BOTH));
    slow.send("--JOIN sala bia");
    slow.expect(crate::client::GREETING);
    slow.expect_ok();
    ana.expect_info_of("bia");
    let mut quick = files.connect(&server, Wire::Whole);
    quick.send("--JOIN sala carla");
    quick.expect_ok();
    slow.expect_info_of("carla");
    let text = |number: usize| format!("{number:05} {}", "x".repeat(900));
    for number in 0..MESSAGES {
        ana.send(&text(number));
        if number % 100 == 99 {
            // One who reads has them while the other does not.
            (number - 99..=number)
                .for_each(|number| quick.expect(&format!("[ana]: {}", text(number))));
        }
    }
    for number in 0..MESSAGES {
        slow.expect(&format!("[ana]: {}", text(number)));
    }
}

#[test]
fn a_large_paste_arrives_whole() {
    let files = Files::new();
    let server = files.serve(&NO_FLOOD_CONTROL);
    let mut ana = files.connect(&server, Wire::Whole);
    ana.send("--CREATE sala 10 ana");
    ana.expect_ok();
    let mut bia = files.connect(&server, Wire::Whole);
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    let lines: Vec<String> =
        (0..200).map(|number| format!("{number} {}", "y".repeat(700))).collect();
    ana.send(&lines.join("\n"));
    for line in &lines {
        bia.expect(&format!("[ana]: {line}"));
    }
}
