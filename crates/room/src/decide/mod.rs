//! May she? One file a command; here is what they share.

mod create;
mod enter;
mod leave;
mod rename;
mod say;
mod topic;

use crate::{Act, Command, Directory, Event, Fact, MemberId, Nick, Room, RoomId, RoomName, UnixMs};

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
            Act::Say { room, text } => self.decide_say(member, *room, text, at),
            Act::SetTopic { room, topic } => self.decide_topic(member, *room, topic.as_ref(), at),
            Act::Rename { nick } => self.decide_rename(member, nick, at),
            Act::Disconnect => Ok(self.decide_disconnect(member, at)),
        }
    }

    /// The room, if `member` is in it, and her nick.
    fn standing(&self, member: MemberId, room: RoomId) -> Result<(&Room, &Nick), Refusal> {
        let room = self.room(room).filter(|room| room.holds(member)).ok_or(Refusal::NotInRoom)?;
        let present = self.present(member).ok_or(Refusal::NotInRoom)?;
        Ok((room, &present.nick))
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
        let (room, nick) = self.standing(member, from?).ok()?;
        let fact = Fact::Left { member, nick: nick.clone(), how: Left };
        Some(self.passing(room.kept().id, at, fact))
    }
}
