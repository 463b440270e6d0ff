//! Who is logged in: what the hub is told of accounts, and tells their sessions.

use room::{AccountId, Act, Command, Decision, MemberId, Nick, Refusal, RoomId, Seq, UnixMs};
use store::people::{Bearer, TokenId};

use super::Running;
use super::message::{Member, Reply, Seat, ToShard};
use crate::limits::LISTED_MAX;

impl Running {
    /// Makes a session one of an account's. All that was said before is in the log.
    pub(super) fn log_in(&mut self, (member, seat): (MemberId, Seat), bearer: Bearer, at: UnixMs) {
        let Bearer { account, token } = bearer;
        // Even if she may not log in just now: a guest must not take the nick meanwhile.
        self.hub.directory.own(account.nick.clone(), account.id);
        let (id, nick, is_admin) = (account.id, account.nick, account.is_admin);
        self.act(seat, &Command { member, at, act: Act::LogIn { account: id, nick, is_admin } });
        if self.account_of(member) == Some(id) {
            self.logins.insert(member, token);
        }
    }

    /// Ends a session's login, and those with the same token.
    pub(super) fn log_out(&mut self, (member, seat): (MemberId, Seat), at: UnixMs) {
        let account = self.account_of(member);
        self.act(seat, &Command { member, at, act: Act::LogOut });
        if let (Some(account), Some(token)) = (account, self.logins.remove(&member)) {
            self.end_token(account, token, at);
        }
    }

    /// Ends the logins with a token that is good no more. All that was said before is in the log.
    pub(super) fn end_token(&mut self, account: AccountId, token: TokenId, at: UnixMs) {
        let sessions = self.hub.directory.sessions(account).iter().copied();
        let ended: Vec<MemberId> =
            sessions.filter(|member| self.logins.get(member) == Some(&token)).collect();
        for member in ended {
            self.logins.remove(&member);
            let command = Command { member, at, act: Act::LogOut };
            if let Ok(decision) = self.hub.directory.decide(&command) {
                self.happen(&decision);
            }
            if let Some(seat) = self.seats.get(&member).map(|seated| seated.seat) {
                self.to(seat, ToShard::LoggedOut { slot: seat.slot, member });
            }
        }
    }

    /// Tells the other sessions of an account that it has read a room so far.
    pub(super) fn read(&mut self, (account, by): (AccountId, MemberId), room: RoomId, seq: Seq) {
        let directory = &self.hub.directory;
        let Some(room) = directory.room(room) else { return };
        let name = room.kept().name.clone();
        let others = directory.sessions(account).iter().filter(|other| **other != by);
        let others = others.filter_map(|other| Some((*other, self.seats.get(other)?.seat)));
        for (member, seat) in others.collect::<Vec<_>>() {
            let (slot, name) = (seat.slot, name.clone());
            self.to(seat, ToShard::Read { slot, member, name, seq });
        }
    }

    /// Who is logged in, and with which token.
    pub(super) fn logins(&self) -> Vec<(AccountId, TokenId)> {
        let login =
            |(member, token): (&MemberId, &TokenId)| Some((self.account_of(*member)?, *token));
        self.logins.iter().filter_map(login).collect()
    }

    /// Which nick a session would make an account of.
    pub(super) fn claim(&self, member: MemberId, nick: Option<Nick>) -> Result<Nick, Refusal> {
        let directory = &self.hub.directory;
        let called = || directory.present(member).map(|present| present.nick.clone());
        let nick = nick.or_else(called).ok_or(Refusal::NotInRoom)?;
        match directory.called(&nick) {
            Some(other) if other != member => Err(Refusal::NickTaken(nick)),
            _ => Ok(nick),
        }
    }

    /// Tells who gives up her nick what she is called now; the rooms have heard of it.
    pub(super) fn tell_displaced(&mut self, decision: &Decision) {
        let (Some((member, to)), Some((_, from))) = (&decision.displaced, &decision.called) else {
            return;
        };
        if let Some(seat) = self.seats.get(member).map(|seated| seated.seat) {
            let (slot, member, from, to) = (seat.slot, *member, from.clone(), to.clone());
            self.to(seat, ToShard::Displaced { slot, member, from, to });
        }
    }

    /// The first of those in a room, each person once.
    pub(super) fn members(&self, room: RoomId) -> Reply {
        let directory = &self.hub.directory;
        let Some(room) = directory.room(room) else { return Reply::Members(Vec::new(), 0) };
        let member = |(member, nick): (MemberId, &Nick)| {
            let present = directory.present(member);
            Member {
                nick: nick.clone(),
                account: present.and_then(|present| present.account),
                role: directory.role(room, member),
                is_admin: present.is_some_and(|present| present.is_admin),
            }
        };
        let mut members = directory.persons(room);
        let first = members.by_ref().take(LISTED_MAX).map(member).collect();
        Reply::Members(first, members.count())
    }

    pub(super) fn account_of(&self, member: MemberId) -> Option<AccountId> {
        self.hub.directory.present(member)?.account
    }
}
