//! The login of the browser client: a cookie that only the server's own pages may use, and only to
//! open a WebSocket or to end the login.

use serde_json::json;

use crate::api::client::{Answer, Api};
use crate::harness::Server;
use crate::ws::Ws;
use crate::ws::client::{handshake, opening};

/// What the server's own page says of itself.
fn own(server: &Server) -> String {
    format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", server.addr())
}

/// The cookie of an answer, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

/// Has the server keep a token in a cookie.
fn keep(api: &Api<'_>, server: &Server) -> String {
    let kept = api.ask("POST", "/session", &own(server), None);
    kept.ok(204);
    cookie(&kept)
}

/// A WebSocket, opened by a page with these headers.
fn opens(server: &Server, headers: &str) -> Ws {
    let more = format!("Sec-WebSocket-Protocol: papo.v1\n{headers}\n");
    let opening = opening(server.addr(), &more).replace('\n', "\r\n");
    Ws::open_raw(server.addr(), opening.as_bytes())
}

fn own_page(server: &Server, cookie: &str) -> Ws {
    opens(server, &format!("Origin: http://{}\nCookie: a=b; {cookie}", server.addr()))
}

#[test]
fn a_cookie_logs_every_tab_in_until_it_is_ended() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let kept = ana.ask("POST", "/session", &own(&server), None);
    kept.ok(204);
    let set = kept.header("set-cookie").unwrap();
    assert!(set.ends_with("; HttpOnly; SameSite=Strict"), "{set}");
    assert!(kept.text.is_empty());
    let cookie = cookie(&kept);
    let log_in = || json!({"do": "log-in", "cookie": true});
    let mut tabs = [own_page(&server, &cookie), own_page(&server, &cookie)];
    for tab in &mut tabs {
        assert_eq!(tab.ok(log_in()), json!({"account": "ana", "number": 1}));
        assert_eq!(tab.no(log_in()), "not-logged-in", "it was used");
    }
    tabs[1].ok(json!({"do": "create", "room": "sala", "capacity": 9}));

    let guest = Api::guest(&server);
    let gone =
        guest.ask("DELETE", "/session", &format!("{}Cookie: {cookie}\r\n", own(&server)), None);
    gone.ok(204);
    assert!(gone.header("set-cookie").unwrap().contains("papo-session=; Path=/; Max-Age=0;"));
    for tab in &mut tabs {
        while tab.event()["ev"] != "logged-out" {}
        assert!(tab.ok(json!({"do": "me"})).get("account").is_none());
    }
    assert_eq!(ana.get("/me").no(401), "log-in-failed", "the token is ended, not only the cookie");
    assert_eq!(own_page(&server, &cookie).no(log_in()), "log-in-failed");
    // Again, and without one: there is nothing left to end.
    guest.ask("DELETE", "/session", &format!("{}Cookie: {cookie}\r\n", own(&server)), None).ok(204);
    guest.ask("DELETE", "/session", &own(&server), None).ok(204);
}

#[test]
fn a_revoked_token_logs_nobody_in_by_its_cookie() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let cookie = keep(&ana, &server);
    let mut tab = own_page(&server, &cookie);
    tab.ok(json!({"do": "log-in", "cookie": true}));
    let number = ana.get("/me").ok(200)["token"].clone();
    ana.delete(&format!("/tokens/{number}")).ok(204);
    tab.expect("logged-out");
    let mut tab = own_page(&server, &cookie);
    assert_eq!(tab.no(json!({"do": "log-in", "cookie": true})), "log-in-failed");
}

#[test]
fn pages_of_other_origins_have_no_use_of_it() {
    let server = Server::start(&["--set", "http.origins=https://chat.example.org"]);
    let ana = Api::registers(&server, "ana");
    let cookie = keep(&ana, &server);
    let addr = server.addr();
    let host = addr.ip();
    for headers in [
        "Origin: https://chat.example.org".to_owned(),
        format!("Origin: http://{host}:1"),
        "Origin: null".to_owned(),
        format!("Origin: http://{addr}\nSec-Fetch-Site: same-site"),
        "Sec-Fetch-Site: cross-site".to_owned(),
        "Sec-Fetch-Site: none".to_owned(),
    ] {
        let lines = headers.replace('\n', "\r\n");
        let cookied = format!("{lines}\r\nCookie: {cookie}\r\n");
        for method in ["POST", "DELETE"] {
            let refused = ana.ask(method, "/session", &cookied, None);
            assert_eq!(refused.no(403), "not-own-page", "{method} {headers}");
            assert_eq!(refused.header("set-cookie"), None);
        }
    }
    // A trusted page opens a WebSocket, and is nobody by the cookie; so is what says no origin.
    for headers in ["Origin: https://chat.example.org\n", ""] {
        let mut page = opens(&server, &format!("{headers}Cookie: {cookie}"));
        assert_eq!(page.no(json!({"do": "log-in", "cookie": true})), "not-logged-in");
    }
    let evil = opening(addr, &format!("Origin: http://evil.example\nCookie: {cookie}\n"));
    assert!(handshake(addr, &evil).1.starts_with("HTTP/1.1 403 "));
    // No request of the API is made by it, from whatever page.
    let guest = Api::guest(&server);
    let cookied = format!("{}Cookie: {cookie}\r\n", own(&server));
    assert_eq!(guest.ask("GET", "/me", &cookied, None).no(401), "not-logged-in");
    assert_eq!(guest.ask("POST", "/session", &cookied, None).no(401), "not-logged-in");
    let room = r#"{"room":"sala","capacity":5}"#;
    assert_eq!(guest.ask("POST", "/rooms", &cookied, Some(room)).no(401), "not-logged-in");
    ana.get("/me").ok(200);
}

#[test]
fn over_tls_in_front_of_the_server_the_cookie_is_a_secure_one() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let own = format!("Origin: https://{}\r\n", server.addr());
    let kept = ana.ask("POST", "/session", &own, None);
    kept.ok(204);
    let set = kept.header("set-cookie").unwrap();
    assert!(set.starts_with("__Host-papo-session=papo_") && set.ends_with("; Secure"), "{set}");
    let headers = format!("Origin: https://{}\nCookie: {}", server.addr(), cookie(&kept));
    opens(&server, &headers).ok(json!({"do": "log-in", "cookie": true}));
}
