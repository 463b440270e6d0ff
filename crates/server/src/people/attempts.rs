//! How often a password may be tried: by one address, for one account, and by one for the other.
//!
//! The third is what keeps a stranger from locking the owner out: from one address fewer attempts
//! at an account come through than the account allows. Attempts are counted, not failures alone,
//! or many at the same time would pass as none.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use room::rate::{Bucket, Rate, TooFast};
use room::{Nick, UnixMs};

use crate::limits::ATTEMPTS_REMEMBERED_MAX;
use crate::metrics::PeopleMetrics;

/// So many attempts at once, and one more each so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) at_once: u32,
    pub(super) seconds_each: u32,
}

/// By one address, whatever the account: a school behind one address logs in at the same time.
pub(super) const ADDRESS_PACE: Pace = Pace { at_once: 60, seconds_each: 5 };

/// For one account, whatever the address: 17,280 guesses a day, out of the reach of which is every
/// password that is not on a list of common ones.
pub(super) const ACCOUNT_PACE: Pace = Pace { at_once: 30, seconds_each: 5 };

/// By one address for one account.
pub(super) const PAIR_PACE: Pace = Pace { at_once: 8, seconds_each: 30 };

/// New accounts of one address: a class registers in one lesson.
pub(super) const REGISTRATION_PACE: Pace = Pace { at_once: 40, seconds_each: 60 };

const _: () = assert!(PAIR_PACE.at_once < ACCOUNT_PACE.at_once);
const _: () = assert!(PAIR_PACE.seconds_each > ACCOUNT_PACE.seconds_each);

/// Too many attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts: wait {wait_s} s")]
pub(crate) struct TooOften {
    /// Seconds until the next may be made, rounded up.
    pub(crate) wait_s: u64,
}

/// What is counted. An account by its nick, so that one which does not exist is counted alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Account(Nick),
    Pair(IpAddr, Nick),
    Registration(IpAddr),
}

impl Key {
    fn pace(&self) -> Pace {
        match self {
            Self::Address(_) => ADDRESS_PACE,
            Self::Account(_) => ACCOUNT_PACE,
            Self::Pair(..) => PAIR_PACE,
            Self::Registration(_) => REGISTRATION_PACE,
        }
    }
}

/// The attempts of late, and what came of them all.
#[derive(Debug)]
pub(super) struct Attempts {
    /// At most [`ATTEMPTS_REMEMBERED_MAX`].
    buckets: Mutex<HashMap<Key, Bucket>>,
    metrics: Arc<PeopleMetrics>,
}

impl Attempts {
    pub(super) fn new(metrics: Arc<PeopleMetrics>) -> Self {
        Self { buckets: Mutex::default(), metrics }
    }

    /// Takes one attempt at an account. `None`: an address without limits of its own.
    ///
    /// # Errors
    ///
    /// [`TooOften`], by the first of the limits that is reached: the address's own, so that a
    /// flood from one address costs the account nothing.
    pub(super) fn log_in(
        &self,
        address: Option<IpAddr>,
        nick: &Nick,
        now: UnixMs,
    ) -> Result<(), TooOften> {
        let mut keys = Vec::with_capacity(3);
        if let Some(address) = address {
            keys.extend([Key::Pair(address, nick.clone()), Key::Address(address)]);
        }
        keys.push(Key::Account(nick.clone()));
        self.take(keys, now)
    }

    /// Takes one registration.
    ///
    /// # Errors
    ///
    /// [`TooOften`].
    pub(super) fn register(&self, address: Option<IpAddr>, now: UnixMs) -> Result<(), TooOften> {
        self.take(address.map(Key::Registration).into_iter().collect(), now)
    }

