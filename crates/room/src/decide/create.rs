//! Making a room, and entering it in the same moment.

use crate::limits::CAPACITY_MAX;
use crate::{Decision, Directory, Event, Fact, MemberId, Nick, Refusal, RoomId, RoomName, Seq};
use crate::{UnixMs, Visibility};

/// The room that is asked for.
pub(super) struct Wanted<'c> {
    pub(super) name: &'c RoomName,
    pub(super) capacity: u32,
    pub(super) visibility: Visibility,
}

impl Directory {
    /// In the order of the checks: capacity, name free, nick free, place for one room more.
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
        if self.room_named(wanted.name).is_some() {
            return Err(Refusal::RoomExists(wanted.name.clone()));
        }
        self.check_nick(member, nick)?;
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
        let seq = Seq::START.next();
        let entered = Fact::Entered { member, nick: nick.clone() };
        // First what the log must hold: if it refuses, she has not left where she was.
        decision.events.insert(0, Event { room, seq, at, fact: made });
        decision.events.extend(self.moving_out(member, from, at));
        decision.events.push(Event { room, seq, at, fact: entered });
        Ok(decision)
    }
}
