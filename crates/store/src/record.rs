//! The bytes in which a kept fact lies in a log.
//!
//! Written by hand and versioned, so that no change of a type elsewhere changes what is on
//! somebody's disk. `tests/golden/` holds one file a shape; a change of format breaks a test. A
//! new shape gets a new version number here, and every version stays readable for ever.
//!
//! ```text
//! version u8 = 1 | kind u8 | fields
//! Created  (1):  capacity u32 | visibility u8 (0 public, 1 unlisted, 2 private) | name str8 |
//!                by str8
//! Said     (2):  member u64 | nick str8 | text to the end
//! TopicSet (3):  member u64 | nick str8 | 0 u8, or 1 u8 and the topic to the end
//!
//! version u8 = 2 | kind u8 | member u64 | 0 u8, or 1 u8 and the account u64 | nick str8 | fields
//! Said     (2):  reply u64 (0: none) | text to the end; none: erased
//! Edited   (4):  target u64 | text to the end; none: erased
//! Deleted  (5):  target u64
//! Reacted  (6):  target u64 | on u8 | emoji to the end
//! Pinned   (7):  target u64 | on u8
//!
//! version u8 = 3 | kind u8 | member u64 | 0 u8, or 1 u8 and the account u64 | nick str8 | fields
//! Moderated (8): a measure, see `measure.rs`
//!
//! version u8 = 4 | kind u8 | as in version 2 | fields
//! Said     (2):  reply u64 (0: none) | key str8 | text to the end
//!
//! version u8 = 5 | kind u8 | as in version 2 | fields
//! Deleted  (5):  target u64; by a purge
//! ```
//!
//! A text may have lines, with LF between them. Numbers are little-endian; a `str8` is a length in
//! one byte and so many bytes of UTF-8. Of the versions of Said the first is written that says
//! everything. Quotes are not kept.

mod measure;

use room::limits::{KEY_BYTES_MAX, NAME_BYTES_MAX};
use room::{AccountId, Emoji, Fact, Key, MemberId, Nick, Reply, RoomName, Seq, Text, Visibility};

const _: () = assert!(NAME_BYTES_MAX <= u8::MAX as usize, "a name fits a str8");
const _: () = assert!(KEY_BYTES_MAX <= NAME_BYTES_MAX, "and so does a key");

/// What kind of fact a record holds; also the column that the log selects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Created = 1,
    Said = 2,
    TopicSet = 3,
    Edited = 4,
    Deleted = 5,
    Reacted = 6,
    Pinned = 7,
    Moderated = 8,
}

/// Why bytes are no record of a kept fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A version this program does not know.
    #[error("unknown record version {0}")]
    Version(u8),
    /// A kind this program does not know.
    #[error("unknown kind of record {0}")]
    Kind(u8),
    /// A field has a value it cannot have.
    #[error("bad {0} in a record")]
    Field(&'static str),
    /// The bytes end before the record does.
    #[error("a record is cut short")]
    Short,
    /// The record ends before the bytes do.
    #[error("a record has bytes after its end")]
    Trailing,
}

/// Writes `fact` after what is in `bytes`. `None`, and nothing written, if it is not of the kept
/// kind ([`Fact::is_kept`]).
#[must_use]
pub fn encode(fact: &Fact, bytes: &mut Vec<u8>) -> Option<()> {
    let kind = kind_of(fact)? as u8;
    match fact {
        Fact::Created { name, capacity, visibility, by } => {
            bytes.extend([1, kind]);
            bytes.extend(capacity.to_le_bytes());
            bytes.push(visibility_byte(*visibility));
            put_str8(name.as_str(), bytes);
            put_str8(by.as_str(), bytes);
        }
        Fact::Said { member, account: None, nick, text, reply: None, key: None } => {
            bytes.extend([1, kind]);
            bytes.extend(member.0.to_le_bytes());
            put_str8(nick.as_str(), bytes);
            bytes.extend(text.as_str().as_bytes());
        }
        Fact::TopicSet { member, nick, topic } => {
            bytes.extend([1, kind]);
            bytes.extend(member.0.to_le_bytes());
            put_str8(nick.as_str(), bytes);
            bytes.push(u8::from(topic.is_some()));
            bytes.extend(topic.as_ref().map_or("", Text::as_str).as_bytes());
        }
        Fact::Said { member, account, nick, text, reply, key } => {
            let to = reply.as_ref().map_or(NONE, |reply| reply.to);
            let start = bytes.len();
            put_deed(kind, (*member, *account), nick, to, bytes);
            if let Some(key) = key {
                bytes[start] = 4;
                put_str8(key.as_str(), bytes);
            }
            bytes.extend(text.as_str().as_bytes());
        }
        Fact::Edited { member, account, nick, target, text, quote: _ } => {
            put_deed(kind, (*member, *account), nick, *target, bytes);
            bytes.extend(text.as_str().as_bytes());
        }
        Fact::Erased { member, account, nick, edited } => {
            // What it answered goes with its text.
            put_deed(kind, (*member, *account), nick, edited.unwrap_or(NONE), bytes);
        }
        Fact::Deleted { member, account, nick, target, is_purge } => {
            let start = bytes.len();
            put_deed(kind, (*member, *account), nick, *target, bytes);
            if *is_purge {
                bytes[start] = 5;
            }
        }
        Fact::Reacted { member, account, nick, target, emoji, on, quote: _ } => {
            put_deed(kind, (*member, *account), nick, *target, bytes);
            bytes.push(u8::from(*on));
            bytes.extend(emoji.as_str().as_bytes());
        }
        Fact::Pinned { member, account, nick, target, on, quote: _ } => {
            put_deed(kind, (*member, *account), nick, *target, bytes);
            bytes.push(u8::from(*on));
        }
        Fact::Moderated { member, account, nick, measure } => {
            put_author(3, kind, (*member, *account), nick, bytes);
            measure::put(measure, bytes);
        }
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => return None,
    }
    Some(())
}

