//! What may be asked for without being connected: by single requests, with an account.

use crate::{Act, Command, Directory, MemberId, Refusal, Room, RoomId, RoomName, UnixMs};

impl Directory {
    /// The room of that name, if `member`, who visits, could enter it: it exists, for her, and
    /// does not keep her out. How many are in it does not matter.
    ///
    /// # Errors
    ///
    /// [`Refusal::NoSuchRoom`], also of a private room that she may not know of;
    /// [`Refusal::Banned`].
    pub fn open_to(&self, member: MemberId, name: &RoomName, at: UnixMs) -> Result<&Room, Refusal> {
        let absent = || Refusal::NoSuchRoom(name.clone());
        let room = self.shown(name, member).ok_or_else(absent)?;
        let present = self.present(member).ok_or_else(absent)?;
        self.check_ban(room, &self.person(room, member, &present.nick), at).map(|()| room)
    }

    /// The room of that number, if `member` may act in it: she is in it, or visits and could enter.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotInRoom`]; of who visits, as [`Directory::open_to`].
    pub fn place_of(&self, member: MemberId, room: RoomId, at: UnixMs) -> Result<&Room, Refusal> {
        let room = self.room(room).ok_or(Refusal::NotInRoom)?;
        if self.is_visiting(member) {
            self.check_open(member, room, at)?;
        } else if !room.holds(member) {
            return Err(Refusal::NotInRoom);
        }
        Ok(room)
    }

    /// Whether a command may be asked for by whoever asks, if she visits.
    pub(super) fn check_visit(&self, command: &Command) -> Result<(), Refusal> {
        let Command { member, at, act } = command;
        if !self.is_visiting(*member) {
            return Ok(());
        }
        match act {
            Act::Create { .. } => Ok(()),
            Act::Say { room, .. }
            | Act::Edit { room, .. }
            | Act::Delete { room, .. }
            | Act::React { room, .. }
            | Act::Pin { room, .. }
            | Act::SetTopic { room, .. }
            | Act::Moderate { room, .. } => self.place_of(*member, *room, *at).map(|_| ()),
            // For these one has to be somewhere.
            Act::Enter { .. }
            | Act::EnterByLink { .. }
            | Act::Direct { .. }
            | Act::Leave { .. }
            | Act::LogIn { .. }
            | Act::LogOut
            | Act::Rename { .. }
            | Act::Disconnect => Err(Refusal::NotInRoom),
        }
    }

    fn check_open(&self, member: MemberId, room: &Room, at: UnixMs) -> Result<(), Refusal> {
        let name = &room.kept().name;
        let absent = || Refusal::NoSuchRoom(name.clone());
        let present = self.present(member).ok_or_else(absent)?;
        if !self.is_shown(name, room, member) {
            return Err(absent());
        }
        self.check_ban(room, &self.person(room, member, &present.nick), at)
    }
}

#[cfg(test)]
mod tests;
