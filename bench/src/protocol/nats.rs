//! The client protocol of NATS, as far as a subscriber of one subject needs it:
//! docs.nats.io, "Client Protocol".
//!
//! A message comes as two lines, its header and its text. Our texts hold no line end, so the
//! stream can be cut at each.

use crate::message::{self, MARK};
use crate::protocol::Heard;

/// Answers a ping.
pub(super) const PONG: &[u8] = b"PONG\r\n";

/// A publisher does not hear itself, as in a chat room.
const CONNECT: &str = "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\n";

/// The answer to the ping says that the server knows the client.
pub(super) fn hello() -> Vec<u8> {
    format!("{CONNECT}PING\r\n").into_bytes()
}

/// The answer to the ping says that the subscription before it is done.
pub(super) fn enter(room: &str) -> Vec<u8> {
    format!("{CONNECT}SUB {room} 1\r\nPING\r\n").into_bytes()
}

/// What stands before a text.
pub(super) fn opening(room: &str, size: usize) -> Vec<u8> {
    format!("PUB {room} {size}\r\n").into_bytes()
}

/// What a line means.
pub(super) fn heard(line: &[u8]) -> Heard {
    match line {
        [MARK, ..] => message::read(line).map_or(Heard::Other, Heard::Message),
        b"PING" => Heard::Ping,
        b"PONG" => Heard::Done,
        [b'-', ..] => Heard::Refused,
        _ => Heard::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Stamp;

    #[test]
    fn lines_are_told_apart() {
        let stamp = Stamp { room: 1, publisher: 2, counter: 3, nanos: 4 };
        for (line, heard_as) in [
            ("~0001000200000003000000000004xxx", Heard::Message(stamp)),
            ("MSG room 1 64", Heard::Other),
            ("INFO {}", Heard::Other),
            ("PING", Heard::Ping),
            ("PONG", Heard::Done),
            ("-ERR 'Slow Consumer'", Heard::Refused),
            ("", Heard::Other),
        ] {
            assert_eq!(heard(line.as_bytes()), heard_as, "{line}");
        }
    }
}
