//! Leaving a room, or all of them for good.

use crate::{Decision, Departure, Directory, Event, Fact, MemberId, Refusal, RoomId, UnixMs};

impl Directory {
    /// She keeps her nick: it is hers while she is connected.
    pub(super) fn decide_leave(
        &self,
        member: MemberId,
        room: RoomId,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let left = self.moving_out(member, Some(room), at).ok_or(Refusal::NotInRoom)?;
        Ok(Decision { events: vec![left], ..Decision::default() })
    }

    /// Cannot be refused: the connection is gone.
    pub(super) fn decide_disconnect(&self, member: MemberId, at: UnixMs) -> Decision {
        self.going(member, Departure::Disconnected, at)
    }

    /// Out of every room, the nick given back.
    pub(super) fn going(&self, member: MemberId, how: Departure, at: UnixMs) -> Decision {
        let Some(present) = self.present(member) else { return Decision::default() };
        let mut rooms: Vec<_> = present.rooms.iter().copied().collect();
        rooms.sort_unstable();
        let left = |room| -> Event {
            let (account, nick) = (present.account, present.nick.clone());
            let again = self.is_in_again(member, room);
            self.passing(room, at, Fact::Left { member, account, nick, how, again })
        };
        let events = rooms.into_iter().map(left).collect();
        Decision { events, gone: Some(member), ..Decision::default() }
    }
}
