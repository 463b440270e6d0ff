//! What a line asks for.

use lang::Lang;
use room::{Emoji, Nick, Order, Role, RoomName, Seq, Text};

use super::{Problem, order};
use crate::{Secret, WantedLink, has_link_path, link_token};

/// Messages that `--HISTORY` shows where no number is given.
const HISTORY_DEFAULT: usize = 20;

/// Messages that `--HISTORY` shows at most.
pub const HISTORY_MAX: usize = 200;

/// What may be typed for an emoji on a keyboard without any.
const TYPED_EMOJI: [(&str, &str); 6] =
    [("+1", "👍"), ("-1", "👎"), ("<3", "❤"), (":)", "🙂"), (":(", "🙁"), (":D", "😀")];

/// The commands, in the order in which `--HELP` lists them: the seed's six, then papo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Make a room and enter it.
    Create,
    /// Enter a room.
    Join,
    /// Leave the room.
    Out,
    /// List the rooms.
    Channels,
    /// List who is here.
    List,
    /// List the commands.
    Help,
    /// Show the last messages.
    History,
    /// Search the messages.
    Search,
    /// Say something to one person.
    Msg,
    /// Show or set the topic.
    Topic,
    /// Be called otherwise.
    Nick,
    /// Choose the server's language.
    Lang,
    /// Number the messages, and catch up.
    Cursor,
    /// Leave and close.
    Quit,
    /// Answer a message.
    Reply,
    /// Correct one's message.
    Edit,
    /// Take one's message back.
    Delete,
    /// Give a message an emoji.
    React,
    /// Pin a message.
    Pin,
    /// Show the pinned messages.
    Pins,
    /// Put someone out.
    Kick,
    /// Put someone out and keep her out.
    Ban,
    /// Let someone in again.
    Unban,
    /// Silence someone.
    Mute,
    /// Let someone speak again.
    Unmute,
    /// Say how often one may speak.
    Slow,
    /// Say what may not be said.
    Filter,
    /// Keep guests out and silent.
    Raid,
    /// Give a role.
    Role,
    /// Say who may find the room.
    Mode,
    /// Say how many the room holds.
    Capacity,
    /// Let someone in.
    Invite,
    /// Show what is in force.
    Bans,
    /// Delete what someone said.
    Purge,
    /// Show who did what.
    Audit,
    /// Show what a message said before.
    Earlier,
    /// Say how long messages are kept.
    Retention,
    /// Make a guest link.
    Link,
    /// List the guest links.
    Links,
    /// Revoke one of these.
    Unlink,
    /// Make an account of one's name.
    Register,
    /// Log in to one's account.
    Login,
    /// Log out.
    Logout,
    /// List where one's account is logged in.
    Tokens,
    /// End one of these.
    Revoke,
    /// Enter the room of two with someone.
    Dm,
    /// Show what is unread.
    Unread,
}

impl Verb {
    /// All of them, in the order of `--HELP`.
    pub const ALL: [Self; 47] = [
        Self::Create,
        Self::Join,
        Self::Out,
        Self::Channels,
        Self::List,
        Self::Help,
        Self::History,
        Self::Search,
        Self::Msg,
        Self::Topic,
        Self::Nick,
        Self::Lang,
        Self::Cursor,
        Self::Quit,
        Self::Reply,
        Self::Edit,
        Self::Delete,
        Self::React,
        Self::Pin,
        Self::Pins,
        Self::Kick,
        Self::Ban,
        Self::Unban,
        Self::Mute,
        Self::Unmute,
        Self::Slow,
        Self::Filter,
        Self::Raid,
        Self::Role,
        Self::Mode,
        Self::Capacity,
        Self::Invite,
        Self::Bans,
        Self::Purge,
        Self::Audit,
        Self::Earlier,
        Self::Retention,
        Self::Link,
        Self::Links,
        Self::Unlink,
        Self::Register,
        Self::Login,
        Self::Logout,
        Self::Tokens,
        Self::Revoke,
        Self::Dm,
        Self::Unread,
    ];

