//! The append-only log of every room, the index over it, and who the people are ([`people`]).
//!
//! Only this crate touches the disk. One [`Log`] writes; any number of [`Reader`]s read beside it.
//! What an append means, and when a message may be delivered and when acknowledged:
//!
//! 1. [`Log::append`] returned: the events are written. They survive the death of the process, and
//!    every reader sees them. They may be delivered.
//! 2. A [`Flusher::flush`] that began after that returned: they are on the disk. They survive the
//!    power going. They may be acknowledged.
//!
//! The log is append-only but for two things: what need not be kept is trimmed, and appending a
//! [`room::Fact::Deleted`] erases every text of that message in the same transaction.

pub mod backup;
mod fold;
pub mod journal;
mod memory;
mod message;
pub mod people;
pub mod record;
mod search;
mod sqlite;

#[cfg(test)]
mod contract;

use room::{Author, Emoji, Event, Held, Message, RoomId, Seq, Snapshot, UnixMs, Version};

pub use fold::OutOfPlace;
pub use memory::{Faults, Memory};
pub use sqlite::{Beside, Sqlite};

/// Events one append takes at most; what waits beyond that goes into the next.
pub const APPEND_EVENTS_MAX: usize = 1024;

/// Events one read returns at most.
pub const READ_EVENTS_MAX: usize = 256;

const _: () = assert!(room::limits::PINS_MAX <= READ_EVENTS_MAX as u64);

/// The log could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no room on the disk, or it may not be written. Nothing of the append was kept.
    /// The same call may succeed later.
    #[error("the disk is full or read-only")]
    NoSpace,
    /// Another process holds the data folder.
    #[error("{folder} is in use by another papo (process {pid})")]
    InUse {
        /// The folder.
        folder: String,
        /// The other's process number, or `?`.
        pid: String,
    },
    /// A later version wrote this log, or these accounts.
    #[error("the data is of a later version of papo (schema {found}, known up to {known})")]
    TooNew {
        /// The schema in the file.
        found: i64,
        /// The latest this program knows.
        known: i64,
    },
    /// A flush failed: what was written since the last good one may not be on the disk. Nothing
    /// may be acknowledged until a flush succeeds again.
    #[error("the disk did not take what was written: {0}")]
    Unflushed(#[source] std::io::Error),
    /// Anything else, with what was being done.
    #[error("{doing}: {cause}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    pub(crate) fn failed(
        doing: &'static str,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { doing, cause: cause.into() }
    }
}

/// How long messages of every room are kept at most. `None`: for ever. A room may keep less
/// ([`room::Retention`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Messages older than this, in milliseconds, go.
    pub age_ms: Option<u64>,
    /// More messages than this in a room go, the oldest first.
    pub count: Option<u64>,
}

impl Retention {
    /// The same for a room that keeps no more than `own`.
    pub(crate) fn within(self, own: room::Retention) -> Self {
        const DAY_MS: u64 = 24 * 3600 * 1000;
        let least = |most: Option<u64>, own: u64| match (most, own) {
            (most, 0) => most,
            (most, own) => Some(most.map_or(own, |most| most.min(own))),
        };
        Self {
            age_ms: least(self.age_ms, u64::from(own.days) * DAY_MS),
            count: least(self.count, own.messages),
        }
    }
}

/// The writing end: one a log, owned by one thread.
pub trait Log: Send {
    /// Every room as its log left it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn rooms(&mut self) -> Result<Vec<Snapshot>, StoreError>;

    /// Appends kept events, of any rooms, all or none. Each must have the position after the last
    /// one of its room, and what it changes must come before it.
    ///
    /// A [`room::Fact::Deleted`] turns its message, and every correction of it, into
    /// [`room::Fact::Erased`]. The bytes of their texts leave the log's files soon after, at the
    /// latest when the log is closed.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSpace`] and [`StoreError::Failed`]: nothing was appended. A batch that is
    /// none fails with an [`OutOfPlace`] as its cause.
    fn append(&mut self, events: &[Event]) -> Result<(), StoreError>;

