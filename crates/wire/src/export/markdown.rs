//! A room as Markdown, for people: a heading a day, a paragraph or two a message.

use std::fmt::Write as _;

use lang::Lang;
use room::{Message, Snapshot};

use super::marks;
use crate::calendar;
use crate::markup::{Block, Inline, Tree, parse};

/// Why writing cannot fail.
const WRITES: &str = "a string takes whatever is written";

/// Writes a room, message by message.
#[derive(Debug)]
pub struct Markdown {
    lang: Lang,
    /// The day whose heading is written.
    day: String,
}

impl Markdown {
    /// Begins; what is written goes behind what is in `out`.
    #[must_use]
    pub fn begin(room: &Snapshot, lang: Lang, out: &mut String) -> Self {
        out.push_str("# ");
        escape(room.name.as_str(), out);
        out.push('\n');
        if let Some(topic) = &room.topic {
            out.push('\n');
            escape(&topic.flat(), out);
            out.push('\n');
        }
        writeln!(out, "\n{}", lang.text("export-utc")).expect(WRITES);
        Self { lang, day: String::new() }
    }

    /// Writes the next message.
    pub fn message(&mut self, message: &Message, out: &mut String) {
        let day = calendar::day(message.at);
        if day != self.day {
            writeln!(out, "\n## {day}").expect(WRITES);
            self.day = day;
        }
        out.push_str("\n**");
        escape(message.nick.as_str(), out);
        write!(out, "** {} · #{}", calendar::time(message.at), message.seq.0).expect(WRITES);
        for mark in marks(message, self.lang) {
            write!(out, " · {mark}").expect(WRITES);
        }
        out.push_str("\n\n");
        if let Some(reply) = &message.reply {
            write!(out, "> #{}", reply.to.0).expect(WRITES);
            if let Some(quote) = &reply.quote {
                out.push_str(" **");
                escape(quote.nick.as_str(), out);
                out.push_str("**: ");
                escape(&quote.start.flat(), out);
            }
            out.push_str("\n\n");
        }
        match &message.text {
            Some(text) => write(&parse(text.as_str()), out),
            None => writeln!(out, "*{}*", self.lang.text("export-deleted")).expect(WRITES),
        }
        if !message.reactions.is_empty() {
            out.push('\n');
            for (index, (emoji, count)) in message.reactions.iter().enumerate() {
                let gap = if index > 0 { " · " } else { "" };
                write!(out, "{gap}{} {count}", emoji.as_str()).expect(WRITES);
            }
            out.push('\n');
        }
    }
}

/// A message's formatting in the one spelling that every reader of Markdown takes for it.
pub(super) fn write(tree: &Tree, out: &mut String) {
    blocks(&tree.blocks, "", out);
}

/// Blocks with an empty line between them; every line but the first begins with `indent`.
fn blocks(blocks_: &[Block], indent: &str, out: &mut String) {
    for (index, block) in blocks_.iter().enumerate() {
        if index > 0 {
            writeln!(out, "{}", indent.trim_end()).expect(WRITES);
            out.push_str(indent);
        }
        match block {
            Block::Paragraph(inside) => {
                inlines(inside, indent, out);
                out.push('\n');
            }
            Block::Code { language, text } => {
                let fence = fence(text, 3);
                writeln!(out, "{fence}{}", language.as_deref().unwrap_or_default()).expect(WRITES);
                for line in text.lines() {
                    writeln!(out, "{indent}{line}").expect(WRITES);
                }
                writeln!(out, "{indent}{fence}").expect(WRITES);
            }
            Block::Quote(inside) => {
                out.push_str("> ");
                blocks(inside, &format!("{indent}> "), out);
            }
            Block::List { start, items } => list(*start, items, indent, out),
        }
    }
}

fn list(start: Option<u64>, items: &[Vec<Block>], indent: &str, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        let mark = match start {
            Some(start) => format!("{}. ", start.saturating_add(index as u64)),
            None => "- ".to_owned(),
        };
        if index > 0 {
            out.push_str(indent);
        }
        out.push_str(&mark);
        if item.is_empty() {
            out.push('\n');
        }
        blocks(item, &format!("{indent}{}", " ".repeat(mark.len())), out);
    }
}

fn inlines(inlines_: &[Inline], indent: &str, out: &mut String) {
    for inline in inlines_ {
        let mut styled = |mark: &str, inside: &[Inline]| {
            out.push_str(mark);
            inlines(inside, indent, out);
            out.push_str(mark);
        };
        match inline {
            Inline::Strong(inside) => styled("**", inside),
            Inline::Emphasis(inside) => styled("*", inside),
            Inline::Strikethrough(inside) => styled("~~", inside),
            Inline::Text(text) => escape(text, out),
            Inline::Code(text) => {
                let fence = fence(text, 1);
                let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
                write!(out, "{fence}{gap}{text}{gap}{fence}").expect(WRITES);
            }
            Inline::Link { url, inlines: inside } => {
                out.push('[');
                inlines(inside, indent, out);
                write!(out, "](<{}>)", url.as_str().replace(['<', '>'], "")).expect(WRITES);
            }
            Inline::Break => write!(out, "\\\n{indent}").expect(WRITES),
            Inline::Mention(nick) => {
                out.push('@');
                escape(nick.as_str(), out);
            }
        }
    }
}

/// Backticks, one more than the text has in a row, and `least` of them.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

/// Text that no reader of Markdown takes for anything else.
fn escape(text: &str, out: &mut String) {
    let mut is_start = true;
    for character in text.chars() {
        let is_mark = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '|' => true,
            '#' | '+' | '-' | '=' => is_start,
            // A number with one of these behind it begins a list.
            '.' | ')' => out.ends_with(|before: char| before.is_ascii_digit()),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(character);
        is_start = false;
    }
}