    /// The word that asks for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "--CREATE",
            Self::Join => "--JOIN",
            Self::Out => "--OUT",
            Self::Channels => "--CHANNELS",
            Self::List => "--LIST",
            Self::Help => "--HELP",
            Self::History => "--HISTORY",
            Self::Search => "--SEARCH",
            Self::Msg => "--MSG",
            Self::Topic => "--TOPIC",
            Self::Nick => "--NICK",
            Self::Lang => "--LANG",
            Self::Cursor => "--CURSOR",
            Self::Quit => "--QUIT",
            Self::Reply => "--REPLY",
            Self::Edit => "--EDIT",
            Self::Delete => "--DELETE",
            Self::React => "--REACT",
            Self::Pin => "--PIN",
            Self::Pins => "--PINS",
            Self::Kick => "--KICK",
            Self::Ban => "--BAN",
            Self::Unban => "--UNBAN",
            Self::Mute => "--MUTE",
            Self::Unmute => "--UNMUTE",
            Self::Slow => "--SLOW",
            Self::Filter => "--FILTER",
            Self::Raid => "--RAID",
            Self::Role => "--ROLE",
            Self::Mode => "--MODE",
            Self::Capacity => "--CAPACITY",
            Self::Invite => "--INVITE",
            Self::Bans => "--BANS",
            Self::Purge => "--PURGE",
            Self::Audit => "--AUDIT",
            Self::Earlier => "--EARLIER",
            Self::Retention => "--RETENTION",
            Self::Link => "--LINK",
            Self::Links => "--LINKS",
            Self::Unlink => "--UNLINK",
            Self::Register => "--REGISTER",
            Self::Login => "--LOGIN",
            Self::Logout => "--LOGOUT",
            Self::Tokens => "--TOKENS",
            Self::Revoke => "--REVOKE",
            Self::Dm => "--DM",
            Self::Unread => "--UNREAD",
        }
    }

    /// Its line in `--HELP`. The first six are the seed's, to the letter.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Create => {
                "--CREATE <NomeCanal> <CapacidadeDeUsuarios> <NomeUsuario> - Create Channel"
            }
            Self::Join => "--JOIN <NomeCanal> <NomeUsuario> - Join Channel",
            Self::Out => "--OUT - Exit Channel",
            Self::Channels => "--CHANNELS - List available channels",
            Self::List => "--LIST - List user in channel",
            Self::Help => "--HELP - Show all commands description",
            Self::History => "--HISTORY [n] - Show the last messages of the channel",
            Self::Search => "--SEARCH <texto> - Search the messages of the channel",
            Self::Msg => "--MSG <NomeUsuario> <texto> - Send a private message",
            Self::Topic => "--TOPIC [texto] - Show or set the topic of the channel",
            Self::Nick => "--NICK <NomeUsuario> - Change your name",
            Self::Lang => "--LANG <pt|en|es> - Choose the language of the server",
            Self::Cursor => "--CURSOR [n] - Number the messages, and show those after n",
            Self::Quit => "--QUIT - Leave and close",
            Self::Reply => "--REPLY <n> <texto> - Reply to message n, as --HISTORY numbers it",
            Self::Edit => "--EDIT <n> <texto> - Correct your message n",
            Self::Delete => "--DELETE <n> - Delete your message n",
            Self::React => "--REACT <n> <emoji> - React to message n; again takes it away",
            Self::Pin => "--PIN <n> - Pin message n; again takes it away",
            Self::Pins => "--PINS - Show the pinned messages",
            Self::Kick => "--KICK <NomeUsuario> [motivo] - Put someone out",
            Self::Ban => {
                "--BAN <NomeUsuario|endereco> [10m|2h|7d] [motivo] - Put someone out and keep out"
            }
            Self::Unban => "--UNBAN <NomeUsuario|endereco> - Let someone in again",
            Self::Mute => "--MUTE <NomeUsuario> [10m|2h|7d] [motivo] - Silence someone",
            Self::Unmute => "--UNMUTE <NomeUsuario> - Let someone speak again",
            Self::Slow => {
                "--SLOW <segundos> - Seconds between two messages of one person; 0 for none"
            }
            Self::Filter => {
                "--FILTER [+|-]<padrao> - Forbid what matches the pattern; - takes it away"
            }
            Self::Raid => "--RAID <on|off> - Keep guests out and silent",
            Self::Role => {
                "--ROLE <NomeUsuario> <owner|moderator|member|guest> - Give a role in the channel"
            }
            Self::Mode => "--MODE <public|unlisted|private> - Say who may find the channel",
            Self::Capacity => "--CAPACITY <n> - Change the capacity of the channel",
            Self::Invite => {
                "--INVITE <NomeUsuario> [member|moderator|owner] - Let someone into the channel"
            }
            Self::Purge => "--PURGE <NomeUsuario> [10m|2h|7d] - Delete what someone said",
            Self::Audit => {
                "--AUDIT [n] [antes] - Show who did what of all this, before number antes"
            }
            Self::Earlier => "--EARLIER <n> - Show what message n said before it was corrected",
            Self::Retention => {
                "--RETENTION <mensagens> [dias] - Keep no more messages than that; 0 for no limit"
            }
            Self::Bans => "--BANS - Show the bans, mutes, roles and rules in force",
            Self::Link => "--LINK [10m|2h|7d] [n] - Make a link by which n guests may enter",
            Self::Links => "--LINKS - List the links of the channel",
            Self::Unlink => "--UNLINK <n> - Revoke link n, as --LINKS numbers it",
            Self::Register => "--REGISTER <senha> - Make an account of your name",
            Self::Login => "--LOGIN <NomeUsuario> <senha> | <token> - Log in to your account",
            Self::Logout => "--LOGOUT - Log out of your account",
            Self::Tokens => "--TOKENS - List where your account is logged in",
            Self::Revoke => "--REVOKE <n> - Log out there, as --TOKENS numbers it",
            Self::Dm => "--DM <NomeUsuario> - Talk with one person alone, from account to account",
            Self::Unread => "--UNREAD - Show how much you have not read, and where",
        }
    }

    /// Whether it is an [`Order`], which only some may give.
    const fn keeps_order(self) -> bool {
        matches!(
            self,
            Self::Kick
                | Self::Ban
                | Self::Unban
                | Self::Mute
                | Self::Unmute
                | Self::Slow
                | Self::Filter
                | Self::Raid
                | Self::Role
                | Self::Mode
                | Self::Capacity
                | Self::Retention
                | Self::Invite
        )
    }

    /// Whether it means nothing outside a room.
    #[must_use]
    pub const fn needs_room(self) -> bool {
        match self {
            Self::Out
            | Self::List
            | Self::History
            | Self::Search
            | Self::Msg
            | Self::Topic
            | Self::Nick
            | Self::Reply
            | Self::Edit
            | Self::Delete
            | Self::React
            | Self::Pin
            | Self::Pins
            | Self::Kick
            | Self::Ban
            | Self::Unban
            | Self::Mute
            | Self::Unmute
            | Self::Slow
            | Self::Filter
            | Self::Raid
            | Self::Role
            | Self::Mode
            | Self::Capacity
            | Self::Invite
            | Self::Bans
            | Self::Purge
            | Self::Audit
            | Self::Earlier
            | Self::Retention
            | Self::Link
            | Self::Links
            | Self::Unlink
            | Self::Register => true,
            Self::Create
            | Self::Join
            | Self::Channels
            | Self::Help
            | Self::Lang
            | Self::Cursor
            | Self::Quit
            | Self::Login
            | Self::Logout
            | Self::Tokens
            | Self::Revoke
            | Self::Dm
            | Self::Unread => false,
        }
    }
}

