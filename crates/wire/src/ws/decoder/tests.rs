//! The decoder against a client that may do anything: the ideas of the Autobahn test suite, group
//! by group, each whole and byte by byte; then whatever proptest comes up with.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::client::{
    BINARY, CLOSE, PING, PONG, RSV1, TEXT, close, decode, deflate, frame, frame_with, message,
};
use super::super::{Deflater, MESSAGE_BYTES_MAX, encoder};
use super::*;

/// What comes out of `bytes`, the same however they are cut.
fn items(bytes: &[u8], deflate: bool) -> Vec<String> {
    let new = || Decoder::new(MESSAGE_BYTES_MAX, deflate);
    let whole = decode(&mut new(), &[bytes]);
    let bytewise: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(decode(&mut new(), &bytewise), whole);
    for size in [3, 997, 1460] {
        let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
        assert_eq!(decode(&mut new(), &pieces), whole);
    }
    whole
}

#[track_caller]
fn check(frames: &[Vec<u8>], expected: &[&str]) {
    assert_eq!(items(&frames.concat(), false), expected);
    assert_eq!(items(&frames.concat(), true), expected, "with compression agreed");
}

#[test]
fn group_1_messages_of_every_length_form() {
    for length in [30, 125, 126, 127, 128, 65_535, 65_536] {
        let payload = vec![b'*'; length];
        check(&[frame(TEXT, &payload)], &[&format!("text {length}")]);
        let payload = vec![0xFE; length];
        check(&[frame(BINARY, &payload)], &[&format!("binary {length}")]);
    }
    check(&[frame(TEXT, b""), frame(BINARY, b"")], &["text ", "binary "]);
}

#[test]
fn group_2_pings_and_pongs() {
    check(&[frame(PING, b"")], &["ping "]);
    check(&[frame(PING, b"hello"), frame(PONG, b"unasked")], &["ping hello", "pong unasked"]);
    check(&[frame(PING, &[0xFE; 125])], &["ping 125"]);
    check(&[frame(PING, &[0xFE; 126]), frame(TEXT, b"x")], &["1002: control frame too long"]);
    check(&vec![frame(PING, b"x"); 10], &["ping x"; 10]);
}

#[test]
fn group_3_reserved_bits() {
    for reserved in [0x10, 0x20, 0x30, 0x50, 0x60, 0x70] {
        for first in [TEXT, BINARY, PING, PONG, CLOSE] {
            let frames = [frame(TEXT, b"x"), frame(first | reserved, b"*"), frame(PING, b"")];
            check(&frames, &["text x", "1002: reserved bit"]);
        }
    }
    for first in [PING, PONG, CLOSE] {
        check(&[frame(first | RSV1, b"")], &["1002: reserved bit"]);
    }
    assert_eq!(items(&frame(TEXT | RSV1, b"*"), false), ["1002: reserved bit"]);
}

#[test]
fn group_4_opcodes_that_there_are_not() {
    for opcode in (3..=7).chain(11..=15) {
        let frames = [frame(TEXT, b"x"), frame(0x80 | opcode, b"*"), frame(PING, b"")];
        check(&frames, &["text x", "1002: unknown opcode"]);
    }
}

#[test]
fn group_5_fragments() {
    check(&[frame(0x09, b"frag"), frame(0x80, b"ment")], &["1002: fragmented control frame"]);
    check(&[frame(0x0A, b"frag"), frame(0x80, b"ment")], &["1002: fragmented control frame"]);
    check(&[message(TEXT, &[b"one", b"", b"two"])], &["text onetwo"]);
    check(&[message(BINARY, &[b"", b"", b""]), frame(TEXT, b"x")], &["binary ", "text x"]);
    let (begin, end) = (frame(0x01, b"one"), frame(0x80, b"two"));
    let ping = frame(PING, b"in between");
    check(
        &[begin.clone(), ping.clone(), ping, frame(0x00, b"-"), frame(PING, b""), end.clone()],
        &["ping in between", "ping in between", "ping ", "text one-two"],
    );
    for lonely in [frame(0x80, b"x"), frame(0x00, b"x"), frame(0x80, b"")] {
        check(&[frame(TEXT, b"x"), lonely.clone()], &["text x", "1002: nothing to continue"]);
        check(&[begin.clone(), end.clone(), lonely], &["text onetwo", "1002: nothing to continue"]);
    }
    for second in [frame(TEXT, b"x"), frame(0x01, b"x"), frame(BINARY, b"x")] {
        check(&[begin.clone(), second], &["1002: message inside a message"]);
    }
}

