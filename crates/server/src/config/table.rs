//! Every setting, one row each: its name, kind, default, flag and manual.
//!
//! All else follows from these rows: the [`Config`] that the program is handed, the flags and
//! their help, the names in the environment, what `papo config` prints, and `docs/config.md`.

use std::net::IpAddr;
use std::path::PathBuf;

use lang::Lang;

use super::ENV_PREFIX;
use super::surroundings::Surroundings;
use super::value::{LogFilter, LogFormat, Network, Range, Shape, Value, WebOrigin, Wrong};
use crate::tls::Plain;

/// A group of settings: a table of the TOML file.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its name in TOML.
    pub(crate) name: &'static str,
    /// What its settings are about.
    pub(crate) doc: &'static str,
    /// Its settings.
    pub(crate) settings: &'static [Setting],
}

/// A setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its name within its section.
    pub(crate) name: &'static str,
    /// Its whole name, `section.name`.
    pub(crate) key: &'static str,
    /// Its manual.
    pub(crate) doc: &'static str,
    /// Its default, as a flag or the environment would spell it.
    pub(crate) default: &'static str,
    /// How it is written in TOML.
    pub(crate) shape: Shape,
    /// What a right value is.
    pub(crate) expected: fn(Range) -> String,
    /// Whether these items are a right value: the same in canonical form.
    pub(crate) check: fn(&[String], Range) -> Result<Vec<String>, Wrong>,
    /// What not every setting has.
    pub(crate) extras: Extras,
}

impl Setting {
    /// Its name in the environment: `PAPO_` and its key.
    pub(crate) fn env(&self) -> String {
        format!("{ENV_PREFIX}{}", self.key.replace('.', "_").to_uppercase())
    }

    /// Its manual's lines.
    pub(crate) fn doc_lines(&self) -> impl Iterator<Item = &'static str> {
        lines(self.doc)
    }

    /// The items of a value as a flag or the environment spells it.
    pub(crate) fn items(&self, text: &str) -> Vec<String> {
        match self.shape {
            Shape::List if text.is_empty() => Vec::new(),
            Shape::List => text.split(',').map(|item| item.trim().to_owned()).collect(),
            Shape::Whole | Shape::Switch | Shape::Text => vec![text.to_owned()],
        }
    }
}

/// The lines of a doc comment.
pub(crate) fn lines(doc: &'static str) -> impl Iterator<Item = &'static str> {
    doc.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
}

/// Every setting, in the order of the manual.
pub(crate) fn settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings)
}

/// What not every setting has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extras {
    /// Its flag.
    pub(crate) flag: Option<Flag>,
    /// Its short name in the environment.
    pub(crate) short_env: Option<&'static str>,
    /// The numbers it takes.
    pub(crate) range: Range,
    /// What the empty default stands for on this machine.
    pub(crate) automatic: Option<fn(&Surroundings) -> Option<String>>,
}

/// A setting's flag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flag {
    /// `--long`.
    pub(crate) long: &'static str,
    /// `-s`.
    pub(crate) short: Option<char>,
    /// What its value is called in the help.
    pub(crate) value_name: &'static str,
}

impl Extras {
    const NONE: Self = Self { flag: None, short_env: None, range: (0, u32::MAX), automatic: None };

    const fn flag(self, long: &'static str, value_name: &'static str) -> Self {
        Self { flag: Some(Flag { long, short: None, value_name }), ..self }
    }

    const fn short(self, long: &'static str, short: char, value_name: &'static str) -> Self {
        Self { flag: Some(Flag { long, short: Some(short), value_name }), ..self }
    }

    const fn env(self, name: &'static str) -> Self {
        Self { short_env: Some(name), ..self }
    }

    const fn automatic(self, value: fn(&Surroundings) -> Option<String>) -> Self {
        Self { automatic: Some(value), ..self }
    }
}

const NONE: Extras = Extras::NONE;

const fn from_to(least: u32, greatest: u32) -> Extras {
    Extras { range: (least, greatest), ..NONE }
}

/// Longest time in seconds a setting takes: a year.
const SECONDS_MAX: u32 = 365 * 24 * 3600;

/// Longest time in days a setting takes: a century.
const DAYS_MAX: u32 = 36_500;

/// Greatest count a setting takes: past what one machine carries, and far from overflowing.
const COUNT_MAX: u32 = 1_000_000_000;

fn check<T: Value>(items: &[String], range: Range) -> Result<Vec<String>, Wrong> {
    T::parse(items, range).map(|value| value.show())
}

fn checked<T: Value>(items: &[String]) -> T {
    T::parse(items, NONE.range).expect("every value was checked when it was read")
}

