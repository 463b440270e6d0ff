//! `docs/ws.md` says what the code does: every line of its examples is read or written by it, and
//! nothing of the vocabulary is missing there.

use std::collections::BTreeSet;

use serde_json::Value;

use super::samples;
use crate::json::limits::{
    CLIENT_BYTES_MAX, ID_BYTES_MAX, KEY_BYTES_MAX, KEY_KEPT_MS, NOTICE_PRESENT_MAX, PAGE_DEFAULT,
    PAGE_MAX, PASSWORD_BYTES_MAX, PING_MS, RESUMED_ROOMS_MAX, SEARCH_BYTES_MAX,
};
use crate::json::parse;
use crate::ws::{MESSAGE_BYTES_MAX, PROTOCOL};

const PAGE: &str = include_str!("../../../../../docs/ws.md");

const TYPESCRIPT: &str = include_str!("../../../../../web/src/protocol/papo.v1.ts");

/// The lines of the examples.
fn examples() -> impl Iterator<Item = &'static str> {
    PAGE.split("```json\n").skip(1).flat_map(|rest| {
        let (example, _) = rest.split_once("\n```").expect("an example ends");
        example.lines()
    })
}

#[test]
fn every_request_of_the_page_is_read_and_every_verb_is_there() {
    let mut verbs = BTreeSet::new();
    for line in examples().filter(|line| line.starts_with(r#"{"id":"#)) {
        parse(line).unwrap_or_else(|bad| panic!("{line}: {bad}"));
        let request: Value = serde_json::from_str(line).unwrap();
        verbs.insert(request["do"].as_str().unwrap().to_owned());
    }
    let known: BTreeSet<_> = TYPESCRIPT
        .split("do: \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(verbs, known);
}

#[test]
fn every_message_of_the_page_is_as_the_code_writes_it_and_none_is_missing() {
    let shown: BTreeSet<_> =
        examples().filter(|line| !line.starts_with(r#"{"id":"#)).map(str::to_owned).collect();
    let written: BTreeSet<_> =
        [samples::events(), samples::notices(), samples::answers()].concat().into_iter().collect();
    let refusals: BTreeSet<_> = samples::refusals().into_iter().collect();
    let unknown: Vec<_> = shown.iter().filter(|line| !refusals.contains(*line)).collect();
    for line in &unknown {
        assert!(written.contains(*line), "the code does not write {line}");
    }
    for line in &written {
        assert!(shown.contains(line), "the page does not show {line}");
    }
    assert!(unknown.len() < shown.len(), "a refusal is shown");
}

#[test]
fn every_code_stands_in_the_table_with_its_fields() {
    let (_, table) = PAGE.split_once("\n| code | why | with |\n").unwrap();
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    let refusals = samples::refusals();
    assert_eq!(rows.len(), refusals.len());
    for (row, refusal) in rows.iter().zip(&refusals) {
        let refusal: Value = serde_json::from_str(refusal).unwrap();
        let no = refusal["no"].as_object().unwrap();
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert_eq!(cells[1].trim_matches('`'), no["code"].as_str().unwrap());
        let fields: BTreeSet<_> =
            cells[3].split(' ').map(|field| field.trim_matches('`')).collect();
        let known: BTreeSet<_> = no
            .keys()
            .map(String::as_str)
            .filter(|key| !["code", "message"].contains(key))
            .collect();
        assert_eq!(&fields - &BTreeSet::from([""]), known, "{row}");
    }
    let codes = TYPESCRIPT.split_once("export type Code =").unwrap().1;
    let codes = codes.split_once(';').unwrap().0.matches("| \"").count();
    assert_eq!(rows.len(), codes, "a code has no row");
}

#[test]
fn the_limits_of_the_page_are_those_of_the_code() {
    for said in [
        format!("named `{PROTOCOL}`"),
        format!("At most {} bytes", thousands(MESSAGE_BYTES_MAX)).to_lowercase(),
        format!("of at most {} bytes", thousands(room::limits::TEXT_BYTES_MAX)),
        format!("at most {} lines", room::limits::TEXT_LINES_MAX),
        format!("1 to {} letters", room::limits::NAME_CHARS_MAX),
        format!("string of 1 to {ID_BYTES_MAX} bytes"),
        format!("1 to {KEY_BYTES_MAX} characters of ASCII"),
        format!("a key for {} hours at least", KEY_KEPT_MS / 3_600_000),
        format!("After {} s in which nothing came", PING_MS / 1000),
        format!("your program (at most {CLIENT_BYTES_MAX} bytes)"),
        format!("it has at most {PASSWORD_BYTES_MAX} bytes"),
        format!("word (at most {SEARCH_BYTES_MAX} bytes)"),
        format!("A page has {PAGE_DEFAULT}, or `limit`, at most {PAGE_MAX}"),
        format!("up to {RESUMED_ROOMS_MAX} rooms"),
        format!("more than {NOTICE_PRESENT_MAX} are in a room"),
        format!("`edit` ({} times at most)", room::limits::EDITS_MAX),
        format!("`pin` ({} at most)", room::limits::PINS_MAX),
        format!("first {} characters", room::limits::QUOTE_CHARS_MAX),
    ] {
        let page = PAGE.replace('\n', " ");
        assert!(page.contains(&said), "the page does not say: {said}");
    }
}

/// A number below a million as prose has it.
fn thousands(number: usize) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}
