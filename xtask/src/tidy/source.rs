//! Rules on the text of single files: heads, lengths, widths, and what code may not say.

use std::collections::BTreeSet;

use super::mask;
use super::walls::PURE;

/// Columns a line of Rust has at most; rustfmt keeps code to it, this keeps literals and comments.
const COLUMNS_MAX: usize = 100;

/// Lines of production code a file has at most. Split it before, where a piece has a name.
const LINES_MAX: usize = 800;

/// Lines of tests a file with production code has at most; more go to `x/tests.rs`.
const TEST_LINES_MAX: usize = 150;

/// Words a file's head has at least: fewer cannot say why the file exists.
const HEAD_WORDS_MIN: usize = 3;

/// Characters that explain a note on something undone, at least.
const NOTE_CHARS_MIN: usize = 15;

/// Parts of `std` that touch the world.
const WORLDLY_MODULES: &[&str] = &["env", "fs", "net", "process", "thread"];

/// Names that touch the world wherever they come from.
const WORLDLY_NAMES: &[&str] = &["Instant", "SystemTime", "rand", "tokio"];

/// Calls that end the program or belong to a draft.
const DRAFT_CALLS: &[&str] = &[".unwrap()", "todo!", "unimplemented!", "dbg!"];

/// Checks what holds for every text file.
pub(super) fn check_text(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in numbered(text) {
        if line.trim_end() != line {
            complaints.push(format!("{name}:{number}: white space at the end of the line"));
        }
        for word in ["TODO", "FIXME", "XXX"] {
            if !is_this_rule(name) && has_bare_note(line, word) {
                complaints.push(format!("{name}:{number}: {word} without `: ` and what and why"));
            }
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        complaints.push(format!("{name}: does not end with a line end"));
    }
    complaints
}

/// Checks what holds for a Rust file.
pub(super) fn check_rust(name: &str, text: &str, is_test: bool) -> Vec<String> {
    let mut complaints = Vec::new();
    complaints.extend(check_head(name, text));
    for (number, line) in numbered(text) {
        if line.chars().count() > COLUMNS_MAX && !line.contains("://") {
            complaints.push(format!("{name}:{number}: more than {COLUMNS_MAX} columns"));
        }
    }
    let code = mask::code(text);
    complaints.extend(check_attributes(name, text, &code));
    if is_test {
        return complaints;
    }
    let parts = mask::test_parts(&code);
    let is_test_line = |line: usize| parts.iter().any(|part| part.lines.contains(&line));
    let production: String = code
        .split('\n')
        .enumerate()
        .map(|(line, text)| if is_test_line(line) { "\n".to_owned() } else { format!("{text}\n") })
        .collect();
    let lines = text.lines().count();
    let test_lines = (0..lines).filter(|&line| is_test_line(line)).count();
    if lines - test_lines > LINES_MAX {
        complaints.push(format!("{name}: more than {LINES_MAX} lines without its tests"));
    }
    if test_lines > TEST_LINES_MAX {
        complaints.push(format!(
            "{name}: {test_lines} lines of tests; more than {TEST_LINES_MAX} go to {}/tests.rs",
            name.trim_end_matches(".rs").trim_end_matches("/mod")
        ));
    }
    for (number, line) in numbered(&production) {
        for call in DRAFT_CALLS {
            if line.contains(call) {
                complaints.push(format!("{name}:{number}: {call} outside tests"));
            }
        }
    }
    if PURE.iter().any(|pure| name.starts_with(&format!("crates/{pure}/src/"))) {
        complaints.extend(check_purity(name, &production));
    }
    complaints
}

/// The files that are compiled for tests only: by their place, or because their module is declared
/// under `#[cfg(test)]`.
pub(super) fn test_files(sources: &[(String, String)]) -> BTreeSet<String> {
    let mut roots = Vec::new();
    for (name, text) in sources {
        for module in mask::test_parts(&mask::code(text)).into_iter().filter_map(|part| part.module)
        {
            let stem = name.trim_end_matches(".rs");
            let (folder, file) = stem.rsplit_once('/').unwrap_or(("", stem));
            let folder = if matches!(file, "lib" | "main" | "mod") { folder } else { stem };
            roots.push(format!("{folder}/{module}"));
        }
    }
    let is_test = |name: &str| {
        let in_test_folder = name.split('/').any(|part| part == "tests" || part == "tests.rs");
        in_test_folder
            || roots.iter().any(|root| {
                name.strip_prefix(root.as_str())
                    .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            })
    };
    sources.iter().map(|(name, _)| name.clone()).filter(|name| is_test(name)).collect()
}

fn check_head(name: &str, text: &str) -> Option<String> {
    let head: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let words = head.iter().flat_map(|line| line.split_whitespace()).count();
    (words < HEAD_WORDS_MIN)
        .then(|| format!("{name}: does not begin with a `//!` head that says why it exists"))
}

/// No test is ignored, and what a lint is told to overlook has its reason.
fn check_attributes(name: &str, text: &str, code: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in numbered(code) {
        if line.contains("#[ignore") {
            complaints.push(format!("{name}:{number}: a test is ignored"));
        }
        let is_allowance = ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
        if is_allowance {
            let end = (number..lines.len()).find(|&line| lines[line - 1].contains(")]"));
            let attribute = &lines[number - 1..end.unwrap_or(number)];
            let before = number.checked_sub(2).map_or("", |line| lines[line]);
            let has_reason = attribute.iter().any(|line| line.contains("reason = \""))
                || before.trim_start().starts_with("// ");
            if !has_reason {
                complaints.push(format!("{name}:{number}: a lint is allowed without a reason"));
            }
        }
    }
    complaints
}

fn check_purity(name: &str, production: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |at: usize, what: &str| {
        let number = production[..at].matches('\n').count() + 1;
        complaints.push(format!("{name}:{number}: {what} in a pure crate"));
    };
    for (start, path) in production.match_indices("std::") {
        for module in first_names(&production[start + path.len()..]) {
            if WORLDLY_MODULES.contains(&module) {
                complain(start, &format!("std::{module}"));
            }
        }
    }
    for name in WORLDLY_NAMES {
        for (start, _) in production.match_indices(name) {
            let is_part = |character: char| character.is_alphanumeric() || character == '_';
            let before = production[..start].chars().next_back();
            let after = production[start + name.len()..].chars().next();
            if !before.is_some_and(is_part) && !after.is_some_and(is_part) {
                complain(start, name);
            }
        }
    }
    complaints
}

/// The first names of a path's rest: one, or those of a `{group}`.
fn first_names(rest: &str) -> Vec<&str> {
    fn first(piece: &str) -> &str {
        piece.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
    }
    let Some(group) = rest.strip_prefix('{') else { return vec![first(rest)] };
    let (mut depth, mut start, mut names) = (1_usize, 0, Vec::new());
    for (index, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && character == ',') {
            names.push(first(&group[start..index]));
            start = index + 1;
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn has_bare_note(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let rest = &line[start + word.len()..];
        let is_alone = !line[..start].ends_with(|c: char| c.is_alphanumeric())
            && !rest.starts_with(|c: char| c.is_alphanumeric());
        let explained = rest
            .strip_prefix(": ")
            .is_some_and(|reason| reason.trim().chars().count() >= NOTE_CHARS_MIN);
        is_alone && !explained
    })
}

/// The rule and its tests name what it looks for.
fn is_this_rule(name: &str) -> bool {
    name.starts_with("xtask/src/tidy/source")
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests;
