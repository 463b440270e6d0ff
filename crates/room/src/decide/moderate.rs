//! Keeping order: what those with rights do to someone, or to the room.

#[cfg(test)]
mod tests;

use super::Standing;
use crate::limits::{
    BANS_MAX, CAPACITY_MAX, MUTES_MAX, PATTERN_CHARS_MAX, PATTERNS_MAX, PENALTY_MS_MAX,
    REASON_CHARS_MAX, ROLES_MAX, SLOW_S_MAX,
};
use crate::{
    AccountId, Author, Decision, Departure, Directory, Event, Fact, Measure, MemberId, Moderation,
    Nick, Order, Refusal, Right, Role, RoomId, Text, UnixMs, Who, Whom,
};

impl Order {
    /// The right it takes.
    #[must_use]
    pub const fn right(&self) -> Right {
        match self {
            Self::Kick { .. } => Right::Kick,
            Self::Ban { .. } | Self::Unban { .. } => Right::Ban,
            Self::Mute { .. } | Self::Unmute { .. } => Right::Mute,
            // A member's role is what lets her into a private room.
            Self::SetRole { role: Role::Member, .. } | Self::Invite { role: Role::Member, .. } => {
                Right::Invite
            }
            Self::SetRole { .. } | Self::Invite { .. } => Right::Roles,
            Self::SlowMode { .. } => Right::SlowMode,
            Self::Filter { .. } => Right::Filter,
            Self::Raid { .. } => Right::Raid,
            Self::Visibility(_) => Right::Visibility,
            Self::Capacity(_) => Right::Capacity,
            Self::Retention(_) => Right::Retention,
        }
    }
}

impl Directory {
    /// In the order of the checks: she has the right, whom it is done to is below her, it can be
    /// done. What is so already is done again only where its time or reason may be new.
    pub(super) fn decide_moderate(
        &self,
        member: MemberId,
        room: RoomId,
        order: &Order,
        at: UnixMs,
    ) -> Result<Decision, Refusal> {
        let standing = self.standing(member, room)?;
        self.check(&standing, order.right())?;
        let Some(measure) = self.measure(&standing, order, at)? else {
            return Ok(Decision::default());
        };
        let mut decision = Decision::default();
        if let Measure::Kicked { who, .. } | Measure::Banned { who, .. } = &measure {
            // Before the rest hears of it: who is out is told so in her own words.
            decision.events = self.putting_out(&standing, who, at);
        }
        let (account, nick) = (standing.author.account, standing.nick.clone());
        let fact = Fact::Moderated { member, account, nick, measure: Box::new(measure) };
        decision.events.extend(standing.happens(fact, at).events);
        Ok(decision)
    }

    /// What an order comes to; `None` if that is so already.
    fn measure(
        &self,
        standing: &Standing<'_>,
        order: &Order,
        at: UnixMs,
    ) -> Result<Option<Measure>, Refusal> {
        let kept = standing.room.kept();
        let moderation = &kept.moderation;
        Ok(Some(match order {
            Order::Kick { nick, reason } => {
                let who = self.below(standing, nick)?;
                if self.members_who(standing.room, &who).next().is_none() {
                    return Err(Refusal::NotHere(nick.clone()));
                }
                Measure::Kicked { who, reason: short(reason.as_ref()) }
            }
            Order::Ban { whom, for_ms, reason } => {
                let who = match whom {
                    Whom::Nick(nick) => self.below(standing, nick)?,
                    Whom::Addresses(addresses) => Who::Addresses(*addresses),
                };
                let is_in = moderation.banned(whom, at).is_some();
                room_for_one(is_in, moderation.bans_len(at), BANS_MAX)?;
                Measure::Banned { who, until: until(*for_ms, at), reason: short(reason.as_ref()) }
            }
            Order::Unban { whom } => {
                let who = moderation.banned(whom, at).ok_or(Refusal::NothingToUndo)?;
                Measure::Unbanned { who: who.clone() }
            }
            Order::Mute { nick, for_ms, reason } => {
                let who = self.below(standing, nick)?;
                let is_in = moderation.muted(&Whom::Nick(nick.clone()), at).is_some();
                room_for_one(is_in, moderation.mutes_len(at), MUTES_MAX)?;
                Measure::Muted { who, until: until(*for_ms, at), reason: short(reason.as_ref()) }
            }
            Order::Unmute { nick } => {
                let who = moderation.muted(&Whom::Nick(nick.clone()), at);
                Measure::Unmuted { who: who.ok_or(Refusal::NothingToUndo)?.clone() }
            }
            Order::SetRole { nick, role } => return self.role_set(standing, nick, *role),
            Order::Invite { nick, role } => return self.invited(standing, nick, *role),
            Order::SlowMode { seconds } if *seconds > SLOW_S_MAX => {
                return Err(Refusal::BadSlowMode);
            }
            Order::SlowMode { seconds } if moderation.slow_s() == *seconds => return Ok(None),
            Order::SlowMode { seconds } => Measure::SlowMode { seconds: *seconds },
            Order::Filter { pattern, on } => return filter(moderation, pattern, *on),
            Order::Raid { on } if moderation.raid() == *on => return Ok(None),
            Order::Raid { on } => Measure::Raid { on: *on },
            Order::Visibility(visibility) if kept.visibility == *visibility => return Ok(None),
            Order::Visibility(visibility) => Measure::Visibility(*visibility),
            Order::Capacity(capacity) if !(1..=CAPACITY_MAX).contains(capacity) => {
                return Err(Refusal::BadCapacity);
            }
            Order::Capacity(capacity) if kept.capacity == *capacity => return Ok(None),
            Order::Capacity(capacity) => Measure::Capacity(*capacity),
            Order::Retention(retention) if moderation.retention() == *retention => return Ok(None),
            Order::Retention(retention) => Measure::Retention(*retention),
        }))
    }

