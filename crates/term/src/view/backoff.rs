//! How long to wait before the next attempt.

use std::time::Duration;

use crate::limits::{RETRY_MAX, RETRY_MIN};

/// Doubling waits from [`RETRY_MIN`] to [`RETRY_MAX`], each with jitter, so that the clients of a
/// restarted server do not come back in one instant.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    attempts: u32,
    random: u64,
}

impl Backoff {
    /// `seed` chooses the jitter.
    pub(crate) fn new(seed: u64) -> Self {
        // The generator's state must not be zero.
        Self { attempts: 0, random: seed | 1 }
    }

    /// How many waits there were since the last success.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The next attempt is the first again.
    pub(crate) fn reset(&mut self) {
        self.attempts = 0;
    }

    /// The wait before the next attempt: a random part of the upper half of the doubled wait.
    pub(crate) fn wait(&mut self) -> Duration {
        let full = RETRY_MIN.saturating_mul(1 << self.attempts.min(5)).min(RETRY_MAX);
        self.attempts = self.attempts.saturating_add(1);
        // xorshift64: jitter needs no better.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let per_mille = u32::try_from(self.random % 501).expect("below 501");
        (full / 2 + full * per_mille / 1000).clamp(RETRY_MIN, RETRY_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_their_bounds_and_differ_between_clients() {
        let (mut one, mut other) = (Backoff::new(1), Backoff::new(2));
        let waits: Vec<Duration> = (0..40).map(|_| one.wait()).collect();
        assert!(waits.iter().all(|wait| (RETRY_MIN..=RETRY_MAX).contains(wait)), "{waits:?}");
        assert_eq!(waits[0], RETRY_MIN);
        assert!(waits[10] >= RETRY_MAX / 2);
        assert!(waits.iter().any(|&wait| wait != other.wait()));
        one.reset();
        assert_eq!(one.wait(), RETRY_MIN);
    }
}
