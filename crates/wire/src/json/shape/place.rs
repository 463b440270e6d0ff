//! The shapes of where one is: a session, the rooms, a room one is in, and what one has not read.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;

use super::No;

/// What the server takes this session for.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Session<'a> {
    /// `pt`, `en` or `es`.
    pub(in crate::json) lang: &'static str,
    /// What one is called; not there before one has entered a room or logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) nick: Option<&'a str>,
    /// The nick that one's account owns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) account: Option<&'a str>,
    /// The account's number, as it stands in `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) number: Option<u64>,
    /// The rooms one is in.
    pub(in crate::json) rooms: Vec<&'a str>,
    /// One's rooms of two; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) direct: Option<Vec<Direct<'a>>>,
    /// What one has not read; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) unread: Option<Vec<UnreadRoom<'a>>>,
}

/// The public rooms, by name.
#[expect(clippy::struct_field_names, reason = "they are called so on the wire")]
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Rooms<'a> {
    pub(in crate::json) rooms: Vec<Listed<'a>>,
    /// How many more there are.
    pub(in crate::json) more: u64,
    /// One's rooms of two; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) direct: Option<Vec<Direct<'a>>>,
    /// What one has not read; there where one is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) unread: Option<Vec<UnreadRoom<'a>>>,
}

/// A room of two.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Direct<'a> {
    /// Its name, which `enter` takes too.
    pub(in crate::json) room: &'a str,
    /// The other.
    pub(in crate::json) nick: &'a str,
}

/// What one has not read in a room, the same on all one's devices.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Unread {
    /// How far one has read.
    pub(in crate::json) read: u64,
    /// Messages of others after that; 999 at most are counted.
    pub(in crate::json) messages: u32,
    /// Those of them in which one is called.
    pub(in crate::json) mentions: u32,
    /// There may be more than were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "true"))]
    pub(in crate::json) more: Option<bool>,
}

/// What one has not read, and where.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct UnreadRoom<'a> {
    pub(in crate::json) room: &'a str,
    pub(in crate::json) unread: Unread,
}

/// A room of the list.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Listed<'a> {
    pub(in crate::json) room: &'a str,
    /// How many are in it.
    pub(in crate::json) present: u32,
    /// How many it holds.
    pub(in crate::json) capacity: u32,
}

/// A room one is in.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Place<'a> {
    /// Its name as it was written when it was made.
    pub(in crate::json) room: &'a str,
    /// What one is called.
    pub(in crate::json) nick: &'a str,
    /// How many are in it, oneself included.
    pub(in crate::json) present: u32,
    /// How many it holds.
    pub(in crate::json) capacity: u32,
    pub(in crate::json) topic: Option<&'a str>,
    /// Its last event. What comes next is behind `after` where one was given, else behind this.
    pub(in crate::json) seq: u64,
    /// With whom one shares it, if it is a room of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) direct: Option<&'a str>,
    /// What one has not read; there where one's account has a marker, and in a room of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) unread: Option<Unread>,
}

/// The rooms of a `resume`, in the order of the request.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Resumed<'a> {
    pub(in crate::json) rooms: Vec<ResumedRoom<'a>>,
}

/// A room that is entered again, or why not.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(untagged)]
pub(in crate::json) enum ResumedRoom<'a> {
    In { ok: Box<Place<'a>> },
    Out { no: No<'a> },
}
