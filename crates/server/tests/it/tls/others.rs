//! Programs of others' making come encrypted.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::client::{Client, Wire};
use crate::harness::{Server, is_installed};
use crate::tls::Files;

/// `openssl s_client`, which is given `input` and its end; what it printed.
fn s_client(files: &Files, server: &Server, arguments: &[&str], input: &str) -> (bool, String) {
    let mut child = Command::new("openssl")
        .args(["s_client", "-connect", &server.addr().to_string(), "-CAfile"])
        .arg(files.certificate())
        .args(["-verify_return_error", "-no_ign_eof"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn openssl_talks_and_nothing_old_is_spoken() {
    if !is_installed("openssl") {
        return;
    }
    let files = Files::new();
    let server = files.serve(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    for (version, nick) in [("-tls1_2", "bia"), ("-tls1_3", "carla")] {
        let input = format!("--JOIN sala {nick}\noi de {nick}\n--QUIT\n");
        let (ended_well, shown) = s_client(&files, &server, &["-quiet", version], &input);
        assert!(ended_well && shown.contains("[OK] - "), "{version}: {shown}");
        ana.expect_info_of(nick);
        ana.expect(&format!("[{nick}]: oi de {nick}"));
        ana.expect_info_of(nick);
    }
    // A client without a name for the server is welcome too.
    let (ended_well, shown) = s_client(&files, &server, &["-noservername"], "--QUIT\n");
    assert!(ended_well && shown.contains("Verification: OK"), "{shown}");
    let (_, shown) = s_client(&files, &server, &["-tls1_1", "-cipher", "ALL@SECLEVEL=0"], "");
    assert!(shown.contains("Cipher is (NONE)") && shown.contains("alert"), "{shown}");
}

fn curl(files: &Files, server: &Server, arguments: &[&str]) -> String {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "20", "--cacert"])
        .arg(files.certificate())
        .args(["--write-out", "%{http_version}"])
        .args(arguments)
        .arg(format!("https://localhost:{}/healthz", server.addr().port()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn curl_speaks_http_of_both_versions() {
    if !is_installed("curl") {
        return;
    }
    let files = Files::new();
    let server = files.serve(&["--set", "tls.hsts_s=300"]);
    assert_eq!(curl(&files, &server, &["--http2"]), "ok\n2");
    assert_eq!(curl(&files, &server, &["--http1.1"]), "ok\n1.1");
    assert_eq!(curl(&files, &server, &["--http1.1", "--no-alpn"]), "ok\n1.1");
    assert_eq!(curl(&files, &server, &["--tls-max", "1.2"]), "ok\n2");
    let shown = curl(&files, &server, &["--include"]);
    assert!(shown.contains("strict-transport-security: max-age=300"), "{shown}");
}

/// Where `cargo xtask test` puts Python with the packages that the tests use.
fn python() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python3")
}

#[test]
fn python_speaks_websocket() {
    if !python().exists() {
        eprintln!("skipped: `cargo xtask test tools` installs the Python package");
        return;
    }
    let files = Files::new();
    let server = files.serve(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send("oi");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ws/clients/chat.py");
    let output = Command::new(python())
        .arg(script)
        .arg(format!("wss://localhost:{}/ws", server.addr().port()))
        .env("SSL_CERT_FILE", files.certificate())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ana.expect_info_of("bia");
    let said = ana.line();
    assert!(said.starts_with("[bia]: "), "{said:?}");
}

#[test]
fn rubbish_is_told_and_slowness_is_cut() {
    let files = Files::new();
    let server = files.serve(&[]);
    // What looks like a hello, and is none.
    let mut client = Client::open(server.addr(), Wire::Whole);
    client.send_raw(b"\x16\x03\x01\x00\x05rubbi");
    let told = client.rest();
    assert!(told.is_empty() || told[0] == 21, "an alert, or nothing: {told:?}");
    // The beginning of a hello, and then nothing.
    let mut client = Client::open(server.addr(), Wire::Whole);
    client.send_raw(b"\x16\x03\x01\x02\x00\x01");
    assert!(client.rest().is_empty());
    let mut after = files.connect(&server, Wire::Whole);
    after.send("--QUIT");
    after.expect_ok();
}