/// The first word of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'l> {
    /// One of the commands.
    Verb(Verb),
    /// Any other: the line is a message.
    Other(&'l str),
}

/// What a line asks for, its arguments checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// `--CREATE <room> <capacity> <nick>`.
    Create {
        /// What to call the room.
        name: RoomName,
        /// Members it shall hold at most.
        capacity: u32,
        /// What the member is to be called.
        nick: Nick,
    },
    /// `--JOIN <room> <nick>`.
    Join {
        /// Which room.
        name: RoomName,
        /// What the member is to be called.
        nick: Nick,
    },
    /// `--JOIN <link> <nick>`: the path of a guest link, or its whole address.
    JoinByLink {
        /// The link's token.
        link: Secret,
        /// What the member is to be called.
        nick: Nick,
    },
    /// `--DM <nick>`.
    Direct(Nick),
    /// `--UNREAD`.
    Unread,
    /// `--OUT`.
    Out,
    /// `--CHANNELS`.
    Channels,
    /// `--LIST`.
    List,
    /// `--HELP`.
    Help,
    /// `--HISTORY [n]`, 1 to [`HISTORY_MAX`].
    History(usize),
    /// `--SEARCH <text>`.
    Search(String),
    /// `--MSG <nick> <text>`.
    Msg {
        /// To whom.
        to: Nick,
        /// What.
        text: Text,
    },
    /// `--TOPIC`.
    Topic,
    /// `--TOPIC <text>`; `--TOPIC -` takes the topic away.
    SetTopic(Option<Text>),
    /// `--NICK <nick>`.
    Nick(Nick),
    /// `--LANG <pt|en|es>`.
    Lang(Lang),
    /// `--CURSOR [n]`.
    Cursor(Option<Seq>),
    /// `--QUIT`.
    Quit,
    /// `--REPLY <n> <text>`.
    Reply(Seq, Text),
    /// `--EDIT <n> <text>`.
    Edit(Seq, Text),
    /// `--DELETE <n>`.
    Delete(Seq),
    /// `--REACT <n> <emoji>`.
    React(Seq, Emoji),
    /// `--PIN <n>`.
    Pin(Seq),
    /// `--PINS`.
    Pins,
    /// `--BANS`.
    InForce,
    /// `--AUDIT [n] [before]`: how many, and before which.
    Audit(usize, Option<Seq>),
    /// `--EARLIER <n>`.
    Earlier(Seq),
    /// `--PURGE <nick> [time]`: all, or what was said in the last so many milliseconds.
    Purge(Nick, Option<u64>),
    /// What only some may: `--KICK`, `--BAN` and those that follow it in `--HELP`.
    Order(Order),
    /// `--LINK [time] [n]`.
    MakeLink(WantedLink),
    /// `--LINKS`.
    Links,
    /// `--UNLINK <n>`.
    RevokeLink(u64),
    /// `--REGISTER <password>`.
    Register(Secret),
    /// `--LOGIN <nick> <password>`.
    LogIn(Nick, Secret),
    /// `--LOGIN <token>`.
    LogInByToken(Secret),
    /// `--LOGOUT`.
    LogOut,
    /// `--TOKENS`.
    Tokens,
    /// `--REVOKE <n>`.
    Revoke(u64),
    /// Anything else.
    Say(Text),
}

