//! What can be wrong with the form of a request, before anybody decides whether it may be.

use super::request::Id;

/// A message that is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct BadRequest {
    /// The id to answer with; `None`: it has none that is good.
    pub id: Option<Id>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a request. Fields are named as they are written; an item of a list by its
/// place, as in `rooms[2].after`. The text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not one JSON object (RFC 8259).
    #[error("not a JSON object")]
    NotJson,
    /// A field is not there.
    #[error("no field {0}")]
    Missing(String),
    /// A field that this request does not have, or not together with the others.
    #[error("unknown field {0}")]
    Unknown(String),
    /// A field, or a room of a list, that came before.
    #[error("field {0} comes twice")]
    Twice(String),
    /// A value that is not of its kind.
    #[error("field {0} is no {1:?}")]
    Invalid(String, Kind),
    /// A string of more bytes, or a list of more items, than may be.
    #[error("field {0} is longer than {1}")]
    TooLong(String, usize),
    /// A number above its bound.
    #[error("field {0} is above {1}")]
    TooLarge(String, u64),
}

/// What a field has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A request's id: a whole number or a string, see [`Id`].
    Id,
    /// A word that asks for something.
    Verb,
    /// A string, of a text one that is not blank and has at most [`room::limits::TEXT_LINES_MAX`]
    /// lines.
    Text,
    /// A nick or the name of a room.
    Name,
    /// A whole number from 0.
    Number,
    /// A whole number from 1.
    Limit,
    /// `true` or `false`.
    Bool,
    /// A language that papo speaks.
    Lang,
    /// `public`, `unlisted` or `private`.
    Visibility,
    /// What one may be in a room: `owner`, `moderator`, `member` or `guest`.
    Role,
    /// An address or a range of them.
    Addresses,
    /// One emoji.
    Emoji,
    /// The key of a post, see [`room::Key`].
    Key,
    /// A list of rooms, each with `room` and `after`; not empty.
    Rooms,
}
