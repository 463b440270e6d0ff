//! A private room is not there for whoever was not let in: whatever she asks, she is answered word
//! for word as of a room that was never made.

use serde_json::{Value, json};

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;
use crate::ws::people::register;

/// The private room, and one that there is not. Neither name is in any answer otherwise.
const ROOM: &str = "segredo";
const NONE: &str = "nenhuma";

/// A room of two accounts, and one that there is not.
const TWO: &str = "@2-3";
const NO_TWO: &str = "@8-9";

/// Said in the private room, and its topic.
const WORD: &str = "abracadabra";

/// A private room that ana made and bia is in; caio was in it and was put out for good.
fn private(server: &Server) -> (Ws, Client, Client) {
    let mut ana = Ws::creates(server, ROOM, "ana");
    let mut bia = Client::joins(server, Wire::Whole, ROOM, "bia");
    let mut caio = Client::joins(server, Wire::Whole, ROOM, "caio");
    for _ in 0..2 {
        ana.expect("entered");
    }
    bia.expect_info_of("caio");
    ana.ok(json!({"do": "say", "room": ROOM, "text": WORD}));
    ana.ok(json!({"do": "topic", "room": ROOM, "topic": WORD}));
    ana.ok(json!({"do": "visibility", "room": ROOM, "visibility": "private"}));
    ana.ok(json!({"do": "ban", "room": ROOM, "nick": "caio", "reason": WORD}));
    for _ in 0..4 {
        bia.line();
    }
    for _ in 0..3 {
        caio.line();
    }
    caio.expect(&format!("[INFO] - ana baniu voce do canal {ROOM}: {WORD}"));
    (ana, bia, caio)
}

/// What is asked of a room, over WebSocket: every verb that names one, but `create`.
fn questions(room: &str) -> Vec<Value> {
    let with = |mut more: Value| {
        more["room"] = room.into();
        more
    };
    vec![
        with(json!({"do": "enter", "nick": "eva"})),
        with(json!({"do": "enter", "nick": "bia"})),
        with(json!({"do": "enter", "nick": "eva", "after": 0})),
        json!({"do": "resume", "nick": "eva", "rooms": [{"room": room, "after": 0}]}),
        with(json!({"do": "leave"})),
        with(json!({"do": "say", "text": "oi"})),
        with(json!({"do": "say", "text": "oi", "key": "k", "reply": 2})),
        with(json!({"do": "edit", "seq": 2, "text": "oi"})),
        with(json!({"do": "delete", "seq": 2})),
        with(json!({"do": "react", "seq": 2, "emoji": "👍"})),
        with(json!({"do": "pin", "seq": 2})),
        with(json!({"do": "pins"})),
        with(json!({"do": "topic"})),
        with(json!({"do": "topic", "topic": "oi"})),
        with(json!({"do": "members"})),
        with(json!({"do": "history"})),
        with(json!({"do": "history", "after": 0})),
        with(json!({"do": "search", "words": WORD})),
        with(json!({"do": "typing"})),
        with(json!({"do": "read", "seq": 2})),
        with(json!({"do": "kick", "nick": "bia"})),
        with(json!({"do": "ban", "nick": "bia"})),
        with(json!({"do": "unban", "nick": "caio"})),
        with(json!({"do": "mute", "nick": "bia"})),
        with(json!({"do": "unmute", "nick": "bia"})),
        with(json!({"do": "slow-mode", "seconds": 1})),
        with(json!({"do": "filter", "pattern": "a"})),
        with(json!({"do": "raid"})),
        with(json!({"do": "role", "nick": "eva", "role": "owner"})),
        with(json!({"do": "invite", "nick": "eva"})),
        with(json!({"do": "visibility", "visibility": "public"})),
        with(json!({"do": "capacity", "capacity": 1})),
        with(json!({"do": "retention", "messages": 1})),
        with(json!({"do": "purge", "nick": "bia"})),
        with(json!({"do": "bans"})),
        with(json!({"do": "audit"})),
        with(json!({"do": "earlier", "seq": 2})),
        with(json!({"do": "make-link"})),
        with(json!({"do": "links"})),
        with(json!({"do": "revoke-link", "number": 1})),
    ]
}

/// The answers of a client to whom the room may be called `name`.
fn answers(client: &mut Ws, name: &str) -> Vec<String> {
    let ask = |mut question: Value| {
        question["id"] = 1.into();
        client.send_text(&question.to_string());
        let answer = client.message().to_string();
        assert!(!answer.contains(WORD), "{question}: {answer}");
        // She wrote the name herself.
        answer.replace(name, "")
    };
    questions(name).into_iter().map(ask).collect()
}

