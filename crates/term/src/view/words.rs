//! How what a session shows is worded and coloured.

use lang::Lang;
use room::Nick;

use super::colour::{Palette, Style};
use super::command::masked;
use super::screen::PromptText;
use super::session::{LinkState, Notice, Prompt, Shown};
use crate::limits::WAITING_LINES_MAX;

/// In which words and colours a user is spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// The language.
    pub(crate) lang: Lang,
    /// What the terminal can show.
    pub(crate) palette: Palette,
    /// Whom one is connected to, as it is shown.
    pub(crate) peer: String,
}

/// A line for the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// With colours, without an end.
    pub(crate) painted: String,
    /// It speaks to the user by name.
    pub(crate) mentions: bool,
}

impl Words {
    /// Words `shown` for someone called `me`.
    pub(crate) fn line(&self, shown: &Shown, me: Option<&Nick>) -> Line {
        let paint = |style, text: &str| self.palette.paint(style, text);
        let painted = match shown {
            Shown::Said { nick, text, mine } => {
                let who = paint(Style::Nick(nick.key()), nick.as_str());
                let (text, mentions) = match me {
                    Some(me) if !mine => self.highlight(text, me),
                    _ => (text.clone(), false),
                };
                return Line { painted: format!("[{who}]: {text}"), mentions };
            }
            Shown::Private { nick, text } => {
                let who = paint(Style::Nick(nick.key()), nick.as_str());
                let painted = format!("[{}] - {who}: {text}", paint(Style::Mention, "MSG"));
                return Line { painted, mentions: true };
            }
            Shown::Ok(text) => format!("[{}] - {text}", paint(Style::Ok, "OK")),
            Shown::Error(text) => format!("[{}] - {text}", paint(Style::Error, "ERRO")),
            Shown::Info(text) => format!("[{}] - {text}", paint(Style::Info, "INFO")),
            Shown::Plain(text) => text.clone(),
            Shown::Qr(blocks) => paint(Style::Qr, blocks),
            Shown::Typed(text) => paint(Style::Quiet, &format!("> {}", masked(text))),
            Shown::Notice(notice) => paint(Style::Quiet, &format!("* {}", self.notice(notice))),
        };
        Line { painted, mentions: false }
    }

    /// Words the prompt.
    pub(crate) fn prompt(&self, prompt: &Prompt) -> PromptText {
        let (mut painted, mut plain) = (String::new(), String::new());
        let mut add = |style: Option<Style<'_>>, text: &str| {
            painted
                .push_str(&style.map_or(text.to_owned(), |style| self.palette.paint(style, text)));
            plain.push_str(text);
        };
        if let Some(state) = self.link(prompt.link) {
            let unsent =
                if prompt.unsent > 0 { format!(" +{}", prompt.unsent) } else { String::new() };
            add(Some(Style::Error), &format!("({state}{unsent}) "));
        }
        if let Some((room, nick)) = &prompt.place {
            add(Some(Style::Quiet), &format!("[{room}] "));
            add(Some(Style::Nick(nick.key())), nick.as_str());
        }
        add(None, "> ");
        PromptText { painted, plain }
    }

    fn link(&self, link: LinkState) -> Option<String> {
        let attempt = |attempt: u32| ("attempt", attempt.into());
        Some(match link {
            LinkState::Up => return None,
            LinkState::Entering => self.lang.text("connect-prompt-entering"),
            LinkState::Dialing { attempt: number } => {
                self.lang.text_with("connect-prompt-dialing", &[attempt(number)])
            }
            LinkState::Waiting { attempt: number, seconds } => self.lang.text_with(
                "connect-prompt-waiting",
                &[attempt(number), ("seconds", seconds.into())],
            ),
        })
    }

    fn notice(&self, notice: &Notice) -> String {
        let with = |id, name, value: &str| self.lang.text_with(id, &[(name, value.into())]);
        match notice {
            Notice::Connected => with("connect-connected", "peer", &self.peer),
            Notice::Lost => self.lang.text("connect-lost"),
            Notice::Reentered { room, caught_up: true } => {
                with("connect-reentered", "room", room.as_str())
            }
            Notice::Reentered { room, caught_up: false } => {
                with("connect-reentered-without", "room", room.as_str())
            }
            Notice::GaveUp { room } => with("connect-gave-up", "room", room.as_str()),
            Notice::NotSent(line) => with("connect-not-sent", "line", &masked(line)),
            Notice::Uncertain(line) => with("connect-uncertain", "line", &masked(line)),
            Notice::QueueFull => {
                let max = (WAITING_LINES_MAX as u64).into();
                self.lang.text_with("connect-queue-full", &[("max", max)])
            }
        }
    }

    /// Marks the words of `text` that are `me`; says whether there was one.
    fn highlight(&self, text: &str, me: &Nick) -> (String, bool) {
        let in_name = |character: char| {
            character.is_alphanumeric()
                || matches!(character, '-' | '_' | '.')
                || Nick::parse(&format!("a{character}")).is_ok()
        };
        let mut painted = String::with_capacity(text.len());
        let mut mentions = false;
        let mut rest = text;
        while let Some(start) = rest.find(in_name) {
            let (before, word) = rest.split_at(start);
            let end = word.find(|character| !in_name(character)).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            painted.push_str(before);
            // A full stop or a dash may belong to the sentence.
            let bare = word.trim_matches(['-', '_', '.']);
            let mine = |name: &str| Nick::parse(name).is_ok_and(|name| name == *me);
            if mine(word) || mine(bare) {
                mentions = true;
                painted.push_str(&self.palette.paint(Style::Mention, word));
            } else {
                painted.push_str(word);
            }
            rest = after;
        }
        painted.push_str(rest);
        (painted, mentions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(palette: Palette) -> Words {
        Words { lang: Lang::En, palette, peer: "127.0.0.1:7777".to_owned() }
    }

    #[test]
    fn one_s_own_name_is_found_in_any_writing_and_only_as_a_word() {
        let me = Nick::parse("joão").unwrap();
        for (text, mentions) in [
            ("oi joão", true),
            ("JOÃO: oi", true),
            ("oi joa\u{303}o.", true),
            ("(joão)", true),
            ("joãozinho", false),
            ("joao", false),
            ("", false),
        ] {
            let nick = Nick::parse("bia").unwrap();
            let shown = Shown::Said { nick, text: text.to_owned(), mine: false };
            let line = words(Palette::Plain).line(&shown, Some(&me));
            assert_eq!((line.painted, line.mentions), (format!("[bia]: {text}"), mentions));
        }
    }

    #[test]
    fn lines_are_coloured_and_the_prompt_knows_its_width() {
        let line = words(Palette::Many).line(&Shown::Error("no".to_owned()), None);
        assert_eq!(line.painted, "[\x1b[1;31mERRO\x1b[0m] - no");
        let place = Some((room::RoomName::parse("部屋").unwrap(), Nick::parse("ana").unwrap()));
        let prompt = Prompt { place, link: LinkState::Up, unsent: 0 };
        let text = words(Palette::Plain).prompt(&prompt);
        assert_eq!((text.painted.as_str(), text.plain.as_str()), ("[部屋] ana> ", "[部屋] ana> "));
        let waiting = LinkState::Waiting { attempt: 3, seconds: 12 };
        let text = words(Palette::Plain).prompt(&Prompt { place: None, link: waiting, unsent: 2 });
        assert_eq!(text.painted, "(offline, attempt 3 in 12 s +2) > ");
    }
}
