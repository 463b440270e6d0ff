//! What people say, made safe to show.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::limits::{TEXT_BYTES_MAX, TEXT_LINES_MAX};

/// Text without anything that could act on the reader's terminal, at most [`TEXT_BYTES_MAX`] bytes
/// long and not blank. It may have several lines, [`TEXT_LINES_MAX`] at most, with LF between them;
/// shown (`{text}`) it is always one, see [`Text::flat`].
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Arc<str>);

/// What stands for the end of a line where there may be but one.
const LINE_END: &str = " / ";

impl Text {
    /// Cleans `raw` (see [`clean`]) line by line and keeps it, without line ends around it, if
    /// anything is left. A CR before an LF belongs to the line's end, others are removed.
    ///
    /// `None` if it is blank, longer than [`TEXT_BYTES_MAX`] or has more than [`TEXT_LINES_MAX`]
    /// lines: there is nothing to say.
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        if raw.len() > TEXT_BYTES_MAX {
            return None;
        }
        if is_plain(raw) {
            return (!raw.trim().is_empty()).then(|| Self(raw.into()));
        }
        let is_bad = |character| character != '\n' && is_unsafe(character);
        let cleaned = if raw.chars().any(is_bad) {
            Cow::Owned(raw.chars().filter(|&character| !is_bad(character)).collect())
        } else {
            Cow::Borrowed(raw)
        };
        let said = cleaned.trim_matches('\n');
        let is_short = said.matches('\n').count() < TEXT_LINES_MAX;
        (is_short && !said.trim().is_empty()).then(|| Self(said.into()))
    }

    /// The same of one line: every line end in `raw` becomes a space.
    #[must_use]
    pub fn line(raw: &str) -> Option<Self> {
        if raw.contains('\n') {
            Self::new(&raw.replace("\r\n", " ").replace('\n', " "))
        } else {
            Self::new(raw)
        }
    }

    /// The text, with LF between its lines: not for a protocol in which LF ends something.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as one line: ` / ` for each end of a line and what is blank around it.
    #[must_use]
    pub fn flat(&self) -> Cow<'_, str> {
        if !self.0.contains('\n') {
            return Cow::Borrowed(&self.0);
        }
        let lines = self.0.split('\n').map(str::trim).filter(|line| !line.is_empty());
        Cow::Owned(lines.collect::<Vec<_>>().join(LINE_END))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.flat())
    }
}

/// Removes what no member may send to another's terminal: control characters other than TAB (C0,
/// DEL, C1), line and paragraph separators, and bidirectional overrides and isolates
/// (U+202A-202E, U+2066-2069).
///
/// Borrows where there is nothing to remove.
#[must_use]
pub fn clean(raw: &str) -> Cow<'_, str> {
    if is_plain(raw) {
        Cow::Borrowed(raw)
    } else if raw.chars().any(is_unsafe) {
        Cow::Owned(raw.chars().filter(|&character| !is_unsafe(character)).collect())
    } else {
        Cow::Borrowed(raw)
    }
}

/// Whether it is as most texts are: one line, in which nothing has to be decoded.
fn is_plain(raw: &str) -> bool {
    raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'))
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

    #[test]
    fn a_text_may_have_lines_and_is_shown_as_one() {
        for (raw, text, flat) in [
            ("um\ndois", "um\ndois", "um / dois"),
            ("um\r\ndois\rtres", "um\ndoistres", "um / doistres"),
            ("\n\n  um\n\n\u{1b}[2J dois \n", "  um\n\n[2J dois ", "um / [2J dois"),
            ("um\u{2028}\u{85}\u{b}\u{c}dois", "umdois", "umdois"),
        ] {
            let found = Text::new(raw).unwrap();
            assert_eq!((found.as_str(), &*found.flat()), (text, flat));
            assert_eq!(found.to_string(), flat);
        }
        assert_eq!(Text::new(" \n\r\n\t"), None);
        let lines = |count| vec!["a"; count].join("\n");
        assert!(Text::new(&lines(TEXT_LINES_MAX)).is_some());
        assert_eq!(Text::new(&lines(TEXT_LINES_MAX + 1)), None);
        assert_eq!(Text::line("um\r\ndois\ntres").unwrap().as_str(), "um dois tres");
    }
}
