//! Being called otherwise.

use crate::{Decision, Directory, MemberId, Nick, Refusal, UnixMs};

impl Directory {
    /// The same nick in another spelling (`Ana` for `ana`) is a change too.
    pub(super) fn decide_rename(
        &self,
        member: MemberId,
        nick: &Nick,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let present = self.present(member).ok_or(Refusal::NotInRoom)?;
        if present.rooms.is_empty() {
            return Err(Refusal::NotInRoom);
        }
        self.check_nick(member, nick)?;
        self.check_stays(member, nick, None, at)?;
        Ok(self.calling(member, nick, at, None))
    }
}
