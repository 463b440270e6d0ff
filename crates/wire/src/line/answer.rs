//! What the server answers on a line, and what it tells of its own accord.

use std::fmt::Write as _;

use lang::{Lang, Value};
use room::limits::{CAPACITY_MAX, NAME_CHARS_MAX, SLOW_S_MAX};
use room::{
    Event, InForce, Listed, Measure, Message, Nick, Refusal, Role, RoomName, Seq, Text, UnixMs,
    Version,
};

use super::{LINE_BYTES_MAX, Verb, message, moderation};
use crate::{Issued, MadeLink, Secret, link_path};

/// The frame of a list.
const FRAME: &str = "-----\n";

/// An answer to the one who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The first line of all: the seed's, to the letter.
    Greeting,
    /// The commands.
    Help,
    /// She made the room, and is in it.
    Created {
        /// Which.
        name: RoomName,
        /// How many are in it.
        present: u32,
        /// How many it holds.
        capacity: u32,
    },
    /// She is in the room.
    Joined {
        /// Which.
        name: RoomName,
        /// How many are in it.
        present: u32,
        /// How many it holds.
        capacity: u32,
        /// What it is about.
        topic: Option<Text>,
    },
    /// In a room of two.
    Direct {
        /// With whom.
        nick: Nick,
        /// What the room is called.
        name: RoomName,
        /// Its topic.
        topic: Option<Text>,
    },
    /// Someone has said something in a room of two that one is not in.
    DirectSaid(Nick),
    /// She is out of the room.
    Left(RoomName),
    /// The public rooms with those present and the capacity, in order of name; and how many more
    /// there are than the list shows.
    Channels(Vec<Listed>, usize),
    /// What she has not read: the rooms in which there is something.
    Unread(Vec<UnreadRoom>),
    /// Who is in the room, in order of entry; and how many more there are than the list shows.
    Members(Vec<Nick>, usize),
    /// Messages, oldest first.
    Messages(Vec<Message>),
    /// The private message reached its recipient's connection.
    Whispered(Nick),
    /// The room's topic.
    Topic(Option<Text>),
    /// The topic is set, or taken away.
    TopicSet,
    /// Her answer to a message is said; its own number.
    Replied(Seq),
    /// Her message has another text now.
    Edited(Seq),
    /// Her message is deleted.
    Deleted(Seq),
    /// Her emoji is given, or taken away.
    Reacted(Seq, bool),
    /// The message is pinned, or not any more.
    Pinned(Seq, bool),
    /// What she did to someone or to the room, by the nick she had; `None`: it was so already.
    Moderated(Option<(Nick, Measure)>),
    /// What is in force in the room.
    InForce(Box<InForce>),
    /// Who did what: measures, oldest first.
    Audit(Vec<Event>),
    /// What a message ever said, oldest first.
    Versions(Vec<Version>),
    /// She is put out of a room: by whom, and how.
    PutOut(RoomName, Nick, Measure),
    /// She is called so now.
    Renamed(Nick),
    /// She is logged in to the account of that nick; the token logs in again, where a password did.
    LoggedIn(Nick, Option<Secret>),
    /// She is logged in no more, and in no room.
    LoggedOut,
    /// The same, without her having asked: her token was ended elsewhere, or has expired.
    LoggedOutElsewhere,
    /// Where her account is logged in, the oldest first.
    Tokens(Vec<Issued>),
    /// The token of that number is good for nothing any more.
    Revoked(u64),
    /// A guest link is made: its number, where a browser finds this server, such as
    /// `http://192.0.2.7:7777`, and its token.
    MadeLink(u64, String, Secret),
    /// The guest links to the room, the oldest first; and what time it is.
    Links(Vec<MadeLink>, UnixMs),
    /// Nobody comes in by the guest link of that number any more.
    LinkRevoked(u64),
    /// The owner of her nick has logged in.
    Displaced {
        /// What she was called.
        from: Nick,
        /// What she is called now.
        to: Nick,
    },
    /// Notices come in this language now.
    LangSet,
    /// Messages are numbered from here on; the room's last sequence.
    Cursor(Seq),
    /// Her message is on the disk, with this sequence.
    Kept(Seq),
    /// She asked to go.
    Bye,
    /// What she asked for is refused.
    No(Problem),
    /// Events of her room that are no longer kept.
    Missed(u64),
    /// The server goes down.
    ShuttingDown,
    /// The connection has been idle for too long, and is closed.
    IdleTooLong,
    /// The connection has gone on flooding, and is closed.
    Flooded,
}

