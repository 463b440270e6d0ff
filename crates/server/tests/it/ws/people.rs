//! Accounts over WebSocket.

use serde_json::json;

use super::client::Ws;
use crate::harness::Server;

#[test]
fn one_registers_logs_out_and_in_again() {
    let server = Server::start(&[]);
    let mut ana = Ws::open(&server);
    let password = "correct horse battery";
    let register = |password| json!({"do": "register", "account": "ana", "password": password});
    assert_eq!(ana.no(register("curta")), "bad-password");
    assert_eq!(ana.no(json!({"do": "log-out"})), "not-logged-in");
    let made = ana.ok(register(password));
    assert_eq!((&made["account"], &made["number"]), (&json!("ana"), &json!(1)));
    assert_eq!(ana.no(register(password)), "already-logged-in");
    let me = ana.ok(json!({"do": "me"}));
    assert_eq!((&me["account"], &me["number"]), (&json!("ana"), &json!(1)));

    let mut bia = Ws::open(&server);
    assert_eq!(bia.no(register(password)), "account-taken");
    let token = json!({"do": "log-in", "token": made["token"]});
    assert_eq!(bia.ok(token.clone()), json!({"account": "ana", "number": 1}));
    assert_eq!(bia.ok(json!({"do": "log-out"})), json!({}));
    assert_eq!(bia.no(token), "log-in-failed", "the token was ended with the login");
    let log_in = |password| json!({"do": "log-in", "account": "ana", "password": password});
    assert_eq!(bia.no(log_in("something else")), "log-in-failed");
    assert!(bia.ok(log_in(password))["token"].is_string());
}
