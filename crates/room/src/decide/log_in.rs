//! Being someone who owns a nick, and being nobody in particular again.

use super::Identity;
use crate::moderation::Person;
use crate::{Decision, Departure, Directory, MemberId, Nick, Refusal, UnixMs};

impl Directory {
    /// In the order of the checks: she is not logged in as another, nobody else is called so, no
    /// room that she is in keeps that account out.
    pub(super) fn decide_log_in(
        &self,
        member: MemberId,
        identity: Identity,
        nick: &Nick,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let present = self.present(member);
        let before = present.and_then(|present| Some((present.account?, &present.nick)));
        if let Some((_, as_nick)) = before.filter(|(account, _)| *account != identity.account) {
            return Err(Refusal::LoggedInAs(as_nick.clone()));
        }
        let holder = self.called(nick).filter(|holder| *holder != member);
        let holder = holder.and_then(|holder| self.present(holder));
        if holder.is_some_and(|holder| holder.account != Some(identity.account)) {
            return Err(Refusal::NickTaken(nick.clone()));
        }
        let mut rooms: Vec<_> = present.into_iter().flat_map(|present| &present.rooms).collect();
        rooms.sort_unstable();
        for room in rooms.into_iter().filter_map(|room| self.room(*room)) {
            let person = Person { member, nick, account: Some(identity.account), address: None };
            if !identity.is_admin {
                self.check_ban(room, &person, at)?;
            }
        }
        let mut decision = self.calling(member, nick, at, None);
        decision.called = Some((member, nick.clone()));
        decision.identity = Some(identity);
        Ok(decision)
    }

    /// She leaves every room: what she was called there is not hers any more.
    pub(super) fn decide_log_out(&self, member: MemberId, at: UnixMs) -> Decision {
        let is_logged_in = self.present(member).is_some_and(|present| present.account.is_some());
        if is_logged_in { self.going(member, Departure::Left, at) } else { Decision::default() }
    }
}
