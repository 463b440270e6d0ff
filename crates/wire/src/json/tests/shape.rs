//! The shapes of requests, from the client's side: written here only to be read back, and for
//! TypeScript. The parser has no shapes; that both agree is tested by the round trip.

use room::{Order, Role as RoomRole, Seq, Text, Visibility as RoomVisibility, Whom};
use serde::Serialize;
use ts_rs::TS;

use crate::json::shape::Visibility;
use crate::json::shape::{
    Audit, Called, Done, Greeted, InForce, Kept, Links, LoggedIn, MadeLink, Members,
};
use crate::json::shape::{Messages, Place, Resumed, Role, Rooms, Session, Tokens, Topic, Versions};
use crate::json::{self, Asked, Id, Page};

/// One message to the server.
#[derive(Serialize)]
pub(super) struct Request<'a> {
    id: &'a Id,
    #[serde(flatten)]
    verb: Verb<'a>,
}

/// What may be asked, without its `id`.
#[derive(Serialize, TS)]
#[expect(clippy::option_option, reason = "`null` and nothing differ")]
#[ts(rename = "Asked")]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Verb<'a> {
    Hello {
        /// The language to be spoken to in: `pt`, `en` or `es`, or a tag such as `pt-BR`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        lang: Option<&'a str>,
        /// The client's program, for the server's log.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        client: Option<&'a str>,
    },
    #[ts(type = "{ do: \"log-in\"; account: string; password: string } \
                 | { do: \"log-in\"; token: string } \
                 | { do: \"log-in\"; cookie: true }")]
    LogIn {
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cookie: Option<bool>,
    },
    Register {
        account: &'a str,
        password: &'a str,
    },
    LogOut {},
    Tokens {},
    Revoke {
        token: u64,
    },
    Me {},
    Rooms {},
    Create {
        room: &'a str,
        /// How many it shall hold.
        capacity: u32,
        /// `public` if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        visibility: Option<Visibility>,
        /// What to be called; needed if one is not called anything yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nick: Option<&'a str>,
    },
    Enter {
        room: &'a str,
        /// What to be called; needed if one is not called anything yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nick: Option<&'a str>,
        /// The last event that one has: what is behind it comes after the answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        after: Option<u64>,
    },
    #[ts(type = "{ do: \"enter\"; link: string; nick?: string; after?: number }")]
    #[serde(rename = "enter")]
    EnterByLink {
        link: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        nick: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<u64>,
    },
    MakeLink {
        room: &'a str,
        /// How many guests may be in by it at the same time; any number if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        capacity: Option<u32>,
        /// How often it may be used; as often as one likes if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        uses: Option<u32>,
        /// For how long it is good, in milliseconds; until it is revoked if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        for_ms: Option<u64>,
        /// What a guest is in the room by it: `guest` (if it is not given) or `member`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        role: Option<Role>,
    },
    Links {
        room: &'a str,
    },
    RevokeLink {
        room: &'a str,
        number: u64,
    },
    Resume {
        /// What to be called; needed if one is not called anything yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nick: Option<&'a str>,
        /// 64 at most.
        rooms: Vec<ResumeRoom<'a>>,
    },
    Direct {
        /// The other, by the nick of her account.
        nick: &'a str,
    },
    Leave {
        room: &'a str,
    },
    Say {
        room: &'a str,
        text: &'a str,
        /// Makes it one post, however often it is sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        key: Option<&'a str>,
        /// The message it answers.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reply: Option<u64>,
    },
    Edit {
        room: &'a str,
        seq: u64,
        text: &'a str,
    },
    Delete {
        room: &'a str,
        seq: u64,
    },
    React {
        room: &'a str,
        seq: u64,
        emoji: &'a str,
        /// Give (if it is not given), or take away.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        on: Option<bool>,
    },
    Pin {
        room: &'a str,
        seq: u64,
        /// Pin (if it is not given), or take away.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        on: Option<bool>,
    },
    Pins {
        room: &'a str,
    },
    Topic {
        room: &'a str,
        /// Sets it, or with `null` takes it away; only asks if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "string | null")]
        topic: Option<Option<&'a str>>,
    },
    Members {
        room: &'a str,
    },
    History {
        room: &'a str,
        /// The last messages before this one; not together with `after`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        before: Option<u64>,
        /// The first messages after this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        after: Option<u64>,
        /// 50 if it is not given, 200 at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        limit: Option<usize>,
    },
    Search {
        room: &'a str,
        words: &'a str,
        /// 50 if it is not given, 200 at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        limit: Option<usize>,
    },
    Message {
        nick: &'a str,
        text: &'a str,
    },
    Typing {
        room: &'a str,
        /// Begins (if it is not given), or ends.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        on: Option<bool>,
    },
    Read {
        room: &'a str,
        /// The last message that was read.
        seq: u64,
    },
    Rename {
        nick: &'a str,
    },
    Kick {
        room: &'a str,
        nick: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<&'a str>,
    },
    Ban {
        room: &'a str,
        /// Whom, if it is not an address.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nick: Option<&'a str>,
        /// An address or a range of them: `192.0.2.0/24`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        addresses: Option<String>,
        /// For good if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        for_ms: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<&'a str>,
    },
    Unban {
        room: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nick: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        addresses: Option<String>,
    },
    Mute {
        room: &'a str,
        nick: &'a str,
        /// For good if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        for_ms: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        reason: Option<&'a str>,
    },
    Unmute {
        room: &'a str,
        nick: &'a str,
    },
    SlowMode {
        room: &'a str,
        /// Between two messages of one person; 0: as often as one likes.
        seconds: u32,
    },
    Filter {
        room: &'a str,
        /// What may not be said: a regular expression.
        pattern: &'a str,
        /// Add it (if it is not given), or take it away.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        on: Option<bool>,
    },
    Raid {
        room: &'a str,
        /// Keep guests out and silent (if it is not given), or let them in.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        on: Option<bool>,
    },
    Role {
        room: &'a str,
        nick: &'a str,
        /// `guest` takes hers away.
        role: Role,
    },
    Invite {
        room: &'a str,
        nick: &'a str,
        /// `member` if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        role: Option<Role>,
    },
    Visibility {
        room: &'a str,
        visibility: Visibility,
    },
    Capacity {
        room: &'a str,
        capacity: u32,
    },
    Bans {
        room: &'a str,
    },
    Audit {
        room: &'a str,
        /// The last entries before this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        before: Option<u64>,
        /// 50 if it is not given, 200 at most.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        limit: Option<usize>,
    },
    Earlier {
        room: &'a str,
        seq: u64,
    },
    Retention {
        room: &'a str,
        /// How many to keep; as many as the server keeps if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        messages: Option<u64>,
        /// For how many days to keep them; as many as the server does if it is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        days: Option<u32>,
    },
    Purge {
        room: &'a str,
        nick: &'a str,
        /// Only what was said in the last so many milliseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        last_ms: Option<u64>,
    },
}

