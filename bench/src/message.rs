//! What publishers say: a stamp that tells who said it, where, which of theirs it is, and when.

/// Bytes of a text at least: the stamp is [`STAMP_BYTES`] long.
pub(crate) const SIZE_MIN: usize = 32;

/// Bytes of a text at most: a line of the line protocol. IRC takes no more than 400.
pub(crate) const SIZE_MAX: usize = 4096;

/// The mark, the room, the publisher, the counter and the time, in hexadecimal digits of fixed
/// width. Twelve digits of nanoseconds are three days.
pub(crate) const STAMP_BYTES: usize = 1 + 4 + 4 + 8 + 12;

/// Begins every text of ours.
pub(crate) const MARK: u8 = b'~';

const _: () = assert!(STAMP_BYTES <= SIZE_MIN);

/// Who said it, where, which of theirs it is, and when they meant to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The room's number.
    pub(crate) room: u16,
    /// The publisher's number in its room.
    pub(crate) publisher: u16,
    /// Counts the publisher's messages from 0.
    pub(crate) counter: u32,
    /// Nanoseconds since the run began.
    pub(crate) nanos: u64,
}

/// Appends a text of `size` bytes.
pub(crate) fn write(stamp: Stamp, size: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.push(MARK);
    write_hex(u64::from(stamp.room), 4, out);
    write_hex(u64::from(stamp.publisher), 4, out);
    write_hex(u64::from(stamp.counter), 8, out);
    write_hex(stamp.nanos, 12, out);
    out.resize(start + size, b'x');
}

/// The stamp of a text; `None` if it is none of ours.
pub(crate) fn read(text: &[u8]) -> Option<Stamp> {
    if text.len() < STAMP_BYTES || text[0] != MARK {
        return None;
    }
    Some(Stamp {
        room: u16::try_from(read_hex(&text[1..5])?).ok()?,
        publisher: u16::try_from(read_hex(&text[5..9])?).ok()?,
        counter: u32::try_from(read_hex(&text[9..17])?).ok()?,
        nanos: read_hex(&text[17..STAMP_BYTES])?,
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
            Stamp { room: 0, publisher: 0, counter: 0, nanos: 0 },
            Stamp { room: 3, publisher: 7, counter: 123_456, nanos: 98_765_432_101 },
            Stamp { room: u16::MAX, publisher: u16::MAX, counter: u32::MAX, nanos: (1 << 48) - 1 },
        ] {
            for size in [SIZE_MIN, 64, SIZE_MAX] {
                let mut text = Vec::new();
                write(stamp, size, &mut text);
                assert_eq!((text.len(), read(&text)), (size, Some(stamp)));
            }
        }
    }

    #[test]
    fn other_texts_have_no_stamp() {
        for text in ["", "bom dia", "~0000000", "~0000000000000000000000000zzz"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
