//! Names that completion may offer: those heard last.

use std::collections::VecDeque;

use crate::limits::SEEN_NAMES_MAX;

/// Names, the one heard last at the end.
#[derive(Debug, Clone)]
pub(super) struct Seen<N>(VecDeque<N>);

impl<N: PartialEq> Seen<N> {
    pub(super) fn new() -> Self {
        Self(VecDeque::new())
    }

    /// `name` was heard.
    pub(super) fn hear(&mut self, name: N) {
        if self.0.back() == Some(&name) {
            return;
        }
        if let Some(index) = self.0.iter().position(|seen| *seen == name) {
            self.0.remove(index);
        } else if self.0.len() == SEEN_NAMES_MAX {
            self.0.pop_front();
        }
        self.0.push_back(name);
    }

    /// The names, the one heard last first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &N> {
        self.0.iter().rev()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[test]
fn the_name_unheard_longest_is_forgotten() {
    let mut seen = Seen::new();
    (0..=SEEN_NAMES_MAX).for_each(|name| seen.hear(name));
    seen.hear(1);
    assert_eq!(seen.iter().take(2).collect::<Vec<_>>(), [&1, &SEEN_NAMES_MAX]);
    assert_eq!((seen.iter().count(), seen.iter().any(|&name| name == 0)), (SEEN_NAMES_MAX, false));
}
