//! Giving one's own message another text.

use crate::limits::EDITS_MAX;
use crate::{
    Decision, Directory, Fact, MemberId, Quote, Refusal, Right, RoomId, Target, Text, UnixMs,
};

impl Directory {
    /// In the order of the checks: there is such a message, it is hers, it stands, it was not
    /// edited too often. The same text again does nothing.
    pub(super) fn decide_edit(
        &self,
        member: MemberId,
        room: RoomId,
        target: &Target,
        text: &Text,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        self.check_heard(&standing, Right::EditOwn, Some(text), at)?;
        let held = target.own(&standing.author)?;
        let before = target.text(held)?;
        if before == text {
            return Ok(Decision::default());
        }
        if held.edits >= EDITS_MAX {
            return Err(Refusal::TooManyEdits(EDITS_MAX));
        }
        let fact = Fact::Edited {
            member,
            account: standing.author.account,
            nick: standing.nick.clone(),
            target: target.seq,
            quote: Some(Box::new(Quote::of(&held.nick, before))),
            text: text.clone(),
        };
        Ok(standing.happens(fact, at))
    }
}