    /// What it holds of a message, for someone who wants to do something with it; `by` and `emoji`
    /// are for [`Held::has_reacted`], which is `false` without an emoji. `None`: there is no
    /// message of that number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn held(
        &mut self,
        room: RoomId,
        seq: Seq,
        by: &Author,
        emoji: Option<&Emoji>,
    ) -> Result<Option<Held>, StoreError>;

    /// The highest number a room of this log ever had, removed ones included; 0 if none was
    /// made. A number is never given twice.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn last_room(&mut self) -> Result<RoomId, StoreError>;

    /// Removes a room with its whole log; nothing happens if there is none. No reader sees
    /// anything of it afterwards; the space of a long log comes back with the next trims.
    ///
    /// # Errors
    ///
    /// As [`Log::append`].
    fn remove_room(&mut self, room: RoomId) -> Result<(), StoreError>;

    /// Removes a bounded number of messages that need not be kept any longer, after all that was
    /// done with them, and of events of removed rooms; how many events. Call it now and then, and
    /// again while that is not 0. What made a room and its topics are never removed.
    ///
    /// # Errors
    ///
    /// As [`Log::append`].
    fn trim(&mut self, retention: Retention, now: UnixMs) -> Result<usize, StoreError>;

    /// A handle that makes durable what was appended. One at a time may be in use.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn flusher(&mut self) -> Result<Box<dyn Flusher>, StoreError>;

    /// A reading end, for another thread.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn reader(&mut self) -> Result<Box<dyn Reader>, StoreError>;
}

/// Makes durable what was appended; has a thread of its own, because it waits for the disk.
pub trait Flusher: Send {
    /// Returns when all that was appended before the call is on the disk. Also does the log's
    /// housekeeping (moving the write-ahead log into the database) when it is due.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unflushed`]: acknowledge nothing; call again, which first repairs.
    fn flush(&mut self) -> Result<(), StoreError>;
}

/// A reading end.
pub trait Reader: Send {
    /// The events of a room from `from` on, in order, at most `limit` (and
    /// [`READ_EVENTS_MAX`]). Empty at the head. A first event past `from` means that what is
    /// between was trimmed.
    ///
    /// Each comes with its [`room::Quote`], if the message it is about still has a text. A message
    /// that was corrected, and each correction of it, comes with the newest text, and is quoted so:
    /// who reads the past sees what stands.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn read(&mut self, room: RoomId, from: Seq, limit: usize) -> Result<Vec<Event>, StoreError>;

    /// The last `limit` messages of a room as they stand, deleted ones too, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn last(&mut self, room: RoomId, limit: usize) -> Result<Vec<Message>, StoreError>;

    /// The last `limit` messages before a number, as [`Reader::last`] has them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn before(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError>;

    /// The first `limit` messages after a number, as [`Reader::last`] has them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn after(&mut self, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, StoreError>;

    /// One message as it stands; `None`: there is none of that number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn message(&mut self, room: RoomId, seq: Seq) -> Result<Option<Message>, StoreError>;

    /// The pinned messages of a room as they stand, oldest first; at most
    /// [`room::limits::PINS_MAX`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn pins(&mut self, room: RoomId) -> Result<Vec<Message>, StoreError>;

    /// The emoji that a person has given the messages from `first` to `last`, with the message of
    /// each, in the order of the messages.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn given(
        &mut self,
        room: RoomId,
        by: &Author,
        span: (Seq, Seq),
    ) -> Result<Vec<(Seq, Emoji)>, StoreError>;

    /// The last `limit` measures of a room before a number ([`room::Fact::Moderated`]), oldest
    /// first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn measures(
        &mut self,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError>;

    /// Everything that a message ever said, oldest first, the newest too; at most
    /// [`room::limits::EDITS_MAX`] and one. Empty: there is no such message, or it was deleted.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn versions(&mut self, room: RoomId, seq: Seq) -> Result<Vec<Version>, StoreError>;

    /// The best `limit` messages of a room whose newest text has every word of `query`, as they
    /// stand, oldest first. Sees everything appended before the call. Empty where the query has
    /// no word.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`].
    fn search(
        &mut self,
        room: RoomId,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError>;
}
