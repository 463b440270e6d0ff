//! The command line: what may be written there, its help, its completions and its man page.
//!
//! The flags of the server are made from the rows of the settings' table; what they mean is
//! decided there. Nothing here acts.

mod admin;
mod keep;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use clap_mangen::Man;
use lang::Lang;

use crate::admin::Task;
use crate::config::{Flags, Setting, manual_lines, settings};

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// `papo serve`, or `papo` alone: run the server.
    Serve(Flags),
    /// `papo connect`: talk to a server.
    Connect(Connect),
    /// `papo admin`: work on the accounts.
    Admin(Flags, Task),
    /// `papo backup` and its like: work on what is kept.
    Keep(Flags, crate::keep::Task),
    /// `papo config`: print the settings in force.
    Config(Flags),
    /// `papo config --default`: print the defaults.
    DefaultConfig,
    /// `papo completions`: print a script for a shell.
    Completions(Shell),
    /// `papo man`: print the man page.
    Man,
}

/// What `papo connect` is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connect {
    /// The server's address or name.
    pub(crate) host: String,
    /// The server's port.
    pub(crate) port: u16,
    /// The nick to take.
    pub(crate) nick: Option<String>,
    /// The room to enter.
    pub(crate) room: Option<String>,
    /// The language; if nobody says, that of the locale, else Portuguese.
    pub(crate) lang: Option<Lang>,
}

/// Reads the command line; its first item is the program's name.
///
/// # Errors
///
/// A mistake, or a request for help or the version; [`clap::Error::exit`] prints it and ends with
/// the right exit code: 2 for a mistake.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<Order, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    Ok(match matches.subcommand() {
        Some(("connect", matches)) => Order::Connect(connect_of(matches)),
        Some(("admin", matches)) => admin::order_of(matches),
        Some((name, matches)) if keep::NAMES.contains(&name) => keep::order_of(name, matches),
        Some(("config", matches)) if matches.get_flag("default") => Order::DefaultConfig,
        Some(("config", matches)) => Order::Config(flags_of(matches)),
        Some(("completions", matches)) => {
            Order::Completions(*matches.get_one("shell").expect("clap requires it"))
        }
        Some(("man", _)) => Order::Man,
        Some((_, matches)) => Order::Serve(flags_of(matches)),
        None => Order::Serve(flags_of(&matches)),
    })
}

/// The completion script for `shell`.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "papo", &mut script);
    script
}

/// The man page, in roff.
///
/// # Errors
///
/// None in practice: it is written to memory.
pub(crate) fn man_page() -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let mut papo = command();
    papo.build();
    let subcommand = |name| papo.find_subcommand(name).expect("it is there").clone();
    let (connect, admin) = (subcommand("connect"), subcommand("admin"));
    let keep = keep::NAMES.map(subcommand);
    let man = Man::new(papo);
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let mut section = Vec::new();
    man.render_subcommands_section(&mut section)?;
    // There is one page for all of them.
    let subcommands = String::from_utf8_lossy(&section).replace("papo\\-", "papo ");
    page.extend(subcommands.replace("(1)", "").bytes());
    man.render_options_section(&mut page)?;
    for command in [connect].into_iter().chain(keep) {
        let title = format!(".SH OPTIONS OF {}", command.get_name().to_uppercase());
        section.clear();
        Man::new(command).render_options_section(&mut section)?;
        let options = String::from_utf8_lossy(&section);
        page.extend(options.replacen(".SH OPTIONS", &title, 1).bytes());
    }
    page.extend(admin_section(admin)?.bytes());
    page.extend(settings_section().bytes());
    page.extend(examples_section().bytes());
    Ok(page)
}

/// The commands of `papo admin` with their arguments, as a section of the man page.
fn admin_section(admin: Command) -> std::io::Result<String> {
    let mut section = String::from(".SH COMMANDS OF ADMIN\n");
    for command in admin.get_subcommands().filter(|command| command.get_name() != "help") {
        let arguments = command.get_positionals().map(|argument| format!(" {argument}"));
        let usage: String = [command.get_name().to_owned()].into_iter().chain(arguments).collect();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(section, ".TP\n\\fBpapo admin {}\\fR\n{}", roff(&usage), roff(&about));
    }
    let mut options = Vec::new();
    Man::new(admin).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options);
    section.push_str(&options.replacen(".SH OPTIONS", ".SH OPTIONS OF ADMIN", 1));
    Ok(section)
}

