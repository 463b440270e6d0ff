//! Names of people and rooms: whatever is taken keeps what a name promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::{NAME_BYTES_MAX, NAME_CHARS_MAX};
use room::{Nick, RoomName, clean};

fuzz_target!(|text: &str| {
    let nick = Nick::parse(text);
    let room = RoomName::parse(text).ok().filter(|room| room.pair().is_none());
    assert_eq!(nick.is_ok(), room.is_some(), "one rule for both");
    let Ok(nick) = nick else { return };

    assert_eq!(nick.as_str(), text, "kept as written");
    assert!((1..=NAME_CHARS_MAX).contains(&text.chars().count()));
    assert!(text.len() <= NAME_BYTES_MAX);
    assert_eq!(clean(text), text, "nothing in it acts on a terminal");
    assert!(!text.contains(char::is_whitespace), "it is one word of a command");
    assert!(!nick.key().is_empty());

    // Two spellings of one name are one, and stay so when the key itself is a name.
    if let Ok(again) = Nick::parse(nick.key()) {
        assert_eq!(again, nick);
        assert_eq!(again.key(), nick.key());
    }
});
