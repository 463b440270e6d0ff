//! The words of a text: one pure function for what is indexed and for what is asked, so that
//! whatever a message was found by stays what a query turns into.
//!
//! A change here changes what an index holds: raise `INDEX_VERSION` of the SQLite back end.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// Terms of one query that are looked at; what is beyond is ignored. Bounds what a query costs.
pub(crate) const QUERY_TERMS_MAX: usize = 64;

/// Characters from which on the last word of a query also stands for the words it begins.
pub(crate) const PREFIX_CHARS_MIN: usize = 3;

/// Between two words.
const WORD_END: char = '\n';

/// Between two terms of one word: the characters of a script that has no spaces.
const TERM_END: char = ' ';

/// The words of a text, folded: compatibility forms and case are one, accents are gone.
///
/// A word is a run of letters and digits. In a script that is written without spaces each
/// character is a term of its own, and a run of them a word of several terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(String);

/// One word of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'w> {
    /// The terms that must follow one another.
    pub(crate) terms: &'w str,
    /// Whether the last term also stands for those it begins.
    pub(crate) is_prefix: bool,
}

impl Words {
    /// The words of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = String::with_capacity(text.len() + 8);
        // No form of a character reaches across a space, so each part goes the way it needs.
        for part in text.split_inclusive(' ') {
            fold(part, &mut words);
        }
        words.truncate(words.trim_end_matches([WORD_END, TERM_END]).len());
        Self(words)
    }

    /// Every term, in order.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &str> {
        self.0.split([WORD_END, TERM_END]).filter(|term| !term.is_empty())
    }

    /// The words as those of a query: all must be found, each as a phrase of its terms.
    pub(crate) fn query(&self) -> impl Iterator<Item = Word<'_>> {
        let end = self.0.match_indices([WORD_END, TERM_END]).nth(QUERY_TERMS_MAX - 1);
        let asked = end.map_or(self.0.as_str(), |(end, _)| &self.0[..end]);
        let mut words =
            asked.split(WORD_END).map(str::trim_end).filter(|word| !word.is_empty()).peekable();
        std::iter::from_fn(move || {
            let terms = words.next()?;
            let is_prefix = words.peek().is_none()
                && !terms.starts_with(is_spaceless)
                && terms.chars().count() >= PREFIX_CHARS_MIN;
            Some(Word { terms, is_prefix })
        })
    }

    /// How well a text of these words answers `query`; `None` if a word is missing. For back ends
    /// without an index: the share of its terms that were asked for.
    pub(crate) fn answer(&self, query: &Self) -> Option<f64> {
        let own: Vec<&str> = self.terms().collect();
        let mut hits = 0_u32;
        let mut asked = query.query().peekable();
        asked.peek()?;
        for word in asked {
            let phrase: Vec<&str> = word.terms.split(TERM_END).collect();
            let found = own.windows(phrase.len()).filter(|window| {
                **window == *phrase || (word.is_prefix && window[0].starts_with(phrase[0]))
            });
            match u32::try_from(found.count()).unwrap_or(u32::MAX) {
                0 => return None,
                found => hits = hits.saturating_add(found),
            }
        }
        Some(f64::from(hits) / f64::from(u32::try_from(own.len()).unwrap_or(u32::MAX)))
    }
}

/// Adds the characters of a part of a text, folded.
fn fold(part: &str, words: &mut String) {
    if part.is_ascii() {
        // Most words of most chats: nothing to decompose, every letter folds to one.
        fold_ascii(part, words);
        return;
    }
    let stripped: String = part.nfkd().filter(|&character| !is_dropped(character)).collect();
    let folded = caseless::default_case_fold_str(&stripped);
    // Folding may bring marks back (U+0130 gives an i and a dot); composing puts Hangul syllables
    // and voiced kana together again, which decomposing took apart.
    let stripped = folded.nfkd().filter(|&character| !is_dropped(character));
    for character in stripped.nfc() {
        push(words, character);
    }
}

/// As [`push`] of each character, a word at a time.
fn fold_ascii(part: &str, words: &mut String) {
    let is_between = |character: char| !character.is_ascii_alphanumeric();
    let mut is_first = true;
    for word in part.split(is_between) {
        if !std::mem::take(&mut is_first) {
            push(words, ' ');
        }
        // Its first character may end what came before it.
        if let Some((first, rest)) = word.split_at_checked(1).filter(|_| !word.is_empty()) {
            first.chars().for_each(|first| push(words, first.to_ascii_lowercase()));
            let start = words.len();
            words.push_str(rest);
            words[start..].make_ascii_lowercase();
        }
    }
}

fn push(words: &mut String, character: char) {
    let is_open = !words.is_empty() && !words.ends_with(WORD_END);
    if !character.is_alphanumeric() && !is_spaceless(character) {
        if is_open {
            words.truncate(words.trim_end_matches(TERM_END).len());
            words.push(WORD_END);
        }
    } else if is_spaceless(character) {
        if is_open && !words.ends_with(TERM_END) {
            words.push(WORD_END);
        }
        words.push(character);
        words.push(TERM_END);
    } else {
        if words.ends_with(TERM_END) {
            words.truncate(words.len() - TERM_END.len_utf8());
            words.push(WORD_END);
        }
        words.push(character);
    }
}