/// Every setting with its manual, as a section of the man page.
fn settings_section() -> String {
    let mut section = String::from(
        ".SH SETTINGS\nEach in the file that \\-\\-config names, in the environment, or with \
         \\-\\-set.\n",
    );
    for setting in settings() {
        let _ = writeln!(section, ".TP\n\\fB{}\\fR", roff(setting.key));
        for line in manual_lines(setting) {
            // An empty line would end what belongs to the setting's name.
            let line = if line.is_empty() { ".sp".to_owned() } else { roff(&line) };
            let _ = writeln!(section, "{line}");
        }
    }
    section
}

/// What stands after the help, line by line.
fn examples_section() -> String {
    let lines: Vec<String> = EXAMPLES.lines().skip(1).map(roff).collect();
    format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n"))
}

/// The text as roff shows it: no line is a request, and a hyphen is a hyphen to be copied.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

const ABOUT: &str = "Chat rooms on one TCP port: for telnet, nc, browsers and papo itself";

const EXAMPLES: &str = "\
Examples:
  papo                               serve this machine, on 127.0.0.1:7777
  papo --ip 0.0.0.0 --max 500        let the network in, at most 500 connections
  papo connect -i 192.0.2.7          talk, from another machine
  papo config > papo.toml            write down the settings in force
  papo serve --config papo.toml      and use them

`papo` alone is `papo serve`, and takes the same options.
A flag wins over the environment, the environment over the file, the file over the default.
`papo --help` says more of each option than `papo -h`.

Exit status: 0 after an ordinary end, 1 after a failure, 2 for a mistake on the command line, in the
environment or in the file.";

const CONNECT_EXAMPLES: &str = "\
Examples:
  papo connect                       the server on this machine, 127.0.0.1:7777
  papo connect -i chat.example.org --nick ana --room praia
  echo 'bom dia' | papo connect --nick robo --room praia

On a terminal the input line is edited; in a pipe the bytes go in and out as they are.";

const CONFIG_EXAMPLES: &str = "\
Examples:
  papo config                        the settings in force, each with where it came from
  papo config --port 8000 > papo.toml
  papo config --default              the defaults alone

What is printed can be saved and given to `papo serve --config FILE`.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  papo completions bash > ~/.local/share/bash-completion/completions/papo
  papo completions fish > ~/.config/fish/completions/papo.fish
  papo completions zsh > ~/.zfunc/_papo";

/// The whole command line.
pub(crate) fn command() -> Command {
    let [backup, restore, export, import] = keep::commands();
    let subcommands = [
        Command::new("serve")
            .about("Run the server (what `papo` alone does)")
            .args(server_arguments())
            .after_help(EXAMPLES),
        Command::new("connect")
            .about("Talk to a server from this terminal, or from a script through a pipe")
            .args(connect_arguments())
            .after_help(CONNECT_EXAMPLES),
        admin::command(),
        backup,
        restore,
        export,
        import,
        Command::new("config")
            .about("Print the settings in force, as a commented TOML file")
            .args(server_arguments())
            .arg(
                Arg::new("default")
                    .long("default")
                    .action(ArgAction::SetTrue)
                    .exclusive(true)
                    .help("Print the defaults, whatever is set elsewhere"),
            )
            .after_help(CONFIG_EXAMPLES),
        Command::new("completions")
            .about("Print the completion script for a shell")
            .arg(
                Arg::new("shell")
                    .value_name("SHELL")
                    .required(true)
                    .value_parser(value_parser!(Shell))
                    .help("The shell"),
            )
            .after_help(COMPLETIONS_EXAMPLES),
        Command::new("man").about("Print the manual page: papo man | man -l -"),
    ];
    Command::new("papo")
        .about(ABOUT)
        .version(env!("CARGO_PKG_VERSION"))
        .args(server_arguments())
        .args_conflicts_with_subcommands(true)
        .subcommands(subcommands)
        .after_help(EXAMPLES)
}

