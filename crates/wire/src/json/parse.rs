//! A text message to a request. Strict: a field that is unknown, is there twice or does not fit is
//! refused by its name, so that a mistake in a client shows at once.

use lang::Lang;
use room::limits::{NAME_BYTES_MAX, TEXT_BYTES_MAX};
use room::{Emoji, Key, Nick, RoomName, Seq, Text, Visibility, clean};

use super::fault::{BadRequest, Fault, Kind};
use super::field::{Fields, Value};
use super::limits::{
    CLIENT_BYTES_MAX, FIELD_BYTES_MAX, ID_BYTES_MAX, KEY_BYTES_MAX, NUMBER_MAX, PAGE_DEFAULT,
    PAGE_MAX, PASSWORD_BYTES_MAX, RESUMED_ROOMS_MAX, SEARCH_BYTES_MAX, TOKEN_BYTES_MAX,
};
use super::request::{Asked, Id, Page, Request};
use crate::Secret;

/// Reads a text message. Whatever its bytes are, it takes no more memory than a few times its
/// length.
///
/// # Errors
///
/// [`BadRequest`]: the first [`Fault`] found, and the request's id if it has a good one.
pub fn parse(message: &str) -> Result<Request, BadRequest> {
    let fields =
        Fields::read(message).map_err(|_| BadRequest { id: None, fault: Fault::NotJson })?;
    let mut reader = Reader { fields, within: None };
    let id = reader.id().map_err(|fault| BadRequest { id: None, fault })?;
    match reader.request() {
        Ok(asked) => Ok(Request { id, asked }),
        Err(fault) => Err(BadRequest { id: Some(id), fault }),
    }
}

/// Takes the fields of one object.
pub(crate) struct Reader<'j> {
    pub(crate) fields: Fields<'j>,
    /// The list it is an item of, and its place there.
    pub(crate) within: Option<(&'static str, usize)>,
}

