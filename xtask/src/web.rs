//! The browser client's tests: its types, its parts without a browser, and the whole of it in
//! Chromium against the real program.

use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::shell;

/// The oldest Node.js that Vite takes.
const NODE_MIN: (u32, u32) = (20, 19);

/// What is to be run, one after the other. What it needs is installed first, below `web/` and
/// nowhere else; Chromium is one of the Debian packages of the step `tools`.
///
/// # Errors
///
/// Node.js is not there or too old, or npm fails.
pub(crate) fn commands() -> Result<Vec<Command>> {
    let version = shell::output(shell::program("node").arg("--version")).unwrap_or_default();
    if !is_new_enough(&version) {
        let (major, minor) = NODE_MIN;
        bail!("Node.js {major}.{minor} or later is needed for the browser client");
    }
    let changed = |path: &str| -> Option<SystemTime> {
        std::fs::metadata(web().join(path)).ok()?.modified().ok()
    };
    if changed("node_modules/.package-lock.json") < changed("package-lock.json") {
        shell::run(&mut npm(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    }
    // The program with the client of just now in it: what the tests in the browser drive.
    let build = shell::cargo(&["build", "--package", "server", "--locked"]);
    let mut end_to_end = npm(&["run", "--silent", "e2e"]);
    end_to_end.env("WEB_PROGRAM", shell::target().join("debug/papo"));
    Ok(vec![
        npm(&["run", "--silent", "check"]),
        npm(&["run", "--silent", "unit"]),
        build,
        end_to_end,
    ])
}

/// How many tests passed and failed, by a summary line of vitest or of Node's own runner.
pub(crate) fn counts(line: &str) -> Option<(u64, u64)> {
    if let Some(count) = line.strip_prefix("\u{2139} pass ") {
        return Some((count.trim().parse().ok()?, 0));
    }
    if let Some(count) = line.strip_prefix("\u{2139} fail ") {
        return Some((0, count.trim().parse().ok()?));
    }
    let counts = line.trim_start().strip_prefix("Tests  ").filter(|rest| rest.ends_with(')'))?;
    let (mut passed, mut failed) = (0, 0);
    for count in counts.split('|') {
        let mut words = count.split_whitespace();
        let number = words.next()?.parse().ok()?;
        match words.next() {
            Some("passed") => passed = number,
            Some("failed") => failed = number,
            _ => {}
        }
    }
    Some((passed, failed))
}

fn web() -> PathBuf {
    shell::root().join("web")
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = shell::program("npm");
    command.args(arguments).current_dir(web()).env("NO_COLOR", "1");
    command
}

/// Whether a version, as `node --version` says it, is one that will do.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    let mut number = || numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
    (number(), number()) >= NODE_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_or_none_will_not_do() {
        for (version, will_do) in [
            ("v20.19.0\n", true),
            ("v22.1.0", true),
            ("v20.9.0", false),
            ("v18.20.4", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), will_do, "{version:?}");
        }
    }

    #[test]
    fn only_summaries_count() {
        assert_eq!(counts(" Test Files  9 passed (9)"), None);
        assert_eq!(counts("Tests  of something"), None);
        assert_eq!(counts("      Tests  41 passed (41)"), Some((41, 0)));
    }
}
