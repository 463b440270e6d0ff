//! Who asks without being connected: an account, by single requests through the desk.
//!
//! A visit begins and ends within one step of the hub, so nobody else ever sees it.

use room::{MemberId, Refusal, RoomId, RoomName, UnixMs};

use super::Running;
use super::message::{Ask, Refused, Reply, Seat, Visitor};
use crate::gateway::next_member;

impl Running {
    /// Lets an account ask for something.
    pub(super) fn visit(&mut self, visitor: Visitor, seat: Seat, ask: Ask, now: UnixMs) {
        let Visitor { account, nick, is_admin, address } = visitor;
        let member = *self.visitors.entry(account).or_insert_with(next_member);
        self.hub.directory.visit(member, nick, (account, is_admin), address);
        match self.check_seen(member, &ask, now) {
            Ok(()) => self.ask(member, seat, ask, now),
            Err(refusal) => self.reply(seat, member, Reply::Refused(Refused::Rule(refusal))),
        }
        self.hub.directory.end_visit();
    }

    /// Whether who visits may see the room that she asks about. What changes something is for the
    /// rules to decide.
    fn check_seen(&self, member: MemberId, ask: &Ask, now: UnixMs) -> Result<(), Refusal> {
        match ask {
            Ask::Members(room)
            | Ask::Topic(room)
            | Ask::Head(room)
            | Ask::Named(room)
            | Ask::InForce(room)
            | Ask::May(room, _)
            | Ask::Purge { room, .. }
            | Ask::About { room, .. }
            | Ask::Post { room, .. } => self.hub.directory.place_of(member, *room, now).map(|_| ()),
            Ask::Act(..)
            | Ask::LogIn(..)
            | Ask::LogOut
            | Ask::Open(_)
            | Ask::Channels(_)
            | Ask::Hers(_)
            | Ask::Written
            | Ask::Flushed
            | Ask::Whisper { .. } => Ok(()),
        }
    }

    /// A room that is open to who visits.
    pub(super) fn open(&self, member: MemberId, name: &RoomName, now: UnixMs) -> Reply {
        let directory = &self.hub.directory;
        match directory.open_to(member, name, now) {
            Ok(room) => Reply::Open {
                room: Box::new(room.kept().clone()),
                present: room.present(),
                role: directory.role(room, member),
                is_admin: directory.present(member).is_some_and(|present| present.is_admin),
            },
            Err(refusal) => Reply::Refused(Refused::Rule(refusal)),
        }
    }

    /// Counts the desk among the audience of a room, or not any more.
    pub(super) fn watch(&mut self, seat: Seat, room: RoomId, on: bool) {
        // Of a room that is gone nothing is heard.
        let on = on && self.hub.directory.room(room).is_some();
        self.count(room, seat, |_| u32::from(on));
    }
}
