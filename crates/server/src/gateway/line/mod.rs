//! The gateway of the line protocol.
//!
//! A session is a state machine that eats bytes; its task waits for what the session cannot do at
//! once: more bytes, an answer of the hub, a read of the log, a socket that takes no more.

mod session;
mod task;

use bytes::Bytes;
use wire::Dialect;
use wire::line::{Answer, Problem};

use crate::hub::{Refused, Reply, Whispered};
use crate::shard::{Conn, Shard};

pub(crate) use task::run;

/// Gives a session the hub's answer, at its place among the events.
pub(crate) fn reply(shard: &Shard, conn: &Conn, reply: Reply) {
    conn.state.borrow_mut().replied = true;
    let answer = match reply {
        Reply::Created { name, present, capacity } => Answer::Created { name, present, capacity },
        Reply::Entered { name, present, capacity, topic } => {
            Answer::Joined { name, present, capacity, topic }
        }
        Reply::Left { name } => Answer::Left(name),
        Reply::TopicSet => Answer::TopicSet,
        Reply::Replied { seq } => {
            // It is a message of hers: who counts messages is told as of any other.
            let Dialect::Line { numbered, .. } = conn.state.borrow().dialect;
            if numbered { Answer::Kept(seq) } else { Answer::Replied(seq) }
        }
        Reply::Edited { seq } => Answer::Edited(seq),
        Reply::Deleted { seq } => Answer::Deleted(seq),
        Reply::Reacted { seq, on } => Answer::Reacted(seq, on),
        Reply::Pinned { seq, on } => Answer::Pinned(seq, on),
        Reply::Moderated { done } => Answer::Moderated(done.map(|(by, measure)| (by, *measure))),
        Reply::Renamed { nick } | Reply::LoggedIn { nick } => Answer::Renamed(nick),
        // A line has no command for it.
        Reply::LoggedOut => return,
        Reply::Channels(rooms, more) => Answer::Channels(rooms, more),
        Reply::Members(nicks, more) => Answer::Members(nicks, more),
        Reply::Topic(topic) => Answer::Topic(topic),
        Reply::Head(head) => {
            let mut state = conn.state.borrow_mut();
            let Dialect::Line { lang, .. } = state.dialect;
            state.dialect = Dialect::Line { lang, numbered: true };
            let wanted = state.cursor_wanted.take().filter(|wanted| *wanted < head);
            let room = state.room();
            drop(state);
            if let (Some(wanted), Some(room)) = (wanted, room) {
                shard.resume(conn, room, wanted, head);
            }
            Answer::Cursor(head)
        }
        Reply::Written => return,
        Reply::Whispered { to } => Answer::Whispered(to),
        Reply::Refused(refused) => refusal(refused),
    };
    conn.say(&answer);
}

/// What a session is told when the hub says no.
pub(crate) fn refusal(refused: Refused) -> Answer {
    Answer::No(match refused {
        Refused::Rule(refusal) => Problem::Refused(refusal),
        Refused::NoSuchNick(nick) => Problem::NoSuchNick(nick),
        Refused::NotReading(nick) => Problem::NotReading(nick),
        Refused::NoSpace => Problem::NoSpace,
        Refused::LogAway => Problem::LogAway,
    })
}

/// Passes on a private message.
pub(crate) fn whisper(conn: &Conn, whispered: &Whispered) {
    let Whispered { from, text } = whispered;
    conn.state
        .borrow_mut()
        .push_whisper(wire::line::whisper(from, text), Whispered::cost(from, text));
}

/// What a member is told of events that are no longer kept.
pub(crate) fn missed(dialect: Dialect, count: u64) -> Bytes {
    let Dialect::Line { lang, .. } = dialect;
    Answer::Missed(count).lines(lang).into()
}
