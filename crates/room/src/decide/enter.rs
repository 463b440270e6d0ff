//! Entering a room, and leaving another in the same moment.

use crate::{Decision, Directory, Fact, MemberId, Nick, Refusal, RoomId, RoomName, UnixMs};

impl Directory {
    /// In the order of the checks: the room exists, the nick is free, there is a place.
    ///
    /// Who is in the room already stays; she may be called otherwise from then on.
    pub(super) fn decide_enter(
        &self,
        member: MemberId,
        name: &RoomName,
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let room = self.room_named(name).ok_or_else(|| Refusal::NoSuchRoom(name.clone()))?;
        self.check_nick(member, nick)?;
        let kept = room.kept();
        if room.holds(member) {
            return Ok(self.calling(member, nick, at, None));
        }
        if kept.capacity <= room.present() {
            return Err(Refusal::RoomFull {
                name: kept.name.clone(),
                present: room.present(),
                capacity: kept.capacity,
            });
        }
        let mut decision = self.calling(member, nick, at, from);
        decision.events.extend(self.moving_out(member, from, at));
        let entered = Fact::Entered { member, nick: nick.clone() };
        decision.events.push(self.passing(kept.id, at, entered));
        Ok(decision)
    }
}
