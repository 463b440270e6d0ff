//! papo's line protocol: `docs/line.md`.

use crate::message;
use crate::protocol::Heard;

/// Bytes of a nick at most, in any script.
const NICK_BYTES_MAX: usize = 128;

/// Makes a room and enters it, or enters one.
pub(super) fn enter(nick: &str, room: &str, capacity: Option<u32>) -> Vec<u8> {
    match capacity {
        Some(capacity) => format!("--CREATE {room} {capacity} {nick}\n"),
        None => format!("--JOIN {room} {nick}\n"),
    }
    .into_bytes()
}

/// What a line means. In numbered mode each kept one begins with its sequence.
pub(super) fn heard(line: &[u8]) -> Heard {
    let line = match line.first() {
        Some(b'0'..=b'9') => {
            let end = memchr::memchr(b' ', line).map_or(line.len(), |space| space + 1);
            &line[end..]
        }
        _ => line,
    };
    if line.first() != Some(&b'[') {
        return if line.starts_with(b"Conexao") { Heard::Ready } else { Heard::Other };
    }
    let window = &line[..line.len().min(NICK_BYTES_MAX + 2)];
    let Some(close) = memchr::memchr(b']', window) else { return Heard::Other };
    match (&line[1..close], line[close + 1..].strip_prefix(b": ")) {
        (_, Some(text)) => message::read(text).map_or(Heard::Other, Heard::Message),
        (b"OK", None) => Heard::Done,
        (b"ERRO", None) => Heard::Refused,
        _ => Heard::Other,
    }
}

/// The sequence of a message of one's own that is kept: `[OK] - 17`.
pub(crate) fn kept(line: &[u8]) -> Option<u64> {
    number(line.strip_prefix(b"[OK] - ")?)
}

/// The room's last sequence: `[OK] - Cursor 17`.
pub(crate) fn cursor(line: &[u8]) -> Option<u64> {
    number(line.strip_prefix(b"[OK] - Cursor ")?)
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Stamp;

    #[test]
    fn lines_are_told_apart() {
        let stamp = Stamp { room: 1, publisher: 2, counter: 3, nanos: 4 };
        for (line, heard_as) in [
            ("[ana]: ~0001000200000003000000000004xxx", Heard::Message(stamp)),
            ("17 [ana]: ~0001000200000003000000000004", Heard::Message(stamp)),
            ("[OK] - Canal criado", Heard::Done),
            ("[ERRO] - O canal x ja existe", Heard::Refused),
            ("[INFO] - ana entrou", Heard::Other),
            ("17 [INFO] - ana mudou o assunto", Heard::Other),
            ("Conexao concluida. Digite --HELP para ajuda.", Heard::Ready),
            ("[ana]: bom dia", Heard::Other),
            ("[ERRO]: ~what a nick", Heard::Other),
            ("[OK", Heard::Other),
            ("[", Heard::Other),
            ("17", Heard::Other),
            ("", Heard::Other),
        ] {
            assert_eq!(heard(line.as_bytes()), heard_as, "{line}");
        }
    }

    #[test]
    fn acknowledgements_are_no_other_answers() {
        assert_eq!(kept(b"[OK] - 17"), Some(17));
        assert_eq!((kept(b"[OK] - Cursor 17"), kept(b"[OK] - 17 x")), (None, None));
        assert_eq!((cursor(b"[OK] - Cursor 17"), cursor(b"[OK] - 17")), (Some(17), None));
    }
}
