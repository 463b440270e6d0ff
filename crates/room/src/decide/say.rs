//! Saying something: the command that papo is fast at.

use crate::{Decision, Directory, Fact, Key, MemberId, Refusal, Reply, Right, RoomId};
use crate::{Target, Text, UnixMs};

impl Directory {
    /// One look-up of the room and one of the member, where nothing is in force against speaking;
    /// a clone is a count.
    pub(super) fn decide_say(
        &self,
        member: MemberId,
        room: RoomId,
        (text, key): (&Text, Option<&Key>),
        reply: Option<&Target>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        self.check_heard(&standing, Right::Say, Some(text), at)?;
        let wait_ms = standing.room.wait_ms(member, at);
        if wait_ms > 0 && !self.may(standing.room, member, Right::SlowMode) {
            return Err(Refusal::SlowMode { wait_ms });
        }
        let answered = |target: &Target| {
            let quote = Some(Box::new(target.quote(target.held()?)?));
            Ok(Box::new(Reply { to: target.seq, quote }))
        };
        let fact = Fact::Said {
            member,
            account: standing.author.account,
            nick: standing.nick.clone(),
            text: text.clone(),
            reply: reply.map(answered).transpose()?,
            key: key.cloned(),
        };
        Ok(standing.happens(fact, at))
    }
}
