//! Reading the log, on threads of its own: a session asks and waits, its shard goes on.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use room::{Author, Emoji, Event, Message, RoomId, Seq, Version};
use store::{Reader, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::limits::{ARCHIVE_QUEUE_MAX, CATCH_UP_EVENTS_MAX};
use crate::unread::{self, Count, Wanted};

/// What of a room's events can be read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reading {
    /// The next events of a room, to catch up.
    After(RoomId, Seq),
}

/// What can be looked at: messages, as they stand, and what those with rights may know beside.
#[derive(Debug)]
pub(crate) enum Look {
    /// The last messages of a room.
    Last(RoomId, usize),
    /// The last messages of a room before one.
    Before(RoomId, Seq, usize),
    /// The first messages of a room after one.
    After(RoomId, Seq, usize),
    /// The message of that number, if there is one.
    One(RoomId, Seq),
    /// The pinned messages of a room.
    Pins(RoomId),
    /// The best messages of a room that have these words.
    Search(RoomId, String, usize),
    /// The emoji that someone has given the messages of a room from one to another.
    Given(RoomId, Author, (Seq, Seq)),
    /// The last measures of a room before a number.
    Measures(RoomId, Seq, usize),
    /// What a message ever said.
    Versions(RoomId, Seq),
}

/// What was looked at.
#[derive(Debug)]
pub(crate) enum Found {
    Messages(Vec<Message>),
    Given(Vec<(Seq, Emoji)>),
    Measures(Vec<Event>),
    Versions(Vec<Version>),
}

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

enum Asked {
    Events(Reading, Answer<Vec<Event>>),
    Look(Look, Answer<Found>),
    Unread(Wanted, Answer<Vec<Count>>),
}

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
                    while let Some(asked) = next(&queue) {
                        // Who asked may be gone.
                        match asked {
                            Asked::Events(reading, answer) => {
                                let _ = answer.send(read(&mut *reader, reading));
                            }
                            Asked::Look(look, answer) => {
                                let _ = answer.send(self::look(&mut *reader, look));
                            }
                            Asked::Unread(wanted, answer) => {
                                let _ = answer.send(unread::count(&mut *reader, &wanted));
                            }
                        }
                    }
                })
            })
            .collect::<Result<_, _>>()?;
        Ok((Self(sender), threads))
    }

    /// Reads. `None` if that is not possible just now; the reason is logged.
    pub(crate) async fn read(&self, reading: Reading) -> Option<Vec<Event>> {
        self.ask(|answer| Asked::Events(reading, answer)).await
    }

    /// Looks at something. `None` as of [`Archive::read`].
    pub(crate) async fn look(&self, look: Look) -> Option<Found> {
        self.ask(|answer| Asked::Look(look, answer)).await
    }

    /// Counts what is unread. `None` as of [`Archive::read`].
    pub(crate) async fn unread(&self, wanted: Wanted) -> Option<Vec<Count>> {
        self.ask(|answer| Asked::Unread(wanted, answer)).await
    }

    async fn ask<T>(&self, asked: impl FnOnce(Answer<T>) -> Asked) -> Option<T> {
        let (sender, answer) = oneshot::channel();
        self.0.send(asked(sender)).await.ok()?;
        match answer.await.ok()? {
            Ok(found) => Some(found),
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
    }
}

fn look(reader: &mut dyn Reader, look: Look) -> Result<Found, StoreError> {
    let messages = match look {
        Look::Last(room, limit) => reader.last(room, limit),
        Look::Before(room, seq, limit) => reader.before(room, seq, limit),
        Look::After(room, seq, limit) => reader.after(room, seq, limit),
        Look::One(room, seq) => Ok(reader.message(room, seq)?.into_iter().collect()),
        Look::Pins(room) => reader.pins(room),
        Look::Search(room, words, limit) => reader.search(room, &words, limit),
        Look::Given(room, by, span) => return reader.given(room, &by, span).map(Found::Given),
        Look::Measures(room, before, limit) => {
            return reader.measures(room, before, limit).map(Found::Measures);
        }
        Look::Versions(room, seq) => return reader.versions(room, seq).map(Found::Versions),
    };
    messages.map(Found::Messages)
}
