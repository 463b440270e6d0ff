//! Keeping order over WebSocket, beside lines: each sees what the other does, in its own way.

use serde_json::{Value, json};

use super::client::Ws;
use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server};

/// A room that ana made, which bia is in, and caio over a line.
fn room(server: &Server) -> (Ws, Ws, Client) {
    let mut ana = Ws::creates(server, "sala", "ana");
    let mut bia = Ws::enters(server, "sala", "bia");
    let caio = Client::joins(server, Wire::Whole, "sala", "caio");
    for _ in 0..2 {
        ana.expect("entered");
    }
    bia.expect("entered");
    (ana, bia, caio)
}

/// A request to do something in the room.
fn order(verb: &str, mut more: Value) -> Value {
    (more["do"], more["room"]) = (verb.into(), "sala".into());
    more
}

#[track_caller]
fn measure(client: &mut Ws, measure: &str) -> Value {
    let event = client.expect("moderated");
    assert_eq!(event["measure"], measure, "{event}");
    event
}

#[test]
fn who_is_put_out_is_told_why_over_both_protocols() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server);
    ana.ok(order("kick", json!({"nick": "caio", "reason": "hoje chega"})));
    caio.expect("[INFO] - ana expulsou voce do canal sala: hoje chega");
    assert_eq!(bia.expect("left")["how"], "removed");
    let event = measure(&mut bia, "kicked");
    assert_eq!((&event["nick"], &event["reason"]), (&json!("caio"), &json!("hoje chega")));

    ana.ok(order("ban", json!({"nick": "bia", "for_ms": 7_200_000, "reason": "spam"})));
    let told = bia.expect("put-out");
    assert_eq!((&told["measure"], &told["reason"]), (&json!("banned"), &json!("spam")));
    assert!(told["until"].is_u64());
    assert_eq!(bia.no(json!({"do": "enter", "room": "sala"})), "banned");
    ana.ok(order("unban", json!({"nick": "bia"})));
    assert_eq!(ana.no(order("unban", json!({"nick": "bia"}))), "nothing-to-undo");
    bia.ok(json!({"do": "enter", "room": "sala"}));
}

#[test]
fn who_is_held_back_is_told_why() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server);
    let say = |text: &str| order("say", json!({"text": text}));
    ana.ok(order("mute", json!({"nick": "bia"})));
    caio.expect("[INFO] - ana silenciou bia");
    measure(&mut bia, "muted");
    assert_eq!(bia.no(say("oi")), "muted");
    ana.ok(order("unmute", json!({"nick": "bia"})));
    measure(&mut bia, "unmuted");

    ana.ok(order("filter", json!({"pattern": "compre.*ja"})));
    caio.expect_info_of("bia");
    caio.expect("[INFO] - ana mudou o filtro do canal");
    let event = measure(&mut bia, "filter");
    assert_eq!(event.get("pattern"), None, "what one may not say is not said");
    assert_eq!(bia.no(say("Compre isto JA")), "filtered");
    ana.ok(order("filter", json!({"pattern": "compre.*ja", "on": false})));
    measure(&mut bia, "filter");

    ana.ok(order("slow-mode", json!({"seconds": 60})));
    measure(&mut bia, "slow-mode");
    bia.ok(say("oi"));
    assert_eq!(bia.no(say("oi")), "slow-mode");
    ana.ok(order("raid", json!({})));
    bia.expect("said");
    measure(&mut bia, "raid");
    assert_eq!(bia.no(say("oi")), "no-guests");
    let mut duda = Ws::open(&server);
    let enter = json!({"do": "enter", "room": "sala", "nick": "duda"});
    assert_eq!(duda.no(enter.clone()), "no-guests");
    ana.ok(order("raid", json!({"on": false})));
    ana.ok(order("capacity", json!({"capacity": 3})));
    assert_eq!(duda.no(enter.clone()), "room-full");
    ana.ok(order("visibility", json!({"visibility": "private"})));
    assert_eq!(duda.no(enter), "no-room");
    assert_eq!(duda.ok(json!({"do": "rooms"}))["rooms"], json!([]));
    assert_eq!(ana.no(order("invite", json!({"nick": "duda"}))), "no-account");
    assert_eq!(ana.no(order("role", json!({"nick": "bia", "role": "owner"}))), "no-account");
}

