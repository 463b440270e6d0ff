//! `docs/api.md` says what the server does: its examples are run, in their order.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::client::Api;
use crate::harness::{Server, is_installed};

const PAGE: &str = include_str!("../../../../../docs/api.md");

/// Where the examples' server listens.
const SHOWN: &str = "http://127.0.0.1:7777";

/// Fields whose value is another each time.
const MOMENTARY: [&str; 8] =
    ["at", "used_at", "expires_at", "until", "token", "hook", "link", "type"];

/// What curl ends with where the answer is not HTTP.
const NOT_HTTP: i32 = 1;

/// The fenced blocks: language and text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = PAGE.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).collect()
}

/// Whether two values have the same form, and are the same but for what is of the moment.
fn is_alike(shown: &Value, given: &Value) -> bool {
    match (shown, given) {
        (Value::Object(shown), Value::Object(given)) => {
            let alike = |(name, value): (&String, &Value)| {
                given.get(name).is_some_and(|given| {
                    let is_momentary = MOMENTARY.contains(&name.as_str());
                    let same_kind = value.is_number() == given.is_number();
                    if is_momentary && !value.is_object() {
                        same_kind
                    } else {
                        is_alike(value, given)
                    }
                })
            };
            shown.len() == given.len() && shown.iter().all(alike)
        }
        (Value::Array(shown), Value::Array(given)) => {
            shown.len() == given.len()
                && shown.iter().zip(given).all(|(shown, given)| is_alike(shown, given))
        }
        _ => shown == given,
    }
}

fn check(shown: &str, given: &str) {
    let parse = |text: &str| -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    assert!(
        is_alike(&parse(shown), &parse(given)),
        "the page shows {shown}\nthe server says {given}"
    );
}

#[test]
fn every_example_is_answered_as_it_is_shown() {
    if !is_installed("curl") {
        return;
    }
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    let host = format!("http://{}", server.addr());
    let (mut token, mut hook) = (String::new(), String::new());
    let blocks = blocks();
    for (index, (language, text)) in blocks.iter().enumerate() {
        if *language != "sh" {
            continue;
        }
        let mut command = Command::new("sh");
        command.args(["-ec", &text.replace(SHOWN, &host)]).stdin(Stdio::null());
        command.env("PAPO", format!("{host}/api/v1")).env("HOOK", &hook);
        command.env("AUTH", format!("Authorization: Bearer {token}"));
        let expected = blocks.get(index + 1).filter(|(language, _)| *language != "sh");
        if let Some(("text", shown)) = expected {
            run_stream(command, shown);
            continue;
        }
        // A client that a busy machine keeps silent at first is taken for one of lines, and
        // greeted: curl does not understand that, and nothing has been asked yet.
        let mut outputs = std::iter::repeat_with(|| command.output().unwrap()).take(5);
        let is_http = |output: &Output| output.status.code() != Some(NOT_HTTP);
        let output = outputs.find(is_http).unwrap();
        assert!(output.status.success(), "{text}: {output:?}");
        let given = String::from_utf8(output.stdout).unwrap();
        match expected {
            Some((_, shown)) => {
                check(shown, &given);
                let given: Value = serde_json::from_str(&given).unwrap();
                if let (Some(first), true) = (given["token"].as_str(), token.is_empty()) {
                    first.clone_into(&mut token);
                }
                if let Some(made) = given["hook"].as_str() {
                    made.clone_into(&mut hook);
                }
            }
            None => assert_eq!(given, "", "{text}"),
        }
    }
}

/// Compares the first lines of a stream, which has no end.
fn run_stream(mut command: Command, shown: &str) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let given = BufReader::new(child.stdout.take().unwrap()).lines();
    for (shown, given) in shown.trim_end().lines().zip(given) {
        let given = given.unwrap();
        match (shown.strip_prefix("data: "), given.strip_prefix("data: ")) {
            (Some(shown), Some(given)) => check(shown, given),
            _ => assert_eq!(shown, given),
        }
    }
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn every_operation_is_on_the_page_or_in_the_description() {
    let server = Server::start(&[]);
    let document = Api::guest(&server).get("/openapi.json").ok(200);
    let page = Api::guest(&server).get("/docs").text;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let heading = format!("{} {path}<", method.to_uppercase());
            assert!(page.contains(&heading), "{heading}");
        }
    }
}
