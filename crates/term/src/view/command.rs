//! What a typed line asks of the server, as far as the client must know it.

use std::borrow::Cow;

use lang::Lang;
use room::{Nick, RoomName};

/// The commands completion offers, with a space after those that take words.
pub(crate) const COMMANDS: [&str; 45] = [
    "--AUDIT ",
    "--BAN ",
    "--BANS",
    "--CAPACITY ",
    "--CHANNELS",
    "--CREATE ",
    "--DELETE ",
    "--DM ",
    "--EARLIER ",
    "--EDIT ",
    "--FILTER ",
    "--HELP",
    "--HISTORY ",
    "--INVITE ",
    "--JOIN ",
    "--KICK ",
    "--LANG ",
    "--LINK ",
    "--LINKS",
    "--LIST",
    "--LOGIN ",
    "--LOGOUT",
    "--MODE ",
    "--MSG ",
    "--MUTE ",
    "--NICK ",
    "--OUT",
    "--PIN ",
    "--PINS",
    "--PURGE ",
    "--QUIT",
    "--RAID ",
    "--REACT ",
    "--REGISTER ",
    "--REPLY ",
    "--RETENTION ",
    "--REVOKE ",
    "--ROLE ",
    "--SEARCH ",
    "--SLOW ",
    "--TOKENS",
    "--TOPIC ",
    "--UNBAN ",
    "--UNLINK ",
    "--UNMUTE ",
];

/// What a typed line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Something to say: any line that is no command, an unknown `--WORD` too.
    Message,
    /// To enter a room, made for it (`--CREATE`) or there already (`--JOIN`).
    Enter(RoomName, Nick),
    /// To enter the room that a guest link leads to: its path or address.
    EnterByLink(String, Nick),
    /// `--LINK`: its answer has the address of a link.
    MakeLink,
    /// To enter the room of two with someone (`--DM`): the answer names it.
    Direct,
    /// `--OUT`
    Leave,
    /// `--NICK`
    Rename(Nick),
    /// `--LANG`
    Speak(Lang),
    /// `--TOPIC`
    Topic,
    /// `--MSG`, `--REPLY`, `--REACT`, `--PIN`: sent twice it would be done twice.
    Once,
    /// `--LIST`: its answer names who is here.
    Members,
    /// `--CHANNELS`: its answer names the rooms.
    Rooms,
    /// `--REGISTER`, `--LOGIN`: with the token, if one was typed.
    LogIn(Option<String>),
    /// `--LOGOUT`
    LogOut,
    /// `--QUIT`
    Quit,
    /// Another command, or one with wrong words: one answer, and nothing changes here.
    Other,
}

impl Asked {
    /// Whether it asks to be elsewhere.
    pub(crate) const fn moves(&self) -> bool {
        matches!(self, Self::Enter(..) | Self::EnterByLink(..) | Self::Direct | Self::Leave)
    }

    /// Says what `line` asks.
    pub(crate) fn of(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { return Self::Message };
        let words: Vec<&str> = words.collect();
        let enter = |room: &str, nick: &str| match (RoomName::parse(room), Nick::parse(nick)) {
            (Ok(room), Ok(nick)) => Self::Enter(room, nick),
            _ => Self::Other,
        };
        match (first.to_ascii_uppercase().as_str(), &words[..]) {
            ("--JOIN", [address, nick]) if wire::has_link_path(address) => {
                let by_link = |nick| Self::EnterByLink((*address).to_owned(), nick);
                Nick::parse(nick).map_or(Self::Other, by_link)
            }
            ("--LINK", _) => Self::MakeLink,
            ("--JOIN", [room, nick]) | ("--CREATE", [room, _, nick]) => enter(room, nick),
            ("--DM", [nick]) if Nick::parse(nick).is_ok() => Self::Direct,
            ("--OUT", []) => Self::Leave,
            ("--NICK", [nick]) => Nick::parse(nick).map_or(Self::Other, Self::Rename),
            ("--LANG", [tag]) => Lang::of_tag(tag).map_or(Self::Other, Self::Speak),
            ("--TOPIC", _) => Self::Topic,
            ("--MSG" | "--REPLY" | "--REACT" | "--PIN", _) => Self::Once,
            ("--LOGIN", [token]) => Self::LogIn(Some((*token).to_owned())),
            ("--LOGIN" | "--REGISTER", [_, ..]) => Self::LogIn(None),
            ("--LOGOUT", []) => Self::LogOut,
            ("--LIST", []) => Self::Members,
            ("--CHANNELS", []) => Self::Rooms,
            ("--QUIT", []) => Self::Quit,
            ("--CURSOR", _) => Self::Other,
            (word, _) if COMMANDS.iter().any(|command| command.trim_end() == word) => Self::Other,
            _ => Self::Message,
        }
    }
}

