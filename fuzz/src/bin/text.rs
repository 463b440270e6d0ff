//! What people say: nothing that acts on a terminal comes through, and cleaning twice is cleaning
//! once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::{TEXT_BYTES_MAX, TEXT_LINES_MAX};
use room::{Text, clean};

fuzz_target!(|raw: &str| {
    let cleaned = clean(raw);
    assert!(cleaned.chars().all(|character| character == '\t' || !character.is_control()));
    assert!(cleaned.len() <= raw.len(), "cleaning only removes");
    assert_eq!(clean(&cleaned), cleaned);

    match Text::new(raw) {
        Some(text) => {
            let lines: Vec<_> = text.as_str().split('\n').collect();
            assert!(lines.iter().all(|line| clean(line) == *line));
            assert_eq!(lines.concat(), cleaned);
            assert!(lines.len() <= TEXT_LINES_MAX && text.as_str().len() <= TEXT_BYTES_MAX);
            assert!(!text.as_str().trim().is_empty());
            assert!(!text.flat().contains('\n') && !text.flat().trim().is_empty());
            assert_eq!(Text::new(text.as_str()), Some(text));
        }
        None => assert!(
            cleaned.trim().is_empty()
                || raw.len() > TEXT_BYTES_MAX
                || raw.matches('\n').count() >= TEXT_LINES_MAX
        ),
    }
});
