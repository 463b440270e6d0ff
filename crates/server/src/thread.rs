//! The threads that the server cannot do without.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle};

/// The exit code where one of them panicked (`EX_SOFTWARE` of sysexits.h).
const PANICKED_EXIT_CODE: i32 = 70;

/// Starts one. If it panics, the process ends: a server that has lost its hub or a shard would
/// accept connections and serve none, while a new one has lost nothing that was delivered.
///
/// # Errors
///
/// If the system gives no thread.
pub(crate) fn spawn(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let thread = name.to_owned();
    Builder::new().name(name.to_owned()).spawn(move || {
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            tracing::error!(thread, "a thread broke down; ending, to be started again");
            std::process::exit(PANICKED_EXIT_CODE);
        }
    })
}
