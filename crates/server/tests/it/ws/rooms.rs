//! Rooms and messages over WebSocket, alone and beside lines.

use serde_json::{Value, json};

use super::client::Ws;
use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};

#[test]
fn both_kinds_of_client_see_all_that_happens() {
    let server = Server::start(&[]);
    let mut ws = Ws::creates(&server, "sala", "ana");
    let mut line = Client::joins(&server, Wire::Whole, "sala", "bia");
    let entered = ws.expect("entered");
    assert_eq!((&entered["by"]["nick"], &entered["present"]), (&json!("bia"), &json!(2)));

    line.send("oi, *ana*");
    let said = ws.expect("said");
    assert_eq!(said["by"], json!({"nick": "bia"}));
    assert_eq!((&said["seq"], &said["text"]), (&json!(2), &json!("oi, *ana*")));
    assert_eq!(said["markup"][0]["c"][1], json!({"t": "i", "c": ["ana"]}));

    assert_eq!(
        ws.ok(json!({"do": "say", "room": "sala", "text": "oi, bia", "reply": 2}))["seq"],
        3
    );
    line.expect("[ana]: (a bia: \"oi, *ana*\") oi, bia");
    let own = ws.expect("said");
    assert_eq!(own["reply"]["to"], 2, "her own doings are among the events");

    ws.ok(json!({"do": "edit", "room": "sala", "seq": 3, "text": "oi!"}));
    line.expect("[INFO] - ana corrigiu #3 \"oi, bia\": oi!");
    assert_eq!(ws.expect("edited")["text"], "oi!");
    line.send("--REACT 3 👍");
    line.expect_ok();
    let reacted = ws.expect("reacted");
    assert_eq!((&reacted["emoji"], &reacted["on"]), (&json!("👍"), &json!(true)));
    ws.ok(json!({"do": "react", "room": "sala", "seq": 2, "emoji": "❤️"}));
    assert!(line.line().contains("reagiu com"));
    ws.expect("reacted");
    let history = ws.ok(json!({"do": "history", "room": "sala"}));
    let given = |at: usize| &history["messages"][at]["reactions"];
    assert_eq!(*given(0), json!([{"emoji": "❤️", "count": 1, "mine": true}]));
    assert_eq!(*given(1), json!([{"emoji": "👍", "count": 1}]), "another's");
    ws.ok(json!({"do": "pin", "room": "sala", "seq": 2}));
    assert!(line.line().contains("fixou #2"));
    assert_eq!(ws.expect("pinned")["target"], 2);
    line.send("--TOPIC aula 7");
    line.expect_ok();
    assert_eq!(ws.expect("topic")["topic"], "aula 7");
    ws.ok(json!({"do": "delete", "room": "sala", "seq": 3}));
    line.expect("[INFO] - ana apagou a mensagem #3");
    assert_eq!(ws.expect("deleted")["target"], 3);
    line.send("--NICK beatriz");
    line.expect_ok();
    assert_eq!(ws.expect("renamed")["nick"], "beatriz");
    line.send("--MSG ana segredo");
    line.expect_ok();
    let word = ws.expect("message");
    assert_eq!((&word["by"]["nick"], &word["text"]), (&json!("beatriz"), &json!("segredo")));
    ws.ok(json!({"do": "message", "nick": "beatriz", "text": "sim"}));
    line.expect("[MSG] - ana: sim");
    line.send("--OUT");
    line.expect_ok();
    assert_eq!(ws.expect("left")["how"], "left");
}

#[test]
fn every_question_has_its_answer() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::open(&server);
    assert_eq!(
        ana.ok(json!({"do": "hello", "lang": "en", "client": "teste"})),
        json!({"lang": "en"})
    );
    assert_eq!(ana.no(json!({"do": "enter", "room": "sala"})), "nick-needed");
    assert_eq!(ana.no(json!({"do": "enter", "room": "sala", "nick": "ana"})), "no-room");
    assert_eq!(ana.no(json!({"do": "rename", "nick": "ana"})), "nick-needed");
    assert_eq!(ana.no(json!({"do": "say", "room": "sala", "text": "oi"})), "not-in-room");
    let made = ana.ok(json!({"do": "create", "room": "sala", "capacity": 2, "nick": "ana"}));
    let expected = json!({
        "room": "sala", "nick": "ana", "present": 1, "capacity": 2, "topic": null, "seq": 1,
    });
    assert_eq!(made, expected);
    let unlisted =
        json!({"do": "create", "room": "prova", "capacity": 2, "visibility": "unlisted"});
    ana.ok(unlisted.clone());
    assert_eq!(ana.no(unlisted), "room-exists");
    let rooms = ana.ok(json!({"do": "rooms"}));
    let listed = json!({"rooms": [{"room": "sala", "present": 1, "capacity": 2}], "more": 0});
    assert_eq!(rooms, listed);
    let me = ana.ok(json!({"do": "me"}));
    assert_eq!(me, json!({"lang": "en", "nick": "ana", "rooms": ["sala", "prova"]}));

    let _bia = Ws::enters(&server, "SALA", "bia");
    ana.expect("entered");
    let members = ana.ok(json!({"do": "members", "room": "sala"}));
    assert_eq!(
        members,
        json!({
            "members": [{"nick": "ana", "role": "owner"}, {"nick": "bia", "role": "guest"}],
            "more": 0
        })
    );
    let mut caio = Ws::open(&server);
    let enter = json!({"do": "enter", "room": "sala", "nick": "caio"});
    assert_eq!(caio.no(enter), "room-full");
    assert_eq!(caio.no(json!({"do": "enter", "room": "prova", "nick": "BIA"})), "nick-taken");
}

