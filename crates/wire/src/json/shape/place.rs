//! The shapes of where one is: a session, the rooms, a room one is in, and what one has not read.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
#[cfg(test)]
use utoipa::ToSchema;

use super::No;

/// What the server takes this session for.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Session<'a> {
    /// `pt`, `en` or `es`.
    pub(crate) lang: &'static str,
    /// What one is called; not there before one has entered a room or logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) nick: Option<&'a str>,
    /// The nick that one's account owns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) account: Option<&'a str>,
    /// The account's number, as it stands in `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) number: Option<u64>,
    /// The rooms one is in.
    pub(crate) rooms: Vec<&'a str>,
    /// One's rooms of two; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) direct: Option<Vec<Direct<'a>>>,
    /// What one has not read; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) unread: Option<Vec<UnreadRoom<'a>>>,
}

/// The public rooms, by name.
#[expect(clippy::struct_field_names, reason = "they are called so on the wire")]
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Rooms<'a> {
    pub(crate) rooms: Vec<Listed<'a>>,
    /// How many more there are.
    pub(crate) more: u64,
    /// One's rooms of two; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) direct: Option<Vec<Direct<'a>>>,
    /// What one has not read; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) unread: Option<Vec<UnreadRoom<'a>>>,
}

/// A room of two.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Direct<'a> {
    /// Its name, which `enter` takes too.
    pub(crate) room: &'a str,
    /// The other.
    pub(crate) nick: &'a str,
}

/// What one has not read in a room, the same on all one's devices.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Unread {
    /// How far one has read.
    pub(crate) read: u64,
    /// Messages of others after that; 999 at most are counted.
    pub(crate) messages: u32,
    /// Those of them in which one is called.
    pub(crate) mentions: u32,
    /// There may be more than were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "true"))]
    pub(crate) more: Option<bool>,
}

/// What one has not read, and where.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct UnreadRoom<'a> {
    pub(crate) room: &'a str,
    pub(crate) unread: Unread,
}

/// A room of the list.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Listed<'a> {
    pub(crate) room: &'a str,
    /// How many are in it.
    pub(crate) present: u32,
    /// How many it holds.
    pub(crate) capacity: u32,
    /// What it is about; not there where nobody has said that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) topic: Option<&'a str>,
}

/// A room one is in.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Place<'a> {
    /// Its name as it was written when it was made.
    pub(crate) room: &'a str,
    /// What one is called.
    pub(crate) nick: &'a str,
    /// How many are in it, oneself included.
    pub(crate) present: u32,
    /// How many it holds.
    pub(crate) capacity: u32,
    pub(crate) topic: Option<&'a str>,
    /// Its last event. What comes next is behind `after` where one was given, else behind this.
    pub(crate) seq: u64,
    /// With whom one shares it, if it is a room of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) direct: Option<&'a str>,
    /// What one has not read; there where one's account has a marker, and in a room of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) unread: Option<Unread>,
}

/// The rooms of a `resume`, in the order of the request.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Resumed<'a> {
    pub(crate) rooms: Vec<ResumedRoom<'a>>,
}

/// A room that is entered again, or why not.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(untagged)]
pub(crate) enum ResumedRoom<'a> {
    In { ok: Box<Place<'a>> },
    Out { no: No<'a> },
}
