//! JSON Lines: a head, and then every event that the log keeps, in its order and in the words of
//! `papo.v1`.
//!
//! What is not in the log is not here (quotes, the tree of the formatting), and neither are the
//! keys of posts. What the protocol does not show, and reading back needs, is here: sessions, and
//! accounts of those to whom something was done.

use std::borrow::Cow;

use room::limits::CAPACITY_MAX;
use room::{
    AccountId, Addresses, Emoji, Event, Fact, Measure, MemberId, Nick, Reply, Retention, Role,
    RoomId, RoomName, Seq, Text, UnixMs, Visibility, Who,
};
use serde::{Deserialize, Deserializer, Serialize};

/// The version of the form.
pub const VERSION: u32 = 1;

/// Bytes of a line at most; a longer one is none: twice what a text takes where each of its bytes
/// is escaped.
pub const LINE_BYTES_MAX: usize = 2 * 6 * room::limits::TEXT_BYTES_MAX;

/// The largest number that a line may have: what every reader of JSON takes exactly.
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

/// Why a line is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is no JSON of this form: what the reader of JSON found.
    #[error("{0}")]
    Json(String),
    /// The head is of another version.
    #[error("version {0} of the form is not known, only {VERSION}")]
    Version(u32),
    /// A field has a value that it cannot have, or is missing.
    #[error("the field `{0}` is missing or not valid")]
    Field(&'static str),
    /// All is there, but not as it is written: a field too many, a name or a text in another
    /// spelling.
    #[error("not in the form in which it is written: {0}")]
    Form(String),
}

/// The first line of a file: which room it was, and what its last event was, which may have been
/// trimmed.
#[must_use]
pub fn head(room: &RoomName, last: Seq) -> String {
    let head = Head { version: VERSION, room: room.as_str().into(), seq: last.0 };
    serde_json::to_string(&head).expect(WRITES)
}

/// Reads the first line.
///
/// # Errors
///
/// [`LineError`].
pub fn parse_head(line: &str) -> Result<(RoomName, Seq), LineError> {
    let head: Head<'_> = serde_json::from_str(line).map_err(|cause| json(&cause))?;
    if head.version != VERSION {
        return Err(LineError::Version(head.version));
    }
    if head.seq > NUMBER_MAX {
        return Err(LineError::Field("seq"));
    }
    let room = RoomName::parse(&head.room).map_err(|_| LineError::Field("room"))?;
    Ok((room, Seq(head.seq)))
}

/// An event as a line, without its end; `None` if no log keeps it.
#[must_use]
pub fn line(event: &Event) -> Option<String> {
    Line::of(event).map(|line| serde_json::to_string(&line).expect(WRITES))
}

/// Reads an event of the room `room`, which is called `name`.
///
/// # Errors
///
/// [`LineError`].
pub fn parse(line: &str, room: RoomId, name: &RoomName) -> Result<Event, LineError> {
    let read: Line = serde_json::from_str(line).map_err(|cause| json(&cause))?;
    let event = read.event(room, name)?;
    let written = Line::of(&event).ok_or(LineError::Field("ev"))?;
    if written != read {
        return Err(LineError::Form(serde_json::to_string(&written).expect(WRITES)));
    }
    Ok(event)
}

/// Why writing cannot fail.
const WRITES: &str = "all keys are strings, and memory takes whatever is written";

fn json(cause: &serde_json::Error) -> LineError {
    LineError::Json(cause.to_string())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head<'h> {
    #[serde(rename = "papo-export")]
    version: u32,
    #[serde(borrow)]
    room: Cow<'h, str>,
    seq: u64,
}

/// An event: which fields there are depends on `ev`.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Line {
    ev: Ev,
    seq: u64,
    at: u64,
    by: By,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<u64>,
    /// Only `true`: it is one of many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purge: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<To>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    /// There and `null` is not the same as not there.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    topic: Option<Topic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measure: Option<Did>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nick: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    addresses: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    messages: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Is>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visibility: Option<Seen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capacity: Option<u32>,
}