/// A room to come back to.
#[derive(Serialize, TS)]
pub(super) struct ResumeRoom<'a> {
    room: &'a str,
    /// The last event that one has.
    after: u64,
}

/// What each request is answered with.
#[derive(TS)]
#[expect(dead_code, reason = "for its shape alone")]
#[ts(rename_all = "kebab-case")]
pub(super) struct Answers<'a> {
    hello: Greeted,
    log_in: LoggedIn<'a>,
    register: LoggedIn<'a>,
    log_out: Done,
    tokens: Tokens<'a>,
    revoke: Done,
    me: Session<'a>,
    rooms: Rooms<'a>,
    create: Place<'a>,
    enter: Place<'a>,
    make_link: MadeLink,
    links: Links,
    revoke_link: Done,
    resume: Resumed<'a>,
    direct: Place<'a>,
    leave: Done,
    say: Kept,
    edit: Done,
    delete: Done,
    react: Done,
    pin: Done,
    pins: Messages<'a>,
    topic: Topic<'a>,
    members: Members<'a>,
    history: Messages<'a>,
    search: Messages<'a>,
    message: Done,
    typing: Done,
    read: Done,
    rename: Called<'a>,
    kick: Done,
    ban: Done,
    unban: Done,
    mute: Done,
    unmute: Done,
    slow_mode: Done,
    filter: Done,
    raid: Done,
    role: Done,
    invite: Done,
    visibility: Done,
    capacity: Done,
    bans: InForce<'a>,
    purge: Done,
    retention: Done,
    audit: Audit<'a>,
    earlier: Versions<'a>,
}