/// What leaves no trace: accents and points over and under letters, and characters that only
/// steer how others are drawn. Vowel signs stay: they are the word.
fn is_dropped(character: char) -> bool {
    (canonical_combining_class(character) != 0 && !is_spaceless(character))
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FE00}'
                ..='\u{FE0F}' | '\u{FEFF}'
        )
}

/// Characters of scripts that are written without spaces between words, or (Hangul) with
/// particles joined to them: by blocks of Unicode 16, letters and marks alike.
fn is_spaceless(character: char) -> bool {
    matches!(character,
        // Thai, Lao, without the currency sign, the ellipses and the digits.
        '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E4E}' | '\u{E81}'..='\u{ECE}'
        | '\u{EDC}'..='\u{EDF}'
        // Tibetan letters and signs, Myanmar, Khmer letters.
        | '\u{F40}'..='\u{FBC}' | '\u{1000}'..='\u{103F}' | '\u{1050}'..='\u{108F}'
        | '\u{1780}'..='\u{17D3}'
        // Hangul.
        | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7FB}'
        // Tai Le, New Tai Lue, Tai Tham, Tai Viet: as Thai.
        | '\u{1950}'..='\u{19C9}' | '\u{1A20}'..='\u{1A5E}' | '\u{AA60}'..='\u{AADD}'
        // Kana with their voicing marks, bopomofo; not the middle dot and the double hyphen.
        | '\u{3041}'..='\u{309A}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{1B000}'..='\u{1B16F}'
        // Han.
        | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, folded: &str) {
        assert_eq!(Words::of(text).0, folded, "{text:?}");
    }

    #[test]
    fn texts_fold_to_words() {
        check("Olá, MUNDO!", "ola\nmundo");
        check("  o jacaré-açu. ", "o\njacare\nacu");
        check("jacare\u{301} JACARÉ", "jacare\njacare");
        check("straße ﬁm ＡＢＣ ½", "strasse\nfim\nabc\n1\n2");
        check("İstanbul ΣΊΣΥΦΟΣ", "istanbul\nσισυφοσ");
        check("今日は東京です", "今 日 は 東 京 で す");
        check("abc東京def、京都 x", "abc\n東 京\ndef\n京 都\nx");
        check("ｶﾞｲﾄﾞ", "ガ イ ド");
        check("한국어를 배우다", "한 국 어 를\n배 우 다");
        check("กินข้าว", "ก ิ น ข ้ า ว");
        check("हिन्दी राम्", "हिनदी\nराम");
        check("می\u{200C}خواهم", "میخواهم");
        check("שָׁלוֹם", "שלום");
        check("👨\u{200d}👩 ❤️ \"*()^:-", "");
        check("x2 42 C++", "x2\n42\nc");
    }

    #[test]
    fn the_last_word_of_a_query_is_a_prefix_if_it_is_long_enough() {
        let last = |query| Words::of(query).query().last().map(|word| word.is_prefix);
        assert_eq!(last("bom dia"), Some(true));
        assert_eq!(last("bom di"), Some(false));
        assert_eq!(last("abc 東京都"), Some(false));
        assert_eq!(last("🎉"), None);
        let first = Words::of("bom dia").query().next().map(|word| word.is_prefix);
        assert_eq!(first, Some(false));
    }

    #[test]
    fn a_query_is_bounded() {
        assert_eq!(Words::of(&"a ".repeat(2000)).query().count(), QUERY_TERMS_MAX);
        let long = Words::of(&"東".repeat(1300));
        let terms = long.query().next().unwrap().terms.split(' ').count();
        assert_eq!((long.query().count(), terms), (1, QUERY_TERMS_MAX));
    }

    proptest! {
        #[test]
        fn folding_goes_part_by_part(text in "(\\PC{0,6}[ a-zéß\u{301}]{0,3}){0,8}") {
            let mut whole = String::new();
            // A letter that is no part of ASCII sends all of it the long way.
            fold(&format!("{text} é"), &mut whole);
            prop_assert_eq!(Words::of(&format!("{text} é")).0, whole);
        }

        #[test]
        fn plain_text_folds_as_every_other(
            parts in prop::collection::vec("[ -~\t]{0,12}|東", 0..6),
        ) {
            let (mut quick, mut slow) = (String::new(), String::new());
            for part in &parts {
                fold(part, &mut quick);
                part.to_lowercase().chars().for_each(|character| push(&mut slow, character));
            }
            prop_assert_eq!(quick, slow);
        }

        #[test]
        fn terms_are_clean_and_fold_to_themselves(text in any::<String>()) {
            let words = Words::of(&text);
            for term in words.terms() {
                prop_assert!(!term.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()));
            }
            prop_assert_eq!(&Words::of(&words.0.replace(' ', "")), &words);
        }

        #[test]
        fn a_text_answers_to_itself(text in "\\PC{1,40}") {
            let words = Words::of(&text);
            if words.terms().next().is_some() {
                prop_assert!(words.answer(&words).is_some());
            }
        }
    }
}
