//! The pure half of the client: keys, lines and time in; a screen and lines out.

mod backoff;
pub(crate) mod colour;
pub(crate) mod command;
pub(crate) mod complete;
pub(crate) mod editor;
pub(crate) mod keys;
pub mod parse;
pub(crate) mod screen;
pub mod session;
pub(crate) mod words;