/// The requests' type in TypeScript.
pub(super) fn declaration(config: &ts_rs::Config) -> String {
    Verb::decl(config)
}

impl<'a> Request<'a> {
    /// The request as a client would write it.
    pub(super) fn of(request: &'a json::Request) -> Self {
        Self { id: &request.id, verb: Verb::of(&request.asked) }
    }
}

impl<'a> Verb<'a> {
    #[expect(clippy::too_many_lines, reason = "a flat match: one shape a request")]
    fn of(asked: &'a Asked) -> Self {
        match asked {
            Asked::Hello { lang, client } => {
                Self::Hello { lang: lang.map(lang::Lang::tag), client: client.as_deref() }
            }
            Asked::LogIn { account, password } => Self::LogIn {
                account: Some(account.as_str()),
                password: Some(password.reveal()),
                token: None,
                cookie: None,
            },
            Asked::LogInByToken(token) => {
                let token = Some(token.reveal());
                Self::LogIn { account: None, password: None, token, cookie: None }
            }
            Asked::LogInByCookie => {
                Self::LogIn { account: None, password: None, token: None, cookie: Some(true) }
            }
            Asked::Register { account, password } => {
                Self::Register { account: account.as_str(), password: password.reveal() }
            }
            Asked::LogOut => Self::LogOut {},
            Asked::Tokens => Self::Tokens {},
            Asked::Revoke(token) => Self::Revoke { token: *token },
            Asked::Me => Self::Me {},
            Asked::Rooms => Self::Rooms {},
            Asked::Create { room, capacity, visibility, nick } => Self::Create {
                room: room.as_str(),
                capacity: *capacity,
                visibility: match visibility {
                    RoomVisibility::Public => None,
                    other => Some(Visibility::of(*other)),
                },
                nick: nick.as_ref().map(room::Nick::as_str),
            },
            Asked::Enter { room, nick, after } => Self::Enter {
                room: room.as_str(),
                nick: nick.as_ref().map(room::Nick::as_str),
                after: after.map(number),
            },
            Asked::EnterByLink { link, nick, after } => Self::EnterByLink {
                link: link.reveal(),
                nick: nick.as_ref().map(room::Nick::as_str),
                after: after.map(number),
            },
            Asked::MakeLink(room, wanted) => Self::MakeLink {
                room: room.as_str(),
                capacity: wanted.capacity,
                uses: wanted.uses,
                for_ms: wanted.for_ms,
                role: (wanted.role != RoomRole::Guest).then(|| Role::of(wanted.role)),
            },
            Asked::Links(room) => Self::Links { room: room.as_str() },
            Asked::RevokeLink(room, number) => {
                Self::RevokeLink { room: room.as_str(), number: *number }
            }
            Asked::Resume { nick, rooms } => Self::Resume {
                nick: nick.as_ref().map(room::Nick::as_str),
                rooms: rooms
                    .iter()
                    .map(|(room, after)| ResumeRoom { room: room.as_str(), after: after.0 })
                    .collect(),
            },
            Asked::Direct(nick) => Self::Direct { nick: nick.as_str() },
            Asked::Leave(room) => Self::Leave { room: room.as_str() },
            Asked::Say { room, text, key, reply } => Self::Say {
                room: room.as_str(),
                text: text.as_str(),
                key: key.as_ref().map(room::Key::as_str),
                reply: reply.map(number),
            },
            Asked::Edit { room, seq, text } => {
                Self::Edit { room: room.as_str(), seq: seq.0, text: text.as_str() }
            }
            Asked::Delete { room, seq } => Self::Delete { room: room.as_str(), seq: seq.0 },
            Asked::React { room, seq, emoji, on } => {
                Self::React { room: room.as_str(), seq: seq.0, emoji: emoji.as_str(), on: off(*on) }
            }
            Asked::Pin { room, seq, on } => {
                Self::Pin { room: room.as_str(), seq: seq.0, on: off(*on) }
            }
            Asked::Pins(room) => Self::Pins { room: room.as_str() },
            Asked::Topic(room) => Self::Topic { room: room.as_str(), topic: None },
            Asked::SetTopic { room, topic } => Self::Topic {
                room: room.as_str(),
                topic: Some(topic.as_ref().map(room::Text::as_str)),
            },
            Asked::Members(room) => Self::Members { room: room.as_str() },
            Asked::History { room, page, limit } => {
                let (before, after) = match page {
                    Page::Last => (None, None),
                    Page::Before(seq) => (Some(seq.0), None),
                    Page::After(seq) => (None, Some(seq.0)),
                };
                Self::History { room: room.as_str(), before, after, limit: Some(*limit) }
            }
            Asked::Search { room, words, limit } => {
                Self::Search { room: room.as_str(), words, limit: Some(*limit) }
            }
            Asked::Message { nick, text } => {
                Self::Message { nick: nick.as_str(), text: text.as_str() }
            }
            Asked::Typing { room, on } => Self::Typing { room: room.as_str(), on: off(*on) },
            Asked::Read { room, seq } => Self::Read { room: room.as_str(), seq: seq.0 },
            Asked::Rename(nick) => Self::Rename { nick: nick.as_str() },
            Asked::Order { room, order } => Self::of_order(room.as_str(), order),
            Asked::Purge { room, nick, last_ms } => {
                Self::Purge { room: room.as_str(), nick: nick.as_str(), last_ms: *last_ms }
            }
            Asked::Audit { room, before, limit } => {
                Self::Audit { room: room.as_str(), before: before.map(number), limit: Some(*limit) }
            }
            Asked::Earlier { room, seq } => Self::Earlier { room: room.as_str(), seq: seq.0 },
            Asked::InForce(room) => Self::Bans { room: room.as_str() },
        }
    }

