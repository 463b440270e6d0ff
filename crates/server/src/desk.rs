//! The desk: where those ask the hub who have no connection to be answered on.
//!
//! To the hub it is a shard more, with a seat for each request; so an answer comes back as every
//! other does, after the flush where that is due. A thread hands the answers out and does nothing
//! else, so the hub never waits for it. It also hears of what happens in the rooms that someone
//! watches: not what, only how far their logs go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use room::{AccountId, Nick, RoomId, Seq};
use store::people::TokenId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::hub::{Ask, NOBODY, Refused, Reply, Seat, ToHub, ToShard, Visitor};
use crate::limits::DESK_PATIENCE;

/// The way to the hub for requests; cheap to clone. The hub goes on while there is one.
#[derive(Clone)]
pub(crate) struct Desk {
    hub: mpsc::Sender<ToHub>,
    shard: u16,
    book: Arc<Book>,
}

/// Who waits at the desk.
#[derive(Default)]
struct Book {
    next_slot: AtomicU32,
    /// As many as requests are under way.
    asked: Mutex<HashMap<u32, oneshot::Sender<Reply>>>,
    /// As many as streams are open at most.
    watched: Mutex<HashMap<RoomId, Watched>>,
}

struct Watched {
    head: watch::Sender<Seq>,
    watches: usize,
}

/// Hears of what happens in a room until it is dropped.
pub(crate) struct Watch {
    desk: Desk,
    room: RoomId,
    head: watch::Receiver<Seq>,
}

impl Desk {
    /// Opens a desk, which is that shard to the hub, and starts its thread. It ends with the hub.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(crate) fn open(
        shard: u16,
        hub: mpsc::Sender<ToHub>,
        inbox: mpsc::Receiver<Vec<ToShard>>,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let book = Arc::new(Book::default());
        let answers = Answers { hub: hub.downgrade(), shard, book: Arc::clone(&book) };
        let thread = crate::thread::spawn("desk", move || answers.hand_out(inbox))?;
        Ok((Self { hub, shard, book }, thread))
    }

    /// Asks the hub, as an account or as nobody in particular. Where no answer comes in time it is
    /// [`Refused::LogAway`].
    pub(crate) async fn ask(&self, visitor: Option<&Visitor>, ask: Ask) -> Reply {
        let slot = self.book.next_slot.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        lock(&self.book.asked).insert(slot, sender);
        let _asked = Asked { book: &self.book, slot };
        let seat = Seat { shard: self.shard, slot };
        let message = match visitor {
            Some(visitor) => ToHub::Visit { visitor: Box::new(visitor.clone()), seat, ask },
            None => ToHub::Ask { member: NOBODY, seat, ask },
        };
        let exchange = async {
            self.hub.send(message).await.ok()?;
            answer.await.ok()
        };
        let answer = timeout(DESK_PATIENCE, exchange).await.ok().flatten();
        answer.unwrap_or(Reply::Refused(Refused::LogAway))
    }

    /// Whether an account of that nick may be made: nobody else is using it just now.
    ///
    /// # Errors
    ///
    /// [`Refusal::NickTaken`](room::Refusal), or the hub does not answer in time.
    pub(crate) async fn claim(&self, nick: Nick) -> Result<(), Refused> {
        let (answer, claimed) = oneshot::channel();
        let claim = ToHub::Claim { member: NOBODY, nick: Some(nick), answer };
        let exchange = async {
            self.hub.send(claim).await.ok()?;
            claimed.await.ok()
        };
        let claimed = timeout(DESK_PATIENCE, exchange).await.ok().flatten();
        claimed.ok_or(Refused::LogAway)?.map_err(Refused::Rule).map(|_| ())
    }

    /// Ends the logins with a token that was revoked.
    pub(crate) async fn ended(&self, account: AccountId, token: TokenId) {
        // If the hub is gone, so are they.
        let _ = self.hub.send(ToHub::Ended { account, token }).await;
    }

    /// Says how far an account has read a room, so that its devices are told.
    pub(crate) async fn read(&self, account: AccountId, room: RoomId, seq: Seq) {
        let _ = self.hub.send(ToHub::Read { account, member: NOBODY, room, seq }).await;
    }

    /// Begins to hear of a room; `None` if the hub has too much to do.
    pub(crate) fn watch(&self, room: RoomId) -> Option<Watch> {
        // The hub is told under the lock: so it hears of beginning and end in their order.
        let mut watched = lock(&self.book.watched);
        if let Some(watched) = watched.get_mut(&room) {
            watched.watches += 1;
            let head = watched.head.subscribe();
            return Some(Watch { desk: self.clone(), room, head });
        }
        let seat = Seat { shard: self.shard, slot: 0 };
        self.hub.try_send(ToHub::Watch { seat, room, on: true }).ok()?;
        let (sender, head) = watch::channel(Seq::START);
        watched.insert(room, Watched { head: sender, watches: 1 });
        Some(Watch { desk: self.clone(), room, head })
    }
}

