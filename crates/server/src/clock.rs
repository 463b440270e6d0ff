//! The only place that reads a clock of the wall kind.

use std::time::{SystemTime, UNIX_EPOCH};

use room::UnixMs;

/// The time by this machine's clock.
pub(crate) fn now() -> UnixMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMs(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
