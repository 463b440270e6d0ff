//! What the tests need beside Rust, and how to get it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::shell;

/// A program and the Debian package it comes from.
pub(crate) struct Package {
    pub(crate) program: &'static str,
    pub(crate) name: &'static str,
}

/// What the tests drive.
pub(crate) const FOR_TESTS: &[Package] = &[
    Package { program: "c++", name: "g++" },
    Package { program: "chromium", name: "chromium" },
    Package { program: "curl", name: "curl" },
    Package { program: "expect", name: "expect" },
    Package { program: "jq", name: "jq" },
    Package { program: "nc", name: "netcat-openbsd" },
    Package { program: "node", name: "nodejs" },
    Package { program: "openssl", name: "openssl" },
    Package { program: "python3", name: "python3-venv" },
    Package { program: "script", name: "bsdutils" },
    Package { program: "ssh", name: "openssh-client" },
    Package { program: "strace", name: "strace" },
    Package { program: "telnet", name: "inetutils-telnet" },
    Package { program: "unshare", name: "util-linux" },
];

/// Where servers are, which is not on everyone's path.
const SERVER_FOLDER: &str = "/usr/sbin";

/// Cargo's own extensions, with the version this project is checked by.
const CARGO: &[(&str, &str)] = &[("cargo-deny", "0.20.2"), ("cargo-fuzz", "0.13.2")];

/// Installs those Debian packages that are missing, or says which they are where it may not.
///
/// # Errors
///
/// `apt-get` fails.
pub(crate) fn install_debian(packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| !on_path(package.program))
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        println!("nothing is missing");
        return Ok(());
    }
    if !on_path("apt-get") || !is_root() {
        println!("missing, and not installed without root and apt-get: {}", missing.join(" "));
        println!(
            "what needs them fails or is left out; on Debian: apt-get install {}",
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

/// Python packages that the tests use, each in its version.
const PYTHON: &[&str] = &["websockets==15.0.1"];

/// Puts Python with [`PYTHON`] into `target/tools/python`, so nothing outside the checkout changes.
///
/// # Errors
///
/// It cannot be installed.
pub(crate) fn install_python() -> Result<()> {
    let folder = shell::target().join("tools").join("python");
    let wanted = PYTHON.join("\n");
    let note = folder.join("papo-packages");
    if std::fs::read_to_string(&note).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    shell::run(shell::program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let python = folder.join("bin").join("python3");
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    shell::run(shell::program(&python.to_string_lossy()).args(quiet).args(PYTHON))?;
    Ok(std::fs::write(note, wanted)?)
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
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from(SERVER_FOLDER)])
        .any(|folder| folder.join(program).is_file())
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
