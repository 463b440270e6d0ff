//! What makes a post one post, however often it is sent.

use std::fmt;
use std::sync::Arc;

use crate::limits::KEY_BYTES_MAX;

/// The key of a post: 1 to [`KEY_BYTES_MAX`] bytes of ASCII that can be seen.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// A key, if the text is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_key = (1..=KEY_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then(|| Self(text.into()))
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_can_be_seen() {
        for (text, is_key) in [
            ("a", true),
            ("5b0c7b1e-8d5f-4a57-9f3c-7f1b1f0f2a11", true),
            (&"!".repeat(KEY_BYTES_MAX), true),
            ("", false),
            (&"!".repeat(KEY_BYTES_MAX + 1), false),
            ("a b", false),
            ("\u{e9}", false),
        ] {
            assert_eq!(Key::parse(text).is_some(), is_key, "{text}");
        }
    }
}
