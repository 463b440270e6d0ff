//! A tree as one short line without markup: for notices, search results and quotes.

use std::mem;

use super::{Block, Inline, Tree};

/// What stands for the rest.
const CUT: char = '…';

/// The text of a message on one line, at most `chars_max` characters long; what is longer is cut
/// and ends with `…`. Blocks and lines are joined by a space; numbered items keep their numbers.
#[must_use]
pub fn plain(tree: &Tree, chars_max: usize) -> String {
    let mut line = Line { text: String::new(), chars: 0, is_gap: false, chars_max };
    line.blocks(&tree.blocks);
    line.finish()
}

struct Line {
    /// No white space but single spaces; longer than allowed if it is to be cut, but not by much.
    text: String,
    chars: usize,
    /// A space is due before the next character.
    is_gap: bool,
    chars_max: usize,
}

impl Line {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.push(" ");
            match block {
                Block::Paragraph(inlines) => self.inlines(inlines),
                Block::Code { text, .. } => self.push(text),
                Block::Quote(blocks) => self.blocks(blocks),
                Block::List { start, items } => {
                    let mut number = *start;
                    for item in items {
                        if let Some(number) = &mut number {
                            self.push(&format!(" {number}."));
                            *number = number.saturating_add(1);
                        }
                        self.blocks(item);
                    }
                }
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.push(text),
                Inline::Strong(inlines)
                | Inline::Emphasis(inlines)
                | Inline::Strikethrough(inlines)
                | Inline::Link { inlines, .. } => self.inlines(inlines),
                Inline::Break => self.push(" "),
                Inline::Mention(nick) => {
                    self.push("@");
                    self.push(nick.as_str());
                }
            }
        }
    }

    fn push(&mut self, text: &str) {
        for character in text.chars() {
            if self.chars > self.chars_max {
                return;
            }
            if character.is_whitespace() {
                self.is_gap = !self.text.is_empty();
                continue;
            }
            if mem::take(&mut self.is_gap) {
                self.text.push(' ');
                self.chars += 1;
            }
            self.text.push(character);
            self.chars += 1;
        }
    }

    fn finish(self) -> String {
        let mut text = self.text;
        if self.chars <= self.chars_max {
            return text;
        }
        let Some(kept) = self.chars_max.checked_sub(1) else { return String::new() };
        let end = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
        text.truncate(text[..end].trim_end().len());
        text.push(CUT);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[test]
    fn a_message_becomes_one_line() {
        for (source, line) in [
            ("oi, **ana**!", "oi, ana!"),
            ("a\nb\n\n> c\n\n```rust\nd\n  e\n```", "a b c d e"),
            ("3. paris\n4. roma", "3. paris 4. roma"),
            ("- leite\n- pão", "leite pão"),
            ("[a](http://x) `b` ~~c~~ @bia", "a b c @bia"),
            ("", ""),
        ] {
            assert_eq!(plain(&parse(source), 100), line);
        }
    }

    #[test]
    fn the_line_is_cut_between_characters() {
        let tree = parse("é **jacaré**\n\nfim");
        for (chars_max, line) in [
            (0, ""),
            (1, "…"),
            (2, "é…"),
            (3, "é…"),
            (4, "é j…"),
            (8, "é jacar…"),
            (9, "é jacaré…"),
            (11, "é jacaré f…"),
            (12, "é jacaré fim"),
        ] {
            assert_eq!(plain(&tree, chars_max), line);
        }
    }
}