/// A line as it may be shown and nowhere kept: a password or a token in it becomes asterisks, a
/// character each. Borrowed if there is none in it.
pub(crate) fn masked(line: &str) -> Cow<'_, str> {
    match secret_at(line) {
        Some(at) => {
            let hide = |c: char| if c.is_whitespace() { c } else { '*' };
            Cow::Owned(line[..at].chars().chain(line[at..].chars().map(hide)).collect())
        }
        None => Cow::Borrowed(line),
    }
}

/// Where a password or a token begins in a line, in bytes.
fn secret_at(line: &str) -> Option<usize> {
    let word_after = |from: usize| {
        let rest = &line[from..];
        let start = from + rest.len() - rest.trim_start().len();
        let end = line[start..].find(char::is_whitespace).map_or(line.len(), |end| start + end);
        (start < end).then_some((start, end))
    };
    let (start, end) = word_after(0)?;
    let (first, first_end) = word_after(end)?;
    match line[start..end].to_ascii_uppercase().as_str() {
        "--REGISTER" => Some(first),
        "--LOGIN" if line[first..].starts_with(TOKEN_PREFIX) => Some(first),
        "--LOGIN" => word_after(first_end).map(|(password, _)| password),
        _ => None,
    }
}

/// What a token begins with.
pub(crate) const TOKEN_PREFIX: &str = "papo_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        for (line, shown) in [
            ("--REGISTER é segredo", "--REGISTER * *******"),
            ("  --login  ana  abc", "  --login  ana  ***"),
            ("--LOGIN papo_x", "--LOGIN ******"),
            ("--LOGIN ana", "--LOGIN ana"),
            ("--REGISTER ", "--REGISTER "),
            ("registra --REGISTER x", "registra --REGISTER x"),
            ("", ""),
        ] {
            assert_eq!(masked(line), shown);
        }
    }

    #[test]
    fn lines_ask_what_the_protocol_says() {
        let enter = Asked::Enter(RoomName::parse("sala").unwrap(), Nick::parse("ana").unwrap());
        for (line, asked) in [
            ("oi", Asked::Message),
            ("--xyz", Asked::Message),
            ("- --JOIN a b", Asked::Message),
            ("--join sala ana", enter.clone()),
            ("--CREATE sala 10 ana", enter),
            ("--JOIN sala", Asked::Other),
            ("--JOIN a!b ana", Asked::Other),
            ("--JOIN /i/a ana", Asked::EnterByLink("/i/a".to_owned(), Nick::parse("ana").unwrap())),
            ("--JOIN /i/a a!b", Asked::Other),
            ("--LINK 2h 3", Asked::MakeLink),
            ("--LINKS", Asked::Other),
            ("--out", Asked::Leave),
            ("--OUT já", Asked::Other),
            ("--LANG en", Asked::Speak(Lang::En)),
            ("--MSG ana oi", Asked::Once),
            ("--reply 12 oi", Asked::Once),
            ("--REACT 12 👍", Asked::Once),
            ("--PIN 12", Asked::Once),
            ("--PINS", Asked::Other),
            ("--EDIT 12 oi", Asked::Other),
            ("--DELETE 12", Asked::Other),
            ("--help", Asked::Other),
            ("--login papo_x", Asked::LogIn(Some("papo_x".to_owned()))),
            ("--LOGIN ana segredo", Asked::LogIn(None)),
            ("--REGISTER muito segredo", Asked::LogIn(None)),
            ("--LOGIN", Asked::Other),
            ("--LOGOUT", Asked::LogOut),
            ("--QUIT", Asked::Quit),
        ] {
            assert_eq!(Asked::of(line), asked, "{line}");
        }
    }
}
