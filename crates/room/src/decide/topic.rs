//! Setting a room's topic.

use crate::{Decision, Directory, Event, Fact, MemberId, Refusal, RoomId, Text, UnixMs};

impl Directory {
    /// Setting what is set already does nothing.
    pub(super) fn decide_topic(
        &self,
        member: MemberId,
        room: RoomId,
        topic: Option<&Text>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let (standing, nick) = self.standing(member, room)?;
        let kept = standing.kept();
        if kept.topic.as_ref() == topic {
            return Ok(Decision::default());
        }
        let fact = Fact::TopicSet { member, nick: nick.clone(), topic: topic.cloned() };
        let set = Event { room, seq: kept.head.next(), at, fact };
        Ok(Decision { events: vec![set], ..Decision::default() })
    }
}
