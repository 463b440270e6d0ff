//! The gateway of WebSocket: `papo.v1`, see `docs/ws.md`.
//!
//! As over lines, a session is a state machine that eats bytes, and its task waits for what the
//! session cannot do at once. What a shard says to a client goes through the functions here; what
//! they must know of the session lies with its connection, as its [`Talk`].

mod cost;
mod session;
mod task;
mod unread;

use std::collections::VecDeque;

use bytes::Bytes;
use lang::Lang;
use room::{Measure, Nick, RoomId, RoomName, Seq, Text};
use wire::json::limits::PING_MS;
use wire::json::{self, Answer, Entered, Id, Notice, Problem};
use wire::ws::{CloseCode, Closing, encoder};
use wire::{Dialect, Secret};

use super::{Farewell, login};
use crate::clock;
use crate::hub::{DirectSaid, Refused, Reply, Typing, Whispered};
use crate::limits::TICK;
use crate::shard::{Conn, Shard, SocketState, State};

pub(crate) use task::{Opened, run};

/// Ticks of silence after which a client is pinged, and after as many again cut.
const PING_TICKS: u32 = 30;

const _: () = assert!(PING_TICKS as u64 * TICK.as_secs() * 1000 == PING_MS);

/// What is being said to a client, and what it waits for.
pub(crate) struct Talk {
    /// That of the sentences in refusals.
    lang: Lang,
    /// What she is called.
    nick: Option<Nick>,
    /// The token of the cookie that came with the opening handshake, until it is used.
    cookie: Option<Secret>,
    closing: Closing,
    /// The tick in which it was pinged, if it was silent since.
    pinged_tick: Option<u32>,
    /// The tick in which it last asked for something.
    asked_tick: u32,
    /// What the hub is being asked for it.
    asked: Option<Asked>,
    /// What of her markers and of what is unread is being told.
    unread: unread::Telling,
    /// The rooms of a `resume` that were gone through. What was missed in them comes after the
    /// answer.
    resumed: Option<Vec<Result<Entered, Problem>>>,
    /// Posts that wait for the disk, each with its mark: at most `POSTS_WAITING_MAX`.
    posts: VecDeque<(u32, Id)>,
    next_mark: u32,
}

/// A request that waits for the hub.
struct Asked {
    id: Id,
    wanted: Wanted,
}

/// What a request wants of the hub.
enum Wanted {
    /// Its answer.
    Answer,
    /// To be in a room, called so, from after that event on.
    Enter(Nick, Option<Seq>),
    /// The same, as one room of several.
    Resume(Nick, Seq),
    /// That topic.
    Topic(Option<Text>),
    /// To be logged in.
    LogIn,
    /// To be logged in no more.
    LogOut,
}

impl Talk {
    fn new(lang: Lang, tick: u32, cookie: Option<Secret>) -> Self {
        Self {
            lang,
            nick: None,
            cookie,
            closing: Closing::default(),
            pinged_tick: None,
            asked_tick: tick,
            asked: None,
            unread: unread::Telling::default(),
            resumed: None,
            posts: VecDeque::new(),
            next_mark: 0,
        }
    }

    /// The shard's tick in which the client last asked for something.
    pub(super) fn asked_tick(&self) -> u32 {
        self.asked_tick
    }
}

/// The talk of a WebSocket client.
fn talk(state: &mut State) -> &mut Talk {
    state.talk.as_mut().expect("every WebSocket client has one")
}

