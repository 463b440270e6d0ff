//! What a request is answered with.

use bytes::Bytes;
use lang::Lang;
use room::{
    AccountId, Emoji, Event, InForce, Listed, Message, Nick, Penalty, Role, RoomName, Seq, Text,
    Version, Who,
};

use super::event::{answered, by, entry, markup, write};
use super::problem::Problem;
use super::request::Id;
use super::shape::{self, Answered};
use crate::{Issued, MadeLink, Secret, link_path};

/// The answer to a request that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing more to say: to `log-out`, `revoke`, `revoke-link`, `leave`, `edit`, `delete`,
    /// `react`, `pin`, `message`, `typing`, `read`, and to all that keeps order.
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
    /// To `tokens`: the oldest first.
    Tokens(Vec<Issued>),
    /// To `make-link`: its number, and its token, which nobody can read again.
    MadeLink(u64, Secret),
    /// To `links`: the oldest first.
    Links(Vec<MadeLink>),
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
        /// What her account has in rooms, if she is logged in.
        hers: Option<Hers>,
    },
    /// To `rooms`: by name, how many more there are, and what her account has in rooms, if she is
    /// logged in.
    Rooms(Vec<Listed>, u64, Option<Hers>),
    /// To `create`, `enter` and `direct`.
    Entered(Entered),
    /// To `resume`: each room in the order of the request.
    Resumed(Vec<Result<Entered, Problem>>),
    /// To `say`: on the disk, with this number.
    Kept(Seq),
    /// To `topic`, asked or set.
    Topic(Option<Text>),
    /// To `members`: in the order of entry, and how many more there are.
    Members(Vec<Member>, u64),
    /// To `history`, `search` and `pins`.
    Messages {
        /// Oldest first.
        messages: Vec<Message>,
        /// Whether there are more beyond this page.
        more: bool,
        /// The emoji that who asks has given them.
        given: Vec<(Seq, Emoji)>,
    },
    /// To `rename`.
    Renamed(Nick),
    /// To `bans`.
    InForce(Box<InForce>),
    /// To `audit`.
    Audit {
        /// The room.
        room: RoomName,
        /// Its measures, oldest first; other events are left out.
        events: Vec<Event>,
        /// Whether there are more before them.
        more: bool,
    },
    /// To `earlier`: oldest first.
    Versions(Vec<Version>),
}

/// Someone in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What she is called.
    pub nick: Nick,
    /// Her account, if she is logged in.
    pub account: Option<AccountId>,
    /// What she is there.
    pub role: Role,
    /// Whether she administers the server.
    pub is_admin: bool,
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
    /// Whom she shares it with, if it is a room of two.
    pub direct: Option<Nick>,
    /// What she has not read, if her account has a marker in it or it is a room of two.
    pub unread: Option<Unread>,
}

/// What an account has in rooms, whether it is in them or not; the rooms in which something
/// happened last come first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hers {
    /// Her rooms of two, each with whom.
    pub direct: Vec<(RoomName, Nick)>,
    /// What she has not read in them, and in the rooms in which she has a marker.
    pub unread: Vec<(RoomName, Unread)>,
}

/// What an account has not read in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// How far it has read.
    pub read: Seq,
    /// Messages of others after that, at most as many as are counted.
    pub messages: u32,
    /// Those of them in which its nick is called.
    pub mentions: u32,
    /// Whether there may be more than were counted.
    pub more: bool,
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
            Self::Tokens(tokens) => {
                ok(id, shape::Tokens { tokens: tokens.iter().map(issued).collect() })
            }
            Self::MadeLink(number, token) => {
                ok(id, shape::MadeLink { number: *number, link: link_path(token.reveal()) })
            }
            Self::Links(links) => ok(id, shape::Links { links: links.iter().map(link).collect() }),
            Self::Session { lang, nick, account, rooms, hers } => ok(
                id,
                shape::Session {
                    lang: lang.code(),
                    nick: nick.as_ref().map(Nick::as_str),
                    account: account.as_ref().map(|(nick, _)| nick.as_str()),
                    number: account.as_ref().map(|(_, number)| number.0),
                    rooms: rooms.iter().map(RoomName::as_str).collect(),
                    direct: hers.as_ref().map(direct),
                    unread: hers.as_ref().map(unread),
                },
            ),
            Self::Rooms(listed, more, hers) => ok(id, rooms(listed, *more, hers.as_ref())),
            Self::Entered(entered) => ok(id, entered.shape()),
            Self::Resumed(rooms) => {
                let rooms = rooms.iter().map(|room| resumed(room, lang)).collect();
                ok(id, shape::Resumed { rooms })
            }
            Self::Kept(seq) => ok(id, shape::Kept { seq: seq.0 }),
            Self::Topic(topic) => ok(id, shape::Topic { topic: topic.as_ref().map(Text::as_str) }),
            Self::Members(members, more) => {
                let members = members.iter().map(member).collect();
                ok(id, shape::Members { members, more: *more })
            }
            Self::Messages { messages, more, given } => {
                let messages = messages.iter().map(|message| message_for(message, given)).collect();
                ok(id, shape::Messages { messages, more: *more })
            }
            Self::Renamed(nick) => ok(id, shape::Called { nick: nick.as_str() }),
            Self::InForce(in_force) => ok(id, in_force_shape(in_force)),
            Self::Audit { room, events, more } => {
                let entries = events.iter().filter_map(|event| entry(event, room)).collect();
                ok(id, shape::Audit { entries, more: *more })
            }
            Self::Versions(versions) => {
                let texts = versions.iter().map(version).collect();
                ok(id, shape::Versions { texts })
            }
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
            direct: self.direct.as_ref().map(Nick::as_str),
            unread: self.unread.as_ref().map(Unread::shape),
        }
    }
}

