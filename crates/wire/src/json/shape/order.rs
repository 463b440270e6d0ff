//! The shapes of what is told to those who keep order.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
#[cfg(test)]
use utoipa::ToSchema;

use super::{By, Moderated, Role, Visibility};
use crate::markup::Tree;

/// What is in force in a room, for those who keep order there.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct InForce<'a> {
    /// Who is kept out; the newest 1000, the oldest of them first.
    pub(crate) bans: Vec<Penalty<'a>>,
    /// Who is silent; as many.
    pub(crate) mutes: Vec<Penalty<'a>>,
    /// Who was given a role; as many.
    pub(crate) roles: Vec<Given<'a>>,
    /// What may not be said: regular expressions.
    pub(crate) patterns: Vec<&'a str>,
    /// Seconds between two messages of one person; 0: as often as one likes.
    pub(crate) seconds: u32,
    /// Whether guests are kept out and silent.
    pub(crate) raid: bool,
    pub(crate) visibility: Visibility,
    /// How many the room holds.
    pub(crate) capacity: u32,
    /// How many messages are kept; 0: as many as the server keeps.
    pub(crate) messages: u64,
    /// For how many days messages are kept; 0: for as many as the server keeps them.
    pub(crate) days: u32,
    /// How many bans, mutes and roles there are more.
    pub(crate) more: u64,
}

/// A ban or a mute.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Penalty<'a> {
    /// Whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) nick: Option<&'a str>,
    /// The number of her account, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) account: Option<u64>,
    /// An address or a range of them, in place of a nick.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) addresses: Option<String>,
    pub(crate) by: By<'a>,
    /// Until when; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) until: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reason: Option<&'a str>,
}

/// A role that was given.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Given<'a> {
    pub(crate) nick: &'a str,
    pub(crate) account: u64,
    pub(crate) role: Role,
}

/// Who did what in a room, oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Audit<'a> {
    pub(crate) entries: Vec<Moderated<'a>>,
    /// Whether there are more before the first one.
    pub(crate) more: bool,
}

/// What a message ever said, oldest first; empty if it was deleted, or there is none.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Versions<'a> {
    pub(crate) texts: Vec<Version<'a>>,
}

/// What a message said from a moment on.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Version<'a> {
    pub(crate) at: u64,
    pub(crate) text: &'a str,
    /// With its formatting; not there where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional), schema(value_type = Vec<Object>))]
    pub(crate) markup: Option<Tree>,
}