#[test]
fn group_6_utf8_in_any_pieces() {
    for text in [
        "Hello-µ@ßöäüàá-UTF-8!!",
        "κόσμε",
        "\0",
        "\u{80}\u{7ff}",
        "\u{d7ff}\u{e000}\u{fffd}\u{ffff}",
        "\u{10000}\u{10ffff}",
        "\u{1fffe}",
    ] {
        let shown = format!("text {text}");
        check(&[frame(TEXT, text.as_bytes())], &[&shown]);
        let parts: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        check(&[message(TEXT, &parts)], &[&shown]);
    }
    check(&[message(TEXT, &["κ".as_bytes(), b"\xce"])], &["1007: not UTF-8"]);
    check(&[frame(BINARY, b"\xff")], &["binary \u{fffd}"]);
}

/// Where a text goes wrong, it fails, though its frame or its message is not at its end.
#[test]
fn group_6_utf8_fails_at_once() {
    for (good, bad) in [
        (&b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4"[..], 0x90),
        (b"\xce\xba\xed", 0xa0),
        (b"", 0x80),
        (b"", 0xc0),
        (b"", 0xf5),
        (b"", 0xff),
        (b"\xe0", 0x80),
        (b"\xf0", 0x80),
        (b"\xc2", b'a'),
        (b"\xe2\x82", b'a'),
        (b"\xf0\x9f\x98", 0xc0),
    ] {
        let text = [good, &[bad], b"edited and more"].concat();
        let sent = frame(0x01, &text);
        let header = sent.len() - text.len();
        for as_parts in [false, true] {
            let mut decoder = Decoder::new(MESSAGE_BYTES_MAX, true);
            let mut pieces: Vec<Vec<u8>> =
                sent[..header + good.len()].chunks(1).map(<[u8]>::to_vec).collect();
            if as_parts {
                pieces = vec![frame(0x01, good)];
            }
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            assert!(decode(&mut decoder, &pieces).is_empty(), "{text:02x?}");
            let next = if as_parts { frame(0x00, &[bad]) } else { vec![sent[header + good.len()]] };
            assert_eq!(decode(&mut decoder, &[&next]), ["1007: not UTF-8"], "{text:02x?}");
        }
    }
}

#[test]
fn group_7_closing() {
    let after = [frame(TEXT, b"late"), frame(PING, b"late"), frame(CLOSE, b"")].concat();
    let close_with = |payload: &[u8]| [frame(CLOSE, payload), after.clone()];
    check(&close_with(b""), &["close"]);
    check(&close_with(b"\x03"), &["1002: bad close code"]);
    check(&close_with(&close(1000, b"")), &["close 1000 "]);
    check(&close_with(&close(1000, "até já".as_bytes())), &["close 1000 até já"]);
    check(&close_with(&close(1000, &[b'*'; 123])), &["close 1000 123"]);
    check(&close_with(&close(1000, &[b'*'; 124])), &["1002: control frame too long"]);
    check(&close_with(&close(1000, b"\xce\xba\xed\xa0\x80")), &["1007: not UTF-8"]);
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        check(&close_with(&close(code, b"")), &[&format!("close {code} ")]);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
        check(&close_with(&close(code, b"why")), &["1002: bad close code"]);
    }
    check(&[frame(0x01, b"begun"), frame(CLOSE, b"")], &["close"]);
}

