//! One gateway a protocol: it translates between a connection and the hub, and knows no rule.
//!
//! A shard tells its connections through the functions here, each of which goes to the gateway of
//! the connection's protocol.

mod errand;
pub(crate) mod line;
pub(crate) mod link;
pub(crate) mod login;
pub(crate) mod ws;

use std::sync::atomic::{AtomicU64, Ordering};

use room::{Measure, MemberId, Nick, RoomName, Seq, UnixMs};
use wire::Dialect;

use crate::clock;
use crate::hub::{DirectSaid, Refused, Reply, Whispered};
use crate::shard::{Conn, Shard, State};

/// Why the server lets a connection go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// It goes down.
    ShuttingDown,
    /// In no room, and silent for too long.
    Idle,
}

/// Gives a session the hub's answer, at its place among the events.
pub(crate) fn reply(shard: &Shard, conn: &Conn, reply: Reply) {
    let is_refused = matches!(reply, Reply::Refused(_));
    login::answered(shard, conn, &reply);
    link::answered(shard, conn, &reply);
    match dialect(conn) {
        Dialect::Line { .. } => line::reply(shard, conn, reply),
        Dialect::Json { .. } => ws::reply(shard, conn, reply),
    }
    let mut state = conn.state.borrow_mut();
    (state.replied, state.refused) = (true, is_refused);
}

/// Tells a session that what it said is on the disk.
pub(crate) fn kept(shard: &Shard, conn: &Conn, mark: u32, seq: Seq) {
    match dialect(conn) {
        Dialect::Line { .. } => line::kept(conn, seq),
        Dialect::Json { .. } => ws::kept(shard, conn, mark, seq),
    }
}

/// Tells a session that what it said is refused.
pub(crate) fn refused(shard: &Shard, conn: &Conn, mark: u32, refused: Refused) {
    match dialect(conn) {
        Dialect::Line { .. } => line::refused(conn, refused),
        Dialect::Json { .. } => ws::refused(shard, conn, mark, refused),
    }
}

/// Passes on a private message.
pub(crate) fn whisper(shard: &Shard, conn: &Conn, whispered: &Whispered) {
    match dialect(conn) {
        Dialect::Line { .. } => line::whisper(conn, whispered),
        Dialect::Json { .. } => ws::whisper(shard, conn, whispered),
    }
}

/// Tells a session what was said in a room of two of hers that it is not in.
pub(crate) fn direct_said(shard: &Shard, conn: &Conn, told: &DirectSaid) {
    match dialect(conn) {
        Dialect::Line { .. } => line::direct_said(conn, told),
        Dialect::Json { .. } => ws::direct_said(shard, conn, told),
    }
}

/// Tells a session that it was put out of a room, by whom and how.
pub(crate) fn put_out(shard: &Shard, conn: &Conn, room: RoomName, by: Nick, measure: Box<Measure>) {
    match dialect(conn) {
        Dialect::Line { .. } => line::put_out(conn, room, by, *measure),
        Dialect::Json { .. } => ws::put_out(shard, conn, room, by, measure),
    }
}

/// Tells a guest that the owner of her nick has logged in, and what she is called now.
pub(crate) fn displaced(shard: &Shard, conn: &Conn, from: &Nick, to: &Nick) {
    match dialect(conn) {
        Dialect::Line { .. } => line::displaced(conn, from, to),
        Dialect::Json { .. } => ws::displaced(shard, conn, to),
    }
}

/// Tells a session how far another of the same account has read a room.
pub(crate) fn read(shard: &Shard, conn: &Conn, room: RoomName, seq: Seq) {
    match dialect(conn) {
        // A line shows no such mark.
        Dialect::Line { .. } => {}
        Dialect::Json { .. } => ws::read(shard, conn, room, seq),
    }
}

/// Tells a session that it is logged in no more, and in no room.
pub(crate) fn logged_out(shard: &Shard, conn: &Conn) {
    let login = conn.state.borrow_mut().rare.as_mut().and_then(|rare| rare.login.take());
    if login.is_none() {
        return;
    }
    match dialect(conn) {
        Dialect::Line { .. } => line::logged_out(conn),
        Dialect::Json { .. } => ws::logged_out(shard, conn),
    }
}

/// Says the last words to a connection, and lets it go.
pub(crate) fn farewell(shard: &Shard, conn: &Conn, farewell: Farewell) {
    match dialect(conn) {
        Dialect::Line { .. } => line::farewell(conn, farewell),
        Dialect::Json { .. } => ws::farewell(shard, conn, farewell),
    }
}

/// Looks after a connection of which nothing has been heard for so many ticks.
pub(crate) fn watch(shard: &Shard, conn: &Conn, silent_ticks: u32) {
    match dialect(conn) {
        // The system probes it.
        Dialect::Line { .. } => {}
        Dialect::Json { .. } => ws::watch(shard, conn, silent_ticks),
    }
}

/// The shard's tick in which a client last asked for something.
pub(crate) fn asked_tick(state: &State) -> u32 {
    match (state.dialect, &state.talk) {
        (Dialect::Json { .. }, Some(talk)) => talk.asked_tick(),
        (Dialect::Json { .. } | Dialect::Line { .. }, _) => state.heard_tick,
    }
}

fn dialect(conn: &Conn) -> Dialect {
    conn.state.borrow().dialect
}

/// A number for a session that no other has, before or after a restart: the milliseconds of the
/// start leave room for four million sessions each.
pub(crate) fn next_member() -> MemberId {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    if NEXT.load(Ordering::Relaxed) == 0 {
        let MemberId(first) = session_of(clock::now());
        let _ = NEXT.compare_exchange(0, first, Ordering::Relaxed, Ordering::Relaxed);
    }
    MemberId(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The first number of a server that starts then: all that were given before are lower.
pub(crate) const fn session_of(start: UnixMs) -> MemberId {
    const SESSIONS_PER_MS_BITS: u32 = 22;
    MemberId(start.0 << SESSIONS_PER_MS_BITS)
}
