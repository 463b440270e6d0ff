//! The line decoder: where the network cuts the bytes changes nothing about the lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::line::{Decoder, Item, LINE_BYTES_MAX};

/// What came out, in a form that outlives the input.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Line(String),
    TooLong,
    NotUtf8,
    Reply([u8; 3]),
    Interrupt,
}

fn feed(decoder: &mut Decoder, mut input: &[u8], seen: &mut Vec<Seen>) {
    while let Some(item) = decoder.next(&mut input) {
        seen.push(match item {
            Item::Line(line) => {
                assert!(line.len() <= LINE_BYTES_MAX);
                Seen::Line(line.into_owned())
            }
            Item::TooLong => Seen::TooLong,
            Item::NotUtf8 => Seen::NotUtf8,
            Item::Reply(reply) => Seen::Reply(reply),
            Item::Interrupt => Seen::Interrupt,
        });
    }
    assert!(input.is_empty(), "None means that all was consumed");
}

fuzz_target!(|data: (Vec<u8>, &[u8])| {
    let (cuts, bytes) = data;
    let (mut whole, mut sliced) = (Vec::new(), Vec::new());
    feed(&mut Decoder::default(), bytes, &mut whole);

    let (mut decoder, mut rest) = (Decoder::default(), bytes);
    for cut in cuts {
        let (piece, after) = rest.split_at(rest.len().min(usize::from(cut)));
        feed(&mut decoder, piece, &mut sliced);
        rest = after;
    }
    feed(&mut decoder, rest, &mut sliced);
    assert_eq!(whole, sliced);
});
