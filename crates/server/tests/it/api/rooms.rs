//! Rooms: made, listed, set, and hidden from whom they are.

use serde_json::json;

use super::client::Api;
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::ws::client::Ws;

#[test]
fn a_room_is_made_without_entering_it_and_listed() {
    let server = Server::start(&[]);
    let (ana, guest) = (Api::registers(&server, "ana"), Api::guest(&server));
    let create = |room: &str, capacity: u64| {
        ana.post("/rooms", &json!({"room": room, "capacity": capacity}))
    };
    let made = create("Régua", 5);
    assert_eq!(made.header("location"), Some("/api/v1/rooms/R%C3%A9gua"));
    let room = json!({
        "room": "Régua", "topic": null, "visibility": "public", "present": 0, "capacity": 5,
        "seconds": 0, "raid": false, "messages": 0, "days": 0, "role": "owner", "seq": 2,
    });
    assert_eq!(made.ok(201), room);
    assert_eq!(ana.get("/rooms/r%C3%A9gua").ok(200), room);
    assert_eq!(create("régua", 5).no(409), "room-exists");
    assert_eq!(create("outra", 0).no(400), "bad-capacity");
    assert_eq!(create("a b", 1).no(400), "bad-field");
    let listed = json!({"room": "Régua", "present": 0, "capacity": 5});
    assert_eq!(guest.get("/rooms").ok(200), json!({"rooms": [listed], "more": 0}));
    ana.patch("/rooms/régua", &json!({"topic": "medir"})).ok(204);
    assert_eq!(guest.get("/rooms").ok(200)["rooms"][0]["topic"], "medir");
    assert_eq!(ana.get("/rooms/nada").no(404), "no-room");

    let mut bia = Ws::enters(&server, "régua", "bia");
    assert_eq!(
        ana.get("/rooms/régua".replace('é', "%C3%A9").as_str()).ok(200)["present"],
        json!(1)
    );
    let members = ana.get("/rooms/r%C3%A9gua/members").ok(200);
    assert_eq!(members, json!({"members": [{"nick": "bia", "role": "guest"}], "more": 0}));
    assert_eq!(bia.ok(json!({"do": "members", "room": "régua"})), members);
}

#[test]
fn one_thing_is_set_by_those_with_the_right() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    let mut seen = ana.stream("sala", "", "");
    for (body, seen_as) in [
        (json!({"topic": "aula 7"}), json!({"ev": "topic", "topic": "aula 7"})),
        (json!({"topic": null}), json!({"ev": "topic", "topic": null})),
        (json!({"capacity": 9}), json!({"ev": "moderated", "capacity": 9})),
        (json!({"seconds": 10}), json!({"ev": "moderated", "seconds": 10})),
        (json!({"raid": true}), json!({"ev": "moderated", "on": true})),
        (json!({"days": 30}), json!({"ev": "moderated", "days": 30})),
        (json!({"visibility": "unlisted"}), json!({"ev": "moderated", "visibility": "unlisted"})),
    ] {
        ana.patch("/rooms/sala", &body).ok(204);
        let event = seen.next().unwrap();
        for (field, value) in seen_as.as_object().unwrap() {
            assert_eq!(event[field], *value, "{event}");
        }
    }
    let room = ana.get("/rooms/sala").ok(200);
    assert_eq!((&room["capacity"], &room["seconds"]), (&json!(9), &json!(10)));
    assert_eq!((&room["raid"], &room["visibility"]), (&json!(true), &json!("unlisted")));
    // Whoever is in the room may set the topic; the rest is for its owner.
    bia.patch("/rooms/sala", &json!({"topic": "da bia"})).ok(204);
    for body in [json!({"capacity": 3}), json!({"raid": false}), json!({"visibility": "public"})] {
        assert_eq!(bia.patch("/rooms/sala", &body).no(403), "not-allowed");
    }
    for (body, code) in [
        (json!({"capacity": 0}), "bad-capacity"),
        (json!({"seconds": 1_000_000}), "bad-slow-mode"),
        (json!({"topic": " "}), "bad-field"),
        (json!({"topic": "a", "raid": true}), "unknown-field"),
        (json!({}), "missing-field"),
    ] {
        assert_eq!(ana.patch("/rooms/sala", &body).no(400), code, "{body}");
    }
}

