//! What TAB offers.

use room::Nick;

use super::command::COMMANDS;

/// What may stand in place of the word before the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    /// Where the word starts, in bytes.
    pub(crate) start: usize,
    /// The candidates, each with the space that follows it.
    pub(crate) choices: Vec<String>,
}

/// Completes the last word of `before`, the line up to the cursor.
pub(crate) fn complete<'n>(
    before: &str,
    nicks: impl Iterator<Item = &'n str>,
    rooms: impl Iterator<Item = &'n str>,
) -> Completion {
    let start = before
        .char_indices()
        .rfind(|(_, character)| character.is_whitespace())
        .map_or(0, |(index, character)| index + character.len_utf8());
    let (earlier, word) = before.split_at(start);
    let earlier: Vec<&str> = earlier.split_whitespace().collect();
    let command = earlier.first().map(|first| first.to_ascii_uppercase()).unwrap_or_default();
    let spaced = |name: &str| format!("{name} ");
    let choices = match (command.as_str(), earlier.len()) {
        ("", _) if word.starts_with("--") => {
            let word = word.to_ascii_uppercase();
            COMMANDS
                .iter()
                .filter(|name| name.starts_with(&word))
                .map(|&name| name.into())
                .collect()
        }
        ("", _) => matching(word, nicks, |nick| format!("{nick}: ")),
        ("--JOIN", 1) => matching(word, rooms, spaced),
        ("--LANG", 1) => matching(word, ["en", "es", "pt"].into_iter(), str::to_owned),
        ("--JOIN" | "--CREATE" | "--NICK" | "--LANG", _) => Vec::new(),
        _ => matching(word, nicks, spaced),
    };
    Completion { start, choices }
}

/// What all of `choices` begin with.
pub(crate) fn common_prefix(choices: &[String]) -> &str {
    let Some((first, rest)) = choices.split_first() else { return "" };
    let mut common = first.as_str();
    for choice in rest {
        let same = common
            .char_indices()
            .zip(choice.chars())
            .find(|((_, one), other)| one != other)
            .map_or(common.len().min(choice.len()), |((index, _), _)| index);
        common = &common[..same];
    }
    common
}

fn matching<'n>(
    word: &str,
    names: impl Iterator<Item = &'n str>,
    finish: impl Fn(&str) -> String,
) -> Vec<String> {
    let key = |name: &str| {
        Nick::parse(name).map_or_else(|_| name.to_lowercase(), |name| name.key().to_owned())
    };
    let word = key(word);
    let mut found: Vec<String> =
        names.filter(|name| key(name).starts_with(&word)).map(finish).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(before: &str) -> (usize, Vec<String>) {
        let nicks = ["bia", "Ana", "anabel", "李雷"].into_iter();
        let rooms = ["sala", "sol", "Ana-fas"].into_iter();
        let completion = complete(before, nicks, rooms);
        (completion.start, completion.choices)
    }

    #[test]
    fn each_place_offers_its_own_names() {
        for (before, start, choices) in [
            ("--jo", 0, &["--JOIN "][..]),
            ("--C", 0, &["--CAPACITY ", "--CHANNELS", "--CREATE "]),
            ("--join s", 7, &["sala ", "sol "]),
            ("--JOIN sala a", 12, &[]),
            ("an", 0, &["Ana: ", "anabel: "]),
            ("oi AN", 3, &["Ana ", "anabel "]),
            ("oi 李", 3, &["李雷 "]),
            ("--MSG b", 6, &["bia "]),
            ("--lang e", 7, &["en", "es"]),
            ("zz", 0, &[]),
        ] {
            let choices = choices.iter().map(|&choice| choice.to_owned()).collect();
            assert_eq!(offered(before), (start, choices), "{before}");
        }
    }

    #[test]
    fn a_common_prefix_is_never_cut_inside_a_character() {
        let of = |choices: &[&str]| {
            let choices: Vec<String> = choices.iter().map(|&choice| choice.to_owned()).collect();
            common_prefix(&choices).to_owned()
        };
        assert_eq!(of(&["sala ", "sol "]), "s");
        assert_eq!(of(&["é1", "è1"]), "");
        assert_eq!(of(&["ab", "abc"]), "ab");
        assert_eq!(of(&[]), "");
    }
}
