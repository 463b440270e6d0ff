//! Accounts over WebSocket, and what the rooms make of them.

use serde_json::{Value, json};

use super::client::Ws;
use crate::admin::admin;
use crate::client::Client;
use crate::harness::{NO_FLOOD_CONTROL, Server};

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) fn register(account: &str) -> Value {
    json!({"do": "register", "account": account, "password": PASSWORD})
}

pub(crate) fn log_in(account: &str) -> Value {
    json!({"do": "log-in", "account": account, "password": PASSWORD})
}

fn enter(room: &str) -> Value {
    json!({"do": "enter", "room": room})
}

/// Opens and logs in with the token that came with a login.
pub(crate) fn again(server: &Server, login: &Value) -> Ws {
    let mut device = Ws::open(server);
    device.ok(json!({"do": "log-in", "token": login["token"]}));
    device
}

#[test]
fn one_registers_logs_out_and_in_again() {
    let server = Server::start(&[]);
    let mut ana = Ws::open(&server);
    let register = |password| json!({"do": "register", "account": "ana", "password": password});
    assert_eq!(ana.no(register("curta")), "bad-password");
    assert_eq!(ana.no(json!({"do": "log-out"})), "not-logged-in");
    let made = ana.ok(register(PASSWORD));
    assert_eq!((&made["account"], &made["number"]), (&json!("ana"), &json!(1)));
    assert_eq!(ana.no(register(PASSWORD)), "already-logged-in");
    let me = ana.ok(json!({"do": "me"}));
    let called = (&me["nick"], &me["account"], &me["number"]);
    assert_eq!(called, (&json!("ana"), &json!("ana"), &json!(1)));

    let mut bia = Ws::open(&server);
    assert_eq!(bia.no(register(PASSWORD)), "nick-taken", "she is called so just now");
    ana.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    assert_eq!(ana.ok(json!({"do": "log-out"})), json!({}));
    assert_eq!(ana.ok(json!({"do": "me"})), json!({"lang": "pt", "rooms": []}));
    assert_eq!(bia.no(register(PASSWORD)), "account-taken");
    let token = json!({"do": "log-in", "token": made["token"]});
    assert_eq!(bia.no(token), "log-in-failed", "the token was ended with the login");
    let log_in = |password| json!({"do": "log-in", "account": "ana", "password": password});
    assert_eq!(bia.no(log_in("something else")), "log-in-failed");
    let made = bia.ok(log_in(PASSWORD));
    let token = json!({"do": "log-in", "token": made["token"]});
    assert_eq!(ana.ok(token), json!({"account": "ana", "number": 1}));
}

#[test]
fn a_nick_is_its_accounts_alone_even_after_a_restart() {
    let server = Server::start(&[]);
    let mut ana = Ws::open(&server);
    ana.ok(register("ana"));
    ana.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let taken = json!({"do": "enter", "room": "sala", "nick": "ANA"});
    assert_eq!(Ws::open(&server).no(taken.clone()), "nick-owned");
    drop(ana);
    assert_eq!(Ws::open(&server).no(taken.clone()), "nick-owned", "she is not there");
    let setup = server.kill();
    let server = setup.start();
    assert_eq!(Ws::open(&server).no(taken), "nick-owned");
    let mut line = Client::connect(&server);
    line.send("--JOIN sala ana");
    line.expect("[ERRO] - O nome ana e de uma conta: entre nela com --LOGIN");
    let mut ana = Ws::open(&server);
    ana.ok(log_in("ana"));
    assert_eq!(ana.no(json!({"do": "enter", "room": "sala", "nick": "bia"})), "logged-in-as");
    assert_eq!(ana.ok(enter("sala"))["nick"], "ana");
    assert_eq!(ana.no(json!({"do": "rename", "nick": "bia"})), "logged-in-as");
}

#[test]
fn an_owner_takes_her_nick_back_from_guests() {
    let server = Server::start(&[]);
    let data = server.setup().data();
    let mut ws = Ws::creates(&server, "sala", "ana");
    let mut line = Client::connect(&server);
    line.send("--JOIN sala bia");
    line.expect_ok();
    for nick in ["ana", "bia"] {
        // The operator makes accounts of nicks that guests have.
        assert_eq!(admin(&data, &format!("create {nick}"), PASSWORD).code, Some(0));
    }
    let mut ana = Ws::open(&server);
    ana.ok(log_in("ana"));
    assert_eq!(ws.expect("entered")["by"]["nick"], "bia");
    let renamed = ws.expect("renamed");
    assert_eq!((&renamed["by"]["nick"], &renamed["nick"]), (&json!("ana"), &json!("ana-2")));
    assert_eq!(ws.expect("called")["nick"], "ana-2");
    assert_eq!(ws.ok(json!({"do": "me"}))["nick"], "ana-2");
    line.expect_info_of("ana-2");
    let mut bia = Ws::open(&server);
    bia.ok(log_in("bia"));
    line.expect("[INFO] - O nome bia e de uma conta, e quem a tem entrou: agora seu nome e bia-2");
    ana.ok(enter("sala"));
    line.expect_info_of("ana entrou");
    line.send("--LIST");
    assert_eq!(line.expect_list(), ["ana-2", "bia-2", "ana"]);
    line.send("oi");
    assert_eq!(ana.expect("said")["by"], json!({"nick": "bia-2"}));
}