    /// The account of who is called so, or that owns the nick.
    fn account_called(&self, nick: &Nick) -> Option<AccountId> {
        let present = self.called(nick).and_then(|member| self.present(member));
        present.and_then(|present| present.account).or_else(|| self.owner_of(nick))
    }

    /// Who is called so, if she is below who asks.
    pub(super) fn below(&self, standing: &Standing<'_>, nick: &Nick) -> Result<Who, Refusal> {
        let (member, account) = (self.called(nick), self.account_called(nick));
        // No session has the number 0.
        let author = Author { member: member.unwrap_or(MemberId(0)), account };
        if self.rank(standing.room, &author) >= self.rank(standing.room, &standing.author) {
            return Err(Refusal::NotBelow(nick.clone()));
        }
        Ok(match account {
            Some(account) => Who::Account { account, nick: nick.clone() },
            None => Who::Guest { nick: nick.clone(), member },
        })
    }

    /// The leaving of all who are meant, and are below who has it done.
    fn putting_out(&self, standing: &Standing<'_>, who: &Who, at: UnixMs) -> Vec<Event> {
        let room = standing.room;
        let rank = self.rank(room, &standing.author);
        let mut out = Vec::new();
        for member in self.members_who(room, who) {
            let Some(present) = self.present(member) else { continue };
            if self.rank(room, &Author { member, account: present.account }) < rank {
                let (account, nick) = (present.account, present.nick.clone());
                let how = Departure::Removed;
                let fact = Fact::Left { member, account, nick, how, again: false };
                out.push(self.passing(room.kept().id, at, fact));
            }
        }
        out
    }

    /// An invitation takes nothing away, and so may be of someone who is not below.
    fn invited(
        &self,
        standing: &Standing<'_>,
        nick: &Nick,
        role: Role,
    ) -> Result<Option<Measure>, Refusal> {
        let account = self.account_called(nick).ok_or_else(|| Refusal::NoAccount(nick.clone()))?;
        let before = standing.room.kept().moderation.role(account);
        if before.unwrap_or(Role::Guest) >= role {
            return Ok(None);
        }
        self.role_set(standing, nick, role)
    }

    fn role_set(
        &self,
        standing: &Standing<'_>,
        nick: &Nick,
        role: Role,
    ) -> Result<Option<Measure>, Refusal> {
        let Who::Account { account, nick } = self.below(standing, nick)? else {
            return Err(Refusal::NoAccount(nick.clone()));
        };
        let moderation = &standing.room.kept().moderation;
        let before = moderation.role(account);
        if before.unwrap_or(Role::Guest) == role {
            return Ok(None);
        }
        room_for_one(before.is_some(), moderation.roles().len(), ROLES_MAX)?;
        Ok(Some(Measure::RoleSet { account, nick, role }))
    }
}

fn filter(moderation: &Moderation, pattern: &Text, on: bool) -> Result<Option<Measure>, Refusal> {
    let filter = moderation.filter();
    let is_on = filter.patterns().contains(pattern);
    if !on && !is_on {
        return Err(Refusal::NothingToUndo);
    }
    if on && is_on {
        return Ok(None);
    }
    if on {
        room_for_one(false, filter.patterns().len(), PATTERNS_MAX)?;
        let is_fit =
            |pattern: &str| !pattern.contains('\n') && pattern.chars().count() <= PATTERN_CHARS_MAX;
        if !is_fit(pattern.as_str()) || !filter.takes(pattern) {
            return Err(Refusal::BadPattern);
        }
    }
    Ok(Some(Measure::Filter { pattern: pattern.clone(), on }))
}

/// Whether a list takes what is new to it.
const fn room_for_one(is_in: bool, len: usize, max: usize) -> Result<(), Refusal> {
    if is_in || len < max { Ok(()) } else { Err(Refusal::ListFull(max)) }
}

/// When a penalty ends; what is longer than [`PENALTY_MS_MAX`] is for good.
fn until(for_ms: Option<u64>, at: UnixMs) -> Option<UnixMs> {
    let for_ms = for_ms.filter(|for_ms| *for_ms <= PENALTY_MS_MAX)?;
    Some(UnixMs(at.0.saturating_add(for_ms)))
}

/// A reason, cut to [`REASON_CHARS_MAX`].
fn short(reason: Option<&Text>) -> Option<Text> {
    let reason = reason?.flat();
    let reason = reason.trim();
    match reason.char_indices().nth(REASON_CHARS_MAX) {
        Some((end, _)) => Text::new(&reason[..end]),
        None => Text::new(reason),
    }
}
