//! How many requests are under way, how often one may ask, how many streams are open.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use room::AccountId;
use room::rate::{Bucket, Rate, TooFast};
use wire::json::Problem;

use crate::clock;
use crate::config::Limits;
use crate::limits::{API_REQUESTS_MAX, METERS_MAX, STREAMS_MAX, STREAMS_PER_ACCOUNT_MAX};
use crate::listen::address_key;
use crate::metrics::ApiMetrics;

/// Whose requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    /// All that come from there.
    Address(IpAddr),
    /// All that show a token of it.
    Account(AccountId),
}

/// What is left of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) whose: Whose,
    pub(super) rate: Rate,
    /// Units that may be taken at once.
    pub(super) left: u32,
    /// Milliseconds until as many as ever are left.
    pub(super) full_in_ms: u64,
}

/// Everything that is counted.
pub(super) struct Meters {
    flood: Rate,
    address_flood: Rate,
    limits: Limits,
    metrics: Arc<ApiMetrics>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    under_way: usize,
    /// At most [`METERS_MAX`].
    buckets: HashMap<Whose, Bucket>,
    streams: usize,
    streams_of: HashMap<AccountId, usize>,
}

/// A request under way, or an open stream, until it is dropped.
pub(super) struct Place {
    meters: Arc<Meters>,
    /// Whose stream it is; `None`: a request.
    stream: Option<AccountId>,
}

impl Meters {
    /// With those rates of one account and of one address.
    pub(super) fn new(
        (flood, address_flood): (Rate, Rate),
        limits: Limits,
        metrics: Arc<ApiMetrics>,
    ) -> Self {
        Self { flood, address_flood, limits, metrics, state: Mutex::default() }
    }

    /// Begins a request; `None` if too many are under way.
    pub(super) fn begin(self: &Arc<Self>) -> Option<Place> {
        let mut state = self.lock();
        if state.under_way >= API_REQUESTS_MAX {
            self.metrics.busy.add(1);
            return None;
        }
        state.under_way += 1;
        self.metrics.requests.add(1);
        self.metrics.under_way.set(state.under_way as u64);
        Some(Place { meters: Arc::clone(self), stream: None })
    }

    /// Opens a stream of an account; `None` if it, or all together, have too many.
    pub(super) fn open_stream(self: &Arc<Self>, account: AccountId) -> Option<Place> {
        let mut state = self.lock();
        let own = state.streams_of.get(&account).copied().unwrap_or(0);
        if state.streams >= STREAMS_MAX || own >= STREAMS_PER_ACCOUNT_MAX {
            self.metrics.busy.add(1);
            return None;
        }
        state.streams += 1;
        state.streams_of.insert(account, own + 1);
        self.metrics.streams.set(state.streams as u64);
        Some(Place { meters: Arc::clone(self), stream: Some(account) })
    }

    /// Takes `cost` units off what one may ask for; what is left, where there is a limit.
    ///
    /// # Errors
    ///
    /// [`Problem::TooFast`].
    pub(super) fn take(&self, whose: Whose, cost: u32) -> Result<Option<Level>, Problem> {
        let (whose, rate) = match whose {
            Whose::Account(_) => (whose, self.flood),
            Whose::Address(address) => {
                let address = address.to_canonical();
                if self.limits.trusts(address) {
                    return Ok(None);
                }
                (Whose::Address(address_key(address)), self.address_flood)
            }
        };
        if rate.per_second == 0 {
            return Ok(None);
        }
        let now = clock::now();
        let mut state = self.lock();
        if state.buckets.len() >= METERS_MAX && !state.buckets.contains_key(&whose) {
            state.buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        let is_full = state.buckets.len() >= METERS_MAX && !state.buckets.contains_key(&whose);
        let taken = if is_full {
            Err(TooFast { wait_ms: 1000 })
        } else {
            let bucket = state.buckets.entry(whose).or_default();
            bucket.take(rate, cost, now).map(|()| bucket.left(rate, now))
        };
        match taken {
            Ok((left, full_in_ms)) => Ok(Some(Level { whose, rate, left, full_in_ms })),
            Err(TooFast { wait_ms }) => {
                self.metrics.too_fast.add(1);
                Err(Problem::TooFast(wait_ms))
            }
        }
    }

    /// Counts something; the lock makes each counter's writers one.
    pub(super) fn count(&self, count: impl FnOnce(&ApiMetrics)) {
        let _one_at_a_time = self.lock();
        count(&self.metrics);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.meters.lock();
        match self.stream {
            None => {
                state.under_way -= 1;
                self.meters.metrics.under_way.set(state.under_way as u64);
            }
            Some(account) => {
                state.streams -= 1;
                if let Some(own) = state.streams_of.get_mut(&account) {
                    *own -= 1;
                    if *own == 0 {
                        state.streams_of.remove(&account);
                    }
                }
                self.meters.metrics.streams.set(state.streams as u64);
            }
        }
    }
}