fn server_arguments() -> Vec<Arg> {
    let mut arguments: Vec<Arg> = settings().filter_map(setting_argument).collect();
    arguments.push(config_argument());
    arguments.push(
        Arg::new("set").long("set").value_name("KEY=VALUE").action(ArgAction::Append).help(
            "Any setting by its name, such as --set limits.rooms=50; `papo config` lists them",
        ),
    );
    arguments
}

/// The settings that the operator's work on the data folder goes by.
const OPERATOR_SETTINGS: [&str; 2] = ["data.folder", "server.lang"];

fn operator_arguments() -> impl Iterator<Item = Arg> {
    let own = settings().filter(|setting| OPERATOR_SETTINGS.contains(&setting.key));
    own.filter_map(setting_argument).chain([config_argument()])
}

fn operator_flags(matches: &ArgMatches) -> Flags {
    let own = OPERATOR_SETTINGS
        .iter()
        .filter_map(|&key| matches.get_one::<String>(key).map(|text| (key, text.clone())));
    Flags { file: matches.get_one("config").cloned(), own: own.collect(), set: Vec::new() }
}

fn config_argument() -> Arg {
    Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help("A file of settings, in TOML [default: none] [env: PAPO_CONFIG]")
}

/// The setting's flag, if it has one. Its value is checked with all the others, not by clap, so
/// that every mistake is told at once and in the same words.
fn setting_argument(setting: &'static Setting) -> Option<Arg> {
    let flag = setting.extras.flag?;
    let default = if setting.extras.automatic.is_some() {
        "see `papo config`"
    } else if setting.default.is_empty() {
        "none"
    } else {
        setting.default
    };
    let env = setting.extras.short_env.map_or_else(|| setting.env(), str::to_owned);
    let remark = format!("[default: {default}] [env: {env}]");
    let whole: Vec<&str> = setting.doc_lines().collect();
    let mut argument = Arg::new(setting.key)
        .long(flag.long)
        .value_name(flag.value_name)
        .allow_hyphen_values(true)
        .help(format!("{} [default: {default}]", gist(whole[0])))
        .long_help(format!("{}\n{remark}", whole.join("\n")));
    if let Some(short) = flag.short {
        argument = argument.short(short);
    }
    Some(argument)
}

/// What a manual says before its first pause: enough for the short help.
fn gist(line: &str) -> &str {
    line.split_once([':', ';', '.']).map_or(line, |(gist, _)| gist)
}

fn connect_arguments() -> [Arg; 5] {
    let languages = PossibleValuesParser::new(Lang::ALL.map(Lang::code))
        .map(|code| code.parse::<Lang>().expect("only these are possible"));
    [
        Arg::new("ip")
            .short('i')
            .long("ip")
            .value_name("ADDRESS")
            .default_value("127.0.0.1")
            .help("The server's address or name"),
        Arg::new("port")
            .short('p')
            .long("port")
            .value_name("PORT")
            .default_value("7777")
            .value_parser(value_parser!(u16).range(1..))
            .help("The server's TCP port"),
        Arg::new("nick")
            .long("nick")
            .value_name("NICK")
            .help("The name to go by [default: asked for]"),
        Arg::new("room")
            .long("room")
            .value_name("ROOM")
            .help("The room to enter at once [default: none]"),
        Arg::new("lang")
            .long("lang")
            .value_name("LANG")
            .value_parser(languages)
            .hide_possible_values(true)
            .help("The language to be spoken to in: pt, en or es [default: the locale's, else pt]"),
    ]
}

fn connect_of(matches: &ArgMatches) -> Connect {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    Connect {
        host: text("ip").expect("it has a default"),
        port: *matches.get_one("port").expect("it has a default"),
        nick: text("nick"),
        room: text("room"),
        lang: matches.get_one("lang").copied(),
    }
}

fn flags_of(matches: &ArgMatches) -> Flags {
    let own = settings().filter(|setting| setting.extras.flag.is_some()).filter_map(|setting| {
        matches.get_one::<String>(setting.key).map(|text| (setting.key, text.clone()))
    });
    Flags {
        file: matches.get_one::<PathBuf>("config").cloned(),
        own: own.collect(),
        set: matches.get_many::<String>("set").into_iter().flatten().cloned().collect(),
    }
}

#[cfg(test)]
mod tests;
