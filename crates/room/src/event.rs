//! What happened in a room: the facts that its log keeps, and those that only pass.

use crate::{MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs};

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
        /// What its author was called then.
        nick: Nick,
        /// What was said.
        text: Text,
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
    /// Someone came in. Passing.
    Entered {
        /// Who.
        member: MemberId,
        /// What she is called.
        nick: Nick,
    },
    /// Someone went. Passing.
    Left {
        /// Who.
        member: MemberId,
        /// What she was called.
        nick: Nick,
        /// How she went.
        how: Departure,
    },
    /// Someone is called otherwise now. Passing.
    Renamed {
        /// Who.
        member: MemberId,
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
            Self::Created { .. } | Self::Said { .. } | Self::TopicSet { .. } => true,
            Self::Entered { .. } | Self::Left { .. } | Self::Renamed { .. } => false,
        }
    }

    /// The session by whose hand it happened, if it was a member's.
    #[must_use]
    pub const fn author(&self) -> Option<MemberId> {
        match self {
            Self::Created { .. } => None,
            Self::Said { member, .. }
            | Self::TopicSet { member, .. }
            | Self::Entered { member, .. }
            | Self::Left { member, .. }
            | Self::Renamed { member, .. } => Some(*member),
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
}

/// Who may find a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// It is in the list of rooms.
    Public,
    /// Whoever knows its name may enter it, but no list shows it.
    Unlisted,
}
