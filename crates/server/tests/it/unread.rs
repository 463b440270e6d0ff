//! What an account has not read is counted behind its marker, and is the same on all its devices.

use serde_json::{Value, json};

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;
use crate::ws::people::{PASSWORD, again, register};

fn enter(room: &str) -> Value {
    json!({"do": "enter", "room": room})
}

fn say(text: &str) -> Value {
    json!({"do": "say", "room": "sala", "text": text})
}

fn read(seq: u64) -> Value {
    json!({"do": "read", "room": "sala", "seq": seq})
}

fn unread(read: u64, messages: u64, mentions: u64) -> Value {
    json!({"read": read, "messages": messages, "mentions": mentions})
}

#[test]
fn what_others_said_behind_the_marker_is_unread() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut bia = Ws::creates(&server, "sala", "bia");
    let mut ana = Ws::open(&server);
    let login = ana.ok(register("ana"));
    assert_eq!(ana.ok(enter("sala")).get("unread"), None, "she has no marker there");
    for text in ["um", "dois, @ana", "tres"] {
        bia.ok(say(text));
    }
    ana.ok(say("quatro"));
    ana.ok(read(2));
    let mut other = again(&server, &login);
    let listed = json!([{"room": "sala", "unread": unread(2, 2, 1)}]);
    for client in [&mut ana, &mut other] {
        for verb in ["me", "rooms"] {
            assert_eq!(client.ok(json!({"do": verb}))["unread"], listed, "{verb}");
        }
    }
    assert_eq!(other.ok(enter("sala"))["unread"], unread(2, 2, 1));
    let resume = json!({"do": "resume", "rooms": [
        {"room": "nenhuma", "after": 0}, {"room": "sala", "after": 4},
    ]});
    let mut third = again(&server, &login);
    let rooms = third.ok(resume)["rooms"].clone();
    assert_eq!(rooms[0]["no"]["code"], "no-room");
    assert_eq!(rooms[1]["ok"]["unread"], unread(2, 2, 1));
    assert_eq!(third.expect("said")["text"], "quatro", "what was missed comes behind the answer");
    // Read on one device is read on all; a marker goes neither back nor beyond the end.
    ana.ok(read(1_000_000));
    assert_eq!(other.expect("read")["seq"], 5);
    assert_eq!(other.ok(json!({"do": "me"}))["unread"][0]["unread"], unread(5, 0, 0));
    bia.ok(say("@Ana?"));
    assert_eq!(other.ok(json!({"do": "me"}))["unread"][0]["unread"], unread(5, 1, 1));
    // Guests have no markers.
    let rooms = bia.ok(json!({"do": "rooms"}));
    assert_eq!((rooms.get("unread"), rooms.get("direct")), (None, None));
}

#[test]
fn nothing_is_told_of_a_room_that_she_may_enter_no_more() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut bia = Ws::creates(&server, "sala", "bia");
    let mut ana = Ws::open(&server);
    ana.ok(register("chefe"));
    let mut ana = Ws::open(&server);
    ana.ok(register("ana"));
    ana.ok(enter("sala"));
    ana.ok(read(1));
    let listed = |client: &mut Ws| client.ok(json!({"do": "me"}))["unread"].clone();
    assert_eq!(listed(&mut ana).as_array().unwrap().len(), 1);
    ana.ok(json!({"do": "leave", "room": "sala"}));
    bia.ok(say("oi"));
    assert_eq!(listed(&mut ana)[0]["unread"], unread(1, 1, 0));
    bia.ok(json!({"do": "visibility", "room": "sala", "visibility": "private"}));
    assert_eq!(listed(&mut ana), json!([]));
    bia.ok(json!({"do": "visibility", "room": "sala", "visibility": "public"}));
    bia.ok(json!({"do": "ban", "room": "sala", "nick": "ana"}));
    assert_eq!(listed(&mut ana), json!([]));
}

#[test]
fn no_more_are_counted_than_can_be() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut bia = Ws::creates(&server, "sala", "bia");
    let mut ana = Ws::open(&server);
    ana.ok(register("ana"));
    ana.ok(enter("sala"));
    ana.ok(read(1));
    ana.ok(json!({"do": "leave", "room": "sala"}));
    bia.expect("entered");
    for number in 0..1000 {
        bia.ask(say(&number.to_string()));
    }
    let mut answers = 0;
    while answers < 1000 {
        answers += u32::from(bia.message().get("re").is_some());
    }
    let mut many = unread(1, 999, 0);
    many["more"] = true.into();
    assert_eq!(ana.ok(enter("sala"))["unread"], many);
}

#[test]
fn a_line_is_told_what_is_unread_and_where_and_reads_the_room_it_is_in() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut bia = Ws::open(&server);
    bia.ok(register("bia"));
    bia.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut ana = Client::joins(&server, Wire::Whole, "sala", "ana");
    ana.send("--UNREAD");
    ana.expect("[ERRO] - Voce nao entrou em nenhuma conta");
    ana.send(&format!("--REGISTER {PASSWORD}"));
    ana.expect_ok();
    ana.expect_tag("[INFO]");
    // She is in the room, so all of it is read, on her other devices too.
    ana.send("--UNREAD");
    assert_eq!(ana.expect_list(), [""; 0]);
    ana.send("--OUT");
    ana.expect_ok();
    for text in ["um", "dois, @ana", "tres"] {
        bia.ok(say(text));
    }
    bia.ok(json!({"do": "direct", "nick": "ana"}));
    bia.ok(json!({"do": "say", "room": "@1-2", "text": "oi"}));
    ana.expect("[INFO] - bia escreveu na conversa com voce: --DM bia");
    ana.send("--UNREAD");
    let both = ["@1-2 (bia): 1 nao lidas", "sala: 3 nao lidas, 1 com seu nome"];
    assert_eq!(ana.expect_list(), both);
    ana.send("--JOIN sala ana");
    ana.expect_ok();
    ana.send("--UNREAD");
    assert_eq!(ana.expect_list(), [both[0]]);
    ana.send("--DM bia");
    ana.expect_ok();
    ana.send("--LANG en");
    ana.expect_ok();
    bia.ok(say("@ana, @ana"));
    ana.send("--UNREAD");
    assert_eq!(ana.expect_list(), ["sala: 1 unread, 1 with your name"]);
}
