//! The line protocol: what `telnet`, `nc` and `papo connect` speak. See `docs/line.md`.
//!
//! Bytes become lines in [`Decoder`], lines become a [`Request`]; an [`Answer`] and the events of
//! a room become lines again. The seed fixed part of the bytes; those are kept to the letter.

mod answer;
mod decoder;
mod event;
#[cfg(test)]
mod injection;
mod message;
mod moderation;
mod order;
mod request;

pub use answer::{Answer, Problem, UnreadRoom};
pub use decoder::{Decoder, Item};
pub use event::{event, whisper};
pub use request::{HISTORY_MAX, Request, Verb, Word, parse};

/// Bytes of a line without its end.
pub const LINE_BYTES_MAX: usize = room::limits::TEXT_BYTES_MAX;

/// Milliseconds of silence that end the line of a client which has never sent an LF: the seed's
/// client sends what was typed as it is.
pub const UNENDED_MS: u64 = 100;

/// Members above which enter and leave notices are not sent: a storm of N joins would cost N².
pub const NOTICE_PRESENT_MAX: u32 = 50;
