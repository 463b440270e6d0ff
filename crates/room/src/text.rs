//! What people say, made safe to show.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::limits::TEXT_BYTES_MAX;

/// One line of text without anything that could act on the reader's terminal, at most
/// [`TEXT_BYTES_MAX`] bytes long and not blank.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Arc<str>);

impl Text {
    /// Cleans `raw` (see [`clean`]) and keeps it, if anything is left.
    ///
    /// `None` if it is blank or longer than [`TEXT_BYTES_MAX`]: there is nothing to say.
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        if raw.len() > TEXT_BYTES_MAX {
            return None;
        }
        let cleaned = clean(raw);
        (!cleaned.trim().is_empty()).then(|| Self(cleaned.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Removes what no member may send to another's terminal: control characters other than TAB (C0,
/// DEL, C1), line and paragraph separators, and bidirectional overrides and isolates
/// (U+202A-202E, U+2066-2069).
///
/// Borrows where there is nothing to remove.
#[must_use]
pub fn clean(raw: &str) -> Cow<'_, str> {
    // Most texts: nothing in them has to be decoded.
    let is_plain = raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
    if is_plain {
        Cow::Borrowed(raw)
    } else if raw.chars().any(is_unsafe) {
        Cow::Owned(raw.chars().filter(|&character| !is_unsafe(character)).collect())
    } else {
        Cow::Borrowed(raw)
    }
}

fn is_unsafe(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_is_left() {
        for (raw, cleaned) in [
            ("oi", "oi"),
            ("a\tb", "a\tb"),
            ("\u{1b}[2Joi", "[2Joi"),
            ("a\u{7f}\u{9b}31mb", "a31mb"),
            ("abc\u{202e}def\u{2069}", "abcdef"),
            ("linha\u{2028}outra\r", "linhaoutra"),
            ("👨\u{200d}👩", "👨\u{200d}👩"),
        ] {
            assert_eq!(clean(raw), cleaned);
        }
    }

    #[test]
    fn a_text_says_something_and_is_bounded() {
        assert_eq!(Text::new(" \t "), None);
        assert_eq!(Text::new("\u{1b}\u{202e}"), None);
        assert!(Text::new(&"a".repeat(TEXT_BYTES_MAX)).is_some());
        assert_eq!(Text::new(&"a".repeat(TEXT_BYTES_MAX + 1)), None);
        assert_eq!(Text::new("  dois  ").unwrap().as_str(), "  dois  ");
    }
}
