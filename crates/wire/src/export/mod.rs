//! A room as a file: [`lines`] for programs, which can be read back; [`markdown`](Markdown) and
//! [`html`](Html) for people. See `docs/export.md`.
//!
//! Each writes a little at a time, so that a room of any length goes out in bounded memory.

mod html;
pub mod lines;
mod markdown;

use lang::Lang;
use room::Message;

pub use html::Html;
pub use markdown::Markdown;

#[cfg(test)]
mod tests;

/// What stands behind a message's author, in words.
fn marks(message: &Message, lang: Lang) -> Vec<String> {
    let marks = [(message.is_edited, "export-edited"), (message.is_pinned, "export-pinned")];
    marks.iter().filter(|(is, _)| *is).map(|(_, id)| lang.text(id)).collect()
}
