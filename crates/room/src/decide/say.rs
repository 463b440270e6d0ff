//! Saying something: the command that papo is fast at.

use crate::{Decision, Directory, Event, Fact, MemberId, Refusal, RoomId, Text, UnixMs};

impl Directory {
    /// One look-up of the room and one of the member; a clone is a count.
    pub(super) fn decide_say(
        &self,
        member: MemberId,
        room: RoomId,
        text: &Text,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let (standing, nick) = self.standing(member, room)?;
        let fact = Fact::Said { member, nick: nick.clone(), text: text.clone() };
        let said = Event { room, seq: standing.kept().head.next(), at, fact };
        Ok(Decision { events: vec![said], ..Decision::default() })
    }
}
