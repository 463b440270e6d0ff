//! The shapes of what the server sends, as serde and TypeScript have them. Nothing else is written
//! to a client, and nothing of these is known outside: [`super::answer`] and
//! [`event`](mod@super::event) turn what the rooms know into them by hand.
//!
//! A field's order here is its order on the wire. The comments are the client author's, in
//! `papo.v1.ts`.

mod link;
mod order;
mod place;

use room::{Role as RoomRole, Visibility as RoomVisibility};
use serde::{Serialize, Serializer};
#[cfg(test)]
use ts_rs::TS;
#[cfg(test)]
use utoipa::ToSchema;

use super::Id;
use crate::markup::Tree;

pub(crate) use link::{Link, Links, MadeLink};
pub(crate) use order::{Audit, Given, InForce, Penalty, Version, Versions};
pub(crate) use place::{
    Direct, Listed, Place, Resumed, ResumedRoom, Rooms, Session, Unread, UnreadRoom,
};

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u32(*number),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// One message to the client that answers a request.
#[derive(Serialize)]
pub(crate) struct Answered<'a, T> {
    pub(crate) re: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ok: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) no: Option<No<'a>>,
}

/// Who did it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct By<'a> {
    /// What she was called then.
    pub(crate) nick: &'a str,
    /// The number of her account, if she was logged in: the same person under any nick.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) account: Option<u64>,
}

/// How a message begins.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Quote<'a> {
    /// Who said it.
    pub(crate) nick: &'a str,
    /// Its first 40 characters, with `...` behind them if there are more.
    pub(crate) text: &'a str,
}

/// Which message another one answers.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Reply<'a> {
    /// Its number.
    pub(crate) to: u64,
    /// How it begins; not there if it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) quote: Option<Quote<'a>>,
}

/// Who may find a room.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Visibility {
    Public,
    Unlisted,
    Private,
}

impl Visibility {
    pub(crate) const fn of(visibility: RoomVisibility) -> Self {
        match visibility {
            RoomVisibility::Public => Self::Public,
            RoomVisibility::Unlisted => Self::Unlisted,
            RoomVisibility::Private => Self::Private,
        }
    }
}

/// How a member went: by asking to, because her connection ended, or put out: the `moderated` that
/// comes next says by whom and why.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Departure {
    Left,
    Disconnected,
    Removed,
}

/// Why the server closes the connection.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ByeWhy {
    ShuttingDown,
    Idle,
    Flooded,
}

