//! The task of a line connection: it waits, and lets the session go on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use room::RoomId;
use store::people::Bearer;
use tokio::time::{Instant, Sleep, sleep};
use wire::Dialect;
use wire::json::Hers;
use wire::line::{Answer, Problem, UNENDED_MS, UnreadRoom};

use super::say;
use super::session::{Pause, Session};
use crate::archive::{Found, Look};
use crate::clock;
use crate::gateway::errand::{Errand, Runner};
use crate::gateway::next_member;
use crate::hub::{Ask, Reply, ToHub, Visitor};
use crate::listen::{Permit, Refusal};
use crate::shard::{Conn, Shard, SocketState, State};
use crate::stream::Stream;
use crate::unread;

/// Pause before a log that could not be read is read again for a member that is behind.
const READ_RETRY: Duration = Duration::from_millis(500);

/// Serves one line client to its end. `first` is what it has said already.
///
/// What is not needed until that end stays out of the future: an idle client is one of these.
pub(crate) fn run(
    shard: Rc<Shard>,
    stream: Stream,
    permit: Permit,
    first: &[u8],
) -> impl Future<Output = ()> + use<> {
    let refusal = permit.refusal();
    let dialect = Dialect::Line { lang: shard.config.lang, numbered: false };
    let conn = shard.seat(stream, next_member(), permit, dialect);
    say(&conn, &Answer::Greeting);
    let late = shard.ending.get();
    if late {
        // It came too late for the goodbye.
        say(&conn, &Answer::ShuttingDown);
        conn.state.borrow_mut().closing = true;
    } else if let Some(refusal) = refusal {
        let problem = match refusal {
            Refusal::ServerFull(max) => Problem::ServerFull(max, max),
            Refusal::AddressFull(max) => Problem::AddressFull(max, max),
        };
        say(&conn, &Answer::No(problem));
        conn.state.borrow_mut().closing = true;
    }
    let mut line = Line { shard, conn, session: Session::default(), ended: false };
    if refusal.is_none() && !late {
        line.session.hear(&line.shard, &line.conn, first, clock::now());
    }
    async move {
        talk(&mut line).await;
        Box::pin(line.end()).await;
    }
}

/// Lets a client talk; a panic ends its session, and no other.
async fn talk(line: &mut Line) {
    let mut talk = pin!(line.talk());
    poll_fn(|context| {
        let step = AssertUnwindSafe(|| talk.as_mut().poll(context));
        catch_unwind(step).unwrap_or_else(|_| {
            tracing::error!("a session broke down and is ended");
            Poll::Ready(())
        })
    })
    .await;
}

struct Line {
    shard: Rc<Shard>,
    conn: Rc<Conn>,
    session: Session,
    /// The client says no more.
    ended: bool,
}

/// Why the task goes on.
enum Woken {
    /// There are bytes to read.
    Readable,
    /// The silence that ends a line.
    Silence,
    /// The session's answer came, or the socket takes more.
    GoOn,
    /// The member has to be caught up from the log.
    Behind,
    /// The connection is over.
    Over,
}

