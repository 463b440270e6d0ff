//! In which form a member gets the events of a room.

use bytes::Bytes;
use lang::Lang;
use room::{Event, RoomName};

use crate::{json, line};

/// One way of writing events as bytes. An event is encoded at most once in each, and the bytes
/// are shared by all members who get it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The line protocol.
    Line {
        /// The language of notices.
        lang: Lang,
        /// Whether kept events come with their sequence number (`--CURSOR`).
        numbered: bool,
    },
    /// `papo.v1` over WebSocket.
    Json {
        /// Whether its frames are compressed.
        deflate: bool,
    },
}

impl Dialect {
    /// How many dialects there are: the range of [`Dialect::index`].
    pub const COUNT: usize = Self::LINES + 2;

    /// How many of them are of the line protocol.
    const LINES: usize = Lang::ALL.len() * 2;

    /// This dialect's place in an array of all.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Line { lang, numbered } => lang as usize * 2 + numbered as usize,
            Self::Json { deflate } => Self::LINES + deflate as usize,
        }
    }

    /// Whether who did something gets the event of it too. Over lines her own words stand on her
    /// terminal already.
    #[must_use]
    pub const fn shows_own(self) -> bool {
        match self {
            Self::Line { .. } => false,
            Self::Json { .. } => true,
        }
    }

    /// The event in this dialect; `None` if its members are not shown it.
    ///
    /// `present` is how many are in `room` now, for protocols that keep quiet in a crowd; `frame`
    /// makes a WebSocket message of a text, compressed if it is told so.
    #[must_use]
    pub fn encode(
        self,
        event: &Event,
        room: &RoomName,
        present: u32,
        frame: impl FnOnce(&[u8], bool) -> Bytes,
    ) -> Option<Bytes> {
        match self {
            Self::Line { lang, numbered } => line::event(event, present, lang, numbered),
            Self::Json { deflate } => {
                json::event(event, room, present).map(|text| frame(&text, deflate))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_place_of_its_own() {
        let lines = Lang::ALL
            .into_iter()
            .flat_map(|lang| [false, true].map(|numbered| Dialect::Line { lang, numbered }));
        let json = [false, true].map(|deflate| Dialect::Json { deflate });
        let mut places: Vec<_> = lines.chain(json).map(Dialect::index).collect();
        places.sort_unstable();
        assert_eq!(places, (0..Dialect::COUNT).collect::<Vec<_>>());
    }
}
