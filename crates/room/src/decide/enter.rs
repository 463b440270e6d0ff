//! Entering a room, and leaving another in the same moment.

use crate::{
    AccountId, Decision, Directory, Fact, MemberId, Nick, Refusal, Role, Room, RoomId, RoomName,
    UnixMs, Visibility,
};

impl Directory {
    /// In the order of the checks: the room exists, for her; the nick is free; nothing keeps her
    /// out; there is a place.
    ///
    /// Who is in the room already stays; she may be called otherwise from then on.
    pub(super) fn decide_enter(
        &self,
        member: MemberId,
        (name, is_invited): (&RoomName, bool),
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let room = self
            .room_named(name)
            .filter(|room| is_invited || self.is_shown(room, member))
            .ok_or_else(|| Refusal::NoSuchRoom(name.clone()))?;
        self.check_nick(member, nick)?;
        self.check_stays(member, nick, from, at)?;
        let kept = room.kept();
        if room.holds(member) {
            return Ok(self.calling(member, nick, at, None));
        }
        self.check_ban(room, &self.person(room, member, nick), at)?;
        let account = self.present(member).and_then(|present| present.account);
        if kept.moderation.raid() && account.is_none() && room.maker() != Some(member) {
            return Err(Refusal::NoGuests);
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
        let again = self.is_in_again(member, kept.id);
        let entered = Fact::Entered { member, account, nick: nick.clone(), again };
        decision.events.push(self.passing(kept.id, at, entered));
        Ok(decision)
    }

    /// Whether there is such a room for someone: it is not private, or she was given a role there
    /// or made it, or she is in it.
    pub(super) fn is_shown(&self, room: &Room, member: MemberId) -> bool {
        let present = self.present(member);
        let role = |account: AccountId| room.kept().moderation.role(account);
        let role = present.and_then(|present| present.account).and_then(role);
        room.kept().visibility != Visibility::Private
            || role.is_some_and(|role| role >= Role::Member)
            || room.maker() == Some(member)
            || present.is_some_and(|present| present.is_admin)
            || room.holds(member)
    }
}
