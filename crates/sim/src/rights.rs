//! The books on who may do what in one room: whom it belongs to, and who is kept out or silent.

use std::collections::BTreeMap;

use room::{AccountId, Event, Fact, Measure, MemberId, Nick, Right, Role, UnixMs, Who};

use crate::check::Broken;

/// Who is logged in, by session.
pub(crate) type Accounts = BTreeMap<MemberId, AccountId>;

/// Who someone is, and when.
#[derive(Clone, Copy)]
struct Actor<'e> {
    member: MemberId,
    account: Option<AccountId>,
    nick: &'e Nick,
    at: UnixMs,
}

/// The table of rights, written once more and by hand: the least of those who have each.
pub(crate) const fn least(right: Right) -> Role {
    match right {
        Right::Say
        | Right::React
        | Right::SetTopic
        | Right::Pin
        | Right::EditOwn
        | Right::DeleteOwn => Role::Guest,
        Right::DeleteOthers
        | Right::Kick
        | Right::Ban
        | Right::Mute
        | Right::SlowMode
        | Right::Filter
        | Right::Purge
        | Right::Raid
        | Right::Invite
        | Right::Audit
        | Right::SeeEarlier => Role::Moderator,
        Right::Roles | Right::Visibility | Right::Capacity | Right::Retention => Role::Owner,
    }
}

/// What is in force in a room.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    /// The session that made it as a guest.
    maker: Option<MemberId>,
    is_made: bool,
    roles: BTreeMap<AccountId, Role>,
    bans: Vec<(Who, Option<UnixMs>)>,
    mutes: Vec<(Who, Option<UnixMs>)>,
    raid: bool,
}

impl Rights {
    /// Takes note of an event; whether it was allowed.
    pub(crate) fn hand_out(&mut self, event: &Event, accounts: &Accounts) -> Result<(), Broken> {
        let undue = || Broken::Undue {
            room: event.room,
            event: format!("{:?}: {:?}", event.seq, event.fact),
        };
        let check = |is_due: bool| if is_due { Ok(()) } else { Err(undue()) };
        let actor = |member: &MemberId, nick| Actor {
            member: *member,
            account: accounts.get(member).copied(),
            nick,
            at: event.at,
        };
        match &event.fact {
            Fact::Entered { member, nick, .. } => {
                let actor = actor(member, nick);
                if !std::mem::replace(&mut self.is_made, true) {
                    self.maker = actor.account.is_none().then_some(*member);
                }
                check(!is_on(&self.bans, actor) && !self.keeps_away(actor))
            }
            Fact::Said { member, nick, .. }
            | Fact::Edited { member, nick, .. }
            | Fact::Reacted { member, nick, .. }
            | Fact::Pinned { member, nick, .. }
            | Fact::TopicSet { member, nick, .. } => {
                let actor = actor(member, nick);
                check(!is_on(&self.mutes, actor) && !self.keeps_away(actor))
            }
            Fact::Moderated { member, nick, measure, account: _ } => {
                check(self.may(actor(member, nick), measure))?;
                self.apply(measure);
                Ok(())
            }
            Fact::Created { .. }
            | Fact::Deleted { .. }
            | Fact::Erased { .. }
            | Fact::Left { .. }
            | Fact::Renamed { .. } => Ok(()),
        }
    }

    /// Nobody is connected any more.
    pub(crate) const fn restarted(&mut self) {
        self.maker = None;
    }

    /// What someone is in the room.
    pub(crate) fn role(&self, member: MemberId, account: Option<AccountId>) -> Role {
        let given = account.map_or(Role::Guest, |account| {
            self.roles.get(&account).copied().unwrap_or(Role::Member)
        });
        if self.maker == Some(member) { Role::Owner } else { given }
    }

    fn keeps_away(&self, actor: Actor<'_>) -> bool {
        self.raid && self.role(actor.member, actor.account) == Role::Guest
    }

    /// The table of rights, once more and by hand; and that what is done to someone is done to
    /// someone below.
    fn may(&self, actor: Actor<'_>, measure: &Measure) -> bool {
        let role = self.role(actor.member, actor.account);
        let (least, whom) = match measure {
            Measure::Kicked { who, .. }
            | Measure::Banned { who, .. }
            | Measure::Purged { who, .. }
            | Measure::Muted { who, .. } => (Role::Moderator, Some(self.role_of(who))),
            Measure::Unbanned { .. }
            | Measure::Unmuted { .. }
            | Measure::SlowMode { .. }
            | Measure::Filter { .. }
            | Measure::Raid { .. } => (Role::Moderator, None),
            Measure::RoleSet { account, role, .. } => {
                if !self.is_made {
                    return *role == Role::Owner && Some(*account) == actor.account;
                }
                let least = if *role == Role::Member { Role::Moderator } else { Role::Owner };
                (least, Some(self.roles.get(account).copied().unwrap_or(Role::Member)))
            }
            Measure::Visibility(_) | Measure::Capacity(_) | Measure::Retention(_) => {
                (Role::Owner, None)
            }
        };
        role >= least && whom.is_none_or(|whom| whom < role)
    }

    fn role_of(&self, who: &Who) -> Role {
        match who {
            Who::Guest { member: Some(member), .. } => self.role(*member, None),
            Who::Account { account, .. } => {
                self.roles.get(account).copied().unwrap_or(Role::Member)
            }
            Who::Guest { member: None, .. } | Who::Addresses(_) => Role::Guest,
        }
    }

    fn apply(&mut self, measure: &Measure) {
        match measure {
            Measure::Banned { who, until, .. } => put(&mut self.bans, who, *until),
            Measure::Unbanned { who } => forget(&mut self.bans, who),
            Measure::Muted { who, until, .. } => put(&mut self.mutes, who, *until),
            Measure::Unmuted { who } => forget(&mut self.mutes, who),
            Measure::RoleSet { account, role, .. } => {
                self.roles.insert(*account, (*role).max(Role::Member));
            }
            Measure::Raid { on } => self.raid = *on,
            Measure::Kicked { .. }
            | Measure::SlowMode { .. }
            | Measure::Filter { .. }
            | Measure::Purged { .. }
            | Measure::Retention(_)
            | Measure::Visibility(_)
            | Measure::Capacity(_) => {}
        }
    }
}

/// The newest word on someone is the one that counts.
fn put(list: &mut Vec<(Who, Option<UnixMs>)>, who: &Who, until: Option<UnixMs>) {
    forget(list, who);
    list.push((who.clone(), until));
}

fn forget(list: &mut Vec<(Who, Option<UnixMs>)>, who: &Who) {
    list.retain(|(other, _)| match (other, who) {
        (Who::Guest { nick, .. }, Who::Guest { nick: other, .. }) => nick != other,
        (other, who) => other != who,
    });
}

fn is_on(list: &[(Who, Option<UnixMs>)], actor: Actor<'_>) -> bool {
    list.iter().filter(|(_, until)| until.is_none_or(|until| actor.at < until)).any(|(who, _)| {
        match who {
            Who::Guest { nick, member } => nick == actor.nick || *member == Some(actor.member),
            Who::Account { account, .. } => actor.account == Some(*account),
            Who::Addresses(_) => false,
        }
    })
}
