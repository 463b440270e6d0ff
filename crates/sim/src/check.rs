//! The promises, each as something that can be seen to be broken.
//!
//! They watch the events that are handed to members and keep books of their own, much simpler than
//! the rules they judge, and compare the directory with them.

use std::collections::BTreeMap;

use room::{AccountId, Directory, Event, Fact, Measure, MemberId, Room, RoomId, Seq};
use store::{READ_EVENTS_MAX, Reader};

use crate::messages::Messages;
use crate::rights::{Accounts, Rights, least};

/// A promise that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// More are in a room than it holds.
    #[error("{room:?} holds {present} of {capacity}")]
    OverCapacity {
        /// Which.
        room: RoomId,
        /// How many are in.
        present: usize,
        /// How many may be.
        capacity: u32,
    },
    /// Two are called the same.
    #[error("nick {0} is held twice")]
    NickTwice(String),
    /// A refused command left traces.
    #[error("a refusal changed something: {0}")]
    RefusalChanged(String),
    /// A room's kept events do not follow one another.
    #[error("{room:?}: {found:?} after {last:?}")]
    Order {
        /// Where.
        room: RoomId,
        /// The last position.
        last: Seq,
        /// The next that was seen.
        found: Seq,
    },
    /// A member saw another order than the room's.
    #[error("{member:?} saw another order in {room:?}")]
    SeenOtherwise {
        /// Who.
        member: MemberId,
        /// Where.
        room: RoomId,
    },
    /// What a room is differs from what its events say.
    #[error("{room:?} is not what its {told_by} says: {detail}")]
    Differs {
        /// Which.
        room: RoomId,
        /// Events or log.
        told_by: &'static str,
        /// Both.
        detail: String,
    },
    /// A number was given twice.
    #[error("{0:?} was given twice")]
    RoomTwice(RoomId),
    /// Something was done with a message that may not be done with it.
    #[error("{room:?}: {event} is not allowed")]
    Undue {
        /// Where.
        room: RoomId,
        /// What was done.
        event: String,
    },
    /// A text that was deleted can still be read.
    #[error("{room:?}: {text:?} was deleted and is in {place}")]
    Readable {
        /// Where.
        room: RoomId,
        /// The text.
        text: String,
        /// What shows it.
        place: &'static str,
    },
}

/// One room as its events tell of it.
#[derive(Debug, Default)]
struct Told {
    capacity: u32,
    head: Seq,
    members: BTreeMap<MemberId, String>,
    /// All events, kept and passing, in the one order.
    events: Vec<Event>,
    /// What was said, by its position, and what became of it.
    messages: Messages,
    /// Who may do what.
    rights: Rights,
    /// Of each member ever in it, where in that order she came in, and what she saw.
    seen: BTreeMap<MemberId, Vec<(usize, Vec<Event>)>>,
}

/// The books.
#[derive(Debug, Default)]
pub struct Checks {
    rooms: BTreeMap<RoomId, Told>,
    last_room: u64,
    accounts: Accounts,
}

impl Checks {
    /// Takes note of the account that a session is logged in to, if any.
    pub fn logged_in(&mut self, member: MemberId, account: Option<AccountId>) {
        match account {
            Some(account) => self.accounts.insert(member, account),
            None => self.accounts.remove(&member),
        };
    }

    /// Takes note of an event as it is handed out, to everyone who is in the room then.
    ///
    /// # Errors
    ///
    /// [`Broken`].
    pub fn hand_out(&mut self, event: &Event) -> Result<(), Broken> {
        if let Fact::Created { capacity, .. } = &event.fact {
            if event.room.0 <= self.last_room {
                return Err(Broken::RoomTwice(event.room));
            }
            self.last_room = event.room.0;
            self.rooms.insert(event.room, Told { capacity: *capacity, ..Told::default() });
        }
        let room = event.room;
        let Some(told) = self.rooms.get_mut(&room) else {
            let detail = format!("{event:?} of a room that is not");
            return Err(Broken::Differs { room, told_by: "events", detail });
        };
        let expected = if event.fact.is_kept() { told.head.next() } else { told.head };
        if event.seq != expected {
            return Err(Broken::Order { room, last: told.head, found: event.seq });
        }
        told.head = event.seq;
        told.rights.hand_out(event, &self.accounts)?;
        let (rights, accounts) = (&told.rights, &self.accounts);
        told.messages.hand_out(event, |by, (author, account)| {
            let by = rights.role(by, accounts.get(&by).copied());
            by >= room::Role::Moderator && rights.role(author, account) < by
        })?;
        told.events.push(event.clone());
        if let Fact::Entered { member, nick, .. } = &event.fact {
            let from = told.events.len() - 1;
            told.members.insert(*member, nick.key().to_owned());
            told.seen.entry(*member).or_default().push((from, Vec::new()));
        }
        for member in told.members.keys() {
            let stays = told.seen.get_mut(member).expect("who is in has come in");
            stays.last_mut().expect("at least once").1.push(event.clone());
        }
        match &event.fact {
            Fact::Left { member, .. } => {
                told.members.remove(member);
            }
            Fact::Renamed { member, to, .. } => {
                told.members.insert(*member, to.key().to_owned());
            }
            Fact::Moderated { measure, .. } => {
                if let Measure::Capacity(capacity) = **measure {
                    told.capacity = capacity;
                }
            }
            _ => {}
        }
        // Who is in when the capacity is lowered stays.
        let present = told.members.len();
        if matches!(event.fact, Fact::Entered { .. }) && present > told.capacity as usize {
            return Err(Broken::OverCapacity { room, present, capacity: told.capacity });
        }
        Ok(())
    }

