//! From an operation, its path, its query and its body to what is asked. As strict as
//! [`crate::json::parse()`]: what is unknown, is there twice or does not fit is refused by its
//! name.

use room::{Emoji, Key, Nick, Order, RoomName, Seq, Text, Visibility, clean};

use super::problem::Problem;
use super::request::{Asked, Setting};
use super::route::{Operation, Params, query};
use crate::Secret;
use crate::json::field::{Fields, Value};
use crate::json::limits::{
    CLIENT_BYTES_MAX, FIELD_BYTES_MAX, NUMBER_MAX, PASSWORD_BYTES_MAX, SEARCH_BYTES_MAX,
};
use crate::json::parse::Reader;
use crate::json::{Fault, Kind};

/// What is asked; `key` is that of the header `Idempotency-Key`, `after` that of `Last-Event-ID`.
///
/// # Errors
///
/// [`Problem::NoRoute`] where nothing can have such a path, [`Problem::Asked`] with the first
/// [`Fault`] of the fields.
pub fn parse(
    (operation, params): (Operation, Params),
    query_text: Option<&str>,
    body: &[u8],
    (key, after): (Option<&str>, Option<&str>),
) -> Result<Asked, Problem> {
    let mut params = Path(params);
    let fields = fields(operation, query_text, body)?;
    let mut reader = Reader { fields, within: None };
    let asked = match beneath(operation, &mut params, &mut reader)? {
        Asked::Say { room, text, key: inside, reply } => {
            Asked::Say { room, text, key: one_key(inside, key)?, reply }
        }
        Asked::Hook { hook, text, key: inside } => {
            Asked::Hook { hook, text, key: one_key(inside, key)? }
        }
        // What a stream has seen last is newer than where it began.
        Asked::Events(room, begins) => Asked::Events(room, last_event(after)?.or(begins)),
        other => other,
    };
    reader.finish()?;
    Ok(asked)
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Asked(crate::json::Problem::Bad(fault))
    }
}

/// The open parts of a path. What cannot be one leads nowhere.
struct Path(Params);

impl Path {
    fn next(&mut self) -> Result<String, Problem> {
        if self.0.is_empty() { Err(Problem::NoRoute) } else { Ok(self.0.remove(0).1) }
    }

    fn room(&mut self) -> Result<RoomName, Problem> {
        RoomName::parse(&self.next()?).map_err(|_| Problem::NoRoute)
    }

    fn number(&mut self) -> Result<u64, Problem> {
        let text = self.next()?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| is_plain && *number <= NUMBER_MAX);
        number.ok_or(Problem::NoRoute)
    }

    fn seq(&mut self) -> Result<Seq, Problem> {
        self.number().map(Seq)
    }

    fn emoji(&mut self) -> Result<Emoji, Problem> {
        Emoji::parse(&self.next()?).map_err(|_| Problem::NoRoute)
    }
}

/// The fields of a request: those of its query, or of its body. Never both.
fn fields<'r>(
    operation: Operation,
    query_text: Option<&'r str>,
    body: &'r [u8],
) -> Result<Fields<'r>, Problem> {
    let in_query = query(query_text.unwrap_or_default())
        .ok_or_else(|| Fault::Invalid("query".to_owned(), Kind::Text))?;
    if !has_body(operation) {
        return Ok(Fields::of_pairs(in_query.into_iter(), &["after", "before", "limit"]));
    }
    if let Some((name, _)) = in_query.first() {
        let name = Reader { fields: Fields::default(), within: None }.called(name);
        return Err(Fault::Unknown(name).into());
    }
    let text = str::from_utf8(body).map_err(|_| Fault::NotJson)?;
    Ok(Fields::read(text).map_err(|_| Fault::NotJson)?)
}

/// Whether an operation's fields are in its body.
#[must_use]
pub(super) const fn has_body(operation: Operation) -> bool {
    use Operation as O;
    match operation {
        O::Register
        | O::LogIn
        | O::MakeToken
        | O::CreateRoom
        | O::SetRoom
        | O::Say
        | O::Edit
        | O::Moderate
        | O::MakeLink
        | O::MakeHook
        | O::Hook => true,
        O::Describe
        | O::Explain
        | O::OpenSession
        | O::EndSession
        | O::Me
        | O::Tokens
        | O::RevokeToken
        | O::Person
        | O::Rooms
        | O::Room
        | O::Members
        | O::History
        | O::Message
        | O::Delete
        | O::React
        | O::Unreact
        | O::Pin
        | O::Unpin
        | O::Read
        | O::Pins
        | O::Search
        | O::Events
        | O::Moderation
        | O::Audit
        | O::Earlier
        | O::Links
        | O::RevokeLink
        | O::Hooks
        | O::RevokeHook => false,
    }
}

