//! A message as it stands now, and what the rules must know of one that a command is about.
//!
//! A room's log keeps what happened: something was said, corrected, taken back. What stands now is
//! folded from that by whoever reads the log.

use crate::limits::QUOTE_CHARS_MAX;
use crate::{AccountId, Emoji, MemberId, Nick, RoomId, Seq, Text, UnixMs};

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// The session it came from.
    pub member: MemberId,
    /// The account she was logged in to, if she was.
    pub account: Option<AccountId>,
}

impl Author {
    /// Whether both are one person: the same session, or sessions of the same account.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.member == other.member || (self.account.is_some() && self.account == other.account)
    }
}

/// A message, its corrections and what others made of it taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it was said.
    pub room: RoomId,
    /// Its number: its position in the room's log.
    pub seq: Seq,
    /// When it was said.
    pub at: UnixMs,
    /// Who said it.
    pub author: Author,
    /// What she was called then.
    pub nick: Nick,
    /// Its newest text; `None`: it was deleted, and no log has its text any more.
    pub text: Option<Text>,
    /// Whether the text is not the first one.
    pub is_edited: bool,
    /// Which message it answers.
    pub reply: Option<Box<Reply>>,
    /// The emoji it got and from how many, most first; at most
    /// [`crate::limits::REACTIONS_SHOWN_MAX`] of them.
    pub reactions: Vec<(Emoji, u64)>,
    /// Whether it is pinned.
    pub is_pinned: bool,
}

/// What a message said, and from when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From when on.
    pub at: UnixMs,
    /// What.
    pub text: Text,
}

/// Which message another one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its number.
    pub to: Seq,
    /// What it said when it was answered; see [`Quote`].
    pub quote: Option<Box<Quote>>,
}

/// How a message begins, so that what others do with it makes sense alone.
///
/// A quote goes with an event to those who are shown it, and is **not kept**: who reads the log
/// adds it from the message itself, as it stood just before the event. So a text that was deleted
/// is quoted nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Who said it, by the nick she had then.
    pub nick: Nick,
    /// The first [`QUOTE_CHARS_MAX`] characters as one line, with `...` behind them if there are
    /// more.
    pub start: Text,
}

impl Quote {
    /// Quotes what someone said.
    #[must_use]
    pub fn of(nick: &Nick, text: &Text) -> Self {
        let text = text.flat();
        let said = text.trim();
        let start = match said.char_indices().nth(QUOTE_CHARS_MAX) {
            Some((end, _)) => Text::new(&format!("{}...", said[..end].trim_end())),
            None => Text::new(said),
        };
        Self { nick: nick.clone(), start: start.expect("a text is not blank") }
    }
}

/// The message a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its number, as it was asked for.
    pub seq: Seq,
    /// What the log holds under that number, looked up before deciding; `None`: no message.
    pub held: Option<Held>,
}

/// What the log holds of a message, as far as the rules must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who said it.
    pub author: Author,
    /// What she was called then.
    pub nick: Nick,
    /// Its newest text; `None`: it was deleted.
    pub text: Option<Text>,
    /// How often it was edited.
    pub edits: u64,
    /// Whether who asks has given it the emoji that is asked about.
    pub has_reacted: bool,
    /// Whether it is pinned.
    pub is_pinned: bool,
    /// How many messages of its room are pinned.
    pub pins: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_a_session_or_an_account() {
        let author = |member, account: Option<u64>| Author {
            member: MemberId(member),
            account: account.map(AccountId),
        };
        for (one, other, is_same) in [
            (author(1, None), author(1, None), true),
            (author(1, None), author(1, Some(5)), true),
            (author(1, Some(5)), author(2, Some(5)), true),
            (author(1, None), author(2, None), false),
            (author(1, Some(5)), author(2, Some(6)), false),
            (author(1, Some(5)), author(2, None), false),
        ] {
            assert_eq!(one.is_same_person(&other), is_same, "{one:?} {other:?}");
            assert_eq!(other.is_same_person(&one), is_same);
        }
    }

    #[test]
    fn a_quote_is_short_and_whole_characters() {
        let quoted = |text: &str| {
            let quote = Quote::of(&Nick::parse("ana").unwrap(), &Text::new(text).unwrap());
            quote.start.as_str().to_owned()
        };
        assert_eq!(quoted("  oi  "), "oi");
        assert_eq!(quoted(&"é".repeat(40)), "é".repeat(40));
        assert_eq!(quoted(&"é".repeat(41)), "é".repeat(40) + "...");
        assert_eq!(
            quoted(&format!("{}{}", " ".repeat(50), "東".repeat(50))),
            "東".repeat(40) + "..."
        );
        assert_eq!(quoted(&format!("ab{}c", " ".repeat(50))), "ab...");
    }
}
