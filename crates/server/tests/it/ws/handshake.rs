//! Who may open a WebSocket, and how it is agreed on.

use super::client::{Ws, handshake, opening};
use crate::harness::Server;

#[test]
fn what_is_no_good_handshake_is_refused_as_http() {
    let server = Server::start(&[]);
    let addr = server.addr();
    let good = opening(addr, "");
    for (headers, status) in [
        (good.clone(), 101),
        (opening(addr, "Sec-WebSocket-Protocol: chat, papo.v1\n"), 101),
        (opening(addr, "Sec-WebSocket-Protocol: papo.v2\n"), 400),
        (opening(addr, "Sec-WebSocket-Extensions: a b\n"), 400),
        (opening(addr, &format!("Origin: http://{addr}\n")), 101),
        (opening(addr, "Origin: http://evil.example\n"), 403),
        (opening(addr, "Origin: null\n"), 403),
        (good.replace("Version: 13", "Version: 8"), 426),
        (good.replace("GET", "POST"), 405),
        (good.replace("dGhl", "!"), 400),
        (good.replace("Upgrade: websocket\n", ""), 426),
        (good.replace(&format!("Host: {addr}\n"), ""), 400),
        (good.replace("/ws", "/wss"), 404),
    ] {
        let (_, head, _) = handshake(addr, &headers);
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{headers}\n{head}");
    }
    // And HTTP goes on.
    let (_, head, _) = handshake(addr, &format!("GET /healthz HTTP/1.1\nHost: {addr}\n\n"));
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
}

#[test]
fn an_operator_may_trust_other_pages() {
    let server = Server::start(&["--set", "http.origins=https://chat.example.org"]);
    let addr = server.addr();
    for (origin, status) in
        [("https://chat.example.org", 101), ("http://chat.example.org", 403), ("null", 403)]
    {
        let (_, head, _) = handshake(addr, &opening(addr, &format!("Origin: {origin}\n")));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{origin}\n{head}");
    }
}

#[test]
fn a_full_server_says_so_as_http() {
    let server = Server::start(&["--max", "1"]);
    let _one = Ws::open(&server);
    let (_, head, _) = handshake(server.addr(), &opening(server.addr(), ""));
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
}

#[test]
fn what_comes_with_the_handshake_is_heard() {
    let server = Server::start(&[]);
    let text = r#"{"id":1,"do":"me"}"#;
    let mut raw = opening(server.addr(), "").replace('\n', "\r\n").into_bytes();
    raw.extend([0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0]);
    raw.extend(text.as_bytes());
    let mut ws = Ws::open_raw(server.addr(), &raw);
    assert_eq!(ws.message()["re"], 1);
}
