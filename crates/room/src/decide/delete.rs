//! Taking one's own message back, or another's away.

use crate::{Decision, Directory, Fact, MemberId, Refusal, Right, RoomId, Target, UnixMs};

impl Directory {
    /// In the order of the checks: there is such a message, it is hers or of someone below, it
    /// stands.
    pub(super) fn decide_delete(
        &self,
        member: MemberId,
        room: RoomId,
        target: &Target,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        let held = target.held()?;
        if held.author.is_same_person(&standing.author) {
            self.check(&standing, Right::DeleteOwn)?;
        } else if !self.may(standing.room, member, Right::DeleteOthers) {
            return Err(Refusal::NotYours(target.seq));
        } else if self.rank(standing.room, &held.author)
            >= self.rank(standing.room, &standing.author)
        {
            return Err(Refusal::NotBelow(held.nick.clone()));
        }
        target.text(held)?;
        let (account, nick) = (standing.author.account, standing.nick.clone());
        let fact = Fact::Deleted { member, account, nick, target: target.seq, is_purge: false };
        Ok(standing.happens(fact, at))
    }
}
