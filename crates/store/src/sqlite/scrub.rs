//! Takes the terms of deleted messages out of the index's file.
//!
//! FTS5 only notes that a row is gone; its terms stay in their segment until that is merged with
//! others. So after a deletion all segments are merged into one, in steps, between which the
//! index takes in what was said. That costs as much as the index is long: what a merge took is
//! rested several times over before the next, so that deleting again and again costs a bounded
//! part of one core.

use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Pages of the index one step writes, about: some ten milliseconds.
const STEP_PAGES: i64 = 256;

/// How many times as long as a merge took nothing is merged after it.
const REST_FACTOR: u32 = 20;

/// Steps at the log's closing, at most: a second or so. What is then left, the next start goes on
/// with.
const LAST_STEPS_MAX: u32 = 50;

pub(super) struct Scrub {
    /// When the merging goes on; `None`: nothing was deleted since it last ended.
    due: Option<Instant>,
    /// A merge is under way.
    is_merging: bool,
    /// Something was deleted since it began, which it may have passed already.
    again: bool,
    /// The time it has taken so far.
    taken: Duration,
    /// Rest until then.
    rested: Instant,
}

impl Scrub {
    /// With what an earlier process left to do.
    pub(super) fn open(index: &Connection) -> rusqlite::Result<Self> {
        let now = Instant::now();
        let has_erased: bool =
            index.query_row("SELECT has_erased FROM indexed", [], |row| row.get(0))?;
        let (due, taken) = (has_erased.then_some(now), Duration::ZERO);
        Ok(Self { due, is_merging: false, again: false, taken, rested: now })
    }

    /// When [`Scrub::step`] is to be called, if at all.
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Something was deleted from the index.
    pub(super) fn has_erased(&mut self) {
        self.due.get_or_insert(self.rested);
        self.again |= self.is_merging;
    }

    /// Merges a little.
    pub(super) fn step(&mut self, index: &Connection) -> rusqlite::Result<()> {
        let began = Instant::now();
        // A negative number begins to merge all there is.
        let pages = if self.is_merging { STEP_PAGES } else { -STEP_PAGES };
        self.is_merging = true;
        let before = changes(index)?;
        index
            .prepare_cached("INSERT INTO said (said, rank) VALUES ('merge', ?)")?
            .execute([pages])?;
        // By FTS5's manual: less than two changes are none.
        let is_done = changes(index)? - before < 2 && cut_short(index)?;
        let now = Instant::now();
        self.taken += now - began;
        self.due = Some(now);
        if is_done {
            self.rested = now + self.taken * REST_FACTOR;
            self.due = self.again.then_some(self.rested);
            index.prepare_cached("UPDATE indexed SET has_erased = ?")?.execute([self.again])?;
            (self.is_merging, self.again, self.taken) = (false, false, Duration::ZERO);
        }
        Ok(())
    }

    /// Goes on to the end, within reason.
    pub(super) fn finish(&mut self, index: &Connection) -> rusqlite::Result<()> {
        for _ in 0..LAST_STEPS_MAX {
            if self.due.is_none() {
                break;
            }
            self.step(index)?;
        }
        Ok(())
    }
}

/// Cuts the write-ahead log short, which has the pages as they were before; whether no search read
/// them just then.
fn cut_short(index: &Connection) -> rusqlite::Result<bool> {
    index.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

fn changes(index: &Connection) -> rusqlite::Result<i64> {
    index.prepare_cached("SELECT total_changes()")?.query_row([], |row| row.get(0))
}
