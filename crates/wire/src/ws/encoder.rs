//! The server's frames: never masked, never in parts (RFC 6455, section 5.1).

use bytes::Bytes;

use super::CloseCode;
use super::frame::{CONTROL_BYTES_MAX, FIN, LENGTH_16, LENGTH_64, Opcode};

/// Bytes of a close frame's reason at most: the code takes two.
pub const REASON_BYTES_MAX: usize = CONTROL_BYTES_MAX - 2;

/// Bytes of a server's frame before its payload at most.
const HEADER_BYTES_MAX: usize = 2 + 8;

/// A text message, not compressed.
#[must_use]
pub fn text(payload: &str) -> Bytes {
    frame(FIN | Opcode::Text as u8, &[payload.as_bytes()])
}

/// A binary message, not compressed.
#[must_use]
pub fn binary(payload: &[u8]) -> Bytes {
    frame(FIN | Opcode::Binary as u8, &[payload])
}

/// A ping; the client answers with a pong of the same payload.
///
/// # Panics
///
/// If the payload is longer than [`CONTROL_BYTES_MAX`].
#[must_use]
pub fn ping(payload: &[u8]) -> Bytes {
    control(Opcode::Ping, &[payload])
}

/// A pong, the answer to a ping.
///
/// # Panics
///
/// If the payload is longer than [`CONTROL_BYTES_MAX`], which no ping's is.
#[must_use]
pub fn pong(payload: &[u8]) -> Bytes {
    control(Opcode::Pong, &[payload])
}

/// A close frame; its reason is cut to [`REASON_BYTES_MAX`].
#[must_use]
pub fn close(code: CloseCode, reason: &str) -> Bytes {
    let reason = &reason[..reason.floor_char_boundary(REASON_BYTES_MAX)];
    control(Opcode::Close, &[&code.get().to_be_bytes(), reason.as_bytes()])
}

/// A close frame that gives no reason: the answer to one that gave none.
#[must_use]
pub fn empty_close() -> Bytes {
    control(Opcode::Close, &[])
}

fn control(opcode: Opcode, payload: &[&[u8]]) -> Bytes {
    let length: usize = payload.iter().map(|part| part.len()).sum();
    assert!(length <= CONTROL_BYTES_MAX, "a control frame of {length} bytes");
    frame(FIN | opcode as u8, payload)
}

/// A frame whose first byte is `first`, in a buffer of exactly its length.
pub(super) fn frame(first: u8, payload: &[&[u8]]) -> Bytes {
    let length: usize = payload.iter().map(|part| part.len()).sum();
    let mut header = [0; HEADER_BYTES_MAX];
    header[0] = first;
    let header_bytes = if let Ok(short @ ..LENGTH_16) = u8::try_from(length) {
        header[1] = short;
        2
    } else if let Ok(medium) = u16::try_from(length) {
        header[1] = LENGTH_16;
        header[2..4].copy_from_slice(&medium.to_be_bytes());
        4
    } else {
        header[1] = LENGTH_64;
        header[2..10].copy_from_slice(&(length as u64).to_be_bytes());
        10
    };
    let mut bytes = Vec::with_capacity(header_bytes + length);
    bytes.extend_from_slice(&header[..header_bytes]);
    for part in payload {
        bytes.extend_from_slice(part);
    }
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_length_is_written() {
        for (length, header) in [
            (0, &b"\x81\x00"[..]),
            (125, b"\x81\x7d"),
            (126, b"\x81\x7e\x00\x7e"),
            (127, b"\x81\x7e\x00\x7f"),
            (255, b"\x81\x7e\x00\xff"),
            (256, b"\x81\x7e\x01\x00"),
            (65_535, b"\x81\x7e\xff\xff"),
            (65_536, b"\x81\x7f\0\0\0\0\0\x01\0\0"),
        ] {
            let payload = "a".repeat(length);
            assert_eq!(text(&payload), [header, payload.as_bytes()].concat(), "{length}");
        }
        assert_eq!(binary(b"\xff"), &b"\x82\x01\xff"[..]);
        assert_eq!(ping(b"1"), &b"\x89\x011"[..]);
        assert_eq!(empty_close(), &b"\x88\x00"[..]);
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        let frame = close(CloseCode::POLICY, &"é".repeat(100));
        assert_eq!(frame[..4], [0x88, 124, 0x03, 0xf0]);
        assert_eq!(std::str::from_utf8(&frame[4..]).unwrap(), "é".repeat(61));
    }
}