/// Reads a line: its first word, and what it asks for. `None` if it is blank, or has nothing in
/// it that may be shown.
///
/// # Errors
///
/// The [`Problem`] to answer with: wrong arguments, in the order in which they stand.
#[must_use]
pub fn parse(line: &str) -> Option<(Word<'_>, Result<Request, Problem>)> {
    let first = line.split_whitespace().next()?;
    let is_verb = |verb: &Verb| verb.word().eq_ignore_ascii_case(first);
    let verb = first.starts_with("--").then(|| Verb::ALL.into_iter().find(is_verb)).flatten();
    let Some(verb) = verb else {
        return Some((Word::Other(first), Ok(Request::Say(Text::new(line)?))));
    };
    let (_, arguments) = line.split_once(first)?;
    Some((Word::Verb(verb), arguments_of(verb, arguments.trim())))
}

fn arguments_of(verb: Verb, arguments: &str) -> Result<Request, Problem> {
    let words: Vec<&str> = arguments.split_whitespace().take(4).collect();
    let usage = Err(Problem::Usage(verb));
    match (verb, &words[..]) {
        (Verb::Create, [name, capacity, nick]) => create(name, capacity, nick),
        (Verb::Join, [link, nick]) if has_link_path(link) => {
            let link = Secret::new(link_token(link).to_owned());
            Ok(Request::JoinByLink { link, nick: self::nick(nick)? })
        }
        (Verb::Join, [name, nick]) => {
            Ok(Request::Join { name: room(name)?, nick: self::nick(nick)? })
        }
        (Verb::Dm, [name]) => Ok(Request::Direct(nick(name)?)),
        (Verb::Unread, []) => Ok(Request::Unread),
        (Verb::Out, []) => Ok(Request::Out),
        (Verb::Channels, []) => Ok(Request::Channels),
        (Verb::List, []) => Ok(Request::List),
        (Verb::Help, []) => Ok(Request::Help),
        (Verb::Quit, []) => Ok(Request::Quit),
        (Verb::History, []) => Ok(Request::History(HISTORY_DEFAULT)),
        (Verb::History, [count]) => {
            self::count(count).map_or(usage, |count| Ok(Request::History(count)))
        }
        (Verb::Search, [_, ..]) => Ok(Request::Search(arguments.to_owned())),
        (Verb::Msg, [to, _, ..]) => {
            let text = text_after(to, arguments);
            let to = nick(to)?;
            text.map_or(usage, |text| Ok(Request::Msg { to, text }))
        }
        (Verb::Topic, []) => Ok(Request::Topic),
        (Verb::Topic, ["-"]) => Ok(Request::SetTopic(None)),
        (Verb::Topic, [_, ..]) => {
            Text::new(arguments).map_or(usage, |topic| Ok(Request::SetTopic(Some(topic))))
        }
        (Verb::Nick, [name]) => Ok(Request::Nick(nick(name)?)),
        (Verb::Lang, [code]) => {
            let exact = Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(code));
            exact.map_or(usage, |lang| Ok(Request::Lang(lang)))
        }
        (Verb::Cursor, []) => Ok(Request::Cursor(None)),
        (Verb::Cursor, [seq]) => {
            seq.parse().map_or(usage, |seq| Ok(Request::Cursor(Some(Seq(seq)))))
        }
        (Verb::Reply, [to, _, ..]) => match (number(to), text_after(to, arguments)) {
            (Some(to), Some(text)) => Ok(Request::Reply(to, text)),
            _ => usage,
        },
        (Verb::Edit, [target, _, ..]) => match (number(target), text_after(target, arguments)) {
            (Some(target), Some(text)) => Ok(Request::Edit(target, text)),
            _ => usage,
        },
        (Verb::Delete, [target]) => {
            number(target).map_or(usage, |target| Ok(Request::Delete(target)))
        }
        (Verb::React, [target, emoji]) => match number(target) {
            Some(target) => Ok(Request::React(target, self::emoji(emoji)?)),
            None => usage,
        },
        (Verb::Pin, [target]) => number(target).map_or(usage, |target| Ok(Request::Pin(target))),
        (Verb::Pins, []) => Ok(Request::Pins),
        (Verb::Audit | Verb::Bans | Verb::Earlier | Verb::Purge, words) => {
            of_those_with_rights(verb, words)
        }
        (Verb::Link | Verb::Links | Verb::Unlink, words) => link(verb, words),
        (Verb::Register | Verb::Login | Verb::Logout | Verb::Tokens | Verb::Revoke, words) => {
            account(verb, words, arguments)
        }
        (verb, _) if verb.keeps_order() => order::parse(verb, arguments).map(Request::Order),
        _ => usage,
    }
}