impl Line {
    async fn talk(&mut self) {
        // Boxed, because it is there only while an unended line is.
        let mut silence: Option<Pin<Box<Sleep>>> = None;
        // Whether its rooms may have something for it. The shard has written that already, unless
        // the socket took no more; bytes of the client's change nothing in it.
        let mut has_heard_only = false;
        loop {
            self.session.go_on(&self.shard, &self.conn, clock::now());
            if !std::mem::take(&mut has_heard_only) || !self.conn.state.borrow().outbox_empty() {
                self.shard.flush(&self.conn);
            }
            match std::mem::take(&mut self.session.pause) {
                Pause::Close => return,
                Pause::Send(message) => {
                    if !Box::pin(self.send(*message)).await {
                        return;
                    }
                    continue;
                }
                Pause::Read(look) => {
                    Box::pin(self.read(*look)).await;
                    continue;
                }
                Pause::Errand(errand) => {
                    Box::pin(self.run_errand(*errand)).await;
                    continue;
                }
                Pause::Unread(asked) => {
                    let (bearer, room) = *asked;
                    Box::pin(self.unread(&bearer, room)).await;
                    continue;
                }
                pause @ (Pause::No | Pause::Reply) => self.session.pause = pause,
            }
            if self.session.can_go_on(&self.conn) {
                continue;
            }
            if self.ended && self.session.is_hungry() {
                if !self.session.settle(&self.shard, &self.conn) {
                    return;
                }
                continue;
            }
            if !self.session.silence_ends_line() {
                silence = None;
            } else if silence.is_none() {
                silence = Some(Box::pin(sleep(Duration::from_millis(UNENDED_MS))));
            }
            match poll_fn(|context| self.poll(context, &mut silence)).await {
                Woken::Readable => {
                    if let Some(silence) = &mut silence {
                        let unended = Duration::from_millis(UNENDED_MS);
                        silence.as_mut().reset(Instant::now() + unended);
                    }
                    self.hear();
                    has_heard_only = true;
                }
                Woken::Silence => {
                    silence = None;
                    self.session.finish(&self.shard, &self.conn, clock::now());
                }
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

    fn poll(
        &mut self,
        context: &mut Context<'_>,
        silence: &mut Option<Pin<Box<Sleep>>>,
    ) -> Poll<Woken> {
        let conn = Rc::clone(&self.conn);
        conn.set_waker(context.waker());
        let mut state = conn.state.borrow_mut();
        if state.socket == SocketState::Broken || state.closing {
            return Poll::Ready(Woken::Over);
        }
        if state.socket == SocketState::Full {
            if conn.stream.poll_write_ready(context).is_pending() {
                return self.poll_reply(&state);
            }
            state.socket = SocketState::Open;
            return Poll::Ready(Woken::GoOn);
        }
        drop(state);
        let state = conn.state.borrow();
        let behind = state.outbox_empty() && state.is_behind();
        if behind && self.shard.is_before_turn(&conn) {
            return Poll::Ready(Woken::Behind);
        }
        let heard = self.poll_client(context, &state, silence);
        match heard {
            Poll::Pending if behind => Poll::Ready(Woken::Behind),
            Poll::Ready(_) if behind => {
                self.shard.next_turn(&conn);
                heard
            }
            _ => heard,
        }
    }

    /// What there is of the client's: its answer, its bytes, its silence.
    fn poll_client(
        &mut self,
        context: &mut Context<'_>,
        state: &State,
        silence: &mut Option<Pin<Box<Sleep>>>,
    ) -> Poll<Woken> {
        if self.poll_reply(state).is_ready() {
            return Poll::Ready(Woken::GoOn);
        }
        let may_read = self.session.is_hungry() && !self.ended && !state.outbox_full();
        if may_read && self.conn.stream.poll_read_ready(context).is_ready() {
            return Poll::Ready(Woken::Readable);
        }
        if let Some(silence) = silence
            && silence.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Woken::Silence);
        }
        Poll::Pending
    }

    fn poll_reply(&mut self, state: &State) -> Poll<Woken> {
        if matches!(self.session.pause, Pause::Reply) && state.replied {
            self.session.replied(state.refused);
            return Poll::Ready(Woken::GoOn);
        }
        Poll::Pending
    }

    fn hear(&mut self) {
        let mut scratch = self.shard.scratch.borrow_mut();
        match self.conn.read(&mut scratch) {
            Ok(0) => {
                self.ended = true;
                self.session.finish(&self.shard, &self.conn, clock::now());
            }
            Ok(read) => {
                self.conn.state.borrow_mut().heard_tick = self.shard.tick.get();
                self.session.hear(&self.shard, &self.conn, &scratch[..read], clock::now());
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            // Over TLS the end must be said: a line that is not ended may have been cut short.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => self.ended = true,
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

    async fn read(&mut self, look: Look) {
        let answer = match self.shard.archive.look(look).await {
            Some(Found::Messages(messages)) => Answer::Messages(messages),
            Some(Found::Measures(events)) => Answer::Audit(events),
            Some(Found::Versions(versions)) => Answer::Versions(versions),
            // Lines do not ask for it.
            Some(Found::Given(_)) | None => Answer::No(Problem::LogAway),
        };
        say(&self.conn, &answer);
    }

    /// Shows what an account has not read. Who asks in a room is reading it: it counts as read.
    async fn unread(&self, bearer: &Bearer, room: Option<RoomId>) {
        let (config, peer) = (&self.shard.config, self.conn.permit.peer());
        let visitor = Visitor::of(bearer, peer);
        if let Some(room) = room
            && let Reply::Head(head) = config.desk.ask(Some(&visitor), Ask::Head(room)).await
        {
            let read = Errand::Read(visitor.account, room, head);
            // What cannot be kept just now stays unread.
            let _ = Runner::of(&self.shard, &self.conn).run(read).await;
        }
        let account = visitor.account;
        let markers = config.people.ask(move |people| people.markers(account)).await;
        let Ok(Ok(markers)) = markers else {
            return say(&self.conn, &Answer::No(Problem::Busy));
        };
        match config.desk.ask(Some(&visitor), Ask::Hers(markers)).await {
            Reply::Hers(hers) => {
                let who = (account, visitor.nick);
                let hers = unread::counted(&self.shard.archive, who, *hers).await;
                say(&self.conn, &Answer::Unread(rooms_of(&hers)));
            }
            Reply::Refused(refused) => super::refused(&self.conn, refused),
            other => unreachable!("{other:?} was not asked for"),
        }
    }

    async fn run_errand(&mut self, errand: Errand) {
        let runner = Runner::of(&self.shard, &self.conn);
        let outcome = runner.run(errand).await;
        self.session.returned(&self.shard, &self.conn, outcome);
    }

    /// Leaves the rooms, writes what is left for as long as the client reads, and closes.
    async fn end(self) {
        let Self { shard, conn, .. } = self;
        shard.part(conn).await;
    }
}

/// The rooms in which something is unread.
fn rooms_of(hers: &Hers) -> Vec<UnreadRoom> {
    let rooms = hers.unread.iter().filter(|(_, unread)| unread.messages > 0 || unread.more);
    let shown = rooms.map(|(name, unread)| {
        let mut direct = hers.direct.iter();
        let nick = direct.find_map(|(room, nick)| (room == name).then(|| nick.clone()));
        let (messages, mentions, more) = (unread.messages, unread.mentions, unread.more);
        UnreadRoom { name: name.clone(), nick, messages, mentions, more }
    });
    shown.collect()
}