/// Who did it.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct By {
    nick: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<u64>,
    /// As text: the numbers of sessions are larger than every reader of JSON takes exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct To {
    to: u64,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Ev {
    Created,
    Said,
    Edited,
    Deleted,
    Erased,
    Reacted,
    Pinned,
    Topic,
    Moderated,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Did {
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

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Is {
    Guest,
    Member,
    Moderator,
    Owner,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Seen {
    Public,
    Unlisted,
    Private,
}

impl Seen {
    const fn of(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Public,
            Visibility::Unlisted => Self::Unlisted,
            Visibility::Private => Self::Private,
        }
    }

    const fn visibility(self) -> Visibility {
        match self {
            Self::Public => Visibility::Public,
            Self::Unlisted => Visibility::Unlisted,
            Self::Private => Visibility::Private,
        }
    }
}

/// A topic, or that there is none any more.
#[derive(Serialize, PartialEq, Eq)]
struct Topic(Option<String>);

fn present<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Topic>, D::Error> {
    Option::deserialize(from).map(|topic| Some(Topic(topic)))
}

impl Line {
    fn new(ev: Ev, event: &Event, nick: &Nick) -> Self {
        let by = By { nick: nick.as_str().to_owned(), account: None, session: None };
        Self {
            ev,
            seq: event.seq.0,
            at: event.at.0,
            by,
            target: event.fact.target().map(|target| target.0),
            purge: None,
            text: None,
            reply: None,
            emoji: None,
            topic: None,
            measure: None,
            nick: None,
            account: None,
            session: None,
            addresses: None,
            until: None,
            since: None,
            messages: None,
            days: None,
            reason: None,
            role: None,
            seconds: None,
            pattern: None,
            on: None,
            visibility: None,
            capacity: None,
        }
    }

    fn by(mut self, member: MemberId, account: Option<AccountId>) -> Self {
        self.by.session = Some(member.0.to_string());
        self.by.account = account.map(|account| account.0);
        self
    }

    fn of(event: &Event) -> Option<Self> {
        let new = |ev, nick| Self::new(ev, event, nick);
        Some(match &event.fact {
            Fact::Created { name: _, capacity, visibility, by } => Self {
                capacity: Some(*capacity),
                visibility: Some(Seen::of(*visibility)),
                ..new(Ev::Created, by)
            },
            Fact::Said { member, account, nick, text, reply, key: _ } => Self {
                text: Some(text.as_str().to_owned()),
                reply: reply.as_ref().map(|reply| To { to: reply.to.0 }),
                ..new(Ev::Said, nick).by(*member, *account)
            },
            Fact::Edited { member, account, nick, text, target: _, quote: _ } => Self {
                text: Some(text.as_str().to_owned()),
                ..new(Ev::Edited, nick).by(*member, *account)
            },
            Fact::Deleted { member, account, nick, is_purge, target: _ } => Self {
                purge: is_purge.then_some(true),
                ..new(Ev::Deleted, nick).by(*member, *account)
            },
            Fact::Erased { member, account, nick, edited: _ } => {
                new(Ev::Erased, nick).by(*member, *account)
            }
            Fact::Reacted { member, account, nick, emoji, on, target: _, quote: _ } => Self {
                emoji: Some(emoji.as_str().to_owned()),
                on: Some(*on),
                ..new(Ev::Reacted, nick).by(*member, *account)
            },
            Fact::Pinned { member, account, nick, on, target: _, quote: _ } => {
                Self { on: Some(*on), ..new(Ev::Pinned, nick).by(*member, *account) }
            }
            Fact::TopicSet { member, nick, topic } => Self {
                topic: Some(Topic(topic.as_ref().map(|topic| topic.as_str().to_owned()))),
                ..new(Ev::Topic, nick).by(*member, None)
            },
            Fact::Moderated { member, account, nick, measure } => {
                new(Ev::Moderated, nick).by(*member, *account).with(measure)
            }
            Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => return None,
        })
    }

    fn with(mut self, measure: &Measure) -> Self {
        let text = |text: &Text| text.as_str().to_owned();
        self.measure = Some(match measure {
            Measure::Kicked { who, reason } => {
                self.about(who);
                self.reason = reason.as_ref().map(text);
                Did::Kicked
            }
            Measure::Banned { who, until, reason } | Measure::Muted { who, until, reason } => {
                self.about(who);
                self.until = until.map(|until| until.0);
                self.reason = reason.as_ref().map(text);
                if matches!(measure, Measure::Banned { .. }) { Did::Banned } else { Did::Muted }
            }
            Measure::Unbanned { who } => {
                self.about(who);
                Did::Unbanned
            }
            Measure::Unmuted { who } => {
                self.about(who);
                Did::Unmuted
            }
            Measure::RoleSet { account, nick, role } => {
                self.account = Some(account.0);
                self.nick = Some(nick.as_str().to_owned());
                self.role = Some(match role {
                    Role::Guest => Is::Guest,
                    Role::Member => Is::Member,
                    Role::Moderator => Is::Moderator,
                    Role::Owner => Is::Owner,
                });
                Did::Role
            }
            Measure::SlowMode { seconds } => {
                self.seconds = Some(*seconds);
                Did::SlowMode
            }
            Measure::Filter { pattern, on } => {
                (self.pattern, self.on) = (Some(text(pattern)), Some(*on));
                Did::Filter
            }
            Measure::Raid { on } => {
                self.on = Some(*on);
                Did::Raid
            }
            Measure::Visibility(visibility) => {
                self.visibility = Some(Seen::of(*visibility));
                Did::Visibility
            }
            Measure::Capacity(capacity) => {
                self.capacity = Some(*capacity);
                Did::Capacity
            }
            Measure::Purged { who, since, messages } => {
                self.about(who);
                self.since = since.map(|since| since.0);
                self.messages = Some(*messages);
                Did::Purged
            }
            Measure::Retention(Retention { messages, days }) => {
                (self.messages, self.days) = (Some(*messages), Some(*days));
                Did::Retention
            }
        });
        self
    }

    fn about(&mut self, who: &Who) {
        match who {
            Who::Guest { nick, member } => {
                self.nick = Some(nick.as_str().to_owned());
                self.session = member.map(|member| member.0.to_string());
            }
            Who::Account { account, nick } => {
                self.nick = Some(nick.as_str().to_owned());
                self.account = Some(account.0);
            }
            Who::Addresses(addresses) => self.addresses = Some(addresses.to_string()),
        }
    }

    fn event(&self, room: RoomId, name: &RoomName) -> Result<Event, LineError> {
        if self.seq == 0 || self.seq > NUMBER_MAX {
            return Err(LineError::Field("seq"));
        }
        if self.at > NUMBER_MAX {
            return Err(LineError::Field("at"));
        }
        if self.target.is_some_and(|target| target == 0 || target >= self.seq) {
            return Err(LineError::Field("target"));
        }
        Ok(Event { room, seq: Seq(self.seq), at: UnixMs(self.at), fact: self.fact(name)? })
    }

    fn fact(&self, name: &RoomName) -> Result<Fact, LineError> {
        let nick = self.author()?;
        if self.ev == Ev::Created {
            let (capacity, visibility) = (self.capacity()?, self.visibility()?);
            return Ok(Fact::Created { name: name.clone(), capacity, visibility, by: nick });
        }
        let member = session(self.by.session.as_deref(), "session")?;
        let member = member.ok_or(LineError::Field("session"))?;
        let account = self.by.account.map(AccountId);
        let target = || self.target.map(Seq).ok_or(LineError::Field("target"));
        let quote = None;
        Ok(match self.ev {
            Ev::Created => return Err(LineError::Field("ev")),
            Ev::Said => {
                let to = self.reply.as_ref().map(|reply| reply.to);
                if to.is_some_and(|to| to == 0 || to >= self.seq) {
                    return Err(LineError::Field("reply"));
                }
                let reply = to.map(|to| Box::new(Reply { to: Seq(to), quote }));
                Fact::Said { member, account, nick, text: self.text()?, reply, key: None }
            }
            Ev::Edited => {
                Fact::Edited { member, account, nick, target: target()?, quote, text: self.text()? }
            }
            Ev::Deleted => {
                let (target, is_purge) = (target()?, self.purge.is_some());
                Fact::Deleted { member, account, nick, target, is_purge }
            }
            Ev::Erased => Fact::Erased { member, account, nick, edited: self.target.map(Seq) },
            Ev::Reacted => {
                let emoji = self.emoji.as_deref().and_then(|emoji| Emoji::parse(emoji).ok());
                let emoji = emoji.ok_or(LineError::Field("emoji"))?;
                let (target, on) = (target()?, self.on()?);
                Fact::Reacted { member, account, nick, target, quote, emoji, on }
            }
            Ev::Pinned => {
                let (target, on) = (target()?, self.on()?);
                Fact::Pinned { member, account, nick, target, quote, on }
            }
            Ev::Topic => {
                let Topic(topic) = self.topic.as_ref().ok_or(LineError::Field("topic"))?;
                Fact::TopicSet { member, nick, topic: text(topic.as_deref(), "topic")? }
            }
            Ev::Moderated => {
                let measure = Box::new(self.measure()?);
                Fact::Moderated { member, account, nick, measure }
            }
        })
    }

    fn measure(&self) -> Result<Measure, LineError> {
        let reason = || text(self.reason.as_deref(), "reason");
        let until = self.until.map(UnixMs);
        Ok(match self.measure.ok_or(LineError::Field("measure"))? {
            Did::Kicked => Measure::Kicked { who: self.who()?, reason: reason()? },
            Did::Banned => Measure::Banned { who: self.who()?, until, reason: reason()? },
            Did::Muted => Measure::Muted { who: self.who()?, until, reason: reason()? },
            Did::Unbanned => Measure::Unbanned { who: self.who()? },
            Did::Unmuted => Measure::Unmuted { who: self.who()? },
            Did::Role => Measure::RoleSet {
                account: self.account.map(AccountId).ok_or(LineError::Field("account"))?,
                nick: self.whom()?,
                role: match self.role.ok_or(LineError::Field("role"))? {
                    Is::Guest => Role::Guest,
                    Is::Member => Role::Member,
                    Is::Moderator => Role::Moderator,
                    Is::Owner => Role::Owner,
                },
            },
            Did::SlowMode => {
                Measure::SlowMode { seconds: self.seconds.ok_or(LineError::Field("seconds"))? }
            }
            Did::Filter => {
                let pattern = text(self.pattern.as_deref(), "pattern")?;
                Measure::Filter {
                    pattern: pattern.ok_or(LineError::Field("pattern"))?,
                    on: self.on()?,
                }
            }
            Did::Raid => Measure::Raid { on: self.on()? },
            Did::Visibility => Measure::Visibility(self.visibility()?),
            Did::Capacity => Measure::Capacity(self.capacity()?),
            Did::Purged => Measure::Purged {
                who: self.who()?,
                since: self.since.map(UnixMs),
                messages: self.messages()?,
            },
            Did::Retention => Measure::Retention(Retention {
                messages: self.messages()?,
                days: self.days.ok_or(LineError::Field("days"))?,
            }),
        })
    }

    fn who(&self) -> Result<Who, LineError> {
        if let Some(addresses) = &self.addresses {
            let addresses = addresses.parse::<Addresses>();
            return addresses.map(Who::Addresses).map_err(|_| LineError::Field("addresses"));
        }
        let nick = self.whom()?;
        Ok(match self.account {
            Some(account) => Who::Account { account: AccountId(account), nick },
            None => Who::Guest { nick, member: session(self.session.as_deref(), "session")? },
        })
    }

    fn author(&self) -> Result<Nick, LineError> {
        Nick::parse(&self.by.nick).map_err(|_| LineError::Field("by"))
    }

    fn whom(&self) -> Result<Nick, LineError> {
        let nick = self.nick.as_deref().ok_or(LineError::Field("nick"))?;
        Nick::parse(nick).map_err(|_| LineError::Field("nick"))
    }

    fn text(&self) -> Result<Text, LineError> {
        text(self.text.as_deref(), "text")?.ok_or(LineError::Field("text"))
    }

    fn messages(&self) -> Result<u64, LineError> {
        self.messages.ok_or(LineError::Field("messages"))
    }

    fn on(&self) -> Result<bool, LineError> {
        self.on.ok_or(LineError::Field("on"))
    }

    fn visibility(&self) -> Result<Visibility, LineError> {
        self.visibility.map(Seen::visibility).ok_or(LineError::Field("visibility"))
    }

    fn capacity(&self) -> Result<u32, LineError> {
        let capacity = self.capacity.filter(|capacity| (1..=CAPACITY_MAX).contains(capacity));
        capacity.ok_or(LineError::Field("capacity"))
    }
}

fn text(text: Option<&str>, field: &'static str) -> Result<Option<Text>, LineError> {
    text.map(|text| Text::new(text).ok_or(LineError::Field(field))).transpose()
}

fn session(text: Option<&str>, field: &'static str) -> Result<Option<MemberId>, LineError> {
    let number = |text: &str| text.parse().map(MemberId).map_err(|_| LineError::Field(field));
    text.map(number).transpose()
}

#[cfg(test)]
mod tests;
