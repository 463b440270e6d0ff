//! Giving a message an emoji, and taking it away.

use crate::{Decision, Directory, Emoji, Fact, MemberId, Refusal, Right, RoomId, Target, UnixMs};

impl Directory {
    /// In the order of the checks: there is such a message, it stands. Giving what was given, and
    /// taking what was not, do nothing.
    pub(super) fn decide_react(
        &self,
        member: MemberId,
        room: RoomId,
        target: &Target,
        (emoji, on): (&Emoji, bool),
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        self.check_heard(&standing, Right::React, None, at)?;
        let held = target.held()?;
        let quote = target.quote(held)?;
        if held.has_reacted == on {
            return Ok(Decision::default());
        }
        let fact = Fact::Reacted {
            member,
            account: standing.author.account,
            nick: standing.nick.clone(),
            target: target.seq,
            quote: Some(Box::new(quote)),
            emoji: emoji.clone(),
            on,
        };
        Ok(standing.happens(fact, at))
    }
}