/// What someone has not read in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRoom {
    /// Which.
    pub name: RoomName,
    /// With whom, if it is a room of two.
    pub nick: Option<Nick>,
    /// Messages of others.
    pub messages: u32,
    /// Those of them in which she is called.
    pub mentions: u32,
    /// There may be more than were counted.
    pub more: bool,
}

/// Why a line is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It means nothing outside a room; the first word of the line.
    NeedsRoom(String),
    /// Arguments are missing, or too many.
    Usage(Verb),
    /// No room is made for so many.
    Capacity,
    /// What should be a name is none.
    Name,
    /// What should be an emoji is none.
    Emoji,
    /// The rules say no.
    Refused(Refusal),
    /// Nobody of that name is connected.
    NoSuchNick(Nick),
    /// Who is called so does not read what she is sent.
    NotReading(Nick),
    /// The line has more than [`LINE_BYTES_MAX`] bytes.
    TooLong,
    /// The line is not UTF-8.
    NotUtf8,
    /// Too many lines in too little time; seconds to wait.
    TooFast(u64),
    /// The server has as many connections as it takes: how many, and how many it takes.
    ServerFull(u32, u32),
    /// The client's address has as many connections as it may: how many, and how many it may.
    AddressFull(u32, u32),
    /// A password may not go over this connection: it is neither encrypted nor local.
    NotPrivate,
    /// The account, the password or the token is wrong. Which one is not told.
    LogInFailed,
    /// It is for those who are logged in.
    NotLoggedIn,
    /// She is logged in already.
    AlreadyLoggedIn,
    /// There is such an account.
    AccountTaken(Nick),
    /// That can be no password: it has fewer characters than the first, or more bytes than the
    /// second, or control characters.
    BadPassword(u64, u64),
    /// The server takes no further account.
    AccountsFull,
    /// Too many attempts to log in; seconds to wait.
    TooOften(u64),
    /// The account has no token of that number.
    NoToken(u64),
    /// The guest link's time is over.
    LinkExpired,
    /// The guest link was used as often as it may be.
    LinkUsedUp,
    /// The room has no guest link of that number.
    NoLink(u64),
    /// The server has too much of this to do already.
    Busy,
    /// The log does not take anything: the disk is full.
    NoSpace,
    /// The log cannot be read or written just now.
    LogAway,
}

