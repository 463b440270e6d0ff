//! Taking one's own message back.

use crate::{Decision, Directory, Fact, MemberId, Refusal, RoomId, Target, UnixMs};

impl Directory {
    /// In the order of the checks: there is such a message, it is hers, it stands.
    pub(super) fn decide_delete(
        &self,
        member: MemberId,
        room: RoomId,
        target: &Target,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        target.text(target.own(&standing.author)?)?;
        let (account, nick) = (standing.author.account, standing.nick.clone());
        let fact = Fact::Deleted { member, account, nick, target: target.seq };
        Ok(standing.happens(fact, at))
    }
}
