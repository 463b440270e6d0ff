//! The kinds of values that settings have: how each is read, shown and described.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use lang::Lang;

use super::near::nearest;
use crate::tls::Plain;

/// How a value is written in TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Switch,
    /// A string.
    Text,
    /// A list of strings; in a flag or in the environment, separated by commas.
    List,
}

/// The least and the greatest whole number a setting takes.
pub(crate) type Range = (u32, u32);

/// A value that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Which item of a list it is; 0 where there is no list.
    pub(crate) item: usize,
    /// What may have been meant.
    pub(crate) nearest: Option<&'static str>,
}

impl Wrong {
    const PLAIN: Self = Self { item: 0, nearest: None };
}

/// A kind of value.
pub(crate) trait Value: Sized {
    /// How it is written in TOML.
    const SHAPE: Shape;

    /// What a right value is, to go after "must be".
    fn expected(range: Range) -> String;

    /// Reads it from its items: exactly one, but for [`Shape::List`].
    fn parse(items: &[String], range: Range) -> Result<Self, Wrong>;

    /// The items that [`Value::parse`] reads as this value, in their one canonical form.
    fn show(&self) -> Vec<String>;
}

macro_rules! whole_numbers {
    ($($Type:ty),+) => {$(
        impl Value for $Type {
            const SHAPE: Shape = Shape::Whole;

            fn expected((least, greatest): Range) -> String {
                format!("a whole number from {least} to {greatest}")
            }

            fn parse(items: &[String], (least, greatest): Range) -> Result<Self, Wrong> {
                // As TOML does, so that a value can be copied from a file to a flag.
                let digits = items[0].replace('_', "");
                let number = digits.parse::<$Type>().map_err(|_| Wrong::PLAIN)?;
                let in_range = (least..=greatest).contains(&u32::from(number));
                in_range.then_some(number).ok_or(Wrong::PLAIN)
            }

            fn show(&self) -> Vec<String> {
                vec![self.to_string()]
            }
        }
    )+};
}

whole_numbers!(u16, u32);

impl Value for bool {
    const SHAPE: Shape = Shape::Switch;

    fn expected(_: Range) -> String {
        "`true` or `false`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        items[0].parse().map_err(|_| Wrong::PLAIN)
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for Plain {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "`beside`, `redirect` or `refuse`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        match items[0].as_str() {
            "beside" => Ok(Self::Beside),
            "redirect" => Ok(Self::Redirect),
            "refuse" => Ok(Self::Refuse),
            other => {
                Err(Wrong { item: 0, nearest: nearest(other, ["beside", "redirect", "refuse"]) })
            }
        }
    }

    fn show(&self) -> Vec<String> {
        let name = match self {
            Self::Beside => "beside",
            Self::Redirect => "redirect",
            Self::Refuse => "refuse",
        };
        vec![name.to_owned()]
    }
}

impl Value for IpAddr {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "an IP address such as 127.0.0.1, 0.0.0.0 or ::1".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        items[0].parse().map_err(|_| Wrong::PLAIN)
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Value for PathBuf {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "the path of a file or a folder".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        if items[0].contains('\0') { Err(Wrong::PLAIN) } else { Ok(Self::from(&items[0])) }
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string_lossy().into_owned()]
    }
}

/// The empty text is none.
impl Value for Option<PathBuf> {
    const SHAPE: Shape = Shape::Text;

    fn expected(range: Range) -> String {
        PathBuf::expected(range)
    }

    fn parse(items: &[String], range: Range) -> Result<Self, Wrong> {
        if items[0].is_empty() { Ok(None) } else { PathBuf::parse(items, range).map(Some) }
    }

    fn show(&self) -> Vec<String> {
        self.as_ref().map_or_else(|| vec![String::new()], PathBuf::show)
    }
}

impl Value for Lang {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "`pt`, `en` or `es`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        items[0].parse().map_err(|_| Wrong::PLAIN)
    }

    fn show(&self) -> Vec<String> {
        vec![self.code().to_owned()]
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// As [`LogFormat::Human`].
    Auto,
    /// A line for people, in colour on a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

impl Value for LogFormat {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "`auto`, `human` or `json`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        match items[0].as_str() {
            "auto" => Ok(Self::Auto),
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            other => Err(Wrong { item: 0, nearest: nearest(other, ["auto", "human", "json"]) }),
        }
    }

    fn show(&self) -> Vec<String> {
        let name = match self {
            Self::Auto => "auto",
            Self::Human => "human",
            Self::Json => "json",
        };
        vec![name.to_owned()]
    }
}

