//! Nicks and room names: what is a name, and when two are the same.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::AccountId;
use crate::limits::{NAME_CHARS_MAX, NAME_MARKS_MAX};

/// The text is no name.
///
/// A name has 1 to [`NAME_CHARS_MAX`] characters: letters and decimal digits of any script, the
/// combining marks that belong to them, and `-`, `_`, `.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {NAME_CHARS_MAX} letters, digits, '-', '_' or '.'")]
pub struct NameError;

/// Letters that are drawn as nothing (Unicode's `Default_Ignorable_Code_Point` among the
/// letters): with them two names could look alike, or like no name at all.
const INVISIBLE_LETTERS: [char; 4] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];

/// A name as it was written, and the key it is compared by.
///
/// Both are shared, so that a clone costs no allocation.
#[derive(Clone)]
struct Name {
    text: Arc<str>,
    key: Arc<str>,
}

impl Name {
    fn parse(text: &str) -> Result<Self, NameError> {
        // No valid name is longer in bytes; this bounds the work on hostile input.
        if text.is_empty() || text.chars().take(NAME_CHARS_MAX + 1).count() > NAME_CHARS_MAX {
            return Err(NameError);
        }
        if text.is_ascii() {
            // Most names: normalising changes nothing, folding the case is ASCII's.
            let is_name = text.chars().all(|character| !matches!(kind(character), Kind::Refused));
            let key = || Self { text: text.into(), key: text.to_ascii_lowercase().into() };
            return is_name.then(key).ok_or(NameError);
        }
        let mut marks_in_a_row = 0;
        let mut after_letter = false;
        for character in text.chars() {
            match kind(character) {
                Kind::Letter => (after_letter, marks_in_a_row) = (true, 0),
                Kind::Other => (after_letter, marks_in_a_row) = (false, 0),
                Kind::Mark if after_letter && marks_in_a_row < NAME_MARKS_MAX => {
                    marks_in_a_row += 1;
                }
                Kind::Mark | Kind::Refused => return Err(NameError),
            }
        }
        Ok(Self { text: text.into(), key: folded(text).into() })
    }
}

/// What a name is compared by.
fn folded(text: &str) -> String {
    let folded = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
    // Folding can denormalise (U+0390 among others), so it is normalised once more.
    folded.nfkc().collect()
}

enum Kind {
    Letter,
    Mark,
    /// A digit, `-`, `_` or `.`.
    Other,
    Refused,
}

fn kind(character: char) -> Kind {
    use GeneralCategory as G;
    if character.is_ascii_alphabetic() {
        return Kind::Letter;
    }
    if character.is_ascii_digit() || matches!(character, '-' | '_' | '.') {
        return Kind::Other;
    }
    if character.is_ascii() || INVISIBLE_LETTERS.contains(&character) {
        return Kind::Refused;
    }
    match character.general_category() {
        G::UppercaseLetter
        | G::LowercaseLetter
        | G::TitlecaseLetter
        | G::ModifierLetter
        | G::OtherLetter => Kind::Letter,
        G::DecimalNumber => Kind::Other,
        G::NonspacingMark | G::SpacingMark if !is_variation_selector(character) => Kind::Mark,
        _ => Kind::Refused,
    }
}

/// Marks that change nothing one can see, or only the choice of a glyph.
fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{034F}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

macro_rules! name_type {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        ///
        /// Kept as written, compared after NFKC and case folding: `Ana` equals `ana`.
        #[derive(Clone)]
        pub struct $type(Name);

        impl $type {
            /// The name as it was written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.text
            }

            /// What the name is compared, sorted and stored by.
            #[must_use]
            pub fn key(&self) -> &str {
                &self.0.key
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.0.key == other.0.key
            }
        }
        impl Eq for $type {}
        impl PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $type {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.key.cmp(&other.0.key)
            }
        }
        impl Hash for $type {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.key.hash(state);
            }
        }
        /// By its key, so that a map can be asked with a borrowed key.
        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0.key
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0.text)
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($type), &*self.0.text)
            }
        }
    };
}

name_type! {
    /// What a member is called: unique on the whole server while its owner is connected.
    Nick
}
name_type! {
    /// What a room is called: unique on the whole server while the room exists.
    ///
    /// A room of two ([`RoomName::direct`]) has a name that nobody can give to a room: `@3-12`.
    RoomName
}

impl Nick {
    /// Checks that `text` is a name.
    ///
    /// # Errors
    ///
    /// [`NameError`] if it is none.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Name::parse(text).map(Self)
    }
}

/// What the name of a room of two begins with; no other name has it.
const DIRECT_MARK: char = '@';

/// Bytes of the longest name of a room of two: its mark, two numbers and what is between them.
const DIRECT_BYTES_MAX: usize = 2 + 2 * 20;

