//! Two who talk alone: one room, the same each time, from both kinds of client and on all devices.

use serde_json::{Value, json};

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;
use crate::ws::people::{again, log_in, register};

/// The room of the first two accounts.
const ROOM: &str = "@1-2";

/// So many are said while the other enters.
const MESSAGES: u64 = 200;

fn direct(nick: &str) -> Value {
    json!({"do": "direct", "nick": nick})
}

fn say(text: &str) -> Value {
    json!({"do": "say", "room": ROOM, "text": text})
}

/// One who is logged in, and her login.
fn person(server: &Server, nick: &str) -> (Ws, Value) {
    let mut client = Ws::open(server);
    let login = client.ok(register(nick));
    (client, login)
}

#[test]
fn it_is_the_same_room_whoever_asks_with_all_that_was_said() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, login) = person(&server, "ana");
    let (mut bia, _) = person(&server, "bia");
    let entered = ana.ok(direct("Bia"));
    assert_eq!((&entered["room"], &entered["direct"]), (&json!(ROOM), &json!("bia")));
    ana.ok(say("so entre nos"));
    assert_eq!(ana.expect("said")["text"], "so entre nos");
    // She is told of it where she is not in it.
    let by = json!({"nick": "ana", "account": 1});
    assert_eq!(bia.event(), json!({"ev": "direct", "room": ROOM, "seq": 2, "by": by}));
    let listed = json!([{"room": ROOM, "nick": "ana"}]);
    let unread = json!([{"room": ROOM, "unread": {"read": 0, "messages": 1, "mentions": 0}}]);
    for verb in ["me", "rooms"] {
        let found = bia.ok(json!({"do": verb}));
        assert_eq!((&found["direct"], &found["unread"]), (&listed, &unread), "{verb}");
    }
    let entered = bia.ok(direct("ana"));
    assert_eq!((&entered["room"], &entered["direct"]), (&json!(ROOM), &json!("ana")));
    assert_eq!(entered["unread"], json!({"read": 0, "messages": 1, "mentions": 0}));
    let history = bia.ok(json!({"do": "history", "room": ROOM}));
    assert_eq!(history["messages"][0]["text"], "so entre nos");
    bia.ok(json!({"do": "react", "room": ROOM, "seq": 2, "emoji": "👍"}));
    bia.ok(json!({"do": "say", "room": ROOM, "text": "sim", "reply": 2}));
    for kind in ["entered", "reacted", "said"] {
        ana.expect(kind);
    }
    // On another device, by its name, behind what she has.
    let mut other = again(&server, &login);
    other.ok(json!({"do": "enter", "room": ROOM, "after": 3}));
    assert_eq!(other.expect("said")["text"], "sim");
    // And after a restart.
    drop((ana, bia, other));
    let setup = server.kill();
    let server = setup.start();
    let mut bia = Ws::open(&server);
    bia.ok(log_in("bia"));
    assert_eq!(bia.ok(json!({"do": "me"}))["direct"], listed);
    let history = bia.ok(direct("ana"));
    assert_eq!((&history["room"], &history["seq"]), (&json!(ROOM), &json!(4)));
}

#[test]
fn what_is_said_while_one_enters_comes_once() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _) = person(&server, "ana");
    let (mut bia, _) = person(&server, "bia");
    ana.ok(direct("bia"));
    for number in 0..MESSAGES {
        ana.ask(say(&number.to_string()));
    }
    let entered = bia.ok(direct("ana"));
    let (seq, unread) = (entered["seq"].as_u64().unwrap(), &entered["unread"]);
    assert_eq!(unread["messages"], seq - 1, "all that was said before she entered, and no more");
    let mut next = seq + 1;
    while next < MESSAGES + 2 {
        let event = bia.event();
        match event["ev"].as_str().unwrap() {
            "said" => {
                assert_eq!(event["seq"], next);
                next += 1;
            }
            kind => assert_eq!(kind, "direct", "{event}"),
        }
    }
}

#[test]
fn it_is_for_accounts_and_message_is_for_the_others() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _) = person(&server, "ana");
    let mut eva = Ws::creates(&server, "sala", "eva");
    for nick in ["eva", "ninguem"] {
        assert_eq!(ana.no(direct(nick)), "no-direct");
    }
    assert_eq!(eva.no(direct("ana")), "no-direct");
    assert_eq!(Ws::open(&server).no(direct("ana")), "nick-needed");
    ana.ok(json!({"do": "message", "nick": "eva", "text": "oi"}));
    assert_eq!(eva.expect("message")["text"], "oi");
    let mut line = Client::joins(&server, Wire::Whole, "sala", "lia");
    line.send("--DM ana");
    line.expect("[ERRO] - Uma conversa e de conta a conta: para ana use --MSG");
}

#[test]
fn a_line_talks_alone_too() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _) = person(&server, "ana");
    ana.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect("entered");
    bia.send("--REGISTER correct horse battery");
    bia.expect_ok();
    bia.expect_tag("[INFO]");
    ana.ok(direct("bia"));
    ana.ok(say("oi"));
    bia.expect("[INFO] - ana escreveu na conversa com voce: --DM ana");
    bia.send("--DM ana");
    bia.expect("[OK] - Conversa com ana: @1-2");
    bia.send("--HISTORY");
    assert_eq!(bia.expect_list(), ["#2 [ana]: oi"]);
    bia.send("oi, ana");
    assert_eq!(ana.expect("said")["text"], "oi");
    // One room at a time: she has left the other for it.
    let mut passed = [ana.event(), ana.event(), ana.event()];
    passed.sort_by_key(|event| event["room"].to_string());
    assert_eq!((&passed[2]["ev"], &passed[2]["room"]), (&json!("left"), &json!("sala")));
    assert_eq!((&passed[0]["ev"], &passed[1]["ev"]), (&json!("entered"), &json!("said")));
    ana.ok(say("tchau"));
    bia.expect("[ana]: tchau");
    bia.send("--KICK ana");
    bia.expect_error();
    bia.send("--OUT");
    bia.expect_ok();
    ana.expect("said");
    assert_eq!(ana.expect("left")["room"], ROOM);
}
