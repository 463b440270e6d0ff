//! A client of the API of the tests' own, which never waits without a deadline.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{DEADLINE, Server};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body of an answer with that status.
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The code of a refusal, which has to be whole.
    pub(crate) fn no(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["status"], json!(status));
        assert_eq!(problem["type"], json!(format!("/api/v1/docs#{code}")));
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        code
    }
}

/// One who asks, with a token or without.
#[derive(Clone)]
pub(crate) struct Api<'s> {
    server: &'s Server,
    pub(crate) token: Option<String>,
}

impl<'s> Api<'s> {
    /// Without a token.
    pub(crate) fn guest(server: &'s Server) -> Self {
        Self { server, token: None }
    }

    /// With the token of an account that is made for it.
    pub(crate) fn registers(server: &'s Server, nick: &str) -> Self {
        let guest = Self::guest(server);
        let made = guest.post("/accounts", &json!({"account": nick, "password": PASSWORD})).ok(201);
        guest.with(made["token"].as_str().unwrap())
    }

    pub(crate) fn with(&self, token: &str) -> Self {
        Self { server: self.server, token: Some(token.to_owned()) }
    }

    /// Her account's number.
    pub(crate) fn number(&self) -> Value {
        self.get("/me").ok(200)["number"].clone()
    }

    /// Makes a public room.
    pub(crate) fn makes(&self, room: &str) {
        self.post("/rooms", &json!({"room": room, "capacity": 5})).ok(201);
    }

    /// Says something; its number.
    pub(crate) fn says(&self, room: &str, text: &str) -> u64 {
        let said = self.post(&format!("/rooms/{room}/messages"), &json!({"text": text})).ok(201);
        said["seq"].as_u64().unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", None)
    }

    pub(crate) fn put(&self, path: &str) -> Answer {
        self.ask("PUT", path, "", None)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, "", None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, "", Some(&body.to_string()))
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask("PATCH", path, "", Some(&body.to_string()))
    }

    /// Asks with these headers, each with its line end.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: Option<&str>,
    ) -> Answer {
        let mut stream = self.send(method, path, &format!("Connection: close\r\n{headers}"), body);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) =
            text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {text:?}"));
        let status = head[9..12].parse().unwrap();
        Answer { status, head: head.to_owned(), text: body.to_owned() }
    }

    /// What the server counts.
    pub(crate) fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(self.server.addr()).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: Option<&str>) -> TcpStream {
        let mut stream = TcpStream::connect(self.server.addr()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let token = self.token.as_ref();
        let token =
            token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
        let kind = "Content-Type: application/json\r\n";
        let body_head = body.map_or(String::new(), |body| {
            let kind = if headers.contains("Content-Type") { "" } else { kind };
            format!("{kind}Content-Length: {}\r\n", body.len())
        });
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\n{token}{headers}{body_head}\r\n{}",
            self.server.addr(),
            body.unwrap_or_default()
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    /// Opens a stream of events.
    pub(crate) fn stream(&self, room: &str, query: &str, headers: &str) -> Events {
        let stream = self.send("GET", &format!("/rooms/{room}/events{query}"), headers, None);
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "{head}");
        }
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        let mut events = Events { lines, id: None };
        // It hears from here on.
        assert_eq!(events.line().as_deref(), Some("retry: 2000"));
        events
    }
}

/// A stream of events.
pub(crate) struct Events {
    lines: BufReader<TcpStream>,
    /// The last id that came.
    pub(crate) id: Option<u64>,
}

impl Events {
    /// The next event; `None`: the stream has ended.
    pub(crate) fn next(&mut self) -> Option<Value> {
        while let Some(line) = self.line() {
            if let Some(id) = line.strip_prefix("id: ") {
                self.id = Some(id.parse().unwrap());
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
        None
    }

    /// The next line, without the lengths of chunks.
    fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            // The last chunk has no length.
            if self.lines.read_line(&mut line).unwrap() == 0 || line == "0\r\n" {
                return None;
            }
            let is_length = line.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_length {
                return Some(line.trim_end().to_owned());
            }
        }
    }
}