/// Reads back what [`encode`] wrote, of any version. Takes any bytes.
///
/// A text is cleaned again on its way in: what a later version holds to be unsafe on a terminal
/// is not served from an old log either.
///
/// # Errors
///
/// [`RecordError`]: the bytes were not written by [`encode`].
pub fn decode(bytes: &[u8]) -> Result<Fact, RecordError> {
    let mut rest = Rest(bytes);
    let [version] = rest.take()?;
    let [kind] = rest.take()?;
    match version {
        1 => decode_1(kind, rest),
        2 => decode_2(kind, rest),
        3 if kind == Kind::Moderated as u8 => {
            let (member, account, nick) = rest.author()?;
            let measure = Box::new(measure::take(&mut rest)?);
            rest.end()?;
            Ok(Fact::Moderated { member, account, nick, measure })
        }
        3 => Err(RecordError::Kind(kind)),
        4 => decode_4(kind, rest),
        5 => decode_5(kind, rest),
        unknown => Err(RecordError::Version(unknown)),
    }
}

fn decode_1(kind: u8, mut rest: Rest<'_>) -> Result<Fact, RecordError> {
    match kind {
        1 => {
            let capacity = u32::from_le_bytes(rest.take()?);
            let visibility = rest.visibility()?;
            let name =
                RoomName::parse(rest.str8("name")?).map_err(|_| RecordError::Field("room name"))?;
            let by = rest.nick()?;
            rest.end()?;
            Ok(Fact::Created { name, capacity, visibility, by })
        }
        2 => {
            let member = MemberId(rest.number()?);
            let (nick, text) = (rest.nick()?, rest.text()?);
            Ok(Fact::Said { member, account: None, nick, text, reply: None, key: None })
        }
        3 => {
            let member = MemberId(rest.number()?);
            let nick = rest.nick()?;
            let topic = if rest.flag("topic")? {
                Some(rest.text()?)
            } else {
                rest.end()?;
                None
            };
            Ok(Fact::TopicSet { member, nick, topic })
        }
        unknown => Err(RecordError::Kind(unknown)),
    }
}

fn decode_2(kind: u8, mut rest: Rest<'_>) -> Result<Fact, RecordError> {
    if !(2..=7).contains(&kind) || kind == 3 {
        return Err(RecordError::Kind(kind));
    }
    let (member, account, nick) = rest.author()?;
    let about = Seq(rest.number()?);
    if kind != Kind::Said as u8 && about == NONE {
        return Err(RecordError::Field("target"));
    }
    let quote = None;
    match kind {
        2 | 4 if rest.0.is_empty() => {
            let edited = (kind == Kind::Edited as u8).then_some(about);
            if edited.is_none() && about != NONE {
                return Err(RecordError::Field("reply"));
            }
            Ok(Fact::Erased { member, account, nick, edited })
        }
        2 => {
            let reply = (about != NONE).then(|| Box::new(Reply { to: about, quote }));
            Ok(Fact::Said { member, account, nick, text: rest.text()?, reply, key: None })
        }
        4 => {
            let text = rest.text()?;
            Ok(Fact::Edited { member, account, nick, target: about, quote, text })
        }
        5 => {
            rest.end()?;
            Ok(Fact::Deleted { member, account, nick, target: about, is_purge: false })
        }
        6 => {
            let (on, emoji) = (rest.flag("reaction")?, rest.emoji()?);
            Ok(Fact::Reacted { member, account, nick, target: about, quote, emoji, on })
        }
        _ => {
            let on = rest.flag("pin")?;
            rest.end()?;
            Ok(Fact::Pinned { member, account, nick, target: about, quote, on })
        }
    }
}

fn decode_4(kind: u8, mut rest: Rest<'_>) -> Result<Fact, RecordError> {
    if kind != Kind::Said as u8 {
        return Err(RecordError::Kind(kind));
    }
    let (member, account, nick) = rest.author()?;
    let about = Seq(rest.number()?);
    let reply = (about != NONE).then(|| Box::new(Reply { to: about, quote: None }));
    let key = Some(Key::parse(rest.str8("key")?).ok_or(RecordError::Field("key"))?);
    Ok(Fact::Said { member, account, nick, text: rest.text()?, reply, key })
}

