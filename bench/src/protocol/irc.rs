//! IRC, as far as a member of one channel needs it: RFC 2812.

use crate::message;
use crate::protocol::Heard;

/// Registration (section 3.1).
pub(super) fn hello(nick: &str) -> Vec<u8> {
    format!("NICK {nick}\r\nUSER bench 0 * :bench\r\n").into_bytes()
}

/// Section 3.2.1.
pub(super) fn join(room: &str) -> Vec<u8> {
    format!("JOIN #{room}\r\n").into_bytes()
}

/// Section 3.3.1.
pub(super) fn opening(room: &str) -> Vec<u8> {
    format!("PRIVMSG #{room} :").into_bytes()
}

/// Section 3.7.3: what the ping said comes back.
pub(super) fn pong(ping: &[u8]) -> Vec<u8> {
    let words = ping.strip_prefix(b"PING").unwrap_or_default();
    [b"PONG", words, b"\r\n"].concat()
}

/// What a line means; the numbers are of section 5.
pub(super) fn heard(line: &[u8]) -> Heard {
    let (has_source, rest) = match line.strip_prefix(b":") {
        Some(line) => {
            let Some(space) = memchr::memchr(b' ', line) else { return Heard::Other };
            (true, &line[space + 1..])
        }
        None => (false, line),
    };
    let command = rest.split(|&byte| byte == b' ').next().unwrap_or_default();
    match command {
        b"PRIVMSG" => {
            let Some(colon) = memchr::memchr(b':', rest) else { return Heard::Other };
            message::read(&rest[colon + 1..]).map_or(Heard::Other, Heard::Message)
        }
        b"PING" if !has_source => Heard::Ping,
        // The end of the message of the day, or that there is none.
        b"376" | b"422" => Heard::Ready,
        // The end of the names: the join is done.
        b"366" => Heard::Done,
        b"ERROR" | [b'4' | b'5', b'0'..=b'9', b'0'..=b'9'] => Heard::Refused,
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
        let text = ":a!~b@127.0.0.1 PRIVMSG #r :~0001000200000003000000000004xxx";
        for (line, heard_as) in [
            (text, Heard::Message(stamp)),
            (":a!~b@h PRIVMSG #r :bom dia", Heard::Other),
            (":s 001 a :Welcome", Heard::Other),
            (":s 422 a :No MOTD", Heard::Ready),
            (":s 366 a #r :End", Heard::Done),
            (":s 433 * a :Nickname is already in use", Heard::Refused),
            ("ERROR :Closing", Heard::Refused),
            ("PING :s", Heard::Ping),
            (":a!b@h JOIN #r", Heard::Other),
            (":", Heard::Other),
            ("", Heard::Other),
        ] {
            assert_eq!(heard(line.as_bytes()), heard_as, "{line}");
        }
        assert_eq!(pong(b"PING :12 3"), b"PONG :12 3\r\n");
    }
}