#[test]
fn a_client_must_mask() {
    check(&[frame(TEXT, b"x"), encoder::text("x").to_vec()], &["text x", "1002: frame not masked"]);
}

#[test]
fn group_9_the_limit_holds_on_both_sides() {
    let longest = vec![b'a'; MESSAGE_BYTES_MAX];
    check(&[frame(TEXT, &longest)], &["text 65536"]);
    check(&[message(TEXT, &[&longest, b""])], &["text 65536"]);
    check(&[message(TEXT, &[&longest, b"a"])], &["1009: message too big"]);
    check(&[frame(TEXT, &[&longest[..], b"a"].concat())], &["1009: message too big"]);
    check(&[b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask".to_vec()], &["1009: message too big"]);
    let parts: Vec<&[u8]> = longest.chunks(64).collect();
    check(&[message(BINARY, &parts)], &["binary 65536"]);
}

#[test]
fn group_10_many_fragments_of_one_packet_each() {
    let payload = vec![b'*'; 65_536];
    let parts: Vec<&[u8]> = payload.chunks(1300).collect();
    check(&[message(TEXT, &parts)], &["text 65536"]);
}

#[test]
fn groups_12_and_13_compressed_messages() {
    let texts = [String::new(), "Hello".to_owned(), "olá, gente! ".repeat(2000)];
    for text in texts {
        let compressed = deflate(text.as_bytes());
        let expected = match text.len() {
            ..30 => format!("text {text}"),
            length => format!("text {length}"),
        };
        assert_eq!(items(&frame(TEXT | RSV1, &compressed), true), [expected.as_str()]);
        for size in [1, 2, 10] {
            let mut parts: Vec<&[u8]> = compressed.chunks(size).collect();
            parts.extend([&b""[..]; 2]);
            assert_eq!(items(&message(TEXT | RSV1, &parts), true), [expected.as_str()]);
        }
    }
    let not_utf8 = frame(TEXT | RSV1, &deflate(b"\xff"));
    assert_eq!(items(&not_utf8, true), ["1007: not UTF-8"]);
    let continued = [frame(0x01 | RSV1, b"\xf2\x48"), frame(0x80 | RSV1, b"\xcd\xc9\xc9\x07\0")];
    assert_eq!(items(&continued.concat(), true), ["1002: reserved bit"]);
    // RFC 7692, section 7.2.3.2: in fragments, with something in between.
    let [begin, end] = [frame(0x01 | RSV1, b"\xf2\x48\xcd"), frame(0x80, b"\xc9\xc9\x07\0")];
    let bytes = [begin, frame(PING, b"x"), end, frame(TEXT, b"plain")].concat();
    assert_eq!(items(&bytes, true), ["ping x", "text Hello", "text plain"]);
}

#[test]
fn a_compressed_message_is_bounded_before_and_after() {
    let bomb = deflate(&vec![0; 50_000_000]);
    assert!(bomb.len() < MESSAGE_BYTES_MAX);
    assert_eq!(items(&frame(BINARY | RSV1, &bomb), true), ["1009: message too big"]);
    for (length, expected) in [(65_536, "binary 65536"), (65_537, "1009: message too big")] {
        let compressed = deflate(&vec![7; length]);
        assert_eq!(items(&frame(BINARY | RSV1, &compressed), true), [expected]);
    }
    let endless = vec![0; MESSAGE_BYTES_MAX * 5 / 4 + 65];
    assert_eq!(items(&frame(BINARY | RSV1, &endless), true), ["1009: message too big"]);
    // What cannot be compressed comes out of a compressor longer than it went in.
    let (mut noise, mut state) = (Vec::new(), 1_u32);
    while noise.len() < MESSAGE_BYTES_MAX {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push((state >> 24) as u8);
    }
    let compressed = deflate(&noise);
    assert!(compressed.len() > noise.len());
    assert_eq!(items(&frame(BINARY | RSV1, &compressed), true), ["binary 65536"]);
}

#[test]
fn an_idle_decoder_owns_no_memory() {
    let mut decoder = Decoder::new(MESSAGE_BYTES_MAX, true);
    let begun = message(TEXT, &[&[b'a'; 1000], b"b"]);
    assert!(decode(&mut decoder, &[&begun[..900]]).is_empty());
    assert!(decoder.held_bytes() >= 800);
    assert_eq!(decode(&mut decoder, &[&begun[900..]]), ["text 1001"]);
    assert_eq!(decoder.held_bytes(), 0);
    let ping = frame(PING, b"hello");
    assert_eq!(decode(&mut decoder, &[&ping[..8], &ping[8..]]), ["ping hello"]);
    let compressed = frame(TEXT | RSV1, &deflate(&[b'x'; 1000]));
    assert_eq!(decode(&mut decoder, &[&compressed[..9], &compressed[9..]]), ["text 1000"]);
    assert_eq!(decoder.held_bytes(), 0);
    assert!(decode(&mut decoder, &[&begun[..900]]).is_empty());
    assert_eq!(decode(&mut decoder, &[&begun[900..1008], &[0xFF]]), ["1002: unknown opcode"]);
    assert_eq!(decoder.held_bytes(), 0, "nor does one that has failed");
    assert!(size_of::<Decoder>() <= 144);
}

/// A header may promise much: only what comes costs memory.
#[test]
fn a_promise_costs_nothing() {
    let mut decoder = Decoder::new(MESSAGE_BYTES_MAX, false);
    let sent = frame(BINARY, &vec![0; MESSAGE_BYTES_MAX]);
    decode(&mut decoder, &[&sent[..24]]);
    assert!(decoder.held_bytes() <= 16);
    let pieces: Vec<&[u8]> = sent[24..sent.len() - 1].chunks(1000).collect();
    decode(&mut decoder, &pieces);
    assert!(decoder.held_bytes() <= MESSAGE_BYTES_MAX);
}

/// A message that is whole in the input is read where it lies.
#[test]
fn a_whole_message_is_not_copied() {
    let (mut decoder, mut inflater) = (Decoder::new(MESSAGE_BYTES_MAX, true), Inflater::default());
    let mut bytes = [frame(TEXT, b"oi"), frame(PING, b"x")].concat();
    let mut input = &mut bytes[..];
    let first = decoder.next(&mut input, &mut inflater);
    let second = decoder.next(&mut input, &mut inflater);
    assert!(matches!(first, Some(Ok(Item::Text(Cow::Borrowed("oi"))))));
    assert!(matches!(second, Some(Ok(Item::Ping(Cow::Borrowed(b"x"))))));
    assert_eq!(decoder.next(&mut input, &mut inflater), None);
}

/// One message or control frame that a client sends.
#[derive(Debug, Clone)]
struct Sent {
    first: u8,
    payload: Vec<u8>,
    compressed: bool,
    /// Where a message is cut into frames.
    cuts: Vec<usize>,
    mask: [u8; 4],
    /// Whether a ping stands after each of its frames.
    pinged: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let text = "\\PC{0,60}".prop_map(|text| (TEXT, text.into_bytes()));
    let long = "[a-e]{300,400}".prop_map(|text| (TEXT, text.into_bytes()));
    let binary = vec(any::<u8>(), 0..300).prop_map(|payload| (BINARY, payload));
    let control = (prop_oneof![Just(PING), Just(PONG)], vec(b'a'..=b'z', 0..=125usize));
    let cuts = vec(0..400usize, 0..4);
    let content = prop_oneof![text, long, binary, control];
    (content, any::<bool>(), cuts, any::<[u8; 4]>(), any::<bool>()).prop_map(
        |((first, payload), compressed, cuts, mask, pinged)| Sent {
            first,
            payload,
            compressed,
            cuts,
            mask,
            pinged,
        },
    )
}

impl Sent {
    /// Its bytes, and what is expected to come out.
    fn bytes(&self) -> (Vec<u8>, Vec<Item<'static>>) {
        let payload = self.payload.clone();
        match self.first {
            PING => return (self.frame(PING, &payload), vec![Item::Ping(payload.into())]),
            PONG => return (self.frame(PONG, &payload), vec![Item::Pong(payload.into())]),
            _ => {}
        }
        let (mut wire, mut first) = (payload.clone(), self.first & !0x80);
        if self.compressed {
            (wire, first) = (deflate(&payload), first | RSV1);
        }
        let (mut bytes, mut items, mut from) = (Vec::new(), Vec::new(), 0);
        let mut cuts: Vec<_> = self.cuts.iter().map(|cut| (*cut).min(wire.len())).collect();
        cuts.sort_unstable();
        for cut in cuts {
            bytes.extend(self.frame(std::mem::take(&mut first), &wire[from..cut]));
            from = cut;
            if self.pinged {
                bytes.extend(self.frame(PING, b"p"));
                items.push(Item::Ping(b"p".into()));
            }
        }
        bytes.extend(self.frame(0x80 | first, &wire[from..]));
        items.push(match self.first {
            TEXT => Item::Text(String::from_utf8(payload).unwrap().into()),
            _ => Item::Binary(payload.into()),
        });
        (bytes, items)
    }

    fn frame(&self, first: u8, payload: &[u8]) -> Vec<u8> {
        frame_with(first, payload, self.mask)
    }
}

/// `bytes` cut at `cuts`.
fn pieces(mut bytes: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    for cut in cuts {
        let (piece, rest) = bytes.split_at((*cut).min(bytes.len()));
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    pieces.push(bytes.to_vec());
    pieces
}

proptest! {
    #[test]
    fn what_is_sent_comes_out(messages in vec(sent(), 0..8), cuts in vec(0..500usize, 0..12)) {
        let (bytes, expected): (Vec<_>, Vec<_>) = messages.iter().map(Sent::bytes).unzip();
        let mut pieces = pieces(&bytes.concat(), &cuts);
        let mut decoder = Decoder::new(MESSAGE_BYTES_MAX, true);
        let (mut inflater, mut items) = (Inflater::default(), Vec::new());
        for piece in &mut pieces {
            let mut input = &mut piece[..];
            while let Some(item) = decoder.next(&mut input, &mut inflater) {
                items.push(item.unwrap());
            }
        }
        prop_assert_eq!(items, expected.concat());
        prop_assert_eq!(decoder.held_bytes(), 0);
    }

    #[test]
    fn cutting_changes_nothing(
        messages in vec(sent(), 0..4),
        flips in vec((0..200usize, any::<u8>()), 0..3),
        tail in vec(any::<u8>(), 0..40),
        cuts in vec(0..60usize, 0..12),
    ) {
        let mut bytes: Vec<u8> = messages.iter().flat_map(|sent| sent.bytes().0).collect();
        bytes.extend(tail);
        for (at, bits) in flips {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= bits;
            }
        }
        let pieces = pieces(&bytes, &cuts);
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let mut decoder = Decoder::new(300, true);
        let cut = decode(&mut decoder, &pieces);
        prop_assert!(decoder.held_bytes() <= 300 * 5 / 4 + 64 + 128);
        prop_assert_eq!(cut, decode(&mut Decoder::new(300, true), &[&bytes]));
    }

    /// A server's compressed frame is a client's, but for the mask.
    #[test]
    fn our_own_frames_come_back(text in "\\PC{0,20}", times in 1..200usize) {
        let text = text.repeat(times);
        if let Some(ours) = Deflater::default().text(&text) {
            let header = match ours[1] { 126 => 4, 127 => 10, _ => 2 };
            let bytes = frame(ours[0], &ours[header..]);
            let mut input = bytes.clone();
            let mut inflater = Inflater::default();
            let mut decoder = Decoder::new(MESSAGE_BYTES_MAX, true);
            let item = decoder.next(&mut &mut input[..], &mut inflater);
            prop_assert_eq!(item, Some(Ok(Item::Text(text.into()))));
        }
    }
}
