//! Threads that do what waits in one bounded queue: the one that owns the accounts, and those that
//! hash passwords.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

/// What a thread does with what it owns. A closure and not an enum: there would be a variant and an
/// answer for every operation of the accounts, and none would be looked at on the way.
type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// The queue is full, or the server is ending. Nothing was done; later it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too busy")]
pub(crate) struct Busy;

/// The way to the threads; cheap to clone.
pub(super) struct Pool<S>(mpsc::Sender<Job<S>>);

impl<S> Clone for Pool<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Send + 'static> Pool<S> {
    /// Starts a thread for each of `owned`. They end when every clone is dropped and the queue is
    /// empty.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(super) fn spawn(
        name: &str,
        owned: Vec<S>,
        queue_max: usize,
    ) -> std::io::Result<(Self, Vec<JoinHandle<()>>)> {
        let (sender, queue) = mpsc::channel::<Job<S>>(queue_max);
        let queue = Arc::new(Mutex::new(queue));
        let start = |mut owned: S| {
            let queue = Arc::clone(&queue);
            crate::thread::spawn(name, move || {
                while let Some(job) = next(&queue) {
                    job(&mut owned);
                }
            })
        };
        let threads = owned.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok((Self(sender), threads))
    }

    /// A place in the queue, to be used or given back.
    pub(super) fn place(&self) -> Result<Place<'_, S>, Busy> {
        self.0.try_reserve().map(Place).map_err(|_| Busy)
    }

    /// Has it done, and waits for what comes of it.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        self.place()?.ask(job).await
    }
}

/// A place in the queue of a [`Pool`].
pub(super) struct Place<'p, S>(mpsc::Permit<'p, Job<S>>);

impl<S: Send + 'static> Place<'_, S> {
    /// As [`Pool::ask`]; busy only if the server is ending.
    pub(super) async fn ask<T: Send + 'static>(
        self,
        job: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (sender, answer) = oneshot::channel();
        self.0.send(Box::new(move |owned| {
            // Who asked may be gone.
            let _ = sender.send(job(owned));
        }));
        answer.await.map_err(|_| Busy)
    }
}

fn next<S>(queue: &Mutex<mpsc::Receiver<Job<S>>>) -> Option<Job<S>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn beyond_the_queue_one_is_told_at_once() {
        const QUEUE_MAX: usize = 2;
        let (pool, threads) = Pool::spawn("test", vec![0], QUEUE_MAX).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (started, has_started) = mpsc::channel();
            let (release, released) = mpsc::channel::<()>();
            let held = pool.ask(move |count| {
                started.send(()).unwrap();
                released.recv().unwrap();
                *count += 1;
            });
            let check = async {
                has_started.recv().unwrap();
                let places: Vec<_> = (0..QUEUE_MAX).map(|_| pool.place().unwrap()).collect();
                assert!(pool.place().is_err());
                assert_eq!(pool.ask(|count| *count).await, Err(Busy));
                drop(places);
                release.send(()).unwrap();
            };
            let (held, ()) = tokio::join!(held, check);
            assert_eq!(held, Ok(()));
            assert_eq!(pool.ask(|count| *count).await, Ok(1));
        });
        drop(pool);
        for thread in threads {
            thread.join().unwrap();
        }
    }
}
