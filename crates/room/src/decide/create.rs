//! Making a room, and entering it in the same moment.

use crate::limits::CAPACITY_MAX;
use crate::{
    Decision, Directory, Event, Fact, Measure, MemberId, Nick, Refusal, Role, RoomId, RoomName,
    Seq, UnixMs, Visibility,
};

/// The room that is asked for.
pub(super) struct Wanted<'c> {
    pub(super) name: &'c RoomName,
    pub(super) capacity: u32,
    pub(super) visibility: Visibility,
}

impl Directory {
    /// In the order of the checks: capacity, a name for rooms that are made so, name free, nick
    /// free and not kept out of where she stays, place for one room more. She is its owner: her
    /// account, or else her session.
    ///
    /// The name of a private room is not free either, and that is all that can be found out of it:
    /// two rooms of one name could not be told apart by whoever may enter both.
    pub(super) fn decide_create(
        &self,
        member: MemberId,
        wanted: &Wanted<'_>,
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        if !(1..=CAPACITY_MAX).contains(&wanted.capacity) {
            return Err(Refusal::BadCapacity);
        }
        if wanted.name.pair().is_some() {
            return Err(Refusal::NameReserved(wanted.name.clone()));
        }
        if self.room_named(wanted.name).is_some() {
            return Err(Refusal::RoomExists(wanted.name.clone()));
        }
        self.making(member, wanted, nick, from, at)
    }

    /// Makes a room whose name is free, and enters it. Of a room of two nobody is the owner.
    pub(super) fn making(
        &self,
        member: MemberId,
        wanted: &Wanted<'_>,
        nick: &Nick,
        from: Option<RoomId>,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        self.check_nick(member, nick)?;
        self.check_stays(member, nick, from, at)?;
        if !self.has_place_for_a_room() {
            return Err(Refusal::TooManyRooms(self.rooms_max()));
        }
        let room = self.next_room();
        let mut decision = self.calling(member, nick, at, from);
        let made = Fact::Created {
            name: wanted.name.clone(),
            capacity: wanted.capacity,
            visibility: wanted.visibility,
            by: nick.clone(),
        };
        let mut seq = Seq::START.next();
        // First what the log must hold: if it refuses, she has not left where she was.
        let mut events = vec![Event { room, seq, at, fact: made }];
        let account = self.present(member).and_then(|present| present.account);
        if let Some(account) = account.filter(|_| wanted.name.pair().is_none()) {
            seq = seq.next();
            let measure = Measure::RoleSet { account, nick: nick.clone(), role: Role::Owner };
            let (account, nick) = (Some(account), nick.clone());
            let fact = Fact::Moderated { member, account, nick, measure: Box::new(measure) };
            events.push(Event { room, seq, at, fact });
        }
        events.append(&mut decision.events);
        events.extend(self.moving_out(member, from, at));
        // Who visits makes it and is not in it.
        if !self.is_visiting(member) {
            let entered = Fact::Entered { member, account, nick: nick.clone(), again: false };
            events.push(Event { room, seq, at, fact: entered });
        }
        decision.events = events;
        Ok(decision)
    }
}
