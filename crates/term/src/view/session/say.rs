//! What a session gives to be shown, and the state of its prompt.

use room::{Nick, RoomName};

/// Something to show, in the order in which it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// What someone said in the room.
    Said {
        /// Who.
        nick: Nick,
        /// What.
        text: String,
        /// Whether it was said here.
        mine: bool,
    },
    /// What someone said to this user alone.
    Private {
        /// Who.
        nick: Nick,
        /// What.
        text: String,
    },
    /// A typed line that is not a message in a room.
    Typed(String),
    /// The server obeyed.
    Ok(String),
    /// The server refused.
    Error(String),
    /// Something happened.
    Info(String),
    /// A list's line, or one that this client does not know.
    Plain(String),
    /// A line of a QR code.
    Qr(String),
    /// The client's own words.
    Notice(Notice),
}

/// What the client itself has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The connection stands, for the first time or again, and there was no room to re-enter.
    Connected,
    /// The connection was lost and is being made again.
    Lost,
    /// The connection stands again and the room is entered.
    Reentered {
        /// Which room.
        room: RoomName,
        /// Whether the server tells what was missed.
        caught_up: bool,
    },
    /// The room could not be re-entered.
    GaveUp {
        /// Which room.
        room: RoomName,
    },
    /// This line was never sent.
    NotSent(String),
    /// This line was sent and never answered.
    Uncertain(String),
    /// So many lines wait that no more is taken.
    QueueFull,
}

/// The state of the connection, for the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It stands.
    Up,
    /// It stands, but the room is not yet re-entered.
    Entering,
    /// An attempt is under way.
    Dialing {
        /// Which attempt since the loss.
        attempt: u32,
    },
    /// The next attempt is being waited for.
    Waiting {
        /// Which attempt since the loss.
        attempt: u32,
        /// In how many seconds, rounded up.
        seconds: u64,
    },
}

/// What stands before the input line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Room and nick, if in a room.
    pub place: Option<(RoomName, Nick)>,
    /// The state of the connection.
    pub link: LinkState,
    /// Typed lines that were not sent yet.
    pub unsent: usize,
}