impl RoomName {
    /// Checks that `text` is a name, or that of a room of two as [`RoomName::direct`] writes it.
    ///
    /// # Errors
    ///
    /// [`NameError`] if it is neither.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if !text.starts_with(DIRECT_MARK) {
            return Name::parse(text).map(Self);
        }
        let pair = (text.len() <= DIRECT_BYTES_MAX).then(|| pair(text)).flatten();
        let name = pair.map(|[one, other]| Self::direct(one, other));
        name.filter(|name| name.as_str() == text).ok_or(NameError)
    }

    /// The name of the room of two accounts, whichever of them is named first.
    #[must_use]
    pub fn direct(one: AccountId, other: AccountId) -> Self {
        let (first, last) = (one.min(other), one.max(other));
        let text: Arc<str> = format!("{DIRECT_MARK}{}-{}", first.0, last.0).into();
        Self(Name { key: Arc::clone(&text), text })
    }

    /// Whose room it is, if it is one of two.
    #[must_use]
    pub fn pair(&self) -> Option<[AccountId; 2]> {
        pair(self.as_str())
    }
}

fn pair(text: &str) -> Option<[AccountId; 2]> {
    let (first, last) = text.strip_prefix(DIRECT_MARK)?.split_once('-')?;
    Some([AccountId(first.parse().ok()?), AccountId(last.parse().ok()?)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_name() {
        for good in [
            "a",
            "Ana",
            "joão",
            "joa\u{303}o",
            "Ωμέγα",
            "राम्",
            "李雷",
            "ana-1_2.x",
            "٣",
            "-",
            &"é".repeat(32),
        ] {
            assert!(Nick::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            " ",
            "a b",
            "ana!",
            "<x>",
            "a\u{0}",
            "\u{301}a",
            "-\u{301}",
            "a\u{301}\u{301}\u{301}",
            "½",
            "Ⅷ",
            "²",
            "\u{3164}",
            "a\u{202E}",
            "a\u{200D}b",
            "a\u{FE0F}",
            "😀",
            &"é".repeat(33),
        ] {
            assert_eq!(Nick::parse(bad), Err(NameError), "{bad:?}");
        }
    }

    #[test]
    fn which_names_are_one() {
        for (one, other) in [
            ("Ana", "ana"),
            ("JOÃO", "joa\u{303}o"),
            ("straße", "STRASSE"),
            ("ΣΑΣ", "σας"),
            ("ﬁ", "FI"),
            ("ａｎａ", "ana"),
        ] {
            assert_eq!(Nick::parse(one), Nick::parse(other), "{one} {other}");
        }
        assert_ne!(Nick::parse("ana"), Nick::parse("anã"));
        assert_eq!(Nick::parse("AnA").unwrap().as_str(), "AnA");
    }

    #[test]
    fn the_room_of_two_has_one_name_that_nobody_else_can_have() {
        let (ana, bia) = (AccountId(3), AccountId(12));
        let name = RoomName::direct(bia, ana);
        assert_eq!((name.as_str(), name.pair()), ("@3-12", Some([ana, bia])));
        assert_eq!(name, RoomName::direct(ana, bia));
        assert_eq!(RoomName::parse("@3-12"), Ok(name));
        let longest = RoomName::direct(AccountId(u64::MAX), AccountId(u64::MAX));
        assert_eq!(longest.as_str().len(), DIRECT_BYTES_MAX);
        assert_eq!(RoomName::parse(longest.as_str()), Ok(longest));
        for bad in
            ["@", "@-", "@3", "@12-3", "@03-12", "@+3-12", "@3-12-", "@3 -12", "@a-b", "@3-１２"]
        {
            assert_eq!(RoomName::parse(bad), Err(NameError), "{bad:?}");
        }
        assert_eq!(Nick::parse("@3-12"), Err(NameError));
        assert_eq!(RoomName::parse("3-12").unwrap().pair(), None);
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(text in "[\\p{L}\\p{Nd}._-]{1,32}") {
            if let Ok(nick) = Nick::parse(&text) {
                let again: String =
                    caseless::default_case_fold_str(nick.key()).nfkc().collect();
                prop_assert_eq!(again, nick.key());
            }
        }

        #[test]
        fn a_plain_name_is_folded_as_every_other(text in "[ -~]{1,32}") {
            if let Ok(nick) = Nick::parse(&text) {
                prop_assert_eq!(nick.key(), folded(&text));
            }
            let long = Nick::parse(&format!("{}é", &text[..text.len().min(31)]));
            let short = Nick::parse(&text[..text.len().min(31)]);
            prop_assert_eq!(short.is_ok(), long.is_ok());
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = RoomName::parse(&text);
        }
    }
}
