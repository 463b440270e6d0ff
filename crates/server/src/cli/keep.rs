//! The part of the command line that is about what is kept: `papo backup` and its like.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Order, operator_arguments, operator_flags};
use crate::keep::Task;

const BACKUP_EXAMPLES: &str = "\
Examples:
  papo backup /backup/papo-2026-01-31
  papo backup --data /var/lib/papo \"/backup/papo-$(date +%F)\"

It works beside a running server or without one. The backup is a folder; in it
`sha256sum -c SHA256SUMS` says whether it is still what it was.";

const RESTORE_EXAMPLES: &str = "\
Examples:
  papo restore /backup/papo-2026-01-31 --data /tmp/try     and then: papo -p 0 --data /tmp/try
  papo restore /backup/papo-2026-01-31 --data /var/lib/papo --force

Stop the server first. What is restored is looked over before anything is touched.";

/// Names of these commands, in the order of the help.
pub(super) const NAMES: [&str; 2] = ["backup", "restore"];

pub(super) fn commands() -> [Command; 2] {
    [
        Command::new("backup")
            .about("Copy all that is kept into a new folder, while the server runs too")
            .arg(path("target", "TARGET", "The folder to make"))
            .args(operator_arguments())
            .after_help(BACKUP_EXAMPLES),
        Command::new("restore")
            .about("Make the data folder what a backup says")
            .arg(path("backup", "BACKUP", "The folder that `papo backup` made"))
            .arg(
                Arg::new("force")
                    .long("force")
                    .action(ArgAction::SetTrue)
                    .help("If there is data in the folder, put it aside first"),
            )
            .args(operator_arguments())
            .after_help(RESTORE_EXAMPLES),
    ]
}

/// What a command of these names asks for.
pub(super) fn order_of(name: &str, matches: &ArgMatches) -> Order {
    let path = |name| matches.get_one::<PathBuf>(name).expect("clap requires it").clone();
    let task = match name {
        "backup" => Task::Backup { target: path("target") },
        _ => Task::Restore { backup: path("backup"), force: matches.get_flag("force") },
    };
    Order::Keep(operator_flags(matches), task)
}

fn path(id: &'static str, name: &'static str, help: &'static str) -> Arg {
    Arg::new(id).value_name(name).required(true).value_parser(value_parser!(PathBuf)).help(help)
}