/// Gives a session the hub's answer, at its place among the events.
pub(super) fn reply(shard: &Shard, conn: &Conn, reply: Reply) {
    let Some(Asked { id, wanted }) = talk(&mut conn.state.borrow_mut()).asked.take() else {
        return;
    };
    let answer = match reply {
        Reply::Created { room, name, present, capacity, head } => {
            let (topic, direct) = (None, None);
            let place = Place { name, present, capacity, topic, seq: head, direct };
            return self::entered(shard, conn, id, wanted, (room, place));
        }
        Reply::Entered { room, name, present, capacity, topic, head, direct } => {
            let place = Place { name, present, capacity, topic, seq: head, direct };
            return self::entered(shard, conn, id, wanted, (room, place));
        }
        Reply::Refused(refused) => {
            let problem = problem(refused);
            if matches!(wanted, Wanted::Resume(..)) {
                let mut state = conn.state.borrow_mut();
                return talk(&mut state).resumed.get_or_insert_default().push(Err(problem));
            }
            return refuse(shard, conn, Some(&id), &problem);
        }
        Reply::TopicSet => match wanted {
            Wanted::Topic(topic) => Answer::Topic(topic),
            Wanted::Answer
            | Wanted::Enter(..)
            | Wanted::Resume(..)
            | Wanted::LogIn
            | Wanted::LogOut => Answer::Done,
        },
        Reply::LoggedIn { nick } => {
            let Some((bearer, token)) = login::let_in(conn) else { return };
            talk(&mut conn.state.borrow_mut()).nick = Some(nick.clone());
            Answer::LoggedIn { account: nick, number: bearer.account.id, token }
        }
        Reply::LoggedOut => {
            talk(&mut conn.state.borrow_mut()).nick = None;
            Answer::Done
        }
        Reply::Left { .. }
        | Reply::Edited { .. }
        | Reply::Deleted { .. }
        | Reply::Reacted { .. }
        | Reply::Pinned { .. }
        | Reply::Moderated { .. }
        | Reply::Whispered { .. } => Answer::Done,
        Reply::Replied { seq } => Answer::Kept(seq),
        Reply::Renamed { nick } => {
            talk(&mut conn.state.borrow_mut()).nick = Some(nick.clone());
            Answer::Renamed(nick)
        }
        Reply::Channels(rooms, more, hers) => {
            let hers = hers.map(|hers| unread::hers(conn, *hers));
            return unread::answer(shard, conn, id, Answer::Rooms(rooms, more as u64, hers));
        }
        Reply::Hers(hers) => {
            let hers = Some(unread::hers(conn, *hers));
            return unread::answer(shard, conn, id, session::session(shard, conn, hers));
        }
        Reply::Members(members, more) => {
            Answer::Members(members.into_iter().map(Into::into).collect(), more as u64)
        }
        Reply::Topic(topic) => Answer::Topic(topic),
        Reply::InForce(in_force) => Answer::InForce(in_force),
        // The session goes on from there.
        Reply::Head(_) | Reply::Written => return,
        Reply::Open { .. } | Reply::Named(_) => unreachable!("only the desk asks for it"),
    };
    self::answer(shard, conn, &id, &answer);
}

/// Tells a session that it was put out of a room, by whom and how.
pub(super) fn put_out(
    shard: &Shard,
    conn: &Conn,
    room: RoomName,
    nick: Nick,
    measure: Box<Measure>,
) {
    let lang = talk(&mut conn.state.borrow_mut()).lang;
    say(shard, conn, &json::notice(&Notice::PutOut { room, nick, measure }, lang));
}

/// Tells a session what it is called now, against its will.
pub(super) fn displaced(shard: &Shard, conn: &Conn, to: &Nick) {
    let mut state = conn.state.borrow_mut();
    let talk = talk(&mut state);
    talk.nick = Some(to.clone());
    let lang = talk.lang;
    drop(state);
    say(shard, conn, &json::notice(&Notice::Called { nick: to.clone() }, lang));
}

/// Tells a session how far another of the same account has read a room.
pub(super) fn read(shard: &Shard, conn: &Conn, room: RoomName, seq: Seq) {
    let lang = talk(&mut conn.state.borrow_mut()).lang;
    say(shard, conn, &json::notice(&Notice::Read { room, seq }, lang));
}

/// Tells a session that it is logged in no more.
pub(super) fn logged_out(shard: &Shard, conn: &Conn) {
    let mut state = conn.state.borrow_mut();
    let talk = talk(&mut state);
    talk.nick = None;
    let lang = talk.lang;
    drop(state);
    say(shard, conn, &json::notice(&Notice::LoggedOut, lang));
}

