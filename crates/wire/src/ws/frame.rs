//! One frame: what its header says, and its masking (RFC 6455, sections 5.2 and 5.3).

use super::Violation;

/// Bytes of a control frame's payload at most (RFC 6455, section 5.5).
pub const CONTROL_BYTES_MAX: usize = 125;

/// Bytes of a client's frame before its payload at most: 2, a long length, a mask.
pub(super) const HEADER_BYTES_MAX: usize = 2 + 8 + 4;

/// The last frame of a message.
pub(super) const FIN: u8 = 0x80;

/// The message is compressed (RFC 7692, section 6).
pub(super) const RSV1: u8 = 0x40;

const RSV2_RSV3: u8 = 0x30;
const OPCODE_BITS: u8 = 0x0F;
const MASKED: u8 = 0x80;

/// What stands for a length that follows in 2 bytes.
pub(super) const LENGTH_16: u8 = 126;

/// What stands for a length that follows in 8 bytes.
pub(super) const LENGTH_64: u8 = 127;

/// What a frame is (RFC 6455, section 11.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    fn of(first: u8) -> Option<Self> {
        Some(match first & OPCODE_BITS {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            _ => return None,
        })
    }

    pub(super) fn is_control(self) -> bool {
        match self {
            Self::Close | Self::Ping | Self::Pong => true,
            Self::Continuation | Self::Text | Self::Binary => false,
        }
    }
}

/// What stands before the payload of a client's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) compressed: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: [u8; 4],
    pub(super) payload_bytes: u64,
}

impl Header {
    /// Reads the header off the front of `bytes`, with how many bytes it takes. `None`: it is not
    /// whole. What is wrong is told in the order of the bytes, so less of them tells no other.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, Violation> {
        let Some(&first) = bytes.first() else { return Ok(None) };
        let opcode = Opcode::of(first).ok_or(Violation::UnknownOpcode)?;
        let (fin, compressed) = (first & FIN != 0, first & RSV1 != 0);
        if first & RSV2_RSV3 != 0 || (compressed && opcode.is_control()) {
            return Err(Violation::ReservedBit);
        }
        if opcode.is_control() && !fin {
            return Err(Violation::FragmentedControl);
        }
        let Some(&second) = bytes.get(1) else { return Ok(None) };
        if second & MASKED == 0 {
            return Err(Violation::Unmasked);
        }
        let short = second & !MASKED;
        if opcode.is_control() && usize::from(short) > CONTROL_BYTES_MAX {
            return Err(Violation::LongControl);
        }
        let Some((payload_bytes, length_end)) = length(short, bytes)? else { return Ok(None) };
        let Some(&mask) = bytes.get(length_end..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        let header = Self { fin, compressed, opcode, mask, payload_bytes };
        Ok(Some((header, length_end + mask.len())))
    }
}

/// The payload's length, and where it ends. The shortest form is the only one.
fn length(short: u8, bytes: &[u8]) -> Result<Option<(u64, usize)>, Violation> {
    let (length, end) = match short {
        LENGTH_16 => {
            let Some(&length) = bytes[2..].first_chunk() else { return Ok(None) };
            let length = u16::from_be_bytes(length);
            if length < u16::from(LENGTH_16) {
                return Err(Violation::BadLength);
            }
            (u64::from(length), 4)
        }
        LENGTH_64 => {
            let Some(&length) = bytes[2..].first_chunk() else { return Ok(None) };
            let length = u64::from_be_bytes(length);
            if u16::try_from(length).is_ok() || i64::try_from(length).is_err() {
                return Err(Violation::BadLength);
            }
            (length, 10)
        }
        short => (u64::from(short), 2),
    };
    Ok(Some((length, end)))
}

/// Takes the mask off a piece of payload, and turns the mask to where the next piece goes on.
pub(super) fn unmask(piece: &mut [u8], mask: &mut [u8; 4]) {
    let [a, b, c, d] = *mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = piece.as_chunks_mut();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
    mask.rotate_left(piece.len() % 4);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The header's length in bytes and of the payload, or what is wrong.
    fn read(bytes: &[u8]) -> Result<Option<(u64, usize)>, Violation> {
        Ok(Header::read(bytes)?.map(|(header, length)| (header.payload_bytes, length)))
    }

    #[test]
    fn lengths_on_both_sides_of_each_form() {
        for (bytes, expected) in [
            (&b"\x81\x80mask"[..], Ok(Some((0, 6)))),
            (b"\x81\xfdmask", Ok(Some((125, 6)))),
            (b"\x81\xfe\x00\x7dmask", Err(Violation::BadLength)),
            (b"\x81\xfe\x00\x7emask", Ok(Some((126, 8)))),
            (b"\x81\xfe\xff\xffmask", Ok(Some((65_535, 8)))),
            (b"\x81\xff\0\0\0\0\0\0\xff\xffmask", Err(Violation::BadLength)),
            (b"\x81\xff\0\0\0\0\0\x01\0\0mask", Ok(Some((65_536, 14)))),
            (b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", Ok(Some((u64::MAX / 2, 14)))),
            (b"\x81\xff\x80\0\0\0\0\0\0\0mask", Err(Violation::BadLength)),
        ] {
            assert_eq!(read(bytes), expected, "{bytes:02x?}");
            let last = bytes.len() - 1;
            assert_eq!(read(&bytes[..last]), expected.map(|_| None), "{bytes:02x?} cut");
        }
    }

    #[test]
    fn what_the_first_two_bytes_may_not_say() {
        for (bytes, wrong) in [
            ([0x91, 0x80], Violation::ReservedBit),
            ([0xA1, 0x80], Violation::ReservedBit),
            ([0xC9, 0x80], Violation::ReservedBit),
            ([0x09, 0x80], Violation::FragmentedControl),
            ([0x81, 0x00], Violation::Unmasked),
            ([0x89, 0xfe], Violation::LongControl),
            ([0x88, 0xff], Violation::LongControl),
        ] {
            assert_eq!(read(&bytes), Err(wrong), "{bytes:02x?}");
        }
        for opcode in (3..8).chain(11..16) {
            assert_eq!(read(&[FIN | opcode]), Err(Violation::UnknownOpcode), "{opcode}");
        }
    }

    proptest! {
        #[test]
        fn unmasking_goes_on_where_it_stopped(
            mut payload in proptest::collection::vec(any::<u8>(), 0..100),
            mask in any::<[u8; 4]>(),
            cut in 0usize..100,
        ) {
            let slowly: Vec<u8> =
                payload.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]).collect();
            let (front, back) = payload.split_at_mut(cut.min(slowly.len()));
            let mut turned = mask;
            unmask(front, &mut turned);
            unmask(back, &mut turned);
            prop_assert_eq!(payload, slowly);
        }
    }
}
