//! What a request is answered with.

use bytes::Bytes;
use lang::Lang;
use room::{AccountId, Message, Nick, RoomName, Seq, Text};

use super::event::{answered, by, markup, write};
use super::problem::Problem;
use super::request::{Id, Secret};
use super::shape::{self, Answered};

/// The answer to a request that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more to say: to `log-out`, `leave`, `edit`, `delete`, `react`, `pin`, `message`,
    /// `typing` and `read`.
    Done,
    /// To `hello`: the language from now on.
    Greeted(Lang),
    /// To `log-in` and `register`.
    LoggedIn {
        /// The nick that the account owns.
        account: Nick,
        /// Its number.
        number: AccountId,
        /// To log in again with, where a password did.
        token: Option<Secret>,
    },
    /// To `me`.
    Session {
        /// The language.
        lang: Lang,
        /// What she is called, if she is called anything yet.
        nick: Option<Nick>,
        /// The account she is logged in to.
        account: Option<(Nick, AccountId)>,
        /// The rooms she is in.
        rooms: Vec<RoomName>,
    },
    /// To `rooms`: (name, present, capacity) by name, and how many more there are.
    Rooms(Vec<(RoomName, u32, u32)>, u64),
    /// To `create` and `enter`.
    Entered(Entered),
    /// To `resume`: each room in the order of the request.
    Resumed(Vec<Result<Entered, Problem>>),
    /// To `say`: on the disk, with this number.
    Kept(Seq),
    /// To `topic`, asked or set.
    Topic(Option<Text>),
    /// To `members`: in the order of entry, and how many more there are.
    Members(Vec<Nick>, u64),
    /// To `history`, `search` and `pins`.
    Messages {
        /// Oldest first.
        messages: Vec<Message>,
        /// Whether there are more beyond this page.
        more: bool,
    },
    /// To `rename`.
    Renamed(Nick),
}

/// A room one is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its name.
    pub room: RoomName,
    /// What she is called.
    pub nick: Nick,
    /// How many are in it, she included.
    pub present: u32,
    /// How many it holds.
    pub capacity: u32,
    /// Its topic.
    pub topic: Option<Text>,
    /// Its last event.
    pub seq: Seq,
}

impl Answer {
    /// The message that answers the request `id`; `lang` is that of the sentences in it.
    #[must_use]
    pub fn encode(&self, id: &Id, lang: Lang) -> Bytes {
        match self {
            Self::Done => ok(id, shape::Done {}),
            Self::Greeted(lang) => ok(id, shape::Greeted { lang: lang.code() }),
            Self::LoggedIn { account, number, token } => ok(
                id,
                shape::LoggedIn {
                    account: account.as_str(),
                    number: number.0,
                    token: token.as_ref().map(Secret::reveal),
                },
            ),
            Self::Session { lang, nick, account, rooms } => ok(
                id,
                shape::Session {
                    lang: lang.code(),
                    nick: nick.as_ref().map(Nick::as_str),
                    account: account.as_ref().map(|(nick, _)| nick.as_str()),
                    number: account.as_ref().map(|(_, number)| number.0),
                    rooms: rooms.iter().map(RoomName::as_str).collect(),
                },
            ),
            Self::Rooms(rooms, more) => {
                ok(id, shape::Rooms { rooms: rooms.iter().map(listed).collect(), more: *more })
            }
            Self::Entered(entered) => ok(id, entered.shape()),
            Self::Resumed(rooms) => {
                let rooms = rooms.iter().map(|room| resumed(room, lang)).collect();
                ok(id, shape::Resumed { rooms })
            }
            Self::Kept(seq) => ok(id, shape::Kept { seq: seq.0 }),
            Self::Topic(topic) => ok(id, shape::Topic { topic: topic.as_ref().map(Text::as_str) }),
            Self::Members(nicks, more) => {
                let members = nicks.iter().map(Nick::as_str).collect();
                ok(id, shape::Members { members, more: *more })
            }
            Self::Messages { messages, more } => {
                let messages = messages.iter().map(message).collect();
                ok(id, shape::Messages { messages, more: *more })
            }
            Self::Renamed(nick) => ok(id, shape::Called { nick: nick.as_str() }),
        }
    }
}

impl Problem {
    /// The message that refuses the request `id`, or one that has no good id.
    #[must_use]
    pub fn encode(&self, id: Option<&Id>, lang: Lang) -> Bytes {
        write(&Answered::<shape::Done> { re: id, ok: None, no: Some(self.shape(lang)) })
    }
}

impl Entered {
    fn shape(&self) -> shape::Place<'_> {
        shape::Place {
            room: self.room.as_str(),
            nick: self.nick.as_str(),
            present: self.present,
            capacity: self.capacity,
            topic: self.topic.as_ref().map(Text::as_str),
            seq: self.seq.0,
        }
    }
}

fn ok(id: &Id, answer: impl serde::Serialize) -> Bytes {
    write(&Answered { re: Some(id), ok: Some(answer), no: None })
}

pub(crate) fn listed((room, present, capacity): &(RoomName, u32, u32)) -> shape::Listed<'_> {
    shape::Listed { room: room.as_str(), present: *present, capacity: *capacity }
}

fn resumed(room: &Result<Entered, Problem>, lang: Lang) -> shape::ResumedRoom<'_> {
    match room {
        Ok(entered) => shape::ResumedRoom::In { ok: entered.shape() },
        Err(problem) => shape::ResumedRoom::Out { no: problem.shape(lang) },
    }
}

pub(crate) fn message(message: &Message) -> shape::Message<'_> {
    shape::Message {
        seq: message.seq.0,
        at: message.at.0,
        by: by(&message.nick, message.author.account),
        text: message.text.as_ref().map(Text::as_str),
        markup: message.text.as_ref().and_then(markup),
        reply: message.reply.as_deref().map(answered),
        edited: message.is_edited,
        pinned: message.is_pinned,
        reactions: message
            .reactions
            .iter()
            .map(|(emoji, count)| shape::Reaction { emoji: emoji.as_str(), count: *count })
            .collect(),
    }
}
