//! What those with rights have laid down in a room: roles, bans, mutes, how one may speak.
//!
//! All of it is what folding the room's [`crate::Fact::Moderated`] events gives, so nothing of it
//! is kept anywhere else. What has run out stays on a list until the list is next changed, and
//! means nothing.

use crate::filter::Filter;
use crate::{AccountId, Address, Addresses, MemberId, Nick, Role, Text, UnixMs, Visibility};

/// Whom something is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Who has no account: whoever is called so, and the session that was, whatever it is called.
    Guest {
        /// What she is called.
        nick: Nick,
        /// Her session, if she was connected.
        member: Option<MemberId>,
    },
    /// An account, from wherever it comes.
    Account {
        /// Which.
        account: AccountId,
        /// Its nick.
        nick: Nick,
    },
    /// Whoever comes from there.
    Addresses(Addresses),
}

impl Who {
    /// Whether this is that person.
    #[must_use]
    pub(crate) fn is(&self, person: &Person<'_>) -> bool {
        match self {
            Self::Guest { nick, member } => nick == person.nick || *member == Some(person.member),
            Self::Account { account, .. } => person.account == Some(*account),
            Self::Addresses(addresses) => {
                person.address.is_some_and(|address| addresses.contain(address))
            }
        }
    }

    /// Whether what is laid down for one takes the place of what was for the other.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Guest { nick, .. }, Self::Guest { nick: other, .. }) => nick == other,
            (Self::Account { account, .. }, Self::Account { account: other, .. }) => {
                account == other
            }
            (Self::Addresses(addresses), Self::Addresses(other)) => addresses == other,
            (Self::Guest { .. } | Self::Account { .. } | Self::Addresses(_), _) => false,
        }
    }

    /// Whether one who asks about `whom` means this.
    fn answers(&self, whom: &Whom) -> bool {
        match (self, whom) {
            (Self::Guest { nick, .. } | Self::Account { nick, .. }, Whom::Nick(asked)) => {
                nick == asked
            }
            (Self::Addresses(addresses), Whom::Addresses(asked)) => addresses == asked,
            (Self::Guest { .. } | Self::Account { .. } | Self::Addresses(_), _) => false,
        }
    }
}

/// The same, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Who is called so, or owns that nick.
    Nick(Nick),
    /// Whoever comes from there.
    Addresses(Addresses),
}

/// Someone, with all that a ban may be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person<'p> {
    pub(crate) member: MemberId,
    pub(crate) nick: &'p Nick,
    pub(crate) account: Option<AccountId>,
    pub(crate) address: Option<Address>,
}

/// Why someone is kept out or silent, and how long: what she is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    /// Who laid it down, by the nick she had then.
    pub by: Nick,
    /// When it ends; `None`: when someone ends it.
    pub until: Option<UnixMs>,
    /// Why.
    pub reason: Option<Text>,
}

impl Penalty {
    pub(crate) fn holds(&self, now: UnixMs) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// What is asked of a room by someone with rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Put someone out.
    Kick {
        /// Whom.
        nick: Nick,
        /// Why.
        reason: Option<Text>,
    },
    /// Put someone out and keep her out.
    Ban {
        /// Whom.
        whom: Whom,
        /// Milliseconds; `None`: for good.
        for_ms: Option<u64>,
        /// Why.
        reason: Option<Text>,
    },
    /// Let someone in again.
    Unban {
        /// Whom.
        whom: Whom,
    },
    /// Silence someone.
    Mute {
        /// Whom.
        nick: Nick,
        /// Milliseconds; `None`: for good.
        for_ms: Option<u64>,
        /// Why.
        reason: Option<Text>,
    },
    /// Let someone speak again.
    Unmute {
        /// Whom.
        nick: Nick,
    },
    /// Give someone a role; [`Role::Guest`] takes hers away.
    SetRole {
        /// To whom.
        nick: Nick,
        /// Which.
        role: Role,
    },
    /// Let someone in, with a role; who has that or more keeps what she has.
    Invite {
        /// Whom.
        nick: Nick,
        /// Which role, [`Role::Member`] at least to be one that lets in.
        role: Role,
    },
    /// Say how often one may speak.
    SlowMode {
        /// Seconds between two messages of one person, [`crate::limits::SLOW_S_MAX`] at most; 0:
        /// as often as one likes.
        seconds: u32,
    },
    /// Say what may not be said.
    Filter {
        /// A regular expression, [`crate::limits::PATTERN_CHARS_MAX`] characters at most.
        pattern: Text,
        /// Add it, or take it away.
        on: bool,
    },
    /// Keep guests out and silent, or let them in and speak again.
    Raid {
        /// Keep them.
        on: bool,
    },
    /// Say who may find the room.
    Visibility(Visibility),
    /// Say how many the room holds; whoever is in stays.
    Capacity(u32),
    /// Say how long messages are kept; never longer than the server keeps any.
    Retention(Retention),
}

