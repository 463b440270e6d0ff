//! The bytes in which a kept fact lies in a log.
//!
//! Written by hand and versioned, so that no change of a type elsewhere changes what is on
//! somebody's disk. `tests/golden/` holds one file a shape; a change of format breaks a test. A
//! new shape gets a new version number here, and every version stays readable for ever.
//!
//! ```text
//! version u8 = 1 | kind u8 | fields
//! Created  (1):  capacity u32 | visibility u8 (0 public, 1 unlisted) | name str8 | by str8
//! Said     (2):  member u64 | nick str8 | text to the end
//! TopicSet (3):  member u64 | nick str8 | 0 u8, or 1 u8 and the topic to the end
//! ```
//!
//! Numbers are little-endian; a `str8` is a length in one byte and so many bytes of UTF-8.

use room::limits::NAME_BYTES_MAX;
use room::{Fact, MemberId, Nick, RoomName, Text, Visibility};

/// The version that is written.
const VERSION: u8 = 1;

const _: () = assert!(NAME_BYTES_MAX <= u8::MAX as usize, "a name fits a str8");

/// What kind of fact a record holds; also the column that the log selects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Created = 1,
    Said = 2,
    TopicSet = 3,
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
    let kind = kind_of(fact)?;
    bytes.extend([VERSION, kind as u8]);
    match fact {
        Fact::Created { name, capacity, visibility, by } => {
            bytes.extend(capacity.to_le_bytes());
            bytes.push(match visibility {
                Visibility::Public => 0,
                Visibility::Unlisted => 1,
            });
            put_name(name.as_str(), bytes);
            put_name(by.as_str(), bytes);
        }
        Fact::Said { member, nick, text } => {
            bytes.extend(member.0.to_le_bytes());
            put_name(nick.as_str(), bytes);
            bytes.extend(text.as_str().as_bytes());
        }
        Fact::TopicSet { member, nick, topic } => {
            bytes.extend(member.0.to_le_bytes());
            put_name(nick.as_str(), bytes);
            bytes.push(u8::from(topic.is_some()));
            bytes.extend(topic.as_ref().map_or("", Text::as_str).as_bytes());
        }
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => return None,
    }
    Some(())
}

/// Reads back what [`encode`] wrote. Takes any bytes.
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
    if version != VERSION {
        return Err(RecordError::Version(version));
    }
    let [kind] = rest.take()?;
    match kind {
        1 => {
            let capacity = u32::from_le_bytes(rest.take()?);
            let visibility = match rest.take()? {
                [0] => Visibility::Public,
                [1] => Visibility::Unlisted,
                _ => return Err(RecordError::Field("visibility")),
            };
            let name =
                RoomName::parse(rest.name()?).map_err(|_| RecordError::Field("room name"))?;
            let by = rest.nick()?;
            rest.end()?;
            Ok(Fact::Created { name, capacity, visibility, by })
        }
        2 => {
            let member = MemberId(u64::from_le_bytes(rest.take()?));
            Ok(Fact::Said { member, nick: rest.nick()?, text: rest.text()? })
        }
        3 => {
            let member = MemberId(u64::from_le_bytes(rest.take()?));
            let nick = rest.nick()?;
            let topic = match rest.take()? {
                [0] => rest.end().map(|()| None)?,
                [1] => Some(rest.text()?),
                _ => return Err(RecordError::Field("topic")),
            };
            Ok(Fact::TopicSet { member, nick, topic })
        }
        unknown => Err(RecordError::Kind(unknown)),
    }
}

/// The kind of a kept fact; `None` of a passing one.
pub(crate) const fn kind_of(fact: &Fact) -> Option<Kind> {
    match fact {
        Fact::Created { .. } => Some(Kind::Created),
        Fact::Said { .. } => Some(Kind::Said),
        Fact::TopicSet { .. } => Some(Kind::TopicSet),
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => None,
    }
}

fn put_name(name: &str, bytes: &mut Vec<u8>) {
    let length = u8::try_from(name.len()).expect("NAME_BYTES_MAX fits a byte");
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

    fn name(&mut self) -> Result<&'b str, RecordError> {
        let [length] = self.take()?;
        let (name, rest) = self.0.split_at_checked(length.into()).ok_or(RecordError::Short)?;
        self.0 = rest;
        std::str::from_utf8(name).map_err(|_| RecordError::Field("name"))
    }

    fn nick(&mut self) -> Result<Nick, RecordError> {
        Nick::parse(self.name()?).map_err(|_| RecordError::Field("nick"))
    }

    fn text(&mut self) -> Result<Text, RecordError> {
        let text = std::str::from_utf8(self.0).map_err(|_| RecordError::Field("text"))?;
        Text::new(text).ok_or(RecordError::Field("text"))
    }

    const fn end(&self) -> Result<(), RecordError> {
        if self.0.is_empty() { Ok(()) } else { Err(RecordError::Trailing) }
    }
}
