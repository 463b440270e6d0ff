//! The lines of an exported room: whatever is in a file is taken, and written again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::{RoomId, RoomName};
use wire::export::lines::{line, parse, parse_head};

fuzz_target!(|text: &str| {
    let _ = parse_head(text);
    let name = RoomName::parse("sala").expect("it is a name");
    let Ok(event) = parse(text, RoomId(1), &name) else { return };
    let written = line(&event).expect("what was read is kept");
    assert_eq!(parse(&written, RoomId(1), &name), Ok(event));
});
