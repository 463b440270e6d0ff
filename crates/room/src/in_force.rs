//! What is in force in a room, for those who answer for it.

use crate::{
    AccountId, Directory, MemberId, Nick, Penalty, Refusal, Retention, Right, Role, RoomId, Text,
    UnixMs, Visibility, Who,
};

/// What is in force in a room. Of each list the newest come, the oldest of them first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Who is kept out, and why.
    pub bans: Vec<(Who, Penalty)>,
    /// Who is silent, and why.
    pub mutes: Vec<(Who, Penalty)>,
    /// Who was given a role.
    pub roles: Vec<(AccountId, Nick, Role)>,
    /// What may not be said: regular expressions.
    pub patterns: Vec<Text>,
    /// Seconds between two messages of one person; 0: as often as one likes.
    pub slow_s: u32,
    /// Whether guests are kept out and silent.
    pub raid: bool,
    /// Who may find the room.
    pub visibility: Visibility,
    /// How many it holds.
    pub capacity: u32,
    /// How long messages are kept.
    pub retention: Retention,
    /// How many bans, mutes and roles there are more.
    pub more: usize,
}

impl Directory {
    /// What is in force in a room, at most `limit` of each kind: for whoever has [`Right::Audit`]
    /// there.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotInRoom`], [`Refusal::NotAllowed`].
    pub fn in_force(
        &self,
        member: MemberId,
        room: RoomId,
        limit: usize,
        at: UnixMs,
    ) -> Result<InForce, Refusal> {
        self.check_right(member, room, Right::Audit)?;
        let kept = self.room(room).ok_or(Refusal::NotInRoom)?.kept();
        let moderation = &kept.moderation;
        let penalties = |list: &[(Who, Penalty)]| {
            let holding = list.iter().filter(|(_, penalty)| penalty.holds(at));
            newest(holding.cloned().collect(), limit)
        };
        let (bans, bans_more) = penalties(moderation.bans());
        let (mutes, mutes_more) = penalties(moderation.mutes());
        let (roles, roles_more) = newest(moderation.roles().to_vec(), limit);
        Ok(InForce {
            bans,
            mutes,
            roles,
            patterns: moderation.filter().patterns().to_vec(),
            slow_s: moderation.slow_s(),
            raid: moderation.raid(),
            visibility: kept.visibility,
            capacity: kept.capacity,
            retention: moderation.retention(),
            more: bans_more + mutes_more + roles_more,
        })
    }

    /// Whether someone is in a room, or visits, and has a right there.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotInRoom`], [`Refusal::NotAllowed`].
    pub fn check_right(&self, member: MemberId, room: RoomId, right: Right) -> Result<(), Refusal> {
        let is_there = |room: &&crate::Room| room.holds(member) || self.is_visiting(member);
        let place = self.room(room).filter(is_there).ok_or(Refusal::NotInRoom)?;
        if self.may(place, member, right) { Ok(()) } else { Err(Refusal::NotAllowed(right)) }
    }
}

/// The last `limit` of a list, and how many are left out.
fn newest<T>(mut list: Vec<T>, limit: usize) -> (Vec<T>, usize) {
    let more = list.len().saturating_sub(limit);
    list.drain(..more);
    (list, more)
}
