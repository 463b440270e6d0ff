//! What a typed line asks of the server, as far as the client must know it.

use lang::Lang;
use room::{Nick, RoomName};

/// The commands completion offers, with a space after those that take words.
pub(crate) const COMMANDS: [&str; 36] = [
    "--AUDIT ",
    "--BAN ",
    "--BANS",
    "--CAPACITY ",
    "--CHANNELS",
    "--CREATE ",
    "--DELETE ",
    "--EARLIER ",
    "--EDIT ",
    "--FILTER ",
    "--HELP",
    "--HISTORY ",
    "--INVITE ",
    "--JOIN ",
    "--KICK ",
    "--LANG ",
    "--LIST",
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
    "--REPLY ",
    "--RETENTION ",
    "--ROLE ",
    "--SEARCH ",
    "--SLOW ",
    "--TOPIC ",
    "--UNBAN ",
    "--UNMUTE ",
];

/// What a typed line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Something to say: any line that is no command, an unknown `--WORD` too.
    Message,
    /// To enter a room, made for it (`--CREATE`) or there already (`--JOIN`).
    Enter(RoomName, Nick),
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
    /// `--QUIT`
    Quit,
    /// Another command, or one with wrong words: one answer, and nothing changes here.
    Other,
}

impl Asked {
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
            ("--JOIN", [room, nick]) | ("--CREATE", [room, _, nick]) => enter(room, nick),
            ("--OUT", []) => Self::Leave,
            ("--NICK", [nick]) => Nick::parse(nick).map_or(Self::Other, Self::Rename),
            ("--LANG", [tag]) => Lang::of_tag(tag).map_or(Self::Other, Self::Speak),
            ("--TOPIC", _) => Self::Topic,
            ("--MSG" | "--REPLY" | "--REACT" | "--PIN", _) => Self::Once,
            ("--LIST", []) => Self::Members,
            ("--CHANNELS", []) => Self::Rooms,
            ("--QUIT", []) => Self::Quit,
            ("--CURSOR", _) => Self::Other,
            (word, _) if COMMANDS.iter().any(|command| command.trim_end() == word) => Self::Other,
            _ => Self::Message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("--QUIT", Asked::Quit),
        ] {
            assert_eq!(Asked::of(line), asked, "{line}");
        }
    }
}
