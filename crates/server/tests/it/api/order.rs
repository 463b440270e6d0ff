//! Keeping order by requests, and being kept in order.

use serde_json::json;

use super::client::Api;
use crate::harness::Server;
use crate::ws::client::Ws;

fn order(api: &Api<'_>, body: &serde_json::Value) -> super::client::Answer {
    api.post("/rooms/sala/moderation", body)
}

#[test]
fn who_is_put_out_is_told_and_kept_out() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let mut bia = Ws::enters(&server, "sala", "bia");
    order(&ana, &json!({"do": "kick", "nick": "bia", "reason": "spam"})).ok(204);
    assert_eq!(bia.event()["ev"], json!("put-out"));
    bia.ok(json!({"do": "enter", "room": "sala", "nick": "bia"}));
    order(&ana, &json!({"do": "ban", "nick": "bia", "for_ms": 600_000})).ok(204);
    assert_eq!(bia.no(json!({"do": "enter", "room": "sala", "nick": "bia"})), "banned");
    let force = ana.get("/rooms/sala/moderation").ok(200);
    assert_eq!(
        (&force["bans"][0]["nick"], &force["bans"][0]["by"]["nick"]),
        (&json!("bia"), &json!("ana"))
    );
    order(&ana, &json!({"do": "unban", "nick": "bia"})).ok(204);
    bia.ok(json!({"do": "enter", "room": "sala", "nick": "bia"}));
    assert_eq!(order(&ana, &json!({"do": "unban", "nick": "bia"})).no(409), "nothing-to-undo");
    assert_eq!(order(&ana, &json!({"do": "kick", "nick": "caio"})).no(404), "no-nick");
    assert_eq!(
        order(&ana, &json!({"do": "role", "nick": "bia", "role": "owner"})).no(404),
        "no-account"
    );
}

#[test]
fn what_holds_for_a_session_holds_for_a_request() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    // Whose nick belongs to an account is known by what she does.
    bia.says("sala", "oi");
    let say = || bia.post("/rooms/sala/messages", &json!({"text": "x"}));
    order(&ana, &json!({"do": "mute", "nick": "bia", "for_ms": 600_000, "reason": "calma"}))
        .ok(204);
    let muted = say();
    assert_eq!(muted.no(403), "muted");
    assert_eq!((&muted.json()["nick"], &muted.json()["reason"]), (&json!("ana"), &json!("calma")));
    bia.get("/rooms/sala/messages").ok(200);
    order(&ana, &json!({"do": "unmute", "nick": "bia"})).ok(204);
    order(&ana, &json!({"do": "filter", "pattern": "feio"})).ok(204);
    let filtered = bia.post("/rooms/sala/messages", &json!({"text": "que feio"}));
    assert_eq!(filtered.no(422), "filtered");
    ana.patch("/rooms/sala", &json!({"seconds": 100})).ok(204);
    say().ok(201);
    let slow = say();
    assert_eq!(slow.no(429), "slow-mode");
    let wait: u64 = slow.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=100).contains(&wait), "{wait}");
    order(&ana, &json!({"do": "ban", "nick": "bia"})).ok(204);
    assert_eq!(say().no(403), "banned");
    assert_eq!(bia.get("/rooms/sala/messages").no(403), "banned");
    assert_eq!(bia.get("/rooms/sala/events").no(403), "banned");
    assert_eq!(bia.get("/rooms/sala").no(403), "banned");
}

