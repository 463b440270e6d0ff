//! The project's chores as one command, so that a developer's machine and CI run the same list.
//!
//! `cargo xtask` alone says what there is.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool that talks to a terminal")]

mod api;
mod bench;
mod deny;
mod fuzz;
mod shell;
mod test;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <task>

  test [STEP]...                 everything a change has to pass, or only the named steps
  tidy                           the rules no compiler knows: walls, file heads, lengths, links
  deny                           licences, sources, banned and vulnerable dependencies
  fuzz [TARGET] [--seconds N]    one fuzz target, or all of them, N seconds each (default 60)
  api [--examples N]             the HTTP API against its description, by schemathesis
  bench [WORKLOAD]... [OPTION]   papo beside its peers and the bare limit (--list, --quick, --help)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match arguments.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome = match task {
        "test" => test::run(rest),
        "tidy" => tidy::run(),
        "deny" => deny::run(),
        "fuzz" => fuzz::run(rest),
        "api" => api::run(rest),
        "bench" => bench::run(rest),
        "" | "help" | "-h" | "--help" => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => Err(anyhow::anyhow!("no task {task:?}\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
