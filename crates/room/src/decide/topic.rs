//! Setting a room's topic.

use crate::{Decision, Directory, Fact, MemberId, Refusal, Right, RoomId, Text, UnixMs};

impl Directory {
    /// Setting what is set already does nothing.
    pub(super) fn decide_topic(
        &self,
        member: MemberId,
        room: RoomId,
        topic: Option<&Text>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        // A topic is one line.
        let lines = topic.filter(|topic| topic.as_str().contains('\n'));
        let line = lines.and_then(|topic| Text::line(topic.as_str()));
        let topic = line.as_ref().or(topic);
        let standing = self.standing(member, room)?;
        self.check_heard(&standing, Right::SetTopic, topic, at)?;
        if standing.room.kept().topic.as_ref() == topic {
            return Ok(Decision::default());
        }
        let nick = standing.nick.clone();
        let fact = Fact::TopicSet { member, nick, topic: topic.cloned() };
        Ok(standing.happens(fact, at))
    }
}
