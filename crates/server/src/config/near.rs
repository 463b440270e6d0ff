//! The nearest right name to a wrong one.

/// The candidate that `word` was most likely meant to be, if one is near enough.
///
/// Near enough is one slip in three characters (a slip: a character too many, too few, wrong, or
/// two swapped), or a name whose last part is the whole word: `port` means `listen.port`.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let ends_so = candidate.rsplit('.').next() == Some(&word);
            let slips = slips(&word, &candidate.to_lowercase());
            let near = slips * 3 <= candidate.chars().count().max(3);
            (ends_so || near).then_some((if ends_so { 0 } else { slips }, candidate))
        })
        .min_by_key(|&(slips, _)| slips)
        .map(|(_, candidate)| candidate)
}

/// The optimal string alignment distance.
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let (mut before_last, mut last) = (Vec::new(), (0..=other.len()).collect::<Vec<usize>>());
    let mut previous = None;
    for (row, character) in one.chars().enumerate() {
        let mut current = vec![row + 1];
        for column in 0..other.len() {
            let wrong = last[column] + usize::from(character != other[column]);
            let mut fewest = wrong.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped =
                column > 0 && previous == Some(other[column]) && character == other[column - 1];
            if swapped {
                let before: &Vec<usize> = &before_last;
                fewest = fewest.min(before[column - 1] + 1);
            }
            current.push(fewest);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(character);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (one, other, expected) in [
            ("", "", 0),
            ("port", "port", 0),
            ("prot", "port", 1),
            ("ports", "port", 1),
            ("pot", "port", 1),
            ("", "port", 4),
            ("kitten", "sitting", 3),
            ("ação", "acao", 2),
        ] {
            assert_eq!(slips(one, other), expected, "{one} {other}");
            assert_eq!(slips(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn the_nearest_is_near_or_none() {
        let names = ["listen.ip", "listen.port", "limits.connections", "limits.rooms"];
        for (word, expected) in [
            ("limits.conections", Some("limits.connections")),
            ("Listen.Prot", Some("listen.port")),
            ("rooms", Some("limits.rooms")),
            ("limits.connection", Some("limits.connections")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), expected, "{word}");
        }
    }
}
