//! The bytes of one append in the journal.
//!
//! ```text
//! crc u32 | bytes u32 | generation u64 | first u64 | entries
//! entry: room u64 | seq u64 | at u64 | bytes u32 | record
//! ```
//!
//! Numbers are little-endian. `bytes` counts what follows it; `crc` (CRC-32, ISO-HDLC) covers all
//! that follows it, so a frame of which a disk kept only a part is none. `generation` says in
//! which use of its file the frame was written, so that what an earlier use left behind is none
//! either. `first` is the number of the first event, in the order of the whole log.

use room::{Event, RoomId, Seq, UnixMs};

use crate::record;

/// Bytes before the entries.
pub const HEAD_BYTES: usize = 4 + 4 + 8 + 8;

/// Bytes of an entry before its record.
const ENTRY_BYTES: usize = 8 + 8 + 8 + 4;

/// What one append wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The number of the first event.
    pub first: u64,
    /// The events, of any rooms.
    pub events: Vec<Event>,
}

/// Writes a frame after what is in `bytes`. `None` if an event is not of the kept kind, or the
/// frame would be longer than its length can say; what is in `bytes` then is of no use.
#[must_use]
pub fn encode(generation: u64, first: u64, events: &[Event], bytes: &mut Vec<u8>) -> Option<()> {
    let start = bytes.len();
    bytes.extend([0; 8]);
    bytes.extend(generation.to_le_bytes());
    bytes.extend(first.to_le_bytes());
    for event in events {
        for number in [event.room.0, event.seq.0, event.at.0] {
            bytes.extend(number.to_le_bytes());
        }
        let length_at = bytes.len();
        bytes.extend([0; 4]);
        record::encode(&event.fact, bytes)?;
        let length = u32::try_from(bytes.len() - length_at - 4).ok()?;
        bytes[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }
    let length = u32::try_from(bytes.len() - start - 8).ok()?;
    bytes[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
    let crc = crc32fast::hash(&bytes[start + 4..]);
    bytes[start..start + 4].copy_from_slice(&crc.to_le_bytes());
    Some(())
}

/// Reads the frame that `bytes` begins with, if it is a whole one of `generation`, and how many
/// bytes it has. Takes any bytes; `None` is where the journal ends.
#[must_use]
pub fn decode(bytes: &[u8], generation: u64) -> Option<(Frame, usize)> {
    let mut rest = Rest(bytes);
    let crc = u32::from_le_bytes(rest.take()?);
    let length = usize::try_from(u32::from_le_bytes(rest.take()?)).ok()?;
    let end = length.checked_add(8)?;
    let covered = bytes.get(4..end)?;
    if length < HEAD_BYTES - 8 || crc32fast::hash(covered) != crc {
        return None;
    }
    if rest.number()? != generation {
        return None;
    }
    let first = rest.number()?;
    let mut rest = Rest(&bytes[HEAD_BYTES..end]);
    let mut events = Vec::with_capacity(rest.0.len() / (2 * ENTRY_BYTES));
    while !rest.0.is_empty() {
        let (room, seq, at) = (rest.number()?, rest.number()?, rest.number()?);
        let length = usize::try_from(u32::from_le_bytes(rest.take()?)).ok()?;
        let (record, others) = rest.0.split_at_checked(length)?;
        rest = Rest(others);
        let fact = record::decode(record).ok()?;
        events.push(Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(at), fact });
    }
    Some((Frame { first, events }, end))
}

/// What has not been read yet.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{created, said};

    fn frame() -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(7, 41, &[created(1, "sala"), said(1, 2, "oi"), said(9, 3, "東京")], &mut bytes)
            .unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = frame();
        let length = bytes.len();
        bytes.extend([0xff; 9]);
        let (frame, used) = decode(&bytes, 7).unwrap();
        assert_eq!((frame.first, used), (41, length));
        assert_eq!(frame.events, [created(1, "sala"), said(1, 2, "oi"), said(9, 3, "東京")]);
    }

    #[test]
    fn another_use_of_the_file_is_none() {
        assert_eq!(decode(&frame(), 6), None);
        assert_eq!(decode(&frame(), 8), None);
        assert_eq!(decode(&[0; 4096], 0), None, "space that was never written to");
    }

    #[test]
    fn a_part_is_none() {
        let bytes = frame();
        for end in 0..bytes.len() {
            assert_eq!(decode(&bytes[..end], 7), None, "{end} bytes");
        }
        for place in 0..bytes.len() {
            let mut torn = bytes.clone();
            torn[place] ^= 0x10;
            assert_eq!(decode(&torn, 7), None, "byte {place}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(bytes: Vec<u8>, generation: u64) {
            let _ = decode(&bytes, generation);
        }
    }
}
