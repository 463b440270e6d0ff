//! What people react with: one emoji, whole and in one spelling.

use std::fmt;
use std::sync::Arc;

use unicode_properties::{EmojiStatus, UnicodeEmoji as _};

use crate::limits::EMOJI_BYTES_MAX;

/// Asks for the colourful form of the character before it.
const PRESENTATION: char = '\u{FE0F}';

/// Joins two emoji into one.
const JOINER: char = '\u{200D}';

/// Puts a key around a digit, `#` or `*`.
const KEYCAP: char = '\u{20E3}';

/// The text is no emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one emoji of at most {EMOJI_BYTES_MAX} bytes")]
pub struct EmojiError;

/// One emoji: an emoji sequence (Unicode TS #51, ED-17) of at most [`EMOJI_BYTES_MAX`] bytes.
///
/// Kept fully qualified (ED-18), whether it was typed so or not: `❤` and `❤️` are one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Emoji(Arc<str>);

impl Emoji {
    /// Checks that `text` is one emoji.
    ///
    /// # Errors
    ///
    /// [`EmojiError`] if it is none, or more than one.
    pub fn parse(text: &str) -> Result<Self, EmojiError> {
        if text.len() > EMOJI_BYTES_MAX {
            return Err(EmojiError);
        }
        let mut spelt = String::with_capacity(text.len() + PRESENTATION.len_utf8());
        let mut rest = Rest(text);
        loop {
            rest.element(&mut spelt)?;
            match rest.next() {
                None if spelt.len() <= EMOJI_BYTES_MAX => return Ok(Self(spelt.into())),
                Some(JOINER) => spelt.push(JOINER),
                None | Some(_) => return Err(EmojiError),
            }
        }
    }

    /// The emoji.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What has not been read yet.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn next(&mut self) -> Option<char> {
        self.next_if(|_| true)
    }

    fn next_if(&mut self, is_wanted: impl FnOnce(char) -> bool) -> Option<char> {
        let mut rest = self.0.chars();
        let next = rest.next().filter(|&next| is_wanted(next))?;
        self.0 = rest.as_str();
        Some(next)
    }

    /// Reads what may stand alone or between joiners, into `spelt`.
    fn element(&mut self, spelt: &mut String) -> Result<(), EmojiError> {
        let first = self.next().ok_or(EmojiError)?;
        spelt.push(first);
        if is_flag_half(first) {
            spelt.push(self.next_if(is_flag_half).ok_or(EmojiError)?);
            return Ok(());
        }
        if first.is_ascii_digit() || matches!(first, '#' | '*') {
            self.next_if(|next| next == PRESENTATION);
            let keycap = self.next_if(|next| next == KEYCAP).ok_or(EmojiError)?;
            spelt.extend([PRESENTATION, keycap]);
            return Ok(());
        }
        if first.is_ascii() || !first.is_emoji_char() {
            return Err(EmojiError);
        }
        self.next_if(|next| next == PRESENTATION);
        if let Some(tone) = self.next_if(is_skin_tone) {
            spelt.push(tone);
        } else if !is_shown_as_emoji(first) {
            spelt.push(PRESENTATION);
        }
        self.tags(spelt)
    }

    /// Reads the letters of a region's flag (ED-14a), if there are any.
    fn tags(&mut self, spelt: &mut String) -> Result<(), EmojiError> {
        const END: char = '\u{E007F}';
        let mut has_tags = false;
        while let Some(tag) = self.next_if(|next| matches!(next, '\u{E0020}'..='\u{E007F}')) {
            spelt.push(tag);
            if tag == END {
                return if has_tags { Ok(()) } else { Err(EmojiError) };
            }
            has_tags = true;
        }
        if has_tags { Err(EmojiError) } else { Ok(()) }
    }
}

/// Two of them make a country's flag.
const fn is_flag_half(character: char) -> bool {
    matches!(character, '\u{1F1E6}'..='\u{1F1FF}')
}

const fn is_skin_tone(character: char) -> bool {
    matches!(character, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether it is an emoji without being asked for (`Emoji_Presentation`).
fn is_shown_as_emoji(character: char) -> bool {
    matches!(
        character.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_an_emoji() {
        for good in ["👍", "❤️", "👍🏽", "🇧🇷", "1️⃣", "ℹ️", "👩🏽‍❤️‍💋‍👨🏻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
        {
            assert_eq!(Emoji::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            " ",
            "a",
            "7",
            "12",
            "#",
            "oi",
            "👍👍",
            "👍 ",
            "👍a",
            "🇧",
            "\u{200d}👍",
            "👍\u{200d}",
            "👍\u{301}",
            "\u{fe0f}",
            "\u{20e3}",
            "\u{202e}👍",
            "👍\u{e0067}",
            "👍\u{e007f}",
            "\u{1b}",
            &"👨‍".repeat(20),
        ] {
            assert_eq!(Emoji::parse(bad), Err(EmojiError), "{bad:?}");
        }
    }

    #[test]
    fn an_emoji_has_one_spelling() {
        for (typed, spelt) in [
            ("❤", "❤️"),
            ("1\u{20e3}", "1️⃣"),
            ("👍\u{fe0f}", "👍"),
            ("☝\u{fe0f}🏽", "☝🏽"),
            ("🏳\u{200d}🌈", "🏳️‍🌈"),
        ] {
            assert_eq!(Emoji::parse(typed).unwrap().as_str(), spelt, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn an_emoji_is_safe_to_show_and_read_back_as_it_is(
            text in "[👍❤🏽1#a\u{fe0f}\u{200d}\u{20e3}\u{e0067}\u{e007f}🇧🇷\u{202e}]{1,6}",
        ) {
            if let Ok(emoji) = Emoji::parse(&text) {
                prop_assert_eq!(crate::clean(emoji.as_str()), emoji.as_str());
                prop_assert!(emoji.as_str().len() <= EMOJI_BYTES_MAX);
                prop_assert_eq!(Emoji::parse(emoji.as_str()), Ok(emoji));
            }
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = Emoji::parse(&text);
        }
    }
}