/// How long the messages of a room are kept, at most as long as the server keeps any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// How many, the newest; 0: as many as the server keeps.
    pub messages: u64,
    /// For how many days; 0: as many as the server keeps them.
    pub days: u32,
}

/// What someone with rights did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Put someone out.
    Kicked {
        /// Whom.
        who: Who,
        /// Why.
        reason: Option<Text>,
    },
    /// Keeps someone out.
    Banned {
        /// Whom.
        who: Who,
        /// Until when; `None`: for good.
        until: Option<UnixMs>,
        /// Why.
        reason: Option<Text>,
    },
    /// Lets someone in again.
    Unbanned {
        /// Whom.
        who: Who,
    },
    /// Silences someone.
    Muted {
        /// Whom.
        who: Who,
        /// Until when; `None`: for good.
        until: Option<UnixMs>,
        /// Why.
        reason: Option<Text>,
    },
    /// Lets someone speak again.
    Unmuted {
        /// Whom.
        who: Who,
    },
    /// Gave someone a role, or took hers away ([`Role::Guest`]).
    RoleSet {
        /// To whom.
        account: AccountId,
        /// Her nick.
        nick: Nick,
        /// Which.
        role: Role,
    },
    /// Set how often one may speak.
    SlowMode {
        /// Seconds between two messages of one person; 0: as often as one likes.
        seconds: u32,
    },
    /// Set what may not be said.
    Filter {
        /// The regular expression.
        pattern: Text,
        /// Added, or taken away.
        on: bool,
    },
    /// Keeps guests out and silent, or lets them in and speak again.
    Raid {
        /// Keeps them.
        on: bool,
    },
    /// Set who may find the room.
    Visibility(Visibility),
    /// Set how many the room holds.
    Capacity(u32),
    /// Deleted what someone had said, each message by a [`crate::Fact::Deleted`] of its own before
    /// this. One that takes several steps says so before the first of them, by no messages: so that
    /// it is gone on with if it breaks off.
    Purged {
        /// Whose.
        who: Who,
        /// What was said since then; `None`: all.
        since: Option<UnixMs>,
        /// How many messages went; 0: it begins.
        messages: u64,
    },
    /// Set how long messages are kept.
    Retention(Retention),
}

/// What is in force in a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moderation {
    roles: Vec<(AccountId, Nick, Role)>,
    bans: Vec<(Who, Penalty)>,
    mutes: Vec<(Who, Penalty)>,
    slow_s: u32,
    filter: Filter,
    raid: bool,
    retention: Retention,
    /// The purges that have begun and not ended: whose messages go, and since when.
    purging: Vec<(Who, Option<UnixMs>)>,
}

impl Moderation {
    /// Makes a measure true, which `by` took at `at`. Visibility and capacity are the room's own.
    pub(crate) fn apply(&mut self, measure: &Measure, by: &Nick, at: UnixMs) {
        let penalty = |until: &Option<UnixMs>, reason: &Option<Text>| Penalty {
            by: by.clone(),
            until: *until,
            reason: reason.clone(),
        };
        match measure {
            Measure::Banned { who, until, reason } => {
                put(&mut self.bans, who, Some(penalty(until, reason)), at);
            }
            Measure::Unbanned { who } => put(&mut self.bans, who, None, at),
            Measure::Muted { who, until, reason } => {
                put(&mut self.mutes, who, Some(penalty(until, reason)), at);
            }
            Measure::Unmuted { who } => put(&mut self.mutes, who, None, at),
            Measure::RoleSet { account, nick, role } => {
                self.roles.retain(|(other, ..)| other != account);
                if *role > Role::Guest {
                    self.roles.push((*account, nick.clone(), *role));
                }
            }
            Measure::SlowMode { seconds } => self.slow_s = *seconds,
            Measure::Filter { pattern, on } => self.filter.set(pattern, *on),
            Measure::Raid { on } => self.raid = *on,
            Measure::Retention(retention) => self.retention = *retention,
            Measure::Purged { who, since, messages } => {
                let purge = (who.clone(), *since);
                self.purging.retain(|other| *other != purge);
                self.purging.extend((*messages == 0).then_some(purge));
            }
            Measure::Kicked { .. } | Measure::Visibility(_) | Measure::Capacity(_) => {}
        }
    }

