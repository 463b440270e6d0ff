//! Webhooks and guest links.

use serde_json::json;

use super::client::Api;
use crate::harness::Server;

/// Beneath the root of the API.
fn path(hook: &serde_json::Value) -> String {
    hook["hook"].as_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned()
}

#[test]
fn a_webhook_speaks_for_its_maker_until_it_is_revoked() {
    let server = Server::start(&[]);
    let (ana, guest) = (Api::registers(&server, "ana"), Api::guest(&server));
    ana.makes("sala");
    let made = ana.post("/rooms/sala/hooks", &json!({})).ok(201);
    let say = |text: &str| guest.post(&path(&made), &json!({"text": text}));
    let seq = say("verde").ok(201)["seq"].clone();
    let message = ana.get(&format!("/rooms/sala/messages/{seq}")).ok(200);
    assert_eq!((&message["text"], &message["by"]["nick"]), (&json!("verde"), &json!("ana")));
    let once = |_| {
        guest
            .ask("POST", &path(&made), "Idempotency-Key: k\r\n", Some(r#"{"text":"uma vez"}"#))
            .ok(201)
    };
    assert_eq!(once(1), once(2));
    assert_eq!(say(" ").no(400), "bad-field");

    let listed = ana.get("/rooms/sala/hooks").ok(200);
    assert_eq!(listed["hooks"][0]["number"], made["number"]);
    assert!(!listed.to_string().contains(&path(&made)["/hooks/".len()..]));
    assert_eq!(ana.get("/rooms/sala/links").ok(200), json!({"links": []}));
    let number = format!("/{}", made["number"]);
    assert_eq!(ana.delete(&format!("/rooms/sala/links{number}")).no(404), "no-link");
    ana.delete(&format!("/rooms/sala/hooks{number}")).ok(204);
    assert_eq!(say("x").no(404), "no-hook");
    assert_eq!(ana.delete(&format!("/rooms/sala/hooks{number}")).no(404), "no-hook");
    for token in ["nada", "AAAAAAAAAAAAAAAAAAAAAA", "%20"] {
        assert_eq!(
            guest.post(&format!("/hooks/{token}"), &json!({"text": "x"})).no(404),
            "no-hook"
        );
    }
}

#[test]
fn a_webhook_may_what_its_maker_may() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    bia.says("sala", "oi");
    let role = |role| {
        let body = json!({"do": "role", "nick": "bia", "role": role});
        ana.post("/rooms/sala/moderation", &body).ok(204);
    };
    role("moderator");
    let made = bia.post("/rooms/sala/hooks", &json!({})).ok(201);
    let say = || Api::guest(&server).post(&path(&made), &json!({"text": "x"}));
    say().ok(201);
    role("guest");
    ana.post("/rooms/sala/moderation", &json!({"do": "mute", "nick": "bia"})).ok(204);
    assert_eq!(say().no(403), "muted");
    ana.post("/rooms/sala/moderation", &json!({"do": "unmute", "nick": "bia"})).ok(204);
    ana.patch("/rooms/sala", &json!({"visibility": "private"})).ok(204);
    assert_eq!(say().no(404), "no-hook", "its maker does not know of the room any more");
}

#[test]
fn guest_links_are_made_listed_and_revoked() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let body = json!({"capacity": 4, "uses": 9, "for_ms": 60_000});
    let made = ana.post("/rooms/sala/links", &body).ok(201);
    let token = made["link"].as_str().unwrap().strip_prefix("/i/").unwrap().to_owned();
    assert_eq!(token.len(), 22);
    let listed = ana.get("/rooms/sala/links").ok(200)["links"][0].clone();
    assert_eq!((&listed["capacity"], &listed["uses"]), (&json!(4), &json!(9)));
    assert_eq!((&listed["revoked"], &listed["account"]), (&json!(false), &json!(1)));
    // A link is no webhook.
    let refused = ana.post(&format!("/hooks/{token}"), &json!({"text": "x"}));
    assert_eq!(refused.no(404), "no-hook");
    ana.delete(&format!("/rooms/sala/links/{}", made["number"])).ok(204);
    assert_eq!(ana.get("/rooms/sala/links").ok(200)["links"][0]["revoked"], json!(true));
    for body in [json!({"uses": 0}), json!({"capacity": 1.5}), json!({"for_ms": -1})] {
        assert_eq!(ana.post("/rooms/sala/links", &body).no(400), "bad-field", "{body}");
    }
    let too_large = json!({"uses": 4_294_967_296_u64});
    assert_eq!(ana.post("/rooms/sala/links", &too_large).no(400), "field-too-large");
}
