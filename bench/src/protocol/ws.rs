//! `papo.v1` over WebSocket: `docs/ws.md`, RFC 6455.
//!
//! The opening handshake and the first request go out together, to have one way in for all
//! protocols; a masking key of zeros leaves a text as it is.

use crate::message::{self, STAMP_BYTES};
use crate::protocol::Heard;

/// What stands before the stamp of a message in its event.
const TEXT: &[u8] = b"\"text\":\"~";

/// What stands after a text.
pub(super) const ENDING: &[u8] = b"\"}";

/// The first byte of a whole text message, and of a compressed one (RFC 7692, section 6).
const TEXT_FRAME: u8 = 0x81;
const COMPRESSED_FRAME: u8 = 0xC1;

/// The second byte of a frame: that it is masked, and that its length follows in two bytes.
const MASKED: u8 = 0x80;
const LONG: u8 = 0x7E;

/// The opening handshake.
pub(super) fn hello(deflate: bool) -> Vec<u8> {
    let extension = if deflate { "Sec-WebSocket-Extensions: permessage-deflate\r\n" } else { "" };
    format!(
        "GET /ws HTTP/1.1\r\nHost: bench.invalid\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: papo.v1\r\n{extension}\r\n"
    )
    .into_bytes()
}

/// The handshake, and the request that makes a room or enters one.
pub(super) fn enter(nick: &str, room: &str, capacity: Option<u32>, deflate: bool) -> Vec<u8> {
    let request = match capacity {
        Some(capacity) => format!(
            r#"{{"id":1,"do":"create","room":"{room}","capacity":{capacity},"nick":"{nick}"}}"#
        ),
        None => format!(r#"{{"id":1,"do":"enter","room":"{room}","nick":"{nick}"}}"#),
    };
    let mut words = hello(deflate);
    head(request.len(), &mut words);
    words.extend(request.as_bytes());
    words
}

/// What stands before each text of `size` bytes.
pub(super) fn opening(room: &str, size: usize) -> Vec<u8> {
    let request = format!(r#"{{"id":2,"do":"say","room":"{room}","text":""#);
    let mut words = Vec::new();
    head(request.len() + size + ENDING.len(), &mut words);
    words.extend(request.as_bytes());
    words
}

/// The head of a masked text message (RFC 6455, section 5.2).
fn head(length: usize, words: &mut Vec<u8>) {
    words.push(TEXT_FRAME);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..LONG), _) => words.push(MASKED | short),
        (_, Ok(length)) => {
            words.push(MASKED | LONG);
            words.extend(length.to_be_bytes());
        }
        (_, Err(_)) => unreachable!("a text has at most {} bytes", message::SIZE_MAX),
    }
    words.extend([0; 4]);
}

/// Bytes of the answer to the handshake, or of the frame, that `bytes` begin with; `None` if that
/// cannot be told yet.
pub(super) fn frame_bytes(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&b'H') {
        return Some(memchr::memmem::find(bytes, b"\r\n\r\n")? + 4);
    }
    Some(match *bytes.get(1)? {
        LONG => 4 + usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
        127 => {
            let length = u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
            10 + usize::try_from(length).unwrap_or(usize::MAX / 2)
        }
        short => 2 + usize::from(short),
    })
}

/// What a frame means. What is compressed is only counted: the answer to the one request of who
/// then listens.
pub(super) fn heard(frame: &[u8]) -> Heard {
    if frame.starts_with(b"HTTP/1.1 ") {
        return if frame.starts_with(b"HTTP/1.1 101 ") { Heard::Ready } else { Heard::Refused };
    }
    match frame.first() {
        Some(&COMPRESSED_FRAME) => return Heard::Done,
        Some(&TEXT_FRAME) => {}
        Some(0x88) => return Heard::Refused,
        Some(_) | None => return Heard::Other,
    }
    let text = &frame[if frame[1] < LONG { 2 } else { 4 }..];
    if let Some(at) = memchr::memmem::find(text, TEXT) {
        let stamp = &text[at + TEXT.len() - 1..];
        return message::read(&stamp[..stamp.len().min(STAMP_BYTES)])
            .map_or(Heard::Other, Heard::Message);
    }
    if text.starts_with(br#"{"re":1,"ok""#) {
        Heard::Done
    } else if text.starts_with(br#"{"re":"#) && memchr::memmem::find(text, br#","no":"#).is_some() {
        Heard::Refused
    } else {
        Heard::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Stamp;

    fn frame(text: &str) -> Vec<u8> {
        let mut frame = vec![TEXT_FRAME];
        if let Ok(short @ ..LONG) = u8::try_from(text.len()) {
            frame.push(short);
        } else {
            frame.push(LONG);
            frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        }
        frame.extend(text.as_bytes());
        frame
    }

    #[test]
    fn frames_are_told_apart() {
        let stamp = Stamp { room: 1, publisher: 2, counter: 3, nanos: 4 };
        let said = r#"{"ev":"said","room":"b","seq":7,"text":"~0001000200000003000000000004xx"}"#;
        for (frame, heard_as) in [
            (frame(said), Heard::Message(stamp)),
            (frame(r#"{"re":1,"ok":{"room":"b"}}"#), Heard::Done),
            (frame(r#"{"re":2,"ok":{"seq":7}}"#), Heard::Other),
            (frame(r#"{"re":2,"no":{"code":"too-fast"}}"#), Heard::Refused),
            (b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec(), Heard::Ready),
            (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), Heard::Refused),
            (vec![COMPRESSED_FRAME, 0], Heard::Done),
            (vec![0x89, 0], Heard::Other),
        ] {
            assert_eq!(heard(&frame), heard_as, "{frame:?}");
            assert_eq!(frame_bytes(&frame), Some(frame.len()));
            assert_eq!(frame_bytes(&frame[..1]), None);
        }
    }

    #[test]
    fn what_is_said_has_the_length_that_its_head_names() {
        for size in [32, 64, 1000, 4096] {
            let mut said = opening("b-1", size);
            said.resize(said.len() + size, b'x');
            said.extend(ENDING);
            let (mask, start) = if said[1] == MASKED | LONG { (4..8, 8) } else { (2..6, 6) };
            assert_eq!(said[mask], [0; 4]);
            said[1] &= !MASKED;
            assert_eq!(frame_bytes(&said).map(|bytes| bytes + 4), Some(said.len()));
            assert!(said[start..].starts_with(b"{") && said.ends_with(b"}"));
        }
    }
}
