//! WebSocket's own rules: closing, pings, what is too big or no message.

use serde_json::json;

use super::client::{Deflate, Frame, Ws};
use crate::harness::Server;

#[test]
fn a_ping_is_answered_and_a_close_is_given_back() {
    let server = Server::start(&[]);
    let mut ws = Ws::open(&server);
    ws.send_frame(0x89, b"oi");
    assert_eq!(ws.frame(), Frame::Pong(b"oi".to_vec()));
    ws.send_frame(0x88, &4000u16.to_be_bytes());
    assert_eq!(ws.closed(), 4000);
}

#[test]
fn who_breaks_the_rules_is_told_by_the_code() {
    let server = Server::start(&[]);
    let too_big = vec![b'a'; 64 * 1024 + 1];
    for (first, payload, code) in [
        (0x82, &b"oi"[..], 1003),
        (0x81, &too_big, 1009),
        (0x81, b"\xff", 1007),
        (0x83, b"", 1002),
        (0xC1, b"oi", 1002),
    ] {
        let mut ws = Ws::open(&server);
        ws.send_frame(first, payload);
        assert_eq!(ws.closed(), code);
    }
    let mut ws = Ws::open_with(server.addr(), Deflate::On);
    ws.send_text(&"a".repeat(1024 * 1024));
    assert_eq!(ws.closed(), 1009, "it is the message that counts, not its compressed form");
}

#[test]
fn what_is_no_request_is_refused_and_the_talk_goes_on() {
    let server = Server::start(&["--lang", "en"]);
    let mut ws = Ws::open(&server);
    for (text, re, code) in [
        ("oi", json!(null), "bad-json"),
        ("{", json!(null), "bad-json"),
        ("[]", json!(null), "bad-json"),
        (r#"{"do":"me"}"#, json!(null), "missing-field"),
        (r#"{"id":1,"do":"fly"}"#, json!(1), "unknown-verb"),
        (r#"{"id":"a","do":"me","x":1}"#, json!("a"), "unknown-field"),
    ] {
        ws.send_text(text);
        let answer = ws.message();
        assert_eq!((&answer["re"], &answer["no"]["code"]), (&re, &json!(code)), "{text}");
    }
    assert_eq!(ws.ok(json!({"do": "me"})), json!({"lang": "en", "rooms": []}));
}

#[test]
fn a_flood_is_refused_then_cut() {
    let limits = [
        "--set",
        "flood.messages_per_second=1",
        "--set",
        "flood.burst=2",
        "--set",
        "flood.cut_after=3",
    ];
    let server = Server::start(&limits);
    let mut ws = Ws::open(&server);
    for _ in 0..2 {
        ws.ok(json!({"do": "me"}));
    }
    for _ in 0..3 {
        assert_eq!(ws.no(json!({"do": "me"})), "too-fast");
    }
    ws.ask(json!({"do": "me"}));
    assert_eq!(ws.message()["why"], "flooded");
    assert_eq!(ws.closed(), 1008);
}

#[test]
fn who_is_idle_in_no_room_is_told_and_closed() {
    let server = Server::start(&["--set", "idle.close_s=1"]);
    let mut ws = Ws::open(&server);
    assert_eq!(ws.message()["why"], "idle");
    assert_eq!(ws.closed(), 1000);
}

#[test]
fn at_the_end_everyone_is_told() {
    let server = Server::start(&[]);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut outside = Ws::open(&server);
    server.stop();
    for ws in [&mut ana, &mut outside] {
        assert_eq!(ws.message()["why"], "shutting-down");
        assert_eq!(ws.closed(), 1001);
    }
}

#[test]
fn long_messages_are_compressed_for_who_agreed() {
    let server = Server::start(&[]);
    let mut plain = Ws::creates(&server, "sala", "ana");
    let mut packed = Ws::open_with(server.addr(), Deflate::On);
    packed.ok(json!({"do": "enter", "room": "sala", "nick": "bia"}));
    plain.expect("entered");
    let text = "bom dia ".repeat(100);
    plain.ask(json!({"do": "say", "room": "sala", "text": text}));
    let said = |ws: &mut Ws| loop {
        if let Frame::Text { json, compressed } = ws.frame()
            && json["ev"] == "said"
        {
            assert_eq!(json["text"], text);
            return compressed;
        }
    };
    assert!(said(&mut packed));
    assert!(!said(&mut plain));
    packed.ask(json!({"do": "say", "room": "sala", "text": text}));
    assert!(said(&mut packed));
    assert!(!said(&mut plain));
}
