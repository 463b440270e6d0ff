//! Clients of other protocols on the same port: each is answered in its own, none is greeted.

use std::process::{Command, Stdio};

use crate::client::{Client, GREETING, Wire};
use crate::harness::{Server, over_both_wires};

over_both_wires!(
    a_tls_client_gets_an_alert,
    an_ssh_client_gets_a_disconnect_message,
    an_irc_client_gets_an_error,
    a_stun_client_gets_an_error_response,
    http_is_http,
    http2_is_http2,
    members_are_not_disturbed_by_any_of_them,
);

/// A TLS 1.2 `ClientHello` (RFC 5246, 7.4.1.2) with one cipher suite and no extensions.
fn client_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]); // random
    body.push(0); // no session to resume
    body.extend([0, 2, 0x00, 0x2f]); // TLS_RSA_WITH_AES_128_CBC_SHA
    body.extend([1, 0]); // no compression
    let mut hello = vec![22, 3, 1];
    hello.extend(u16::try_from(body.len() + 4).unwrap().to_be_bytes());
    hello.extend([1, 0]);
    hello.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
    hello.extend(body);
    hello
}

/// A STUN binding request (RFC 8489, 5) with this transaction.
fn binding_request(transaction: [u8; 12]) -> Vec<u8> {
    let mut request = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    request.extend(transaction);
    request
}

/// What the server says to these first bytes until it closes.
fn answer_to(server: &Server, wire: Wire, first: &[u8]) -> Vec<u8> {
    let mut client = Client::open(server.addr(), wire);
    client.send_raw(first);
    let answer = client.rest();
    assert!(!answer.is_empty(), "an answer to {first:?}");
    assert!(!String::from_utf8_lossy(&answer).contains(GREETING), "{answer:?}");
    answer
}

fn a_tls_client_gets_an_alert(wire: Wire) {
    let server = Server::start(&[]);
    let answer = answer_to(&server, wire, &client_hello());
    // RFC 5246, 6.2.1 and 7.2: an alert of two bytes, fatal.
    assert_eq!(answer[0], 21, "alert in {answer:?}");
    assert_eq!(answer[1], 3, "a version of TLS in {answer:?}");
    assert_eq!(&answer[3..6], [0, 2, 2], "a fatal alert in {answer:?}");
    assert_eq!(answer.len(), 7, "{answer:?}");
}

fn an_ssh_client_gets_a_disconnect_message(wire: Wire) {
    let server = Server::start(&[]);
    let answer = answer_to(&server, wire, b"SSH-2.0-OpenSSH_9.2\r\n");
    // RFC 4253, 4.2 and 11.1.
    let end = answer.windows(2).position(|two| two == b"\r\n").expect("an identification");
    assert!(answer.starts_with(b"SSH-2.0-"), "{answer:?}");
    let packet = &answer[end + 2..];
    let packet_bytes = u32::from_be_bytes(packet[..4].try_into().unwrap()) as usize;
    let padding_bytes = usize::from(packet[4]);
    assert_eq!(packet.len(), 4 + packet_bytes, "one whole packet");
    assert_eq!(packet.len() % 8, 0, "whole blocks");
    assert!(padding_bytes >= 4, "at least four bytes of padding");
    let payload = &packet[5..packet.len() - padding_bytes];
    assert_eq!(payload[0], 1, "SSH_MSG_DISCONNECT");
    let text_bytes = u32::from_be_bytes(payload[5..9].try_into().unwrap()) as usize;
    let text = std::str::from_utf8(&payload[9..9 + text_bytes]).unwrap();
    assert!(!text.is_empty(), "a description");
    assert!(payload.len() >= 9 + text_bytes + 4, "a language tag follows");
}

fn an_irc_client_gets_an_error(wire: Wire) {
    let server = Server::start(&[]);
    for first in [
        "NICK ana\r\nUSER ana 0 * :Ana\r\n",
        "USER ana 0 * :Ana\r\nNICK ana\r\n",
        "CAP LS 302\r\nNICK ana\r\nUSER ana 0 * :Ana\r\n",
        "PASS segredo\r\nNICK ana\r\nUSER ana 0 * :Ana\r\n",
        "NICK ana\nUSER ana 0 * :Ana\n",
    ] {
        let answer = answer_to(&server, wire, first.as_bytes());
        let answer = String::from_utf8(answer).unwrap();
        // RFC 2812, 3.7.4.
        assert!(answer.starts_with("ERROR :"), "{answer:?}");
        assert!(answer.ends_with("\r\n"), "{answer:?}");
        assert_eq!(answer.lines().count(), 1, "{answer:?}");
    }
}

