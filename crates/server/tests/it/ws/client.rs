//! A WebSocket client of the tests' own, which never waits without a deadline.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use serde_json::{Value, json};

use crate::harness::{DEADLINE, Server};

/// Whether a client offers compression, and compresses what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deflate {
    On,
    Off,
}

/// What comes from the server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Frame {
    Text {
        json: Value,
        compressed: bool,
    },
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(u16),
    /// The end of the connection.
    End,
}

pub(crate) struct Ws {
    stream: TcpStream,
    deflate: Deflate,
    unread: Vec<u8>,
    next_id: u64,
    /// Events that came while an answer was awaited.
    events: Vec<Value>,
}

/// The head of the answer to an opening handshake with these headers.
pub(crate) fn handshake(addr: SocketAddr, headers: &str) -> (TcpStream, String, Vec<u8>) {
    handshake_raw(addr, headers.replace('\n', "\r\n").as_bytes())
}

fn handshake_raw(addr: SocketAddr, first: &[u8]) -> (TcpStream, String, Vec<u8>) {
    let mut stream = TcpStream::connect_timeout(&addr, DEADLINE).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(first).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "no answer: {}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&buffer[..read]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    (stream, head, bytes[end..].to_vec())
}

/// A good opening handshake, with more headers in it.
pub(crate) fn opening(addr: SocketAddr, more: &str) -> String {
    format!(
        "GET /ws HTTP/1.1\nHost: {addr}\nUpgrade: websocket\nConnection: Upgrade\n\
         Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n{more}\n"
    )
}

impl Ws {
    pub(crate) fn open(server: &Server) -> Self {
        Self::open_with(server.addr(), Deflate::Off)
    }

    pub(crate) fn open_with(addr: SocketAddr, deflate: Deflate) -> Self {
        let extension = match deflate {
            Deflate::On => "Sec-WebSocket-Extensions: permessage-deflate\n",
            Deflate::Off => "",
        };
        let more = format!("Sec-WebSocket-Protocol: papo.v1\n{extension}");
        let (stream, head, unread) = handshake(addr, &opening(addr, &more));
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        assert!(head.contains("papo.v1"), "{head}");
        assert_eq!(head.contains("permessage-deflate"), deflate == Deflate::On, "{head}");
        Self { stream, deflate, unread, next_id: 0, events: Vec::new() }
    }

    /// Opens with these first bytes.
    pub(crate) fn open_raw(addr: SocketAddr, first: &[u8]) -> Self {
        let (stream, head, unread) = handshake_raw(addr, first);
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Self { stream, deflate: Deflate::Off, unread, next_id: 0, events: Vec::new() }
    }

    /// Opens, and makes the room.
    pub(crate) fn creates(server: &Server, room: &str, nick: &str) -> Self {
        let mut client = Self::open(server);
        client.ok(json!({"do": "create", "room": room, "capacity": 100, "nick": nick}));
        client
    }

    /// Opens, and enters the room.
    pub(crate) fn enters(server: &Server, room: &str, nick: &str) -> Self {
        let mut client = Self::open(server);
        client.ok(json!({"do": "enter", "room": room, "nick": nick}));
        client
    }

    /// A second handle of the connection, to cut it with.
    pub(crate) fn stream(&self) -> TcpStream {
        self.stream.try_clone().unwrap()
    }

    /// Sends one frame, masked.
    pub(crate) fn send_frame(&mut self, first: u8, payload: &[u8]) {
        self.try_send_frame(first, payload).unwrap();
    }

