//! What the handles of one log share.

use std::sync::atomic::AtomicBool;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::sqlite::folder::Folder;
use crate::sqlite::index::IndexState;

/// The longest the writer waits at the gate. Past it, it goes on and at worst waits for SQLite's
/// own lock.
const GATE_WAIT_MAX: Duration = Duration::from_secs(2);

pub(super) struct Shared {
    pub(super) folder: Folder,
    pub(super) gate: Gate,
    pub(super) index: IndexState,
    /// Texts were erased, and may still be in the write-ahead log.
    pub(super) has_erased: AtomicBool,
}

impl Shared {
    /// `head`: the last event that was in the log when it was opened. `has_erased`: an earlier
    /// process left a write-ahead log, which may have what it erased.
    pub(super) fn new(folder: Folder, head: i64, has_erased: bool) -> Self {
        let (gate, index) = (Gate::default(), IndexState::new(head));
        Self { folder, gate, index, has_erased: AtomicBool::new(has_erased) }
    }
}

/// Holds the writer off between two transactions, so that under constant load too there comes a
/// moment in which the write-ahead log can start again at its beginning.
#[derive(Default)]
pub(super) struct Gate {
    is_closed: Mutex<bool>,
    opened: Condvar,
}

/// The gate is closed while this lives.
pub(super) struct Closed<'g>(&'g Gate);

impl Gate {
    /// Waits until the gate is open.
    pub(super) fn pass(&self) {
        let is_closed = self.lock();
        if *is_closed {
            // A timeout or a poisoned lock: go on, SQLite's own lock still keeps order.
            drop(self.opened.wait_timeout_while(is_closed, GATE_WAIT_MAX, |is_closed| *is_closed));
        }
    }

    pub(super) fn close(&self) -> Closed<'_> {
        *self.lock() = true;
        Closed(self)
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.opened.notify_all();
    }
}