impl Answer {
    /// The lines, each with its LF.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a flat match, a few lines an answer")]
    pub fn lines(&self, lang: Lang) -> String {
        match self {
            Self::Greeting => format!("{}\n", lang.text("line-greeting")),
            Self::Help => list(Verb::ALL.into_iter().map(Verb::help)),
            Self::Created { name, present, capacity } => {
                ok(lang, "line-created", &place(name, *present, *capacity))
            }
            Self::Joined { name, present, capacity, topic } => {
                let mut lines = ok(lang, "line-joined", &place(name, *present, *capacity));
                if let Some(topic) = topic {
                    let topic = topic.flat();
                    lines += &info(lang, "line-topic", &[("topic", (&*topic).into())]);
                }
                lines
            }
            Self::Direct { nick, name, topic } => {
                let names = [("nick", nick.as_str().into()), ("room", name.as_str().into())];
                let mut lines = ok(lang, "line-direct", &names);
                if let Some(topic) = topic {
                    let topic = topic.flat();
                    lines += &info(lang, "line-topic", &[("topic", (&*topic).into())]);
                }
                lines
            }
            Self::DirectSaid(nick) => {
                info(lang, "line-direct-said", &[("nick", nick.as_str().into())])
            }
            Self::Left(name) => ok(lang, "line-out", &[("room", name.as_str().into())]),
            Self::Channels(rooms, more) => {
                let line =
                    |room: &Listed| format!("{} - {}/{}", room.name, room.present, room.capacity);
                list(rooms.iter().map(line)) + &and_more(*more, lang)
            }
            Self::Unread(rooms) => list(rooms.iter().map(|room| unread(room, lang))),
            Self::Members(nicks, more) => list(nicks) + &and_more(*more, lang),
            Self::Messages(messages) => {
                list(messages.iter().map(|message| message::line(message, lang)))
            }
            Self::Whispered(to) => ok(lang, "line-whispered", &[("nick", to.as_str().into())]),
            Self::Topic(Some(topic)) => {
                ok(lang, "line-topic", &[("topic", (&*topic.flat()).into())])
            }
            Self::Topic(None) => ok(lang, "line-topic-none", &[]),
            Self::TopicSet => ok(lang, "line-topic-set", &[]),
            Self::Replied(seq) => ok_of(lang, "line-replied", *seq),
            Self::Edited(seq) => ok_of(lang, "line-edited", *seq),
            Self::Deleted(seq) => ok_of(lang, "line-deleted", *seq),
            Self::Reacted(seq, on) => {
                let id = if *on { "line-reacted" } else { "line-unreacted" };
                ok_of(lang, id, *seq)
            }
            Self::Pinned(seq, on) => {
                let id = if *on { "line-pinned" } else { "line-unpinned" };
                ok_of(lang, id, *seq)
            }
            Self::Moderated(Some((by, measure))) => {
                format!("[OK] - {}\n", moderation::sentence(by, measure, lang))
            }
            Self::Moderated(None) => ok(lang, "line-nothing-changed", &[]),
            Self::Audit(events) => {
                list(events.iter().filter_map(|event| moderation::entry(event, lang)))
            }
            Self::Versions(versions) => list(versions.iter().map(|version| {
                format!("{} UTC: {}", moderation::moment(version.at), version.text)
            })),
            Self::InForce(in_force) => {
                list(moderation::in_force(in_force, lang)) + &and_more(in_force.more, lang)
            }
            Self::PutOut(room, by, measure) => {
                format!("[INFO] - {}\n", moderation::put_out(room, by, measure, lang))
            }
            Self::Renamed(nick) => called_ok(lang, "line-nick-set", nick),
            Self::LoggedIn(nick, token) => {
                let mut lines = called_ok(lang, "line-logged-in", nick);
                if let Some(token) = token {
                    lines += &info(lang, "line-token", &[("token", token.reveal().into())]);
                }
                lines
            }
            Self::Tokens(tokens) => list(tokens.iter().map(|token| issued(token, lang))),
            Self::Revoked(token) => ok_of(lang, "line-revoked", Seq(*token)),
            Self::MadeLink(number, origin, token) => link_made(*number, origin, token, lang),
            Self::Links(links, now) => list(links.iter().map(|link| made_link(link, *now, lang))),
            Self::LinkRevoked(number) => ok_of(lang, "line-link-revoked", Seq(*number)),
            Self::LoggedOut => ok(lang, "line-logged-out", &[]),
            Self::LoggedOutElsewhere => info(lang, "line-logged-out-elsewhere", &[]),
            Self::Displaced { from, to } => {
                let names = [("from", from.as_str().into()), ("to", to.as_str().into())];
                info(lang, "line-displaced", &names)
            }
            Self::LangSet => ok(lang, "line-lang-set", &[]),
            Self::Cursor(seq) => format!("[OK] - Cursor {}\n", seq.0),
            Self::Kept(seq) => format!("[OK] - {}\n", seq.0),
            Self::Bye => ok(lang, "line-bye", &[]),
            Self::No(problem) => format!("[ERRO] - {}\n", problem.sentence(lang)),
            Self::Missed(count) => info(lang, "line-missed", &[("count", (*count).into())]),
            Self::ShuttingDown => info(lang, "line-shutting-down", &[]),
            Self::IdleTooLong => info(lang, "line-idle", &[]),
            Self::Flooded => error(lang, "line-flooded", &[]),
        }
    }
}

impl Problem {
    /// The sentence behind `[ERRO] - `.
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::NeedsRoom(word) => {
                let word = room::clean(word).to_uppercase();
                lang.text_with("line-needs-room", &[("word", word.as_str().into())])
            }
            Self::Usage(verb) => lang.text_with("line-usage", &[("usage", verb.help().into())]),
            Self::Capacity | Self::Refused(Refusal::BadCapacity) => {
                lang.text_with("line-bad-capacity", &[("max", CAPACITY_MAX.into())])
            }
            Self::Name => {
                lang.text_with("line-bad-name", &[("max", (NAME_CHARS_MAX as u64).into())])
            }
            Self::Emoji => lang.text("line-bad-emoji"),
            Self::Refused(refusal) => refused(refusal, lang),
            Self::NoSuchNick(nick) => {
                lang.text_with("line-no-nick", &[("nick", nick.as_str().into())])
            }
            Self::NotReading(nick) => {
                lang.text_with("line-not-reading", &[("nick", nick.as_str().into())])
            }
            Self::TooLong => {
                lang.text_with("line-too-long", &[("max", (LINE_BYTES_MAX as u64).into())])
            }
            Self::NotUtf8 => lang.text("line-not-utf8"),
            Self::TooFast(seconds) => {
                lang.text_with("line-too-fast", &[("seconds", (*seconds).into())])
            }
            Self::ServerFull(connected, max) => lang.text_with(
                "line-server-full",
                &[("connected", (*connected).into()), ("max", (*max).into())],
            ),
            Self::AddressFull(connected, max) => lang.text_with(
                "line-address-full",
                &[("connected", (*connected).into()), ("max", (*max).into())],
            ),
            Self::NotPrivate => lang.text("line-not-private"),
            Self::LogInFailed => lang.text("line-login-failed"),
            Self::NotLoggedIn => lang.text("line-not-logged-in"),
            Self::AlreadyLoggedIn => lang.text("line-already-logged-in"),
            Self::AccountTaken(nick) => called(lang, "line-nick-owned", nick),
            Self::BadPassword(chars_min, bytes_max) => lang.text_with(
                "line-bad-password",
                &[("min", (*chars_min).into()), ("max", (*bytes_max).into())],
            ),
            Self::AccountsFull => lang.text("line-accounts-full"),
            Self::TooOften(seconds) => {
                lang.text_with("line-too-often", &[("seconds", (*seconds).into())])
            }
            Self::NoToken(token) => about(lang, "line-no-token", Seq(*token)),
            Self::LinkExpired => lang.text("line-link-expired"),
            Self::LinkUsedUp => lang.text("line-link-used-up"),
            Self::NoLink(number) => about(lang, "line-no-link-number", Seq(*number)),
            Self::Busy => lang.text("line-busy"),
            Self::NoSpace => lang.text("line-no-space"),
            Self::LogAway => lang.text("line-log-away"),
        }
    }
}

