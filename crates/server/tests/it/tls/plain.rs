//! What becomes of those who come unencrypted, and of a server whose certificate is not right.

use std::os::unix::fs::PermissionsExt as _;

use crate::client::{Client, GREETING, Wire};
use crate::harness::{Server, Setup};
use crate::tls::Files;

fn get(server: &Server, path: &str) -> String {
    let mut client = Client::open(server.addr(), Wire::Whole);
    let request = format!("GET {path} HTTP/1.1\r\nHost: papo.example:7777\r\n\r\n");
    client.send_raw(request.as_bytes());
    client.half_close();
    String::from_utf8(client.rest()).unwrap()
}

#[test]
fn browsers_are_sent_on_and_lines_are_told() {
    let files = Files::new();
    let set = ["--set", "tls.loopback_exempt=false", "--set"];
    for (plain, status) in [("redirect", "308"), ("refuse", "403")] {
        let server = files.serve(&[set[0], set[1], set[2], &format!("tls.plain={plain}")]);
        let answer = get(&server, "/r/sala?a=b");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        let location = "location: https://papo.example:7777/r/sala?a=b\r\n";
        assert_eq!(answer.contains(location), plain == "redirect", "{answer}");
        let mut line = Client::open(server.addr(), Wire::Whole);
        let told = line.line();
        assert!(told.contains("TLS") && told.is_ascii(), "{told}");
        line.expect_end();
        // Encrypted all is as ever.
        files.connect(&server, Wire::Whole);
    }
}

#[test]
fn this_machine_may_be_exempt() {
    let files = Files::new();
    let server = files.serve(&["--set", "tls.plain=refuse"]);
    let mut line = Client::open(server.addr(), Wire::Whole);
    line.expect(GREETING);
    assert!(get(&server, "/healthz").starts_with("HTTP/1.1 200 "));
}

#[test]
fn both_stand_beside_each_other() {
    let files = Files::new();
    let server = files.serve(&["--set", "tls.loopback_exempt=false"]);
    Client::connect(&server);
    files.connect(&server, Wire::Whole);
    let answer = get(&server, "/healthz");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}

/// What a server says that does not start.
fn refused(setup: &Setup) -> String {
    setup.try_start().err().expect("it does not start")
}

#[test]
fn a_wrong_certificate_is_told_at_the_start() {
    let (files, other) = (Files::new(), Files::new());
    let shown = refused(&Setup::new(&[
        "--set",
        &format!("tls.certificate={}", files.certificate().display()),
    ]));
    assert!(shown.contains("tls.certificate and tls.key go together"), "{shown}");

    std::fs::copy(other.key(), files.key()).unwrap();
    let shown = refused(&files.setup(&[]));
    assert!(shown.contains("papo.key is not the key of the certificate in"), "{shown}");

    files.renew();
    std::fs::set_permissions(files.key(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let shown = refused(&files.setup(&[]));
    assert!(shown.contains("everybody on this machine can read this key (mode 644)"), "{shown}");

    std::fs::write(files.certificate(), "no certificate\n").unwrap();
    let shown = refused(&files.setup(&[]));
    assert!(shown.contains("papo.crt: no certificate in PEM form in it"), "{shown}");

    std::fs::remove_file(files.certificate()).unwrap();
    let shown = refused(&files.setup(&[]));
    assert!(shown.contains("papo.crt: No such file"), "{shown}");
}

#[test]
fn an_expired_certificate_is_told_and_used() {
    let files = Files::new();
    files.write(2001..2002);
    let server = files.serve(&[]);
    assert!(server.said().contains("the certificate has expired"), "{}", server.said());
    Client::connect(&server);
}