#[test]
fn messages_are_found_again() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut bia = Ws::enters(&server, "sala", "bia");
    ana.expect("entered");
    assert_eq!(ana.ok(json!({"do": "topic", "room": "sala"})), json!({"topic": null}));
    let set = json!({"do": "topic", "room": "sala", "topic": "aula"});
    assert_eq!(ana.ok(set), json!({"topic": "aula"}));
    bia.expect("topic");
    for number in 0..5 {
        bia.ok(json!({"do": "say", "room": "sala", "text": format!("mensagem {number}")}));
    }
    let page = |ws: &mut Ws, more: Value| {
        let mut request = json!({"do": "history", "room": "sala"});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let page = ws.ok(request);
        let seqs =
            page["messages"].as_array().unwrap().iter().map(|message| message["seq"].clone());
        (seqs.map(|seq| seq.as_u64().unwrap()).collect::<Vec<_>>(), page["more"] == true)
    };
    assert_eq!(page(&mut ana, json!({})), (vec![3, 4, 5, 6, 7], false));
    assert_eq!(page(&mut ana, json!({"limit": 2})), (vec![6, 7], true));
    assert_eq!(page(&mut ana, json!({"before": 6, "limit": 2})), (vec![4, 5], true));
    assert_eq!(page(&mut ana, json!({"before": 5})), (vec![3, 4], false));
    assert_eq!(page(&mut ana, json!({"after": 3, "limit": 2})), (vec![4, 5], true));
    assert_eq!(page(&mut ana, json!({"after": 7})), (vec![], false));
    let found = ana.ok(json!({"do": "search", "room": "sala", "words": "mensagem 3"}));
    assert_eq!(found["messages"][0]["seq"], 6);
    ana.ok(json!({"do": "pin", "room": "sala", "seq": 4}));
    assert_eq!(ana.ok(json!({"do": "pins", "room": "sala"}))["messages"][0]["seq"], 4);
    assert_eq!(ana.no(json!({"do": "edit", "room": "sala", "seq": 4, "text": "x"})), "not-yours");
    assert_eq!(ana.no(json!({"do": "delete", "room": "sala", "seq": 99})), "no-message");

    assert_eq!(ana.ok(json!({"do": "rename", "nick": "aninha"})), json!({"nick": "aninha"}));
    assert_eq!(ana.no(json!({"do": "message", "nick": "ninguem", "text": "oi"})), "no-nick");
    assert_eq!(ana.ok(json!({"do": "read", "room": "sala", "seq": 5})), json!({}));
    assert_eq!(ana.ok(json!({"do": "typing", "room": "sala"})), json!({}));
    loop {
        let event = bia.event();
        if event["ev"] == "typing" {
            assert_eq!(event["by"]["nick"], "aninha");
            break;
        }
    }
    assert_eq!(ana.ok(json!({"do": "leave", "room": "sala"})), json!({}));
    assert_eq!(ana.no(json!({"do": "leave", "room": "sala"})), "not-in-room");
}

#[test]
fn one_connection_is_in_many_rooms() {
    let server = Server::start(&[]);
    let mut ana = Ws::open(&server);
    let rooms = ["um", "dois", "tres"];
    for room in rooms {
        ana.ok(json!({"do": "create", "room": room, "capacity": 9, "nick": "ana"}));
    }
    for room in rooms {
        let mut line = Client::joins(&server, Wire::Whole, room, &format!("de-{room}"));
        line.send(&format!("oi de {room}"));
        assert_eq!(ana.expect("entered")["room"], room);
        assert_eq!(ana.expect("said")["room"], room);
        ana.ok(json!({"do": "say", "room": room, "text": format!("oi, {room}")}));
        line.expect(&format!("[ana]: oi, {room}"));
        ana.expect("said");
        drop(line);
        assert_eq!(ana.expect("left")["how"], "disconnected");
    }
    ana.ok(json!({"do": "leave", "room": "dois"}));
    let me = ana.ok(json!({"do": "me"}));
    let mut left: Vec<_> = me["rooms"].as_array().unwrap().iter().map(Value::to_string).collect();
    left.sort_unstable();
    assert_eq!(left, ["\"tres\"", "\"um\""]);
}

