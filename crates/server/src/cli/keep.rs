//! The part of the command line that is about what is kept: `papo backup` and its like.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use room::UnixMs;
use wire::calendar;

use super::{Order, operator_arguments, operator_flags};
use crate::keep::{Export, Format, Import, Task};

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

const EXPORT_EXAMPLES: &str = "\
Examples:
  papo export redes > redes.jsonl
  papo export redes --format html --output redes.html
  papo export redes --format markdown --since 2026-01-01 --until 2026-02-01T12:00

It works beside a running server or without one. Times are in UTC.";

const IMPORT_EXAMPLES: &str = "\
Examples:
  papo import redes.jsonl --dry-run
  papo import redes.jsonl --room redes-2026

Stop the server first. The room must be new, or nothing may have been said in it.";

/// Names of these commands, in the order of the help.
pub(super) const NAMES: [&str; 4] = ["backup", "restore", "export", "import"];

/// The formats of an export, by name.
const FORMATS: [(&str, Format); 3] =
    [("jsonl", Format::JsonLines), ("markdown", Format::Markdown), ("html", Format::Html)];

pub(super) fn commands() -> [Command; 4] {
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
        Command::new("export")
            .about("Write a room to standard output or to a file, while the server runs too")
            .arg(Arg::new("room").value_name("ROOM").required(true).help("The room's name"))
            .args(export_arguments())
            .args(operator_arguments())
            .after_help(EXPORT_EXAMPLES),
        Command::new("import")
            .about("Read a room from what `papo export` wrote as jsonl")
            .arg(path("file", "FILE", "The file"))
            .arg(
                Arg::new("room")
                    .long("room")
                    .value_name("ROOM")
                    .help("The room's name [default: the one in the file]"),
            )
            .arg(
                Arg::new("dry-run")
                    .long("dry-run")
                    .action(ArgAction::SetTrue)
                    .help("Check every line, and change nothing"),
            )
            .args(operator_arguments())
            .after_help(IMPORT_EXAMPLES),
    ]
}

fn export_arguments() -> [Arg; 4] {
    let formats = PossibleValuesParser::new(FORMATS.map(|(name, _)| name)).map(|name| {
        let format = FORMATS.iter().find(|(known, _)| *known == name);
        format.expect("only these are possible").1
    });
    let moment = |name: &'static str, help: &'static str| {
        let parser = |text: &str| calendar::parse(text).ok_or("use 2026-01-31 or 2026-01-31T12:00");
        Arg::new(name).long(name).value_name("TIME").value_parser(parser).help(help)
    };
    [
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .default_value("jsonl")
            .value_parser(formats)
            .help("jsonl, for programs; markdown or html, for people")
            .hide_possible_values(true),
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("The file to make [default: standard output]"),
        moment("since", "Only what was said then or later"),
        moment("until", "Only what was said before then"),
    ]
}

/// What a command of these names asks for.
pub(super) fn order_of(name: &str, matches: &ArgMatches) -> Order {
    let path = |name| matches.get_one::<PathBuf>(name).expect("clap requires it").clone();
    let task = match name {
        "backup" => Task::Backup { target: path("target") },
        "export" => Task::Export(Export {
            room: matches.get_one::<String>("room").expect("clap requires it").clone(),
            format: *matches.get_one("format").expect("it has a default"),
            output: matches.get_one("output").cloned(),
            since: matches.get_one::<UnixMs>("since").copied(),
            until: matches.get_one::<UnixMs>("until").copied(),
        }),
        "import" => Task::Import(Import {
            file: path("file"),
            room: matches.get_one("room").cloned(),
            dry_run: matches.get_flag("dry-run"),
        }),
        _ => Task::Restore { backup: path("backup"), force: matches.get_flag("force") },
    };
    Order::Keep(operator_flags(matches), task)
}

fn path(id: &'static str, name: &'static str, help: &'static str) -> Arg {
    Arg::new(id).value_name(name).required(true).value_parser(value_parser!(PathBuf)).help(help)
}
