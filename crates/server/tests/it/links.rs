//! Guest links: made by those who may, entered by those who have them, and silent to all others.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::harness::{NO_FLOOD_CONTROL, Server};
use crate::http;
use crate::ws::client::Ws;

const ROOM: &str = "segredo";

/// A token of the right form that nobody has been given.
const NOBODYS: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// The owner of a private room, logged in.
fn owner(server: &Server) -> Ws {
    let mut ana = Ws::open(server);
    ana.ok(json!({"do": "register", "account": "ana", "password": "correct horse battery"}));
    ana.ok(json!({"do": "create", "room": ROOM, "capacity": 9, "visibility": "private"}));
    ana
}

/// Makes a link; its number, and its token.
fn link(owner: &mut Ws, mut wanted: Value) -> (u64, String) {
    (wanted["do"], wanted["room"]) = ("make-link".into(), ROOM.into());
    let made = owner.ok(wanted);
    let path = made["link"].as_str().unwrap();
    (made["number"].as_u64().unwrap(), path.strip_prefix("/i/").unwrap().to_owned())
}

fn enter(token: &str, nick: &str) -> Value {
    json!({"do": "enter", "link": token, "nick": nick})
}

fn uses_left(owner: &mut Ws, number: u64) -> Value {
    let links = owner.ok(json!({"do": "links", "room": ROOM}));
    let mut links = links["links"].as_array().unwrap().iter();
    links.find(|link| link["number"] == number).unwrap()["uses"].clone()
}

#[test]
fn a_guest_comes_into_a_private_room_by_a_link() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = owner(&server);
    let (number, token) = link(&mut ana, json!({"uses": 3, "capacity": 2}));
    let mut eva = Ws::open(&server);
    assert_eq!(eva.no(json!({"do": "enter", "room": ROOM, "nick": "eva"})), "no-room");
    assert_eq!(eva.no(json!({"do": "enter", "link": token})), "nick-needed");
    let entered = eva.ok(enter(&format!("http://papo.example/i/{token}"), "eva"));
    assert_eq!((&entered["room"], &entered["present"]), (&json!(ROOM), &json!(2)));
    assert_eq!(ana.expect("entered")["by"]["nick"], "eva");
    eva.ok(json!({"do": "say", "room": ROOM, "text": "oi"}));
    for client in [&mut ana, &mut eva] {
        assert_eq!(client.expect("said")["text"], "oi");
    }
    assert_eq!(uses_left(&mut ana, number), 2);
    // Of one connection it is one use: while she is in, and when she comes again.
    eva.ok(enter(&token, "eva"));
    eva.ok(json!({"do": "leave", "room": ROOM}));
    assert_eq!(eva.no(json!({"do": "enter", "room": ROOM})), "no-room");
    let entered = eva.ok(json!({"do": "enter", "link": token, "after": 0}));
    assert_eq!(entered["room"], ROOM);
    assert_eq!(eva.expect("created")["room"], ROOM, "what she missed");
    assert_eq!(uses_left(&mut ana, number), 2);
    // She is no more than a guest there.
    assert_eq!(eva.no(json!({"do": "links", "room": ROOM})), "not-allowed");
    assert_eq!(eva.no(json!({"do": "revoke-link", "room": ROOM, "number": number})), "not-allowed");
    assert_eq!(eva.no(json!({"do": "kick", "room": ROOM, "nick": "ana"})), "not-allowed");
    // Who comes by another connection takes another.
    drop(eva);
    let mut eva = Ws::open(&server);
    while eva.no_or_ok(enter(&token, "eva")).is_err() {}
    assert_eq!(uses_left(&mut ana, number), 1);
}

#[test]
fn every_bound_holds_on_both_sides() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = owner(&server);
    let (mut eva, mut duda) = (Ws::open(&server), Ws::open(&server));
    // One at a time: who is refused has used nothing up.
    let (number, token) = link(&mut ana, json!({"capacity": 1, "uses": 2}));
    eva.ok(enter(&token, "eva"));
    assert_eq!(duda.no(enter(&token, "duda")), "link-full");
    assert_eq!(uses_left(&mut ana, number), 1);
    assert_eq!(duda.no(enter(&token, "eva")), "nick-taken");
    assert_eq!(uses_left(&mut ana, number), 1);
    eva.ok(json!({"do": "leave", "room": ROOM}));
    duda.ok(enter(&token, "duda"));
    assert_eq!(uses_left(&mut ana, number), 0);
    // Used up, but for who has come by it.
    duda.ok(json!({"do": "leave", "room": ROOM}));
    let mut caio = Ws::open(&server);
    assert_eq!(caio.no(enter(&token, "caio")), "link-used-up");
    eva.ok(enter(&token, "eva"));
    // Over: also for who has come by it.
    let (_, token) = link(&mut ana, json!({"for_ms": 3_600_000}));
    duda.ok(enter(&token, "duda"));
    let (_, token) = link(&mut ana, json!({"for_ms": 1}));
    let made = Instant::now();
    while made.elapsed() < Duration::from_millis(2) {
        caio.ok(json!({"do": "me"}));
    }
    assert_eq!(caio.no(enter(&token, "caio")), "link-expired");
    // Nothing is made for nobody.
    for wanted in ["capacity", "uses", "for_ms"] {
        let mut none = json!({"do": "make-link", "room": ROOM});
        none[wanted] = 0.into();
        assert_eq!(ana.no(none), "bad-field", "{wanted}");
    }
    for role in ["moderator", "owner"] {
        let more = json!({"do": "make-link", "room": ROOM, "role": role});
        assert_eq!(ana.no(more), "bad-field", "{role}");
    }
}