/// What only some may ask beside an [`Order`].
fn of_those_with_rights(verb: Verb, words: &[&str]) -> Result<Request, Problem> {
    let usage = Err(Problem::Usage(verb));
    match (verb, words) {
        (Verb::Audit, []) => Ok(Request::Audit(HISTORY_DEFAULT, None)),
        (Verb::Audit, [count]) => {
            self::count(count).map_or(usage, |count| Ok(Request::Audit(count, None)))
        }
        (Verb::Audit, [count, before]) => match (self::count(count), number(before)) {
            (Some(count), Some(before)) => Ok(Request::Audit(count, Some(before))),
            _ => usage,
        },
        (Verb::Earlier, [seq]) => number(seq).map_or(usage, |seq| Ok(Request::Earlier(seq))),
        (Verb::Bans, []) => Ok(Request::InForce),
        (Verb::Purge, [name]) => Ok(Request::Purge(nick(name)?, None)),
        (Verb::Purge, [name, last]) => match order::duration_ms(last) {
            Some(last_ms) => Ok(Request::Purge(nick(name)?, Some(last_ms))),
            None => usage,
        },
        _ => usage,
    }
}

/// What has to do with guest links.
fn link(verb: Verb, words: &[&str]) -> Result<Request, Problem> {
    let usage = || Problem::Usage(verb);
    match (verb, words) {
        (Verb::Link, words) if words.len() <= 2 => {
            let for_ms = words.first().and_then(|word| order::duration_ms(word));
            let uses = &words[usize::from(for_ms.is_some())..];
            let uses = match uses {
                [] => None,
                [uses] => Some(uses.parse().ok().filter(|uses| *uses > 0).ok_or_else(usage)?),
                _ => return Err(usage()),
            };
            let (capacity, role) = (None, Role::Guest);
            Ok(Request::MakeLink(WantedLink { capacity, uses, for_ms, role }))
        }
        (Verb::Links, []) => Ok(Request::Links),
        (Verb::Unlink, [link]) => {
            let Seq(link) = number(link).ok_or_else(usage)?;
            Ok(Request::RevokeLink(link))
        }
        _ => Err(usage()),
    }
}

