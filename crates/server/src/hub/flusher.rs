//! The flusher: one thread that waits for the disk, so that nobody else does.
//!
//! The hub writes and goes on; what may be acknowledged only when it is on the disk comes here
//! and leaves after a flush. Whatever gathers during one flush shares the next.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use store::Flusher;

use super::{Refused, Reply, ShardInboxes, ToShard};
use crate::limits::{FLUSH_LAZY, FLUSH_PATIENCE, FLUSH_RETRY, FLUSH_WAITING_MAX};
use crate::metrics::FlushMetrics;

/// What goes to which shard after a flush.
type Waiting = Vec<(u16, ToShard)>;

/// The hub's end: what waits for the next flush. When it is dropped, the flusher ends after a last
/// flush.
pub(crate) struct FlushQueue(Arc<Queue>);

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    /// The flusher waits for it.
    work: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Waiting,
    /// Something was written since the last flush began.
    is_written: bool,
    is_closed: bool,
    /// The flusher waits for something to do.
    is_idle: bool,
}

impl FlushQueue {
    /// Something was written; `after` goes to its shards when it is on the disk. The flusher is
    /// woken only if that changes what it waits for.
    pub(crate) fn push(&self, after: Waiting) {
        let mut state = self.0.lock();
        let is_first = state.waiting.is_empty() && !after.is_empty();
        state.is_written = true;
        state.waiting.extend(after);
        if std::mem::take(&mut state.is_idle) || is_first {
            drop(state);
            self.0.work.notify_one();
        }
    }

    /// Whether [`FLUSH_WAITING_MAX`] wait already.
    pub(crate) fn is_full(&self) -> bool {
        self.0.lock().waiting.len() >= FLUSH_WAITING_MAX
    }
}

impl Drop for FlushQueue {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.work.notify_one();
    }
}

impl Queue {
    /// Waits until someone waits, or something was written and nobody waited for a while. What
    /// waits, and whether the queue is still open.
    fn next(&self) -> (Waiting, bool) {
        let mut state = self.lock();
        state.is_idle = true;
        let is_idle = |state: &mut State| !state.is_written && !state.is_closed;
        state = self.work.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner);
        state.is_idle = false;
        // While nobody waits, many commits share the flush.
        let nobody_waits = |state: &mut State| state.waiting.is_empty() && !state.is_closed;
        let gathered = self.work.wait_timeout_while(state, FLUSH_LAZY, nobody_waits);
        state = gathered.unwrap_or_else(PoisonError::into_inner).0;
        state.is_written = false;
        (std::mem::take(&mut state.waiting), !state.is_closed)
    }

    /// Adds what comes within a time; whether the queue is still open.
    fn gather(&self, waiting: &mut Waiting, time: Duration) -> bool {
        let state = self.lock();
        let gathered = self.work.wait_timeout_while(state, time, |state| !state.is_closed);
        let mut state = gathered.unwrap_or_else(PoisonError::into_inner).0;
        waiting.append(&mut state.waiting);
        !state.is_closed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Plain flags and whole messages: there is no half of a change to fear.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Work {
    flusher: Box<dyn Flusher>,
    queue: Arc<Queue>,
    shards: ShardInboxes,
    unflushed: Arc<AtomicBool>,
    metrics: Arc<FlushMetrics>,
}

/// Starts the flusher. It ends after a last flush when the queue is dropped.
///
/// # Errors
///
/// If the system gives no thread.
pub(crate) fn spawn(
    flusher: Box<dyn Flusher>,
    shards: ShardInboxes,
    unflushed: Arc<AtomicBool>,
    metrics: Arc<FlushMetrics>,
) -> std::io::Result<(FlushQueue, JoinHandle<()>)> {
    let queue = Arc::new(Queue::default());
    let work = Work { flusher, queue: Arc::clone(&queue), shards, unflushed, metrics };
    let thread = crate::thread::spawn("flusher", || work.run())?;
    Ok((FlushQueue(queue), thread))
}

impl Work {
    fn run(mut self) {
        let mut is_open = true;
        while is_open {
            let waiting;
            (waiting, is_open) = self.queue.next();
            self.flush(waiting);
        }
    }

    fn flush(&mut self, mut waiting: Waiting) {
        if self.try_flush() {
            return self.send(waiting);
        }
        // Nothing more is taken until the disk takes what was written, so this is bounded.
        self.unflushed.store(true, Ordering::Relaxed);
        for attempt in 1.. {
            let is_open = self.queue.gather(&mut waiting, FLUSH_RETRY);
            if self.try_flush() {
                tracing::info!("the disk takes what is written again");
                self.unflushed.store(false, Ordering::Relaxed);
                return self.send(waiting);
            }
            if !is_open {
                return;
            }
            if attempt >= FLUSH_PATIENCE {
                self.send(
                    waiting.extract_if(.., |(_, message)| is_reply(message)).map(refused).collect(),
                );
            }
        }
    }

    fn try_flush(&mut self) -> bool {
        self.metrics.flushes.add(1);
        let flushed = self.flusher.flush();
        if let Err(error) = &flushed {
            tracing::error!(%error, "nothing is acknowledged until a flush succeeds");
            self.metrics.flush_failures.add(1);
        }
        flushed.is_ok()
    }

    fn send(&self, messages: Waiting) {
        let mut by_shard: Vec<Vec<ToShard>> = self.shards.iter().map(|_| Vec::new()).collect();
        for (shard, message) in messages {
            by_shard[usize::from(shard)].push(message);
        }
        for (shard, batch) in self.shards.iter().zip(by_shard) {
            if !batch.is_empty() {
                // A shard that is gone has no sessions any more.
                let _ = shard.blocking_send(batch);
            }
        }
    }
}

/// Whether a session waits for it before it goes on.
fn is_reply(message: &ToShard) -> bool {
    matches!(message, ToShard::Reply { .. })
}

/// What a session is told whose command cannot be acknowledged for too long.
fn refused((shard, message): (u16, ToShard)) -> (u16, ToShard) {
    match message {
        ToShard::Reply { slot, member, reply: _ } => {
            (shard, ToShard::Reply { slot, member, reply: Reply::Refused(Refused::LogAway) })
        }
        other => (shard, other),
    }
}
