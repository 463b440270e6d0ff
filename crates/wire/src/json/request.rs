//! What a client asks for, its fields checked.

use lang::Lang;
use room::{Emoji, Key, Nick, Order, RoomName, Seq, Text, Visibility};

use crate::{Secret, WantedLink};

/// One request: exactly one answer is due, and it bears the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The client's mark on it.
    pub id: Id,
    /// What is asked.
    pub asked: Asked,
}

/// What a client marks its request with. It need not be unique; who does not want to confuse the
/// answers makes it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A number.
    Number(u32),
    /// A string of 1 to [`ID_BYTES_MAX`](super::limits::ID_BYTES_MAX) bytes without control
    /// characters.
    Text(Box<str>),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// `hello`: to be spoken to in a language, and who is speaking. May come at any time.
    Hello {
        /// The language of messages; `None`: as before.
        lang: Option<Lang>,
        /// The client's program, for the server's log; clean.
        client: Option<String>,
    },
    /// `log-in` with a password.
    LogIn {
        /// Whose account: the nick that it owns.
        account: Nick,
        /// Her password.
        password: Secret,
    },
    /// `log-in` with the token of an earlier session.
    LogInByToken(Secret),
    /// `log-in` with the cookie that came with the opening handshake.
    LogInByCookie,
    /// `register`: make an account and log in to it.
    Register {
        /// The nick that it shall own.
        account: Nick,
        /// Its password.
        password: Secret,
    },
    /// `log-out`: the session's token is good for nothing from then on.
    LogOut,
    /// `tokens`: where the account is logged in.
    Tokens,
    /// `revoke`: end the login of that number.
    Revoke(u64),
    /// `me`: what the server takes this session for.
    Me,
    /// `rooms`: the public rooms.
    Rooms,
    /// `create`: make a room and enter it.
    Create {
        /// What to call it.
        room: RoomName,
        /// Members it shall hold at most.
        capacity: u32,
        /// Who may find it.
        visibility: Visibility,
        /// What the member is to be called; `None`: as she is called already.
        nick: Option<Nick>,
    },
    /// `enter`: enter a room.
    Enter {
        /// Which.
        room: RoomName,
        /// What the member is to be called; `None`: as she is called already.
        nick: Option<Nick>,
        /// The last event of it that she has; `None`: she begins with what comes next.
        after: Option<Seq>,
    },
    /// `enter` with a link: enter the room that it leads to.
    EnterByLink {
        /// The link's token.
        link: Secret,
        /// What the member is to be called; `None`: as she is called already.
        nick: Option<Nick>,
        /// The last event of the room that she has; `None`: she begins with what comes next.
        after: Option<Seq>,
    },
    /// `make-link`: make a guest link.
    MakeLink(RoomName, WantedLink),
    /// `links`: the guest links to a room.
    Links(RoomName),
    /// `revoke-link`: nobody comes in by the guest link of that number any more.
    RevokeLink(RoomName, u64),
    /// `resume`: enter rooms again, each from where she was.
    Resume {
        /// What the member is to be called; `None`: as she is called already.
        nick: Option<Nick>,
        /// The rooms, each with the last event of it that she has. At least one, at most
        /// [`RESUMED_ROOMS_MAX`](super::limits::RESUMED_ROOMS_MAX), none twice.
        rooms: Vec<(RoomName, Seq)>,
    },
    /// `direct`: enter the room of two with someone.
    Direct(Nick),
    /// `leave`: leave a room.
    Leave(RoomName),
    /// `say`: say something in a room.
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
    /// `edit`: give one's message another text.
    Edit {
        /// Where.
        room: RoomName,
        /// Which.
        seq: Seq,
        /// What it shall say.
        text: Text,
    },
    /// `delete`: take one's message back.
    Delete {
        /// Where.
        room: RoomName,
        /// Which.
        seq: Seq,
    },
    /// `react`: give a message an emoji, or take it away.
    React {
        /// Where.
        room: RoomName,
        /// Which.
        seq: Seq,
        /// The emoji.
        emoji: Emoji,
        /// Give, or take away.
        on: bool,
    },
    /// `pin`: pin a message, or take the pin away.
    Pin {
        /// Where.
        room: RoomName,
        /// Which.
        seq: Seq,
        /// Pin, or take away.
        on: bool,
    },
    /// `pins`: the pinned messages of a room.
    Pins(RoomName),
    /// `topic`: what a room's topic is.
    Topic(RoomName),
    /// `topic` with a topic: set it, or with `null` take it away.
    SetTopic {
        /// Where.
        room: RoomName,
        /// The topic; `None`: none any more.
        topic: Option<Text>,
    },
    /// `members`: who is in a room.
    Members(RoomName),
    /// `history`: a page of a room's messages.
    History {
        /// Of which.
        room: RoomName,
        /// Which page.
        page: Page,
        /// How many, 1 to [`PAGE_MAX`](super::limits::PAGE_MAX).
        limit: usize,
    },
    /// `search`: the messages of a room that have all these words.
    Search {
        /// Of which.
        room: RoomName,
        /// The words.
        words: String,
        /// How many, 1 to [`PAGE_MAX`](super::limits::PAGE_MAX).
        limit: usize,
    },
    /// `message`: a word to one person, which is not kept.
    Message {
        /// To whom.
        nick: Nick,
        /// What.
        text: Text,
    },
    /// `typing`: the others see that she writes, or does not any more.
    Typing {
        /// Where.
        room: RoomName,
        /// Begins, or ends.
        on: bool,
    },
    /// `read`: how far she has read a room.
    Read {
        /// Which.
        room: RoomName,
        /// The last message that she has read.
        seq: Seq,
    },
    /// What only some may: `kick`, `ban`, `unban`, `mute`, `unmute`, `slow-mode`, `filter`, `raid`,
    /// `role`, `invite`, `visibility`, `capacity` and `retention`.
    Order {
        /// Where.
        room: RoomName,
        /// What.
        order: Box<Order>,
    },
    /// `purge`: delete what someone said.
    Purge {
        /// Where.
        room: RoomName,
        /// Whose.
        nick: Nick,
        /// What was said in the last so many milliseconds; `None`: all.
        last_ms: Option<u64>,
    },
    /// `audit`: who did what in a room.
    Audit {
        /// In which.
        room: RoomName,
        /// The last ones before this one; `None`: the last ones.
        before: Option<Seq>,
        /// How many, 1 to [`PAGE_MAX`](super::limits::PAGE_MAX).
        limit: usize,
    },
    /// `earlier`: what a message ever said.
    Earlier {
        /// Where.
        room: RoomName,
        /// Which.
        seq: Seq,
    },
    /// `bans`: what is in force in a room.
    InForce(RoomName),
    /// `rename`: be called otherwise, in every room.
    Rename(Nick),
}

/// Which messages a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The last ones.
    Last,
    /// The last ones before this one.
    Before(Seq),
    /// The first ones after this one.
    After(Seq),
}