#[expect(clippy::too_many_lines, reason = "a flat match, a few lines an operation")]
fn beneath(
    operation: Operation,
    path: &mut Path,
    reader: &mut Reader<'_>,
) -> Result<Asked, Problem> {
    use Operation as O;
    Ok(match operation {
        O::Describe => Asked::Describe,
        O::Explain => Asked::Explain,
        O::Register => {
            let (account, password, client) = reader.credentials()?;
            Asked::Register { account, password, client }
        }
        O::LogIn => {
            let (account, password, client) = reader.credentials()?;
            Asked::LogIn { account, password, client }
        }
        O::OpenSession => Asked::OpenSession,
        O::EndSession => Asked::EndSession,
        O::Me => Asked::Me,
        O::Tokens => Asked::Tokens,
        O::MakeToken => {
            Asked::MakeToken { client: reader.client()?, for_ms: reader.at_least_one("for_ms")? }
        }
        O::RevokeToken => Asked::RevokeToken(path.number()?),
        O::Person => Asked::Person(Nick::parse(&path.next()?).map_err(|_| Problem::NoRoute)?),
        O::Rooms => Asked::Rooms,
        O::CreateRoom => Asked::CreateRoom {
            room: reader.room()?,
            capacity: reader.small("capacity")?,
            visibility: reader.visibility()?.unwrap_or(Visibility::Public),
        },
        O::Room => Asked::Room(path.room()?),
        O::SetRoom => Asked::SetRoom(path.room()?, reader.setting()?),
        O::Members => Asked::Members(path.room()?),
        O::History => {
            Asked::History { room: path.room()?, page: reader.page()?, limit: reader.limit()? }
        }
        O::Say => Asked::Say {
            room: path.room()?,
            text: reader.lines("text")?,
            key: reader.key()?,
            reply: reader.optional("reply", Reader::seq)?,
        },
        O::Message => Asked::Message(path.room()?, path.seq()?),
        O::Edit => Asked::Edit(path.room()?, path.seq()?, reader.lines("text")?),
        O::Delete => Asked::Delete(path.room()?, path.seq()?),
        O::React => Asked::React(path.room()?, path.seq()?, path.emoji()?, true),
        O::Unreact => Asked::React(path.room()?, path.seq()?, path.emoji()?, false),
        O::Pin => Asked::Pin(path.room()?, path.seq()?, true),
        O::Unpin => Asked::Pin(path.room()?, path.seq()?, false),
        O::Read => Asked::Read(path.room()?, path.seq()?),
        O::Pins => Asked::Pins(path.room()?),
        O::Search => {
            Asked::Search { room: path.room()?, words: reader.words()?, limit: reader.limit()? }
        }
        O::Events => Asked::Events(path.room()?, reader.optional("after", Reader::seq)?),
        O::Moderation => Asked::Moderation(path.room()?),
        O::Moderate => {
            let room = path.room()?;
            reader.keep_order(room)?
        }
        O::Audit => Asked::Audit {
            room: path.room()?,
            before: reader.optional("before", Reader::seq)?,
            limit: reader.limit()?,
        },
        O::Earlier => Asked::Earlier(path.room()?, path.seq()?),
        O::Links => Asked::Links(path.room()?),
        O::MakeLink => Asked::MakeLink(path.room()?, reader.wanted_link()?),
        O::RevokeLink => Asked::RevokeLink(path.room()?, path.number()?),
        O::Hooks => Asked::Hooks(path.room()?),
        O::MakeHook => Asked::MakeHook(path.room()?),
        O::RevokeHook => Asked::RevokeHook(path.room()?, path.number()?),
        O::Hook => Asked::Hook {
            hook: Secret::new(path.next()?),
            text: reader.lines("text")?,
            key: reader.key()?,
        },
    })
}

