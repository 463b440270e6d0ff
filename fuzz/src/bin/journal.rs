//! The journal's frames: whatever a disk kept of them is taken or is where the journal ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use store::journal::frame::{HEAD_BYTES, decode, encode};

fuzz_target!(|input: (u64, Vec<u8>)| {
    let (generation, mut bytes) = input;
    if let Some((_, used)) = decode(&bytes, generation) {
        assert!(used <= bytes.len());
    }
    // No random bytes have the right sum; with it they reach the entries.
    if bytes.len() < HEAD_BYTES {
        return;
    }
    let length = u32::try_from(bytes.len() - 8).expect("inputs are short");
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..16].copy_from_slice(&generation.to_le_bytes());
    let crc = crc32fast::hash(&bytes[4..]);
    bytes[..4].copy_from_slice(&crc.to_le_bytes());
    let Some((frame, used)) = decode(&bytes, generation) else { return };
    assert_eq!(used, bytes.len());
    let mut again = Vec::new();
    encode(generation, frame.first, &frame.events, &mut again).expect("what was read is kept");
    let (same, _) = decode(&again, generation).expect("its own bytes are taken");
    assert_eq!(format!("{same:?}"), format!("{frame:?}"));
});
