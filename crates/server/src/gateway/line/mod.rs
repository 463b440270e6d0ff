//! The gateway of the line protocol.
//!
//! A session is a state machine that eats bytes; its task waits for what the session cannot do at
//! once: more bytes, an answer of the hub, a read of the log, a socket that takes no more.

mod session;
mod task;

use bytes::Bytes;
use lang::Lang;
use room::{Measure, Nick, RoomName, Seq};
use wire::Dialect;
use wire::line::{Answer, Problem};

use super::{Farewell, login};
use crate::hub::{DirectSaid, Refused, Reply, Whispered};
use crate::shard::{Conn, Shard, State};

pub(crate) use task::run;

/// Gives a session the hub's answer, at its place among the events.
pub(super) fn reply(shard: &Shard, conn: &Conn, reply: Reply) {
    let answer = match reply {
        Reply::Created { name, present, capacity, .. } => {
            Answer::Created { name, present, capacity }
        }
        Reply::Entered { name, topic, direct: Some(nick), .. } => {
            Answer::Direct { nick, name, topic }
        }
        Reply::Entered { name, present, capacity, topic, direct: None, .. } => {
            Answer::Joined { name, present, capacity, topic }
        }
        Reply::Left { name } => Answer::Left(name),
        Reply::TopicSet => Answer::TopicSet,
        Reply::Replied { seq } => {
            // It is a message of hers: who counts messages is told as of any other.
            let (_, numbered) = manner(&conn.state.borrow());
            if numbered { Answer::Kept(seq) } else { Answer::Replied(seq) }
        }
        Reply::Edited { seq } => Answer::Edited(seq),
        Reply::Deleted { seq } => Answer::Deleted(seq),
        Reply::Reacted { seq, on } => Answer::Reacted(seq, on),
        Reply::Pinned { seq, on } => Answer::Pinned(seq, on),
        Reply::Moderated { done } => Answer::Moderated(done.map(|(by, measure)| (by, *measure))),
        Reply::InForce(in_force) => Answer::InForce(in_force),
        Reply::Renamed { nick } => Answer::Renamed(nick),
        Reply::LoggedIn { nick } => {
            let token = login::let_in(conn).and_then(|(_, token)| token);
            Answer::LoggedIn(nick, token)
        }
        Reply::LoggedOut => Answer::LoggedOut,
        Reply::Channels(rooms, more, _) => Answer::Channels(rooms, more),
        Reply::Members(members, more) => {
            Answer::Members(members.into_iter().map(|member| member.nick).collect(), more)
        }
        Reply::Topic(topic) => Answer::Topic(topic),
        Reply::Head(head) => {
            let mut state = conn.state.borrow_mut();
            number(&mut state);
            let wanted = state.rare.as_mut().and_then(|rare| rare.cursor_wanted.take());
            let wanted = wanted.filter(|wanted| *wanted < head);
            let room = state.room();
            drop(state);
            if let (Some(wanted), Some(room)) = (wanted, room) {
                shard.resume(conn, room, wanted, head);
            }
            Answer::Cursor(head)
        }
        // A line has no command that asks for it.
        Reply::Hers(_) | Reply::Written => return,
        Reply::Open { .. } | Reply::Named(_) => unreachable!("only the desk asks for it"),
        Reply::Whispered { to } => Answer::Whispered(to),
        Reply::Refused(refused) => refusal(refused),
    };
    say(conn, &answer);
}

/// Tells a session that what it said is on the disk.
pub(super) fn kept(conn: &Conn, seq: Seq) {
    say(conn, &Answer::Kept(seq));
}

/// Tells a session that what it said is refused.
pub(super) fn refused(conn: &Conn, refused: Refused) {
    say(conn, &refusal(refused));
}

/// What a session is told when the hub says no.
fn refusal(refused: Refused) -> Answer {
    Answer::No(match refused {
        Refused::Rule(refusal) => Problem::Refused(refusal),
        Refused::NoSuchNick(nick) => Problem::NoSuchNick(nick),
        Refused::NotReading(nick) => Problem::NotReading(nick),
        Refused::Busy => Problem::Busy,
        Refused::NoSpace => Problem::NoSpace,
        Refused::LogAway => Problem::LogAway,
    })
}

/// Passes on a private message.
pub(super) fn whisper(conn: &Conn, whispered: &Whispered) {
    let Whispered { from, text, account: _ } = whispered;
    conn.state
        .borrow_mut()
        .push_whisper(wire::line::whisper(from, text), Whispered::cost(from, text));
}

/// Tells a session what was said in a room of two of hers that it is not in.
pub(super) fn direct_said(conn: &Conn, told: &DirectSaid) {
    let mut state = conn.state.borrow_mut();
    let (lang, _) = manner(&state);
    state.push_whisper(Answer::DirectSaid(told.nick.clone()).lines(lang).into(), told.cost());
}

/// Tells a session that it was put out of a room.
pub(super) fn put_out(conn: &Conn, room: RoomName, by: Nick, measure: Measure) {
    say(conn, &Answer::PutOut(room, by, measure));
}

/// Tells a guest what she is called now that the owner of her nick has come.
pub(super) fn displaced(conn: &Conn, from: &Nick, to: &Nick) {
    say(conn, &Answer::Displaced { from: from.clone(), to: to.clone() });
}

/// Tells a session that it is logged in no more.
pub(super) fn logged_out(conn: &Conn) {
    say(conn, &Answer::LoggedOutElsewhere);
}

/// Says the last words, and lets the client go.
pub(super) fn farewell(conn: &Conn, farewell: Farewell) {
    say(
        conn,
        &match farewell {
            Farewell::ShuttingDown => Answer::ShuttingDown,
            Farewell::Idle => Answer::IdleTooLong,
        },
    );
    conn.state.borrow_mut().closing = true;
    conn.wake();
}

/// What a member is told of so many events that are no longer kept.
pub(crate) fn missed(lang: Lang, count: u64) -> Bytes {
    Answer::Missed(count).lines(lang).into()
}

/// Adds an answer to what waits to be written.
fn say(conn: &Conn, answer: &Answer) {
    let mut state = conn.state.borrow_mut();
    let (lang, _) = manner(&state);
    state.push(answer.lines(lang).into());
}

/// How a line client is spoken to: in which language, and with numbers or without.
fn manner(state: &State) -> (Lang, bool) {
    match state.dialect {
        Dialect::Line { lang, numbered } => (lang, numbered),
        Dialect::Json { .. } => unreachable!("a line client is spoken to in lines"),
    }
}

/// From now on it gets numbers.
fn number(state: &mut State) {
    let (lang, _) = manner(state);
    state.dialect = Dialect::Line { lang, numbered: true };
}
