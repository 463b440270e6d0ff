//! How often is too often: a token bucket in one number.
//!
//! The generic cell rate algorithm (ITU-T I.371, "virtual scheduling"): instead of tokens and the
//! time of the last refill it keeps the moment at which the bucket will be full again.

use crate::UnixMs;

/// A rate and how much may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Cost units that flow in each second; 0: no limit.
    pub per_second: u32,
    /// Cost units that may come at once.
    pub burst: u32,
}

/// Too fast; nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too fast: wait {wait_ms} ms")]
pub struct TooFast {
    /// Milliseconds until the same would be admitted.
    pub wait_ms: u64,
}

/// One bucket: 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Microseconds since 1970 at which the bucket is full again.
    full_at_us: u64,
}

impl Bucket {
    /// Whether it is as good as new.
    #[must_use]
    pub fn is_full(&self, now: UnixMs) -> bool {
        self.full_at_us <= now.0 * 1000
    }

    /// Units that may be taken at once at `now`, of a rate with a limit, and the milliseconds until
    /// it is full.
    #[must_use]
    pub fn left(&self, rate: Rate, now: UnixMs) -> (u32, u64) {
        let missing_us = self.full_at_us.saturating_sub(now.0 * 1000);
        let us_per_unit = 1_000_000 / u64::from(rate.per_second).clamp(1, 1_000_000);
        let missing = u32::try_from(missing_us.div_ceil(us_per_unit)).unwrap_or(u32::MAX);
        (rate.burst.saturating_sub(missing), missing_us.div_ceil(1000))
    }

    /// Takes `cost` units at `now`, if they are there.
    ///
    /// # Errors
    ///
    /// [`TooFast`] if not; then nothing is taken. A cost over the burst is admitted when the
    /// bucket is full, so that nothing waits for ever.
    pub fn take(&mut self, rate: Rate, cost: u32, now: UnixMs) -> Result<(), TooFast> {
        if rate.per_second == 0 {
            return Ok(());
        }
        let us_per_unit = 1_000_000 / u64::from(rate.per_second).min(1_000_000);
        let now_us = now.0 * 1000;
        let depth_us = u64::from(rate.burst.max(cost)) * us_per_unit;
        // Later than that only if the clock was set back meanwhile, for which nobody is to wait.
        self.full_at_us = self.full_at_us.clamp(now_us, now_us + depth_us);
        let full_at_us = self.full_at_us + u64::from(cost) * us_per_unit;
        match full_at_us.checked_sub(now_us + depth_us) {
            Some(over_us) if over_us > 0 => Err(TooFast { wait_ms: over_us.div_ceil(1000) }),
            _ => {
                self.full_at_us = full_at_us;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: Rate = Rate { per_second: 10, burst: 40 };
    const NOON: UnixMs = UnixMs(1_800_000_000_000);

    #[test]
    fn a_burst_passes_and_the_next_is_told_how_long_to_wait() {
        let mut bucket = Bucket::default();
        for _ in 0..40 {
            assert_eq!(bucket.take(RATE, 1, NOON), Ok(()));
        }
        assert_eq!(bucket.take(RATE, 1, NOON), Err(TooFast { wait_ms: 100 }));
        assert_eq!(bucket.take(RATE, 1, UnixMs(NOON.0 + 99)), Err(TooFast { wait_ms: 1 }));
        assert_eq!(bucket.take(RATE, 1, UnixMs(NOON.0 + 100)), Ok(()));
    }

    #[test]
    fn a_cost_over_the_burst_waits_for_a_full_bucket() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(RATE, 100, NOON), Ok(()));
        assert_eq!(bucket.take(RATE, 100, NOON), Err(TooFast { wait_ms: 10_000 }));
        assert_eq!(bucket.take(RATE, 100, UnixMs(NOON.0 + 10_000)), Ok(()));
    }

    #[test]
    fn a_clock_set_back_costs_a_full_bucket_at_most() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(RATE, 1, NOON), Ok(()));
        let before = UnixMs(NOON.0 - 3_600_000);
        assert_eq!(bucket.take(RATE, 1, before), Err(TooFast { wait_ms: 100 }));
        assert_eq!(bucket.take(RATE, 1, UnixMs(before.0 + 100)), Ok(()));
    }

    #[test]
    fn no_rate_is_no_limit() {
        let mut bucket = Bucket::default();
        for _ in 0..10_000 {
            assert_eq!(bucket.take(Rate { per_second: 0, burst: 0 }, 9, NOON), Ok(()));
        }
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate(
            steps in proptest::collection::vec((0u64..500, 1u32..5), 1..200),
        ) {
            let (mut bucket, mut now, mut taken) = (Bucket::default(), NOON, 0u64);
            for (pause, cost) in steps {
                now = UnixMs(now.0 + pause);
                if bucket.take(RATE, cost, now).is_ok() {
                    taken += u64::from(cost);
                }
                let most = u64::from(RATE.burst)
                    + now.since(NOON) * u64::from(RATE.per_second) / 1000 + 1;
                prop_assert!(taken <= most, "{taken} > {most}");
            }
        }

        #[test]
        fn after_the_told_wait_it_is_admitted(before in 1u32..60, cost in 1u32..40) {
            let mut bucket = Bucket::default();
            for _ in 0..before {
                let _ = bucket.take(RATE, 1, NOON);
            }
            if let Err(TooFast { wait_ms }) = bucket.take(RATE, cost, NOON) {
                prop_assert_eq!(bucket.take(RATE, cost, UnixMs(NOON.0 + wait_ms)), Ok(()));
            }
        }
    }
}