impl Unread {
    fn shape(&self) -> shape::Unread {
        let Self { read, messages, mentions, more } = *self;
        shape::Unread { read: read.0, messages, mentions, more: more.then_some(true) }
    }
}

pub(crate) fn rooms<'a>(
    rooms: &'a [Listed],
    more: u64,
    hers: Option<&'a Hers>,
) -> shape::Rooms<'a> {
    let rooms = rooms.iter().map(listed).collect();
    shape::Rooms { rooms, more, direct: hers.map(direct), unread: hers.map(unread) }
}

fn direct(hers: &Hers) -> Vec<shape::Direct<'_>> {
    let direct = hers.direct.iter();
    direct.map(|(room, nick)| shape::Direct { room: room.as_str(), nick: nick.as_str() }).collect()
}

fn unread(hers: &Hers) -> Vec<shape::UnreadRoom<'_>> {
    let unread = hers.unread.iter();
    unread
        .map(|(room, unread)| shape::UnreadRoom { room: room.as_str(), unread: unread.shape() })
        .collect()
}

fn ok(id: &Id, answer: impl serde::Serialize) -> Bytes {
    write(&Answered { re: Some(id), ok: Some(answer), no: None })
}

pub(crate) fn issued(token: &Issued) -> shape::Issued<'_> {
    shape::Issued {
        token: token.number,
        label: &token.label,
        at: token.at.0,
        used_at: token.used_at.0,
        expires_at: token.expires_at.map(|end| end.0),
        this: token.is_this,
    }
}

pub(crate) fn link(link: &MadeLink) -> shape::Link {
    shape::Link {
        number: link.number,
        at: link.at.0,
        account: link.account.0,
        capacity: link.capacity,
        uses: link.uses,
        until: link.until.map(|until| until.0),
        role: shape::Role::of(link.role),
        revoked: link.is_revoked,
    }
}

pub(crate) fn member(member: &Member) -> shape::Member<'_> {
    shape::Member {
        nick: member.nick.as_str(),
        account: member.account.map(|account| account.0),
        role: shape::Role::of(member.role),
        admin: member.is_admin.then_some(true),
    }
}

pub(crate) fn listed(listed: &Listed) -> shape::Listed<'_> {
    shape::Listed {
        room: listed.name.as_str(),
        present: listed.present,
        capacity: listed.capacity,
        topic: listed.topic.as_ref().map(Text::as_str),
    }
}

fn resumed(room: &Result<Entered, Problem>, lang: Lang) -> shape::ResumedRoom<'_> {
    match room {
        Ok(entered) => shape::ResumedRoom::In { ok: Box::new(entered.shape()) },
        Err(problem) => shape::ResumedRoom::Out { no: problem.shape(lang) },
    }
}

pub(crate) fn in_force_shape(in_force: &InForce) -> shape::InForce<'_> {
    shape::InForce {
        bans: in_force.bans.iter().map(penalty).collect(),
        mutes: in_force.mutes.iter().map(penalty).collect(),
        roles: in_force
            .roles
            .iter()
            .map(|(account, nick, role)| shape::Given {
                nick: nick.as_str(),
                account: account.0,
                role: shape::Role::of(*role),
            })
            .collect(),
        patterns: in_force.patterns.iter().map(Text::as_str).collect(),
        seconds: in_force.slow_s,
        raid: in_force.raid,
        visibility: shape::Visibility::of(in_force.visibility),
        capacity: in_force.capacity,
        messages: in_force.retention.messages,
        days: in_force.retention.days,
        more: in_force.more as u64,
    }
}

pub(crate) fn version(version: &Version) -> shape::Version<'_> {
    shape::Version { at: version.at.0, text: version.text.as_str(), markup: markup(&version.text) }
}

fn penalty((who, penalty): &(Who, Penalty)) -> shape::Penalty<'_> {
    let (nick, account, addresses) = match who {
        Who::Guest { nick, .. } => (Some(nick.as_str()), None, None),
        Who::Account { account, nick } => (Some(nick.as_str()), Some(account.0), None),
        Who::Addresses(addresses) => (None, None, Some(addresses.to_string())),
    };
    shape::Penalty {
        nick,
        account,
        addresses,
        by: by(&penalty.by, None),
        until: penalty.until.map(|until| until.0),
        reason: penalty.reason.as_ref().map(Text::as_str),
    }
}

pub(crate) fn message(message: &Message) -> shape::Message<'_> {
    message_for(message, &[])
}

/// A message, for who has given these emoji.
fn message_for<'a>(message: &'a Message, given: &[(Seq, Emoji)]) -> shape::Message<'a> {
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
            .map(|(emoji, count)| shape::Reaction {
                emoji: emoji.as_str(),
                count: *count,
                mine: given.contains(&(message.seq, emoji.clone())).then_some(true),
            })
            .collect(),
    }
}
