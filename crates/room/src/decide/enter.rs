//! Entering a room, and leaving another in the same moment.

use crate::{
    Decision, Directory, Fact, Invitation, MemberId, Nick, Refusal, Role, Room, RoomId, RoomName,
    UnixMs, Visibility,
};

/// How she comes in.
#[derive(Clone, Copy)]
pub(super) enum Door<'c> {
    /// By the room's name.
    Name(&'c RoomName),
    /// By a guest link.
    Link(&'c Invitation),
}

impl Directory {
    /// In the order of the checks: the room exists, for her; the nick is free; nothing keeps her
    /// out; there is a place, by her link too.
    ///
    /// Who is in the room already stays; she may be called otherwise from then on.
    pub(super) fn decide_enter(
        &self,
        member: MemberId,
        door: Door<'_>,
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let (room, invitation) = match door {
            Door::Name(name) => {
                let room = self.shown(name, member);
                (room.ok_or_else(|| Refusal::NoSuchRoom(name.clone()))?, None)
            }
            Door::Link(invitation) => {
                let room = self.room(invitation.room).filter(|room| !room.is_direct());
                let room = room.ok_or(Refusal::NoSuchLink)?;
                (room, Some(invitation))
            }
        };
        self.check_nick(member, nick)?;
        self.check_stays(member, nick, from, at)?;
        let kept = room.kept();
        if room.holds(member) {
            return Ok(self.calling(member, nick, at, None));
        }
        self.check_ban(room, &self.person(room, member, nick), at)?;
        let account = self.present(member).and_then(|present| present.account);
        let is_guest = account.is_none()
            && room.maker() != Some(member)
            && invitation.is_none_or(|invitation| invitation.role == Role::Guest);
        if kept.moderation.raid() && is_guest {
            return Err(Refusal::NoGuests);
        }
        if let Some(Invitation { link, capacity: Some(capacity), .. }) = invitation
            && room.present_by(*link) >= *capacity
        {
            return Err(Refusal::LinkFull);
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
        decision.invited = invitation.map(|invitation| (member, *invitation));
        Ok(decision)
    }

    /// Whether there is a room of that name for someone: it is not private, or she was given a role
    /// there or made it, or she is in it. A room of two is there for these two and nobody else.
    ///
    /// Everything is looked up before anything is decided, so that it takes as long whatever the
    /// answer is.
    pub(crate) fn is_shown(&self, name: &RoomName, room: &Room, member: MemberId) -> bool {
        let present = self.present(member);
        let account = present.and_then(|present| present.account);
        if let Some(pair) = name.pair() {
            return account.is_some_and(|account| pair.contains(&account));
        }
        let role = account.and_then(|account| room.kept().moderation.role(account));
        let is_in = room.holds(member);
        room.kept().visibility != Visibility::Private
            || role.is_some_and(|role| role >= Role::Member)
            || room.maker() == Some(member)
            || present.is_some_and(|present| present.is_admin)
            || is_in
    }
}

#[cfg(test)]
mod tests;