#[test]
fn every_answer_is_as_of_a_room_that_there_is_not() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (_ana, _bia, _caio) = private(&server);
    // Called something, and in a room of her own; and nobody yet.
    let mut someone = Ws::creates(&server, "praca", "eva");
    let mut nobody = Ws::open(&server);
    for client in [&mut someone, &mut nobody] {
        let (of_room, of_none) = (answers(client, ROOM), answers(client, NONE));
        for (question, (of_room, of_none)) in
            questions(ROOM).iter().zip(of_room.iter().zip(&of_none))
        {
            assert_eq!(of_room, of_none, "{question}");
            assert!(of_room.contains(r#""no":"#), "{question}: {of_room}");
        }
    }
}

#[test]
fn a_room_of_two_is_there_for_nobody_else_whatever_she_may_elsewhere() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    // The first account administers the server; two and three talk alone.
    let [mut admin, mut ana, mut bia] = ["chefe", "ana", "bia"].map(|nick| {
        let mut client = Ws::open(&server);
        client.ok(register(nick));
        client
    });
    let entered = ana.ok(json!({"do": "direct", "nick": "bia"}));
    assert_eq!(entered["room"], TWO);
    bia.ok(json!({"do": "enter", "room": TWO}));
    ana.ok(json!({"do": "say", "room": TWO, "text": WORD}));
    ana.ok(json!({"do": "topic", "room": TWO, "topic": WORD}));
    let mut eva = Ws::creates(&server, "praca", "eva");
    let mut nobody = Ws::open(&server);
    for client in [&mut admin, &mut eva, &mut nobody] {
        let (of_two, of_none) = (answers(client, TWO), answers(client, NO_TWO));
        for (question, (of_two, of_none)) in questions(TWO).iter().zip(of_two.iter().zip(&of_none))
        {
            assert_eq!(of_two, of_none, "{question}");
            assert!(of_two.contains(r#""no":"#), "{question}: {of_two}");
        }
        // Here not even its name is found out.
        for room in [TWO, NO_TWO] {
            let create = json!({"do": "create", "room": room, "capacity": 9, "nick": "duda"});
            assert_eq!(client.no(create), "name-reserved");
        }
    }
    for client in [&mut admin, &mut eva] {
        for verb in ["rooms", "me"] {
            let shown = client.ok(json!({"do": verb})).to_string();
            assert!(!shown.contains('@'), "{shown}");
        }
    }
    let mut duda = Client::connect(&server);
    for line in ["--JOIN <sala> duda", "--CREATE <sala> 9 duda"] {
        let mut answer = |room: &str| {
            duda.send(&line.replace("<sala>", room));
            duda.line().replace(room, "")
        };
        let (of_two, of_none) = (answer(TWO), answer(NO_TWO));
        assert_eq!(of_two, of_none, "{line}");
        assert!(of_two.starts_with("[ERRO]"), "{of_two}");
    }
    duda.send("--CHANNELS");
    assert_eq!(duda.expect_list(), ["praca - 1/100"]);
    // Neither of the two can let anybody in.
    for order in [
        json!({"do": "invite", "room": TWO, "nick": "chefe"}),
        json!({"do": "role", "room": TWO, "nick": "chefe", "role": "member"}),
        json!({"do": "visibility", "room": TWO, "visibility": "public"}),
    ] {
        assert_eq!(ana.no(order), "not-allowed");
    }
}

#[test]
fn it_is_in_no_list_and_says_nothing_to_those_outside() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = private(&server);
    let mut eva = Ws::creates(&server, "praca", "eva");
    let mut duda = Client::joins(&server, Wire::Whole, "praca", "duda");
    eva.expect("entered");
    let listed = json!([{"room": "praca", "present": 2, "capacity": 100}]);
    assert_eq!(eva.ok(json!({"do": "rooms"}))["rooms"], listed);
    duda.send("--CHANNELS");
    assert_eq!(duda.expect_list(), ["praca - 2/100"]);
    assert_eq!(eva.ok(json!({"do": "me"}))["rooms"], json!(["praca"]));
    let search = json!({"do": "search", "room": "praca", "words": WORD});
    assert_eq!(eva.ok(search)["messages"], json!([]));
    duda.send(&format!("--SEARCH {WORD}"));
    assert_eq!(duda.expect_list(), [""; 0]);
    // Nothing that happens in it reaches them.
    ana.ok(json!({"do": "say", "room": ROOM, "text": WORD}));
    ana.ok(json!({"do": "typing", "room": ROOM}));
    bia.expect(&format!("[ana]: {WORD}"));
    bia.send("--NICK beatriz");
    bia.expect_ok();
    bia.send("--OUT");
    bia.expect_ok();
    duda.send("fim");
    assert_eq!(eva.expect("said")["text"], "fim");
    eva.ok(json!({"do": "say", "room": "praca", "text": "fim"}));
    duda.expect("[eva]: fim");
}

#[test]
fn a_line_tells_as_little() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (_ana, _bia, mut caio) = private(&server);
    let mut duda = Client::connect(&server);
    for client in [&mut duda, &mut caio] {
        for line in ["--JOIN <sala> eva", "--JOIN <sala> bia", "--JOIN <sala> caio"] {
            let mut answer = |room: &str| {
                client.send(&line.replace("<sala>", room));
                client.line().replace(room, "")
            };
            assert_eq!(answer(ROOM), answer(NONE), "{line}");
            assert_eq!(answer(ROOM), "[ERRO] - O canal  nao existe", "{line}");
        }
    }
    // All that can be found out: the name is not free.
    duda.send(&format!("--CREATE {ROOM} 5 duda"));
    duda.expect(&format!("[ERRO] - O canal {ROOM} ja existe"));
}
