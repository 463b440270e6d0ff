//! The shapes of guest links.

use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
#[cfg(test)]
use utoipa::ToSchema;

use super::Role;

/// The guest links to a room, the oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Links {
    pub(crate) links: Vec<Link>,
}

/// What is known of a guest link.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Link {
    /// Its number.
    pub(crate) number: u64,
    /// When it was made.
    pub(crate) at: u64,
    /// The number of the account that made it.
    pub(crate) account: u64,
    /// Guests that may be in by it at the same time; without it, any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) capacity: Option<u32>,
    /// How often it may still be used; without it, as often as one likes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) uses: Option<u32>,
    /// Until when it is good; without it, until it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) until: Option<u64>,
    /// What a guest is in the room by it: `guest` or `member`.
    pub(crate) role: Role,
    /// Whether it is revoked.
    pub(crate) revoked: bool,
}

/// A guest link that was made. Nobody can read it again.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct MadeLink {
    /// Its number.
    pub(crate) number: u64,
    /// The path to enter by.
    pub(crate) link: String,
}
