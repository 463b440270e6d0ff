//! The program's command line from outside: what it prints where, and its exit codes.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

/// The program in an empty environment, with a home of its own.
fn papo(home: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papo"));
    command.env_clear().env("HOME", home.path()).current_dir(home.path()).args(arguments);
    command
}

fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn the_settings_in_force_can_be_saved_and_used() {
    let home = TempDir::new().unwrap();
    let (code, printed, errors) =
        run(papo(&home, &["config", "--port", "8000", "--set", "limits.rooms=5"])
            .env("PAPO_DATA", "/srv/papo"));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    fs::write(home.path().join("papo.toml"), &printed).unwrap();
    let (code, again, _) = run(&mut papo(&home, &["config", "--config", "papo.toml"]));
    assert_eq!(code, Some(0));
    let values = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(values(&again), values(&printed));
    assert!(values(&again).contains(&"folder = \"/srv/papo\"".to_owned()), "{again}");
    assert!(again.contains("# From: papo.toml:"), "{again}");
}

#[test]
fn a_file_that_nobody_named_is_not_read() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("papo.toml"), "nonsense").unwrap();
    let (code, printed, _) = run(&mut papo(&home, &["config"]));
    assert_eq!(code, Some(0));
    assert!(printed.contains("\nport = 7777\n"), "{printed}");
}

#[test]
fn mistakes_go_to_standard_error_with_exit_code_2() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("papo.toml"), "[listen]\nprot = 1\n").unwrap();
    for subcommand in ["serve", "config"] {
        let (code, output, errors) = run(papo(
            &home,
            &[subcommand, "-p", "x", "--config", "papo.toml"],
        )
        .env("PAPO_MXA", "5"));
        let expected = "papo.toml:2:1: unknown setting `listen.prot`; did you mean `listen.port`?\n\
                        PAPO_MXA: unknown setting; did you mean `PAPO_MAX`?\n\
                        --port: `listen.port` must be a whole number from 0 to 65535, not `x`\n";
        assert_eq!((code, output.as_str(), errors.as_str()), (Some(2), "", expected));
    }
    let (code, output, errors) = run(&mut papo(&home, &["--prot", "5"]));
    assert_eq!((code, output.as_str()), (Some(2), ""));
    assert!(errors.contains("a similar argument exists: '--port'"), "{errors}");
}

#[test]
fn what_is_asked_for_goes_to_standard_output() {
    let home = TempDir::new().unwrap();
    for (arguments, expected) in [
        (&["--version"][..], "papo 0"),
        (&["--help"], "Examples:"),
        (&["config", "--default"], "# The settings of papo."),
        (&["completions", "bash"], "complete -F"),
        (&["man"], ".TH papo 1"),
    ] {
        let (code, output, errors) = run(&mut papo(&home, arguments));
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(output.contains(expected), "{arguments:?}: {output}");
    }
}