#[test]
fn who_keeps_order_sees_what_is_in_force() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server);
    ana.ok(order("ban", json!({"addresses": "192.0.2.9/24", "reason": "spam"})));
    let event = measure(&mut bia, "banned");
    assert_eq!((event.get("addresses"), event.get("nick")), (None, None), "no address is shown");
    caio.expect("[INFO] - ana baniu um endereco: spam");
    ana.ok(order("ban", json!({"nick": "eva", "for_ms": 1})));
    ana.ok(order("mute", json!({"nick": "caio"})));
    ana.ok(order("filter", json!({"pattern": "a+b"})));
    ana.ok(order("slow-mode", json!({"seconds": 9})));
    let found = ana.ok(order("bans", json!({})));
    let ban = json!({"addresses": "192.0.2.0/24", "by": {"nick": "ana"}, "reason": "spam"});
    assert_eq!(found["bans"].as_array().unwrap().last().unwrap(), &ban);
    assert_eq!(found["mutes"], json!([{"nick": "caio", "by": {"nick": "ana"}}]));
    assert_eq!((&found["patterns"], &found["seconds"]), (&json!(["a+b"]), &json!(9)));
    assert_eq!((&found["visibility"], &found["capacity"]), (&json!("public"), &json!(100)));
    assert_eq!(bia.no(order("bans", json!({}))), "not-allowed");
}

#[test]
fn guests_may_do_none_of_it() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server);
    for (verb, more) in [
        ("kick", json!({"nick": "caio"})),
        ("ban", json!({"nick": "caio"})),
        ("ban", json!({"addresses": "0.0.0.0/0"})),
        ("unban", json!({"nick": "caio"})),
        ("mute", json!({"nick": "caio"})),
        ("unmute", json!({"nick": "caio"})),
        ("slow-mode", json!({"seconds": 1})),
        ("filter", json!({"pattern": "a"})),
        ("raid", json!({})),
        ("role", json!({"nick": "bia", "role": "owner"})),
        ("invite", json!({"nick": "caio"})),
        ("visibility", json!({"visibility": "private"})),
        ("capacity", json!({"capacity": 2})),
        ("bans", json!({})),
    ] {
        assert_eq!(bia.no(order(verb, more.clone())), "not-allowed", "{verb}");
        let mut away = order(verb, more);
        away["room"] = "outra".into();
        assert_eq!(ana.no(away), "not-in-room", "{verb}");
    }
    let members = ana.ok(order("members", json!({})));
    let nicks = members["members"].as_array().unwrap().iter().map(|member| &member["nick"]);
    assert!(nicks.eq(["ana", "bia", "caio"]), "{members}");
}

#[test]
fn who_keeps_order_sees_who_did_what_page_by_page() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server);
    ana.ok(order("ban", json!({"addresses": "192.0.2.9", "reason": "spam"})));
    ana.ok(order("filter", json!({"pattern": "a+b"})));
    ana.ok(order("mute", json!({"nick": "caio"})));
    let all = ana.ok(order("audit", json!({})));
    let kinds = |page: &Value| -> Vec<String> {
        let entries = page["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["measure"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (kinds(&all), &all["more"]),
        (vec!["banned".into(), "filter".into(), "muted".into()], &json!(false),)
    );
    let ban = &all["entries"][0];
    assert_eq!((&ban["addresses"], &ban["reason"]), (&json!("192.0.2.9"), &json!("spam")));
    assert_eq!((&ban["by"]["nick"], &ban["room"]), (&json!("ana"), &json!("sala")));
    assert_eq!(all["entries"][1]["pattern"], "a+b");
    let last = ana.ok(order("audit", json!({"limit": 1})));
    assert_eq!((kinds(&last), &last["more"]), (vec!["muted".into()], &json!(true)));
    let before = last["entries"][0]["seq"].as_u64().unwrap();
    let page = ana.ok(order("audit", json!({"limit": 2, "before": before})));
    assert_eq!(
        (kinds(&page), &page["more"]),
        (vec!["banned".into(), "filter".into()], &json!(false),)
    );
    assert_eq!(bia.no(order("audit", json!({}))), "not-allowed");
    // A refusal leaves nothing behind.
    assert_eq!(bia.ok(order("pins", json!({})))["messages"], json!([]));
    for _ in 0..3 {
        caio.line();
    }
    caio.send("--AUDIT");
    assert!(caio.expect_error().contains("quem modera"));
    caio.send("--PINS");
    assert_eq!(caio.expect_list(), [""; 0]);
}

#[test]
fn who_keeps_order_sees_what_a_message_said_before() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server);
    let seq = bia.ok(order("say", json!({"text": "um"})))["seq"].clone();
    bia.ok(order("edit", json!({"seq": seq, "text": "dois"})));
    let texts = ana.ok(order("earlier", json!({"seq": seq})))["texts"].clone();
    assert_eq!((&texts[0]["text"], &texts[1]["text"]), (&json!("um"), &json!("dois")));
    assert_eq!(texts.as_array().unwrap().len(), 2);
    assert_eq!(bia.no(order("earlier", json!({"seq": seq}))), "not-allowed");
    for _ in 0..2 {
        caio.line();
    }
    caio.send(&format!("--EARLIER {seq}"));
    assert!(caio.expect_error().contains("quem modera"));
    bia.ok(order("delete", json!({"seq": seq})));
    assert_eq!(ana.ok(order("earlier", json!({"seq": seq})))["texts"], json!([]));
}
