//! Whether this machine kept the pace that a test over a sliced wire means.
//!
//! Before a client's first LF its silences say something: that a line ends here, that no more
//! comes. A busy machine may let a test wait so long between two bytes; then the server got
//! something else than was meant, its answer says nothing, and the test is run again.

use std::cell::Cell;
use std::panic::{catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use crate::client::Wire;

/// Between two bytes at most: half of the silence that ends a line.
const GAP_MAX: Duration = Duration::from_millis(50);

/// How often a test is run at most.
const RUNS_MAX: u32 = 5;

thread_local! {
    static WAS_LOST: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test over the sliced wire, and again if it failed where the pace was lost.
pub(crate) fn run_sliced(test: fn(Wire)) {
    for _ in 1..RUNS_MAX {
        WAS_LOST.set(false);
        match catch_unwind(|| test(Wire::Sliced)) {
            Ok(()) => return,
            Err(failure) if !WAS_LOST.get() => resume_unwind(failure),
            Err(_) => eprintln!("once more: this machine paused between two bytes"),
        }
    }
    test(Wire::Sliced);
}

/// The pace of one client's bytes.
#[derive(Default)]
pub(crate) struct Pace {
    last: Option<Instant>,
    has_sent_lf: bool,
}

impl Pace {
    /// This byte was just sent.
    pub(crate) fn sent(&mut self, byte: u8) {
        if self.has_sent_lf {
            return;
        }
        let now = Instant::now();
        if self.last.is_some_and(|last| now - last > GAP_MAX) {
            WAS_LOST.set(true);
        }
        self.last = Some(now);
        self.has_sent_lf = byte == b'\n';
    }
}
