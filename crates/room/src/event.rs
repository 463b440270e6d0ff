//! What happened in a room: the facts that its log keeps, and those that only pass.

use crate::{
    AccountId, Emoji, Key, Measure, MemberId, Nick, Quote, Reply, RoomId, RoomName, Seq, Text,
    UnixMs,
};

/// One thing that happened in one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Where it happened.
    pub room: RoomId,
    /// Of a kept fact, its own position in the room's log; of a passing one, the position of the
    /// last kept fact before it.
    pub seq: Seq,
    /// When it happened, by the server's clock. Not an order: that is `seq`.
    pub at: UnixMs,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The room was made. Always the first of its log. Kept.
    Created {
        /// What it is called.
        name: RoomName,
        /// Members it holds at most.
        capacity: u32,
        /// Who may find it.
        visibility: Visibility,
        /// Who made it.
        by: Nick,
    },
    /// Someone said something. Kept.
    Said {
        /// The session it came from.
        member: MemberId,
        /// The account of its author, if she was logged in.
        account: Option<AccountId>,
        /// What its author was called then.
        nick: Nick,
        /// What was said.
        text: Text,
        /// The message it answers, if it answers one.
        reply: Option<Box<Reply>>,
        /// What it was sent with, to be said once however often it is sent. Nobody is shown it.
        key: Option<Key>,
    },
    /// The author of a message gave it another text. The earlier one stays in the log. Kept.
    Edited {
        /// The session it came from.
        member: MemberId,
        /// The account of its author, if she was logged in.
        account: Option<AccountId>,
        /// What its author was called then.
        nick: Nick,
        /// The message.
        target: Seq,
        /// What it said before; not kept.
        quote: Option<Box<Quote>>,
        /// What it says from then on.
        text: Text,
    },
    /// The author of a message took it back, or someone with rights took it away. With this event
    /// the log loses every text the message had: what said them becomes [`Fact::Erased`]. Kept.
    Deleted {
        /// The session it came from.
        member: MemberId,
        /// The account of its author, if she was logged in.
        account: Option<AccountId>,
        /// What its author was called then.
        nick: Nick,
        /// The message.
        target: Seq,
        /// It is one of many: the [`Measure::Purged`] that follows tells people of all.
        is_purge: bool,
    },
    /// What is left of a message, or of a correction of it, once the message is deleted. Nobody
    /// decides it: it is only read from a log. Kept.
    Erased {
        /// The session it came from.
        member: MemberId,
        /// The account of its author, if she was logged in.
        account: Option<AccountId>,
        /// What its author was called then.
        nick: Nick,
        /// The message that this corrected; `None`: this was the message.
        edited: Option<Seq>,
    },
    /// Someone gave a message an emoji, or took it away again. Kept.
    Reacted {
        /// The session it came from.
        member: MemberId,
        /// Her account, if she was logged in.
        account: Option<AccountId>,
        /// What she was called then.
        nick: Nick,
        /// The message.
        target: Seq,
        /// What it said then; not kept.
        quote: Option<Box<Quote>>,
        /// The emoji.
        emoji: Emoji,
        /// Given, or taken away.
        on: bool,
    },
    /// Someone pinned a message, or took the pin away. Kept.
    Pinned {
        /// The session it came from.
        member: MemberId,
        /// Her account, if she was logged in.
        account: Option<AccountId>,
        /// What she was called then.
        nick: Nick,
        /// The message.
        target: Seq,
        /// What it said then; not kept.
        quote: Option<Box<Quote>>,
        /// Pinned, or not any more.
        on: bool,
    },
    /// Someone set the topic, or took it away. Kept.
    TopicSet {
        /// The session it came from.
        member: MemberId,
        /// Who set it.
        nick: Nick,
        /// The topic; `None`: there is none any more.
        topic: Option<Text>,
    },
    /// Someone with rights did something to someone, or to the room. Kept.
    Moderated {
        /// The session it came from.
        member: MemberId,
        /// Her account, if she was logged in.
        account: Option<AccountId>,
        /// What she was called then.
        nick: Nick,
        /// What she did.
        measure: Box<Measure>,
    },
    /// Someone came in. Passing.
    Entered {
        /// Who.
        member: MemberId,
        /// Her account, if she is logged in.
        account: Option<AccountId>,
        /// What she is called.
        nick: Nick,
        /// She is in already, by another session of her account: the others need not be told.
        again: bool,
    },
    /// Someone went. Passing.
    Left {
        /// Who.
        member: MemberId,
        /// Her account, if she is logged in.
        account: Option<AccountId>,
        /// What she was called.
        nick: Nick,
        /// How she went.
        how: Departure,
        /// She stays in by another session of her account: the others need not be told.
        again: bool,
    },
    /// Someone is called otherwise now. Passing.
    Renamed {
        /// Who.
        member: MemberId,
        /// Her account, if she is logged in.
        account: Option<AccountId>,
        /// What she was called.
        from: Nick,
        /// What she is called.
        to: Nick,
    },
}

impl Fact {
    /// Whether the log keeps it and it has a sequence number of its own. What is not kept only
    /// passes: it is delivered to those who are there, in the same order as the rest.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        match self {
            Self::Created { .. }
            | Self::Said { .. }
            | Self::Edited { .. }
            | Self::Deleted { .. }
            | Self::Erased { .. }
            | Self::Reacted { .. }
            | Self::Pinned { .. }
            | Self::TopicSet { .. }
            | Self::Moderated { .. } => true,
            Self::Entered { .. } | Self::Left { .. } | Self::Renamed { .. } => false,
        }
    }

    /// The session by whose hand it happened, if it was a member's.
    #[must_use]
    pub const fn author(&self) -> Option<MemberId> {
        match self {
            Self::Created { .. } => None,
            Self::Said { member, .. }
            | Self::Edited { member, .. }
            | Self::Deleted { member, .. }
            | Self::Erased { member, .. }
            | Self::Reacted { member, .. }
            | Self::Pinned { member, .. }
            | Self::TopicSet { member, .. }
            | Self::Moderated { member, .. }
            | Self::Entered { member, .. }
            | Self::Left { member, .. }
            | Self::Renamed { member, .. } => Some(*member),
        }
    }

    /// The message it changes: not the one that a reply answers, which stays as it is.
    #[must_use]
    pub const fn target(&self) -> Option<Seq> {
        match self {
            Self::Edited { target, .. }
            | Self::Deleted { target, .. }
            | Self::Reacted { target, .. }
            | Self::Pinned { target, .. } => Some(*target),
            Self::Erased { edited, .. } => *edited,
            Self::Created { .. }
            | Self::Said { .. }
            | Self::TopicSet { .. }
            | Self::Moderated { .. }
            | Self::Entered { .. }
            | Self::Left { .. }
            | Self::Renamed { .. } => None,
        }
    }
}

/// How a member went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// By asking to.
    Left,
    /// Its connection ended.
    Disconnected,
    /// It was put out: the [`Fact::Moderated`] that comes next says by whom and why.
    Removed,
}

/// Who may find a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// It is in the list of rooms.
    Public,
    /// Whoever knows its name may enter it, but no list shows it.
    Unlisted,
    /// Only who was given a role may enter it, or was invited. For everyone else there is no such
    /// room; all that can be found out is that its name is not free.
    Private,
}
