//! What a room is: its rules as pure functions, and nothing else.
//!
//! A room is a log and every client is a cursor in it. What may happen is decided here and only
//! here, so that every protocol obeys the same rules. The order of calls is fixed:
//!
//! 1. [`Directory::decide`] says what a [`Command`] would do, as [`Event`]s, or refuses it. It
//!    changes nothing.
//! 2. The caller appends the events that are kept ([`Fact::is_kept`]) to the log. If the log
//!    refuses, stop here: nothing has happened.
//! 3. [`Directory::apply`] makes the events true, in their order. It cannot refuse: what the log
//!    holds has happened.
//! 4. The caller hands the events to the members.
//!
//! A command about a message brings with it what the log holds of that message ([`Target`]): a
//! room keeps none of what was said.
//!
//! There is no clock, no socket, no lock, no randomness and no serialisation in this crate. Time
//! comes in with the command.

mod address;
mod command;
mod decide;
mod directory;
mod emoji;
mod event;
mod filter;
mod id;
mod in_force;
mod invitation;
mod key;
pub mod limits;
mod message;
mod moderation;
mod name;
pub mod rate;
pub mod right;
mod room;
mod text;

pub use address::{Address, Addresses, AddressesError};
pub use command::{Act, Command};
pub use decide::{Decision, Purge, PurgeStep, Refusal};
pub use directory::{Directory, Present};
pub use emoji::{Emoji, EmojiError};
pub use event::{Departure, Event, Fact, Visibility};
pub use filter::Filter;
pub use id::{AccountId, LinkId, MemberId, RoomId, Seq, UnixMs};
pub use in_force::InForce;
pub use invitation::Invitation;
pub use key::Key;
pub use message::{Author, Held, Message, Quote, Reply, Target, Version};
pub use moderation::{Measure, Moderation, Order, Penalty, Retention, Who, Whom};
pub use name::{NameError, Nick, RoomName};
pub use right::{Right, Role};
pub use room::{Listed, Room, Snapshot};
pub use text::{Text, clean};
