//! Rust source with its comments and literals blanked out, so that rules see only code.

use std::ops::Range;

/// The code of `source`: every character of a comment and of what a literal holds is a blank.
/// Lines stay where they are.
pub(super) fn code(source: &str) -> String {
    let characters: Vec<char> = source.chars().collect();
    let mut masked = String::with_capacity(source.len());
    let mut index = 0;
    while index < characters.len() {
        let end = literal_or_comment(&characters, index);
        if end == index {
            masked.push(characters[index]);
            index += 1;
        } else {
            let hidden = &characters[index..end];
            masked.extend(hidden.iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            index = end;
        }
    }
    masked
}

/// Where the literal or comment that begins at `start` ends; `start` itself if none does.
fn literal_or_comment(characters: &[char], start: usize) -> usize {
    let at = |index: usize| characters.get(index).copied().unwrap_or('\0');
    let is_word = start > 0 && (at(start - 1).is_alphanumeric() || at(start - 1) == '_');
    match (at(start), at(start + 1)) {
        ('/', '/') => until(characters, start, |index| at(index) == '\n'),
        ('/', '*') => block_comment(characters, start),
        ('"', _) => string(characters, start),
        ('r', '"' | '#') if !is_word => raw_string(characters, start),
        ('b' | 'c', 'r') if !is_word && matches!(at(start + 2), '"' | '#') => {
            raw_string(characters, start + 1)
        }
        ('\'', '\\') => {
            let close = until(characters, start + 3, |index| at(index) == '\'');
            (close + 1).min(characters.len())
        }
        ('\'', _) if at(start + 2) == '\'' => start + 3,
        _ => start,
    }
}

fn until(characters: &[char], start: usize, is_end: impl Fn(usize) -> bool) -> usize {
    (start..characters.len()).find(|&index| is_end(index)).unwrap_or(characters.len())
}

fn block_comment(characters: &[char], start: usize) -> usize {
    let (mut depth, mut index) = (0_usize, start);
    while index + 1 < characters.len() {
        match (characters[index], characters[index + 1]) {
            ('/', '*') => (depth, index) = (depth + 1, index + 2),
            ('*', '/') => {
                (depth, index) = (depth - 1, index + 2);
                if depth == 0 {
                    return index;
                }
            }
            _ => index += 1,
        }
    }
    characters.len()
}

fn string(characters: &[char], start: usize) -> usize {
    let mut index = start + 1;
    while index < characters.len() {
        match characters[index] {
            '\\' => index += 2,
            '"' => return index + 1,
            _ => index += 1,
        }
    }
    characters.len()
}

/// As [`literal_or_comment`], for what begins with `r"` or `r#`: a raw identifier is no literal.
fn raw_string(characters: &[char], start: usize) -> usize {
    let hashes = characters[start + 1..].iter().take_while(|&&c| c == '#').count();
    if characters.get(start + 1 + hashes) != Some(&'"') {
        return start;
    }
    let body = start + 2 + hashes;
    let close = until(characters, body, |index| {
        characters[index] == '"'
            && characters[index + 1..].iter().take_while(|&&c| c == '#').count() >= hashes
    });
    (close + 1 + hashes).min(characters.len())
}

/// A part of a file that is compiled for tests only.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TestPart {
    /// Its lines, counted from 0.
    pub(super) lines: Range<usize>,
    /// The module that stands in a file of its own, if this is its declaration.
    pub(super) module: Option<String>,
}

/// The test parts of masked code: items under `#[cfg(test)]`, and test functions.
pub(super) fn test_parts(code: &str) -> Vec<TestPart> {
    let mut parts: Vec<TestPart> = Vec::new();
    for attribute in ["#[cfg(test)]", "#[test]"] {
        for (start, _) in code.match_indices(attribute) {
            let item = item_after(code, start);
            let line_of = |index: usize| code[..index].matches('\n').count();
            let text = &code[item.clone()];
            let module = text
                .strip_prefix("mod ")
                .or_else(|| text.split_once(" mod ").map(|(_, rest)| rest))
                .and_then(|rest| rest.strip_suffix(';'))
                .map(|name| name.trim().to_owned());
            parts.push(TestPart { lines: line_of(start)..line_of(item.end) + 1, module });
        }
    }
    parts
}

/// The item that follows the attribute at `start`, past any further attributes.
fn item_after(code: &str, start: usize) -> Range<usize> {
    let mut item_start = start;
    while code[item_start..].starts_with("#[") {
        item_start = bracketed(code, item_start);
        item_start += code[item_start..].len() - code[item_start..].trim_start().len();
    }
    item_start..bracketed(code, item_start)
}

/// Where an item or attribute ends: after its first `;`, `}` or, where it began with `#`, `]` that
/// is not inside of others.
fn bracketed(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[start..].iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                let closes = *byte == b'}' || (*byte == b']' && code[start..].starts_with('#'));
                if depth == 0 && closes {
                    return start + offset + 1;
                }
            }
            b';' if depth == 0 => return start + offset + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_left() {
        for (source, masked) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"f("x\"y", z)"#, "f(      , z)"),
            ("f(r#\"x\"y\"#, z)", "f(        , z)"),
            ("f(br\"x\", b\"y\")", "f(     , b   )"),
            ("f('\"', '\\'', 'x')", "f(   ,     ,    )"),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("r#type + \"é\"", "r#type +    "),
        ] {
            assert_eq!(code(source), masked, "{source}");
        }
    }

    #[test]
    fn test_parts_are_found() {
        let source = "fn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n    fn b() { \"}\"; }\n}\n\
                      fn c() {}\n#[test]\nfn d() {\n}\n#[cfg(test)]\npub mod rig;\n";
        let parts = test_parts(&code(source));
        let lines: Vec<_> = parts.iter().map(|part| part.lines.clone()).collect();
        assert_eq!(lines, [1..6, 10..12, 7..10]);
        assert_eq!(parts[1].module.as_deref(), Some("rig"));
        assert_eq!(parts[0].module, None);
    }
}
