//! What is asked by which path, query and body, and what is refused.

use proptest::prelude::*;
use room::{Emoji, Key, Nick, RoomName, Seq, Text};

use crate::api::route::{self, Miss, ROUTES};
use crate::api::{Asked, Method, Problem, ROOT, Setting, parse};
use crate::json::{self, Fault, Kind, Page};

fn asked(
    method: &str,
    target: &str,
    body: &str,
    headers: (Option<&str>, Option<&str>),
) -> Result<Asked, Problem> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let found = route::find(method, &format!("{ROOT}{path}")).map_err(|_| Problem::NoRoute)?;
    parse(found, query, body.as_bytes(), headers)
}

fn get(target: &str) -> Result<Asked, Problem> {
    asked("GET", target, "", (None, None))
}

fn fault(fault: Fault) -> Result<Asked, Problem> {
    Err(Problem::Asked(json::Problem::Bad(fault)))
}

fn room() -> RoomName {
    RoomName::parse("sala").unwrap()
}

#[test]
fn paths_and_queries_are_decoded_once() {
    assert_eq!(get("/rooms/sal%61"), Ok(Asked::Room(room())));
    assert_eq!(get("/rooms/r%C3%A9gua"), Ok(Asked::Room(RoomName::parse("régua").unwrap())));
    assert_eq!(get("/people/ana"), Ok(Asked::Person(Nick::parse("ana").unwrap())));
    let search =
        |words: &str, limit| Ok(Asked::Search { room: room(), words: words.to_owned(), limit });
    assert_eq!(get("/rooms/sala/search?words=bom+dia&limit=3"), search("bom dia", 3));
    assert_eq!(get("/rooms/sala/search?words=7%2B7"), search("7+7", 50));
    let emoji = Emoji::parse("👍").unwrap();
    assert_eq!(
        asked("PUT", "/rooms/sala/messages/3/reactions/%F0%9F%91%8D", "", (None, None)),
        Ok(Asked::React(room(), Seq(3), emoji, true))
    );
}

#[test]
fn what_leads_nowhere() {
    for target in [
        "",
        "/",
        "/room",
        "/rooms/",
        "/rooms//",
        "/rooms/%",
        "/rooms/%zz",
        "/rooms/%FF",
        "/rooms/a b",
        "/rooms/%20",
        "/rooms/sala/",
        "/rooms/sala/messages/x",
        "/rooms/sala/messages/-1",
        "/rooms/sala/messages/+1",
        "/rooms/sala/messages/9007199254740992",
        "/rooms/a/b/c/d/e/f/g",
        "/people/%00",
    ] {
        assert_eq!(get(target), Err(Problem::NoRoute), "{target}");
    }
    assert_eq!(route::find("GET", "/api/v2/rooms"), Err(Miss::NoRoute));
    let both = vec![Method::Get, Method::Patch];
    assert_eq!(route::find("DELETE", "/api/v1/rooms/sala"), Err(Miss::Method(both)));
}

#[test]
fn pages_of_history() {
    let history = |page, limit| Ok(Asked::History { room: room(), page, limit });
    for (query, expected) in [
        ("", history(Page::Last, 50)),
        ("?before=9&limit=3", history(Page::Before(Seq(9)), 3)),
        ("?after=0&limit=9999", history(Page::After(Seq(0)), 200)),
        ("?limit=0", fault(Fault::Invalid("limit".to_owned(), Kind::Limit))),
        ("?limit=x", fault(Fault::Invalid("limit".to_owned(), Kind::Number))),
        ("?limit=", fault(Fault::Invalid("limit".to_owned(), Kind::Number))),
        ("?limit=01", fault(Fault::Invalid("limit".to_owned(), Kind::Number))),
        ("?limit=1&limit=2", fault(Fault::Twice("limit".to_owned()))),
        ("?before=1&after=2", fault(Fault::Unknown("after".to_owned()))),
        ("?nada=1", fault(Fault::Unknown("nada".to_owned()))),
        ("?%zz", fault(Fault::Invalid("query".to_owned(), Kind::Text))),
    ] {
        assert_eq!(get(&format!("/rooms/sala/messages{query}")), expected, "{query}");
    }
}

