//! What a line asks for.

use lang::Lang;
use room::{Nick, RoomName, Seq, Text};

use super::Problem;

/// Messages that `--HISTORY` shows where no number is given.
const HISTORY_DEFAULT: usize = 20;

/// Messages that `--HISTORY` shows at most.
pub const HISTORY_MAX: usize = 200;

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
}

impl Verb {
    /// All of them, in the order of `--HELP`.
    pub const ALL: [Self; 14] = [
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
        }
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
            | Self::Nick => true,
            Self::Create
            | Self::Join
            | Self::Channels
            | Self::Help
            | Self::Lang
            | Self::Cursor
            | Self::Quit => false,
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
    let verb = Verb::ALL.into_iter().find(|verb| verb.word().eq_ignore_ascii_case(first));
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
        (Verb::Join, [name, nick]) => {
            Ok(Request::Join { name: room(name)?, nick: self::nick(nick)? })
        }
        (Verb::Out, []) => Ok(Request::Out),
        (Verb::Channels, []) => Ok(Request::Channels),
        (Verb::List, []) => Ok(Request::List),
        (Verb::Help, []) => Ok(Request::Help),
        (Verb::Quit, []) => Ok(Request::Quit),
        (Verb::History, []) => Ok(Request::History(HISTORY_DEFAULT)),
        (Verb::History, [count]) => match count.parse() {
            Ok(count) if count > 0 => Ok(Request::History(HISTORY_MAX.min(count))),
            _ => usage,
        },
        (Verb::Search, [_, ..]) => Ok(Request::Search(arguments.to_owned())),
        (Verb::Msg, [to, _, ..]) => {
            let text = arguments.split_once(to).map_or("", |(_, text)| text.trim_start());
            let to = nick(to)?;
            Text::new(text).map_or(usage, |text| Ok(Request::Msg { to, text }))
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
        _ => usage,
    }
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

fn nick(name: &str) -> Result<Nick, Problem> {
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
