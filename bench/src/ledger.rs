//! Whether every receiver gets every message once and in order.

use std::collections::HashSet;

/// Gaps that are remembered, to tell a late message from a doubled one. Past that, a late one
/// counts as lost and as doubled.
const GAPS_MAX: usize = 1 << 20;

/// What came and what did not, for the receivers of one thread.
pub(crate) struct Ledger {
    publishers: usize,
    /// The next counter due, a receiver and publisher.
    due: Vec<u32>,
    gaps: HashSet<(usize, u32)>,
    faults: Faults,
}

/// Deliveries that were not as they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Faults {
    /// Never came.
    pub(crate) lost: u64,
    /// Came again.
    pub(crate) duplicated: u64,
    /// Came after a later one of the same publisher.
    pub(crate) out_of_order: u64,
}

impl Ledger {
    /// Nothing has come yet.
    pub(crate) fn new(receivers: usize, publishers: usize) -> Self {
        Self {
            publishers,
            due: vec![0; receivers * publishers],
            gaps: HashSet::new(),
            faults: Faults::default(),
        }
    }

    /// Notes a delivery; by how many messages the receiver has come on in the publisher's.
    pub(crate) fn note(&mut self, receiver: usize, publisher: usize, counter: u32) -> u64 {
        let index = receiver * self.publishers + publisher;
        let due = self.due[index];
        if counter < due {
            if self.gaps.remove(&(index, counter)) {
                self.faults.out_of_order += 1;
                self.faults.lost -= 1;
            } else {
                self.faults.duplicated += 1;
            }
            return 0;
        }
        self.faults.lost += u64::from(counter - due);
        let remembered = (GAPS_MAX - self.gaps.len()).min((counter - due) as usize);
        self.gaps.extend((due..counter).take(remembered).map(|missing| (index, missing)));
        self.due[index] = counter + 1;
        u64::from(counter - due) + 1
    }

    /// How far a receiver has come in a publisher's messages.
    pub(crate) fn progress(&self, receiver: usize, publisher: usize) -> u64 {
        u64::from(self.due[receiver * self.publishers + publisher])
    }

    /// At the end: what a receiver should have had, of `sent` messages, and has not.
    pub(crate) fn close(&mut self, receiver: usize, publisher: usize, sent: u64) {
        self.faults.lost += sent.saturating_sub(self.progress(receiver, publisher));
    }

    /// The faults so far.
    pub(crate) fn faults(&self) -> Faults {
        self.faults
    }
}

impl std::ops::AddAssign for Faults {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.out_of_order += other.out_of_order;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(counters: &[u32], sent: u64) -> (u64, u64, u64) {
        let mut ledger = Ledger::new(2, 2);
        for &counter in counters {
            ledger.note(1, 1, counter);
        }
        ledger.close(1, 1, sent);
        let Faults { lost, duplicated, out_of_order } = ledger.faults();
        (lost, duplicated, out_of_order)
    }

    #[test]
    fn each_fault_is_counted_as_what_it_is() {
        for (counters, sent, expected) in [
            (&[0, 1, 2][..], 3, (0, 0, 0)),
            (&[], 0, (0, 0, 0)),
            (&[], 3, (3, 0, 0)),
            (&[0, 1], 3, (1, 0, 0)),
            (&[1, 2], 3, (1, 0, 0)),
            (&[0, 2, 1], 3, (0, 0, 1)),
            (&[2, 1, 0], 3, (0, 0, 2)),
            (&[0, 1, 1, 2], 3, (0, 1, 0)),
            (&[0, 2, 1, 1], 3, (0, 1, 1)),
            (&[5], 6, (5, 0, 0)),
        ] {
            assert_eq!(faults(counters, sent), expected, "{counters:?} of {sent}");
        }
    }

    #[test]
    fn progress_counts_gaps_as_passed() {
        let mut ledger = Ledger::new(1, 1);
        assert_eq!([0, 3, 2].map(|counter| ledger.note(0, 0, counter)), [1, 3, 0]);
        assert_eq!(ledger.progress(0, 0), 4);
    }
}
