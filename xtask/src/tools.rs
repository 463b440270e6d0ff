//! What the tests need beside Rust, and how to get it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// Programs the tests drive, and the Debian packages they come from.
const DEBIAN: &[(&str, &str)] = &[
    ("c++", "g++"),
    ("chromium", "chromium"),
    ("curl", "curl"),
    ("expect", "expect"),
    ("nc", "netcat-openbsd"),
    ("openssl", "openssl"),
    ("python3", "python3"),
    ("script", "bsdutils"),
    ("ssh", "openssh-client"),
    ("strace", "strace"),
    ("telnet", "inetutils-telnet"),
    ("unshare", "util-linux"),
];

/// Cargo's own extensions, with the version this project is checked by.
const CARGO: &[(&str, &str)] = &[("cargo-deny", "0.20.2"), ("cargo-fuzz", "0.13.2")];

/// Installs the Debian packages that are missing, or says which they are where it may not.
///
/// # Errors
///
/// `apt-get` fails.
pub(crate) fn install_debian() -> Result<()> {
    let missing: Vec<&str> = DEBIAN
        .iter()
        .filter(|(program, _)| !on_path(program))
        .map(|&(_, package)| package)
        .collect();
    if missing.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    if !on_path("apt-get") || !is_root() {
        println!("missing, and not installed without root and apt-get: {}", missing.join(" "));
        println!(
            "the tests that need them are skipped or fail; on Debian: apt-get install {}",
            missing.join(" ")
        );
        return Ok(());
    }
    shell::run(shell::program("apt-get").args(["update", "-qq"]))?;
    shell::run(
        shell::program("apt-get")
            .args(["install", "--yes", "--no-install-recommends", "-qq"])
            .args(&missing)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// A cargo extension of this project's own version, installed first if it is not there.
///
/// It goes to `target/tools`, so nothing outside the checkout changes.
///
/// # Errors
///
/// It cannot be installed.
pub(crate) fn cargo_tool(name: &str) -> Result<Command> {
    let (_, version) =
        CARGO.iter().find(|(tool, _)| *tool == name).expect("every tool is in the table");
    let folder = shell::target().join("tools");
    let path = folder.join("bin").join(name);
    if !has_version(&path, version) {
        // Unoptimised: it takes half the time to build, and what it does takes seconds.
        shell::run(
            shell::cargo(&[
                "install",
                name,
                "--locked",
                "--debug",
                "--force",
                "--version",
                version,
            ])
            .arg("--root")
            .arg(&folder),
        )?;
    }
    Ok(shell::program(&path.to_string_lossy()))
}

/// Whether cargo-nextest is there. It is used where it is and never installed: it takes longer to
/// build than it saves, and `cargo test` runs the same tests.
pub(crate) fn has_nextest() -> bool {
    shell::succeeds(&mut shell::cargo(&["nextest", "--version"]))
}

fn has_version(path: &PathBuf, version: &str) -> bool {
    // `cargo-deny` wants to be called as itself, `cargo-fuzz` as cargo would call it.
    [&["--version"][..], &["fuzz", "--version"]].iter().any(|arguments| {
        Command::new(path).args(*arguments).output().is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version)
        })
    })
}

fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    shell::output(shell::program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_the_path_leads() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program"));
    }

    #[test]
    fn another_version_is_not_taken() {
        let cargo = PathBuf::from(std::env::var_os("CARGO").unwrap());
        let version = shell::output(Command::new(&cargo).arg("--version")).unwrap();
        assert!(has_version(&cargo, version.split_whitespace().nth(1).unwrap()));
        assert!(!has_version(&cargo, "0.0.1"));
    }
}