    /// Whether a purge has begun and not ended.
    #[must_use]
    pub fn is_purging(&self) -> bool {
        !self.purging.is_empty()
    }

    /// Whether that purge has begun and not ended.
    pub(crate) fn is_open(&self, who: &Who, since: Option<UnixMs>) -> bool {
        self.purging.iter().any(|(other, from)| other == who && *from == since)
    }

    /// The role an account was given.
    #[must_use]
    pub fn role(&self, account: AccountId) -> Option<Role> {
        self.roles.iter().find(|(other, ..)| *other == account).map(|(.., role)| *role)
    }

    /// The roles that were given, each with the nick of its account, the oldest first.
    #[must_use]
    pub fn roles(&self) -> &[(AccountId, Nick, Role)] {
        &self.roles
    }

    /// Who is kept out, those whose time is over included.
    #[must_use]
    pub fn bans(&self) -> &[(Who, Penalty)] {
        &self.bans
    }

    /// Who is silent, those whose time is over included.
    #[must_use]
    pub fn mutes(&self) -> &[(Who, Penalty)] {
        &self.mutes
    }

    /// Seconds between two messages of one person; 0: as often as one likes.
    #[must_use]
    pub const fn slow_s(&self) -> u32 {
        self.slow_s
    }

    /// What may not be said.
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Whether guests are kept out and silent.
    #[must_use]
    pub const fn raid(&self) -> bool {
        self.raid
    }

    /// How long messages are kept.
    #[must_use]
    pub const fn retention(&self) -> Retention {
        self.retention
    }

    /// How many are kept out.
    pub(crate) fn bans_len(&self, now: UnixMs) -> usize {
        self.bans.iter().filter(|(_, penalty)| penalty.holds(now)).count()
    }

    /// How many are silent.
    pub(crate) fn mutes_len(&self, now: UnixMs) -> usize {
        self.mutes.iter().filter(|(_, penalty)| penalty.holds(now)).count()
    }

    /// Whether nothing holds anyone back from speaking.
    pub(crate) fn is_quiet(&self) -> bool {
        self.mutes.is_empty() && self.slow_s == 0 && self.filter.is_empty() && !self.raid
    }

    /// Why that person is kept out.
    pub(crate) fn ban(&self, person: &Person<'_>, now: UnixMs) -> Option<&Penalty> {
        penalty(&self.bans, person, now)
    }

    /// Why that person is silent.
    pub(crate) fn mute(&self, person: &Person<'_>, now: UnixMs) -> Option<&Penalty> {
        penalty(&self.mutes, person, now)
    }

    /// Who of the banned is meant.
    pub(crate) fn banned(&self, whom: &Whom, now: UnixMs) -> Option<&Who> {
        meant(&self.bans, whom, now)
    }

    /// Who of the silent is meant.
    pub(crate) fn muted(&self, whom: &Whom, now: UnixMs) -> Option<&Who> {
        meant(&self.mutes, whom, now)
    }
}

/// Writes a list anew: without what has run out, and with `penalty` for `who`, or nothing.
fn put(list: &mut Vec<(Who, Penalty)>, who: &Who, penalty: Option<Penalty>, at: UnixMs) {
    list.retain(|(other, penalty)| penalty.holds(at) && !other.is_same(who));
    list.extend(penalty.map(|penalty| (who.clone(), penalty)));
}

fn penalty<'l>(
    list: &'l [(Who, Penalty)],
    person: &Person<'_>,
    now: UnixMs,
) -> Option<&'l Penalty> {
    let found = list.iter().find(|(who, penalty)| penalty.holds(now) && who.is(person));
    found.map(|(_, penalty)| penalty)
}

fn meant<'l>(list: &'l [(Who, Penalty)], whom: &Whom, now: UnixMs) -> Option<&'l Who> {
    let found = list.iter().find(|(who, penalty)| penalty.holds(now) && who.answers(whom));
    found.map(|(who, _)| who)
}