/// What comes without having been asked for. `room` is where, by the name it was made with; `at` is
/// when, in milliseconds since 1970-01-01 00:00 UTC. Ignore an event that you do not know.
///
/// `seq` of a kept event is its own position in the room's log; of one that is not kept, that of
/// the last kept event before it.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(rename = "PapoEvent"))]
#[serde(tag = "ev", rename_all = "kebab-case")]
pub(crate) enum Event<'a> {
    Created(Created<'a>),
    Said(Said<'a>),
    Edited(Edited<'a>),
    Deleted(Deleted<'a>),
    Erased(Erased<'a>),
    Reacted(Reacted<'a>),
    Pinned(Pinned<'a>),
    Moderated(Box<Moderated<'a>>),
    Topic(TopicSet<'a>),
    Entered(Entered<'a>),
    Left(Left<'a>),
    Renamed(Renamed<'a>),
    Count(Count<'a>),
    Typing(Typing<'a>),
    Read(Read<'a>),
    Direct(DirectSaid<'a>),
    Message(Private<'a>),
    Missed(Missed<'a>),
    Called(Called<'a>),
    LoggedOut,
    PutOut(PutOut<'a>),
    Bye(Bye<'a>),
}

/// The room was made. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Created<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    pub(crate) capacity: u32,
    pub(crate) visibility: Visibility,
}

/// Someone said something. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Said<'a> {
    pub(crate) room: &'a str,
    /// The message's number.
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// As it was written.
    pub(crate) text: &'a str,
    /// With its formatting; not there where it has none: then it is one paragraph of `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional))]
    pub(crate) markup: Option<Tree>,
    /// Which message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reply: Option<Reply<'a>>,
}

/// The author of a message gave it another text. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Edited<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// The message's number.
    pub(crate) target: u64,
    /// Its text from then on, as it was written.
    pub(crate) text: &'a str,
    /// With its formatting; not there where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional))]
    pub(crate) markup: Option<Tree>,
    /// How it began before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) quote: Option<Quote<'a>>,
}

/// A message was taken back, or away: its text is gone. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Deleted<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// The message's number.
    pub(crate) target: u64,
    /// It is one of many, of which a `moderated` tells at the end: say nothing of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "true"))]
    pub(crate) purge: Option<bool>,
}

/// The place of a message, or of a correction of one, that was deleted later: only from a room's
/// past. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Erased<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// The message that this corrected; not there if this was the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) target: Option<u64>,
}

/// Someone gave a message an emoji, or took it away. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Reacted<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// The message's number.
    pub(crate) target: u64,
    pub(crate) emoji: &'a str,
    /// Given, or taken away.
    pub(crate) on: bool,
    /// How the message begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) quote: Option<Quote<'a>>,
}

/// Someone pinned a message, or took the pin away. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Pinned<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// The message's number.
    pub(crate) target: u64,
    /// Pinned, or not any more.
    pub(crate) on: bool,
    /// How the message begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) quote: Option<Quote<'a>>,
}

/// To one who is put out of a room.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct PutOut<'a> {
    pub(crate) room: &'a str,
    pub(crate) by: By<'a>,
    /// `kicked`, or `banned` where she is kept out.
    pub(crate) measure: Measure,
    /// Until when; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) until: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reason: Option<&'a str>,
}

/// What someone with rights did.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Measure {
    Kicked,
    Banned,
    Unbanned,
    Muted,
    Unmuted,
    Role,
    SlowMode,
    Filter,
    Raid,
    Visibility,
    Capacity,
    Purged,
    Retention,
}

/// What someone may be in a room.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    Guest,
    Member,
    Moderator,
    Owner,
}

impl Role {
    pub(crate) const fn of(role: RoomRole) -> Self {
        match role {
            RoomRole::Guest => Self::Guest,
            RoomRole::Member => Self::Member,
            RoomRole::Moderator => Self::Moderator,
            RoomRole::Owner => Self::Owner,
        }
    }
}

/// Someone with rights kept order, or said what the room is. Kept. Which fields there are depends
/// on `measure`.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Moderated<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    pub(crate) measure: Measure,
    /// To whom: a nick.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) nick: Option<&'a str>,
    /// To whom: an address or a range of them; only in the answer to `audit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) addresses: Option<String>,
    /// Until when; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) until: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) role: Option<Role>,
    /// Seconds between two messages of one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) seconds: Option<u32>,
    /// What may not be said: a regular expression; only in the answer to `audit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) pattern: Option<&'a str>,
    /// Begins, or ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) on: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) visibility: Option<Visibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) capacity: Option<u32>,
    /// What was said since then; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) since: Option<u64>,
    /// How many messages went, or are kept; 0: as many as the server keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) messages: Option<u64>,
    /// For how many days messages are kept; 0: for as many as the server keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) days: Option<u32>,
}

/// Someone set the room's topic, or took it away. Kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct TopicSet<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// `null`: there is none any more.
    pub(crate) topic: Option<&'a str>,
}

/// Someone came in. Not kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Entered<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// How many are in the room now.
    pub(crate) present: u32,
}

/// Someone went. Not kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Left<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    pub(crate) how: Departure,
    /// How many are in the room now.
    pub(crate) present: u32,
}

/// Someone is called otherwise now. Not kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Renamed<'a> {
    pub(crate) room: &'a str,
    pub(crate) seq: u64,
    pub(crate) at: u64,
    /// What she was called.
    pub(crate) by: By<'a>,
    /// What she is called.
    pub(crate) nick: &'a str,
}

/// How many are in a crowded room, in place of `entered` and `left`.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Count<'a> {
    pub(crate) room: &'a str,
    pub(crate) present: u32,
}

/// Someone writes, or does not any more.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Typing<'a> {
    pub(crate) room: &'a str,
    pub(crate) by: By<'a>,
    pub(crate) on: bool,
}

/// On another of one's devices, one has read so far.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Read<'a> {
    pub(crate) room: &'a str,
    /// The last message that was read.
    pub(crate) seq: u64,
}

/// Someone has said something in a room of two that one is not in: `enter` it, behind what one has,
/// to be told. The message is kept, this is not.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct DirectSaid<'a> {
    pub(crate) room: &'a str,
    /// The message's number.
    pub(crate) seq: u64,
    pub(crate) by: By<'a>,
}

/// A word to oneself alone. Not kept.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Private<'a> {
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// As it was written.
    pub(crate) text: &'a str,
    /// With its formatting; not there where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional))]
    pub(crate) markup: Option<Tree>,
}

/// Events that are not kept any more, and were not sent.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Missed<'a> {
    pub(crate) room: &'a str,
    /// The last event before the gap.
    pub(crate) after: u64,
    /// The first event behind it, which comes next.
    pub(crate) begins: u64,
}

