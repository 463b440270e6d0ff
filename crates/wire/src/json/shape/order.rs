//! The shapes of what is told to those who keep order.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;

use super::{By, Moderated, Role, Visibility};
use crate::markup::Tree;

/// What is in force in a room, for those who keep order there.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct InForce<'a> {
    /// Who is kept out; the newest 1000, the oldest of them first.
    pub(in crate::json) bans: Vec<Penalty<'a>>,
    /// Who is silent; as many.
    pub(in crate::json) mutes: Vec<Penalty<'a>>,
    /// Who was given a role; as many.
    pub(in crate::json) roles: Vec<Given<'a>>,
    /// What may not be said: regular expressions.
    pub(in crate::json) patterns: Vec<&'a str>,
    /// Seconds between two messages of one person; 0: as often as one likes.
    pub(in crate::json) seconds: u32,
    /// Whether guests are kept out and silent.
    pub(in crate::json) raid: bool,
    pub(in crate::json) visibility: Visibility,
    /// How many the room holds.
    pub(in crate::json) capacity: u32,
    /// How many messages are kept; 0: as many as the server keeps.
    pub(in crate::json) messages: u64,
    /// For how many days messages are kept; 0: for as many as the server keeps them.
    pub(in crate::json) days: u32,
    /// How many bans, mutes and roles there are more.
    pub(in crate::json) more: u64,
}

/// A ban or a mute.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Penalty<'a> {
    /// Whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) nick: Option<&'a str>,
    /// The number of her account, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) account: Option<u64>,
    /// An address or a range of them, in place of a nick.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) addresses: Option<String>,
    pub(in crate::json) by: By<'a>,
    /// Until when; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) until: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(in crate::json) reason: Option<&'a str>,
}

/// A role that was given.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Given<'a> {
    pub(in crate::json) nick: &'a str,
    pub(in crate::json) account: u64,
    pub(in crate::json) role: Role,
}

/// Who did what in a room, oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Audit<'a> {
    pub(in crate::json) entries: Vec<Moderated<'a>>,
    /// Whether there are more before the first one.
    pub(in crate::json) more: bool,
}

/// What a message ever said, oldest first; empty if it was deleted, or there is none.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Versions<'a> {
    pub(in crate::json) texts: Vec<Version<'a>>,
}

/// What a message said from a moment on.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(in crate::json) struct Version<'a> {
    pub(in crate::json) at: u64,
    pub(in crate::json) text: &'a str,
    /// With its formatting; not there where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional))]
    pub(in crate::json) markup: Option<Tree>,
}
