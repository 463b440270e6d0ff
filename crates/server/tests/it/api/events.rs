//! Streams of events: in order, without a gap or a double, and over when they have to be.

use serde_json::json;

use super::client::Api;
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;

#[test]
fn what_is_kept_comes_as_it_happens_and_what_passes_does_not() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let mut now = ana.stream("sala", "", "");
    let mut bia = Ws::enters(&server, "sala", "bia");
    let said = bia.ok(json!({"do": "say", "room": "sala", "text": "oi *ana*"}));
    let event = now.next().unwrap();
    assert_eq!((&event["ev"], &event["seq"]), (&json!("said"), &said["seq"]));
    assert_eq!(now.id, said["seq"].as_u64());
    // As over WebSocket.
    assert_eq!(event, bia.event());
    let mut all = ana.stream("sala", "?after=0", "");
    let seen: Vec<_> = (0..3).map(|_| all.next().unwrap()["ev"].clone()).collect();
    assert_eq!(seen, [json!("created"), json!("moderated"), json!("said")]);
}

#[test]
fn who_comes_back_gets_what_was_missed_once() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let mut seen = Vec::new();
    let mut stream = ana.stream("sala", "", "");
    // More than a page of the log.
    for round in 0..4 {
        let said: Vec<_> =
            (0..50).map(|number| ana.says("sala", &format!("{round} {number}"))).collect();
        for _ in 0..said.len() - 20 {
            seen.push(stream.next().unwrap()["seq"].as_u64().unwrap());
        }
        let last = format!("Last-Event-ID: {}\r\n", stream.id.unwrap());
        stream = ana.stream("sala", "?after=1", &last);
    }
    for _ in 0..80 {
        seen.push(stream.next().unwrap()["seq"].as_u64().unwrap());
    }
    assert_eq!(seen, (3..203).collect::<Vec<_>>());
    // Beyond the end is the end.
    let mut ahead = ana.stream("sala", "?after=99999", "");
    let seq = ana.says("sala", "agora");
    assert_eq!(ahead.next().unwrap()["seq"], json!(seq));
}

#[test]
fn a_stream_ends_for_who_is_kept_out_before_she_hears_of_more() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    bia.says("sala", "oi");
    let mut stream = bia.stream("sala", "", "");
    ana.post("/rooms/sala/moderation", &json!({"do": "ban", "nick": "bia"})).ok(204);
    ana.says("sala", "só nós");
    assert_eq!(stream.next(), None);
    let mut private = ana.stream("sala", "", "");
    ana.post("/rooms/sala/moderation", &json!({"do": "unban", "nick": "bia"})).ok(204);
    let mut stream = bia.stream("sala", "", "");
    ana.patch("/rooms/sala", &json!({"visibility": "private"})).ok(204);
    assert_eq!(stream.next(), None);
    let seen: Vec<_> = (0..2).map(|_| private.next().unwrap()["measure"].clone()).collect();
    assert_eq!(seen, [json!("unbanned"), json!("visibility")]);
}

#[test]
fn an_account_has_so_many_streams_and_no_more() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    let mut streams: Vec<_> = (0..16).map(|_| ana.stream("sala", "", "")).collect();
    let refused = ana.get("/rooms/sala/events");
    assert_eq!(refused.no(503), "busy");
    assert_eq!(refused.header("retry-after"), Some("1"));
    drop(bia.stream("sala", "", ""));
    let seq = ana.says("sala", "a todos");
    for stream in &mut streams {
        assert_eq!(stream.next().unwrap()["seq"], json!(seq));
    }
}

/// There the hub is the shard's guest, and the desk is reached as ever.
#[test]
fn on_one_core_it_is_the_same() {
    let server = Server::start(&["--set", "server.shards=1"]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let mut stream = ana.stream("sala", "", "");
    let mut bia = Ws::enters(&server, "sala", "bia");
    let seq = ana.says("sala", "oi");
    assert_eq!((&stream.next().unwrap()["seq"], &bia.event()["seq"]), (&json!(seq), &json!(seq)));
    server.stop();
    assert_eq!(stream.next().unwrap()["ev"], json!("bye"));
}

#[test]
fn a_server_that_goes_down_says_so() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let mut stream = ana.stream("sala", "", "");
    server.stop();
    let bye = stream.next().unwrap();
    assert_eq!((&bye["ev"], &bye["why"]), (&json!("bye"), &json!("shutting-down")));
    assert_eq!(stream.next(), None);
}