    /// Whether someone has a right in a room, by what was handed out.
    #[must_use]
    pub fn may(&self, member: MemberId, room: RoomId, right: room::Right) -> bool {
        self.rooms.get(&room).is_some_and(|told| {
            let role = told.rights.role(member, self.accounts.get(&member).copied());
            told.members.contains_key(&member) && role >= least(right)
        })
    }

    /// Takes note that a room is gone.
    pub fn removed(&mut self, room: RoomId) {
        self.rooms.remove(&room);
    }

    /// Takes note that the server was started again: nobody is in any more.
    pub fn restarted(&mut self) {
        for told in self.rooms.values_mut() {
            told.members.clear();
            told.rights.restarted();
        }
    }

    /// Whether nobody's nick is another's, on the whole server, by what was handed out.
    ///
    /// # Errors
    ///
    /// [`Broken::NickTwice`].
    pub fn nicks(&self) -> Result<(), Broken> {
        let mut holders = BTreeMap::new();
        for (member, nick) in self.rooms.values().flat_map(|told| &told.members) {
            if *holders.entry(nick).or_insert(member) != member {
                return Err(Broken::NickTwice(nick.clone()));
            }
        }
        Ok(())
    }

    /// Whether the directory is what the events say.
    ///
    /// # Errors
    ///
    /// [`Broken::Differs`].
    pub fn directory(&self, directory: &Directory) -> Result<(), Broken> {
        let differs = |room, detail| Broken::Differs { room, told_by: "events", detail };
        if directory.rooms_len() != self.rooms.len() {
            let detail = format!("{} rooms, told of {}", directory.rooms_len(), self.rooms.len());
            return Err(differs(RoomId(0), detail));
        }
        for (&id, told) in &self.rooms {
            let Some(room) = directory.room(id) else {
                return Err(differs(id, "it is not there".to_owned()));
            };
            let there: BTreeMap<_, _> =
                room.members().map(|(member, nick)| (member, nick.key().to_owned())).collect();
            if there != told.members || room.kept().head != told.head {
                return Err(differs(id, format!("{room:?}, told {:?}", told.members)));
            }
            for (member, nick) in room.members() {
                let present = directory.present(member);
                let agrees = directory.called(nick) == Some(member)
                    && present.is_some_and(|present| {
                        present.nick == *nick && present.rooms.contains(&id)
                    });
                if !agrees {
                    return Err(differs(id, format!("{member:?} is {present:?}")));
                }
            }
        }
        Ok(())
    }

    /// Whether what each member saw, in each stay, is one unbroken run of the room's one order.
    ///
    /// # Errors
    ///
    /// [`Broken::SeenOtherwise`].
    pub fn one_order(&self) -> Result<(), Broken> {
        for (&room, told) in &self.rooms {
            for (&member, stays) in &told.seen {
                for (from, seen) in stays {
                    if told.events.get(*from..from + seen.len()) != Some(seen) {
                        return Err(Broken::SeenOtherwise { member, room });
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether each room's log, folded from the start, gives the room, and holds what was handed
    /// out. Of `active_at` it must be no later: coming and going, which no log keeps, count too.
    ///
    /// # Errors
    ///
    /// [`Broken::Differs`], [`Broken::Order`].
    pub fn log(&self, directory: &Directory, reader: &mut dyn Reader) -> Result<(), Broken> {
        for (&id, told) in &self.rooms {
            let differs = |detail: String| Broken::Differs { room: id, told_by: "log", detail };
            let mut logged = Vec::new();
            loop {
                let from = logged.last().map_or(Seq::START, |event: &Event| event.seq.next());
                let page = reader
                    .read(id, from, READ_EVENTS_MAX)
                    .map_err(|cause| differs(cause.to_string()))?;
                if page.is_empty() {
                    break;
                }
                logged.extend(page);
            }
            let handed_out = told.events.iter().filter(|event| event.fact.is_kept());
            let left: Vec<_> = handed_out.map(|event| told.messages.left_of(event)).collect();
            if left != logged {
                return Err(differs(format!("{logged:?}, not {left:?}")));
            }
            told.messages.compare(id, &logged, reader)?;
            let folded = logged.split_first().and_then(|(first, rest)| {
                let mut folded = Room::created(first)?;
                for event in rest {
                    folded.apply(event);
                }
                Some(folded)
            });
            let (Some(folded), Some(room)) = (folded, directory.room(id)) else {
                return Err(differs("no room".to_owned()));
            };
            let (mut folded, kept) = (folded.kept().clone(), room.kept());
            if folded.active_at > kept.active_at {
                return Err(differs(format!("{folded:?}, {kept:?}")));
            }
            folded.active_at = kept.active_at;
            if folded != *kept {
                return Err(differs(format!("{folded:?}, {kept:?}")));
            }
        }
        Ok(())
    }
}