impl Watch {
    /// Waits until something has happened that was not waited for yet. Whether it has: not, if the
    /// hub is gone.
    pub(crate) async fn happened(&mut self) -> bool {
        self.head.changed().await.is_ok()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = lock(&self.desk.book.watched);
        if let Some(entry) = watched.get_mut(&self.room) {
            entry.watches -= 1;
            if entry.watches == 0 {
                watched.remove(&self.room);
                let seat = Seat { shard: self.desk.shard, slot: 0 };
                // Who hands out the answers says so again if this is not heard.
                let _ = self.desk.hub.try_send(ToHub::Watch { seat, room: self.room, on: false });
            }
        }
    }
}

/// A request under way; its place in the book is given back however it ends.
struct Asked<'b> {
    book: &'b Book,
    slot: u32,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        lock(&self.book.asked).remove(&self.slot);
    }
}

/// The desk's thread.
struct Answers {
    hub: mpsc::WeakSender<ToHub>,
    shard: u16,
    book: Arc<Book>,
}

impl Answers {
    fn hand_out(self, mut inbox: mpsc::Receiver<Vec<ToShard>>) {
        while let Some(batch) = inbox.blocking_recv() {
            for message in batch {
                self.take(message);
            }
        }
        // Nothing happens any more.
        lock(&self.book.watched).clear();
    }

    fn take(&self, message: ToShard) {
        match message {
            ToShard::Reply { slot, reply, .. } => {
                if let Some(asker) = lock(&self.book.asked).remove(&slot) {
                    // Who asked may be gone.
                    let _ = asker.send(reply);
                }
            }
            ToShard::Event { event, .. } if event.fact.is_kept() => {
                self.happened(event.room, event.seq);
            }
            // What passes is not told of here, and nobody here is in a room.
            ToShard::Event { .. }
            | ToShard::Seated { .. }
            | ToShard::Unseated { .. }
            | ToShard::PutOut { .. }
            | ToShard::Kept { .. }
            | ToShard::Refused { .. }
            | ToShard::Whisper { .. }
            | ToShard::DirectSaid { .. }
            | ToShard::Displaced { .. }
            | ToShard::Read { .. }
            | ToShard::LoggedOut { .. }
            | ToShard::Typing { .. } => {}
        }
    }

    fn happened(&self, room: RoomId, head: Seq) {
        let watched = lock(&self.book.watched);
        if let Some(watched) = watched.get(&room) {
            watched.head.send_replace(head);
        } else if let Some(hub) = self.hub.upgrade() {
            let seat = Seat { shard: self.shard, slot: 0 };
            let _ = hub.try_send(ToHub::Watch { seat, room, on: false });
        }
    }
}

fn lock<T>(book: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whole entries come and go: there is no half of a change to fear.
    book.lock().unwrap_or_else(PoisonError::into_inner)
}
