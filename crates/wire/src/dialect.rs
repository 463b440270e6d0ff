//! In which form a member gets the events of a room.

use bytes::Bytes;
use lang::Lang;
use room::Event;

use crate::line;

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
}

impl Dialect {
    /// How many dialects there are: the range of [`Dialect::index`].
    pub const COUNT: usize = Lang::ALL.len() * 2;

    /// This dialect's place in an array of all.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Line { lang, numbered } => lang as usize * 2 + numbered as usize,
        }
    }

    /// The event in this dialect; `None` if its members are not shown it.
    ///
    /// `present` is how many are in the room, for protocols that keep quiet in a crowd.
    #[must_use]
    pub fn encode(self, event: &Event, present: u32) -> Option<Bytes> {
        match self {
            Self::Line { lang, numbered } => line::event(event, present, lang, numbered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_place_of_its_own() {
        let mut places: Vec<_> = Lang::ALL
            .into_iter()
            .flat_map(|lang| [false, true].map(|numbered| Dialect::Line { lang, numbered }))
            .map(Dialect::index)
            .collect();
        places.sort_unstable();
        assert_eq!(places, (0..Dialect::COUNT).collect::<Vec<_>>());
    }
}
