//! Links in Markdown files: those to local files lead somewhere.

use std::path::Path;

/// Checks the links of the Markdown file at `path`.
pub(super) fn check(path: &Path, name: &str, text: &str) -> Vec<String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    targets(text)
        .filter(|(_, target)| {
            let file = target.split('#').next().unwrap_or_default();
            !is_elsewhere(target) && !file.is_empty() && !folder.join(file).exists()
        })
        .map(|(line, target)| format!("{name}:{line}: the link to {target} leads nowhere"))
        .collect()
}

fn is_elsewhere(target: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme))
}

/// Every `[text](target)` outside code, with its line's number.
fn targets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().enumerate().flat_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        // What stands between backticks is code: every second piece.
        let prose = line.split('`').step_by(2).filter(|_| !is_code);
        prose
            .flat_map(|piece| piece.split("](").skip(1))
            .filter_map(|rest| rest.split([')', ' ']).next())
            .map(move |target| (index + 1, target))
            .collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        check(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/x.md")), "x.md", text)
    }

    #[test]
    fn a_link_to_nothing_is_refused() {
        assert_eq!(
            complaints("see\n[a](Cargo.toml) and [b](none.md#part \"title\")"),
            ["x.md:2: the link to none.md#part leads nowhere"]
        );
        assert_eq!(complaints("[![picture](none.png)](src)").len(), 1);
    }

    #[test]
    fn code_and_the_web_are_left_alone() {
        let text = "[w](https://example.org) [m](mailto:x@example.org) [h](#here)\n\
                    `[a](none)`\n```\n[b](none)\n```\n[src](src/)";
        assert!(complaints(text).is_empty());
    }
}
