//! A client's side of the protocol, for tests: whatever frames they want, allowed or not.

use flate2::{Compress, Compression, FlushCompress};

use super::{Decoder, Inflater, Item, Violation};

/// First bytes of frames.
pub(super) const TEXT: u8 = 0x81;
pub(super) const BINARY: u8 = 0x82;
pub(super) const CLOSE: u8 = 0x88;
pub(super) const PING: u8 = 0x89;
pub(super) const PONG: u8 = 0x8A;
pub(super) const RSV1: u8 = 0x40;
const FIN: u8 = 0x80;

/// A frame, masked.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    frame_with(first, payload, [0x37, 0xfa, 0x21, 0x3d])
}

/// A frame with this mask.
pub(super) fn frame_with(first: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
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
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

/// A message in one frame for each of `parts`; `first` is what a whole one would begin with.
pub(super) fn message(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let opcode = if index == 0 { first & !FIN } else { 0 };
        let fin = if index + 1 == parts.len() { FIN } else { 0 };
        bytes.extend(frame(fin | opcode, part));
    }
    bytes
}

/// A close frame's payload.
pub(super) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes(), reason].concat()
}

/// What a message is compressed to, at the largest window.
pub(super) fn deflate(message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len() + message.len() / 8 + 100);
    let mut state = Compress::new(Compression::best(), false);
    state.compress_vec(message, &mut bytes, FlushCompress::Sync).unwrap();
    bytes.truncate(bytes.len() - 4);
    bytes
}

/// All that comes out of `pieces`, as texts: the payload's beginning and its length where it is
/// longer; a violation as its code and reason.
pub(super) fn decode(decoder: &mut Decoder, pieces: &[&[u8]]) -> Vec<String> {
    let (mut items, mut inflater) = (Vec::new(), Inflater::default());
    for piece in pieces {
        let mut piece = piece.to_vec();
        let mut input = &mut piece[..];
        while let Some(item) = decoder.next(&mut input, &mut inflater) {
            items.push(show(item));
        }
        assert!(input.is_empty(), "None means that all was consumed");
    }
    items
}

fn show(item: Result<Item<'_>, Violation>) -> String {
    match item {
        Ok(Item::Text(text)) => format!("text {}", short(text.as_bytes())),
        Ok(Item::Binary(bytes)) => format!("binary {}", short(&bytes)),
        Ok(Item::Ping(payload)) => format!("ping {}", short(&payload)),
        Ok(Item::Pong(payload)) => format!("pong {}", short(&payload)),
        Ok(Item::Close(None)) => "close".to_owned(),
        Ok(Item::Close(Some(close))) => {
            format!("close {} {}", close.code.get(), short(close.reason.as_bytes()))
        }
        Err(violation) => format!("{}: {violation}", violation.code().get()),
    }
}

fn short(bytes: &[u8]) -> String {
    match bytes.len() {
        ..30 => String::from_utf8_lossy(bytes).into_owned(),
        length => format!("{length}"),
    }
}