/// The key of a post, which may stand in the body, in the header, or the same in both.
fn one_key(inside: Option<Key>, header: Option<&str>) -> Result<Option<Key>, Fault> {
    let Some(header) = header else { return Ok(inside) };
    // As a string of RFC 9651 or bare: both are in use.
    let bare = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(header);
    let invalid = || Fault::Invalid("Idempotency-Key".to_owned(), Kind::Key);
    let key = Key::parse(bare).ok_or_else(invalid)?;
    if inside.as_ref().is_some_and(|inside| *inside != key) {
        return Err(invalid());
    }
    Ok(Some(key))
}

fn last_event(header: Option<&str>) -> Result<Option<Seq>, Fault> {
    let Some(header) = header else { return Ok(None) };
    let number = header.parse().ok().filter(|number| *number <= NUMBER_MAX);
    let invalid = || Fault::Invalid("Last-Event-ID".to_owned(), Kind::Number);
    number.map(|number| Some(Seq(number))).ok_or_else(invalid)
}

/// The fields that only the API has.
impl Reader<'_> {
    fn credentials(&mut self) -> Result<(Nick, Secret, Option<String>), Fault> {
        let account = self.nick("account")?;
        let password = self.secret("password", PASSWORD_BYTES_MAX)?;
        Ok((account, password, self.client()?))
    }

    fn client(&mut self) -> Result<Option<String>, Fault> {
        self.optional("client", |reader, name| {
            Ok(clean(&reader.text(name, CLIENT_BYTES_MAX)?).into_owned())
        })
    }

    fn words(&mut self) -> Result<String, Fault> {
        let words = self.text("words", SEARCH_BYTES_MAX)?;
        if words.trim().is_empty() {
            return Err(self.invalid("words", Kind::Text));
        }
        Ok(words)
    }

    fn at_least_one(&mut self, name: &'static str) -> Result<Option<u64>, Fault> {
        match self.optional(name, Self::number)? {
            Some(0) => Err(self.invalid(name, Kind::Limit)),
            number => Ok(number),
        }
    }

    fn bool(&mut self, name: &'static str) -> Result<bool, Fault> {
        match self.fields.take(name) {
            Some(Value::Bool(value)) => Ok(value),
            Some(_) => Err(self.invalid(name, Kind::Bool)),
            None => Err(Fault::Missing(self.called(name))),
        }
    }

    /// One of the things that can be set of a room; with a second one the request is refused.
    fn setting(&mut self) -> Result<Setting, Fault> {
        let named = |name| Self::order_named(name).map(|order| (name, order));
        let is_there = |name: &&str| self.fields.has(name);
        // Each setting by its fields, and the order that sets it.
        let settings = [
            ("visibility", "visibility"),
            ("capacity", "capacity"),
            ("seconds", "slow-mode"),
            ("messages", "retention"),
            ("days", "retention"),
        ];
        let found = settings.into_iter().find(|(field, _)| is_there(field));
        if let Some((_, order)) = found.and_then(|(_, verb)| named(verb)) {
            return order(self).map(Setting::Order);
        }
        if self.fields.has("raid") {
            return self.bool("raid").map(|on| Setting::Order(Order::Raid { on }));
        }
        match self.fields.take("topic") {
            Some(Value::Null) => Ok(Setting::Topic(None)),
            Some(Value::Text(topic)) => self.topic_line(&topic).map(Setting::Topic),
            Some(_) => Err(self.invalid("topic", Kind::Text)),
            None => match self.fields.left() {
                Some(name) => Err(Fault::Unknown(self.called(name))),
                None => Err(Fault::Missing(self.called("topic"))),
            },
        }
    }

    fn topic_line(&self, topic: &str) -> Result<Option<Text>, Fault> {
        self.checked_line("topic", topic).map(Some)
    }

    /// What is done to someone: `do` says which. What is set of the room is not among these.
    fn keep_order(&mut self, room: RoomName) -> Result<Asked, Fault> {
        let verb = self.text("do", FIELD_BYTES_MAX)?;
        let unknown = || Fault::Invalid("do".to_owned(), Kind::Verb);
        match verb.as_str() {
            "purge" => {
                Ok(Asked::Purge { room, nick: self.nick("nick")?, last_ms: self.last_ms()? })
            }
            "kick" | "ban" | "unban" | "mute" | "unmute" | "role" | "invite" | "filter" => {
                let order = Self::order_named(&verb).ok_or_else(unknown)?;
                order(self).map(|order| Asked::Moderate(room, order))
            }
            _ => Err(unknown()),
        }
    }
}