    fn take(&self, keys: Vec<Key>, now: UnixMs) -> Result<(), TooOften> {
        let mut buckets = self.lock();
        if buckets.len() + keys.len() > ATTEMPTS_REMEMBERED_MAX {
            buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        let mut taken = Ok(());
        for key in keys {
            if buckets.len() >= ATTEMPTS_REMEMBERED_MAX && !buckets.contains_key(&key) {
                taken = Err(TooOften { wait_s: key.pace().seconds_each.into() });
                break;
            }
            let Pace { at_once, seconds_each } = key.pace();
            // One unit is a second's worth.
            let rate = Rate { per_second: 1, burst: at_once * seconds_each };
            let bucket = buckets.entry(key).or_default();
            if let Err(TooFast { wait_ms }) = bucket.take(rate, seconds_each, now) {
                taken = Err(TooOften { wait_s: wait_ms.div_ceil(1000) });
                break;
            }
        }
        if taken.is_err() {
            self.metrics.too_often.add(1);
        }
        taken
    }

    /// Counts something; the lock makes each counter's writers one.
    pub(super) fn count(&self, count: impl FnOnce(&PeopleMetrics)) {
        let _one_at_a_time = self.lock();
        count(&self.metrics);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: UnixMs = UnixMs(1_800_000_000_000);

    fn attempts() -> Attempts {
        Attempts::new(Arc::default())
    }

    fn ip(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    fn nick(name: &str) -> Nick {
        Nick::parse(name).unwrap()
    }

    /// Attempts that pass at the same moment.
    fn passing(mut attempt: impl FnMut() -> Result<(), TooOften>) -> (u32, TooOften) {
        for passed in 0.. {
            if let Err(too_often) = attempt() {
                return (passed, too_often);
            }
        }
        unreachable!("there is a limit")
    }

    #[test]
    fn one_address_at_one_account() {
        let attempts = attempts();
        let try_ana = |at| attempts.log_in(Some(ip(1)), &nick("ana"), at);
        let (passed, too_often) = passing(|| try_ana(NOON));
        assert_eq!((passed, too_often.wait_s), (PAIR_PACE.at_once, 30));
        assert_eq!(
            attempts.log_in(Some(ip(1)), &nick("ANA"), NOON),
            Err(too_often),
            "the same account"
        );
        assert_eq!(try_ana(UnixMs(NOON.0 + 29_999)), Err(TooOften { wait_s: 1 }));
        assert_eq!(try_ana(UnixMs(NOON.0 + 30_000)), Ok(()));
        assert_eq!(
            attempts.log_in(Some(ip(2)), &nick("ana"), NOON),
            Ok(()),
            "its owner is elsewhere"
        );
        assert_eq!(attempts.metrics.too_often.get(), 3);
    }

    #[test]
    fn one_address_at_many_accounts() {
        let attempts = attempts();
        let mut number = 0;
        let (passed, too_often) = passing(|| {
            number += 1;
            attempts.log_in(Some(ip(1)), &nick(&format!("u{number}")), NOON)
        });
        assert_eq!((passed, too_often.wait_s), (ADDRESS_PACE.at_once, 5));
    }

    #[test]
    fn many_addresses_at_one_account() {
        let attempts = attempts();
        let mut number = 0;
        let (passed, too_often) = passing(|| {
            number += 1;
            attempts.log_in(Some(ip(number)), &nick("ana"), NOON)
        });
        assert_eq!((passed, too_often.wait_s), (ACCOUNT_PACE.at_once, 5));
    }

    #[test]
    fn an_address_without_limits_has_those_of_the_account() {
        let attempts = attempts();
        let (passed, _) = passing(|| attempts.log_in(None, &nick("ana"), NOON));
        assert_eq!(passed, ACCOUNT_PACE.at_once);
        for _ in 0..2 * REGISTRATION_PACE.at_once {
            assert_eq!(attempts.register(None, NOON), Ok(()));
        }
    }

    #[test]
    fn registrations_of_one_address() {
        let attempts = attempts();
        let (passed, too_often) = passing(|| attempts.register(Some(ip(1)), NOON));
        assert_eq!((passed, too_often.wait_s), (REGISTRATION_PACE.at_once, 60));
        assert_eq!(attempts.register(Some(ip(2)), NOON), Ok(()));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = attempts();
        let max = u32::try_from(ATTEMPTS_REMEMBERED_MAX).unwrap();
        for number in 0..max {
            attempts.register(Some(ip(number)), NOON).unwrap();
        }
        assert_eq!(attempts.register(Some(ip(0)), NOON), Ok(()), "who is known goes on");
        assert_eq!(attempts.register(Some(ip(max)), NOON), Err(TooOften { wait_s: 60 }));
        let later = UnixMs(NOON.0 + 60_000);
        assert_eq!(attempts.register(Some(ip(max)), later), Ok(()));
        assert!(attempts.lock().len() <= 2, "what is as good as new is forgotten");
    }
}
