//! The part of a file that a client asks for (RFC 9110, section 14).

use std::ops::Range;

/// What a `Range` field asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it: no range, several, another unit than bytes, or one that is not well formed.
    Whole,
    /// One part, inside the bounds and never empty.
    Part(Range<u64>),
    /// A range that has no byte in common with what there is.
    Outside,
}

/// Reads `field` for something of `length` bytes.
pub(super) fn asked(field: &str, length: u64) -> Asked {
    let Some((unit, ranges)) = field.split_once('=') else { return Asked::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    let mut ranges = ranges.split(',').map(str::trim).filter(|range| !range.is_empty());
    match (ranges.next(), ranges.next()) {
        (Some(range), None) => one(range, length).unwrap_or(Asked::Whole),
        _ => Asked::Whole,
    }
}

/// `None`: not well formed.
fn one(range: &str, length: u64) -> Option<Asked> {
    let (first, last) = range.split_once('-')?;
    let part = if first.is_empty() {
        length.saturating_sub(number(last)?)..length
    } else {
        let first = number(first)?;
        let end = if last.is_empty() { length } else { number(last)?.saturating_add(1) };
        if end <= first && !last.is_empty() {
            return None;
        }
        first..end.min(length)
    };
    Some(if part.is_empty() { Asked::Outside } else { Asked::Part(part) })
}

/// Digits alone; what is too large for any file is the largest.
fn number(digits: &str) -> Option<u64> {
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    well_formed.then(|| digits.parse().unwrap_or(u64::MAX - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_by_the_book() {
        for (field, length, expected) in [
            ("bytes=0-499", 10_000, Asked::Part(0..500)),
            ("bytes=500-999", 10_000, Asked::Part(500..1_000)),
            ("bytes=-500", 10_000, Asked::Part(9_500..10_000)),
            ("bytes=9500-", 10_000, Asked::Part(9_500..10_000)),
            ("Bytes = 0-0", 10, Asked::Part(0..1)),
            ("bytes=,9-9, ", 10, Asked::Part(9..10)),
            ("bytes=0-99999", 10, Asked::Part(0..10)),
            ("bytes=0-99999999999999999999999", 10, Asked::Part(0..10)),
            ("bytes=-99", 10, Asked::Part(0..10)),
            ("bytes=10-", 10, Asked::Outside),
            ("bytes=10-20", 10, Asked::Outside),
            ("bytes=99999999999999999999999-", 10, Asked::Outside),
            ("bytes=-0", 10, Asked::Outside),
            ("bytes=0-", 0, Asked::Outside),
            ("bytes=-5", 0, Asked::Outside),
            ("bytes=0-1,3-4", 10, Asked::Whole),
            ("bytes=5-2", 10, Asked::Whole),
            ("bytes=", 10, Asked::Whole),
            ("bytes=-", 10, Asked::Whole),
            ("bytes=a-b", 10, Asked::Whole),
            ("bytes=+1-2", 10, Asked::Whole),
            ("bytes=1--2", 10, Asked::Whole),
            ("lines=0-1", 10, Asked::Whole),
            ("0-1", 10, Asked::Whole),
            ("", 10, Asked::Whole),
        ] {
            assert_eq!(asked(field, length), expected, "{field} of {length}");
        }
    }

    proptest! {
        #[test]
        fn a_part_is_inside_and_not_empty(field in "bytes=[0-9]{0,20}-[0-9]{0,20}", length: u64) {
            if let Asked::Part(part) = asked(&field, length) {
                prop_assert!(part.start < part.end && part.end <= length);
            }
        }

        #[test]
        fn no_field_is_too_strange(field: String, length: u64) {
            asked(&field, length);
        }
    }
}
