//! The flusher: one thread that waits for the disk, so that nobody else does.
//!
//! The hub writes and goes on; what may be acknowledged only when it is on the disk comes here
//! and leaves after a flush. Whatever gathers during one flush shares the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use store::Flusher;

use super::{Refused, Reply, ShardInboxes, ToShard};
use crate::limits::{FLUSH_LAZY, FLUSH_PATIENCE, FLUSH_QUEUE_MAX, FLUSH_RETRY};
use crate::metrics::FlushMetrics;

/// What goes to which shard after a flush.
type Waiting = Vec<(u16, ToShard)>;

/// The hub's end: what waits for the next flush.
pub(crate) struct FlushQueue(SyncSender<Waiting>);

impl FlushQueue {
    /// Something was written; `after` goes to its shards when it is on the disk. Waits at
    /// [`FLUSH_QUEUE_MAX`].
    pub(crate) fn push(&self, after: Waiting) {
        // The flusher ends only after this queue is dropped.
        let _ = self.0.send(after);
    }
}

struct Work {
    flusher: Box<dyn Flusher>,
    queue: Receiver<Waiting>,
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
    let thread = crate::thread::spawn("flusher", || work.run())?;
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
            // While nobody waits, many commits share the flush.
            if open && waiting.is_empty() {
                open = self.gather(&mut waiting, FLUSH_LAZY, |waiting| !waiting.is_empty());
            }
            waiting.extend(self.queue.try_iter().flatten());
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
            let open = self.gather(&mut waiting, FLUSH_RETRY, |_| false);
            if self.try_flush() {
                tracing::info!("the disk takes what is written again");
                self.unflushed.store(false, Ordering::Relaxed);
                return self.send(waiting);
            }
            if !open {
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

    /// Collects what comes within a time, or until it is enough; whether the queue is still there.
    fn gather(
        &self,
        waiting: &mut Waiting,
        time: Duration,
        enough: impl Fn(&Waiting) -> bool,
    ) -> bool {
        let end = Instant::now() + time;
        while !enough(waiting) {
            match self.queue.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(after) => waiting.extend(after),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
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