#[test]
fn one_person_is_there_by_all_her_devices_once() {
    let server = Server::start(&[]);
    let mut one = Ws::open(&server);
    let login = one.ok(register("ana"));
    one.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut bia = Ws::enters(&server, "sala", "bia");
    let mut other = again(&server, &login);
    other.ok(enter("sala"));
    let owner = json!({"nick": "ana", "account": 1, "role": "owner", "admin": true});
    let guest = json!({"nick": "bia", "role": "guest"});
    let listed = json!({"members": [owner, guest], "more": 0});
    assert_eq!(bia.ok(json!({"do": "members", "room": "sala"})), listed);
    one.ok(json!({"do": "say", "room": "sala", "text": "oi"}));
    let said = bia.expect("said");
    assert_eq!(said["by"], json!({"nick": "ana", "account": 1}), "her coming again is not told");
    assert_eq!(other.expect("said")["by"], said["by"]);
    // A word to her is one to all her devices.
    bia.ok(json!({"do": "message", "nick": "ana", "text": "psiu"}));
    assert_eq!(other.expect("message")["text"], "psiu");
    for kind in ["entered", "said", "message"] {
        one.expect(kind);
    }
    one.ok(json!({"do": "leave", "room": "sala"}));
    let listed = json!({"members": [guest, owner], "more": 0});
    assert_eq!(bia.ok(json!({"do": "members", "room": "sala"})), listed);
    other.ok(json!({"do": "edit", "room": "sala", "seq": said["seq"], "text": "oi!"}));
    bia.expect("edited");
    other.ok(json!({"do": "leave", "room": "sala"}));
    assert_eq!(bia.expect("left")["by"], json!({"nick": "ana", "account": 1}));
}

#[test]
fn what_is_read_on_one_device_is_told_to_the_others() {
    let server = Server::start(&[]);
    let mut one = Ws::open(&server);
    let login = one.ok(register("ana"));
    one.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut other = again(&server, &login);
    one.ok(json!({"do": "read", "room": "sala", "seq": 2}));
    assert_eq!(other.event(), json!({"ev": "read", "room": "sala", "seq": 2}));
    // A marker does not go back.
    one.ok(json!({"do": "read", "room": "sala", "seq": 1}));
    assert_eq!(other.event(), json!({"ev": "read", "room": "sala", "seq": 2}));
}

#[test]
fn who_ends_a_token_ends_what_is_logged_in_with_it() {
    let server = Server::start(&[]);
    let data = server.setup().data();
    let mut one = Ws::open(&server);
    let login = one.ok(register("ana"));
    one.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut other = again(&server, &login);
    other.ok(enter("sala"));
    let mut elsewhere = Ws::open(&server);
    elsewhere.ok(log_in("ana"));
    elsewhere.ok(enter("sala"));
    one.ok(json!({"do": "log-out"}));
    other.expect("logged-out");
    assert_eq!(other.ok(json!({"do": "me"})), json!({"lang": "pt", "rooms": []}));
    assert_eq!(elsewhere.ok(json!({"do": "me"}))["rooms"], json!(["sala"]));
    // The operator, beside the running server.
    assert_eq!(admin(&data, "disable ana", "").code, Some(0));
    elsewhere.expect("logged-out");
    assert_eq!(elsewhere.no(log_in("ana")), "log-in-failed");
    assert_eq!(elsewhere.no(json!({"do": "enter", "room": "sala", "nick": "ana"})), "nick-owned");
    elsewhere.ok(json!({"do": "enter", "room": "sala", "nick": "caio"}));
}

#[test]
fn an_account_made_by_the_operator_owns_its_nick_soon() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let data = server.setup().data();
    let mut bia = Ws::creates(&server, "sala", "bia");
    assert_eq!(admin(&data, "create --admin ana", PASSWORD).code, Some(0));
    // The server looks every second.
    let rename = |nick| json!({"do": "rename", "nick": nick});
    while bia.no_or_ok(rename("ana")).is_ok() {
        bia.ok(rename("bia"));
    }
    assert_eq!(bia.no(rename("ana")), "nick-owned");
}

#[test]
fn roles_and_bans_are_of_accounts_and_administrators_are_above() {
    let server = Server::start(&[]);
    let data = server.setup().data();
    assert_eq!(admin(&data, "create chefe", PASSWORD).code, Some(0));
    let mut ana = Ws::open(&server);
    ana.ok(register("ana"));
    ana.ok(json!({"do": "create", "room": "sala", "capacity": 9}));
    let mut eva = Client::connect(&server);
    eva.send("--JOIN sala eva");
    eva.expect_ok();
    drop(ana);
    eva.expect_info_of("ana saiu");
    // She owns her room by her account, whatever the connection; an administrator is above her.
    let mut ana = Ws::open(&server);
    let login = ana.ok(log_in("ana"));
    let mut chefe = Ws::open(&server);
    chefe.ok(log_in("chefe"));
    chefe.ok(enter("sala"));
    eva.expect_info_of("chefe");
    ana.ok(enter("sala"));
    eva.expect_info_of("ana");
    chefe.ok(json!({"do": "topic", "room": "sala", "topic": "aula"}));
    eva.expect_info_of("aula");
    let mut device = again(&server, &login);
    device.ok(enter("sala"));
    assert_eq!(device.ok(json!({"do": "me"}))["rooms"], json!(["sala"]));
}