#[test]
fn each_role_has_its_rights_and_no_more() {
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    // The first administers the server and is no measure of anything.
    Api::registers(&server, "chefe");
    let people = ["dona", "modera", "membro"].map(|nick| Api::registers(&server, nick));
    let [owner, moderator, member] = &people;
    owner.makes("sala");
    for (person, number) in [(moderator, "m"), (member, "n")] {
        person.says("sala", number);
    }
    order(owner, &json!({"do": "role", "nick": "modera", "role": "moderator"})).ok(204);
    let asked = [
        (json!({"do": "mute", "nick": "zeca"}), [true, true, false]),
        (json!({"do": "ban", "addresses": "192.0.2.0/24"}), [true, true, false]),
        (json!({"do": "filter", "pattern": "feio"}), [true, true, false]),
        (json!({"do": "role", "nick": "membro", "role": "member"}), [true, true, false]),
        (json!({"do": "role", "nick": "membro", "role": "moderator"}), [true, false, false]),
        (json!({"do": "mute", "nick": "dona"}), [false, false, false]),
    ];
    for (body, may) in asked {
        for (person, may) in people.iter().zip(may).rev() {
            let answer = order(person, &body);
            if may {
                answer.ok(204);
            } else {
                assert_eq!(answer.no(403), "not-allowed", "{body}");
            }
        }
        if body["role"] == json!("moderator") {
            order(owner, &json!({"do": "role", "nick": "membro", "role": "guest"})).ok(204);
        }
    }
    for path in ["moderation", "links", "hooks"] {
        let path = format!("/rooms/sala/{path}");
        owner.get(&path).ok(200);
        moderator.get(&path).ok(200);
        assert_eq!(member.get(&path).no(403), "not-allowed", "{path}");
    }
    for path in ["links", "hooks"] {
        let path = format!("/rooms/sala/{path}");
        moderator.post(&path, &json!({})).ok(201);
        assert_eq!(member.post(&path, &json!({})).no(403), "not-allowed", "{path}");
        assert_eq!(member.delete(&format!("{path}/1")).no(403), "not-allowed", "{path}");
    }
}

#[test]
fn those_who_keep_order_see_what_was_done_and_said() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    let seq = bia.says("sala", "primeiro");
    bia.says("sala", "segundo");
    ana.says("sala", "da ana");
    bia.patch(&format!("/rooms/sala/messages/{seq}"), &json!({"text": "corrigido"})).ok(204);
    let earlier = format!("/rooms/sala/messages/{seq}/earlier");
    let texts = ana.get(&earlier).ok(200)["texts"].clone();
    assert_eq!((&texts[0]["text"], &texts[1]["text"]), (&json!("primeiro"), &json!("corrigido")));
    for path in [earlier.as_str(), "/rooms/sala/audit", "/rooms/sala/moderation"] {
        assert_eq!(bia.get(path).no(403), "not-allowed", "{path}");
    }
    let purge = json!({"do": "purge", "nick": "bia"});
    assert_eq!(order(&bia, &json!({"do": "purge", "nick": "ana"})).no(403), "not-allowed");
    order(&ana, &purge).ok(204);
    order(&ana, &purge).ok(204);
    let left = ana.get("/rooms/sala/messages").ok(200);
    let texts: Vec<_> =
        left["messages"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, [&json!(null), &json!(null), &json!("da ana")]);
    assert_eq!(ana.get(&earlier).no(404), "no-message");
    let audit = ana.get("/rooms/sala/audit?limit=1").ok(200);
    assert_eq!((&audit["entries"][0]["measure"], &audit["more"]), (&json!("purged"), &json!(true)));
    let before = format!("/rooms/sala/audit?before={}", audit["entries"][0]["seq"]);
    assert_eq!(ana.get(&before).ok(200)["entries"][0]["measure"], json!("role"));
}

#[test]
fn orders_that_are_none() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    for (body, code) in [
        (json!({"do": "nada"}), "unknown-verb"),
        (json!({"do": "ban"}), "missing-field"),
        (json!({"do": "ban", "nick": "bia", "addresses": "::/8"}), "unknown-field"),
        (json!({"do": "ban", "addresses": "aqui"}), "bad-field"),
        (json!({"do": "role", "nick": "bia", "role": "rei"}), "bad-field"),
        (json!({"do": "filter", "pattern": "("}), "bad-pattern"),
        (json!({"do": "mute", "nick": "bia", "for_ms": 0}), "bad-field"),
    ] {
        assert_eq!(order(&ana, &body).no(400), code, "{body}");
    }
}