/// The last message of a connection that the server closes.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Bye<'a> {
    pub(crate) why: ByeWhy,
    /// The same, for people, in the session's language.
    pub(crate) message: &'a str,
}

/// No. `code` says why; the other fields are there where the code has them.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct No<'a> {
    pub(crate) code: super::Code,
    /// The same, for people, in the session's language.
    pub(crate) message: String,
    /// Which field of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) room: Option<&'a str>,
    /// How many are in the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) present: Option<u32>,
    /// How many the room holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) capacity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) nick: Option<&'a str>,
    /// Which message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) seq: Option<u64>,
    /// The limit that was met.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) max: Option<u64>,
    /// Milliseconds after which it may be tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) wait_ms: Option<u64>,
    /// Until when; without it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) until: Option<u64>,
    /// Why, in the words of who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reason: Option<&'a str>,
}

impl No<'_> {
    pub(crate) const fn new(code: super::Code) -> Self {
        Self {
            code,
            message: String::new(),
            field: None,
            room: None,
            present: None,
            capacity: None,
            nick: None,
            seq: None,
            max: None,
            wait_ms: None,
            until: None,
            reason: None,
        }
    }
}

/// Nothing more to say.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(type = "Record<string, never>"))]
pub(crate) struct Done {}

/// In which language one is spoken to.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Greeted {
    /// `pt`, `en` or `es`.
    pub(crate) lang: &'static str,
}

/// One is logged in.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct LoggedIn<'a> {
    /// The nick that the account owns.
    pub(crate) account: &'a str,
    /// The account's number, as it stands in `by`.
    pub(crate) number: u64,
    /// Logs in again later; there where a password logged in. Keep it as one keeps a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) token: Option<&'a str>,
}

/// Where one's account is logged in, the oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Tokens<'a> {
    pub(crate) tokens: Vec<Issued<'a>>,
}

/// A token that was issued.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Issued<'a> {
    /// Its number, by which it can be revoked.
    pub(crate) token: u64,
    /// What the program that logged in called itself.
    pub(crate) label: &'a str,
    /// When it was issued.
    pub(crate) at: u64,
    /// When it was last used, to the hour.
    pub(crate) used_at: u64,
    /// When it ends; not there if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) expires_at: Option<u64>,
    /// Whether this session is logged in with it.
    pub(crate) this: bool,
}

/// The message is on the disk.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Kept {
    /// Its number.
    pub(crate) seq: u64,
}

/// A room's topic.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Topic<'a> {
    pub(crate) topic: Option<&'a str>,
}

/// Who is in a room, in the order of entry.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Members<'a> {
    pub(crate) members: Vec<Member<'a>>,
    /// How many more there are.
    pub(crate) more: u64,
}

/// Someone in a room, however many of her devices are.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Member<'a> {
    pub(crate) nick: &'a str,
    /// The number of her account, if she is logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) account: Option<u64>,
    pub(crate) role: Role,
    /// Whether she administers the server; not there if she does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) admin: Option<bool>,
}

/// Messages, oldest first.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Messages<'a> {
    pub(crate) messages: Vec<Message<'a>>,
    /// Whether there are more: of `history`, ask on behind the last one (`after`), or before the
    /// first one (`before`).
    pub(crate) more: bool,
}

/// A message as it stands now.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Message<'a> {
    /// Its number.
    pub(crate) seq: u64,
    pub(crate) at: u64,
    pub(crate) by: By<'a>,
    /// As it was written last; `null`: it was deleted.
    #[cfg_attr(test, schema(required = true))]
    pub(crate) text: Option<&'a str>,
    /// With its formatting; not there where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Markup", optional), schema(value_type = Vec<Object>))]
    pub(crate) markup: Option<Tree>,
    /// Which message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) reply: Option<Reply<'a>>,
    /// Whether the text is not the first one.
    pub(crate) edited: bool,
    /// Whether it is pinned.
    pub(crate) pinned: bool,
    /// The emoji it got, most first; 20 at most.
    pub(crate) reactions: Vec<Reaction<'a>>,
}

/// An emoji that a message got.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS, ToSchema))]
pub(crate) struct Reaction<'a> {
    pub(crate) emoji: &'a str,
    /// From how many.
    pub(crate) count: u64,
    /// Whether it is one's own as well; not there if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "true"), schema(ignore))]
    pub(crate) mine: Option<bool>,
}

/// What one is called now: also beside the order of any room, when the owner of one's nick has
/// logged in.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Called<'a> {
    pub(crate) nick: &'a str,
}
