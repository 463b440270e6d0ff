//! The sniffer: once it knows a protocol, no later byte changes its mind, and it decides in time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::sniff::{SNIFF_BYTES_MAX, Verdict, sniff};

fuzz_target!(|bytes: &[u8]| {
    let mut known = None;
    for length in 0..=bytes.len().min(2 * SNIFF_BYTES_MAX) {
        match (sniff(&bytes[..length]), known) {
            (Verdict::Known(protocol), None) => known = Some(protocol),
            (Verdict::Known(protocol), Some(before)) => assert_eq!(protocol, before),
            (Verdict::More, None) => assert!(length < SNIFF_BYTES_MAX),
            (Verdict::More, Some(_)) => panic!("it has forgotten"),
        }
    }
});