/// Makes of the rows the typed structs and the table.
macro_rules! settings {
    ($(
        $(#[doc = $section_doc:literal])+
        $section:ident: $Section:ident {$(
            $(#[doc = $doc:literal])+
            $name:ident: $Type:ty = $default:literal $(, $extras:expr)?;
        )+}
    )+) => {
        /// The whole configuration, checked: plain values, handed to who needs them.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) struct Config {$(
            $(#[doc = $section_doc])+
            pub(crate) $section: $Section,
        )+}

        $(
            $(#[doc = $section_doc])+
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub(crate) struct $Section {$(
                $(#[doc = $doc])+
                pub(crate) $name: $Type,
            )+}
        )+

        impl Config {
            /// Builds it from each key's checked items.
            pub(super) fn of<'v>(items: impl Fn(&'static str) -> &'v [String]) -> Self {
                Self {$(
                    $section: $Section {$(
                        $name: checked(items(
                            concat!(stringify!($section), ".", stringify!($name)),
                        )),
                    )+},
                )+}
            }
        }

        /// Every section with its settings.
        pub(crate) static SECTIONS: &[Section] = &[$(
            Section {
                name: stringify!($section),
                doc: concat!($($section_doc, "\n"),+),
                settings: &[$(
                    Setting {
                        name: stringify!($name),
                        key: concat!(stringify!($section), ".", stringify!($name)),
                        doc: concat!($($doc, "\n"),+),
                        default: $default,
                        shape: <$Type as Value>::SHAPE,
                        expected: <$Type as Value>::expected,
                        check: check::<$Type>,
                        extras: [$($extras,)? NONE][0],
                    },
                )+],
            },
        )+];
    };
}

settings! {
    /// Where papo listens.
    listen: Listen {
        /// The address to listen on.
        ///
        /// 127.0.0.1 lets in only this machine; 0.0.0.0 lets in every IPv4 network, and `::`
        /// every network, IPv4 too.
        ip: IpAddr = "127.0.0.1", NONE.short("ip", 'i', "ADDRESS").env("PAPO_IP");
        /// The TCP port: for telnet, nc, `papo connect` and browsers alike.
        ///
        /// 0 takes any free port; the start says which.
        port: u16 = "7777", from_to(0, 65_535).short("port", 'p', "PORT").env("PAPO_PORT");
    }

    /// Encryption, on the same port: `docs/tls.md`.
    tls: Tls {
        /// A PEM file with the certificate, the server's own first and then those between it and an
        /// authority that clients know. Read again when it changes, and on SIGHUP. Empty: none.
        certificate: Option<PathBuf> = "";
        /// A PEM file with the certificate's private key, which not everybody may be able to read.
        key: Option<PathBuf> = "";
        /// What becomes of those who come unencrypted: `beside`, they are served too; `redirect`,
        /// browsers are sent to `https` and others are told and let go; `refuse`, all are.
        plain: Plain = "beside";
        /// Whether who comes from this machine may come unencrypted all the same.
        loopback_exempt: bool = "true";
        /// Seconds for which browsers are told to come encrypted only (HSTS, RFC 6797). 0: they
        /// are not told.
        ///
        /// Browsers keep to it, also when TLS is no longer there: begin with a small number.
        hsts_s: u32 = "0", from_to(0, 2 * SECONDS_MAX);
    }

    /// How much one server carries. Whoever comes at a limit is told so, and everyone else goes on.
    limits: Limits {
        /// Connections at once, of all protocols; the next one is told that the server is full.
        ///
        /// Each takes one open file: the start says if the system allows too few.
        connections: u32 = "10000",
            from_to(1, 1_000_000).short("max", 'm', "CONNECTIONS").env("PAPO_MAX");
        /// Connections at once from one address.
        ///
        /// A school or an office may stand behind a single address: leave room for it.
        connections_per_address: u32 = "1000", from_to(1, 1_000_000);
        /// Rooms at once; the next one cannot be created.
        rooms: u32 = "10000", from_to(1, 1_000_000);
        /// Addresses and networks that no limit per address holds for: this machine, a proxy.
        ///
        /// In a flag or in the environment, separate them by commas.
        trusted: Vec<Network> = "127.0.0.1/32,::1/128";
    }

    /// Who may log in, and from where.
    accounts: Accounts {
        /// Addresses and networks from which passwords and tokens are taken though nothing encrypts
        /// them: this machine, a proxy that speaks TLS. From anywhere else one enters as a guest.
        ///
        /// Whoever can listen on a network that is named here can read the passwords of those who
        /// log in from it: `0.0.0.0/0,::/0` is for a network whose listeners you trust, such as a
        /// class. In a flag or in the environment, separate them by commas.
        private: Vec<Network> = "127.0.0.0/8,::1/128";
    }

    /// How fast one may write. What comes too fast is refused with the seconds to wait.
    flood: Flood {
        /// Messages a second that one connection may go on writing. 0: no limit.
        messages_per_second: u32 = "10", from_to(0, 1_000_000);
        /// Messages that one connection may write at once, after a pause: a paste is no flood.
        burst: u32 = "60", from_to(1, 1_000_000);
        /// Messages a second that all connections of one address may go on writing. 0: no limit.
        address_messages_per_second: u32 = "200", from_to(0, 1_000_000);
        /// Messages that all connections of one address may write at once, after a pause.
        address_burst: u32 = "2000", from_to(1, 1_000_000);
        /// Messages refused in a row, with none let through between, after which a connection is
        /// cut. 0: never.
        cut_after: u32 = "200", from_to(0, 1_000_000);
    }

    /// What becomes of connections that say nothing.
    idle: Idle {
        /// Seconds of silence after which the network is probed for whether the other side is
        /// still there (TCP keep-alive). 0: never.
        probe_s: u32 = "300", from_to(0, 32_767);
        /// Seconds of silence after which a connection that is in no room is told so and closed.
        /// Who is in a room may listen for ever. 0: never.
        close_s: u32 = "3600", from_to(0, SECONDS_MAX);
    }

    /// How long things are kept at most; who owns a room may have it keep less.
    retention: Retention {
        /// Days after which a room that nobody is in or writes to is removed with its messages.
        /// 0: never.
        room_idle_days: u32 = "7", from_to(0, DAYS_MAX);
        /// Days after which a message is removed. 0: never.
        message_age_days: u32 = "0", from_to(0, DAYS_MAX);
        /// Messages kept in each room; beyond that the oldest go. 0: all.
        messages_per_room: u32 = "0", from_to(0, COUNT_MAX);
    }

    /// What is said, on the disk.
    data: Data {
        /// The folder of all that is kept. It is created if it is not there, and only one server
        /// at a time may use it.
        ///
        /// Empty: `$XDG_DATA_HOME/papo`, else `$HOME/.local/share/papo`; for root `/var/lib/papo`.
        folder: PathBuf = "",
            NONE.flag("data", "FOLDER").env("PAPO_DATA").automatic(Surroundings::data_folder);
    }

    /// What browsers see.
    pages: Pages {
        /// A folder of pages laid over the built-in ones: its `index.html` and `notfound.html`
        /// win. Nothing outside it is ever served. Empty: none.
        folder: Option<PathBuf> = "", NONE.flag("pages", "FOLDER").env("PAPO_PAGES");
    }

    /// The HTTP side.
    http: Http {
        /// Web addresses whose pages may open a WebSocket here and use the API, beside the server's
        /// own: such as `https://chat.example.org` or `http://localhost:5173`.
        ///
        /// In a flag or in the environment, separate them by commas.
        origins: Vec<WebOrigin> = "";
    }

    /// What the server tells its operator, on its standard error.
    log: Log {
        /// How log lines look: `human`, in colour on a terminal, or `json`, one object a line.
        /// `auto` is `human`.
        format: LogFormat = "auto", NONE.flag("log-format", "FORMAT");
        /// Which lines are written: `off`, `error`, `warn`, `info`, `debug`, `trace`, or a filter
        /// such as `info,papo::listen=debug`.
        level: LogFilter = "info", NONE.flag("log-level", "LEVEL").env("PAPO_LOG");
    }

    /// The server itself.
    server: Server {
        /// The language it speaks to those who have chosen none: `pt`, `en` or `es`.
        lang: Lang = "pt", NONE.flag("lang", "LANG").env("PAPO_LANG");
        /// Threads that carry the connections. 0: one for each core.
        shards: u32 = "0", from_to(0, 1024);
        /// Seconds that a server told to end leaves its connections to take what was said; then
        /// it ends all the same.
        shutdown_grace_s: u32 = "5", from_to(0, 3600);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_default_is_a_right_value() {
        for setting in settings() {
            let items = setting.items(setting.default);
            assert_eq!((setting.check)(&items, setting.extras.range), Ok(items), "{}", setting.key);
        }
    }

    #[test]
    fn every_name_means_one_setting() {
        let mut names = BTreeSet::from(["PAPO_CONFIG".to_owned(), "--config".to_owned()]);
        for setting in settings() {
            let flag = setting.extras.flag;
            let all = [
                Some(setting.env()),
                setting.extras.short_env.map(str::to_owned),
                flag.map(|flag| format!("--{}", flag.long)),
                flag.and_then(|flag| flag.short).map(|short| format!("-{short}")),
            ];
            for name in all.into_iter().flatten() {
                assert!(names.insert(name.clone()), "{name} is taken");
            }
        }
    }

    #[test]
    fn the_names_of_the_seed_hold() {
        let named = |key: &str| settings().find(|setting| setting.key == key).unwrap();
        for (key, short, long, env) in [
            ("listen.ip", Some('i'), "ip", "PAPO_IP"),
            ("listen.port", Some('p'), "port", "PAPO_PORT"),
            ("limits.connections", Some('m'), "max", "PAPO_MAX"),
            ("data.folder", None, "data", "PAPO_DATA"),
            ("pages.folder", None, "pages", "PAPO_PAGES"),
        ] {
            let extras = named(key).extras;
            assert_eq!(extras.short_env, Some(env));
            assert_eq!(extras.flag.map(|flag| (flag.short, flag.long)), Some((short, long)));
        }
    }
}