fn decode_5(kind: u8, mut rest: Rest<'_>) -> Result<Fact, RecordError> {
    if kind != Kind::Deleted as u8 {
        return Err(RecordError::Kind(kind));
    }
    let (member, account, nick) = rest.author()?;
    let target = Seq(rest.number()?);
    if target == NONE {
        return Err(RecordError::Field("target"));
    }
    rest.end()?;
    Ok(Fact::Deleted { member, account, nick, target, is_purge: true })
}

/// The kind of a kept fact; `None` of a passing one.
pub(crate) const fn kind_of(fact: &Fact) -> Option<Kind> {
    match fact {
        Fact::Created { .. } => Some(Kind::Created),
        Fact::Said { .. } | Fact::Erased { edited: None, .. } => Some(Kind::Said),
        Fact::Edited { .. } | Fact::Erased { edited: Some(_), .. } => Some(Kind::Edited),
        Fact::Deleted { .. } => Some(Kind::Deleted),
        Fact::Reacted { .. } => Some(Kind::Reacted),
        Fact::Pinned { .. } => Some(Kind::Pinned),
        Fact::TopicSet { .. } => Some(Kind::TopicSet),
        Fact::Moderated { .. } => Some(Kind::Moderated),
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => None,
    }
}

/// No message: the first event of a room, which made it, has position 1.
const NONE: Seq = Seq::START;

/// What every record of version 2, 4 and 5 begins with, as version 2.
fn put_deed(
    kind: u8,
    (member, account): (MemberId, Option<AccountId>),
    nick: &Nick,
    about: Seq,
    bytes: &mut Vec<u8>,
) {
    put_author(2, kind, (member, account), nick, bytes);
    bytes.extend(about.0.to_le_bytes());
}

/// What every record since version 2 begins with.
fn put_author(
    version: u8,
    kind: u8,
    (member, account): (MemberId, Option<AccountId>),
    nick: &Nick,
    bytes: &mut Vec<u8>,
) {
    bytes.extend([version, kind]);
    bytes.extend(member.0.to_le_bytes());
    bytes.push(u8::from(account.is_some()));
    bytes.extend(account.into_iter().flat_map(|account| account.0.to_le_bytes()));
    put_str8(nick.as_str(), bytes);
}

const fn visibility_byte(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Unlisted => 1,
        Visibility::Private => 2,
    }
}

fn put_str8(name: &str, bytes: &mut Vec<u8>) {
    let length = u8::try_from(name.len()).expect("names and keys are short");
    bytes.push(length);
    bytes.extend(name.as_bytes());
}

/// What has not been read yet.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(RecordError::Short)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u64, RecordError> {
        self.take().map(u64::from_le_bytes)
    }

    fn flag(&mut self, field: &'static str) -> Result<bool, RecordError> {
        match self.take()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(RecordError::Field(field)),
        }
    }

    fn visibility(&mut self) -> Result<Visibility, RecordError> {
        match self.take()? {
            [0] => Ok(Visibility::Public),
            [1] => Ok(Visibility::Unlisted),
            [2] => Ok(Visibility::Private),
            _ => Err(RecordError::Field("visibility")),
        }
    }

    fn author(&mut self) -> Result<(MemberId, Option<AccountId>, Nick), RecordError> {
        let member = MemberId(self.number()?);
        let has_account = self.flag("account")?;
        let account = if has_account { Some(AccountId(self.number()?)) } else { None };
        Ok((member, account, self.nick()?))
    }

    fn str8(&mut self, field: &'static str) -> Result<&'b str, RecordError> {
        let [length] = self.take()?;
        let (name, rest) = self.0.split_at_checked(length.into()).ok_or(RecordError::Short)?;
        self.0 = rest;
        std::str::from_utf8(name).map_err(|_| RecordError::Field(field))
    }

    fn nick(&mut self) -> Result<Nick, RecordError> {
        Nick::parse(self.str8("name")?).map_err(|_| RecordError::Field("nick"))
    }

    fn text(&mut self) -> Result<Text, RecordError> {
        let text = std::str::from_utf8(self.0).map_err(|_| RecordError::Field("text"))?;
        Text::new(text).ok_or(RecordError::Field("text"))
    }

    /// A text up to the end, or none.
    fn text_if_any(&mut self) -> Result<Option<Text>, RecordError> {
        if self.0.is_empty() { Ok(None) } else { self.last_text().map(Some) }
    }

    /// A text up to the end, which is then reached.
    fn last_text(&mut self) -> Result<Text, RecordError> {
        let text = self.text()?;
        self.0 = &[];
        Ok(text)
    }

    fn emoji(&mut self) -> Result<Emoji, RecordError> {
        let text = std::str::from_utf8(self.0).map_err(|_| RecordError::Field("emoji"))?;
        // It was written in its one spelling.
        let emoji = Emoji::parse(text).ok().filter(|emoji| emoji.as_str() == text);
        emoji.ok_or(RecordError::Field("emoji"))
    }

    const fn end(&self) -> Result<(), RecordError> {
        if self.0.is_empty() { Ok(()) } else { Err(RecordError::Trailing) }
    }
}
