//! What a line from the server is. It trusts nothing in it.

use room::{Nick, clean};

/// The line that opens and closes a list.
const FRAME: &str = "-----";

/// The server's first words on a connection.
const GREETING: &str = "Conexao concluida. Digite --HELP para ajuda.";

/// One line from the server, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// The greeting: the client says in its own words that it is connected.
    Greeting,
    /// A list begins or ends.
    Frame,
    /// An own message is on the disk, with this sequence.
    Ack(u64),
    /// The answer to `--CURSOR`: the room's last sequence.
    Cursor(u64),
    /// A command was obeyed.
    Ok(String),
    /// A command or a message was refused.
    Error(String),
    /// Something happened by another's hand.
    Info {
        /// Its sequence, if it is kept.
        seq: Option<u64>,
        /// The sentence.
        text: String,
    },
    /// Someone said something.
    Said {
        /// Its sequence, if the server numbers.
        seq: Option<u64>,
        /// Who.
        nick: Nick,
        /// What.
        text: String,
    },
    /// Someone said something to this user alone.
    Private {
        /// Who.
        nick: Nick,
        /// What.
        text: String,
    },
    /// Anything else, a list's line among it.
    Other(String),
}

impl Incoming {
    /// Says what `line`, without its end, is.
    #[must_use]
    pub fn parse(line: &str) -> Self {
        let line = clean(line);
        if line == FRAME {
            return Self::Frame;
        }
        if line == GREETING {
            return Self::Greeting;
        }
        if let Some(text) = line.strip_prefix("[OK] - ") {
            return ok(text);
        }
        if let Some(text) = line.strip_prefix("[ERRO] - ") {
            return Self::Error(text.to_owned());
        }
        if let Some((nick, text)) =
            line.strip_prefix("[MSG] - ").and_then(|rest| rest.split_once(": "))
            && let Ok(nick) = Nick::parse(nick)
        {
            return Self::Private { nick, text: text.to_owned() };
        }
        let (seq, rest) = match line.split_once(' ') {
            Some((digits, rest)) if number(digits).is_some() => (number(digits), rest),
            _ => (None, &*line),
        };
        if let Some(text) = rest.strip_prefix("[INFO] - ") {
            return Self::Info { seq, text: text.to_owned() };
        }
        match said(rest) {
            Some((nick, text)) => Self::Said { seq, nick, text },
            None => Self::Other(line.into_owned()),
        }
    }
}

fn ok(text: &str) -> Incoming {
    if let Some(seq) = number(text) {
        return Incoming::Ack(seq);
    }
    match text.strip_prefix("Cursor ").and_then(number) {
        Some(seq) => Incoming::Cursor(seq),
        None => Incoming::Ok(text.to_owned()),
    }
}

fn said(line: &str) -> Option<(Nick, String)> {
    let (nick, text) = line.strip_prefix('[')?.split_once("]: ")?;
    Some((Nick::parse(nick).ok()?, text.to_owned()))
}

/// Only digits: `parse` alone would take a plus sign.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(seq: Option<u64>, nick: &str, text: &str) -> Incoming {
        Incoming::Said { seq, nick: Nick::parse(nick).unwrap(), text: text.to_owned() }
    }

    #[test]
    fn each_line_is_what_the_protocol_says() {
        let info = |seq, text: &str| Incoming::Info { seq, text: text.to_owned() };
        for (line, incoming) in [
            ("Conexao concluida. Digite --HELP para ajuda.", Incoming::Greeting),
            ("-----", Incoming::Frame),
            ("[OK] - 12", Incoming::Ack(12)),
            ("[OK] - Cursor 0", Incoming::Cursor(0)),
            ("[OK] - Cursor x", Incoming::Ok("Cursor x".to_owned())),
            ("[OK] - 12 itens", Incoming::Ok("12 itens".to_owned())),
            ("[OK] - +1", Incoming::Ok("+1".to_owned())),
            ("[ERRO] - nao", Incoming::Error("nao".to_owned())),
            ("[INFO] - ana entrou", info(None, "ana entrou")),
            ("7 [INFO] - topico", info(Some(7), "topico")),
            ("[ana]: oi", said(None, "ana", "oi")),
            ("[ana]: 5 [x]: y", said(None, "ana", "5 [x]: y")),
            ("42 [李雷]: a]: b", said(Some(42), "李雷", "a]: b")),
            ("[OK]: nome", said(None, "OK", "nome")),
            ("[MSG] - bia: a: b", {
                Incoming::Private { nick: Nick::parse("bia").unwrap(), text: "a: b".to_owned() }
            }),
            ("[MSG] - b i: a", Incoming::Other("[MSG] - b i: a".to_owned())),
            ("5 [ana] oi", Incoming::Other("5 [ana] oi".to_owned())),
            ("[a b]: x", Incoming::Other("[a b]: x".to_owned())),
            (" [ana]: x", Incoming::Other(" [ana]: x".to_owned())),
            ("99999999999999999999 [ana]: x", {
                Incoming::Other("99999999999999999999 [ana]: x".to_owned())
            }),
            ("", Incoming::Other(String::new())),
        ] {
            assert_eq!(Incoming::parse(line), incoming, "{line}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_acts_on_a_terminal_comes_through(
            line in "(\\d{1,3} )?(\\[[a-z]{1,3}\\]: )?[\\x00-\\xff\u{202a}-\u{202e}]*",
        ) {
            let shown = format!("{:?}", Incoming::parse(&line));
            let text = match Incoming::parse(&line) {
                Incoming::Ok(text) | Incoming::Error(text) | Incoming::Other(text)
                | Incoming::Info { text, .. } | Incoming::Said { text, .. }
                | Incoming::Private { text, .. } => text,
                _ => String::new(),
            };
            prop_assert_eq!(&*clean(&text), &text, "{}", shown);
        }
    }
}
