//! May she? One file a command; here is what they share.

mod create;
mod delete;
mod edit;
mod enter;
mod leave;
mod pin;
mod react;
mod rename;
mod say;
mod topic;

#[cfg(test)]
mod tests;

use crate::{
    Act, Author, Command, Directory, Event, Fact, Held, MemberId, Nick, Quote, Room, RoomId,
    RoomName, Seq, Target, Text, UnixMs,
};

/// What a command does. Holds only for the state it was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Who is called what from now on, before the events.
    pub called: Option<(MemberId, Nick)>,
    /// What happens, in this order. Empty: everything stays as it is.
    pub events: Vec<Event>,
    /// Who is gone, after the events.
    pub gone: Option<MemberId>,
}

/// Why a command is refused. The text is for logs; each protocol words its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It needs a room, and she is not in it.
    #[error("not in the room")]
    NotInRoom,
    /// There is no such room.
    #[error("no room {0}")]
    NoSuchRoom(RoomName),
    /// There is such a room already.
    #[error("room {0} exists")]
    RoomExists(RoomName),
    /// The room holds as many as it may.
    #[error("room {name} is full ({present}/{capacity})")]
    RoomFull {
        /// Which.
        name: RoomName,
        /// How many are in it.
        present: u32,
        /// How many it holds.
        capacity: u32,
    },
    /// Someone else is called so.
    #[error("nick {0} is taken")]
    NickTaken(Nick),
    /// No room is made for so many, or for nobody.
    #[error("capacity out of bounds")]
    BadCapacity,
    /// The server holds as many rooms as it may.
    #[error("there are {0} rooms already")]
    TooManyRooms(usize),
    /// The room's log holds no message of that number.
    #[error("no message {0:?}")]
    NoSuchMessage(Seq),
    /// The message is someone else's.
    #[error("message {0:?} is another's")]
    NotYours(Seq),
    /// The message was deleted.
    #[error("message {0:?} was deleted")]
    AlreadyDeleted(Seq),
    /// The message was edited as often as it may be.
    #[error("edited {0} times already")]
    TooManyEdits(u64),
    /// The room has as many pinned messages as it may.
    #[error("there are {0} pinned messages already")]
    TooManyPins(u64),
}

impl Directory {
    /// Decides a command; changes nothing.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] that holds.
    pub fn decide(&self, command: &Command) -> Result<Decision, Refusal> {
        let (member, at) = (command.member, command.at);
        match &command.act {
            Act::Create { name, capacity, visibility, nick, from } => {
                let wanted = create::Wanted { name, capacity: *capacity, visibility: *visibility };
                self.decide_create(member, &wanted, nick, *from, at)
            }
            Act::Enter { name, nick, from } => self.decide_enter(member, name, nick, *from, at),
            Act::Leave { room } => self.decide_leave(member, *room, at),
            Act::Say { room, text, reply, key } => {
                self.decide_say(member, *room, (text, key.as_ref()), reply.as_deref(), at)
            }
            Act::Edit { room, target, text } => self.decide_edit(member, *room, target, text, at),
            Act::Delete { room, target } => self.decide_delete(member, *room, target, at),
            Act::React { room, target, emoji, on } => {
                self.decide_react(member, *room, target, (emoji, *on), at)
            }
            Act::Pin { room, target, on } => self.decide_pin(member, *room, target, *on, at),
            Act::SetTopic { room, topic } => self.decide_topic(member, *room, topic.as_ref(), at),
            Act::Rename { nick } => self.decide_rename(member, nick, at),
            Act::Disconnect => Ok(self.decide_disconnect(member, at)),
        }
    }

    /// `member` in a room, if she is in it.
    fn standing(&self, member: MemberId, room: RoomId) -> Result<Standing<'_>, Refusal> {
        let room = self.room(room).filter(|room| room.holds(member)).ok_or(Refusal::NotInRoom)?;
        let present = self.present(member).ok_or(Refusal::NotInRoom)?;
        let author = Author { member, account: present.account };
        Ok(Standing { room, nick: &present.nick, author })
    }

    /// Whether `member` may be called `nick`: nobody else is.
    fn check_nick(&self, member: MemberId, nick: &Nick) -> Result<(), Refusal> {
        match self.called(nick) {
            Some(other) if other != member => Err(Refusal::NickTaken(nick.clone())),
            _ => Ok(()),
        }
    }

    /// What being called `nick` from now on changes: nothing if it is written as before.
    fn calling(
        &self,
        member: MemberId,
        nick: &Nick,
        at: UnixMs,
        leaving: Option<RoomId>,
    ) -> Decision {
        let Some(present) = self.present(member) else {
            return Decision { called: Some((member, nick.clone())), ..Decision::default() };
        };
        if present.nick.as_str() == nick.as_str() {
            return Decision::default();
        }
        let mut rooms: Vec<_> =
            present.rooms.iter().copied().filter(|room| Some(*room) != leaving).collect();
        rooms.sort_unstable();
        let renamed = |room| {
            let fact = Fact::Renamed { member, from: present.nick.clone(), to: nick.clone() };
            self.passing(room, at, fact)
        };
        Decision {
            called: Some((member, nick.clone())),
            events: rooms.into_iter().map(renamed).collect(),
            gone: None,
        }
    }

    /// A passing event of a room that exists.
    fn passing(&self, room: RoomId, at: UnixMs, fact: Fact) -> Event {
        let seq = self.room(room).expect("the room was looked up").kept().head;
        Event { room, seq, at, fact }
    }

    /// The leaving of `from`, if `member` is in it.
    fn moving_out(&self, member: MemberId, from: Option<RoomId>, at: UnixMs) -> Option<Event> {
        use crate::Departure::Left;
        let standing = self.standing(member, from?).ok()?;
        let fact = Fact::Left { member, nick: standing.nick.clone(), how: Left };
        Some(self.passing(standing.room.kept().id, at, fact))
    }
}

/// Someone in a room.
struct Standing<'d> {
    room: &'d Room,
    nick: &'d Nick,
    author: Author,
}

impl Standing<'_> {
    /// That something happens which the log keeps, and nothing else.
    fn happens(&self, fact: Fact, at: UnixMs) -> Decision {
        let kept = self.room.kept();
        let event = Event { room: kept.id, seq: kept.head.next(), at, fact };
        Decision { events: vec![event], ..Decision::default() }
    }
}

impl Target {
    /// What the log holds of the message.
    fn held(&self) -> Result<&Held, Refusal> {
        self.held.as_ref().ok_or(Refusal::NoSuchMessage(self.seq))
    }

    /// The same, if it is of the one who asks.
    fn own(&self, author: &Author) -> Result<&Held, Refusal> {
        let held = self.held()?;
        if held.author.is_same_person(author) { Ok(held) } else { Err(Refusal::NotYours(self.seq)) }
    }

    /// The text of a message that stands.
    fn text<'h>(&self, held: &'h Held) -> Result<&'h Text, Refusal> {
        held.text.as_ref().ok_or(Refusal::AlreadyDeleted(self.seq))
    }

    /// How a message that stands begins.
    fn quote(&self, held: &Held) -> Result<Quote, Refusal> {
        Ok(Quote::of(&held.nick, self.text(held)?))
    }
}