fn refused(refusal: &Refusal, lang: Lang) -> String {
    match refusal {
        // The session says the command's own word; this is for a room lost in between.
        Refusal::NotInRoom => lang.text("line-not-in-room"),
        Refusal::NoSuchRoom(name) => {
            lang.text_with("line-no-room", &[("room", name.as_str().into())])
        }
        Refusal::RoomExists(name) => {
            lang.text_with("line-room-exists", &[("room", name.as_str().into())])
        }
        Refusal::RoomFull { name, present, capacity } => {
            lang.text_with("line-room-full", &place(name, *present, *capacity))
        }
        Refusal::NoSuchLink => lang.text("line-no-link"),
        Refusal::LinkFull => lang.text("line-link-full"),
        Refusal::NickTaken(nick) => {
            lang.text_with("line-nick-taken", &[("nick", nick.as_str().into())])
        }
        Refusal::NickOwned(nick) => called(lang, "line-nick-owned", nick),
        Refusal::BadCapacity => {
            lang.text_with("line-bad-capacity", &[("max", CAPACITY_MAX.into())])
        }
        Refusal::TooManyRooms(max) => {
            lang.text_with("line-too-many-rooms", &[("max", (*max as u64).into())])
        }
        Refusal::NoSuchMessage(seq) => about(lang, "line-no-message", *seq),
        Refusal::NotYours(seq) => about(lang, "line-not-yours", *seq),
        Refusal::AlreadyDeleted(seq) => about(lang, "line-already-deleted", *seq),
        Refusal::TooManyEdits(max) => {
            lang.text_with("line-too-many-edits", &[("max", (*max).into())])
        }
        Refusal::TooManyPins(max) => {
            lang.text_with("line-too-many-pins", &[("max", (*max).into())])
        }
        Refusal::NotAllowed(right) => lang.text(match right.least() {
            Role::Owner => "line-needs-owner",
            Role::Moderator | Role::Member | Role::Guest => "line-needs-moderator",
        }),
        Refusal::NotBelow(nick) => called(lang, "line-not-below", nick),
        Refusal::Banned { room, penalty } => moderation::banned(room, penalty, lang),
        Refusal::Muted(penalty) => moderation::muted(penalty, lang),
        Refusal::NoGuests => lang.text("line-no-guests"),
        Refusal::SlowMode { wait_ms } => {
            lang.text_with("line-slow-wait", &[("seconds", wait_ms.div_ceil(1000).into())])
        }
        Refusal::Filtered => lang.text("line-filtered"),
        Refusal::NotHere(nick) => called(lang, "line-not-here", nick),
        Refusal::NoAccount(nick) => called(lang, "line-no-account", nick),
        Refusal::LoggedInAs(nick) => called(lang, "line-logged-in-as", nick),
        Refusal::NothingToUndo => lang.text("line-nothing-to-undo"),
        Refusal::ListFull(max) => {
            lang.text_with("line-list-full", &[("max", (*max as u64).into())])
        }
        Refusal::NoDirect(nick) => called(lang, "line-no-direct", nick),
        Refusal::NameReserved(_) => Problem::Name.sentence(lang),
        Refusal::BadPattern => lang.text("line-bad-pattern"),
        Refusal::BadSlowMode => lang.text_with("line-bad-slow", &[("max", SLOW_S_MAX.into())]),
    }
}

