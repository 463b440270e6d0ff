//! What is asked for over HTTP, its fields checked.

use room::{Emoji, Key, Nick, Order, RoomName, Seq, Text, Visibility};

use crate::json::Page;
use crate::{Secret, WantedLink};

/// What is asked for. `client` is how the token shall be called in the list of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The description for programs.
    Describe,
    /// The description for people.
    Explain,
    /// Make an account.
    Register {
        /// The nick that it shall own.
        account: Nick,
        /// Its password.
        password: Secret,
        /// Who asks.
        client: Option<String>,
    },
    /// Get a token for a password.
    LogIn {
        /// Whose account: the nick that it owns.
        account: Nick,
        /// Her password.
        password: Secret,
        /// Who asks.
        client: Option<String>,
    },
    /// Keep the token in a cookie.
    OpenSession,
    /// End the login that is kept in the cookie.
    EndSession,
    /// Whose token it is.
    Me,
    /// One's tokens.
    Tokens,
    /// Make a token.
    MakeToken {
        /// For whom.
        client: Option<String>,
        /// How long it shall be good, in milliseconds; `None`: as long as a login.
        for_ms: Option<u64>,
    },
    /// Revoke the token of that number.
    RevokeToken(u64),
    /// Who owns a nick.
    Person(Nick),
    /// The public rooms.
    Rooms,
    /// Make a room.
    CreateRoom {
        /// What to call it.
        room: RoomName,
        /// Members it shall hold at most.
        capacity: u32,
        /// Who may find it.
        visibility: Visibility,
    },
    /// A room.
    Room(RoomName),
    /// Set one thing of a room.
    SetRoom(RoomName, Setting),
    /// Who is in a room.
    Members(RoomName),
    /// A page of a room's messages.
    History {
        /// Of which.
        room: RoomName,
        /// Which page.
        page: Page,
        /// How many, 1 to [`PAGE_MAX`](crate::json::limits::PAGE_MAX).
        limit: usize,
    },
    /// Say something.
    Say {
        /// Where.
        room: RoomName,
        /// What.
        text: Text,
        /// What makes it one post, however often it is sent.
        key: Option<Key>,
        /// The message it answers.
        reply: Option<Seq>,
    },
    /// One message.
    Message(RoomName, Seq),
    /// Give one's message another text.
    Edit(RoomName, Seq, Text),
    /// Take a message back.
    Delete(RoomName, Seq),
    /// Give a message an emoji, or take it away.
    React(RoomName, Seq, Emoji, bool),
    /// Pin a message, or take the pin away.
    Pin(RoomName, Seq, bool),
    /// Keep how far she has read a room.
    Read(RoomName, Seq),
    /// The pinned messages.
    Pins(RoomName),
    /// The messages that have all these words.
    Search {
        /// Of which room.
        room: RoomName,
        /// The words.
        words: String,
        /// How many, 1 to [`PAGE_MAX`](crate::json::limits::PAGE_MAX).
        limit: usize,
    },
    /// What happens, from after that event on; `None`: from now on.
    Events(RoomName, Option<Seq>),
    /// What is in force.
    Moderation(RoomName),
    /// Keep order.
    Moderate(RoomName, Order),
    /// Delete what someone said, all or in the last so many milliseconds.
    Purge {
        /// Where.
        room: RoomName,
        /// Who said it.
        nick: Nick,
        /// Milliseconds; `None`: all of it.
        last_ms: Option<u64>,
    },
    /// A page of who did what.
    Audit {
        /// Where.
        room: RoomName,
        /// The last ones before this; `None`: the last ones.
        before: Option<Seq>,
        /// How many, 1 to [`PAGE_MAX`](crate::json::limits::PAGE_MAX).
        limit: usize,
    },
    /// What a message ever said.
    Earlier(RoomName, Seq),
    /// The guest links.
    Links(RoomName),
    /// Make a guest link.
    MakeLink(RoomName, WantedLink),
    /// Revoke the guest link of that number.
    RevokeLink(RoomName, u64),
    /// The webhooks.
    Hooks(RoomName),
    /// Make a webhook.
    MakeHook(RoomName),
    /// Revoke the webhook of that number.
    RevokeHook(RoomName, u64),
    /// Say something by a webhook.
    Hook {
        /// Its token.
        hook: Secret,
        /// What.
        text: Text,
        /// What makes it one post, however often it is sent.
        key: Option<Key>,
    },
}

/// One thing of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Its topic; `None`: none any more.
    Topic(Option<Text>),
    /// Anything that takes a right.
    Order(Order),
}
