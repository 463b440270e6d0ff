//! What the handles of one log share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::journal::Journal;
use crate::sqlite::absorb::Waiting;
use crate::sqlite::folder::Folder;
use crate::sqlite::index::IndexState;
use crate::sqlite::writer::Writer;

pub(super) struct Shared {
    pub(super) folder: Folder,
    pub(super) journal: Journal,
    pub(super) waiting: Waiting,
    pub(super) index: IndexState,
    writer: Mutex<Writer>,
}

impl Shared {
    pub(super) fn new(folder: Folder, journal: Journal, writer: Writer) -> Self {
        let index = IndexState::new(writer.head);
        let waiting = Waiting::default();
        Self { folder, journal, waiting, index, writer: Mutex::new(writer) }
    }

    /// The one who writes to the database. Take no other lock before this one.
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        // A transaction that broke off was rolled back, and what is kept in memory follows it.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