/// A room that she is in.
struct Place {
    name: RoomName,
    present: u32,
    capacity: u32,
    topic: Option<Text>,
    seq: Seq,
    direct: Option<Nick>,
}

/// She is in a room.
fn entered(shard: &Shard, conn: &Conn, id: Id, wanted: Wanted, (room, place): (RoomId, Place)) {
    let Place { name, present, capacity, topic, seq, direct } = place;
    let (nick, after, is_one_of_several) = match wanted {
        Wanted::Enter(nick, after) => (nick, after.filter(|after| *after < seq), false),
        Wanted::Resume(nick, after) => (nick, Some(after.min(seq)), true),
        Wanted::Answer | Wanted::Topic(_) | Wanted::LogIn | Wanted::LogOut => {
            unreachable!("it did not ask to enter")
        }
    };
    let unread = unread::of_room(conn, (room, &name), seq);
    // What happens while it is counted comes after the answer, as what was missed does.
    if let Some(after) = after.or_else(|| unread.map(|_| seq)) {
        shard.resume(conn, room, after, seq);
    }
    if after.is_none() && unread.is_some() {
        talk(&mut conn.state.borrow_mut()).unread.hold(room);
    }
    let entered =
        Entered { room: name, nick: nick.clone(), present, capacity, topic, seq, direct, unread };
    let mut state = conn.state.borrow_mut();
    let talk = talk(&mut state);
    talk.nick = Some(nick);
    if is_one_of_several {
        talk.resumed.get_or_insert_default().push(Ok(entered));
    } else {
        drop(state);
        unread::answer(shard, conn, id, Answer::Entered(entered));
    }
}

/// Tells a session that what it said is on the disk.
pub(super) fn kept(shard: &Shard, conn: &Conn, mark: u32, seq: Seq) {
    if let Some(id) = post(conn, mark) {
        answer(shard, conn, &id, &Answer::Kept(seq));
    }
}

/// Tells a session that what it said is refused.
pub(super) fn refused(shard: &Shard, conn: &Conn, mark: u32, refused: Refused) {
    if let Some(id) = post(conn, mark) {
        refuse(shard, conn, Some(&id), &problem(refused));
    }
}

/// The request that made a post, which is settled now.
fn post(conn: &Conn, mark: u32) -> Option<Id> {
    let mut state = conn.state.borrow_mut();
    let posts = &mut talk(&mut state).posts;
    let place = posts.iter().position(|(other, _)| *other == mark)?;
    let (_, id) = posts.remove(place)?;
    if posts.is_empty() {
        posts.shrink_to_fit();
    }
    Some(id)
}

/// Passes on a private message.
pub(super) fn whisper(shard: &Shard, conn: &Conn, whispered: &Whispered) {
    let Whispered { from, account, text } = whispered;
    let (nick, account, text) = (from.clone(), *account, text.clone());
    let private = Notice::Private { at: clock::now(), nick, account, text };
    let mut state = conn.state.borrow_mut();
    if !state.closing {
        let text_bytes = json::notice(&private, talk(&mut state).lang);
        let frame = shard.compression.frame(&text_bytes, deflates(&state));
        state.push_whisper(frame, Whispered::cost(from, &whispered.text));
    }
}

/// Tells a session what was said in a room of two of hers that it is not in.
pub(super) fn direct_said(shard: &Shard, conn: &Conn, told: &DirectSaid) {
    let DirectSaid { room, seq, nick, account } = told;
    let (room, nick) = (room.clone(), nick.clone());
    let notice = Notice::Direct { room, seq: *seq, nick, account: *account };
    let mut state = conn.state.borrow_mut();
    if !state.closing {
        let text = json::notice(&notice, talk(&mut state).lang);
        let frame = shard.compression.frame(&text, deflates(&state));
        state.push_whisper(frame, told.cost());
    }
}

