//! May she? One file a command; here is what they share.

mod create;
mod delete;
mod direct;
mod edit;
mod enter;
mod leave;
mod log_in;
mod moderate;
mod pin;
mod purge;
mod react;
mod rename;
mod say;
mod topic;
mod visit;

#[cfg(test)]
mod tests;

use enter::Door;
pub use purge::{Purge, PurgeStep};

use crate::moderation::Person;
use crate::{
    AccountId, Act, Author, Command, Directory, Event, Fact, Held, Invitation, MemberId, Nick,
    Penalty, Quote, Right, Role, Room, RoomId, RoomName, Seq, Target, Text, UnixMs,
};

/// What a command does. Holds only for the state it was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Who gives her nick up to its owner, and what she is called instead, before all else.
    pub displaced: Option<(MemberId, Nick)>,
    /// Who is called what from now on, before the events.
    pub called: Option<(MemberId, Nick)>,
    /// Whose account she, who is called so, is logged in to from now on.
    pub identity: Option<Identity>,
    /// What happens, in this order. Empty: everything stays as it is.
    pub events: Vec<Event>,
    /// By which guest link someone has entered, after the events.
    pub invited: Option<(MemberId, Invitation)>,
    /// Who is gone, after the events.
    pub gone: Option<MemberId>,
}

/// Someone with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Her account.
    pub account: AccountId,
    /// Whether she administers the server.
    pub is_admin: bool,
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
    /// The guest link leads nowhere: not any more, or it never did. Which is not told.
    #[error("no such link")]
    NoSuchLink,
    /// As many are in the room by the guest link as may be.
    #[error("the link is full")]
    LinkFull,
    /// Someone else is called so.
    #[error("nick {0} is taken")]
    NickTaken(Nick),
    /// An account owns the nick, and she is not logged in to it.
    #[error("nick {0} belongs to an account")]
    NickOwned(Nick),
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
    /// Her role in the room has not that right.
    #[error("no right to that: {0:?}")]
    NotAllowed(Right),
    /// It would be done to someone who is not below her.
    #[error("{0} is not below")]
    NotBelow(Nick),
    /// She is kept out of the room.
    #[error("banned from {room}: {penalty:?}")]
    Banned {
        /// Which.
        room: RoomName,
        /// By whom, until when and why.
        penalty: Box<Penalty>,
    },
    /// She is silent in the room.
    #[error("muted: {0:?}")]
    Muted(Box<Penalty>),
    /// Guests are kept out of the room and silent just now.
    #[error("no guests just now")]
    NoGuests,
    /// She spoke a moment ago, and the room is in slow mode.
    #[error("slow mode: wait {wait_ms} ms")]
    SlowMode {
        /// Milliseconds until she may speak again.
        wait_ms: u64,
    },
    /// The room's filter does not let it be said.
    #[error("filtered")]
    Filtered,
    /// Nobody in the room is called so.
    #[error("no {0} in the room")]
    NotHere(Nick),
    /// Who is called so has no account, and only accounts are given roles.
    #[error("{0} has no account")]
    NoAccount(Nick),
    /// She is logged in, and her account has another nick.
    #[error("logged in as {0}")]
    LoggedInAs(Nick),
    /// There is nothing of that kind to take away.
    #[error("nothing to take away")]
    NothingToUndo,
    /// The room has as many of that kind (bans, mutes, roles, patterns) as it may.
    #[error("there are {0} already")]
    ListFull(usize),
    /// What should be a pattern is none, or too much together with the others.
    #[error("no pattern")]
    BadPattern,
    /// A room of two is for accounts: she or the other, who is called so, has none.
    #[error("no room of two with {0}")]
    NoDirect(Nick),
    /// The name is that of a room of two, which nobody makes by hand.
    #[error("the name {0} is reserved")]
    NameReserved(RoomName),
    /// Nobody is made to wait for so long between two messages.
    #[error("too slow")]
    BadSlowMode,
}

impl Directory {
    /// Decides a command; changes nothing.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] that holds.
    pub fn decide(&self, command: &Command) -> Result<Decision, Refusal> {
        let (member, at) = (command.member, command.at);
        self.check_visit(command)?;
        match &command.act {
            Act::Create { name, capacity, visibility, nick, from } => {
                let wanted = create::Wanted { name, capacity: *capacity, visibility: *visibility };
                self.decide_create(member, &wanted, nick, *from, at)
            }
            Act::Enter { name, nick, from } => {
                self.decide_enter(member, Door::Name(name), nick, *from, at)
            }
            Act::EnterByLink { invitation, nick, from } => {
                self.decide_enter(member, Door::Link(invitation), nick, *from, at)
            }
            Act::Direct { nick, from } => self.decide_direct(member, nick, *from, at),
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
            Act::Moderate { room, order } => self.decide_moderate(member, *room, order, at),
            Act::LogIn { account, nick, is_admin } => {
                let identity = Identity { account: *account, is_admin: *is_admin };
                self.decide_log_in(member, identity, nick, at)
            }
            Act::LogOut => Ok(self.decide_log_out(member, at)),
            Act::Rename { nick } => self.decide_rename(member, nick, at),
            Act::Disconnect => Ok(self.decide_disconnect(member, at)),
        }
    }

