//! What CommonMark would take for formatting and people do not mean: marks inside bare URLs
//! (`https://x/__init__.py`) and reference definitions (`[ana]: oi`, which would disappear).

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use super::parse::OPTIONS;
use super::url::first_url;

/// Marks that can stand in a URL.
const MARKS: [char; 3] = ['*', '_', '~'];

/// The end of a label, where a reference definition has its colon.
const LABEL_END: &str = "]:";

/// Puts backslashes before such marks and colons. Borrows where there are none.
pub(super) fn shield(source: &str) -> Cow<'_, str> {
    let marks = Marks::default().find(source, 0);
    if marks.is_empty() {
        return Cow::Borrowed(source);
    }
    // A backslash does not hide anything in code, HTML and links, so these are passed over.
    let (mut marks, mut from) = (Marks::default(), 0);
    for range in verbatim(source) {
        if from < range.start {
            marks = marks.find(&source[from..range.start], from);
        }
        from = from.max(range.end);
    }
    marks = marks.find(&source[from..], from);
    marks.0.sort_unstable();
    let mut shielded = String::with_capacity(source.len() + marks.0.len());
    let mut from = 0;
    for mark in marks.0 {
        shielded.push_str(&source[from..mark]);
        shielded.push('\\');
        from = mark;
    }
    shielded.push_str(&source[from..]);
    Cow::Owned(shielded)
}

/// Where the backslashes go: indices in the source.
#[derive(Default)]
struct Marks(Vec<usize>);

impl Marks {
    fn find(mut self, part: &str, offset: usize) -> Self {
        self.0.extend(part.match_indices(LABEL_END).map(|(at, _)| offset + at + "]".len()));
        let mut from = 0;
        while let Some((url, _)) = first_url(&part[from..], None) {
            let start = from + url.start;
            from += url.end;
            self.0
                .extend(part[start..from].match_indices(MARKS).map(|(at, _)| offset + start + at));
        }
        self
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where backslashes would be shown, in order; ranges may lie in each other.
fn verbatim(source: &str) -> Vec<Range<usize>> {
    Parser::new_ext(source, OPTIONS)
        .into_offset_iter()
        .filter(|(event, _)| match event {
            Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::CodeBlock(_)) => true,
            // A link to a reference definition is none once the definition is text.
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                matches!(link_type, LinkType::Inline | LinkType::Autolink | LinkType::Email)
            }
            _ => false,
        })
        .map(|(_, range)| range)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_misread_is_shielded() {
        for (source, shielded) in [
            ("a *b* [c](d) _e_", "a *b* [c](d) _e_"),
            ("**http://x**", "**http://x**"),
            ("http://x/__a__.py _b_", r"http://x/\_\_a\_\_.py _b_"),
            ("[a]: b\n`[c]: d`", "[a]\\: b\n`[c]: d`"),
            ("`http://x/_a_b`", "`http://x/_a_b`"),
            ("<http://x/_a_b> http://x/_a_b", r"<http://x/_a_b> http://x/\_a\_b"),
            ("[a](http://x/*b*c)", "[a](http://x/*b*c)"),
            ("```\nhttp://x/_a_b\n```", "```\nhttp://x/_a_b\n```"),
            ("http://[::1]:80/a*b", r"http://[::1]\:80/a\*b"),
        ] {
            assert_eq!(shield(source), shielded);
        }
    }
}