/// Every way to ask about a room is answered as if there were none.
#[test]
fn a_private_room_is_as_one_that_is_not_there() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    // The first account administers the server, and may see everything.
    let admin = Api::registers(&server, "chefe");
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    let private = json!({"room": "secreta", "capacity": 5, "visibility": "private"});
    ana.post("/rooms", &private).ok(201);
    ana.says("secreta", "ninguém sabe");
    let link = ana.post("/rooms/secreta/links", &json!({})).ok(201);

    let ways = [
        ("GET", "", None),
        ("PATCH", "", Some(r#"{"topic":"x"}"#)),
        ("PATCH", "", Some(r#"{"raid":true}"#)),
        ("GET", "/members", None),
        ("GET", "/messages", None),
        ("POST", "/messages", Some(r#"{"text":"oi"}"#)),
        ("POST", "/messages", Some(r#"{"text":"oi","key":"k"}"#)),
        ("POST", "/messages", Some(r#"{"text":"oi","reply":3}"#)),
        ("GET", "/messages/3", None),
        ("PATCH", "/messages/3", Some(r#"{"text":"x"}"#)),
        ("DELETE", "/messages/3", None),
        ("PUT", "/messages/3/pin", None),
        ("DELETE", "/messages/3/pin", None),
        ("PUT", "/messages/3/reactions/%F0%9F%91%8D", None),
        ("DELETE", "/messages/3/reactions/%F0%9F%91%8D", None),
        ("GET", "/pins", None),
        ("GET", "/search?words=sabe", None),
        ("GET", "/events", None),
        ("GET", "/events?after=0", None),
        ("GET", "/moderation", None),
        ("GET", "/audit", None),
        ("GET", "/messages/3/earlier", None),
        ("POST", "/moderation", Some(r#"{"do":"purge","nick":"ana"}"#)),
        ("POST", "/moderation", Some(r#"{"do":"kick","nick":"ana"}"#)),
        ("GET", "/links", None),
        ("POST", "/links", Some("{}")),
        ("DELETE", &format!("/links/{}", link["number"]), None),
        ("GET", "/hooks", None),
        ("POST", "/hooks", Some("{}")),
        ("DELETE", "/hooks/1", None),
    ];
    for (method, path, body) in ways {
        let ask = |room: &str| bia.ask(method, &format!("/rooms/{room}{path}"), "", body);
        let (secret, absent) = (ask("secreta"), ask("ausente"));
        assert_eq!(secret.no(404), "no-room", "{method} {path}");
        assert_eq!(secret.text.replace("secreta", "ausente"), absent.text, "{method} {path}");
    }
    let listed = |api: &Api<'_>| api.get("/rooms").ok(200)["rooms"].as_array().unwrap().len();
    assert_eq!((listed(&bia), listed(&Api::guest(&server))), (0, 0));
    admin.get("/rooms/secreta").ok(200);
    ana.post("/rooms/secreta/moderation", &json!({"do": "role", "nick": "bia", "role": "member"}))
        .ok(204);
    let found = bia.get("/rooms/secreta/search?words=sabe").ok(200);
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
}

#[test]
fn the_list_tells_an_account_its_rooms_of_two_and_what_it_has_not_read() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    ana.makes("sala");
    let listed = |api: &Api<'_>| api.get("/rooms").ok(200);
    let seq = bia.says("sala", "um");
    bia.says("sala", "dois, @ana");
    let guest = listed(&Api::guest(&server));
    assert_eq!((guest.get("direct"), guest.get("unread")), (None, None));
    let hers = listed(&ana);
    assert_eq!((&hers["direct"], &hers["unread"]), (&json!([]), &json!([])), "no marker yet");
    assert_eq!(hers["rooms"], guest["rooms"]);
    let mut device = Ws::open(&server);
    device.ok(json!({"do": "log-in", "token": ana.token}));
    ana.put(&format!("/rooms/sala/read/{seq}")).ok(204);
    assert_eq!(device.expect("read"), json!({"ev": "read", "room": "sala", "seq": seq}));
    device.ok(json!({"do": "direct", "nick": "bia"}));
    device.ok(json!({"do": "say", "room": "@1-2", "text": "oi"}));
    let unread = |read: u64, messages: u64, mentions: u64| {
        let (read, messages, mentions) = (json!(read), json!(messages), json!(mentions));
        json!({"read": read, "messages": messages, "mentions": mentions})
    };
    let hers = listed(&bia);
    assert_eq!(hers["direct"], json!([{"room": "@1-2", "nick": "ana"}]));
    assert_eq!(hers["unread"], json!([{"room": "@1-2", "unread": unread(0, 1, 0)}]));
    let hers = listed(&ana);
    assert_eq!(hers["direct"], json!([{"room": "@1-2", "nick": "bia"}]));
    let of_sala = json!({"room": "sala", "unread": unread(seq, 1, 1)});
    assert_eq!(hers["unread"][1], of_sala, "{hers}");
    // Not beyond the end, and not in rooms that are not there for one.
    ana.put("/rooms/sala/read/9000").ok(204);
    assert_eq!(listed(&ana)["unread"][1]["unread"], unread(seq + 1, 0, 0));
    assert_eq!(ana.put("/rooms/nenhuma/read/1").no(404), "no-room");
    assert_eq!(Api::guest(&server).put("/rooms/sala/read/1").no(401), "not-logged-in");
    assert_eq!(Api::guest(&server).with("papo_x").get("/rooms").no(401), "log-in-failed");
}
