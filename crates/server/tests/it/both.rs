//! A line client and a WebSocket client in one room: whatever one does, the other is shown, each in
//! its own way.

use serde_json::{Value, json};

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;

/// A request about the room.
fn ask(verb: &str, mut more: Value) -> Value {
    (more["do"], more["room"]) = (verb.into(), "sala".into());
    more
}

/// The next event is of that kind, by bia, and has these fields.
#[track_caller]
fn expect(ana: &mut Ws, kind: &str, fields: &Value) {
    let event = ana.expect(kind);
    assert_eq!(event["by"]["nick"], "bia", "{event}");
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(event[name], *value, "{name} of {event}");
    }
}

/// The numbers of the messages that each has said, ana over WebSocket and bia over a line.
const ANAS: u64 = 2;
const BIAS: u64 = 3;

#[test]
fn unequal_clients_see_the_same_room() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    expect(&mut ana, "entered", &json!({}));
    what_ana_does_is_a_line(&mut ana, &mut bia);
    what_bia_does_is_an_event(&mut ana, &mut bia);
    both_read_the_same_history(&mut ana, &mut bia);
    one_puts_the_other_out(&mut ana, &mut bia);
}

fn what_ana_does_is_a_line(ana: &mut Ws, bia: &mut Client) {
    ana.ok(ask("say", json!({"text": "um **dia**\nbom"})));
    bia.expect("[ana]: um **dia** / bom");
    bia.send("oi");
    let said = ana.expect("said");
    assert_eq!((&said["seq"], &said["text"]), (&json!(ANAS), &json!("um **dia**\nbom")));
    expect(ana, "said", &json!({"seq": BIAS, "text": "oi"}));
    ana.ok(ask("say", json!({"text": "tudo?", "reply": BIAS})));
    bia.expect("[ana]: (a bia: \"oi\") tudo?");
    ana.ok(ask("edit", json!({"seq": ANAS, "text": "bom dia"})));
    bia.expect("[INFO] - ana corrigiu #2 \"um **dia** / bom\": bom dia");
    ana.ok(ask("react", json!({"seq": BIAS, "emoji": "👍"})));
    bia.expect("[INFO] - ana reagiu com 👍 a #3 de bia: \"oi\"");
    ana.ok(ask("react", json!({"seq": BIAS, "emoji": "👍", "on": false})));
    bia.expect("[INFO] - ana retirou 👍 de #3 de bia: \"oi\"");
    ana.ok(ask("pin", json!({"seq": BIAS})));
    bia.expect("[INFO] - ana fixou #3 de bia: \"oi\"");
    ana.ok(ask("topic", json!({"topic": "aula 7"})));
    bia.expect("[INFO] - ana mudou o topico: aula 7");
    ana.ok(ask("delete", json!({"seq": 4})));
    bia.expect("[INFO] - ana apagou a mensagem #4");
    for kind in ["said", "edited", "reacted", "reacted", "pinned", "topic", "deleted"] {
        assert_eq!(ana.expect(kind)["by"]["nick"], "ana");
    }
}

fn what_bia_does_is_an_event(ana: &mut Ws, bia: &mut Client) {
    let quote = json!({"nick": "ana", "text": "bom dia"});
    bia.send("--REPLY 2 dia");
    bia.expect("[OK] - Resposta enviada: e a mensagem #11");
    expect(ana, "said", &json!({"seq": 11, "text": "dia", "reply": {"to": ANAS, "quote": quote}}));
    bia.send("--EDIT 3 oi, @ana");
    bia.expect_ok();
    let markup = json!([{"t": "p", "c": ["oi, ", {"t": "at", "nick": "ana"}]}]);
    expect(ana, "edited", &json!({"target": BIAS, "text": "oi, @ana", "markup": markup}));
    bia.send("--REACT 2 <3");
    bia.expect_ok();
    expect(ana, "reacted", &json!({"target": ANAS, "emoji": "❤️", "on": true, "quote": quote}));
    bia.send("--PIN 2");
    bia.expect_ok();
    expect(ana, "pinned", &json!({"target": ANAS, "on": true}));
    bia.send("--TOPIC aula 8");
    bia.expect_ok();
    expect(ana, "topic", &json!({"topic": "aula 8"}));
    bia.send("--DELETE 11");
    bia.expect_ok();
    expect(ana, "deleted", &json!({"target": 11}));
}

fn both_read_the_same_history(ana: &mut Ws, bia: &mut Client) {
    bia.send("--HISTORY");
    let lines = [
        "#2 (editada, fixada, ❤️ 1) [ana]: bom dia",
        "#3 (editada, fixada) [bia]: oi, @ana",
        "#4 (apagada) [ana]",
        "#11 (apagada) [bia]",
    ];
    assert_eq!(bia.expect_list(), lines);
    let page = ana.ok(ask("history", json!({})));
    let shown = |message: &Value| {
        (message["seq"].clone(), message["text"].clone(), message["pinned"].clone())
    };
    let shown: Vec<_> = page["messages"].as_array().unwrap().iter().map(shown).collect();
    let message = |seq: u64, text: Value, is_pinned: bool| (json!(seq), text, json!(is_pinned));
    let expected = [
        message(ANAS, json!("bom dia"), true),
        message(BIAS, json!("oi, @ana"), true),
        message(4, Value::Null, false),
        message(11, Value::Null, false),
    ];
    assert_eq!(shown, expected);
}

fn one_puts_the_other_out(ana: &mut Ws, bia: &mut Client) {
    bia.send("--KICK ana");
    bia.expect_error();
    ana.ok(ask("kick", json!({"nick": "bia", "reason": "chega"})));
    bia.expect("[INFO] - ana expulsou voce do canal sala: chega");
    expect(ana, "left", &json!({"how": "removed"}));
    let fields = json!({"by": {"nick": "ana"}, "measure": "kicked", "nick": "bia"});
    let kicked = ana.expect("moderated");
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(kicked[name], *value, "{kicked}");
    }
    // The other way round: bia's own room.
    bia.send("--CREATE outra 9 bia");
    bia.expect_ok();
    ana.ok(json!({"do": "enter", "room": "outra"}));
    bia.expect_info_of("ana");
    bia.send("--KICK ana basta");
    bia.expect("[OK] - bia expulsou ana: basta");
    let told = ana.expect("put-out");
    assert_eq!((&told["by"]["nick"], &told["reason"]), (&json!("bia"), &json!("basta")));
}
