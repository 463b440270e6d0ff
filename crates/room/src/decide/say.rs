//! Saying something: the command that papo is fast at.

use crate::{
    Decision, Directory, Fact, Key, MemberId, Refusal, Reply, RoomId, Target, Text, UnixMs,
};

impl Directory {
    /// One look-up of the room and one of the member; a clone is a count.
    pub(super) fn decide_say(
        &self,
        member: MemberId,
        room: RoomId,
        (text, key): (&Text, Option<&Key>),
        reply: Option<&Target>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
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