fn a_stun_client_gets_an_error_response(wire: Wire) {
    let server = Server::start(&[]);
    let transaction = *b"papo-ensaio!";
    // Over TCP every message of ICE goes in a frame of two length bytes (RFC 4571, RFC 6544).
    let mut framed = vec![0, 20];
    framed.extend(binding_request(transaction));
    let mut client = Client::open(server.addr(), wire);
    client.send_raw(&framed);
    let length = client.bytes(2);
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    assert_error_response(&client.bytes(length), transaction);
}

fn assert_error_response(response: &[u8], transaction: [u8; 12]) {
    assert_eq!(response[..2], [0x01, 0x11], "a binding error response: {response:?}");
    assert_eq!(response[4..8], [0x21, 0x12, 0xa4, 0x42], "the magic cookie");
    assert_eq!(response[8..20], transaction);
    let length = usize::from(u16::from_be_bytes([response[2], response[3]]));
    assert_eq!(response.len(), 20 + length);
    assert_eq!(response[20..22], [0x00, 0x09], "ERROR-CODE comes first");
}

fn http_is_http(wire: Wire) {
    let server = Server::start(&[]);
    let request = b"GET / HTTP/1.1\r\nHost: papo\r\nConnection: close\r\n\r\n";
    let answer = answer_to(&server, wire, request);
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{:?}", String::from_utf8_lossy(&answer));
    for request in
        ["HEAD / HTTP/1.1", "GET /nada HTTP/1.1", "POST / HTTP/1.1", "OPTIONS * HTTP/1.1"]
    {
        let request = format!("{request}\r\nHost: papo\r\nConnection: close\r\n\r\n");
        let answer = answer_to(&server, wire, request.as_bytes());
        assert!(answer.starts_with(b"HTTP/1.1 "), "{:?}", String::from_utf8_lossy(&answer));
    }
}

fn http2_is_http2(wire: Wire) {
    let server = Server::start(&[]);
    let mut client = Client::open(server.addr(), wire);
    client.send_raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send_raw(&[0, 0, 0, 4, 0, 0, 0, 0, 0]); // SETTINGS, empty (RFC 9113, 6.5)
    let head = client.bytes(9);
    assert_eq!(head[3], 4, "its SETTINGS come first: {head:?}");
}

fn members_are_not_disturbed_by_any_of_them(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    let hello = client_hello();
    for first in [&hello[..], b"SSH-2.0-x\r\n", b"NICK a\r\nUSER a 0 * :a\r\n"] {
        answer_to(&server, wire, first);
    }
    // Beginnings that never become anything.
    for first in [&b"\x16\x03"[..], b"SSH-", b"GE", b"\x00\x01", b"PRI * HT", b"\xff", b"\xff\xfa"]
    {
        let mut client = Client::open(server.addr(), wire);
        client.send_raw(first);
        drop(client);
    }
    ana.send("tudo calmo?");
    bia.expect("[ana]: tudo calmo?");
}

#[test]
fn the_real_ssh_shows_why_it_is_refused() {
    let server = Server::start(&[]);
    let Ok(output) = Command::new("ssh")
        .args(["-p", &server.addr().port().to_string(), "-F", "none"])
        .args(["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no"])
        .args(["-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=10"])
        .args(["ana@127.0.0.1", "true"])
        .stdin(Stdio::null())
        .output()
    else {
        eprintln!("skipped: ssh is not installed");
        return;
    };
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(shown.contains("Received disconnect from"), "{shown}");
}

#[test]
fn the_real_openssl_shows_the_alert() {
    let server = Server::start(&[]);
    let Ok(output) = Command::new("openssl")
        .args(["s_client", "-connect", &server.addr().to_string()])
        .stdin(Stdio::null())
        .output()
    else {
        eprintln!("skipped: openssl is not installed");
        return;
    };
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("alert"), "{shown}");
}
