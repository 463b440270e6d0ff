//! What may not be said in a room: regular expressions, matched in time linear in the text.

use std::sync::Arc;

use regex::{RegexSet, RegexSetBuilder};

use crate::Text;
use crate::limits::FILTER_BYTES_MAX;

/// The patterns of a room. A clone shares what was made of them.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    patterns: Vec<Text>,
    /// `None`: there are no patterns, or together they are too much.
    set: Option<Arc<RegexSet>>,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Filter {}

impl Filter {
    /// The patterns, the oldest first.
    #[must_use]
    pub fn patterns(&self) -> &[Text] {
        &self.patterns
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a text may not be said. Case does not matter.
    #[must_use]
    pub fn refuses(&self, text: &Text) -> bool {
        self.set.as_ref().is_some_and(|set| set.is_match(text.as_str()))
    }

    /// Whether a pattern could be added to the others: it is one, and all together stay within
    /// [`FILTER_BYTES_MAX`].
    pub(crate) fn takes(&self, pattern: &Text) -> bool {
        let mut with = self.patterns.clone();
        with.push(pattern.clone());
        compile(&with).is_some()
    }

    /// Adds a pattern, or takes it away.
    pub(crate) fn set(&mut self, pattern: &Text, on: bool) {
        self.patterns.retain(|other| other != pattern);
        if on {
            self.patterns.push(pattern.clone());
        }
        self.set = compile(&self.patterns).map(Arc::new);
    }
}

/// `None` of no patterns, and of what a later version of the library does not take any more.
fn compile(patterns: &[Text]) -> Option<RegexSet> {
    if patterns.is_empty() {
        return None;
    }
    RegexSetBuilder::new(patterns.iter().map(Text::as_str))
        .case_insensitive(true)
        // A line's end hides nothing.
        .dot_matches_new_line(true)
        .size_limit(FILTER_BYTES_MAX)
        .dfa_size_limit(FILTER_BYTES_MAX)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text::new(text).unwrap()
    }

    #[test]
    fn patterns_come_and_go() {
        let mut filter = Filter::default();
        assert!(!filter.refuses(&text("spam")));
        filter.set(&text(r"\bspam\b"), true);
        filter.set(&text("buy.*now"), true);
        filter.set(&text(r"\bspam\b"), true);
        assert_eq!(filter.patterns().len(), 2);
        for (said, is_refused) in [
            ("SPAM!", true),
            ("spammer", false),
            ("Buy it NOW", true),
            ("buy\nit\nnow", true),
            ("now buy", false),
        ] {
            assert_eq!(filter.refuses(&text(said)), is_refused, "{said}");
        }
        filter.set(&text(r"\bspam\b"), false);
        assert!(!filter.refuses(&text("spam")));
        filter.set(&text("buy.*now"), false);
        assert_eq!(filter, Filter::default());
    }

    #[test]
    fn what_is_no_pattern_or_too_much_is_not_taken() {
        let filter = Filter::default();
        for pattern in ["(", "a{1000}{1000}", r"(\w{200}){200}"] {
            assert!(!filter.takes(&text(pattern)), "{pattern}");
        }
        assert!(filter.takes(&text("pr[eé]mio")));
    }

    #[test]
    fn a_pattern_made_to_be_slow_is_not() {
        let mut filter = Filter::default();
        filter.set(&text("(a*)*b"), true);
        assert!(!filter.refuses(&text(&"a".repeat(4096))));
    }
}