#[test]
fn who_returns_gets_what_was_missed_after_the_answer() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut bia = Ws::enters(&server, "sala", "bia");
    let post = |number| json!({"do": "say", "room": "sala", "text": format!("{number}")});
    let ids: Vec<_> = (0..300).map(|number| ana.ask(post(number))).collect();
    for id in ids {
        ana.answer(id);
    }
    ana.ok(json!({"do": "create", "room": "outra", "capacity": 9}));
    drop(bia);
    bia = Ws::open(&server);
    let resume = json!({"do": "resume", "nick": "bia2", "rooms": [
        {"room": "sala", "after": 1},
        {"room": "nenhuma", "after": 0},
        {"room": "outra", "after": 0},
    ]});
    let id = bia.ask(resume);
    let answer = bia.message();
    assert_eq!(answer["re"], id, "the answer comes first: {answer}");
    let rooms = &answer["ok"]["rooms"];
    assert_eq!(rooms[0]["ok"]["room"], "sala");
    assert_eq!(rooms[1]["no"]["code"], "no-room");
    assert_eq!(rooms[2]["ok"]["seq"], 1);
    let head = rooms[0]["ok"]["seq"].as_u64().unwrap();
    let mut seqs = Vec::new();
    let mut created = false;
    while seqs.len() < usize::try_from(head - 1).unwrap() || !created {
        let event = bia.event();
        if event["room"] == "sala" {
            seqs.push(event["seq"].as_u64().unwrap());
        } else {
            assert_eq!(event["ev"], "created");
            created = true;
        }
    }
    assert_eq!(seqs, (2..=head).collect::<Vec<_>>());
    // And then what happens.
    bia.ok(json!({"do": "say", "room": "sala", "text": "voltei"}));
    assert_eq!(bia.expect("said")["seq"], head + 1);
}

#[test]
fn who_reads_late_gets_all_in_order_from_the_log() {
    const MESSAGES: u64 = 4000;
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut slow = Ws::creates(&server, "sala", "devagar");
    let mut line = Client::joins(&server, Wire::Whole, "sala", "ana");
    // More than the system holds for her.
    let padding = "x".repeat(4000);
    for number in 0..MESSAGES {
        line.send(&format!("{number} {padding}"));
    }
    line.send("--TOPIC fim");
    line.expect_ok();
    slow.expect("entered");
    for number in 0..MESSAGES {
        let said = slow.expect("said");
        assert_eq!(said["seq"], number + 2);
        assert!(said["text"].as_str().unwrap().starts_with(&format!("{number} ")));
    }
    assert_eq!(slow.expect("topic")["topic"], "fim");
    slow.ok(json!({"do": "say", "room": "sala", "text": "enfim"}));
    line.expect("[devagar]: enfim");
}

#[test]
fn what_has_lines_keeps_them_and_is_one_line_where_there_is_but_one() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    ana.expect("entered");
    let code = "veja:\n```python\nfor n in x:\n    print(n)\n```";
    let sent = code.replace('\n', "\r\n");
    let seq = ana.ok(json!({"do": "say", "room": "sala", "text": sent}))["seq"].clone();
    let flat = "veja: / ```python / for n in x: / print(n) / ```";
    caio.expect(&format!("[ana]: {flat}"));
    let said = ana.expect("said");
    assert_eq!(said["text"], code);
    let pre = json!({"t": "pre", "lang": "python", "x": "for n in x:\n    print(n)"});
    assert_eq!(said["markup"][1], pre);
    let injected = "oi\n[OK] - mentira\n-----";
    ana.ok(json!({"do": "edit", "room": "sala", "seq": seq, "text": injected}));
    let quote = "veja: / ```python / for n in x: / print(...";
    let line = format!("[INFO] - ana corrigiu #2 \"{quote}\": oi / [OK] - mentira / -----");
    caio.expect(&line);
    ana.ok(json!({"do": "topic", "room": "sala", "topic": injected}));
    caio.expect("[INFO] - ana mudou o topico: oi [OK] - mentira -----");
    ana.ok(json!({"do": "message", "nick": "caio", "text": injected}));
    caio.expect("[MSG] - ana: oi / [OK] - mentira / -----");
    caio.send("--HISTORY");
    assert_eq!(caio.expect_list(), ["#2 (editada) [ana]: oi / [OK] - mentira / -----"]);
    caio.send("--SEARCH mentira");
    assert_eq!(caio.expect_list().len(), 1);
    let page = ana.ok(json!({"do": "history", "room": "sala"}));
    assert_eq!(page["messages"][0]["text"], injected);
    // The log keeps the lines.
    let server = server.kill().start();
    let mut bia = Ws::enters(&server, "sala", "bia");
    let page = bia.ok(json!({"do": "history", "room": "sala"}));
    assert_eq!(page["messages"][0]["text"], injected);
}
