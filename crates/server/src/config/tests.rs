//! The promises of the settings: precedence, exact refusals, and a print that reads back.

use std::fs;
use std::net::IpAddr;

use lang::Lang;
use proptest::prelude::*;

use super::file::gather_text;
use super::*;
use crate::tls::Plain;

/// An ordinary user's.
fn home(variables: &[(&str, &str)]) -> Surroundings {
    Surroundings::with(&[&[("HOME", "/home/ana")], variables].concat())
}

fn with_file(text: &str) -> Result<Loaded, Problems> {
    let mut gathered = Gathered::default();
    gather_text("papo.toml", text, &mut gathered);
    gathered.finish(&home(&[]))
}

fn set(assignments: &[&str]) -> Flags {
    Flags { set: assignments.iter().map(ToString::to_string).collect(), ..Flags::default() }
}

#[test]
fn without_any_source_the_defaults_hold() {
    let config = load(&Flags::default(), &home(&[])).unwrap().config;
    let Config { listen, tls, limits, accounts, flood, idle, retention, .. } = config;
    let Config { data, pages, http, log, server, .. } = config;
    assert_eq!((listen.ip, listen.port), ("127.0.0.1".parse().unwrap(), 7777));
    assert_eq!((tls.certificate, tls.key, tls.plain), (None, None, Plain::Beside));
    assert_eq!((tls.loopback_exempt, tls.hsts_s), (true, 0));
    assert_eq!((limits.connections, limits.connections_per_address), (10_000, 1000));
    assert_eq!(usize::try_from(limits.rooms), Ok(room::limits::ROOMS_MAX_DEFAULT));
    for (address, trusted) in
        [("127.0.0.1", true), ("::ffff:127.0.0.1", true), ("::1", true), ("127.0.0.2", false)]
    {
        assert_eq!(limits.trusts(address.parse().unwrap()), trusted, "{address}");
    }
    for (address, is_private) in [
        ("127.0.0.1", true),
        ("127.8.9.10", true),
        ("::1", true),
        ("::ffff:127.0.0.1", true),
        ("192.0.2.1", false),
        ("10.0.0.1", false),
        ("169.254.1.1", false),
        ("fe80::1", false),
        ("::ffff:192.0.2.1", false),
        ("0.0.0.0", false),
    ] {
        assert_eq!(accounts.is_private(address.parse().unwrap()), is_private, "{address}");
    }
    assert_eq!(flood.connection(), Rate { per_second: 10, burst: 60 });
    assert_eq!(flood.address(), Rate { per_second: 200, burst: 2000 });
    assert_eq!(flood.cut_after, 200);
    assert_eq!(idle.probe(), Some(Duration::from_mins(5)));
    assert_eq!(idle.close(), Some(Duration::from_hours(1)));
    assert_eq!(retention.room_idle(), Some(Duration::from_hours(7 * 24)));
    assert_eq!(retention.messages(), store::Retention { age_ms: None, count: None });
    assert_eq!(data.folder, PathBuf::from("/home/ana/.local/share/papo"));
    assert_eq!(pages.folder, None);
    assert_eq!(http.origins, []);
    assert_eq!((log.format, log.level.0.as_str()), (LogFormat::Auto, "info"));
    assert_eq!(server.lang, Lang::Pt);
    let cores = NonZeroUsize::new(2).unwrap();
    assert_eq!(server.shards(cores), cores);
    assert_eq!(server.shutdown_grace(), Duration::from_secs(5));
}

#[test]
fn zero_means_never_and_the_rest_is_in_its_unit() {
    let text = "[idle]\nprobe_s = 0\nclose_s = 0\n\
                [retention]\nroom_idle_days = 0\nmessage_age_days = 2\nmessages_per_room = 9\n\
                [server]\nshards = 3";
    let config = with_file(text).unwrap().config;
    assert_eq!((config.idle.probe(), config.idle.close()), (None, None));
    assert_eq!(config.retention.room_idle(), None);
    let kept = store::Retention { age_ms: Some(172_800_000), count: Some(9) };
    assert_eq!(config.retention.messages(), kept);
    assert_eq!(config.server.shards(NonZeroUsize::MIN).get(), 3);
}