impl Reader<'_> {
    fn id(&mut self) -> Result<Id, Fault> {
        match self.fields.take("id") {
            Some(Value::Number(number)) => match u32::try_from(number) {
                Ok(number) => Ok(Id::Number(number)),
                Err(_) => Err(Fault::TooLarge("id".to_owned(), u32::MAX.into())),
            },
            Some(Value::Text(id)) if id.len() > ID_BYTES_MAX => {
                Err(Fault::TooLong("id".to_owned(), ID_BYTES_MAX))
            }
            Some(Value::Text(id)) if id.is_empty() || clean(&id) != id || id.contains('\t') => {
                Err(Fault::Invalid("id".to_owned(), Kind::Id))
            }
            Some(Value::Text(id)) => Ok(Id::Text(id.into())),
            Some(_) => Err(Fault::Invalid("id".to_owned(), Kind::Id)),
            None => Err(Fault::Missing("id".to_owned())),
        }
    }

    fn request(&mut self) -> Result<Asked, Fault> {
        if let Some(name) = self.fields.twice() {
            return Err(Fault::Twice(self.called(name)));
        }
        let verb = self.text("do", FIELD_BYTES_MAX)?;
        let asked = self.asked(&verb)?;
        self.finish()?;
        Ok(asked)
    }

    /// Nothing may be left over.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        match (self.fields.twice(), self.fields.left()) {
            (Some(name), _) => Err(Fault::Twice(self.called(name))),
            (None, Some(name)) => Err(Fault::Unknown(self.called(name))),
            (None, None) => Ok(()),
        }
    }

    fn asked(&mut self, verb: &str) -> Result<Asked, Fault> {
        match verb {
            "say" => Ok(Asked::Say {
                room: self.room()?,
                text: self.lines("text")?,
                key: self.key()?,
                reply: self.optional("reply", Self::seq)?,
            }),
            "typing" => Ok(Asked::Typing { room: self.room()?, on: self.on()? }),
            "read" => Ok(Asked::Read { room: self.room()?, seq: self.seq("seq")? }),
            "edit" => Ok(Asked::Edit {
                room: self.room()?,
                seq: self.seq("seq")?,
                text: self.lines("text")?,
            }),
            "delete" => Ok(Asked::Delete { room: self.room()?, seq: self.seq("seq")? }),
            "react" => Ok(Asked::React {
                room: self.room()?,
                seq: self.seq("seq")?,
                emoji: self.emoji()?,
                on: self.on()?,
            }),
            "pin" => Ok(Asked::Pin { room: self.room()?, seq: self.seq("seq")?, on: self.on()? }),
            "pins" => self.room().map(Asked::Pins),
            "topic" => self.topic(),
            "members" => self.room().map(Asked::Members),
            "history" => {
                Ok(Asked::History { room: self.room()?, page: self.page()?, limit: self.limit()? })
            }
            "search" => self.search(),
            "message" => Ok(Asked::Message { nick: self.nick("nick")?, text: self.lines("text")? }),
            _ => self.asked_of_session(verb),
        }
    }

    /// What is asked less often: who she is, and where.
    fn asked_of_session(&mut self, verb: &str) -> Result<Asked, Fault> {
        match verb {
            "hello" => self.hello(),
            "log-in" => self.log_in(),
            "register" => Ok(Asked::Register {
                account: self.nick("account")?,
                password: self.secret("password", PASSWORD_BYTES_MAX)?,
            }),
            "log-out" => Ok(Asked::LogOut),
            "tokens" => Ok(Asked::Tokens),
            "revoke" => self.number("token").map(Asked::Revoke),
            "me" => Ok(Asked::Me),
            "rename" => self.nick("nick").map(Asked::Rename),
            "rooms" => Ok(Asked::Rooms),
            "create" => Ok(Asked::Create {
                room: self.room()?,
                capacity: self.small("capacity")?,
                visibility: self.visibility()?.unwrap_or(Visibility::Public),
                nick: self.optional("nick", Self::nick)?,
            }),
            "enter" if self.fields.has("link") => self.enter_by_link(),
            "make-link" | "links" | "revoke-link" => self.asked_of_links(verb),
            "enter" => Ok(Asked::Enter {
                room: self.room()?,
                nick: self.optional("nick", Self::nick)?,
                after: self.optional("after", Self::seq)?,
            }),
            "resume" => {
                Ok(Asked::Resume { nick: self.optional("nick", Self::nick)?, rooms: self.rooms()? })
            }
            "direct" => self.nick("nick").map(Asked::Direct),
            "leave" => self.room().map(Asked::Leave),
            _ => self
                .asked_to_keep_order(verb)
                .unwrap_or_else(|| Err(Fault::Invalid("do".to_owned(), Kind::Verb))),
        }
    }

    fn hello(&mut self) -> Result<Asked, Fault> {
        let lang = self.optional("lang", |reader, name| {
            let tag = reader.text(name, FIELD_BYTES_MAX)?;
            Lang::of_tag(&tag).ok_or_else(|| reader.invalid(name, Kind::Lang))
        })?;
        let client = self.optional("client", |reader, name| {
            Ok(clean(&reader.text(name, CLIENT_BYTES_MAX)?).into_owned())
        })?;
        Ok(Asked::Hello { lang, client })
    }

    fn log_in(&mut self) -> Result<Asked, Fault> {
        let token = self.optional("token", |reader, name| reader.secret(name, TOKEN_BYTES_MAX))?;
        match token {
            Some(token) => Ok(Asked::LogInByToken(token)),
            None if self.fields.has("cookie") => match self.fields.take("cookie") {
                Some(Value::Bool(true)) => Ok(Asked::LogInByCookie),
                _ => Err(self.invalid("cookie", Kind::Bool)),
            },
            None => Ok(Asked::LogIn {
                account: self.nick("account")?,
                password: self.secret("password", PASSWORD_BYTES_MAX)?,
            }),
        }
    }

    fn topic(&mut self) -> Result<Asked, Fault> {
        let room = self.room()?;
        match self.fields.take("topic") {
            None => Ok(Asked::Topic(room)),
            Some(Value::Null) => Ok(Asked::SetTopic { room, topic: None }),
            Some(Value::Text(topic)) => {
                let topic = Some(self.checked_line("topic", &topic)?);
                Ok(Asked::SetTopic { room, topic })
            }
            Some(_) => Err(self.invalid("topic", Kind::Text)),
        }
    }

    fn search(&mut self) -> Result<Asked, Fault> {
        let room = self.room()?;
        let words = self.text("words", SEARCH_BYTES_MAX)?;
        if words.trim().is_empty() {
            return Err(self.invalid("words", Kind::Text));
        }
        Ok(Asked::Search { room, words, limit: self.limit()? })
    }

    fn rooms(&mut self) -> Result<Vec<(RoomName, Seq)>, Fault> {
        let items = match self.fields.take("rooms") {
            Some(Value::List(items)) => items,
            Some(_) => return Err(self.invalid("rooms", Kind::Rooms)),
            None => return Err(Fault::Missing(self.called("rooms"))),
        };
        if items.len() > RESUMED_ROOMS_MAX {
            return Err(Fault::TooLong(self.called("rooms"), RESUMED_ROOMS_MAX));
        }
        let mut rooms: Vec<(RoomName, Seq)> = Vec::with_capacity(items.len());
        for (index, fields) in items.into_iter().enumerate() {
            let mut item = Reader { fields, within: Some(("rooms", index)) };
            let room = (item.room()?, item.seq("after")?);
            item.finish()?;
            if rooms.iter().any(|(name, _)| *name == room.0) {
                return Err(Fault::Twice(item.called("room")));
            }
            rooms.push(room);
        }
        if rooms.is_empty() { Err(self.invalid("rooms", Kind::Rooms)) } else { Ok(rooms) }
    }

    pub(crate) fn page(&mut self) -> Result<Page, Fault> {
        let before = self.optional("before", Self::seq)?;
        let after = self.optional("after", Self::seq)?;
        match (before, after) {
            (None, None) => Ok(Page::Last),
            (Some(seq), None) => Ok(Page::Before(seq)),
            (None, Some(seq)) => Ok(Page::After(seq)),
            (Some(_), Some(_)) => Err(Fault::Unknown(self.called("after"))),
        }
    }

    pub(crate) fn limit(&mut self) -> Result<usize, Fault> {
        let limit = self.optional("limit", Self::number)?;
        match limit.map(usize::try_from) {
            None => Ok(PAGE_DEFAULT),
            Some(Ok(0)) => Err(self.invalid("limit", Kind::Limit)),
            Some(limit) => Ok(limit.unwrap_or(PAGE_MAX).min(PAGE_MAX)),
        }
    }

    /// Whether it is within its bounds is the room's rule; here it only has to be a number.
    pub(crate) fn small(&mut self, name: &'static str) -> Result<u32, Fault> {
        let number = self.number(name)?;
        u32::try_from(number).map_err(|_| Fault::TooLarge(self.called(name), u32::MAX.into()))
    }

    pub(crate) fn key(&mut self) -> Result<Option<Key>, Fault> {
        self.optional("key", |reader, name| {
            let key = reader.text(name, KEY_BYTES_MAX)?;
            Key::parse(&key).ok_or_else(|| reader.invalid(name, Kind::Key))
        })
    }

    pub(crate) fn emoji(&mut self) -> Result<Emoji, Fault> {
        let emoji = self.text("emoji", room::limits::EMOJI_BYTES_MAX)?;
        Emoji::parse(&emoji).map_err(|_| self.invalid("emoji", Kind::Emoji))
    }

    /// `on`, which need not be said.
    pub(crate) fn on(&mut self) -> Result<bool, Fault> {
        match self.fields.take("on") {
            None => Ok(true),
            Some(Value::Bool(on)) => Ok(on),
            Some(_) => Err(self.invalid("on", Kind::Bool)),
        }
    }

    pub(crate) fn room(&mut self) -> Result<RoomName, Fault> {
        let name = self.text("room", NAME_BYTES_MAX)?;
        RoomName::parse(&name).map_err(|_| self.invalid("room", Kind::Name))
    }

    pub(crate) fn nick(&mut self, name: &'static str) -> Result<Nick, Fault> {
        let nick = self.text(name, NAME_BYTES_MAX)?;
        Nick::parse(&nick).map_err(|_| self.invalid(name, Kind::Name))
    }

    pub(crate) fn seq(&mut self, name: &'static str) -> Result<Seq, Fault> {
        self.number(name).map(Seq)
    }

    pub(crate) fn secret(&mut self, name: &'static str, bytes_max: usize) -> Result<Secret, Fault> {
        self.text(name, bytes_max).map(Secret::new)
    }

    /// What is said: it may have lines.
    pub(crate) fn lines(&mut self, name: &'static str) -> Result<Text, Fault> {
        let text = self.text(name, TEXT_BYTES_MAX)?;
        if text.contains('\r') {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            return Text::new(&text).ok_or_else(|| self.invalid(name, Kind::Text));
        }
        Text::new(&text).ok_or_else(|| self.invalid(name, Kind::Text))
    }

    pub(crate) fn line(&mut self, name: &'static str) -> Result<Text, Fault> {
        let text = self.text(name, TEXT_BYTES_MAX)?;
        self.checked_line(name, &text)
    }

    /// Text of one line: where it was more, there is a space.
    pub(crate) fn checked_line(&self, name: &'static str, text: &str) -> Result<Text, Fault> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(Fault::TooLong(self.called(name), TEXT_BYTES_MAX));
        }
        let line = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
        Text::new(&line).ok_or_else(|| self.invalid(name, Kind::Text))
    }

    pub(crate) fn text(&mut self, name: &'static str, bytes_max: usize) -> Result<String, Fault> {
        match self.fields.take(name) {
            Some(Value::Text(text)) if text.len() > bytes_max => {
                Err(Fault::TooLong(self.called(name), bytes_max))
            }
            Some(Value::Text(text)) => Ok(text.into_owned()),
            Some(_) => Err(self.invalid(name, Kind::Text)),
            None => Err(Fault::Missing(self.called(name))),
        }
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Result<u64, Fault> {
        match self.fields.take(name) {
            Some(Value::Number(number)) if number > NUMBER_MAX => {
                Err(Fault::TooLarge(self.called(name), NUMBER_MAX))
            }
            Some(Value::Number(number)) => Ok(number),
            Some(_) => Err(self.invalid(name, Kind::Number)),
            None => Err(Fault::Missing(self.called(name))),
        }
    }

    /// A field that need not be there.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        take: impl FnOnce(&mut Self, &'static str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.fields.has(name) { take(self, name).map(Some) } else { Ok(None) }
    }

    pub(crate) fn invalid(&self, name: &str, kind: Kind) -> Fault {
        Fault::Invalid(self.called(name), kind)
    }

    /// A field's name as a refusal says it: `text`, `rooms[2].after`.
    pub(crate) fn called(&self, name: &str) -> String {
        let name = clean(&name[..name.floor_char_boundary(FIELD_BYTES_MAX)]);
        match self.within {
            Some((list, index)) => format!("{list}[{index}].{name}"),
            None => name.into_owned(),
        }
    }
}
