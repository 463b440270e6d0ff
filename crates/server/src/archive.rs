//! Reading the log, on threads of its own: a session asks and waits, its shard goes on.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use room::{Event, RoomId, Seq};
use store::{Reader, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::limits::{ARCHIVE_QUEUE_MAX, CATCH_UP_EVENTS_MAX};

/// What can be read.
#[derive(Debug)]
pub(crate) enum Reading {
    /// The next events of a room, to catch up.
    After(RoomId, Seq),
    /// The last messages of a room.
    Last(RoomId, usize),
    /// The best messages of a room that have these words.
    Search(RoomId, String, usize),
}

type Asked = (Reading, oneshot::Sender<Result<Vec<Event>, StoreError>>);

/// The way to the reading threads; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Archive(mpsc::Sender<Asked>);

impl Archive {
    /// Starts a thread for each reader. They end when every clone is dropped.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(crate) fn spawn(
        readers: Vec<Box<dyn Reader>>,
    ) -> std::io::Result<(Self, Vec<JoinHandle<()>>)> {
        let (sender, queue) = mpsc::channel::<Asked>(ARCHIVE_QUEUE_MAX);
        let queue = Arc::new(Mutex::new(queue));
        let threads = readers
            .into_iter()
            .map(|mut reader| {
                let queue = Arc::clone(&queue);
                crate::thread::spawn("reader", move || {
                    while let Some((reading, answer)) = next(&queue) {
                        // Who asked may be gone.
                        let _ = answer.send(read(&mut *reader, reading));
                    }
                })
            })
            .collect::<Result<_, _>>()?;
        Ok((Self(sender), threads))
    }

    /// Reads. `None` if that is not possible just now; the reason is logged.
    pub(crate) async fn read(&self, reading: Reading) -> Option<Vec<Event>> {
        let (sender, answer) = oneshot::channel();
        self.0.send((reading, sender)).await.ok()?;
        match answer.await.ok()? {
            Ok(events) => Some(events),
            Err(error) => {
                tracing::warn!(%error, "the log could not be read");
                None
            }
        }
    }
}

fn next(queue: &Mutex<mpsc::Receiver<Asked>>) -> Option<Asked> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}

fn read(reader: &mut dyn Reader, reading: Reading) -> Result<Vec<Event>, StoreError> {
    match reading {
        Reading::After(room, seq) => reader.read(room, seq.next(), CATCH_UP_EVENTS_MAX),
        Reading::Last(room, limit) => reader.last(room, limit),
        Reading::Search(room, words, limit) => reader.search(room, &words, limit),
    }
}
