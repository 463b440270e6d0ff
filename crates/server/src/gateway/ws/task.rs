//! The task of a WebSocket connection: it waits, and lets the session go on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use room::{AccountId, Author, Emoji, Message, Seq};
use tokio::time::sleep;
use wire::json::{Answer, Asked, Id, Problem};
use wire::ws::CloseCode;
use wire::{Dialect, Secret};

use super::session::{Pause, Session};
use super::{Talk, answer, close, farewell, refuse, talk, unread};
use crate::archive::{Found, Look};
use crate::clock;
use crate::gateway::errand::{Errand, Runner};
use crate::gateway::{Farewell, login, next_member};
use crate::hub::ToHub;
use crate::listen::Permit;
use crate::shard::{Conn, Shard, SocketState};
use crate::stream::Stream;

/// Pause before a log that could not be read is read again for a member that is behind.
const READ_RETRY: Duration = Duration::from_millis(500);

/// A client whose opening handshake was answered.
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) permit: Permit,
    /// What was agreed about compression.
    pub(crate) deflate: Option<wire::ws::Deflate>,
    /// The token of the cookie that came with it, from a page of the server's own.
    pub(crate) cookie: Option<Secret>,
}

/// Serves one WebSocket client to its end. `first` is what it has said already.
///
/// What is not needed until that end stays out of the future: an idle client is one of these.
pub(crate) fn run(
    shard: Rc<Shard>,
    opened: Opened,
    first: &mut [u8],
) -> impl Future<Output = ()> + use<> {
    let Opened { stream, permit, deflate, cookie } = opened;
    let session = Session::new(deflate.is_some());
    let dialect = Dialect::Json { deflate: deflate.is_some_and(wire::ws::Deflate::reads_ours) };
    let conn = shard.seat(stream, next_member(), permit, dialect);
    let talk = Talk::new(shard.config.lang, shard.tick.get(), cookie);
    conn.state.borrow_mut().talk = Some(Box::new(talk));
    let mut client = Client { shard, conn, session };
    if client.shard.ending.get() {
        // It came too late for the goodbye.
        farewell(&client.shard, &client.conn, Farewell::ShuttingDown);
    } else {
        client.session.hear(&client.shard, &client.conn, first, clock::now());
    }
    async move {
        talk_with(&mut client).await;
        Box::pin(client.end()).await;
    }
}

/// Lets a client talk; a panic ends its session, and no other.
async fn talk_with(client: &mut Client) {
    let (shard, conn) = (Rc::clone(&client.shard), Rc::clone(&client.conn));
    let mut talking = pin!(client.talk());
    poll_fn(|context| {
        let step = AssertUnwindSafe(|| talking.as_mut().poll(context));
        catch_unwind(step).unwrap_or_else(|_| {
            tracing::error!("a session broke down and is ended");
            close(&shard, &conn, CloseCode::INTERNAL, "");
            Poll::Ready(())
        })
    })
    .await;
}

struct Client {
    shard: Rc<Shard>,
    conn: Rc<Conn>,
    session: Session,
}

/// Why the task goes on.
enum Woken {
    /// There are bytes to read.
    Readable,
    /// The session's answer came, or the socket takes more.
    GoOn,
    /// The member has to be caught up from the log.
    Behind,
    /// The connection is over.
    Over,
}

