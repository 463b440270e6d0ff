//! Fuzzing: every file in `fuzz/src/bin/` is a target.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{shell, tools};

/// Seconds a target runs unless told otherwise.
const SECONDS_DEFAULT: u32 = 60;

/// Bytes of an input at most: past the longest line and the longest text, which are 4,096.
const INPUT_BYTES_MAX: u32 = 8192;

/// Runs one target or all of them.
///
/// # Errors
///
/// A target does not build, or finds something.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (mut only, mut seconds) = (None, SECONDS_DEFAULT);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let number = arguments.next().context("--seconds wants a number")?;
                seconds = number.parse().with_context(|| format!("{number:?} is no number"))?;
            }
            name if !name.starts_with('-') && only.is_none() => only = Some(name.to_owned()),
            other => bail!("unknown argument {other:?}"),
        }
    }
    let targets = targets()?;
    match only {
        Some(name) if targets.contains(&name) => run_target(&name, seconds),
        Some(name) => bail!("no target {name:?}; there are: {}", targets.join(", ")),
        None => targets.iter().try_for_each(|target| run_target(target, seconds)),
    }
}

/// The targets' names, in order.
///
/// # Errors
///
/// Their folder cannot be read.
pub(crate) fn targets() -> Result<Vec<String>> {
    let folder = shell::root().join("fuzz/src/bin");
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().expect("a file has a name");
            targets.push(name.to_string_lossy().into_owned());
        }
    }
    targets.sort();
    Ok(targets)
}

/// Builds and runs one target; what it finds goes to `fuzz/artifacts/`. It begins with the inputs
/// in `fuzz/seeds/`, if there are any, and puts in the words of `fuzz/words/`.
///
/// # Errors
///
/// It does not build, or finds something.
pub(crate) fn run_target(target: &str, seconds: u32) -> Result<()> {
    println!("fuzz target {target}, {seconds} s");
    let corpus = shell::root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    let mut command = cargo_fuzz()?;
    command.args(["run", target]).arg(&corpus);
    let seeds = shell::root().join("fuzz/seeds").join(target);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.args(["--", "-print_final_stats=1", "-verbosity=0", "-timeout=10"]);
    let words = shell::root().join("fuzz/words").join(target);
    if words.is_file() {
        command.arg(format!("-dict={}", words.display()));
    }
    command.arg(format!("-max_len={INPUT_BYTES_MAX}"));
    command.arg(format!("-max_total_time={seconds}"));
    shell::run(&mut command)
}

fn cargo_fuzz() -> Result<Command> {
    let mut command = tools::cargo_tool("cargo-fuzz")?;
    // The sanitizer's flags are unstable ones; this opens them on the stable compiler.
    command.arg("fuzz").env("RUSTC_BOOTSTRAP", "1");
    Ok(command)
}
