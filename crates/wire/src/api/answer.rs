//! What a request is answered with.

use bytes::Bytes;
use room::{
    AccountId, Event, InForce, Listed, Message, Nick, Role, RoomName, Seq, Snapshot, Text, UnixMs,
    Version,
};

use super::route::Operation;
use super::{ROOT, shape};
use crate::json::answer::{in_force_shape, issued, link, member, message, rooms, version};
use crate::json::event::{entry, write};
use crate::json::{Hers, Member, shape as json};
use crate::{Issued, MadeLink, Secret, link_path};

/// The answer to a request that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more to say.
    Done,
    /// An account, and a token for it.
    LoggedIn {
        /// The nick that the account owns.
        account: Nick,
        /// Its number.
        number: AccountId,
        /// The token.
        token: Secret,
    },
    /// Whose token it is.
    Me {
        /// The nick that the account owns.
        account: Nick,
        /// Its number.
        number: AccountId,
        /// Whether it administers the server.
        is_admin: bool,
        /// The number of the token.
        token: u64,
    },
    /// One's tokens.
    Tokens(Vec<Issued>),
    /// A token that was made, with its number.
    MadeToken(u64, Secret),
    /// Who owns a nick: number, and since when.
    Person(Nick, AccountId, UnixMs),
    /// They, by name, how many more there are, and what she has in rooms, if
    /// she shows a token.
    Rooms(Vec<Listed>, u64, Option<Hers>),
    /// A room.
    Room(Box<RoomView>),
    /// The same, which was just made.
    MadeRoom(Box<RoomView>),
    /// In the order of entry, and how many more there are.
    Members(Vec<Member>, u64),
    /// A page of messages, oldest first.
    Messages {
        /// The messages.
        messages: Vec<Message>,
        /// Whether there are more beyond this page.
        more: bool,
    },
    /// One message.
    Message(Box<Message>),
    /// On the disk, with this number.
    Kept(Seq),
    /// What is in force.
    InForce(Box<InForce>),
    /// Who did what, oldest first.
    Audit {
        /// Where.
        room: RoomName,
        /// Each a [`room::Fact::Moderated`].
        events: Vec<Event>,
        /// Whether there are more before the first one.
        more: bool,
    },
    /// What a message ever said, oldest first.
    Versions(Vec<Version>),
    /// The guest links.
    Links(Vec<MadeLink>),
    /// The webhooks.
    Hooks(Vec<MadeLink>),
    /// A guest link that was made, with its number.
    MadeLink(u64, Secret),
    /// A webhook that was made, with its number.
    MadeHook(u64, Secret),
}

/// A room, as one who may see it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomView {
    /// What its log says.
    pub kept: Snapshot,
    /// How many are in it.
    pub present: u32,
    /// What one is there.
    pub role: Role,
}

impl Answer {
    /// The status and the body; a status of 204 has none.
    #[must_use]
    pub fn encode(&self) -> (u16, Bytes) {
        match self {
            Self::Done => (204, Bytes::new()),
            Self::LoggedIn { account, number, token } => (
                201,
                write(&json::LoggedIn {
                    account: account.as_str(),
                    number: number.0,
                    token: Some(token.reveal()),
                }),
            ),
            Self::Me { account, number, is_admin, token } => (
                200,
                write(&shape::Me {
                    account: account.as_str(),
                    number: number.0,
                    admin: *is_admin,
                    token: *token,
                }),
            ),
            Self::Tokens(tokens) => {
                (200, write(&json::Tokens { tokens: tokens.iter().map(issued).collect() }))
            }
            Self::MadeToken(number, token) => {
                (201, write(&shape::MadeToken { number: *number, token: token.reveal() }))
            }
            Self::Person(nick, number, at) => {
                (200, write(&shape::Person { account: nick.as_str(), number: number.0, at: at.0 }))
            }
            Self::Rooms(listed, more, hers) => (200, write(&rooms(listed, *more, hers.as_ref()))),
            Self::Room(view) => (200, write(&view.shape())),
            Self::MadeRoom(view) => (201, write(&view.shape())),
            Self::Members(members, more) => {
                let members = members.iter().map(member).collect();
                (200, write(&json::Members { members, more: *more }))
            }
            Self::Messages { messages, more } => {
                let messages = messages.iter().map(message).collect();
                (200, write(&json::Messages { messages, more: *more }))
            }
            Self::Message(one) => (200, write(&message(one))),
            Self::Kept(seq) => (201, write(&json::Kept { seq: seq.0 })),
            Self::InForce(in_force) => (200, write(&in_force_shape(in_force))),
            Self::Audit { room, events, more } => {
                let entries = events.iter().filter_map(|event| entry(event, room)).collect();
                (200, write(&json::Audit { entries, more: *more }))
            }
            Self::Versions(versions) => {
                (200, write(&json::Versions { texts: versions.iter().map(version).collect() }))
            }
            Self::Links(links) => {
                (200, write(&json::Links { links: links.iter().map(link).collect() }))
            }
            Self::Hooks(hooks) => {
                (200, write(&shape::Hooks { hooks: hooks.iter().map(hook).collect() }))
            }
            Self::MadeLink(number, token) => {
                let link = link_path(token.reveal());
                (201, write(&json::MadeLink { number: *number, link }))
            }
            Self::MadeHook(number, token) => {
                let hook = format!("{ROOT}/hooks/{}", token.reveal());
                (201, write(&shape::MadeHook { number: *number, hook }))
            }
        }
    }

    /// The status of an operation that succeeds, as the document has it.
    #[must_use]
    pub const fn status_of(operation: Operation) -> u16 {
        use Operation as O;
        match operation {
            O::Register
            | O::LogIn
            | O::MakeToken
            | O::CreateRoom
            | O::Say
            | O::MakeLink
            | O::MakeHook
            | O::Hook => 201,
            O::OpenSession
            | O::EndSession
            | O::RevokeToken
            | O::SetRoom
            | O::Edit
            | O::Delete
            | O::React
            | O::Unreact
            | O::Pin
            | O::Unpin
            | O::Read
            | O::Moderate
            | O::RevokeLink
            | O::RevokeHook => 204,
            O::Describe
            | O::Explain
            | O::Me
            | O::Tokens
            | O::Person
            | O::Rooms
            | O::Room
            | O::Members
            | O::History
            | O::Message
            | O::Pins
            | O::Search
            | O::Events
            | O::Moderation
            | O::Audit
            | O::Earlier
            | O::Links
            | O::Hooks => 200,
        }
    }
}

impl RoomView {
    fn shape(&self) -> shape::OpenRoom<'_> {
        shape::OpenRoom {
            room: self.kept.name.as_str(),
            topic: self.kept.topic.as_ref().map(Text::as_str),
            visibility: json::Visibility::of(self.kept.visibility),
            present: self.present,
            capacity: self.kept.capacity,
            seconds: self.kept.moderation.slow_s(),
            raid: self.kept.moderation.raid(),
            messages: self.kept.moderation.retention().messages,
            days: self.kept.moderation.retention().days,
            role: json::Role::of(self.role),
            seq: self.kept.head.0,
        }
    }
}

fn hook(hook: &MadeLink) -> shape::Hook {
    shape::Hook {
        number: hook.number,
        at: hook.at.0,
        account: hook.account.0,
        revoked: hook.is_revoked,
    }
}