    /// `member` in a room, if she is in it, or visits: then she could enter it.
    fn standing(&self, member: MemberId, room: RoomId) -> Result<Standing<'_>, Refusal> {
        let is_there = |room: &&Room| room.holds(member) || self.is_visiting(member);
        let room = self.room(room).filter(is_there).ok_or(Refusal::NotInRoom)?;
        let present = self.present(member).ok_or(Refusal::NotInRoom)?;
        let author = Author { member, account: present.account };
        Ok(Standing { room, nick: &present.nick, author })
    }

    /// Whether she has a right where she is.
    fn check(&self, standing: &Standing<'_>, right: Right) -> Result<(), Refusal> {
        if self.may(standing.room, standing.author.member, right) {
            Ok(())
        } else {
            Err(Refusal::NotAllowed(right))
        }
    }

    /// Whether she may be heard: the right to it, and what is in force against it, against that
    /// text too.
    fn check_heard(
        &self,
        standing: &Standing<'_>,
        right: Right,
        text: Option<&Text>,
        at: UnixMs,
    ) -> Result<(), Refusal> {
        self.check(standing, right)?;
        let (room, member) = (standing.room, standing.author.member);
        let moderation = &room.kept().moderation;
        if moderation.is_quiet() {
            return Ok(());
        }
        if let Some(penalty) = moderation.mute(&self.person(room, member, standing.nick), at) {
            return Err(Refusal::Muted(Box::new(penalty.clone())));
        }
        if moderation.raid() && self.rank(room, &standing.author) == (false, Role::Guest) {
            return Err(Refusal::NoGuests);
        }
        if text.is_some_and(|text| moderation.filter().refuses(text))
            && !self.may(room, member, Right::Filter)
        {
            return Err(Refusal::Filtered);
        }
        Ok(())
    }

    /// Whether `member` may be called `nick`: it is her account's if she is logged in, no other
    /// account's, and nobody else is called so.
    fn check_nick(&self, member: MemberId, nick: &Nick) -> Result<(), Refusal> {
        let present = self.present(member).filter(|present| present.account.is_some());
        if let Some(present) = present {
            let is_hers = present.nick == *nick;
            return if is_hers { Ok(()) } else { Err(Refusal::LoggedInAs(present.nick.clone())) };
        }
        if self.owner_of(nick).is_some() {
            return Err(Refusal::NickOwned(nick.clone()));
        }
        match self.called(nick) {
            Some(other) if other != member => Err(Refusal::NickTaken(nick.clone())),
            _ => Ok(()),
        }
    }

    /// Whether no room that she stays in keeps out who is called `nick`.
    fn check_stays(
        &self,
        member: MemberId,
        nick: &Nick,
        leaving: Option<RoomId>,
        at: UnixMs,
    ) -> Result<(), Refusal> {
        let Some(present) = self.present(member).filter(|present| present.nick != *nick) else {
            return Ok(());
        };
        let mut rooms: Vec<_> =
            present.rooms.iter().copied().filter(|room| Some(*room) != leaving).collect();
        rooms.sort_unstable();
        rooms
            .into_iter()
            .filter_map(|room| self.room(room))
            .try_for_each(|room| self.check_ban(room, &self.person(room, member, nick), at))
    }

    /// Whether a room does not keep someone out.
    fn check_ban(&self, room: &Room, person: &Person<'_>, at: UnixMs) -> Result<(), Refusal> {
        let is_admin = self.present(person.member).is_some_and(|present| present.is_admin);
        match room.kept().moderation.ban(person, at) {
            Some(penalty) if !is_admin => Err(Refusal::Banned {
                room: room.kept().name.clone(),
                penalty: Box::new(penalty.clone()),
            }),
            _ => Ok(()),
        }
    }

    /// Whether she is in a room by another session of her account.
    fn is_in_again(&self, member: MemberId, room: RoomId) -> bool {
        let is_in = |other: &MemberId| self.room(room).is_some_and(|room| room.holds(*other));
        self.sessions_of(member).iter().any(|other| *other != member && is_in(other))
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
            let (account, from) = (present.account, present.nick.clone());
            let fact = Fact::Renamed { member, account, from, to: nick.clone() };
            self.passing(room, at, fact)
        };
        Decision {
            called: Some((member, nick.clone())),
            events: rooms.into_iter().map(renamed).collect(),
            ..Decision::default()
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
        let again = self.is_in_again(member, standing.room.kept().id);
        let (account, nick) = (standing.author.account, standing.nick.clone());
        let fact = Fact::Left { member, account, nick, how: Left, again };
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
