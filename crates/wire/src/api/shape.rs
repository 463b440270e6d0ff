//! The shapes of the API's answers that `papo.v1` does not have. A field's order here is its order
//! on the wire; the comments are those of the document.

use serde::Serialize;
#[cfg(test)]
use utoipa::ToSchema;

use crate::json::shape::{Role, Visibility};

/// A refusal (RFC 9457). `code` says why; the fields behind it are there where the code has them.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct Problem<'a> {
    /// The code, as a place in the description.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The code, in words.
    pub(crate) title: String,
    /// That of the answer.
    pub(crate) status: u16,
    /// The same for people, in the language that `Accept-Language` asks for.
    pub(crate) detail: String,
    /// Does not change.
    pub(crate) code: &'a str,
    /// Which field of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) room: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nick: Option<&'a str>,
    /// Which message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seq: Option<u64>,
    /// The limit that was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<u64>,
    /// Milliseconds after which it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wait_ms: Option<u64>,
    /// Until when, in milliseconds since 1970; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<u64>,
    /// Why, in the words of who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a str>,
}

/// Whose token it is.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct Me<'a> {
    /// The nick that the account owns.
    pub(crate) account: &'a str,
    /// The account's number, as it stands in `by`.
    pub(crate) number: u64,
    /// Whether it administers the server.
    pub(crate) admin: bool,
    /// The number of the token.
    pub(crate) token: u64,
}

/// Who owns a nick.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct Person<'a> {
    /// The nick.
    pub(crate) account: &'a str,
    /// The account's number, as it stands in `by`.
    pub(crate) number: u64,
    /// When it was made.
    pub(crate) at: u64,
}

/// A token that was made. Nobody can read it again.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct MadeToken<'a> {
    /// Its number.
    pub(crate) number: u64,
    pub(crate) token: &'a str,
}

/// A room.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct OpenRoom<'a> {
    /// Its name as it was written when it was made.
    pub(crate) room: &'a str,
    #[cfg_attr(test, schema(required = true))]
    pub(crate) topic: Option<&'a str>,
    pub(crate) visibility: Visibility,
    /// How many are in it.
    pub(crate) present: u32,
    /// How many it holds.
    pub(crate) capacity: u32,
    /// Seconds between two messages of one person; 0: as often as one likes.
    pub(crate) seconds: u32,
    /// Whether guests are kept out and silent.
    pub(crate) raid: bool,
    /// How many messages are kept; 0: as many as the server keeps.
    pub(crate) messages: u64,
    /// For how many days messages are kept; 0: for as many as the server keeps them.
    pub(crate) days: u32,
    /// What one is there.
    pub(crate) role: Role,
    /// Its last event.
    pub(crate) seq: u64,
}

/// The webhooks of a room.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct Hooks {
    pub(crate) hooks: Vec<Hook>,
}

/// What is known of a webhook.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct Hook {
    /// Its number.
    pub(crate) number: u64,
    /// When it was made.
    pub(crate) at: u64,
    /// The number of the account that made it.
    pub(crate) account: u64,
    /// Whether it is revoked.
    pub(crate) revoked: bool,
}

/// A webhook that was made. Nobody can read it again.
#[derive(Serialize)]
#[cfg_attr(test, derive(ToSchema))]
pub(crate) struct MadeHook {
    /// Its number.
    pub(crate) number: u64,
    /// The path to post to.
    pub(crate) hook: String,
}
