//! The tree of a formatted message: what every client can show, and nothing more.

use room::Nick;

use super::Url;

/// How deep blocks and inlines nest, together. A message that nests deeper is plain text.
pub const DEPTH_MAX: usize = 16;

/// Nodes of one message: blocks, items of lists and inlines. A message of more is plain text.
pub const NODES_MAX: usize = 1024;

const _: () = assert!(DEPTH_MAX < NODES_MAX);

/// A formatted message. Made by [`super::parse()`], which keeps the bounds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// From the top.
    pub blocks: Vec<Block>,
}

/// A part of a message that begins on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Text.
    Paragraph(Vec<Inline>),
    /// Lines to be shown as they are, without their last line end.
    Code {
        /// Letters, digits and `+-_.#`, as written after the fence.
        language: Option<String>,
        /// May be empty; the only text of a tree with LF in it.
        text: String,
    },
    /// What someone else has said.
    Quote(Vec<Block>),
    /// A list.
    List {
        /// The number of the first item; `None` if the items have none.
        start: Option<u64>,
        /// Each may be empty.
        items: Vec<Vec<Block>>,
    },
}

/// A part of a line. No two texts stand beside each other, and none is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Text of one line.
    Text(String),
    /// Usually bold.
    Strong(Vec<Inline>),
    /// Usually italic.
    Emphasis(Vec<Inline>),
    /// Crossed out.
    Strikethrough(Vec<Inline>),
    /// Text to be shown as it is.
    Code(String),
    /// A link; there is no link and no mention in it.
    Link {
        /// Where it leads.
        url: Url,
        /// What is shown; never empty.
        inlines: Vec<Inline>,
    },
    /// The line ends here.
    Break,
    /// Someone is called, by the nick as written. She need not exist.
    Mention(Nick),
}

impl Tree {
    /// `source` as one paragraph without formatting: what becomes of a message beyond the bounds.
    /// Of very many lines the last ones are joined by spaces, to stay within [`NODES_MAX`].
    pub(super) fn literal(source: &str) -> Self {
        const LINES_MAX: usize = NODES_MAX / 2 - 1;
        if source.trim().is_empty() {
            return Self::default();
        }
        let mut inlines = Vec::new();
        for (index, line) in source.splitn(LINES_MAX, '\n').enumerate() {
            if index > 0 {
                inlines.push(Inline::Break);
            }
            if !line.is_empty() {
                inlines.push(Inline::Text(line.replace('\n', " ")));
            }
        }
        Self { blocks: vec![Block::Paragraph(inlines)] }
    }
}