#[test]
fn a_link_gives_a_members_place_where_it_says_so() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = owner(&server);
    let (_, as_guest) = link(&mut ana, json!({}));
    let (_, as_member) = link(&mut ana, json!({"role": "member"}));
    ana.ok(json!({"do": "raid", "room": ROOM}));
    let mut eva = Ws::open(&server);
    assert_eq!(eva.no(enter(&as_guest, "eva")), "no-guests");
    eva.ok(enter(&as_member, "eva"));
    let members = eva.ok(json!({"do": "members", "room": ROOM}));
    assert_eq!(members["members"][1], json!({"nick": "eva", "role": "member"}));
    eva.ok(json!({"do": "say", "room": ROOM, "text": "oi"}));
    eva.expect("said");
    assert_eq!(eva.no(json!({"do": "make-link", "room": ROOM})), "not-logged-in");
    // A ban is above any link.
    ana.ok(json!({"do": "ban", "room": ROOM, "nick": "eva"}));
    assert_eq!(eva.expect("put-out")["room"], ROOM);
    assert_eq!(eva.no(enter(&as_member, "eva")), "banned");
}

/// The answers to a token, word for word.
fn answers(client: &mut Ws, token: &str) -> Vec<Value> {
    let questions = [enter(token, "eva"), json!({"do": "enter", "link": token, "nick": "ana"})];
    let mut no = |question| {
        let id = client.ask(question);
        client.answer(id)["no"].clone()
    };
    questions.into_iter().map(&mut no).collect()
}

#[test]
fn who_has_no_good_link_learns_nothing() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = owner(&server);
    let (number, revoked) = link(&mut ana, json!({}));
    let mut inside = Ws::open(&server);
    inside.ok(enter(&revoked, "bia"));
    ana.ok(json!({"do": "revoke-link", "room": ROOM, "number": number}));
    assert_eq!(ana.no(json!({"do": "revoke-link", "room": ROOM, "number": number})), "no-link");
    assert_eq!(ana.no(json!({"do": "revoke-link", "room": ROOM, "number": 99})), "no-link");
    // Who is in stays.
    inside.ok(json!({"do": "say", "room": ROOM, "text": "oi"}));
    let (_, used_up) = link(&mut ana, json!({"uses": 1}));
    Ws::open(&server).ok(enter(&used_up, "rui"));
    let mut eva = Ws::open(&server);
    let unknown = answers(&mut eva, NOBODYS);
    assert_eq!(unknown[0]["code"], "no-link");
    assert_eq!(answers(&mut eva, &revoked), unknown);
    for nonsense in ["", "x", "/i/", "segredo", "/i/../../etc", &"A".repeat(512)] {
        assert_eq!(answers(&mut eva, nonsense), unknown, "{nonsense:?}");
    }
    let used_up = answers(&mut eva, &used_up);
    assert_eq!(used_up[0]["code"], "link-used-up");
    for answer in [unknown, used_up].concat() {
        let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["code", "message"], "{answer}");
        assert!(!answer.to_string().contains(ROOM), "{answer}");
    }
    // A line is told as little.
    let mut line = Client::connect(&server);
    for token in [NOBODYS, &revoked] {
        line.send(&format!("--JOIN /i/{token} eva"));
        line.expect("[ERRO] - Esse convite nao existe, ou nao vale mais");
    }
    // And the log of the server has no token.
    assert!(!server.said().contains(&revoked));
}

