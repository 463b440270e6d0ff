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
        let Some(present) = self.present(member) else { return Decision::default() };
        let mut rooms: Vec<_> = present.rooms.iter().copied().collect();
        rooms.sort_unstable();
        let left = |room| -> Event {
            let how = Departure::Disconnected;
            self.passing(room, at, Fact::Left { member, nick: present.nick.clone(), how })
        };
        Decision { called: None, events: rooms.into_iter().map(left).collect(), gone: Some(member) }
    }
}
