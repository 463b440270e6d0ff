//! Dependencies: their licences, sources, bans and known vulnerabilities, by cargo-deny.

use std::time::Duration;

use anyhow::Result;

use crate::{shell, tools};

/// How long the advisory database may take to come.
const FETCH_LIMIT: Duration = Duration::from_mins(1);

/// Checks the dependency tree against `deny.toml`.
///
/// # Errors
///
/// A dependency breaks a rule. That the advisory database cannot be fetched is none: where the
/// network is closed, that one check is left out, and it is said so.
pub(crate) fn run() -> Result<()> {
    shell::run(tools::cargo_tool("cargo-deny")?.args(["check", "bans", "licenses", "sources"]))?;
    if let Err(error) =
        shell::run_within(tools::cargo_tool("cargo-deny")?.args(["fetch", "db"]), FETCH_LIMIT)
    {
        println!("SKIPPED: advisories, because their database cannot be fetched ({error:#})");
        return Ok(());
    }
    shell::run(tools::cargo_tool("cargo-deny")?.args(["check", "--disable-fetch", "advisories"]))
}