#[test]
fn flags_win_over_the_environment_over_the_file_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.toml");
    fs::write(&path, "listen.port = 1\nlimits = { rooms = 1, connections = 1 }\n").unwrap();
    let file = path.to_str().unwrap();
    let env = [("PAPO_CONFIG", file), ("PAPO_LIMITS_ROOMS", "2"), ("PAPO_MAX", "2")];
    let flags = Flags { own: vec![("limits.connections", "3".to_owned())], ..Flags::default() };
    let loaded = load(&flags, &home(&env)).unwrap();
    let Config { listen, limits, server, .. } = &loaded.config;
    assert_eq!((server.shutdown_grace_s, listen.port, limits.rooms), (5, 1, 2));
    assert_eq!(limits.connections, 3);
    for (key, origin) in [
        ("server.shutdown_grace_s", "default".to_owned()),
        ("listen.port", format!("{file}:1")),
        ("limits.rooms", "PAPO_LIMITS_ROOMS".to_owned()),
        ("limits.connections", "--max".to_owned()),
    ] {
        assert_eq!(loaded.values[key].origin.to_string(), origin);
    }

    let other = folder.path().join("other.toml");
    fs::write(&other, "[listen]\nport = 4").unwrap();
    let flags = Flags { file: Some(other), ..set(&["limits.rooms=5"]) };
    let loaded = load(&flags, &home(&env)).unwrap();
    assert_eq!((loaded.config.listen.port, loaded.config.limits.rooms), (4, 5));
    assert_eq!(loaded.values["limits.rooms"].origin.to_string(), "--set limits.rooms");
}

/// Files with one mistake, and what is said of it.
const WRONG_FILES: &[(&str, &str)] = &[
    (
        "\n\n\n\n\n[limits]\nconections = 5",
        "papo.toml:7:1: unknown setting `limits.conections`; did you mean `limits.connections`?",
    ),
    ("port = 5", "papo.toml:1:1: unknown setting `port`; did you mean `listen.port`?"),
    ("[colours]\nred = 1", "papo.toml:2:1: unknown setting `colours.red`"),
    ("[colours]", "papo.toml:1:2: unknown setting `colours`"),
    (
        "[listem]\nport = 1",
        "papo.toml:2:1: unknown setting `listem.port`; did you mean `listen.port`?",
    ),
    (
        "\"listen.port\" = 1",
        "papo.toml:1:1: unknown setting `\"listen.port\"`; did you mean `listen.port`?",
    ),
    ("listen = 5", "papo.toml:1:1: `listen` is a section, not a setting"),
    ("[[listen]]\nport = 5", "papo.toml:1:3: `listen` is a section, not a setting"),
    (
        "[listen]\r\n  port = 65536\r\n",
        "papo.toml:2:10: `listen.port` must be a whole number from 0 to 65535, not `65536`",
    ),
    (
        "[listen]\nport = \"80\"",
        "papo.toml:2:8: `listen.port` must be a whole number from 0 to 65535, not `\"80\"`",
    ),
    (
        "[listen.port]\nx = 1",
        "papo.toml:1:1: `listen.port` must be a whole number from 0 to 65535, \
             not `[listen.port]`",
    ),
    (
        "limits.rooms = 0 # none",
        "papo.toml:1:16: `limits.rooms` must be a whole number from 1 to 1000000, not `0`",
    ),
    (
        "limits.rooms = 99_999_999_999_999_999_999",
        "papo.toml:1:16: `limits.rooms` must be a whole number from 1 to 1000000, \
             not `99_999_999_999_999_999_999`",
    ),
    (
        "limits.rooms = 1.5",
        "papo.toml:1:16: `limits.rooms` must be a whole number from 1 to 1000000, not `1.5`",
    ),
    (
        "listen.ip = 'localhost'",
        "papo.toml:1:13: `listen.ip` must be an IP address such as 127.0.0.1, 0.0.0.0 or ::1, \
             not `'localhost'`",
    ),
    (
        "limits.trusted = [\n  '10.0.0.0/8',\n  'ã', '10.0.0.0/33']",
        "papo.toml:3:3: `limits.trusted` must be a list of addresses or networks such as \
             `192.0.2.7` and `10.0.0.0/8`, not `'ã'`",
    ),
    (
        "limits.trusted = ['::1', '10.0.0.0/33']",
        "papo.toml:1:26: `limits.trusted` must be a list of addresses or networks such as \
             `192.0.2.7` and `10.0.0.0/8`, not `'10.0.0.0/33'`",
    ),
    (
        "limits.trusted = '::1'",
        "papo.toml:1:18: `limits.trusted` must be a list of addresses or networks such as \
             `192.0.2.7` and `10.0.0.0/8`, not `'::1'`",
    ),
    (
        "limits.trusted = [5]",
        "papo.toml:1:19: `limits.trusted` must be a list of addresses or networks such as \
             `192.0.2.7` and `10.0.0.0/8`, not `5`",
    ),
    (
        "log.format = 'jsno'",
        "papo.toml:1:14: `log.format` must be `auto`, `human` or `json`, not `'jsno'`; \
             did you mean `json`?",
    ),
    (
        "log.level = 'info,dbug'",
        "papo.toml:1:13: `log.level` must be `off`, `error`, `warn`, `info`, `debug` or \
             `trace`, or a filter such as `info,papo::listen=debug`, not `'info,dbug'`; \
             did you mean `debug`?",
    ),
    (
        "log.level = 'papo=loud'",
        "papo.toml:1:13: `log.level` must be `off`, `error`, `warn`, `info`, `debug` or \
             `trace`, or a filter such as `info,papo::listen=debug`, not `'papo=loud'`",
    ),
    ("server.lang = 'fr'", "papo.toml:1:15: `server.lang` must be `pt`, `en` or `es`, not `'fr'`"),
    (
        "data.folder = \"a\\u0000b\"",
        "papo.toml:1:15: `data.folder` must be the path of a file or a folder, not `\"a\\u0000b\"`",
    ),
    ("[listen]\nport = 1\nport = 2", "papo.toml:3:1: duplicate key"),
    ("[listen", "papo.toml:1:8: unclosed table, expected `]`"),
];

