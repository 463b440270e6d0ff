//! Who is called in a message: `@nick`, where it is not part of something else.

use std::ops::Range;

use room::Nick;

use super::{Block, Inline, Tree};

/// Everyone who is called in the message, in the order of the text, as often as she is called.
pub fn mentions(tree: &Tree) -> impl Iterator<Item = &Nick> {
    let mut nicks = Vec::new();
    in_blocks(&tree.blocks, &mut nicks);
    nicks.into_iter()
}

fn in_blocks<'t>(blocks: &'t [Block], nicks: &mut Vec<&'t Nick>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => in_inlines(inlines, nicks),
            Block::Quote(blocks) => in_blocks(blocks, nicks),
            Block::List { items, .. } => items.iter().for_each(|item| in_blocks(item, nicks)),
            Block::Code { .. } => {}
        }
    }
}

fn in_inlines<'t>(inlines: &'t [Inline], nicks: &mut Vec<&'t Nick>) {
    for inline in inlines {
        match inline {
            Inline::Mention(nick) => nicks.push(nick),
            Inline::Strong(inlines)
            | Inline::Emphasis(inlines)
            | Inline::Strikethrough(inlines)
            | Inline::Link { inlines, .. } => in_inlines(inlines, nicks),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

/// The first mention of a text, and where it stands with its `@`; `before` is the character before
/// the text. A full stop after a nick is the sentence's.
pub(super) fn first_mention(text: &str, before: Option<char>) -> Option<(Range<usize>, Nick)> {
    text.match_indices('@').find_map(|(at, _)| {
        if text[..at].chars().next_back().or(before).is_some_and(is_in_word) {
            return None;
        }
        let rest = &text[at + 1..];
        let run = &rest[..rest.find(|c| !is_in_nick(c)).unwrap_or(rest.len())];
        // `@ana@example.org` is an address of another network.
        if rest[run.len()..].starts_with(|next: char| next == '@' || next.is_alphanumeric()) {
            return None;
        }
        let nick = Nick::parse(run.trim_end_matches('.')).ok()?;
        Some((at..at + 1 + nick.as_str().len(), nick))
    })
}

/// Whether an `@` after it is one of an e-mail address or of a path.
fn is_in_word(character: char) -> bool {
    is_in_nick(character) || character.is_alphanumeric() || matches!(character, '+' | '/' | '@')
}

/// Whether it can stand in a nick, after a letter.
fn is_in_nick(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    }
    Nick::parse(&format!("a{character}")).is_ok()
}

#[cfg(test)]
mod tests {
    use room::limits::NAME_CHARS_MAX;

    use super::*;

    #[test]
    fn a_nick_is_called_or_not() {
        let longest = "a".repeat(NAME_CHARS_MAX);
        for (text, nick) in [
            ("@ana", "ana"),
            ("oi, @ana!", "ana"),
            ("(@ana)", "ana"),
            ("oi:@ana, tudo?", "ana"),
            ("@ana.", "ana"),
            ("@ana... oi", "ana"),
            ("@ana.maria.", "ana.maria"),
            ("@joão_1-b", "joão_1-b"),
            ("@東京、", "東京"),
            ("@@ @ x@y @bia", "bia"),
            (&format!("@{longest} "), &longest),
            ("¡@ana!", "ana"),
        ] {
            let (range, found) = first_mention(text, None).expect(text);
            assert_eq!(found.as_str(), nick);
            assert_eq!(&text[range], format!("@{nick}"));
        }
        let too_long = format!("@a{longest}");
        for text in [
            "",
            "@",
            "@ ana",
            "ana@example.org",
            "a.@b",
            "a+@b",
            "x/@ana",
            "@ana@example.org",
            "@@ana",
            "@.",
            "@\u{301}",
            "é@ana",
            "e\u{301}@ana",
            "@\u{202e}ana",
            &too_long,
            "@anaⅣ",
        ] {
            assert_eq!(first_mention(text, None), None, "{text:?}");
        }
        assert_eq!(first_mention("@ana", Some('x')), None);
        assert!(first_mention("@ana", Some(' ')).is_some());
    }
}
