//! The flusher: one thread that waits for the disk, so that nobody else does.
//!
//! The hub writes and goes on; what may be acknowledged only when it is on the disk comes here
//! and leaves after a flush. Whatever gathers during one flush shares the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use store::Flusher;

use super::{Refused, Reply, ShardInboxes, ToShard};
use crate::limits::{FLUSH_LAZY, FLUSH_QUEUE_MAX, FLUSH_RETRY};
use crate::metrics::FlushMetrics;

/// The hub's end: what waits for the next flush.
pub(crate) struct FlushQueue(SyncSender<Vec<(u16, ToShard)>>);

impl FlushQueue {
    /// Something was written; `after` goes to its shards when it is on the disk. Waits at
    /// [`FLUSH_QUEUE_MAX`].
    pub(crate) fn push(&self, after: Vec<(u16, ToShard)>) {
        // The flusher ends only after this queue is dropped.
        let _ = self.0.send(after);
    }
}

struct Work {
    flusher: Box<dyn Flusher>,
    queue: Receiver<Vec<(u16, ToShard)>>,
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
    let (sender, queue) = sync_channel(FLUSH_QUEUE_MAX);
    let work = Work { flusher, queue, shards, unflushed, metrics };
    let thread = std::thread::Builder::new().name("flusher".into()).spawn(|| work.run())?;
    Ok((FlushQueue(sender), thread))
}

impl Work {
    fn run(mut self) {
        let mut open = true;
        while open {
            let mut waiting = Vec::new();
            match self.queue.recv() {
                Ok(after) => waiting.extend(after),
                Err(_) => open = false,
            }
            // Nobody waits yet: give others the chance to share the flush.
            if waiting.is_empty() && open {
                match self.queue.recv_timeout(FLUSH_LAZY) {
                    Ok(after) => waiting.extend(after),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => open = false,
                }
            }
            waiting.extend(self.queue.try_iter().flatten());
            self.flush(waiting);
        }
    }

    fn flush(&mut self, waiting: Vec<(u16, ToShard)>) {
        self.metrics.flushes.add(1);
        match self.flusher.flush() {
            Ok(()) => {
                self.unflushed.store(false, Ordering::Relaxed);
                self.send(waiting);
            }
            Err(error) => {
                tracing::error!(%error, "nothing is acknowledged until a flush succeeds");
                self.metrics.flush_failures.add(1);
                self.unflushed.store(true, Ordering::Relaxed);
                self.send(waiting.into_iter().filter_map(unacknowledged).collect());
                self.recover();
            }
        }
    }

    /// Tries until the disk takes what was written, or the hub is gone.
    fn recover(&mut self) {
        let mut pause: Duration = FLUSH_RETRY;
        loop {
            match self.queue.recv_timeout(pause) {
                Ok(after) => {
                    self.send(after.into_iter().filter_map(unacknowledged).collect());
                    // What is written meanwhile does not hasten the next attempt.
                    pause = pause.saturating_sub(FLUSH_LAZY);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => pause = FLUSH_RETRY,
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if self.flusher.flush().is_ok() {
                tracing::info!("the disk takes what is written again");
                self.unflushed.store(false, Ordering::Relaxed);
                return;
            }
        }
    }

    fn send(&self, messages: Vec<(u16, ToShard)>) {
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

/// What to say instead where the flush failed: a message goes without its acknowledgement, a
/// command is answered.
fn unacknowledged((shard, message): (u16, ToShard)) -> Option<(u16, ToShard)> {
    match message {
        ToShard::Reply { slot, member, reply: _ } => {
            let reply = Reply::Refused(Refused::LogAway);
            Some((shard, ToShard::Reply { slot, member, reply }))
        }
        ToShard::Kept { .. } => None,
        other => Some((shard, other)),
    }
}
