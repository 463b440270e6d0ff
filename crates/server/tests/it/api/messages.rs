//! Messages: said, answered, changed, read and found; once each.

use serde_json::{Value, json};

use super::client::Api;
use crate::harness::{NO_FLOOD_CONTROL, Server, Setup};
use crate::ws::client::Ws;

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().unwrap();
    messages.iter().map(|message| message["seq"].as_u64().unwrap()).collect()
}

#[test]
fn who_is_in_the_room_sees_what_is_done_by_requests_and_nobody_come() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let mut bia = Ws::creates(&server, "sala", "bia");
    let seq = ana.says("sala", "oi, *bia*");
    let message = format!("/rooms/sala/messages/{seq}");
    let said = bia.event();
    assert_eq!((&said["ev"], &said["by"]), (&json!("said"), &json!({"nick": "ana", "account": 1})));
    let reply = ana.post("/rooms/sala/messages", &json!({"text": "mais", "reply": seq})).ok(201);
    assert_eq!(bia.event()["reply"]["to"], json!(seq));
    ana.patch(&message, &json!({"text": "oi, bia"})).ok(204);
    assert_eq!(bia.event()["ev"], json!("edited"));
    for (on, method) in [(true, "PUT"), (false, "DELETE")] {
        for (what, event) in [("reactions/%F0%9F%91%8D", "reacted"), ("pin", "pinned")] {
            ana.ask(method, &format!("{message}/{what}"), "", None).ok(204);
            let seen = bia.event();
            assert_eq!((&seen["ev"], &seen["on"]), (&json!(event), &json!(on)));
            // Done already: no error, and nothing happens.
            ana.ask(method, &format!("{message}/{what}"), "", None).ok(204);
        }
    }
    ana.delete(&message).ok(204);
    assert_eq!(bia.event()["ev"], json!("deleted"));
    assert_eq!(ana.get(&message).no(410), "already-deleted");
    let page = ana.get("/rooms/sala/messages").ok(200);
    assert_eq!(page["messages"][0]["text"], json!(null));
    assert_eq!(page["messages"][1]["seq"], reply["seq"]);
    // Nothing else has happened.
    ana.says("sala", "fim");
    assert_eq!(bia.event()["text"], json!("fim"));
}

#[test]
fn what_is_refused_about_messages() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    let seq = ana.says("sala", "oi");
    let path = |rest: &str| format!("/rooms/sala/messages/{seq}{rest}");
    assert_eq!(bia.patch(&path(""), &json!({"text": "x"})).no(403), "not-yours");
    assert_eq!(bia.delete(&path("")).no(403), "not-yours");
    assert_eq!(ana.get("/rooms/sala/messages/1").no(404), "no-message");
    assert_eq!(ana.get("/rooms/sala/messages/999").no(404), "no-message");
    assert_eq!(ana.patch("/rooms/sala/messages/999", &json!({"text": "x"})).no(404), "no-message");
    assert_eq!(ana.put("/rooms/sala/messages/999/pin").no(404), "no-message");
    assert_eq!(ana.put(&path("/reactions/nada")).no(404), "no-route");
    let reply = json!({"text": "x", "reply": 999});
    assert_eq!(ana.post("/rooms/sala/messages", &reply).no(404), "no-message");
    // A moderator deletes what others said; a deleted message is gone.
    let other = bia.says("sala", "da bia");
    ana.delete(&format!("/rooms/sala/messages/{other}")).ok(204);
    let gone = bia.patch(&format!("/rooms/sala/messages/{other}"), &json!({"text": "x"}));
    assert_eq!(gone.no(410), "already-deleted");
    let gone = ana.get(&format!("/rooms/sala/messages/{other}"));
    assert_eq!(gone.no(410), "already-deleted");
    for (body, code) in [
        (json!({"text": " "}), "bad-field"),
        (json!({"text": "x".repeat(4097)}), "field-too-long"),
        (json!({"text": 1}), "bad-field"),
        (json!({}), "missing-field"),
        (json!({"text": "x", "room": "outra"}), "unknown-field"),
        (json!([]), "bad-json"),
    ] {
        assert_eq!(ana.post("/rooms/sala/messages", &body).no(400), code, "{body}");
    }
    ana.post("/rooms/sala/messages", &json!({"text": "x".repeat(4096)})).ok(201);
}

#[test]
fn history_is_read_in_pages_and_the_links_lead_on() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let said: Vec<_> = (0..7).map(|number| ana.says("sala", &format!("linha {number}"))).collect();
    for (query, relation) in [("?limit=3", "prev"), ("?after=0&limit=3", "next")] {
        let mut all = Vec::new();
        let mut next = Some(format!("/rooms/sala/messages{query}"));
        while let Some(path) = next {
            let page = ana.get(&path);
            let numbers = seqs(&page.ok(200));
            if relation == "next" {
                all.extend(numbers);
            } else {
                all.splice(..0, numbers);
            }
            next = page.header("link").map(|link| {
                let (target, rest) =
                    link.strip_prefix("</api/v1").unwrap().split_once('>').unwrap();
                assert_eq!(rest, format!("; rel=\"{relation}\""));
                target.to_owned()
            });
            assert_eq!(page.json()["more"], json!(next.is_some()));
        }
        assert_eq!(all, said, "{query}");
    }
    assert_eq!(
        seqs(&ana.get(&format!("/rooms/sala/messages?before={}", said[2])).ok(200)),
        said[..2]
    );
    let found = ana.get("/rooms/sala/search?words=linha+3").ok(200);
    assert_eq!(seqs(&found), said[3..4]);
    assert_eq!(ana.get("/rooms/sala/search").no(400), "missing-field");
    assert_eq!(ana.get("/rooms/sala/search?words=+").no(400), "bad-field");
    ana.put(&format!("/rooms/sala/messages/{}/pin", said[1])).ok(204);
    assert_eq!(seqs(&ana.get("/rooms/sala/pins").ok(200)), said[1..2]);
}

#[test]
fn a_post_with_a_key_is_made_once_also_after_a_crash() {
    let setup = Setup::new(&[]);
    let server = setup.start();
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let path = "/rooms/sala/messages";
    let say = |ana: &Api<'_>, key: &str, body: &Value| {
        ana.ask("POST", path, &format!("Idempotency-Key: {key}\r\n"), Some(&body.to_string()))
    };
    let first = say(&ana, "a", &json!({"text": "uma vez"})).ok(201);
    let location = say(&ana, "\"a\"", &json!({"text": "uma vez"}));
    assert_eq!(location.ok(201), first);
    assert_eq!(location.header("location"), Some(&*format!("/api/v1{path}/{}", first["seq"])));
    let answer = json!({"text": "resposta", "reply": first["seq"]});
    let second = say(&ana, "b", &answer).ok(201);
    assert_eq!(say(&ana, "b", &answer).ok(201), second);
    assert_eq!(say(&ana, "a", &json!({"text": "x", "key": "c"})).no(400), "bad-field");

    let token = ana.token.clone().unwrap();
    let setup = server.kill();
    let server = setup.start();
    let ana = Api::guest(&server).with(&token);
    assert_eq!(say(&ana, "a", &json!({"text": "uma vez"})).ok(201), first);
    assert_eq!(seqs(&ana.get(path).ok(200)).len(), 2);
}
