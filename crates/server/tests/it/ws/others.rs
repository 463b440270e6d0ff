//! Programs of others' making speak the protocol by its page alone.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::client::Ws;
use crate::harness::Server;

/// Runs a client beside one of ours, which sees all that it does.
fn talks_with(client: &mut Command) {
    let server = Server::start(&[]);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let first = ana.ok(json!({"do": "say", "room": "sala", "text": "oi"}))["seq"].clone();
    let output = client.arg(format!("ws://{}/ws", server.addr())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    ana.expect("said");
    ana.expect("entered");
    let said = ana.expect("said");
    assert_eq!((&said["by"]["nick"], &said["reply"]["to"]), (&json!("bia"), &first), "{said}");
    let edited = ana.expect("edited");
    assert_eq!((&edited["target"], &edited["text"]), (&said["seq"], &json!("olá, *ana*")));
    assert_eq!(ana.expect("reacted")["emoji"], "❤️");
    // When the server hears of the old connection's end is between the two.
    let mut passed = [ana.event(), ana.event(), ana.event()];
    passed.sort_by_key(|event| event["ev"].to_string());
    let [entered, left, last] = &passed;
    assert_eq!((&entered["ev"], &left["ev"]), (&json!("entered"), &json!("left")));
    assert_eq!((&last["by"]["nick"], &last["text"]), (&json!("bia2"), &json!("tchau")), "{last}");
}

fn script(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ws/clients").join(name)
}

/// Where `cargo xtask test` puts Python with the packages that the tests use.
fn python() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python3")
}

#[test]
fn python_does() {
    if !python().exists() {
        eprintln!("skipped: `cargo xtask test tools` installs the Python package");
        return;
    }
    talks_with(Command::new(python()).arg(script("chat.py")));
}

#[test]
fn node_does() {
    talks_with(Command::new("node").arg("--experimental-websocket").arg(script("chat.mjs")));
}