/// Which log lines are written: the directives of `tracing`'s filter, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogFilter(pub(crate) String);

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Value for LogFilter {
    const SHAPE: Shape = Shape::Text;

    fn expected(_: Range) -> String {
        "`off`, `error`, `warn`, `info`, `debug` or `trace`, or a filter such as \
         `info,papo::listen=debug`"
            .to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        // The filter takes a lone word that is no level for the name of a target, and shows
        // everything of it: `inof` would silently be no log at all.
        for word in items[0].split(',').filter(|part| !part.contains(['=', '['])) {
            if !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)) {
                return Err(Wrong { item: 0, nearest: nearest(word, LEVELS) });
            }
        }
        tracing_subscriber::EnvFilter::builder()
            .parse(&items[0])
            .map(|_| Self(items[0].clone()))
            .map_err(|_| Wrong::PLAIN)
    }

    fn show(&self) -> Vec<String> {
        vec![self.0.clone()]
    }
}

/// The addresses that share a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    prefix_bits: u8,
}

/// Bits of the prefix of IPv4-mapped IPv6 addresses, `::ffff:0:0/96` (RFC 4291, section 2.5.5.2).
const MAPPED_BITS: u8 = 96;

impl Network {
    /// Whether `address` is one of them. An IPv4 address that came in through an IPv6 socket
    /// (`::ffff:10.0.0.1`) is the IPv4 address.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let shared_bits = match (self.address, address.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                (one.to_bits() ^ other.to_bits()).leading_zeros()
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => {
                (one.to_bits() ^ other.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        shared_bits >= u32::from(self.prefix_bits)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}

impl FromStr for Network {
    type Err = Wrong;

    /// `10.0.0.0/8`, or an address, which stands for itself alone.
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| Wrong::PLAIN)?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits: u8 = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| Wrong::PLAIN)?,
            None => bits,
        };
        if prefix_bits > bits {
            return Err(Wrong::PLAIN);
        }
        // Members' addresses are canonical, so a network of mapped ones would contain nobody.
        Ok(match (address.to_canonical(), prefix_bits.checked_sub(MAPPED_BITS)) {
            (v4 @ IpAddr::V4(_), Some(prefix_bits)) if address.is_ipv6() => {
                Self { address: v4, prefix_bits }
            }
            _ => Self { address, prefix_bits },
        })
    }
}

impl Value for Vec<Network> {
    const SHAPE: Shape = Shape::List;

    fn expected(_: Range) -> String {
        "a list of addresses or networks such as `192.0.2.7` and `10.0.0.0/8`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        let network = |(item, text): (usize, &String)| {
            text.parse().map_err(|wrong: Wrong| Wrong { item, ..wrong })
        };
        items.iter().enumerate().map(network).collect()
    }

    fn show(&self) -> Vec<String> {
        self.iter().map(Network::to_string).collect()
    }
}

/// Where a web page comes from (RFC 6454, section 6.2): a scheme, a host and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebOrigin(String);

impl WebOrigin {
    /// Whether that is how a browser writes it.
    pub(crate) fn is(&self, written: &str) -> bool {
        self.0.eq_ignore_ascii_case(written)
    }
}

impl FromStr for WebOrigin {
    type Err = Wrong;

    /// `https://chat.example.org` or `http://localhost:5173`; no path, not even `/`.
    fn from_str(text: &str) -> Result<Self, Wrong> {
        let (scheme, authority) = text.split_once("://").ok_or(Wrong::PLAIN)?;
        let is_scheme = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        if is_scheme && !authority.is_empty() && authority.bytes().all(is_plain) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Wrong::PLAIN)
        }
    }
}

impl Value for Vec<WebOrigin> {
    const SHAPE: Shape = Shape::List;

    fn expected(_: Range) -> String {
        "a list of web addresses without a path, such as `https://chat.example.org`".to_owned()
    }

    fn parse(items: &[String], _: Range) -> Result<Self, Wrong> {
        let origin = |(item, text): (usize, &String)| {
            text.parse().map_err(|wrong: Wrong| Wrong { item, ..wrong })
        };
        items.iter().enumerate().map(origin).collect()
    }

    fn show(&self) -> Vec<String> {
        self.iter().map(|origin| origin.0.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        for (text, is) in [
            ("https://chat.example.org", true),
            ("HTTP://localhost:5173", true),
            ("http://[::1]:7777", true),
            ("https://chat.example.org/", false),
            ("chat.example.org", false),
            ("https://", false),
            ("ftp://chat.example.org", false),
            ("*", false),
        ] {
            assert_eq!(text.parse::<WebOrigin>().is_ok(), is, "{text}");
        }
    }

    #[test]
    fn networks_contain_what_shares_their_prefix() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("127.0.0.1/32", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "192.0.2.7", true),
            ("0.0.0.0/0", "::1", false),
            ("::1", "::1", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("::/0", "192.0.2.7", false),
            ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("::ffff:10.0.0.1", "10.0.0.2", false),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert_eq!(parsed.contains(address.parse().unwrap()), inside, "{network} {address}");
        }
    }
}
