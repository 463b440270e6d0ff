//! The part of the command line that is `papo admin`.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Order, operator_arguments, operator_flags};
use crate::admin::Task;

const EXAMPLES: &str = "\
Examples:
  papo admin create ana              asks for a password; the first account administers
  papo admin create bot < secret     takes the first line of a file
  papo admin list
  papo admin tokens ana              where she is logged in
  papo admin revoke ana 12           logs her out there

It works on the data folder itself, beside a running server or without one.";

pub(super) fn command() -> Command {
    let named =
        |name: &'static str, about: &'static str| Command::new(name).about(about).arg(nick());
    let subcommands = [
        named("create", "Make an account; its password is asked for, or read from a pipe").arg(
            Arg::new("admin")
                .long("admin")
                .action(ArgAction::SetTrue)
                .help("Let it administer the server; the first account does anyway"),
        ),
        named("password", "Set an account's password, and log it out everywhere"),
        Command::new("list").about("Show the accounts"),
        named("disable", "Keep an account from logging in, and log it out everywhere"),
        named("enable", "Let a disabled account log in again"),
        named("tokens", "Show where an account is logged in"),
        named("revoke", "Log an account out in one place").arg(
            Arg::new("token")
                .value_name("NUMBER")
                .required(true)
                .value_parser(value_parser!(u64))
                .help("The token's number, as `papo admin tokens` shows it"),
        ),
    ];
    Command::new("admin")
        .about("Work on the accounts in the data folder")
        .args(operator_arguments().map(|argument| argument.global(true)))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(subcommands)
        .after_help(EXAMPLES)
}

pub(super) fn order_of(matches: &ArgMatches) -> Order {
    let (name, matches) = matches.subcommand().expect("clap requires it");
    let nick = || matches.get_one::<String>("nick").expect("clap requires it").clone();
    let task = match name {
        "create" => Task::Create { nick: nick(), is_admin: matches.get_flag("admin") },
        "password" => Task::Password(nick()),
        "disable" => Task::Disable(nick()),
        "enable" => Task::Enable(nick()),
        "tokens" => Task::Tokens(nick()),
        "revoke" => Task::Revoke(nick(), *matches.get_one("token").expect("clap requires it")),
        _ => Task::List,
    };
    Order::Admin(operator_flags(matches), task)
}

fn nick() -> Arg {
    Arg::new("nick").value_name("NICK").required(true).help("The account's nick")
}
