//! Pinning a message, and taking the pin away.

use crate::limits::PINS_MAX;
use crate::{Decision, Directory, Fact, MemberId, Refusal, Right, RoomId, Target, UnixMs};

impl Directory {
    /// In the order of the checks: there is such a message, it stands, there is place for one pin
    /// more. Pinning what is pinned, and the reverse, do nothing.
    pub(super) fn decide_pin(
        &self,
        member: MemberId,
        room: RoomId,
        target: &Target,
        on: bool,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        self.check_heard(&standing, Right::Pin, None, at)?;
        let held = target.held()?;
        let quote = target.quote(held)?;
        if held.is_pinned == on {
            return Ok(Decision::default());
        }
        if on && held.pins >= PINS_MAX {
            return Err(Refusal::TooManyPins(PINS_MAX));
        }
        let fact = Fact::Pinned {
            member,
            account: standing.author.account,
            nick: standing.nick.clone(),
            target: target.seq,
            quote: Some(Box::new(quote)),
            on,
        };
        Ok(standing.happens(fact, at))
    }
}
