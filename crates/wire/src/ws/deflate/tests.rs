//! Compression both ways: the standard's own examples, what is refused, and how far back it looks.

use super::super::client::deflate;
use super::*;

fn inflate(payload: &[u8]) -> Result<String, Violation> {
    Inflater::default()
        .inflate(payload, 1000)
        .map(|message| String::from_utf8_lossy(&message).into_owned())
}

#[test]
fn the_examples_of_the_standard() {
    for (payload, message) in [
        (&b"\xf2\x48\xcd\xc9\xc9\x07\x00"[..], "Hello"),
        // Not compressed (RFC 7692, section 7.2.3.3).
        (b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", "Hello"),
        // A last block, and an empty one after it (section 7.2.3.4).
        (b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", "Hello"),
        // The same from a client that forgot the empty one.
        (b"\xf3\x48\xcd\xc9\xc9\x07\x00", "Hello"),
        // Two blocks (section 7.2.3.5).
        (b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", "Hello"),
        // Nothing (section 7.2.3.6), and nothing at all.
        (b"\x00", ""),
        (b"\x02\x00", ""),
        (b"", ""),
    ] {
        assert_eq!(inflate(payload), Ok(message.to_owned()), "{payload:02x?}");
    }
}

#[test]
fn what_is_broken_or_cut_short_is_refused() {
    let whole = deflate("uma frase que se repete, que se repete, que se repete".as_bytes());
    for length in 1..whole.len() {
        assert_eq!(inflate(&whole[..length]), Err(Violation::NotDeflate), "{length}");
    }
    for payload in [
        // The window of the message before is not kept (section 7.2.3.2).
        &b"\xf2\x00\x11\x00\x00"[..],
        b"\xff\xff",
        b"\x07",
        // It tells of more bytes than it has.
        b"\x00\x0a\x00\xf5\xff\x48\x65",
    ] {
        assert_eq!(inflate(payload), Err(Violation::NotDeflate), "{payload:02x?}");
    }
}

#[test]
fn many_last_blocks_are_refused() {
    let empty = b"\x03\x00";
    assert_eq!(inflate(&empty.repeat(16)), Ok(String::new()));
    assert_eq!(inflate(&empty.repeat(17)), Err(Violation::NotDeflate));
}

#[test]
fn the_limit_holds_on_both_sides() {
    for bytes_max in [0, 1, 2, 100, 1000] {
        let mut inflater = Inflater::default();
        let fits = deflate(&vec![b'a'; bytes_max]);
        let over = deflate(&vec![b'a'; bytes_max + 1]);
        assert_eq!(inflater.inflate(&fits, bytes_max).map(|message| message.len()), Ok(bytes_max));
        assert_eq!(inflater.inflate(&over, bytes_max), Err(Violation::TooBig));
    }
}

#[test]
fn a_broken_message_does_not_harm_the_next() {
    let mut inflater = Inflater::default();
    assert!(inflater.inflate(b"\xff\xff", 10).is_err());
    assert!(inflater.inflate(&deflate(&[b'a'; 1000]), 10).is_err());
    assert_eq!(inflater.inflate(&deflate(b"oi"), 10), Ok(b"oi".to_vec()));
}

/// The compressed payload of a frame.
fn payload(frame: &[u8]) -> &[u8] {
    &frame[if frame[1] < 126 { 2 } else { 4 }..]
}

#[test]
fn only_what_gets_smaller_is_compressed() {
    let mut deflater = Deflater::default();
    let long_enough = "a".repeat(DEFLATE_PAYLOAD_BYTES_MIN);
    assert_eq!(deflater.text(&long_enough[1..]), None);
    let frame = deflater.text(&long_enough).unwrap();
    assert_eq!(frame[0], 0xC1);
    assert_eq!(inflate(payload(&frame)), Ok(long_enough.clone()));
    assert_eq!(deflater.text(&long_enough), Some(frame), "each message by itself");
    let all_bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(deflater.binary(&all_bytes), None);
    assert_eq!(deflater.binary(&all_bytes.repeat(8)).unwrap()[0], 0xC2);
}

#[test]
fn a_client_with_our_window_can_read_it() {
    // The same noise again after 4,000 bytes is found, after 10,000 it is not.
    let noise = |length: usize| -> Vec<u8> {
        (0..length as u64)
            .map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_mul(at | 1) >> 56) as u8)
            .collect()
    };
    let mut deflater = Deflater::default();
    let near = deflater.binary(&noise(3000).repeat(3)).unwrap();
    assert!(near.len() < 4000, "{}", near.len());
    assert!(deflater.binary(&noise(10_000).repeat(3)).is_none());
    let mut small = Decompress::new_with_window_bits(false, DEFLATE_WINDOW_BITS);
    let mut message = Vec::with_capacity(10_000);
    // In small steps, so that it has no more than its window to look back to.
    for chunk in payload(&near).chunks(16) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let before = small.total_in();
            let mut out = Vec::with_capacity(32);
            small.decompress_vec(rest, &mut out, FlushDecompress::None).unwrap();
            rest = &rest[usize::try_from(small.total_in() - before).unwrap()..];
            message.extend(out);
        }
    }
    assert_eq!(message, noise(3000).repeat(3)[..message.len()]);
    assert!(message.len() > 8900);
}

#[test]
fn memory_for_long_messages_is_given_back() {
    let mut deflater = Deflater::default();
    let long = "uma história ".repeat(20_000);
    assert!(deflater.text(&long).is_some());
    assert!(deflater.scratch.capacity() <= SCRATCH_BYTES_MAX);
}
