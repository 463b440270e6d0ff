//! What people say: nothing that acts on a terminal comes through, and cleaning twice is cleaning
//! once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::TEXT_BYTES_MAX;
use room::{Text, clean};

fuzz_target!(|raw: &str| {
    let cleaned = clean(raw);
    assert!(cleaned.chars().all(|character| character == '\t' || !character.is_control()));
    assert!(cleaned.len() <= raw.len(), "cleaning only removes");
    assert_eq!(clean(&cleaned), cleaned);

    match Text::new(raw) {
        Some(text) => {
            assert_eq!(text.as_str(), cleaned);
            assert!(text.as_str().len() <= TEXT_BYTES_MAX);
            assert!(!text.as_str().trim().is_empty());
        }
        None => assert!(cleaned.trim().is_empty() || raw.len() > TEXT_BYTES_MAX),
    }
});
