//! What publishers say, and what the lines that come back are.

/// Bytes of a text at least: the stamp is [`STAMP_BYTES`] long.
pub(crate) const SIZE_MIN: usize = 32;

/// Bytes of a text at most: a line of the protocol.
pub(crate) const SIZE_MAX: usize = 4096;

/// The mark, the publisher, the counter and the time, in hexadecimal digits of fixed width.
const STAMP_BYTES: usize = 1 + 4 + 8 + 16;

/// Begins every text of ours.
const MARK: u8 = b'~';

/// Bytes of a nick at most, in any script.
const NICK_BYTES_MAX: usize = 128;

const _: () = assert!(STAMP_BYTES <= SIZE_MIN);

/// Who said it, which of theirs it is, and when they meant to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The publisher's number in its room.
    pub(crate) publisher: u16,
    /// Counts the publisher's messages from 0.
    pub(crate) counter: u32,
    /// Nanoseconds since the run began.
    pub(crate) nanos: u64,
}

/// A line from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// A message of a publisher of ours.
    Message(Stamp),
    /// `[OK] - `.
    Done,
    /// `[ERRO] - `.
    Refused,
    /// Anything else: the greeting, who came and went.
    Other,
}

/// Appends a message of `size` bytes and its line end.
pub(crate) fn write(stamp: Stamp, size: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.push(MARK);
    write_hex(u64::from(stamp.publisher), 4, out);
    write_hex(u64::from(stamp.counter), 8, out);
    write_hex(stamp.nanos, 16, out);
    out.resize(start + size, b'x');
    out.push(b'\n');
}

/// What a line, without its end, is.
pub(crate) fn read(line: &[u8]) -> Line {
    if line.first() != Some(&b'[') {
        return Line::Other;
    }
    let window = &line[..line.len().min(NICK_BYTES_MAX + 2)];
    let Some(close) = memchr::memchr(b']', window) else { return Line::Other };
    match (&line[1..close], line[close + 1..].strip_prefix(b": ")) {
        (_, Some(text)) => read_stamp(text).map_or(Line::Other, Line::Message),
        (b"OK", None) => Line::Done,
        (b"ERRO", None) => Line::Refused,
        _ => Line::Other,
    }
}

fn read_stamp(text: &[u8]) -> Option<Stamp> {
    if text.len() < STAMP_BYTES || text[0] != MARK {
        return None;
    }
    Some(Stamp {
        publisher: u16::try_from(read_hex(&text[1..5])?).ok()?,
        counter: u32::try_from(read_hex(&text[5..13])?).ok()?,
        nanos: read_hex(&text[13..STAMP_BYTES])?,
    })
}

fn write_hex(value: u64, digits: usize, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let skipped = 2 * bytes.len() - digits;
    out.extend(nibbles.skip(skipped).map(|nibble| b"0123456789abcdef"[usize::from(nibble)]));
}

fn read_hex(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |value, &digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(value << 4 | u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_comes_back_as_it_went() {
        for stamp in [
            Stamp { publisher: 0, counter: 0, nanos: 0 },
            Stamp { publisher: 7, counter: 123_456, nanos: 987_654_321_012 },
            Stamp { publisher: u16::MAX, counter: u32::MAX, nanos: u64::MAX },
        ] {
            for size in [SIZE_MIN, 64, SIZE_MAX] {
                let mut line = b"[ana]: ".to_vec();
                write(stamp, size, &mut line);
                assert_eq!(line.pop(), Some(b'\n'));
                assert_eq!(line.len(), "[ana]: ".len() + size);
                assert_eq!(read(&line), Line::Message(stamp));
            }
        }
    }

    #[test]
    fn other_lines_are_told_apart() {
        for (line, kind) in [
            ("[OK] - Canal criado", Line::Done),
            ("[ERRO] - O canal x ja existe", Line::Refused),
            ("[INFO] - ana entrou", Line::Other),
            ("Conexao concluida. Digite --HELP para ajuda.", Line::Other),
            ("[ana]: bom dia", Line::Other),
            ("[ana]: ~0000000", Line::Other),
            ("[ana]: ~00000000000000000000000000zz", Line::Other),
            ("[ERRO]: ~what a nick", Line::Other),
            ("[OK", Line::Other),
            ("[", Line::Other),
            ("", Line::Other),
        ] {
            assert_eq!(read(line.as_bytes()), kind, "{line}");
        }
    }
}