    pub(crate) fn try_send_frame(&mut self, first: u8, payload: &[u8]) -> std::io::Result<()> {
        const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
        let mut bytes = vec![first];
        match payload.len() {
            length @ ..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
            length @ ..65_536 => {
                bytes.push(0xFE);
                bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            length => {
                bytes.push(0xFF);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(MASK);
        bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
        self.stream.write_all(&bytes)
    }

    /// Sends a text message.
    pub(crate) fn send_text(&mut self, text: &str) {
        self.try_send_text(text).unwrap();
    }

    pub(crate) fn try_send_text(&mut self, text: &str) -> std::io::Result<()> {
        match self.deflate {
            Deflate::Off => self.try_send_frame(0x81, text.as_bytes()),
            Deflate::On => {
                let mut bytes = Vec::with_capacity(text.len() + 100);
                let mut state = Compress::new(Compression::best(), false);
                state.compress_vec(text.as_bytes(), &mut bytes, FlushCompress::Sync).unwrap();
                bytes.truncate(bytes.len() - 4);
                self.try_send_frame(0xC1, &bytes)
            }
        }
    }

    /// Sends a request with the next id, which it gives back.
    pub(crate) fn ask(&mut self, mut request: Value) -> u64 {
        self.next_id += 1;
        request["id"] = self.next_id.into();
        self.send_text(&request.to_string());
        self.next_id
    }

    /// What a request is granted; events that come before are kept for [`Ws::event`].
    #[track_caller]
    pub(crate) fn ok(&mut self, request: Value) -> Value {
        let shown = request.to_string();
        let id = self.ask(request);
        let answer = self.answer(id);
        answer.get("ok").unwrap_or_else(|| panic!("{shown}: {answer}")).clone()
    }

    /// The code with which a request is refused.
    #[track_caller]
    pub(crate) fn no(&mut self, request: Value) -> String {
        let shown = request.to_string();
        let id = self.ask(request);
        let answer = self.answer(id);
        let code = answer["no"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{shown}: {answer}")).to_owned()
    }

    /// What a request is granted, or the code with which it is refused.
    pub(crate) fn no_or_ok(&mut self, request: Value) -> Result<Value, Value> {
        let id = self.ask(request);
        let answer = self.answer(id);
        answer.get("ok").cloned().ok_or_else(|| answer["no"]["code"].clone())
    }

    /// The answer to the request of that id.
    #[track_caller]
    pub(crate) fn answer(&mut self, id: u64) -> Value {
        loop {
            let message = self.message();
            if message.get("re").is_none() {
                self.events.push(message);
            } else {
                assert_eq!(message["re"], id, "{message}");
                return message;
            }
        }
    }

    /// The next event.
    #[track_caller]
    pub(crate) fn event(&mut self) -> Value {
        if self.events.is_empty() { self.message() } else { self.events.remove(0) }
    }

    /// The next event, which is of that kind.
    #[track_caller]
    pub(crate) fn expect(&mut self, kind: &str) -> Value {
        let event = self.event();
        assert_eq!(event["ev"], kind, "{event}");
        event
    }

    /// The next text message; pings are answered.
    #[track_caller]
    pub(crate) fn message(&mut self) -> Value {
        match self.frame() {
            Frame::Text { json, .. } => json,
            other => panic!("no message but {other:?}"),
        }
    }

    /// The next frame.
    #[track_caller]
    pub(crate) fn frame(&mut self) -> Frame {
        loop {
            if let Some(frame) = self.take_frame() {
                return frame;
            }
            let mut buffer = [0; 16 * 1024];
            match self.stream.read(&mut buffer) {
                Ok(0) => return Frame::End,
                Ok(read) => self.unread.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                    return Frame::End;
                }
                Err(error) => panic!("nothing came within {DEADLINE:?}: {error}"),
            }
        }
    }

    fn take_frame(&mut self) -> Option<Frame> {
        let [first, second] = *self.unread.first_chunk()?;
        let (length, start) = match second {
            126 => (u64::from(u16::from_be_bytes(*self.unread[2..].first_chunk()?)), 4),
            127 => (u64::from_be_bytes(*self.unread[2..].first_chunk()?), 10),
            short => (u64::from(short), 2),
        };
        let end = start + usize::try_from(length).unwrap();
        let payload = self.unread.get(start..end)?.to_vec();
        self.unread.drain(..end);
        Some(match first {
            0x81 | 0xC1 => {
                let compressed = first == 0xC1;
                let text = if compressed { inflate(&payload) } else { payload };
                Frame::Text { json: serde_json::from_slice(&text).unwrap(), compressed }
            }
            0x88 => Frame::Close(u16::from_be_bytes(*payload.first_chunk().unwrap())),
            0x89 => Frame::Ping(payload),
            0x8A => Frame::Pong(payload),
            other => panic!("a frame beginning with {other:#x}"),
        })
    }

    /// The close frame, after which nothing comes; its code.
    #[track_caller]
    pub(crate) fn closed(&mut self) -> u16 {
        let code = match self.frame() {
            Frame::Close(code) => code,
            other => panic!("not closed but {other:?}"),
        };
        assert_eq!(self.frame(), Frame::End);
        code
    }
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024 * 1024);
    let mut state = Decompress::new(false);
    let whole = [payload, &[0, 0, 0xFF, 0xFF]].concat();
    state.decompress_vec(&whole, &mut text, FlushDecompress::Sync).unwrap();
    text
}
