//! Being someone who owns a nick, and being nobody in particular again.

use super::Identity;
use crate::limits::NAME_CHARS_MAX;
use crate::moderation::Person;
use crate::{Decision, Departure, Directory, Fact, MemberId, Nick, Refusal, UnixMs};

impl Directory {
    /// In the order of the checks: she is not logged in as another, no room that she is in keeps
    /// that account out. A guest who is called so is called otherwise from then on: a nick that
    /// its owner could not take would be no one's.
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
        let mut rooms: Vec<_> = present.into_iter().flat_map(|present| &present.rooms).collect();
        rooms.sort_unstable();
        for room in rooms.into_iter().filter_map(|room| self.room(*room)) {
            let person = Person { member, nick, account: Some(identity.account), address: None };
            if !identity.is_admin {
                self.check_ban(room, &person, at)?;
            }
        }
        let displaced = self.displaced(member, identity, nick, at)?;
        let mut decision = self.calling(member, nick, at, None);
        for event in &mut decision.events {
            if let Fact::Renamed { account, .. } = &mut event.fact {
                *account = Some(identity.account);
            }
        }
        if let Some((guest, instead)) = displaced {
            // First the nick is free, then it is taken.
            let mut events = self.calling(guest, &instead, at, None).events;
            events.append(&mut decision.events);
            (decision.events, decision.displaced) = (events, Some((guest, instead)));
        }
        decision.called = Some((member, nick.clone()));
        decision.identity = Some(identity);
        Ok(decision)
    }

    /// Who has to give the nick up to its owner, and what she is called instead.
    fn displaced(
        &self,
        member: MemberId,
        identity: Identity,
        nick: &Nick,
        at: UnixMs,
    ) -> Result<Option<(MemberId, Nick)>, Refusal> {
        let Some(holder) = self.called(nick).filter(|holder| *holder != member) else {
            return Ok(None);
        };
        let taken = || Refusal::NickTaken(nick.clone());
        match self.present(holder).and_then(|present| present.account) {
            Some(account) if account == identity.account => Ok(None),
            Some(_) => Err(taken()),
            None => {
                let instead = self.spare_nick(holder, nick, at).ok_or_else(taken)?;
                Ok(Some((holder, instead)))
            }
        }
    }

    /// A nick like `nick` that a guest may have: `ana-2`.
    fn spare_nick(&self, guest: MemberId, nick: &Nick, at: UnixMs) -> Option<Nick> {
        // One of them is free, if her rooms' bans leave any.
        let tries = self.present_len() + self.owned_len() + 1;
        (2..).take(tries).find_map(|number: usize| {
            let ending = format!("-{number}");
            let start = nick.as_str().chars().take(NAME_CHARS_MAX - ending.len());
            let spare = Nick::parse(&start.chain(ending.chars()).collect::<String>()).ok()?;
            self.check_nick(guest, &spare).ok()?;
            self.check_stays(guest, &spare, None, at).ok()?;
            Some(spare)
        })
    }

    /// She leaves every room: what she was called there is not hers any more.
    pub(super) fn decide_log_out(&self, member: MemberId, at: UnixMs) -> Decision {
        let is_logged_in = self.present(member).is_some_and(|present| present.account.is_some());
        if is_logged_in { self.going(member, Departure::Left, at) } else { Decision::default() }
    }
}
