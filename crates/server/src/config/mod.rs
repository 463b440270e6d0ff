//! The settings: read once at the start, from flags, the environment, a file and the defaults,
//! checked, and handed on as plain values.
//!
//! A setting is one row of the table in `table.rs`. Where two sources name the same setting, a
//! flag wins over the environment, the environment over the file, the file over the default. No
//! file is read unless `--config` or `PAPO_CONFIG` names it: a file that happens to lie in the
//! folder where papo is started must not change what it does.
//!
//! Every mistake in every source is reported, also where another source wins, because a setting
//! that its author believes to be in force and is not is the worst kind.

mod file;
mod near;
mod print;
mod problem;
mod surroundings;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use room::rate::Rate;

use near::nearest;
pub(crate) use print::{default_toml, manual_lines};
pub(crate) use problem::Problems;
use problem::{Place, Problem, did_you_mean, short, wrong_value};
pub(crate) use surroundings::Surroundings;
pub(crate) use table::{Accounts, Config, Limits, Log, Setting, Tls, settings};
use table::{Flood, Idle, Retention, Server};
#[cfg(test)]
pub(crate) use value::LogFilter;
pub(crate) use value::{LogFormat, WebOrigin};

/// What the command line says about settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// The file that `--config` names.
    pub(crate) file: Option<PathBuf>,
    /// Each setting's key that has a flag of its own on the line, with its value.
    pub(crate) own: Vec<(&'static str, String)>,
    /// What each `--set` says, `key=value`.
    pub(crate) set: Vec<String>,
}

/// The configuration, and where each value came from.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The configuration.
    pub(crate) config: Config,
    values: BTreeMap<&'static str, Given>,
}

/// Reads and checks every setting.
///
/// # Errors
///
/// Every mistake found, in the order of the sources: file, environment, flags.
pub(crate) fn load(flags: &Flags, surroundings: &Surroundings) -> Result<Loaded, Problems> {
    let mut gathered = Gathered::default();
    if let Some(path) = config_file(flags, surroundings, &mut gathered) {
        file::gather(&path, &mut gathered);
    }
    gather_environment(surroundings, &mut gathered);
    gather_flags(flags, &mut gathered);
    gathered.finish(surroundings)
}

fn config_file(
    flags: &Flags,
    surroundings: &Surroundings,
    gathered: &mut Gathered,
) -> Option<PathBuf> {
    if let Some(path) = &flags.file {
        return Some(path.clone());
    }
    let (_, value) = surroundings.variables.iter().find(|(name, _)| name == CONFIG_ENV)?;
    if value.is_empty() {
        gathered.refuse(Place::Env(CONFIG_ENV.to_owned()), "names no file".to_owned());
        return None;
    }
    Some(PathBuf::from(value))
}

/// What the name of every setting in the environment begins with.
const ENV_PREFIX: &str = "PAPO_";

/// Names the configuration file.
const CONFIG_ENV: &str = "PAPO_CONFIG";

fn gather_environment(surroundings: &Surroundings, gathered: &mut Gathered) {
    let mut variables: Vec<_> = surroundings
        .variables
        .iter()
        .map(|(name, value)| (name.to_string_lossy(), value))
        .filter(|(name, _)| name.starts_with(ENV_PREFIX) && name != CONFIG_ENV)
        .collect();
    // The order in which the system hands them over means nothing.
    variables.sort_unstable();
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in variables {
        let place = Place::Env(name.to_string());
        let named = |setting: &&Setting| {
            setting.env() == name || setting.extras.short_env == Some(name.as_ref())
        };
        let Some(setting) = settings().find(named) else {
            let meant = nearest_env(&name);
            gathered.refuse(place, format!("unknown setting{}", did_you_mean(meant.as_deref())));
            continue;
        };
        if let Some(other) = seen.insert(setting.key, name.to_string()) {
            let message = format!("`{}` is set by {other} too; keep one of them", setting.key);
            gathered.refuse(place.clone(), message);
        }
        match value.to_str() {
            Some(text) => gathered.text(setting, text, place, Origin::Env(name.to_string())),
            None => gathered.refuse(place, "not UTF-8".to_owned()),
        }
    }
}

/// The nearest name; the prefix, which is right, must not make up for the rest.
fn nearest_env(name: &str) -> Option<String> {
    let known: Vec<String> = settings()
        .flat_map(|setting| {
            let short = setting.extras.short_env.map(str::to_owned);
            [Some(setting.env()), short].into_iter().flatten()
        })
        .chain([CONFIG_ENV.to_owned()])
        .collect();
    let rests = known.iter().filter_map(|known| known.strip_prefix(ENV_PREFIX));
    let meant = nearest(name.strip_prefix(ENV_PREFIX)?, rests)?;
    Some(format!("{ENV_PREFIX}{meant}"))
}

