//! A tree as HTML, for exports. The only place that writes tags, and it writes no others.

use std::fmt::Write as _;

use super::{Block, Inline, Tree};

/// Names of all tags that [`html`] writes.
pub const TAGS: &[&str] =
    &["p", "pre", "code", "blockquote", "ol", "ul", "li", "strong", "em", "del", "a", "br", "span"];

/// The message as HTML. Text is escaped, links carry `rel="noopener noreferrer nofollow"`, a
/// mention is a `span` of the class `mention`, a language one of the class `language-…`.
#[must_use]
pub fn html(tree: &Tree) -> String {
    let mut out = String::new();
    blocks(&tree.blocks, &mut out);
    out
}

/// Why writing cannot fail.
const WRITES: &str = "a string takes whatever is written";

fn blocks(blocks_: &[Block], out: &mut String) {
    for block in blocks_ {
        match block {
            Block::Paragraph(inside) => {
                out.push_str("<p>");
                inlines(inside, out);
                out.push_str("</p>\n");
            }
            Block::Code { language, text } => {
                out.push_str("<pre><code");
                if let Some(language) = language {
                    out.push_str(" class=\"language-");
                    escape(language, out);
                    out.push('"');
                }
                out.push('>');
                escape(text, out);
                out.push_str("</code></pre>\n");
            }
            Block::Quote(inside) => {
                out.push_str("<blockquote>\n");
                blocks(inside, out);
                out.push_str("</blockquote>\n");
            }
            Block::List { start, items } => list(*start, items, out),
        }
    }
}

fn list(start: Option<u64>, items: &[Vec<Block>], out: &mut String) {
    match start {
        Some(1) => out.push_str("<ol>\n"),
        Some(start) => writeln!(out, "<ol start=\"{start}\">").expect(WRITES),
        None => out.push_str("<ul>\n"),
    }
    for item in items {
        out.push_str("<li>");
        if let [Block::Paragraph(inside)] = &item[..] {
            inlines(inside, out);
        } else {
            blocks(item, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str(if start.is_some() { "</ol>\n" } else { "</ul>\n" });
}

fn inlines(inlines_: &[Inline], out: &mut String) {
    for inline in inlines_ {
        match inline {
            Inline::Text(text) => escape(text, out),
            Inline::Strong(inside) => styled("strong", inside, out),
            Inline::Emphasis(inside) => styled("em", inside, out),
            Inline::Strikethrough(inside) => styled("del", inside, out),
            Inline::Code(text) => {
                out.push_str("<code>");
                escape(text, out);
                out.push_str("</code>");
            }
            Inline::Link { url, inlines: inside } => {
                out.push_str("<a href=\"");
                escape(url.as_str(), out);
                out.push_str("\" rel=\"noopener noreferrer nofollow\">");
                inlines(inside, out);
                out.push_str("</a>");
            }
            Inline::Break => out.push_str("<br>\n"),
            Inline::Mention(nick) => {
                out.push_str("<span class=\"mention\">@");
                escape(nick.as_str(), out);
                out.push_str("</span>");
            }
        }
    }
}

fn styled(tag: &str, inside: &[Inline], out: &mut String) {
    write!(out, "<{tag}>").expect(WRITES);
    inlines(inside, out);
    write!(out, "</{tag}>").expect(WRITES);
}

/// Safe between tags and in a quoted attribute (HTML, section 13.1.2.3).
pub(crate) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[test]
    fn every_node_has_its_tags() {
        for (source, written) in [
            ("oi\n@ana", "<p>oi<br>\n<span class=\"mention\">@ana</span></p>\n"),
            ("# a", "<p><strong>a</strong></p>\n"),
            ("*a* ~~b~~ `<c>`", "<p><em>a</em> <del>b</del> <code>&lt;c&gt;</code></p>\n"),
            ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("1. a", "<ol>\n<li>a</li>\n</ol>\n"),
            ("7. a\n\n   b", "<ol start=\"7\">\n<li><p>a</p>\n<p>b</p>\n</li>\n</ol>\n"),
            ("```\"x\na\n```", "<pre><code>&quot;x\na</code></pre>\n"),
            ("```rust\na\n```", "<pre><code class=\"language-rust\">a</code></pre>\n"),
            (
                "[a](http://x/?b='c'&d)",
                "<p><a href=\"http://x/?b=&#39;c&#39;&amp;d\" \
                 rel=\"noopener noreferrer nofollow\">a</a></p>\n",
            ),
        ] {
            assert_eq!(html(&parse(source)), written);
        }
    }
}