#[test]
fn a_line_makes_links_and_comes_in_by_them() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::connect(&server);
    ana.send("--LINK");
    ana.expect("[ERRO] - E necessario entrar em uma sala para utilizar o comando --LINK");
    ana.send("--CREATE sala 9 ana");
    ana.expect_ok();
    ana.send("--LINK");
    ana.expect("[ERRO] - Voce nao entrou em nenhuma conta");
    ana.send("--REGISTER correct horse battery");
    ana.expect_ok();
    ana.expect_tag("[INFO]");
    ana.send("--MODE private");
    ana.expect_ok();
    ana.send("--LINK 2h 1");
    let made = ana.expect_ok();
    let prefix = format!("Convite #1: http://{}/i/", server.addr());
    let token = made.strip_prefix(&prefix).unwrap_or_else(|| panic!("{made}")).to_owned();
    ana.expect(&format!("[INFO] - Para entrar por uma linha: --JOIN /i/{token} <NomeUsuario>"));
    ana.send("--LINKS");
    let links = ana.expect_list();
    assert!(links[0].starts_with("#1 - usos: 1, ate 2"), "{links:?}");
    let mut eva = Client::connect(&server);
    eva.send("--JOIN sala eva");
    eva.expect("[ERRO] - O canal sala nao existe");
    eva.send(&format!("--JOIN /i/{token} eva"));
    eva.expect("[OK] - Voce entrou no canal sala (2/9)");
    ana.expect_info_of("eva");
    eva.send("--LINK");
    eva.expect("[ERRO] - Voce nao entrou em nenhuma conta");
    eva.send("--LINKS");
    eva.expect("[ERRO] - Apenas quem modera o canal pode fazer isso");
    let mut duda = Client::connect(&server);
    duda.send(&format!("--JOIN {prefix}{token} duda").replace("Convite #1: ", ""));
    duda.expect("[ERRO] - O convite ja foi usado quantas vezes podia");
    ana.send("--UNLINK 1");
    ana.expect("[OK] - Convite #1 cancelado");
    ana.send("--UNLINK 1");
    ana.expect("[ERRO] - O canal nao tem o convite #1");
    duda.send(&format!("--JOIN /i/{token} duda"));
    duda.expect("[ERRO] - Esse convite nao existe, ou nao vale mais");
    eva.send("oi");
    ana.expect("[eva]: oi");
}

/// The page of a link, in English.
fn page(server: &Server, token: &str) -> http::Answer {
    http::ask(server, "GET", &format!("/i/{token}"), "Accept-Language: en\r\n")
}

#[test]
fn a_page_says_where_a_link_leads_to_or_why_nowhere() {
    let server = Server::start(&[&NO_FLOOD_CONTROL[..], &["--log-level", "debug"]].concat());
    let mut ana = owner(&server);
    let (number, token) = link(&mut ana, json!({"uses": 1}));
    for _ in 0..3 {
        let page = page(&server, &token);
        assert_eq!(page.status, 200);
        assert_eq!(page.field("cache-control"), Some("no-store"));
        assert_eq!(page.field("referrer-policy"), Some("no-referrer"));
        let text = page.text();
        for said in [
            &format!("<bdi>{ROOM}</bdi>"),
            &format!("<code>--JOIN /i/{token} ana</code>"),
            "<code>telnet papo.example 7777</code>",
            "<svg xmlns",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("<script") && !text.contains("{{"), "{text}");
    }
    let drawn = page(&server, &format!("{token}?qr"));
    assert_eq!((drawn.status, drawn.field("content-type")), (200, Some("image/svg+xml")));
    assert!(drawn.text().starts_with("<svg xmlns"), "{}", drawn.text());
    assert_eq!(drawn.field("cache-control"), Some("no-store"));
    assert_eq!(page(&server, &format!("{NOBODYS}?qr")).status, 404);
    // Looking at it used nothing up.
    assert_eq!(uses_left(&mut ana, number), 1);
    let post = http::ask(&server, "POST", &format!("/i/{token}"), "");
    assert_eq!((post.status, post.field("allow")), (405, Some("GET,HEAD")));
    Ws::open(&server).ok(enter(&token, "eva"));
    let used_up = page(&server, &token);
    assert_eq!(used_up.status, 410);
    assert!(used_up.text().contains("used as often as it may be"), "{}", used_up.text());
    ana.ok(json!({"do": "revoke-link", "room": ROOM, "number": number}));
    let unknown = page(&server, NOBODYS);
    assert_eq!(unknown.status, 404);
    let revoked = page(&server, &token);
    assert_eq!((revoked.status, revoked.text()), (404, unknown.text()));
    for nonsense in ["", "x", "a/b", "..", "%00", &"A".repeat(600)] {
        let other = page(&server, nonsense);
        assert_eq!((other.status, other.text()), (404, unknown.text()), "{nonsense}");
    }
    for page in [&used_up, &unknown] {
        assert!(!page.text().contains(ROOM), "{}", page.text());
        assert_eq!(page.field("cache-control"), Some("no-store"));
        assert_eq!(page.field("referrer-policy"), Some("no-referrer"));
    }
    // What is told of requests has no token in it.
    let said = server.said();
    assert!(said.contains("http request"), "{said}");
    assert!(!said.contains(&token) && !said.contains(NOBODYS), "{said}");
}