/// Says why the connection ends, and ends it.
pub(super) fn farewell(shard: &Shard, conn: &Conn, farewell: Farewell) {
    let (why, code) = match farewell {
        Farewell::ShuttingDown => (json::Farewell::ShuttingDown, CloseCode::GOING_AWAY),
        Farewell::Idle => (json::Farewell::Idle, CloseCode::NORMAL),
    };
    bye(shard, conn, why, code);
}

/// Says why the connection ends, and ends it with that code.
fn bye(shard: &Shard, conn: &Conn, why: json::Farewell, code: CloseCode) {
    shard.flush(conn);
    let lang = talk(&mut conn.state.borrow_mut()).lang;
    say(shard, conn, &json::notice(&Notice::Bye(why), lang));
    close(shard, conn, code, "");
}

/// Ends the connection: the close frame is the last that is written.
fn close(shard: &Shard, conn: &Conn, code: CloseCode, reason: &str) {
    let last = talk(&mut conn.state.borrow_mut()).closing.begin(code, reason);
    end(shard, conn, last);
}

/// Nothing is written after `last`.
fn end(shard: &Shard, conn: &Conn, last: Option<Bytes>) {
    shard.flush(conn);
    shard.leave_all(conn);
    let mut state = conn.state.borrow_mut();
    if let Some(last) = last {
        state.push(last);
    }
    state.closing = true;
    drop(state);
    conn.wake();
}

/// Pings who is silent, and cuts who does not answer that.
pub(super) fn watch(shard: &Shard, conn: &Conn, silent_ticks: u32) {
    let mut state = conn.state.borrow_mut();
    let now = shard.tick.get();
    match talk(&mut state).pinged_tick {
        None if silent_ticks >= PING_TICKS => {
            talk(&mut state).pinged_tick = Some(now);
            state.push(encoder::ping(b""));
            drop(state);
            shard.flush(conn);
        }
        Some(pinged) if now.wrapping_sub(pinged) >= PING_TICKS => {
            state.socket = SocketState::Broken;
            drop(state);
            conn.wake();
        }
        None | Some(_) => {}
    }
}

/// What a member is told of events that are no longer kept.
pub(crate) fn missed(room: &RoomName, after: Seq, begins: Seq) -> Bytes {
    // There is no sentence in it.
    json::notice(&Notice::Missed { room: room.clone(), after, begins }, Lang::default())
}

/// How many are in a crowded room.
pub(crate) fn count(room: &RoomName, present: u32) -> Bytes {
    json::notice(&Notice::Count { room: room.clone(), present }, Lang::default())
}

/// That someone writes in a room, or does not any more.
pub(crate) fn typing(room: &RoomName, typing: &Typing) -> Bytes {
    let Typing { nick, account, on } = typing;
    let (room, nick) = (room.clone(), nick.clone());
    json::notice(&Notice::Typing { room, nick, account: *account, on: *on }, Lang::default())
}

fn answer(shard: &Shard, conn: &Conn, id: &Id, answer: &Answer) {
    let lang = talk(&mut conn.state.borrow_mut()).lang;
    say(shard, conn, &answer.encode(id, lang));
}

fn refuse(shard: &Shard, conn: &Conn, id: Option<&Id>, problem: &Problem) {
    let lang = talk(&mut conn.state.borrow_mut()).lang;
    say(shard, conn, &problem.encode(id, lang));
}

/// Adds a message to what waits to be written.
fn say(shard: &Shard, conn: &Conn, text: &[u8]) {
    let mut state = conn.state.borrow_mut();
    if !state.closing {
        let frame = shard.compression.frame(text, deflates(&state));
        state.push(frame);
    }
}

fn deflates(state: &State) -> bool {
    match state.dialect {
        Dialect::Json { deflate } => deflate,
        Dialect::Line { .. } => unreachable!("a WebSocket client is spoken to in JSON"),
    }
}

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Rule(refusal) => Problem::Refused(refusal),
        Refused::NoSuchNick(nick) => Problem::NoSuchNick(nick),
        Refused::NotReading(nick) => Problem::NotReading(nick),
        Refused::Busy => Problem::Busy,
        Refused::NoSpace => Problem::NoSpace,
        Refused::LogAway => Problem::LogAway,
    }
}
