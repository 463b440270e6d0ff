//! Deleting what one person said in a room: decided once, carried out in steps, told of once.
//!
//! Each message gets its own [`Fact::Deleted`], so that a log, an index and whoever keeps a copy
//! need not know of purges at all. Only those who are shown each deletion as a line of its own
//! keep quiet about these, and tell of the [`Measure::Purged`] at the end.

#[cfg(test)]
mod tests;

use crate::{
    Author, Decision, Directory, Event, Fact, Measure, MemberId, Message, Nick, Refusal, Right,
    Role, RoomId, Seq, UnixMs, Who,
};

/// What is to be gone of a room: what someone said up to the moment of the asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// Where.
    pub room: RoomId,
    /// The last event it may be about.
    pub upto: Seq,
    by: Author,
    nick: Nick,
    who: Who,
    since: Option<UnixMs>,
    rank: (bool, Role),
}

impl Directory {
    /// Decides on the deletion of all that who is called `nick` said in a room, or of what she said
    /// in the last `last_ms` milliseconds; changes nothing. What follows: the messages of the room
    /// that [`Directory::purges`] names, as [`Directory::purge`] deletes them, and at the end
    /// [`Directory::purged`].
    ///
    /// Of a guest it is about the nick and, if she is connected, her session: as of a ban.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotInRoom`], [`Refusal::NotAllowed`], [`Refusal::NotBelow`].
    pub fn decide_purge(
        &self,
        member: MemberId,
        room: RoomId,
        (nick, last_ms): (&Nick, Option<u64>),
        at: UnixMs,
    ) -> Result<Purge, Refusal> {
        let standing = self.standing(member, room)?;
        self.check(&standing, Right::Purge)?;
        let who = self.below(&standing, nick)?;
        Ok(Purge {
            room,
            upto: standing.room.kept().head,
            by: standing.author,
            nick: standing.nick.clone(),
            who,
            since: last_ms.map(|last_ms| UnixMs(at.0.saturating_sub(last_ms))),
            rank: self.rank(standing.room, &standing.author),
        })
    }

    /// Whether a message goes by a purge: it stands, it is of that person and that time, and its
    /// author is below who asked.
    #[must_use]
    pub fn purges(&self, purge: &Purge, message: &Message) -> bool {
        let is_hers = match &purge.who {
            Who::Guest { nick, member } => {
                message.author.account.is_none()
                    && (message.nick == *nick || *member == Some(message.author.member))
            }
            Who::Account { account, .. } => message.author.account == Some(*account),
            Who::Addresses(_) => false,
        };
        let is_below = || {
            self.room(purge.room).is_some_and(|room| self.rank(room, &message.author) < purge.rank)
        };
        is_hers
            && message.text.is_some()
            && message.seq <= purge.upto
            && purge.since.is_none_or(|since| message.at >= since)
            && is_below()
    }

    /// The deletion of some messages; `None`: the room is gone.
    #[must_use]
    pub fn purge(&self, purge: &Purge, targets: &[Seq], at: UnixMs) -> Option<Decision> {
        let facts = targets.iter().map(|target| Fact::Deleted {
            member: purge.by.member,
            account: purge.by.account,
            nick: purge.nick.clone(),
            target: *target,
            is_purge: true,
        });
        self.purge_happens(purge, facts, at)
    }

    /// The end of a purge by which so many messages went; `None`: the room is gone.
    #[must_use]
    pub fn purged(&self, purge: &Purge, messages: u64, at: UnixMs) -> Option<Decision> {
        let measure = Measure::Purged { who: purge.who.clone(), since: purge.since, messages };
        let fact = Fact::Moderated {
            member: purge.by.member,
            account: purge.by.account,
            nick: purge.nick.clone(),
            measure: Box::new(measure),
        };
        self.purge_happens(purge, [fact], at)
    }

    fn purge_happens(
        &self,
        purge: &Purge,
        facts: impl IntoIterator<Item = Fact>,
        at: UnixMs,
    ) -> Option<Decision> {
        let mut seq = self.room(purge.room)?.kept().head;
        let event = |fact| {
            seq = seq.next();
            Event { room: purge.room, seq, at, fact }
        };
        Some(Decision { events: facts.into_iter().map(event).collect(), ..Decision::default() })
    }
}