fn gather_flags(flags: &Flags, gathered: &mut Gathered) {
    let mut seen = BTreeMap::new();
    for (key, text) in &flags.own {
        let setting = settings().find(|setting| setting.key == *key).expect("flags come from rows");
        let flag = setting.extras.flag.expect("flags come from rows");
        let name = format!("--{}", flag.long);
        seen.insert(setting.key, name.clone());
        gathered.text(setting, text, Place::Flag(name.clone()), Origin::Flag(name));
    }
    for assignment in &flags.set {
        let (key, text) = match assignment.split_once('=') {
            Some((key, text)) => (key, text),
            None => (assignment.as_str(), ""),
        };
        let name = format!("--set {key}");
        let place = Place::Flag(name.clone());
        let Some(setting) = settings().find(|setting| setting.key == key) else {
            gathered.refuse_unknown(place, key);
            continue;
        };
        if !assignment.contains('=') {
            gathered.refuse(place, format!("write --set {key}=VALUE"));
            continue;
        }
        if let Some(other) = seen.insert(setting.key, name.clone()) {
            let message = format!("`{key}` is set by {other} too; keep one of them");
            gathered.refuse(place.clone(), message);
        }
        gathered.text(setting, text, place, Origin::Flag(name));
    }
}

/// A checked value and its source.
#[derive(Debug, Clone)]
struct Given {
    items: Vec<String>,
    origin: Origin,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Default,
    File { name: String, line: usize },
    Env(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Env(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// What has been read so far; a later source goes over an earlier one.
#[derive(Debug, Default)]
struct Gathered {
    values: BTreeMap<&'static str, Given>,
    problems: Vec<Problem>,
}

impl Gathered {
    fn accept(&mut self, setting: &'static Setting, items: Vec<String>, origin: Origin) {
        self.values.insert(setting.key, Given { items, origin });
    }

    fn refuse(&mut self, place: Place, message: String) {
        self.problems.push(Problem { place, message });
    }

    fn refuse_unknown(&mut self, place: Place, key: &str) {
        let meant = nearest(key, settings().map(|setting| setting.key));
        self.refuse(place, format!("unknown setting `{}`{}", short(key), did_you_mean(meant)));
    }

    /// A value as a flag or the environment spells it.
    fn text(&mut self, setting: &'static Setting, text: &str, place: Place, origin: Origin) {
        let items = setting.items(text);
        match (setting.check)(&items, setting.extras.range) {
            Ok(items) => self.accept(setting, items, origin),
            Err(wrong) => {
                self.refuse(place, wrong_value(setting, &items[wrong.item], wrong.nearest));
            }
        }
    }

    fn finish(mut self, surroundings: &Surroundings) -> Result<Loaded, Problems> {
        for setting in settings() {
            let given = self.values.entry(setting.key).or_insert_with(|| Given {
                items: setting.items(setting.default),
                origin: Origin::Default,
            });
            let Some(automatic) = setting.extras.automatic.filter(|_| given.items == [""]) else {
                continue;
            };
            match automatic(surroundings) {
                Some(value) => given.items = vec![value],
                None => self.problems.push(Problem {
                    place: Place::Setting(setting.key),
                    message: format!(
                        "no home folder is known; say where with {} or {}",
                        setting
                            .extras
                            .flag
                            .map_or(String::new(), |flag| format!("--{}", flag.long)),
                        setting.extras.short_env.unwrap_or_default(),
                    ),
                }),
            }
        }
        if !self.problems.is_empty() {
            return Err(Problems(self.problems));
        }
        let config = Config::of(|key| &self.values[key].items);
        Ok(Loaded { config, values: self.values })
    }
}

impl Limits {
    /// Whether no limit per address holds for `address`.
    pub(crate) fn trusts(&self, address: std::net::IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }
}

impl Accounts {
    /// Whether a password or a token may go over a connection from `address` that nothing encrypts.
    pub(crate) fn is_private(&self, address: std::net::IpAddr) -> bool {
        self.private.iter().any(|network| network.contains(address))
    }
}

impl Flood {
    /// How fast one connection may write.
    pub(crate) fn connection(&self) -> Rate {
        Rate { per_second: self.messages_per_second, burst: self.burst }
    }

    /// How fast all connections of one address may write.
    pub(crate) fn address(&self) -> Rate {
        Rate { per_second: self.address_messages_per_second, burst: self.address_burst }
    }
}

impl Idle {
    /// How long a connection is silent before it is probed; `None`: it never is.
    pub(crate) fn probe(&self) -> Option<Duration> {
        seconds(self.probe_s)
    }

    /// How long a connection is silent before it is closed; `None`: it never is.
    pub(crate) fn close(&self) -> Option<Duration> {
        seconds(self.close_s)
    }
}

impl Retention {
    /// How long a room lies idle before it is removed; `None`: it never is.
    pub(crate) fn room_idle(&self) -> Option<Duration> {
        days(self.room_idle_days)
    }

    /// How long messages are kept.
    pub(crate) fn messages(&self) -> store::Retention {
        store::Retention {
            age_ms: (self.message_age_days > 0)
                .then(|| u64::from(self.message_age_days) * 24 * 3600 * 1000),
            count: (self.messages_per_room > 0).then_some(self.messages_per_room.into()),
        }
    }
}

impl Server {
    /// How many threads carry the connections, on a machine with `cores`.
    pub(crate) fn shards(&self, cores: NonZeroUsize) -> NonZeroUsize {
        usize::try_from(self.shards).ok().and_then(NonZeroUsize::new).unwrap_or(cores)
    }

    /// How long connections are left at the end to take what was said.
    pub(crate) fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_s.into())
    }
}

fn seconds(count: u32) -> Option<Duration> {
    (count > 0).then(|| Duration::from_secs(count.into()))
}

fn days(count: u32) -> Option<Duration> {
    (count > 0).then(|| Duration::from_hours(u64::from(count) * 24))
}