fn called(lang: Lang, id: &str, nick: &Nick) -> String {
    lang.text_with(id, &[("nick", nick.as_str().into())])
}

fn called_ok(lang: Lang, id: &str, nick: &Nick) -> String {
    ok(lang, id, &[("nick", nick.as_str().into())])
}

fn place(name: &RoomName, present: u32, capacity: u32) -> [(&str, Value<'_>); 3] {
    [("room", name.as_str().into()), ("present", present.into()), ("capacity", capacity.into())]
}

fn ok(lang: Lang, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
    format!("[OK] - {}\n", lang.text_with(id, arguments))
}

fn ok_of(lang: Lang, id: &str, seq: Seq) -> String {
    format!("[OK] - {}\n", about(lang, id, seq))
}

/// A sentence about a message. Its number is a name, not a count: it goes in as it is written.
fn about(lang: Lang, id: &str, seq: Seq) -> String {
    lang.text_with(id, &[("number", seq.0.to_string().as_str().into())])
}

fn info(lang: Lang, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
    format!("[INFO] - {}\n", lang.text_with(id, arguments))
}

fn error(lang: Lang, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
    format!("[ERRO] - {}\n", lang.text_with(id, arguments))
}

fn list(lines: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let mut list = FRAME.to_owned();
    for line in lines {
        // Writing to a string does not fail.
        let _ = writeln!(list, "{line}");
    }
    list + FRAME
}

/// A token in a list: `#3 (esta) papo-web - 2027-01-15 08:00 UTC`, when it was last used.
fn issued(token: &Issued, lang: Lang) -> String {
    let this = if token.is_this { format!(" ({})", lang.text("line-this")) } else { String::new() };
    let label = room::clean(&token.label);
    let used = moderation::moment(token.used_at);
    format!("#{}{this} {label} - {used} UTC", token.number)
}

/// A guest link that was made: where a browser finds it, and what is typed.
fn link_made(number: u64, origin: &str, token: &Secret, lang: Lang) -> String {
    let path = link_path(token.reveal());
    let (number, address) = (number.to_string(), format!("{origin}{path}"));
    let arguments = [("number", (&*number).into()), ("address", (&*address).into())];
    ok(lang, "line-link-made", &arguments)
        + &info(lang, "line-link-by-line", &[("path", (&*path).into())])
}

/// What is unread in a room: `redes: 3 nao lidas, 1 chama voce`, `@3-12 (bia): 999+ nao lidas`.
fn unread(room: &UnreadRoom, lang: Lang) -> String {
    let nick = room.nick.as_ref().map(|nick| format!(" ({nick})")).unwrap_or_default();
    let (place, more) = (format!("{}{nick}", room.name), if room.more { "+" } else { "" });
    let (messages, mentions) = (format!("{}{more}", room.messages), room.mentions.to_string());
    let arguments = [
        ("place", place.as_str().into()),
        ("messages", messages.as_str().into()),
        ("mentions", mentions.as_str().into()),
    ];
    let id = if room.mentions > 0 { "line-unread-called" } else { "line-unread" };
    lang.text_with(id, &arguments)
}

/// A guest link in a list: `#3 - usos: 2, ate 2027-01-15 08:00 UTC`.
fn made_link(link: &MadeLink, now: UnixMs, lang: Lang) -> String {
    let count =
        |id, count: u32| lang.text_with(id, &[("count", count.to_string().as_str().into())]);
    let mut said = Vec::new();
    said.extend(link.uses.map(|uses| count("line-link-uses", uses)));
    said.extend(link.capacity.map(|capacity| count("line-link-capacity", capacity)));
    said.extend(link.until.map(|until| {
        if until <= now {
            return lang.text("line-link-is-expired");
        }
        let time = moderation::moment(until);
        lang.text_with("line-until", &[("time", time.as_str().into())])
    }));
    if link.role > Role::Guest {
        said.push(lang.text("line-link-member"));
    }
    if link.is_revoked {
        said.push(lang.text("line-link-is-revoked"));
    }
    let said = said.join(", ");
    let number = link.number;
    if said.is_empty() { format!("#{number}") } else { format!("#{number} - {said}") }
}

/// What follows a list that does not show everything.
fn and_more(count: usize, lang: Lang) -> String {
    let arguments = [("count", (count as u64).into())];
    if count > 0 { info(lang, "line-and-more", &arguments) } else { String::new() }
}

#[cfg(test)]
mod tests;