#[test]
fn a_wrong_file_is_refused_with_its_line_and_the_nearest_name() {
    for (text, expected) in WRONG_FILES {
        assert_eq!(with_file(text).unwrap_err().to_string(), *expected, "{text}");
    }
}

#[test]
fn a_wrong_value_is_shown_short_and_harmless() {
    let problems = with_file(&format!("log.format = '''\n\t{}'''", "x".repeat(1000)));
    let message = problems.unwrap_err().to_string();
    assert!(message.ends_with("xxx...`") && message.len() < 200, "{message}");
    assert!(!message.contains(char::is_control), "{message:?}");
    let flags = Flags { file: Some("no\u{1b}[2J\nfile".into()), ..Flags::default() };
    let message = load(&flags, &home(&[])).unwrap_err().to_string();
    assert_eq!(message, "no [2J file: No such file or directory (os error 2)");
}

#[test]
fn a_wrong_environment_is_refused_with_its_name() {
    for (variables, expected) in [
        (vec![("PAPO_PROT", "5")], "PAPO_PROT: unknown setting; did you mean `PAPO_PORT`?"),
        (
            vec![("PAPO_LISTN_PORT", "5")],
            "PAPO_LISTN_PORT: unknown setting; did you mean `PAPO_LISTEN_PORT`?",
        ),
        (vec![("PAPO_CONFG", "x")], "PAPO_CONFG: unknown setting; did you mean `PAPO_CONFIG`?"),
        (vec![("PAPO_", "")], "PAPO_: unknown setting"),
        (
            vec![("PAPO_PORT", "")],
            "PAPO_PORT: `listen.port` must be a whole number from 0 to 65535, not ``",
        ),
        (
            vec![("PAPO_PORT", "tcp://10.0.0.1:7777")],
            "PAPO_PORT: `listen.port` must be a whole number from 0 to 65535, \
             not `tcp://10.0.0.1:7777`",
        ),
        (
            vec![("PAPO_LISTEN_IP", "::1"), ("PAPO_IP", "::1")],
            "PAPO_LISTEN_IP: `listen.ip` is set by PAPO_IP too; keep one of them",
        ),
        (
            vec![("PAPO_LIMITS_TRUSTED", "::1,,10.0.0.1")],
            "PAPO_LIMITS_TRUSTED: `limits.trusted` must be a list of addresses or networks such \
             as `192.0.2.7` and `10.0.0.0/8`, not ``",
        ),
        (vec![("PAPO_CONFIG", "")], "PAPO_CONFIG: names no file"),
    ] {
        let problems = load(&Flags::default(), &home(&variables)).unwrap_err();
        assert_eq!(problems.to_string(), expected);
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStringExt;

    let mut surroundings = home(&[]);
    surroundings.variables.push(("PAPO_DATA".into(), OsStringExt::from_vec(vec![b'/', 0xff])));
    let problems = load(&Flags::default(), &surroundings).unwrap_err();
    assert_eq!(problems.to_string(), "PAPO_DATA: not UTF-8");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.toml");
    fs::write(&path, [b'#', 0xff]).unwrap();
    let problems = load(&Flags { file: Some(path), ..Flags::default() }, &home(&[]));
    let message = problems.unwrap_err().to_string();
    assert!(message.ends_with("papo.toml: stream did not contain valid UTF-8"), "{message}");
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.toml");
    let flags = Flags { file: Some(path.clone()), ..Flags::default() };
    fs::write(&path, "#".repeat(1 << 20)).unwrap();
    assert!(load(&flags, &home(&[])).is_ok());
    fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    let message = load(&flags, &home(&[])).unwrap_err().to_string();
    assert!(message.ends_with(": more than 1048576 bytes: not a configuration file"), "{message}");
}

#[test]
fn wrong_flags_are_refused_with_their_name() {
    let own = |text: &str| Flags { own: vec![("listen.port", text.into())], ..Flags::default() };
    for (flags, expected) in [
        (own("-1"), "--port: `listen.port` must be a whole number from 0 to 65535, not `-1`"),
        (set(&["limits.rooms"]), "--set limits.rooms: write --set limits.rooms=VALUE"),
        (set(&["rooms=5"]), "--set rooms: unknown setting `rooms`; did you mean `limits.rooms`?"),
        (set(&["=5"]), "--set : unknown setting ``"),
        (
            set(&["limits.rooms=5", "limits.rooms=6"]),
            "--set limits.rooms: `limits.rooms` is set by --set limits.rooms too; keep one of them",
        ),
        (
            Flags { set: vec!["listen.port=1".into()], ..own("2") },
            "--set listen.port: `listen.port` is set by --port too; keep one of them",
        ),
    ] {
        assert_eq!(load(&flags, &home(&[])).unwrap_err().to_string(), expected);
    }
}

#[test]
fn every_mistake_of_every_source_is_told_at_once_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("papo.toml");
    fs::write(&path, "server.shards = 'x'\nidle.probe = 1\n[flood]\nbrust = 1\n").unwrap();
    let flags = Flags { file: Some(path.clone()), ..set(&["data.folder=/x", "no=1"]) };
    let problems = load(&flags, &home(&[("PAPO_IPS", "1"), ("PAPO_MAX", "0")])).unwrap_err();
    let name = path.display();
    let expected = format!(
        "{name}:1:17: `server.shards` must be a whole number from 0 to 1024, not `'x'`\n\
         {name}:2:6: unknown setting `idle.probe`; did you mean `idle.probe_s`?\n\
         {name}:4:1: unknown setting `flood.brust`; did you mean `flood.burst`?\n\
         PAPO_IPS: unknown setting; did you mean `PAPO_IP`?\n\
         PAPO_MAX: `limits.connections` must be a whole number from 1 to 1000000, not `0`\n\
         --set no: unknown setting `no`"
    );
    assert_eq!(problems.to_string(), expected);
}

