//! Accounts and tokens.

use serde_json::json;

use super::client::{Api, PASSWORD};
use crate::client::{Client, Wire};
use crate::harness::Server;
use crate::ws::client::Ws;

#[test]
fn one_registers_logs_in_and_is_told_who_one_is() {
    let server = Server::start(&[]);
    let guest = Api::guest(&server);
    let register = |nick: &str, password: &str| {
        guest.post("/accounts", &json!({"account": nick, "password": password}))
    };
    assert_eq!(register("ana", "curta").no(400), "bad-password");
    assert_eq!(register("a b", PASSWORD).no(400), "bad-field");
    let made = register("ana", PASSWORD).ok(201);
    assert_eq!((&made["account"], &made["number"]), (&json!("ana"), &json!(1)));
    assert_eq!(register("ANA", PASSWORD).no(409), "account-taken");

    let log_in =
        |password: &str| guest.post("/login", &json!({"account": "ana", "password": password}));
    assert_eq!(log_in("something else").no(401), "log-in-failed");
    assert_eq!(log_in("\u{1}").no(401), "log-in-failed");
    let token = log_in(PASSWORD).ok(201)["token"].as_str().unwrap().to_owned();
    let me = guest.with(&token).get("/me").ok(200);
    assert_eq!(me, json!({"account": "ana", "number": 1, "admin": true, "token": 2}));
    let person = guest.with(&token).get("/people/Ana").ok(200);
    assert_eq!((&person["account"], &person["number"]), (&json!("ana"), &json!(1)));
    assert_eq!(guest.with(&token).get("/people/bia").no(404), "no-account");
}

#[test]
fn what_takes_a_token_takes_a_good_one() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let guest = Api::guest(&server);
    for path in ["/me", "/tokens", "/people/ana", "/rooms/sala", "/rooms/sala/messages"] {
        let refused = guest.get(path);
        assert_eq!(refused.no(401), "not-logged-in", "{path}");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        let refused = guest.with("papo_nada").get(path);
        assert_eq!(refused.no(401), "log-in-failed", "{path}");
        assert!(refused.header("www-authenticate").unwrap().contains("invalid_token"));
    }
    let basic = guest.ask("GET", "/me", "Authorization: Basic YTpi\r\n", None);
    assert_eq!(basic.no(401), "not-logged-in");
    let token = ana.token.clone().unwrap();
    let scheme = guest.ask("GET", "/me", &format!("Authorization: bearer {token}\r\n"), None);
    scheme.ok(200);
    let twice = ana.ask("GET", "/me", &format!("Authorization: Bearer {token}\r\n"), None);
    assert_eq!(twice.no(400), "field-twice");
}

#[test]
fn tokens_are_made_listed_and_revoked_by_their_own_account() {
    let server = Server::start(&[]);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    let made = ana.post("/tokens", &json!({"client": "robô", "for_ms": 60_000})).ok(201);
    let robot = ana.with(made["token"].as_str().unwrap());
    robot.get("/me").ok(200);
    let tokens = ana.get("/tokens").ok(200)["tokens"].clone();
    assert_eq!(tokens.as_array().unwrap().len(), 2);
    assert_eq!((&tokens[0]["label"], &tokens[1]["label"]), (&json!("API"), &json!("robô")));
    let life = tokens[1]["expires_at"].as_u64().unwrap() - tokens[1]["at"].as_u64().unwrap();
    assert!(life.abs_diff(60_000) < 1000, "{tokens}");
    assert!(!tokens.to_string().contains("papo_"));

    let path = format!("/tokens/{}", made["number"]);
    assert_eq!(bia.delete(&path).no(404), "no-token");
    robot.get("/me").ok(200);
    ana.delete(&path).ok(204);
    assert_eq!(robot.get("/me").no(401), "log-in-failed");
    assert_eq!(ana.delete(&path).no(404), "no-token");

    let short = ana.post("/tokens", &json!({"for_ms": 1})).ok(201);
    let short = ana.with(short["token"].as_str().unwrap());
    while short.get("/me").status == 200 {}
    assert_eq!(short.get("/me").no(401), "log-in-failed");
    assert_eq!(ana.post("/tokens", &json!({"for_ms": 0})).no(400), "bad-field");
}

#[test]
fn an_account_has_so_many_tokens_and_a_further_one_never_ends_the_one_that_asks() {
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    let ana = Api::registers(&server, "ana");
    let first = ana.post("/tokens", &json!({})).ok(201);
    for _ in 2..64 {
        ana.post("/tokens", &json!({})).ok(201);
    }
    ana.with(first["token"].as_str().unwrap()).get("/me").ok(200);
    // Hers is the oldest, and the next oldest goes.
    ana.post("/tokens", &json!({})).ok(201);
    let tokens = ana.get("/tokens").ok(200)["tokens"].clone();
    assert_eq!((tokens.as_array().unwrap().len(), &tokens[0]["this"]), (64, &json!(true)));
    assert_eq!(ana.with(first["token"].as_str().unwrap()).get("/me").no(401), "log-in-failed");
}

#[test]
fn a_nick_is_free_or_its_account_and_ends_with_its_token() {
    let server = Server::start(&[]);
    let _guest = Ws::creates(&server, "sala", "bia");
    let guest = Api::guest(&server);
    let register = json!({"account": "bia", "password": PASSWORD});
    assert_eq!(guest.post("/accounts", &register).no(409), "nick-taken");
    let ana = Api::registers(&server, "ana");
    let made = ana.post("/tokens", &json!({})).ok(201);
    let mut device = Ws::open(&server);
    device.ok(json!({"do": "log-in", "token": made["token"]}));
    device.ok(json!({"do": "enter", "room": "sala"}));
    ana.delete(&format!("/tokens/{}", made["number"])).ok(204);
    assert_eq!(device.event()["ev"], json!("logged-out"));
    assert_eq!(device.ok(json!({"do": "me"}))["account"], json!(null));
}

/// As a client elsewhere would find it, without encryption.
#[test]
fn over_a_connection_that_others_can_read_no_secret_is_taken_by_any_protocol() {
    const REFUSED: &str = "[ERRO] - Isso so pode ser pedido por uma conexao cifrada ou local, ou \
                           das redes em accounts.private";
    let server = Server::start(&["--set", "accounts.private=192.0.2.0/24"]);
    let guest = Api::guest(&server);
    let password = json!({"account": "ana", "password": PASSWORD});
    for path in ["/accounts", "/login"] {
        assert_eq!(guest.post(path, &password).no(403), "not-encrypted");
    }
    let bearer = guest.with("papo_x");
    for path in ["/me", "/rooms"] {
        assert_eq!(bearer.get(path).no(403), "not-encrypted");
    }
    guest.get("/rooms").ok(200);
    let mut ws = Ws::open(&server);
    for request in [
        json!({"do": "register", "account": "ana", "password": PASSWORD}),
        json!({"do": "log-in", "account": "ana", "password": PASSWORD}),
        json!({"do": "log-in", "token": "papo_x"}),
    ] {
        assert_eq!(ws.no(request), "not-encrypted");
    }
    let mut line = Client::creates(&server, Wire::Whole, "sala", "ana");
    for request in [&format!("--REGISTER {PASSWORD}"), "--LOGIN ana x y z", "--LOGIN papo_x"] {
        line.send(request);
        line.expect(REFUSED);
    }
    // The operator has said that nobody listens there.
    let server = Server::start(&["--set", "accounts.private=192.0.2.0/24,127.0.0.1"]);
    Api::registers(&server, "ana").get("/me").ok(200);
}