/// What has to do with an account.
fn account(verb: Verb, words: &[&str], arguments: &str) -> Result<Request, Problem> {
    let secret = |text: &str| Secret::new(text.to_owned());
    match (verb, words) {
        (Verb::Register, [_, ..]) => Ok(Request::Register(secret(arguments))),
        (Verb::Login, [token]) => Ok(Request::LogInByToken(secret(token))),
        (Verb::Login, [name, _, ..]) => {
            // As it was typed: a password is not cleaned.
            let password = arguments.split_once(name).map_or("", |(_, rest)| rest.trim_start());
            Ok(Request::LogIn(nick(name)?, secret(password)))
        }
        (Verb::Logout, []) => Ok(Request::LogOut),
        (Verb::Tokens, []) => Ok(Request::Tokens),
        (Verb::Revoke, [token]) => {
            let Seq(token) = number(token).ok_or(Problem::Usage(verb))?;
            Ok(Request::Revoke(token))
        }
        _ => Err(Problem::Usage(verb)),
    }
}

/// The text behind the first word of `arguments`.
pub(super) fn text_after(first: &str, arguments: &str) -> Option<Text> {
    Text::new(arguments.split_once(first)?.1.trim_start())
}

/// How many are to be shown; more than [`HISTORY_MAX`] are not.
fn count(word: &str) -> Option<usize> {
    word.parse().ok().filter(|count| *count > 0).map(|count| HISTORY_MAX.min(count))
}

/// A message's number, with or without the sign that it is shown with.
fn number(word: &str) -> Option<Seq> {
    let digits = word.strip_prefix('#').unwrap_or(word);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten().map(Seq)
}

fn emoji(word: &str) -> Result<Emoji, Problem> {
    let typed = TYPED_EMOJI.into_iter().find(|(typed, _)| *typed == word);
    Emoji::parse(typed.map_or(word, |(_, emoji)| emoji)).map_err(|_| Problem::Emoji)
}

fn create(name: &str, capacity: &str, nick: &str) -> Result<Request, Problem> {
    let name = room(name)?;
    // Whether it is within its bounds is the room's rule; here it only has to be a number.
    let capacity = match capacity.parse::<u32>() {
        Ok(number) if !capacity.starts_with('+') => number,
        _ => return Err(Problem::Capacity),
    };
    Ok(Request::Create { name, capacity, nick: self::nick(nick)? })
}