#[test]
fn without_a_home_the_data_folder_must_be_named() {
    let problems = load(&Flags::default(), &Surroundings::default()).unwrap_err();
    let expected = "data.folder: no home folder is known; say where with --data or PAPO_DATA";
    assert_eq!(problems.to_string(), expected);
    let loaded = load(&set(&["data.folder=/srv/papo"]), &Surroundings::default()).unwrap();
    assert_eq!(loaded.config.data.folder, PathBuf::from("/srv/papo"));
}

#[test]
fn what_is_printed_reads_back_as_the_same() {
    let odd = set(&[
        "listen.ip=2001:db8::1",
        "listen.port=0",
        "limits.rooms=5_000",
        "limits.trusted=",
        "data.folder=/a \"b\" '''c''' \\d\n\u{7f}\u{e3}\"\"\" = [x] # no comment",
        "pages.folder=C:\\pages",
        "log.level=warn,papo[{room=\"x\"}]=trace",
        "server.lang=en",
        "log.format=json",
    ]);
    let trusted = set(&["limits.trusted=10.0.0.0/8, ::1 ,192.0.2.7"]);
    for flags in [Flags::default(), odd, trusted] {
        let loaded = load(&flags, &home(&[])).unwrap();
        let printed = loaded.to_toml();
        let again = with_file(&printed).unwrap_or_else(|problems| panic!("{problems}\n{printed}"));
        assert_eq!(again.config, loaded.config, "{printed}");
        assert_eq!(
            again.values.values().filter(|given| given.origin == Origin::Default).count(),
            0,
            "every setting is printed"
        );
    }
    let defaults = with_file(&default_toml()).unwrap();
    assert_eq!(defaults.config, with_file("").unwrap().config);
}