#[test]
fn a_post_has_one_key() {
    let path = "/rooms/sala/messages";
    let say = |key: Option<&str>| {
        let (text, key) = (Text::new("oi").unwrap(), key.and_then(Key::parse));
        Ok(Asked::Say { room: room(), text, key, reply: None })
    };
    let bad = fault(Fault::Invalid("Idempotency-Key".to_owned(), Kind::Key));
    for (body, header, expected) in [
        (r#"{"text":"oi"}"#, None, say(None)),
        (r#"{"text":"oi"}"#, Some("k"), say(Some("k"))),
        (r#"{"text":"oi"}"#, Some("\"k\""), say(Some("k"))),
        (r#"{"text":"oi","key":"k"}"#, None, say(Some("k"))),
        (r#"{"text":"oi","key":"k"}"#, Some("k"), say(Some("k"))),
        (r#"{"text":"oi","key":"k"}"#, Some("l"), bad.clone()),
        (r#"{"text":"oi"}"#, Some("a b"), bad.clone()),
        (r#"{"text":"oi"}"#, Some(""), bad),
    ] {
        assert_eq!(asked("POST", path, body, (header, None)), expected, "{body} {header:?}");
    }
}

#[test]
fn what_a_stream_has_seen_last_wins() {
    let events = |after: Option<u64>| Ok(Asked::Events(room(), after.map(Seq)));
    for (query, header, expected) in [
        ("", None, events(None)),
        ("?after=3", None, events(Some(3))),
        ("?after=3", Some("9"), events(Some(9))),
        ("", Some("x"), fault(Fault::Invalid("Last-Event-ID".to_owned(), Kind::Number))),
    ] {
        let target = format!("/rooms/sala/events{query}");
        assert_eq!(asked("GET", &target, "", (None, header)), expected);
    }
}

#[test]
fn one_thing_of_a_room_is_set_at_a_time() {
    let set = |body| asked("PATCH", "/rooms/sala", body, (None, None));
    assert_eq!(set(r#"{"topic":null}"#), Ok(Asked::SetRoom(room(), Setting::Topic(None))));
    for (body, expected) in [
        ("{}", Fault::Missing("topic".to_owned())),
        (r#"{"topic":"a","raid":true}"#, Fault::Unknown("topic".to_owned())),
        (r#"{"nada":1}"#, Fault::Unknown("nada".to_owned())),
        (r#"{"capacity":4294967296}"#, Fault::TooLarge("capacity".to_owned(), u32::MAX.into())),
        (r#"{"raid":1}"#, Fault::Invalid("raid".to_owned(), Kind::Bool)),
        ("", Fault::NotJson),
        ("[]", Fault::NotJson),
    ] {
        assert_eq!(set(body), fault(expected), "{body}");
    }
    assert_eq!(
        asked("PATCH", "/rooms/sala?x=1", r#"{"topic":"a"}"#, (None, None)),
        fault(Fault::Unknown("x".to_owned()))
    );
}

#[test]
fn every_path_is_found_and_no_two_are_one() {
    for (operation, method, path, _) in ROUTES {
        let found = route::find(method.as_str(), &format!("{ROOT}{path}")).unwrap();
        assert_eq!(found.0, *operation);
        let same = |other: &&(_, Method, &str, _)| other.1 == *method && other.2 == *path;
        assert_eq!(ROUTES.iter().filter(same).count(), 1, "{path}");
    }
}

#[test]
fn what_is_encoded_is_decoded_again() {
    for name in ["sala", "régua", "日本.1", "a-b_c"] {
        let path = format!("/rooms/{}", route::encode(name));
        assert!(path.is_ascii());
        assert_eq!(get(&path), Ok(Asked::Room(RoomName::parse(name).unwrap())));
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(
        which in 0..ROUTES.len(),
        params in prop::collection::vec("\\PC{0,8}|%[0-9a-f]{2}|[a-z0-9]{1,4}", 3),
        query in prop::option::of("[a-z=&%0-9+]{0,24}|\\PC{0,16}"),
        body in "\\PC{0,40}|\\{\"(text|nick|do|room)\":(\"[a-z]{0,9}\"|[0-9]{1,20}|null)\\}",
        header in prop::option::of("\\PC{0,12}"),
    ) {
        let (_, method, path, _) = ROUTES[which];
        let mut params = params.iter();
        let parts: Vec<_> = path
            .split('/')
            .map(|part| if part.starts_with('{') { params.next().unwrap().as_str() } else { part })
            .collect();
        let path = format!("{ROOT}{}", parts.join("/"));
        if let Ok(found) = route::find(method.as_str(), &path) {
            let header = header.as_deref();
            let _ = parse(found, query.as_deref(), body.as_bytes(), (header, header));
        }
    }
}