fn room(name: &str) -> Result<RoomName, Problem> {
    RoomName::parse(name).map_err(|_| Problem::Name)
}

pub(super) fn nick(name: &str) -> Result<Nick, Problem> {
    Nick::parse(name).map_err(|_| Problem::Name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(line: &str) -> Result<Request, Problem> {
        parse(line).expect("the line is not blank").1
    }

    fn text(text: &str) -> Text {
        Text::new(text).unwrap()
    }

    #[test]
    fn commands_in_any_case() {
        for line in ["--LIST", "--list", " --LiSt ", "--LIST\t"] {
            assert_eq!(request(line), Ok(Request::List), "{line:?}");
        }
    }

    #[test]
    fn every_other_line_is_a_message() {
        for line in ["oi", "--OLA", "--", "-- LIST", "--LISTA", "- --LIST", "\u{2014}LIST"] {
            assert_eq!(request(line), Ok(Request::Say(text(line))), "{line:?}");
        }
        for blank in ["", " ", "\t \u{a0}", "\u{1b}"] {
            assert_eq!(parse(blank), None, "{blank:?}");
        }
    }

    #[test]
    fn arguments() {
        let join = Request::Join {
            name: RoomName::parse("sala").unwrap(),
            nick: Nick::parse("ana").unwrap(),
        };
        assert_eq!(request("--join  sala   ana"), Ok(join));
        assert_eq!(request("--JOIN sala"), Err(Problem::Usage(Verb::Join)));
        assert_eq!(request("--JOIN sala ana bia"), Err(Problem::Usage(Verb::Join)));
        assert_eq!(request("--JOIN s/la ana"), Err(Problem::Name));
        let bia = Nick::parse("bia").unwrap();
        assert_eq!(request("--DM bia"), Ok(Request::Direct(bia)));
        assert_eq!(request("--DM bia oi"), Err(Problem::Usage(Verb::Dm)));
        assert_eq!(request("--UNREAD"), Ok(Request::Unread));
        assert_eq!(request("--UNREAD sala"), Err(Problem::Usage(Verb::Unread)));
        assert_eq!(request("--CREATE sala dez ana"), Err(Problem::Capacity));
        assert_eq!(request("--CREATE sala +5 ana"), Err(Problem::Capacity));
        assert_eq!(request("--CREATE sala -5 ana"), Err(Problem::Capacity));
        assert_eq!(request("--CREATE sala 99999999999 ana"), Err(Problem::Capacity));
        assert_eq!(request("--HISTORY"), Ok(Request::History(20)));
        assert_eq!(request("--HISTORY 7"), Ok(Request::History(7)));
        assert_eq!(request("--HISTORY 9000"), Ok(Request::History(200)));
        assert_eq!(request("--HISTORY 0"), Err(Problem::Usage(Verb::History)));
        assert_eq!(request("--SEARCH  a  b "), Ok(Request::Search("a  b".into())));
        assert_eq!(request("--TOPIC"), Ok(Request::Topic));
        assert_eq!(request("--TOPIC -"), Ok(Request::SetTopic(None)));
        assert_eq!(request("--TOPIC a - b"), Ok(Request::SetTopic(Some(text("a - b")))));
        let msg = Request::Msg { to: Nick::parse("bia").unwrap(), text: text("oi  bia") };
        assert_eq!(request("--MSG bia oi  bia"), Ok(msg));
        assert_eq!(request("--MSG bia"), Err(Problem::Usage(Verb::Msg)));
        assert_eq!(request("--LANG en"), Ok(Request::Lang(Lang::En)));
        assert_eq!(request("--LANG fr"), Err(Problem::Usage(Verb::Lang)));
        assert_eq!(request("--CURSOR 12"), Ok(Request::Cursor(Some(Seq(12)))));
    }

    #[test]
    fn a_message_is_named_by_its_number() {
        let thumb = || Emoji::parse("👍").unwrap();
        for (line, asked) in [
            ("--REPLY 12  oi  bia ", Request::Reply(Seq(12), text("oi  bia"))),
            ("--reply #12 12", Request::Reply(Seq(12), text("12"))),
            ("--EDIT 7 bom dia", Request::Edit(Seq(7), text("bom dia"))),
            ("--DELETE 7", Request::Delete(Seq(7))),
            ("--REACT 7 👍", Request::React(Seq(7), thumb())),
            ("--REACT #7 +1", Request::React(Seq(7), thumb())),
            ("--REACT 7 <3", Request::React(Seq(7), Emoji::parse("❤️").unwrap())),
            ("--PIN #7", Request::Pin(Seq(7))),
            ("--PINS", Request::Pins),
        ] {
            assert_eq!(request(line), Ok(asked), "{line:?}");
        }
        for (line, problem) in [
            ("--REPLY", Problem::Usage(Verb::Reply)),
            ("--REPLY 12", Problem::Usage(Verb::Reply)),
            ("--REPLY doze oi", Problem::Usage(Verb::Reply)),
            ("--REPLY ##1 oi", Problem::Usage(Verb::Reply)),
            ("--REPLY # oi", Problem::Usage(Verb::Reply)),
            ("--EDIT +7 oi", Problem::Usage(Verb::Edit)),
            ("--EDIT 7 \u{1b}", Problem::Usage(Verb::Edit)),
            ("--DELETE 7 8", Problem::Usage(Verb::Delete)),
            ("--DELETE -7", Problem::Usage(Verb::Delete)),
            ("--DELETE 99999999999999999999", Problem::Usage(Verb::Delete)),
            ("--REACT 7", Problem::Usage(Verb::React)),
            ("--REACT 7 👍 👍", Problem::Usage(Verb::React)),
            ("--REACT 7 oi", Problem::Emoji),
            ("--PIN", Problem::Usage(Verb::Pin)),
            ("--PINS 3", Problem::Usage(Verb::Pins)),
        ] {
            assert_eq!(request(line), Err(problem), "{line:?}");
        }
    }

    #[test]
    fn a_link_is_asked_for_with_its_time_and_its_uses() {
        let wanted = |for_ms, uses| {
            let (capacity, role) = (None, Role::Guest);
            Ok(Request::MakeLink(WantedLink { capacity, uses, for_ms, role }))
        };
        assert_eq!(request("--LINK"), wanted(None, None));
        assert_eq!(request("--LINK 2h"), wanted(Some(7_200_000), None));
        assert_eq!(request("--LINK 30"), wanted(None, Some(30)));
        assert_eq!(request("--LINK 2h 30"), wanted(Some(7_200_000), Some(30)));
        for line in ["--LINK 0", "--LINK 2h 0", "--LINK 30 2h", "--LINK 2h 3 4", "--LINK x"] {
            assert_eq!(request(line), Err(Problem::Usage(Verb::Link)), "{line:?}");
        }
        assert_eq!(request("--LINKS"), Ok(Request::Links));
        assert_eq!(request("--UNLINK #3"), Ok(Request::RevokeLink(3)));
        assert_eq!(request("--UNLINK"), Err(Problem::Usage(Verb::Unlink)));
        for link in ["/i/a-b_C", "http://papo.example:7777/i/a-b_C"] {
            let link = request(&format!("--JOIN {link} ana"));
            let (token, nick) = (Secret::new("a-b_C".to_owned()), Nick::parse("ana").unwrap());
            assert_eq!(link, Ok(Request::JoinByLink { link: token, nick }));
        }
        // Without its path it is a name.
        assert!(matches!(request("--JOIN a-b_C ana"), Ok(Request::Join { .. })));
    }

    proptest! {
        #[test]
        fn parsing_never_panics(line in "\\PC*") {
            let _ = parse(&line);
        }

        #[test]
        fn commands_with_anything_behind_never_panic(verb in 0..Verb::ALL.len(), rest in "\\PC*") {
            let _ = parse(&format!("{} {rest}", Verb::ALL[verb].word()));
        }
    }
}