impl Client {
    async fn talk(&mut self) {
        loop {
            self.session.go_on(&self.shard, &self.conn, clock::now());
            self.shard.flush(&self.conn);
            match std::mem::take(&mut self.session.pause) {
                Pause::Close => return close(&self.shard, &self.conn, CloseCode::INTERNAL, ""),
                Pause::Send(message) => {
                    if !Box::pin(self.send(*message)).await {
                        return;
                    }
                    continue;
                }
                Pause::Read(look) => {
                    let (id, look) = *look;
                    Box::pin(self.read(id, look)).await;
                    continue;
                }
                Pause::Markers(asked) => {
                    Box::pin(self.fetch_markers(*asked)).await;
                    continue;
                }
                Pause::Count => {
                    Box::pin(unread::count(&self.shard, &self.conn)).await;
                    continue;
                }
                Pause::Errand(errand) => {
                    let (id, errand) = *errand;
                    Box::pin(self.run_errand(id, errand)).await;
                    continue;
                }
                pause @ (Pause::No | Pause::Reply) => self.session.pause = pause,
            }
            match poll_fn(|context| self.poll(context)).await {
                Woken::Readable => self.hear(),
                Woken::GoOn => {}
                Woken::Behind => {
                    if !Box::pin(self.shard.catch_up(&self.conn)).await {
                        Box::pin(sleep(READ_RETRY)).await;
                    }
                }
                Woken::Over => return,
            }
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Woken> {
        let conn = Rc::clone(&self.conn);
        conn.set_waker(context.waker());
        let mut state = conn.state.borrow_mut();
        if state.socket == SocketState::Broken || state.closing {
            return Poll::Ready(Woken::Over);
        }
        if state.socket == SocketState::Full {
            if conn.stream.poll_write_ready(context).is_pending() {
                drop(state);
                return self.poll_reply();
            }
            state.socket = SocketState::Open;
            return Poll::Ready(Woken::GoOn);
        }
        // What was missed in the rooms of a `resume` comes after its answer.
        let behind = state.outbox_empty()
            && state.is_behind()
            && talk(&mut state).resumed.is_none()
            && !talk(&mut state).unread.is_due();
        drop(state);
        if behind && self.shard.is_before_turn(&conn) {
            return Poll::Ready(Woken::Behind);
        }
        let heard = self.poll_client(context);
        match heard {
            Poll::Pending if behind => Poll::Ready(Woken::Behind),
            Poll::Ready(_) if behind => {
                self.shard.next_turn(&conn);
                heard
            }
            _ => heard,
        }
    }

    /// What there is of the client's: its answer, its bytes.
    fn poll_client(&mut self, context: &mut Context<'_>) -> Poll<Woken> {
        if self.poll_reply().is_ready() || self.session.can_go_on(&self.conn) {
            return Poll::Ready(Woken::GoOn);
        }
        let may_read = self.session.is_hungry(&self.conn);
        if may_read && self.conn.stream.poll_read_ready(context).is_ready() {
            return Poll::Ready(Woken::Readable);
        }
        Poll::Pending
    }

    fn poll_reply(&mut self) -> Poll<Woken> {
        let replied = self.conn.state.borrow().replied;
        if matches!(self.session.pause, Pause::Reply) && replied {
            self.session.replied(&self.shard, &self.conn);
            return Poll::Ready(Woken::GoOn);
        }
        Poll::Pending
    }

    fn hear(&mut self) {
        let mut scratch = self.shard.scratch.borrow_mut();
        match self.conn.read(&mut scratch) {
            // A connection that is only half open serves nobody here (RFC 6455, section 7.1.1).
            Ok(0) => self.conn.state.borrow_mut().socket = SocketState::Broken,
            Ok(read) => {
                let mut state = self.conn.state.borrow_mut();
                state.heard_tick = self.shard.tick.get();
                talk(&mut state).pinged_tick = None;
                drop(state);
                self.session.hear(&self.shard, &self.conn, &mut scratch[..read], clock::now());
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => self.conn.state.borrow_mut().socket = SocketState::Broken,
        }
    }

    /// Waits for a place in the hub's queue; whether there is still a hub.
    async fn send(&mut self, message: ToHub) -> bool {
        if matches!(message, ToHub::Ask { .. }) {
            self.session.pause = Pause::Reply;
        }
        self.shard.hub.send(message).await.is_ok()
    }

    async fn read(&mut self, id: Id, look: Look) {
        let (limit, from_front) = match look {
            // Of what was found too many the oldest is left out.
            Look::Last(_, limit)
            | Look::Before(_, _, limit)
            | Look::Search(_, _, limit)
            | Look::Measures(_, _, limit) => (limit - 1, false),
            Look::After(_, _, limit) => (limit - 1, true),
            Look::One(..) | Look::Pins(_) | Look::Given(..) | Look::Versions(..) => {
                (usize::MAX, true)
            }
        };
        let room = match look {
            Look::Measures(room, ..) => self.shard.name_of(room),
            Look::Last(..)
            | Look::Before(..)
            | Look::Search(..)
            | Look::After(..)
            | Look::One(..)
            | Look::Pins(_)
            | Look::Given(..)
            | Look::Versions(..) => None,
        };
        let answered = match (self.shard.archive.look(look).await, room) {
            (Some(Found::Messages(mut messages)), _) => {
                let more = cut(&mut messages, limit, from_front);
                let given = self.given(&messages).await;
                Answer::Messages { messages, more, given }
            }
            (Some(Found::Measures(mut events)), Some(room)) => {
                let more = cut(&mut events, limit, from_front);
                Answer::Audit { room, events, more }
            }
            (Some(Found::Versions(versions)), _) => Answer::Versions(versions),
            // The room may be gone meanwhile.
            (Some(Found::Measures(_) | Found::Given(_)) | None, _) => {
                return refuse(&self.shard, &self.conn, Some(&id), &Problem::LogAway);
            }
        };
        answer(&self.shard, &self.conn, &id, &answered);
    }

    /// The emoji that she has given these messages; none where that cannot be read just now.
    async fn given(&self, messages: &[Message]) -> Vec<(Seq, Emoji)> {
        let mut reacted = messages.iter().filter(|message| !message.reactions.is_empty());
        let Some(first) = reacted.next() else { return Vec::new() };
        let last = reacted.next_back().unwrap_or(first);
        let account = login::bearer(&self.conn).map(|bearer| bearer.account.id);
        let by = Author { member: self.conn.member, account };
        let look = Look::Given(first.room, by, (first.seq, last.seq));
        match self.shard.archive.look(look).await {
            Some(Found::Given(given)) => given,
            Some(Found::Messages(_) | Found::Measures(_) | Found::Versions(_)) | None => Vec::new(),
        }
    }

    async fn fetch_markers(&mut self, (id, asked, account): (Id, Asked, AccountId)) {
        let people = &self.shard.config.people;
        let markers = people.ask(move |people| people.markers(account)).await;
        let markers = match markers {
            Ok(Ok(markers)) => Some(markers),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the markers of an account could not be read");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the markers of an account could not be asked for");
                None
            }
        };
        self.session.marked(&self.shard, &self.conn, (id, asked), markers);
    }

    async fn run_errand(&mut self, id: Id, errand: Errand) {
        let runner = Runner::of(&self.shard, &self.conn);
        let outcome = runner.run(errand).await;
        self.session.returned(&self.shard, &self.conn, id, outcome);
    }

    /// Leaves the rooms, writes what is left for as long as the client reads, and closes.
    async fn end(self) {
        let Self { shard, conn, .. } = self;
        shard.part(conn).await;
    }
}

/// Leaves `limit` of what was found; whether there was more.
fn cut<T>(found: &mut Vec<T>, limit: usize, from_front: bool) -> bool {
    let more = found.len() > limit;
    if from_front {
        found.truncate(limit);
    } else {
        found.drain(..found.len().saturating_sub(limit));
    }
    more
}
