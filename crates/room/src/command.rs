//! What is asked of the rooms.

use crate::{
    AccountId, Emoji, Invitation, Key, MemberId, Nick, Order, RoomId, RoomName, Target, Text,
    UnixMs, Visibility,
};

/// Someone asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Who asks.
    pub member: MemberId,
    /// When, by the server's clock.
    pub at: UnixMs,
    /// What for.
    pub act: Act,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Make a room and enter it.
    Create {
        /// What to call it.
        name: RoomName,
        /// Members it shall hold at most, 1 to [`crate::limits::CAPACITY_MAX`].
        capacity: u32,
        /// Who may find it.
        visibility: Visibility,
        /// What the member is to be called from then on.
        nick: Nick,
        /// The room she leaves in the same moment, if she is in it.
        from: Option<RoomId>,
    },
    /// Enter a room.
    Enter {
        /// Which.
        name: RoomName,
        /// What the member is to be called from then on.
        nick: Nick,
        /// The room she leaves in the same moment, if she is in it. A refusal leaves her there.
        from: Option<RoomId>,
    },
    /// Enter the room that a guest link leads to: also while it is private.
    EnterByLink {
        /// What the link is good for.
        invitation: Invitation,
        /// What the member is to be called from then on.
        nick: Nick,
        /// The room she leaves in the same moment, if she is in it. A refusal leaves her there.
        from: Option<RoomId>,
    },
    /// Enter the room of two that is hers and another's, which is made if it is not there yet.
    Direct {
        /// The other, by the nick that her account owns.
        nick: Nick,
        /// The room she leaves in the same moment, if she is in it. A refusal leaves her there.
        from: Option<RoomId>,
    },
    /// Leave a room.
    Leave {
        /// Which.
        room: RoomId,
    },
    /// Say something in a room.
    Say {
        /// Where.
        room: RoomId,
        /// What.
        text: Text,
        /// The message it answers, if it answers one.
        reply: Option<Box<Target>>,
        /// What makes it one post however often it is sent. That nothing was said with it before is
        /// for the caller to see.
        key: Option<Key>,
    },
    /// Give one's own message another text.
    Edit {
        /// Where.
        room: RoomId,
        /// The message.
        target: Target,
        /// What it shall say.
        text: Text,
    },
    /// Take one's own message back.
    Delete {
        /// Where.
        room: RoomId,
        /// The message.
        target: Target,
    },
    /// Give a message an emoji, or take one's own away.
    React {
        /// Where.
        room: RoomId,
        /// The message, looked up for this member and this emoji.
        target: Target,
        /// The emoji.
        emoji: Emoji,
        /// Give, or take away.
        on: bool,
    },
    /// Pin a message, or take the pin away. Anyone in the room may.
    Pin {
        /// Where.
        room: RoomId,
        /// The message.
        target: Target,
        /// Pin, or take away.
        on: bool,
    },
    /// Set a room's topic, or take it away.
    SetTopic {
        /// Where.
        room: RoomId,
        /// The topic; `None`: none any more.
        topic: Option<Text>,
    },
    /// Do something to someone in a room, or to the room.
    Moderate {
        /// Where.
        room: RoomId,
        /// What.
        order: Order,
    },
    /// Be someone who owns a nick, and be called so; the caller has verified that she is.
    LogIn {
        /// Who.
        account: AccountId,
        /// The nick that the account owns.
        nick: Nick,
        /// Whether she administers the server.
        is_admin: bool,
    },
    /// Be nobody in particular again: out of every room, the nick given back.
    LogOut,
    /// Be called otherwise, in every room.
    Rename {
        /// The new nick.
        nick: Nick,
    },
    /// Be gone: out of every room, the nick free again.
    Disconnect,
}