#[test]
fn each_printed_setting_has_its_manual_and_its_source() {
    let printed = load(&set(&["limits.rooms=5"]), &home(&[("PAPO_PORT", "8000")])).unwrap();
    let printed = printed.to_toml();
    for expected in [
        "\n# Rooms at once; the next one cannot be created.\n# Also: PAPO_LIMITS_ROOMS\n\
         # From: --set limits.rooms\nrooms = 5\n",
        "\n#\n# 0 takes any free port; the start says which.\n\
         # Also: PAPO_LISTEN_PORT, PAPO_PORT, -p, --port\n# From: PAPO_PORT\nport = 8000\n",
        "\n# From: default\ntrusted = [\"127.0.0.1/32\", \"::1/128\"]\n",
    ] {
        assert!(printed.contains(expected), "{expected}\nis not in\n{printed}");
    }
}

#[test]
fn a_byte_order_mark_and_every_way_to_write_a_number_are_read() {
    let config = with_file("\u{feff}listen.port = 0x1F_90\nlimits.rooms = +1_000").unwrap().config;
    assert_eq!((config.listen.port, config.limits.rooms), (8080, 1000));
}

#[test]
fn an_ipv4_address_in_an_ipv6_socket_is_trusted_as_itself() {
    let config = with_file("limits.trusted = ['10.0.0.0/8', '192.0.2.7']").unwrap().config;
    let trusts = |text: &str| config.limits.trusts(text.parse::<IpAddr>().unwrap());
    assert!(trusts("::ffff:10.1.2.3") && trusts("192.0.2.7"));
    assert!(!trusts("192.0.2.8") && !trusts("::1"));
}

/// Made again with `UPDATE_DOCS=1`.
#[test]
fn the_manual_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/config.md");
    let page = print::manual_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &page).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/config.md is out of date: run the tests with UPDATE_DOCS=1");
}

/// What files are made of, and what they are not.
const PART: &str = concat!(
    r#"[\[\]=,."'\n #{}_-]|'''|\r\n|listen|port|limits|trusted|rooms|log|level|"#,
    r"[0-9]{1,12}|0x|10\.0\.0\.0/8|[\x00-\x1f\x7fãé]|\PC{1,4}"
);

proptest! {
    #[test]
    fn no_file_breaks_the_reader(parts in prop::collection::vec(PART, 0..30)) {
        // Whatever is refused is refused with a place in the file.
        if let Err(problems) = with_file(&parts.concat()) {
            for problem in problems.0 {
                let told = format!("{}: {}", problem.place, problem.message);
                prop_assert!(told.starts_with("papo.toml:"), "{told}");
                prop_assert!(!told.contains(char::is_control), "{told:?}");
            }
        }
    }

    #[test]
    fn any_folder_is_printed_as_it_is_read(name in "[^\0]{1,40}") {
        let loaded = load(&set(&[&format!("pages.folder={name}")]), &home(&[])).unwrap();
        let again = with_file(&loaded.to_toml());
        prop_assert_eq!(again.unwrap().config, loaded.config);
    }
}
