//! Formatted messages: a subset of CommonMark, turned once into a small tree that each client
//! shows in its own way.
//!
//! [`parse()`] never fails and lets no HTML through: what it does not take for formatting is text.
//! There are `*emphasis*`, `**strong**`, `~~strikethrough~~`, `` `code` ``, links, quotes, lists
//! and fenced or indented code. A heading is a strong paragraph, an image is a link, a line end is
//! a line end, a bare `https://` URL is a link and `@nick` is a mention. The title of a link is not
//! kept.
//!
//! What CommonMark would make disappear is text here: reference definitions (`[ana]: oi`), rules
//! (`---`), and messages of nothing but a mark, such as `-` or `2.`.
//!
//! All text of a tree is clean in the sense of [`room::clean`], even where the source names a
//! character by its number (`&#27;`).

mod html;
mod json;
mod mention;
mod parse;
mod plain;
mod shield;
mod tree;
mod url;

pub(crate) use html::escape;
pub use html::{TAGS, html};
pub use json::{TYPESCRIPT, json};
pub use mention::mentions;
pub use parse::{SOURCE_BYTES_MAX, parse};
pub use plain::plain;
pub use tree::{Block, DEPTH_MAX, Inline, NODES_MAX, Tree};
pub use url::{URL_BYTES_MAX, Url};

#[cfg(test)]
mod tests;
