//! What may be written on the command line, and what is refused there.

use clap::error::ErrorKind;

use super::*;

fn order(line: &str) -> Result<Order, clap::Error> {
    parse(line.split(' '))
}

fn own(flags: &[(&'static str, &str)]) -> Flags {
    let own = flags.iter().map(|&(key, text)| (key, text.to_owned())).collect();
    Flags { own, ..Flags::default() }
}

#[test]
fn the_definition_holds_together() {
    command().debug_assert();
}

#[test]
fn papo_alone_serves() {
    assert_eq!(order("papo").unwrap(), Order::Serve(Flags::default()));
    let seed = own(&[("listen.ip", "::"), ("listen.port", "8000"), ("limits.connections", "5")]);
    for line in [
        "papo -i :: -p 8000 -m 5",
        "papo serve -i :: -p 8000 -m 5",
        "papo serve --max 5 --port=8000 --ip ::",
    ] {
        assert_eq!(order(line).unwrap(), Order::Serve(seed.clone()), "{line}");
    }
    let more = Flags {
        file: Some("papo.toml".into()),
        set: vec!["limits.rooms=5".to_owned(), "idle.close_s=0".to_owned()],
        ..own(&[
            ("data.folder", "d"),
            ("pages.folder", "p"),
            ("log.format", "json"),
            ("log.level", "debug"),
            ("server.lang", "en"),
        ])
    };
    let line = "papo serve --data d --pages p --config papo.toml --log-format json \
                --log-level debug --lang en --set limits.rooms=5 --set idle.close_s=0";
    assert_eq!(
        order(&line.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap(),
        Order::Serve(more)
    );
}

#[test]
fn a_wrong_value_goes_on_to_the_settings() {
    assert_eq!(order("papo -p -1").unwrap(), Order::Serve(own(&[("listen.port", "-1")])));
    assert_eq!(order("papo --lang fr").unwrap(), Order::Serve(own(&[("server.lang", "fr")])));
}

#[test]
fn connect_takes_the_short_names_of_the_seed() {
    let nobody =
        Connect { host: "127.0.0.1".into(), port: 7777, nick: None, room: None, lang: None };
    assert_eq!(order("papo connect").unwrap(), Order::Connect(nobody));
    let ana = Connect {
        host: "chat.example.org".into(),
        port: 8000,
        nick: Some("ana".into()),
        room: Some("praia".into()),
        lang: Some(Lang::Es),
    };
    let line = "papo connect -i chat.example.org -p 8000 --nick ana --room praia --lang es";
    assert_eq!(order(line).unwrap(), Order::Connect(ana));
}

#[test]
fn the_other_orders() {
    let port = own(&[("listen.port", "1")]);
    assert_eq!(order("papo config").unwrap(), Order::Config(Flags::default()));
    assert_eq!(order("papo config -p 1").unwrap(), Order::Config(port));
    assert_eq!(order("papo config --default").unwrap(), Order::DefaultConfig);
    assert_eq!(order("papo completions zsh").unwrap(), Order::Completions(Shell::Zsh));
    assert_eq!(order("papo man").unwrap(), Order::Man);
}

#[test]
fn the_operator_says_what_and_where() {
    let ana = || "ana".to_owned();
    for (line, task) in [
        ("create ana", Task::Create { nick: ana(), is_admin: false }),
        ("create ana --admin", Task::Create { nick: ana(), is_admin: true }),
        ("password ana", Task::Password(ana())),
        ("list", Task::List),
        ("disable ana", Task::Disable(ana())),
        ("enable ana", Task::Enable(ana())),
        ("tokens ana", Task::Tokens(ana())),
        ("revoke ana 12", Task::Revoke(ana(), 12)),
    ] {
        let plain = order(&format!("papo admin {line}")).unwrap();
        assert_eq!(plain, Order::Admin(Flags::default(), task.clone()), "{line}");
        let there = Flags {
            file: Some("papo.toml".into()),
            ..own(&[("data.folder", "d"), ("server.lang", "en")])
        };
        for line in [
            format!("papo admin --data d --config papo.toml --lang en {line}"),
            format!("papo admin {line} --data d --config papo.toml --lang en"),
        ] {
            assert_eq!(order(&line).unwrap(), Order::Admin(there.clone(), task.clone()), "{line}");
        }
    }
}

#[test]
fn what_is_kept_goes_out_and_comes_in() {
    use crate::keep::{Export, Format, Import, Task};
    let room = || "sala".to_owned();
    let sala = |format| Export { room: room(), format, output: None, since: None, until: None };
    let flags = Flags { file: Some("papo.toml".into()), ..own(&[("data.folder", "d")]) };
    for (line, task) in [
        ("backup to", Task::Backup { target: "to".into() }),
        ("restore from", Task::Restore { backup: "from".into(), force: false }),
        ("restore from --force", Task::Restore { backup: "from".into(), force: true }),
        ("export sala", Task::Export(sala(Format::JsonLines))),
        ("export sala --format markdown", Task::Export(sala(Format::Markdown))),
        (
            "export sala --format html -o f --since 1970-01-02 --until 1970-01-02T00:01Z",
            Task::Export(Export {
                output: Some("f".into()),
                since: Some(room::UnixMs(86_400_000)),
                until: Some(room::UnixMs(86_460_000)),
                ..sala(Format::Html)
            }),
        ),
        ("import f", Task::Import(Import { file: "f".into(), room: None, dry_run: false })),
        (
            "import f --room praia --dry-run",
            Task::Import(Import { file: "f".into(), room: Some("praia".into()), dry_run: true }),
        ),
    ] {
        let plain = order(&format!("papo {line}")).unwrap();
        assert_eq!(plain, Order::Keep(Flags::default(), task.clone()), "{line}");
        let there = order(&format!("papo {line} --data d --config papo.toml")).unwrap();
        assert_eq!(there, Order::Keep(flags.clone(), task), "{line}");
    }
}

#[test]
fn mistakes_are_refused() {
    for (line, kind) in [
        ("papo serv", ErrorKind::InvalidSubcommand),
        ("papo --prot 5", ErrorKind::UnknownArgument),
        ("papo -p", ErrorKind::InvalidValue),
        ("papo -p 1 -p 2", ErrorKind::ArgumentConflict),
        ("papo -p 1 serve", ErrorKind::ArgumentConflict),
        ("papo config --default -p 1", ErrorKind::ArgumentConflict),
        ("papo connect -p 0", ErrorKind::ValueValidation),
        ("papo connect -p x", ErrorKind::ValueValidation),
        ("papo connect --lang fr", ErrorKind::InvalidValue),
        ("papo connect --max 5", ErrorKind::UnknownArgument),
        ("papo admin create", ErrorKind::MissingRequiredArgument),
        ("papo admin revoke ana", ErrorKind::MissingRequiredArgument),
        ("papo admin revoke ana x", ErrorKind::ValueValidation),
        ("papo admin drop ana", ErrorKind::InvalidSubcommand),
        ("papo admin list --port 5", ErrorKind::UnknownArgument),
        ("papo backup", ErrorKind::MissingRequiredArgument),
        ("papo backup to --force", ErrorKind::UnknownArgument),
        ("papo restore", ErrorKind::MissingRequiredArgument),
        ("papo export", ErrorKind::MissingRequiredArgument),
        ("papo export sala --format pdf", ErrorKind::InvalidValue),
        ("papo export sala --since ontem", ErrorKind::ValueValidation),
        ("papo import", ErrorKind::MissingRequiredArgument),
        ("papo completions", ErrorKind::MissingRequiredArgument),
        ("papo completions dos", ErrorKind::InvalidValue),
    ] {
        let error = order(line).unwrap_err();
        assert_eq!((error.kind(), error.exit_code()), (kind, 2), "{line}: {error}");
    }
    for (line, kind) in [
        ("papo --help", ErrorKind::DisplayHelp),
        ("papo help", ErrorKind::DisplayHelp),
        ("papo -V", ErrorKind::DisplayVersion),
    ] {
        let error = order(line).unwrap_err();
        assert_eq!((error.kind(), error.exit_code()), (kind, 0), "{line}");
    }
}

#[test]
fn the_help_names_every_default_and_fits_a_terminal() {
    for line in ["papo -h", "papo --help", "papo serve --help", "papo connect --help"] {
        let help = order(line).unwrap_err().to_string();
        for text in help.lines() {
            assert!(text.chars().count() <= 110, "{line}: {text}");
        }
        assert!(help.contains("Examples:"), "{line}");
        assert!(
            help.contains("[default: 127.0.0.1]") && help.contains("[default: 7777]"),
            "{line}"
        );
    }
    let help = order("papo --help").unwrap_err().to_string();
    for setting in settings().filter(|setting| setting.extras.flag.is_some()) {
        assert!(help.contains(setting.doc_lines().next().unwrap()), "{}", setting.key);
    }
}

#[test]
fn completions_know_every_flag() {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::Elvish, Shell::PowerShell] {
        let script = String::from_utf8(completions(shell)).unwrap();
        for word in ["connect", "completions", "log-format", "nick", "max"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_man_page_holds_every_option_and_setting() {
    let page = String::from_utf8(man_page().unwrap()).unwrap();
    for setting in settings() {
        assert!(page.contains(&format!("\\fB{}\\fR", setting.key)), "{}", setting.key);
    }
    for title in [
        ".TH papo 1",
        ".SH OPTIONS\n",
        ".SH OPTIONS OF CONNECT",
        ".SH OPTIONS OF RESTORE",
        ".SH SETTINGS",
        ".SH COMMANDS OF ADMIN",
        ".SH OPTIONS OF ADMIN",
        "papo admin revoke <NICK> <NUMBER>",
    ] {
        assert!(page.contains(title), "{title}");
    }
    assert!(!page.contains("papo\\-serve"));
}
