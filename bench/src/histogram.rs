//! Latencies, counted in buckets whose width grows with the value.

/// Buckets between a power of two and the next: a value is known to 1/64, or 1.6 %.
const STEPS: usize = 64;

/// `log2(STEPS)`.
const STEP_BITS: u32 = STEPS.trailing_zeros();

/// Below `STEPS` each value has its own bucket; above, each power of two has `STEPS`.
const BUCKETS: usize = STEPS * (64 - STEP_BITS as usize + 1);

/// Counts of values, in a fixed 30 kB.
#[derive(Clone)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    count: u64,
    max: u64,
}

impl Histogram {
    /// Nothing counted yet.
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; BUCKETS], count: 0, max: 0 }
    }

    /// Counts one value.
    pub(crate) fn record(&mut self, value: u64) {
        self.counts[bucket(value)] += 1;
        self.count += 1;
        self.max = self.max.max(value);
    }

    /// Counts what the other counted.
    pub(crate) fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    /// How many values were counted.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The largest value, exactly; 0 of nothing.
    pub(crate) fn max(&self) -> u64 {
        self.max
    }

    /// The value that `per_100k` of 100,000 values are not above, to 1.6 % upwards; 0 of nothing.
    pub(crate) fn quantile(&self, per_100k: u64) -> u64 {
        let rank = (u128::from(self.count) * u128::from(per_100k)).div_ceil(100_000).max(1);
        let mut seen = 0_u128;
        for (index, &count) in self.counts.iter().enumerate() {
            seen += u128::from(count);
            if seen >= rank {
                return highest(index).min(self.max);
            }
        }
        self.max
    }
}

fn bucket(value: u64) -> usize {
    let top_bit = (value | 1).ilog2();
    let shift = top_bit.saturating_sub(STEP_BITS);
    // With the shift taken off, the value is below `2 * STEPS`.
    let step = usize::try_from(value >> shift).expect("a few bits are left");
    step + shift as usize * STEPS
}

/// The largest value that falls into a bucket.
fn highest(bucket: usize) -> u64 {
    if bucket < 2 * STEPS {
        return bucket as u64;
    }
    let shift = bucket / STEPS - 1;
    let step = (bucket - shift * STEPS) as u64;
    (step << shift) | ((1 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_bucket_that_is_not_too_wide() {
        let mut last = 0;
        for power in 0..64 {
            for offset in [0, 1, 7] {
                let value = (1_u64 << power).saturating_add(offset << (power / 2));
                let index = bucket(value);
                assert!(index < BUCKETS);
                assert!(highest(index) >= value, "{value}");
                assert!(highest(index) - value <= value / STEPS as u64, "{value}");
                assert!(index >= last || offset == 0, "{value}");
                last = index;
            }
        }
        assert_eq!(highest(bucket(u64::MAX)), u64::MAX);
    }

    #[test]
    fn buckets_join_without_gap_or_overlap() {
        for index in 0..20 * STEPS {
            assert_eq!(bucket(highest(index)), index);
            assert_eq!(bucket(highest(index) + 1), index + 1);
        }
    }

    #[test]
    fn quantiles_of_known_values() {
        let mut one = Histogram::new();
        let mut other = Histogram::new();
        assert_eq!((one.quantile(50_000), one.max()), (0, 0));
        for value in 1..=1000 {
            if value % 2 == 0 { one.record(value) } else { other.record(value) }
        }
        one.add(&other);
        assert_eq!((one.count(), one.max()), (1000, 1000));
        for (per_100k, exact) in [(0, 1), (1000, 10), (50_000, 500), (99_000, 990)] {
            let found = one.quantile(per_100k);
            assert!((exact..=exact + exact / 64).contains(&found), "{per_100k}: {found}");
        }
        assert_eq!(one.quantile(100_000), 1000);
    }
}
