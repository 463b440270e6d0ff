//! Everything a change has to pass, step after step, to the end even if one fails.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::{api, deny, fuzz, shell, tidy, tools, web};

/// Seconds each fuzz target runs here: enough to see that it works; real hunts are longer.
const FUZZ_SECONDS: u32 = 5;

/// Random schedules the simulation runs here.
const SIM_SCHEDULES: u32 = 20_000;

type Step = fn(&mut Tally) -> Result<()>;

/// The steps in their order: what tells most for the least time comes first.
const STEPS: &[(&str, Step)] = &[
    ("tools", |_| tools::install_debian(tools::FOR_TESTS).and_then(|()| tools::install_python())),
    ("fmt", |_| shell::run(&mut shell::cargo(&["fmt", "--all", "--check"]))),
    ("clippy", |_| clippy()),
    ("doc", |_| doc()),
    ("tidy", |_| tidy::run()),
    ("deny", |_| deny::run()),
    ("tests", tests),
    ("api", |_| api::run(&[])),
    ("web", |tally| web::commands()?.iter_mut().try_for_each(|command| tally.watch(command))),
    ("simulation", simulation),
    ("fuzz", |_| fuzz()),
];

/// Runs all steps, or only those named. The last line is `N passed, N failed`: tests, and each
/// other step that failed. Does not return if something failed.
///
/// # Errors
///
/// A step has no such name.
pub(crate) fn run(only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|(step, _)| step != name)) {
        let names: Vec<&str> = STEPS.iter().map(|&(name, _)| name).collect();
        bail!("no step {unknown:?}; there are: {}", names.join(", "));
    }
    let (mut tally, mut summary) = (Tally::default(), Vec::new());
    for (name, step) in STEPS {
        if !only.is_empty() && !only.iter().any(|wanted| wanted == name) {
            continue;
        }
        heading(name);
        let (started, failed_before) = (Instant::now(), tally.failed);
        let outcome = step(&mut tally);
        let verdict = if outcome.is_ok() { "ok" } else { "FAILED" };
        let line = format!("{name:<12} {:>6.1} s  {verdict}", started.elapsed().as_secs_f64());
        if let Err(error) = outcome {
            println!("{error:#}");
            if tally.failed == failed_before {
                tally.failed += 1;
            }
        }
        println!("{line}");
        summary.push(line);
    }
    heading("summary");
    println!("{}", summary.join("\n"));
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 {
        // Not as an error, whose text would come after what must be the last line.
        std::process::exit(1);
    }
    Ok(())
}

fn heading(name: &str) {
    println!("\n==== {name} ====");
    // What the step's programs print must not come before its heading.
    let _ = std::io::stdout().flush();
}

fn clippy() -> Result<()> {
    shell::run(&mut shell::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    shell::run(&mut shell::cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn doc() -> Result<()> {
    let arguments = ["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"];
    shell::run(shell::cargo(&arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

fn tests(tally: &mut Tally) -> Result<()> {
    if tools::has_nextest() {
        let units = tally.watch(&mut nextest("not package(sim)"));
        let examples = tally.watch(cargo_test().args(["--workspace", "--doc"]));
        return units.and(examples);
    }
    tally.watch(cargo_test().args(["--workspace", "--exclude", "sim"]))
}

fn simulation(tally: &mut Tally) -> Result<()> {
    let mut command = if tools::has_nextest() {
        nextest("package(sim)")
    } else {
        let mut command = cargo_test();
        command.args(["--package", "sim"]);
        command
    };
    tally.watch(command.env("PAPO_SIM_SCHEDULES", SIM_SCHEDULES.to_string()))
}

/// Those tests of the workspace that a filter takes. Always the whole workspace, because another
/// choice of packages would be another choice of features, and so compile everything again.
fn nextest(filter: &str) -> Command {
    let mut command = shell::cargo(&["nextest", "run", "--workspace", "--locked"]);
    command.args(["--no-fail-fast", "--filterset", filter]);
    command
}

fn cargo_test() -> Command {
    shell::cargo(&["test", "--locked", "--no-fail-fast"])
}

fn fuzz() -> Result<()> {
    fuzz::targets()?.iter().try_for_each(|target| fuzz::run_target(target, FUZZ_SECONDS))
}

/// How many tests passed and failed so far.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Runs a test runner, passing on what it prints, and adds up what it says.
    fn watch(&mut self, command: &mut Command) -> Result<()> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("the test runner cannot be started")?;
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let (from_stdout, from_stderr) = std::thread::scope(|scope| {
            let other = scope.spawn(|| pass_on(stderr));
            (pass_on(stdout), other.join().expect("passing on does not panic"))
        });
        for tally in [from_stdout, from_stderr] {
            self.passed += tally.passed;
            self.failed += tally.failed;
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("the test runner failed: {status}");
        }
        Ok(())
    }

    /// What a summary line of nextest, of `cargo test`, or of a runner of the browser client's
    /// tests says; nothing for other lines.
    fn of_line(line: &str) -> Self {
        if let Some((passed, failed)) = web::counts(line) {
            return Self { passed, failed };
        }
        let counts = line
            .split_once(" tests run: ")
            .or_else(|| line.split_once(" test run: "))
            .filter(|(before, _)| before.trim_start().starts_with("Summary ["))
            .or_else(|| line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")));
        let mut tally = Self::default();
        let Some((_, counts)) = counts else { return tally };
        // "12 passed (1 slow), 1 failed, 2 timed out, 0 skipped" or "5 passed; 0 failed; ..."
        for count in counts.split([',', ';']) {
            let mut words = count.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => tally.passed += number,
                Some("failed" | "timed" | "exec") => tally.failed += number,
                _ => {}
            }
        }
        tally
    }
}

fn pass_on(from: impl Read) -> Tally {
    let mut tally = Tally::default();
    let (mut from, mut line) = (BufReader::new(from), Vec::new());
    while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        let more = Tally::of_line(text.trim_end());
        tally.passed += more.passed;
        tally.failed += more.failed;
        line.clear();
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_own_summaries_are_understood() {
        for (line, passed, failed) in [
            ("     Summary [   0.360s] 13 tests run: 13 passed, 0 skipped", 13, 0),
            ("     Summary [   0.360s] 1 test run: 1 passed (1 slow), 0 skipped", 1, 0),
            ("  Summary [ 9.0s] 9 tests run: 5 passed, 3 failed, 1 timed out, 2 skipped", 5, 4),
            ("test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out", 5, 0),
            ("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured", 4, 2),
            ("      Tests  2 failed | 39 passed (41)", 39, 2),
            ("\u{2139} pass 24", 24, 0),
            ("\u{2139} fail 1", 0, 1),
            ("a test that says 7 tests run: 7 passed", 0, 0),
            ("", 0, 0),
        ] {
            assert_eq!(Tally::of_line(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn a_runner_that_fails_fails_the_step_and_its_counts_are_kept() {
        let mut tally = Tally::default();
        let script = "echo 'test result: FAILED. 4 passed; 2 failed; 0 ignored'; exit 1";
        assert!(tally.watch(shell::program("sh").args(["-c", script])).is_err());
        assert_eq!(tally, Tally { passed: 4, failed: 2 });
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused() {
        assert!(run(&["nothing".to_owned()]).is_err());
    }
}
