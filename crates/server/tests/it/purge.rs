//! Deleting what one person said: gone for everyone, told of once.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::client::{Client, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server, Setup};
use crate::ws::client::Ws;
use crate::ws::people::{again, register};

/// What is said in the room, and no word of anything else.
const WORD: &str = "abacaxi";

/// More than one step of a purge looks at.
const MANY: usize = 400;

#[track_caller]
fn history(client: &mut Client, count: usize) -> Vec<String> {
    client.send(&format!("--HISTORY {count}"));
    client.expect_list()
}

fn bytes_have(folder: &Path, word: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}

#[test]
fn what_she_said_is_gone_and_one_line_tells_of_it() {
    let setup = Setup::new(&NO_FLOOD_CONTROL);
    let server = setup.start();
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut dora = Ws::enters(&server, "sala", "dora");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    for _ in 0..3 {
        ana.line();
    }
    bia.expect_info_of("caio");
    caio.send("fico");
    bia.expect("[caio]: fico");
    bia.send_raw(lines_of(0..MANY, |number| format!("{WORD} {number}")).as_bytes());
    for number in 0..MANY {
        caio.expect(&format!("[bia]: {WORD} {number}"));
    }
    bia.send("--REPLY 2 sim");
    bia.expect_ok();
    ana.send("--PURGE bia");
    ana.expect("[caio]: fico");
    for number in 0..MANY {
        ana.expect(&format!("[bia]: {WORD} {number}"));
    }
    ana.line();
    ana.expect("[OK] - ana apagou 401 mensagens de bia");
    caio.expect("[bia]: (a caio: \"fico\") sim");
    caio.expect("[INFO] - ana apagou 401 mensagens de bia");
    assert_eq!(history(&mut ana, 2), ["#402 (apagada) [bia]", "#403 (apagada) [bia]"]);
    ana.send(&format!("--SEARCH {WORD}"));
    assert_eq!(ana.expect_list(), [""; 0]);

    // Who shows each message by itself is told of each.
    let mut deleted = 0;
    let told = loop {
        let event = dora.event();
        match event["ev"].as_str().unwrap() {
            "deleted" => {
                assert_eq!((&event["purge"], &event["by"]["nick"]), (&json!(true), &json!("ana")));
                deleted += 1;
            }
            // It begins.
            "moderated" if event["messages"] == 0 => assert_eq!(deleted, 0),
            "moderated" => break event,
            _ => {}
        }
    };
    assert_eq!(deleted, MANY + 1);
    assert_eq!((&told["measure"], &told["nick"]), (&json!("purged"), &json!("bia")));
    assert_eq!(told["messages"], MANY + 1);

    caio.send("e eu");
    ana.expect("[caio]: e eu");
    ana.send("--PURGE bia");
    ana.expect("[OK] - Ja estava assim");
    server.stop();
    assert!(!bytes_have(&setup.data(), WORD), "not a byte of it is left");
    let server = setup.start();
    let mut ana = Client::joins(&server, Wire::Whole, "sala", "ana");
    assert_eq!(history(&mut ana, 1), ["#807 [caio]: e eu"]);
}

#[test]
fn it_takes_the_right_and_may_be_of_the_last_minutes_alone() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut bia = Ws::enters(&server, "sala", "bia");
    bia.ok(json!({"do": "say", "room": "sala", "text": "oi"}));
    let purge = |nick: &str| json!({"do": "purge", "room": "sala", "nick": nick});
    assert_eq!(bia.no(purge("bia")), "not-allowed");
    assert_eq!(bia.no(purge("ana")), "not-allowed");
    assert_eq!(ana.no(purge("ana")), "not-allowed");
    assert_eq!(ana.no(json!({"do": "purge", "room": "outra", "nick": "bia"})), "not-in-room");
    let last = json!({"do": "purge", "room": "sala", "nick": "bia", "last_ms": 3_600_000});
    assert_eq!(ana.ok(last), json!({}));
    let page = ana.ok(json!({"do": "history", "room": "sala"}));
    assert_eq!(page["messages"][0]["text"], json!(null));
}

#[test]
fn one_that_is_cut_off_by_a_crash_is_gone_on_with() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::open(&server);
    let login = ana.ok(register("ana"));
    ana.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut bia = Ws::enters(&server, "sala", "bia");
    let say = |number| json!({"do": "say", "room": "sala", "text": format!("{WORD} {number}")});
    let asked: Vec<_> = (0..MANY).map(|number| bia.ask(say(number))).collect();
    for id in asked {
        bia.answer(id);
    }
    bia.ok(json!({"do": "say", "room": "sala", "text": WORD}));
    ana.ask(json!({"do": "purge", "room": "sala", "nick": "bia"}));
    while bia.event()["ev"] != "deleted" {}
    let server = server.kill().start();
    let mut ana = again(&server, &login);
    let entered = ana.ok(json!({"do": "enter", "room": "sala", "after": 0}));
    assert_eq!(entered["room"], "sala");
    // What the log had, and then what happens: the end comes, sooner or later.
    let told = loop {
        let event = ana.event();
        if event["measure"] == "purged" && event["messages"] != 0 {
            break event;
        }
    };
    assert_eq!((&told["nick"], &told["messages"]), (&json!("bia"), &json!(MANY + 1)));
    let search = json!({"do": "search", "room": "sala", "words": WORD});
    assert_eq!(ana.ok(search)["messages"], json!([]));
}