    fn of_order(room: &'a str, order: &'a Order) -> Self {
        match order {
            Order::Kick { nick, reason } => {
                Self::Kick { room, nick: nick.as_str(), reason: reason.as_ref().map(Text::as_str) }
            }
            Order::Ban { whom, for_ms, reason } => {
                let (nick, addresses) = whom_fields(whom);
                let reason = reason.as_ref().map(Text::as_str);
                Self::Ban { room, nick, addresses, for_ms: *for_ms, reason }
            }
            Order::Unban { whom } => {
                let (nick, addresses) = whom_fields(whom);
                Self::Unban { room, nick, addresses }
            }
            Order::Mute { nick, for_ms, reason } => {
                let reason = reason.as_ref().map(Text::as_str);
                Self::Mute { room, nick: nick.as_str(), for_ms: *for_ms, reason }
            }
            Order::Unmute { nick } => Self::Unmute { room, nick: nick.as_str() },
            Order::SetRole { nick, role } => {
                Self::Role { room, nick: nick.as_str(), role: Role::of(*role) }
            }
            Order::Invite { nick, role } => {
                let role = (*role != RoomRole::Member).then(|| Role::of(*role));
                Self::Invite { room, nick: nick.as_str(), role }
            }
            Order::SlowMode { seconds } => Self::SlowMode { room, seconds: *seconds },
            Order::Filter { pattern, on } => {
                Self::Filter { room, pattern: pattern.as_str(), on: off(*on) }
            }
            Order::Raid { on } => Self::Raid { room, on: off(*on) },
            Order::Visibility(visibility) => {
                Self::Visibility { room, visibility: Visibility::of(*visibility) }
            }
            Order::Retention(retention) => Self::Retention {
                room,
                messages: Some(retention.messages).filter(|messages| *messages > 0),
                days: Some(retention.days).filter(|days| *days > 0),
            },
            Order::Capacity(capacity) => Self::Capacity { room, capacity: *capacity },
        }
    }
}

fn whom_fields(whom: &Whom) -> (Option<&str>, Option<String>) {
    match whom {
        Whom::Nick(nick) => (Some(nick.as_str()), None),
        Whom::Addresses(addresses) => (None, Some(addresses.to_string())),
    }
}

fn number(seq: Seq) -> u64 {
    seq.0
}

/// `on` goes without saying.
fn off(on: bool) -> Option<bool> {
    (!on).then_some(false)
}
