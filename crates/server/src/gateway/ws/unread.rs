//! Answers that tell what is unread: first her markers are fetched, then the hub is asked, then the
//! messages behind them are counted. Only who is logged in is told.

use room::{RoomId, RoomName, Seq};
use wire::json::{Answer, Asked, Hers, Id, Unread};

use super::session::Pause;
use super::{answer as answer_now, talk};
use crate::gateway::login;
use crate::hub::{self, Markers, marker};
use crate::shard::{Conn, Shard};
use crate::unread::{Count, Span, Wanted};

/// What is being told. Nothing of it outlives the answer.
#[derive(Default)]
pub(super) struct Telling {
    /// Of the request under way, if it tells what is unread.
    markers: Option<Markers>,
    /// What is to be counted, in the order of the answer.
    spans: Vec<Span>,
    /// The rooms whose events wait for the answer, though none was missed.
    held: Vec<RoomId>,
    /// What waits to be counted.
    answer: Option<(Id, Answer)>,
}

impl Telling {
    /// For a request that tells what is unread, by these markers.
    pub(super) fn of(markers: Markers) -> Self {
        Self { markers: Some(markers), ..Self::default() }
    }

    /// Whether an answer waits: what is told of rooms comes after it.
    pub(super) const fn is_due(&self) -> bool {
        self.answer.is_some()
    }

    /// Takes note of a room whose events wait for the answer.
    pub(super) fn hold(&mut self, room: RoomId) {
        self.held.push(room);
    }

    /// Her markers, for the hub.
    pub(super) fn take_markers(&mut self) -> Option<Markers> {
        self.markers.take()
    }
}

/// Whether a request's answer tells what is unread.
pub(super) const fn is_told(asked: &Asked) -> bool {
    matches!(
        asked,
        Asked::Me
            | Asked::Rooms
            | Asked::Enter { .. }
            | Asked::EnterByLink { .. }
            | Asked::Resume { .. }
            | Asked::Direct(_)
    )
}

/// What of a room is to be counted for her who enters it: nothing where she has no marker, but in a
/// room of two all that she has not read.
pub(super) fn of_room(conn: &Conn, (room, name): (RoomId, &RoomName), upto: Seq) -> Option<Unread> {
    let mut state = conn.state.borrow_mut();
    let telling = &mut talk(&mut state).unread;
    let markers = telling.markers.as_ref()?;
    let read = marker(markers, room).or_else(|| name.pair().map(|_| Seq::START))?;
    telling.spans.push(Span { room, after: read, upto });
    Some(Unread { read, ..Unread::default() })
}

/// What she has in rooms, to be counted.
pub(super) fn hers(conn: &Conn, hers: hub::Hers) -> Hers {
    let mut state = conn.state.borrow_mut();
    let telling = &mut talk(&mut state).unread;
    let unread = hers.marked.into_iter().map(|marked| {
        telling.spans.push(Span { room: marked.room, after: marked.read, upto: marked.head });
        (marked.name, Unread { read: marked.read, ..Unread::default() })
    });
    let unread = unread.collect();
    Hers { direct: hers.direct, unread }
}

/// Answers, at once if nothing is to be counted for it.
pub(super) fn answer(shard: &Shard, conn: &Conn, id: Id, answer: Answer) {
    let mut state = conn.state.borrow_mut();
    let telling = &mut talk(&mut state).unread;
    if telling.spans.is_empty() {
        *telling = Telling::default();
        drop(state);
        answer_now(shard, conn, &id, &answer);
    } else {
        telling.answer = Some((id, answer));
    }
}

/// What a session does next that has all its answers: counts, if one waits for that.
pub(super) fn next(conn: &Conn) -> Pause {
    let mut state = conn.state.borrow_mut();
    let telling = &mut talk(&mut state).unread;
    if telling.is_due() {
        return Pause::Count;
    }
    *telling = Telling::default();
    Pause::No
}

/// Counts what waits to be counted, and answers.
pub(super) async fn count(shard: &Shard, conn: &Conn) {
    let telling = std::mem::take(&mut talk(&mut conn.state.borrow_mut()).unread);
    let Some((id, mut answer)) = telling.answer else { return };
    // Who is logged out meanwhile is told that there may be more.
    let counts = match login::bearer(conn).map(|bearer| bearer.account) {
        Some(account) => {
            let (account, nick) = (account.id, account.nick);
            shard.archive.unread(Wanted { account, nick, spans: telling.spans }).await
        }
        None => None,
    };
    let mut counts = counts.unwrap_or_default().into_iter();
    for unread in told(&mut answer) {
        let unknown = Count { more: true, ..Count::default() };
        let Count { messages, mentions, more } = counts.next().unwrap_or(unknown);
        (unread.messages, unread.mentions, unread.more) = (messages, mentions, more);
    }
    answer_now(shard, conn, &id, &answer);
    telling.held.into_iter().for_each(|room| shard.release(conn, room));
}

/// Where an answer tells what is unread, in the order in which that was asked to be counted.
fn told(answer: &mut Answer) -> Vec<&mut Unread> {
    match answer {
        Answer::Entered(entered) => entered.unread.iter_mut().collect(),
        Answer::Resumed(rooms) => {
            rooms.iter_mut().flatten().filter_map(|entered| entered.unread.as_mut()).collect()
        }
        Answer::Session { hers, .. } | Answer::Rooms(_, _, hers) => {
            hers.iter_mut().flat_map(|hers| &mut hers.unread).map(|(_, unread)| unread).collect()
        }
        Answer::Done
        | Answer::Greeted(_)
        | Answer::LoggedIn { .. }
        | Answer::Tokens(_)
        | Answer::MadeLink(..)
        | Answer::Links(_)
        | Answer::Kept(_)
        | Answer::Topic(_)
        | Answer::Members(..)
        | Answer::Messages { .. }
        | Answer::Renamed(_)
        | Answer::InForce(_)
        | Answer::Audit { .. }
        | Answer::Versions(_) => Vec::new(),
    }
}
