//! The WebSocket decoder: where the network cuts the bytes changes nothing about what comes out,
//! and what it holds is bounded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::ws::{Closing, Decoder, Inflater, Item, Violation};

/// Small, so that the limit is met.
const MESSAGE_BYTES_MAX: usize = 1024;

/// Above it: what compression may add, and an unfinished control frame.
const HELD_BYTES_MAX: usize = MESSAGE_BYTES_MAX * 5 / 4 + 64 + 256;

/// What came out, in a form that outlives the input.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    Violation(Violation),
}

struct Side {
    decoder: Decoder,
    closing: Closing,
    seen: Vec<Seen>,
}

impl Side {
    fn new(deflate: bool) -> Self {
        let decoder = Decoder::new(MESSAGE_BYTES_MAX, deflate);
        Self { decoder, closing: Closing::Open, seen: Vec::new() }
    }

    fn feed(&mut self, bytes: &[u8], inflater: &mut Inflater) {
        let mut bytes = bytes.to_vec();
        let mut input = &mut bytes[..];
        while let Some(item) = self.decoder.next(&mut input, inflater) {
            assert_ne!(self.closing, Closing::Done, "nothing comes after the end");
            if let Some(answer) = self.closing.answer(&item) {
                assert!(matches!(item, Err(_) | Ok(Item::Ping(_) | Item::Close(_))));
                assert!(answer.len() <= 127 && answer[1] as usize + 2 == answer.len());
            }
            self.seen.push(match item {
                Ok(Item::Text(text)) => Seen::Text(text.into_owned()),
                Ok(Item::Binary(bytes)) => Seen::Binary(bytes.into_owned()),
                Ok(Item::Ping(payload)) => Seen::Ping(payload.into_owned()),
                Ok(Item::Pong(payload)) => Seen::Pong(payload.into_owned()),
                Ok(Item::Close(close)) => {
                    Seen::Close(close.map(|close| (close.code.get(), close.reason.into_owned())))
                }
                Err(violation) => Seen::Violation(violation),
            });
            let length = match self.seen.last() {
                Some(Seen::Text(text)) => text.len(),
                Some(Seen::Binary(bytes)) => bytes.len(),
                _ => 0,
            };
            assert!(length <= MESSAGE_BYTES_MAX);
        }
        assert!(input.is_empty(), "None means that all was consumed");
        assert!(self.decoder.held_bytes() <= HELD_BYTES_MAX);
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let (deflate, step) = (first & 1 == 1, usize::from(first >> 1) + 2);
    let mut inflater = Inflater::default();
    let (mut whole, mut sliced, mut bytewise) =
        (Side::new(deflate), Side::new(deflate), Side::new(deflate));
    whole.feed(bytes, &mut inflater);
    bytes.chunks(step).for_each(|piece| sliced.feed(piece, &mut inflater));
    bytes.chunks(1).for_each(|piece| bytewise.feed(piece, &mut inflater));
    assert_eq!(whole.seen, sliced.seen);
    assert_eq!(whole.seen, bytewise.seen);
    assert_eq!(whole.closing, bytewise.closing);
});
