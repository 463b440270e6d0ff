//! What every request has to pass: form, size, rate, origin.

use serde_json::json;

use super::client::Api;
use crate::harness::Server;

#[test]
fn what_is_not_there_and_what_is_not_meant() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    for path in ["", "/", "/nada", "/rooms/", "/rooms/sala/nada", "/me/", "/hooks"] {
        assert_eq!(ana.get(path).no(404), "no-route", "{path}");
    }
    for (method, path, allow) in [
        ("DELETE", "/me", "GET, HEAD, OPTIONS"),
        ("PUT", "/rooms/sala", "GET, PATCH, HEAD, OPTIONS"),
        ("GET", "/login", "POST, OPTIONS"),
    ] {
        let refused = ana.ask(method, path, "", None);
        assert_eq!(refused.no(405), "bad-method");
        assert_eq!(refused.header("allow"), Some(allow));
    }
    let english = ana.ask("GET", "/nada", "Accept-Language: en\r\n", None);
    assert_eq!(english.json()["detail"], json!("There is nothing at this address"));
}

#[test]
fn head_is_get_without_a_body() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    let (get, head) = (ana.get("/me"), ana.ask("HEAD", "/me", "", None));
    assert_eq!((head.status, head.text.as_str()), (get.status, ""));
    assert_eq!(head.header("content-type"), get.header("content-type"));
}

#[test]
fn a_body_is_json_and_of_so_many_bytes() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let body = |bytes: usize| {
        let form = r#"{"text":"oi"}"#;
        format!("{form}{}", " ".repeat(bytes - form.len()))
    };
    let say =
        |headers: &str, body: &str| ana.ask("POST", "/rooms/sala/messages", headers, Some(body));
    say("", &body(65_536)).ok(201);
    let refused = say("", &body(65_537));
    assert_eq!(refused.no(413), "body-too-large");
    assert_eq!(refused.header("connection"), Some("close"));
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        say(&format!("Content-Type: {kind}\r\n"), &body(20)).ok(201);
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let refused = say(&format!("Content-Type: {kind}\r\n"), &body(20));
        assert_eq!(refused.no(415), "bad-type");
    }
    for body in ["", "oi", "{", r#"{"text":"oi"}{}"#, "\"oi\"", "null"] {
        assert_eq!(say("", body).no(400), "bad-json", "{body}");
    }
}

#[test]
fn who_asks_too_often_is_told_when_to_come_again() {
    let limits = ["--set", "flood.messages_per_second=1", "--set", "flood.burst=12"];
    let server = Server::start(&limits);
    let (ana, bia) = (Api::registers(&server, "ana"), Api::registers(&server, "bia"));
    for left in [11, 10, 9] {
        let answer = ana.get("/me");
        answer.ok(200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"account\";q=12;w=12"));
        let limit = answer.header("ratelimit").unwrap();
        let told: u32 = limit
            .strip_prefix("\"account\";r=")
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!((left..=12).contains(&told), "{limit}");
    }
    // Searching costs four times as much.
    let refused = std::iter::repeat_with(|| ana.get("/rooms/nada/pins"));
    let refused = refused.take(20).find(|answer| answer.status != 404).unwrap();
    assert_eq!(refused.no(429), "too-fast");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=4).contains(&wait), "{wait}");
    assert!(refused.json()["wait_ms"].as_u64().unwrap() <= wait * 1000);
    bia.get("/me").ok(200);
    // A second token is no second allowance.
    let server = Server::start(&limits);
    let ana = Api::registers(&server, "ana");
    let made = ana.post("/tokens", &json!({})).ok(201);
    let other = ana.with(made["token"].as_str().unwrap());
    let mut both = std::iter::repeat_with(|| [ana.get("/me").status, other.get("/me").status]);
    assert!(both.by_ref().take(12).flatten().any(|status| status == 429));
}

#[test]
fn an_address_is_limited_before_it_is_known_who_asks() {
    let server = Server::start(&[
        "--set",
        "flood.address_messages_per_second=1",
        "--set",
        "flood.address_burst=8",
        "--set",
        "limits.trusted=",
    ]);
    let guest = Api::guest(&server).with("papo_nada");
    let answers: Vec<_> = (0..12).map(|_| guest.get("/me").status).collect();
    assert!(answers.contains(&401) && answers.contains(&429), "{answers:?}");
}

#[test]
fn only_configured_origins_may_read() {
    let server = Server::start(&["--set", "http.origins=https://chat.example.org"]);
    let ana = Api::registers(&server, "ana");
    for (origin, is_allowed) in
        [("https://chat.example.org", true), ("https://evil.example.org", false), ("null", false)]
    {
        let header = format!("Origin: {origin}\r\n");
        let answer = ana.ask("GET", "/me", &header, None);
        answer.ok(200);
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, is_allowed.then_some(origin));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert!(answer.header("vary").unwrap().contains("origin"));
        let asked = format!("{header}Access-Control-Request-Method: PATCH\r\n");
        let preflight = Api::guest(&server).ask("OPTIONS", "/rooms/sala", &asked, None);
        preflight.ok(204);
        assert_eq!(preflight.header("access-control-allow-origin"), is_allowed.then_some(origin));
        let headers = preflight.header("access-control-allow-headers").unwrap_or_default();
        assert_eq!(headers.contains("authorization"), is_allowed);
        assert!(preflight.header("access-control-allow-methods").unwrap().contains("PATCH"));
    }
    assert_eq!(ana.get("/me").header("access-control-allow-origin"), None);
}

#[test]
fn the_descriptions_are_served_and_take_nothing_from_elsewhere() {
    let server = Server::start(&[]);
    let guest = Api::guest(&server);
    let document = guest.get("/openapi.json").ok(200);
    assert_eq!(document["openapi"], json!("3.1.0"));
    let page = guest.get("/docs");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert!(page.text.contains("id=\"no-room\""));
}

#[test]
fn the_numbers_are_told() {
    let server = Server::start(&[]);
    let ana = Api::registers(&server, "ana");
    ana.makes("sala");
    let _stream = ana.stream("sala", "", "");
    ana.get("/nada").no(404);
    let metrics = Api::guest(&server).metrics();
    for line in ["papo_api_requests_total 4", "papo_api_refused_total 1", "papo_api_streams 1"] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
}
