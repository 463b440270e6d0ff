//! Deleting what one person said in a room: decided once, carried out in steps, told of once.
//!
//! Each message gets its own [`Fact::Deleted`], so that a log, an index and whoever keeps a copy
//! need not know of purges at all. Only those who are shown each deletion as a line of its own
//! keep quiet about these, and tell of the [`Measure::Purged`] at the end.
//!
//! A purge of one step is appended whole. One of several says that it begins, so that a start after
//! a crash finds it in the log, and goes on with it.

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

impl Purge {
    /// Whether it is about the same as another.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.room == other.room && self.who == other.who && self.since == other.since
    }

    /// Whether an event is a deletion by whoever asked for this.
    #[must_use]
    pub fn has_done(&self, event: &Event) -> bool {
        match event.fact {
            Fact::Deleted { is_purge: true, member, .. } => member == self.by.member,
            _ => false,
        }
    }
}

/// A part of a purge: one step of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeStep {
    /// The first of several.
    First,
    /// Neither the first nor the last.
    Next,
    /// The last, or the only one; how many messages go by the purge in all.
    Last(u64),
}

impl Directory {
    /// Decides on the deletion of all that who is called `nick` said in a room, or of what she said
    /// in the last `last_ms` milliseconds; changes nothing. What follows: the messages of the room
    /// that [`Directory::purges`] names, as [`Directory::purge`] deletes them.
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

    /// The purge that an event of a room's log began, if it has not ended. It was due when it
    /// began, and whoever asked may be gone: so it is about all that the person said.
    #[must_use]
    pub fn purge_begun(&self, begun: &Event) -> Option<Purge> {
        let Fact::Moderated { member, account, nick, measure } = &begun.fact else { return None };
        let Measure::Purged { who, since, messages: 0 } = &**measure else { return None };
        let room = self.room(begun.room)?;
        room.kept().moderation.is_open(who, *since).then(|| Purge {
            room: begun.room,
            upto: begun.seq,
            by: Author { member: *member, account: *account },
            nick: nick.clone(),
            who: who.clone(),
            since: *since,
            rank: (true, Role::Owner),
        })
    }

    /// One step of a purge, by which these messages go; `None`: the room is gone.
    #[must_use]
    pub fn purge(
        &self,
        purge: &Purge,
        targets: &[Seq],
        step: PurgeStep,
        at: UnixMs,
    ) -> Option<Decision> {
        let (member, account) = (purge.by.member, purge.by.account);
        let purged = |messages| {
            let measure = Measure::Purged { who: purge.who.clone(), since: purge.since, messages };
            let (nick, measure) = (purge.nick.clone(), Box::new(measure));
            Fact::Moderated { member, account, nick, measure }
        };
        let (first, last) = match step {
            PurgeStep::First => (Some(purged(0)), None),
            PurgeStep::Next => (None, None),
            PurgeStep::Last(messages) => (None, Some(purged(messages))),
        };
        let deleted = targets.iter().map(|target| {
            let (nick, target, is_purge) = (purge.nick.clone(), *target, true);
            Fact::Deleted { member, account, nick, target, is_purge }
        });
        self.purge_happens(purge, first.into_iter().chain(deleted).chain(last), at)
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
