//! Requests of the HTTP API, as `METHOD path?query`, a line end and the body: any of them is read
//! without a panic, what it asks for keeps the bounds that its type promises, and a refusal is a
//! problem that can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::TEXT_BYTES_MAX;
use room::{Text, clean};
use wire::api::{Asked, Problem, Setting, parse, route};
use wire::json::limits::{CLIENT_BYTES_MAX, KEY_BYTES_MAX, NUMBER_MAX, PAGE_MAX, SEARCH_BYTES_MAX};

fn check(text: &Text) {
    let is_safe = |line| clean(line) == line;
    assert!(text.as_str().split('\n').all(is_safe), "nothing in it acts on a terminal");
    assert!(text.as_str().len() <= TEXT_BYTES_MAX);
    assert!(!text.as_str().trim().is_empty());
}

fn check_refused(problem: &Problem) {
    assert!((400..600).contains(&problem.status()));
    let body = problem.encode(Default::default());
    let body = std::str::from_utf8(&body).expect("JSON is UTF-8");
    assert!(body.starts_with('{') && body.ends_with('}'));
    assert!(!body.contains(|character: char| character.is_ascii_control()));
}

fn check_asked(asked: Asked) {
    match asked {
        Asked::Say { text, key, reply, .. } => {
            check(&text);
            assert!(key.is_none_or(|key| (1..=KEY_BYTES_MAX).contains(&key.as_str().len())));
            assert!(reply.is_none_or(|reply| reply.0 <= NUMBER_MAX));
        }
        Asked::Hook { text, key, .. } => {
            check(&text);
            assert!(key.is_none_or(|key| (1..=KEY_BYTES_MAX).contains(&key.as_str().len())));
        }
        Asked::Edit(_, seq, text) => {
            check(&text);
            assert!(seq.0 <= NUMBER_MAX);
        }
        Asked::SetRoom(_, Setting::Topic(Some(topic))) => check(&topic),
        Asked::History { limit, .. } | Asked::Audit { limit, .. } => {
            assert!((1..=PAGE_MAX).contains(&limit));
        }
        Asked::Search { words, limit, .. } => {
            assert!(words.len() <= SEARCH_BYTES_MAX && !words.trim().is_empty());
            assert!((1..=PAGE_MAX).contains(&limit));
        }
        Asked::Read(_, seq) | Asked::Message(_, seq) => assert!(seq.0 <= NUMBER_MAX),
        Asked::MakeToken { client: Some(client), .. } => {
            assert!(client.len() <= CLIENT_BYTES_MAX);
            assert_eq!(clean(&client), client);
        }
        _ => {}
    }
}

fuzz_target!(|request: &[u8]| {
    let end = request.iter().position(|byte| *byte == b'\n').unwrap_or(request.len());
    let (head, rest) = request.split_at(end);
    let body = rest.strip_prefix(b"\n").unwrap_or_default();
    let Ok(head) = std::str::from_utf8(head) else { return };
    let Some((method, target)) = head.split_once(' ') else { return };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let Ok(found) = route::find(method, path) else { return };
    // Whatever stands in the headers is read as well.
    for (key, after) in [(None, None), (query, None), (None, query)] {
        match parse(found.clone(), query, body, (key, after)) {
            Ok(asked) => check_asked(asked),
            Err(problem) => check_refused(&problem),
        }
    }
});
