//! What the server says, and which line it answers.

use std::time::Duration;

use room::{Nick, RoomName};

use super::{
    CatchUp, Link, Notice, Output, Place, Request, Sent, Server, Session, Shown, Token, Waiting,
};
use crate::limits::{NOTICES_MAX, PAUSE_MAX, REFUSALS_MAX};
use crate::view::command::{Asked, TOKEN_PREFIX};
use crate::view::parse::Incoming;

/// The answer to the line on its way.
enum Answer {
    Ok(String),
    Error(String),
    /// A list, shown already.
    List,
    Ack(u64),
    Cursor(u64),
}

impl Session {
    pub(super) fn line(&mut self, line: &str, now: Duration) {
        if self.link != Link::Up {
            return;
        }
        let incoming = Incoming::parse(line);
        if matches!(self.token, Token::Due) {
            // It comes right behind the answer; in any other place it is somebody's text.
            let word = line.rsplit(' ').next().filter(|word| word.starts_with(TOKEN_PREFIX));
            self.token = word.map_or(Token::None, |word| Token::Known(word.to_owned()));
        }
        if self.in_list {
            return self.list_line(&incoming, line, now);
        }
        match incoming {
            Incoming::Greeting => {}
            Incoming::Frame if self.flight.is_some() => {
                self.in_list = true;
                self.show(Shown::Plain(line.to_owned()));
            }
            Incoming::Frame => self.show(Shown::Plain(line.to_owned())),
            Incoming::Ok(text) => self.answer(Answer::Ok(text), now),
            Incoming::Error(text) => self.answer(Answer::Error(text), now),
            Incoming::Ack(seq) => self.answer(Answer::Ack(seq), now),
            Incoming::Cursor(seq) => self.answer(Answer::Cursor(seq), now),
            Incoming::Info { seq, text } => self.info(seq, text, now),
            Incoming::Said { seq, nick, text } => self.said(seq, nick, text, now),
            Incoming::Private { nick, text } => {
                self.nicks.hear(nick.clone());
                self.show(Shown::Private { nick, text });
            }
            Incoming::Other(text) => self.show(Shown::Plain(text)),
        }
    }

    fn list_line(&mut self, incoming: &Incoming, line: &str, now: Duration) {
        let line = room::clean(line).into_owned();
        if *incoming == Incoming::Frame {
            self.in_list = false;
            self.show(Shown::Plain(line));
            return self.answer(Answer::List, now);
        }
        match self.waiting.front().map(|first| &first.asked) {
            Some(Asked::Members) => {
                if let Ok(nick) = Nick::parse(&line) {
                    self.nicks.hear(nick);
                }
            }
            Some(Asked::Rooms) => {
                let name = line.split(' ').next().unwrap_or_default();
                if let Ok(room) = RoomName::parse(name) {
                    self.rooms.hear(room);
                }
            }
            _ => {}
        }
        self.show(Shown::Plain(line));
    }

    fn answer(&mut self, answer: Answer, now: Duration) {
        if !self.fits(&answer) {
            return self.stray(answer);
        }
        let Some(flight) = self.flight.take() else { return };
        if let Answer::Error(text) = &answer
            && self.unheard
            && is_full(text)
        {
            self.refused = Some((now, text.clone()));
        }
        self.unheard = false;
        match flight.what {
            Sent::Request(request) => self.request_answered(request, answer, now),
            Sent::Typed => self.typed_answered(answer, now),
        }
    }

    /// Whether `answer` can be one to the line on its way.
    fn fits(&self, answer: &Answer) -> bool {
        let Some(flight) = &self.flight else { return false };
        match &flight.what {
            Sent::Request(Request::Probe | Request::Base | Request::CatchUp(_)) => {
                matches!(answer, Answer::Cursor(_) | Answer::Error(_))
            }
            Sent::Request(Request::Speak(_) | Request::LogIn(_) | Request::Reenter) => {
                matches!(answer, Answer::Ok(_) | Answer::Error(_))
            }
            Sent::Typed => match self.waiting.front().map(|first| &first.asked) {
                Some(Asked::Message) => matches!(answer, Answer::Ack(_) | Answer::Error(_)),
                // An answer to a message is one's own message too.
                Some(Asked::Once) => !matches!(answer, Answer::Cursor(_)),
                Some(Asked::Topic) => true,
                _ => !matches!(answer, Answer::Ack(_)),
            },
        }
    }

    /// An answer to nothing that is known to be on its way.
    fn stray(&mut self, answer: Answer) {
        match answer {
            Answer::Ok(text) => self.show(Shown::Ok(text)),
            Answer::Error(text) => self.show(Shown::Error(text)),
            Answer::List | Answer::Ack(_) | Answer::Cursor(_) => {}
        }
    }

    fn request_answered(&mut self, request: Request, answer: Answer, now: Duration) {
        match (request, answer) {
            (Request::Probe, Answer::Cursor(_)) => self.server = Server::Numbered,
            // As a message outside a room: the refusal names its first word.
            (Request::Probe, Answer::Error(text)) if text.contains("--CURSOR") => {
                self.server = Server::Plain;
            }
            (Request::Base, Answer::Cursor(seq)) => {
                if let Some(place) = &mut self.place {
                    place.entered_at(seq);
                }
            }
            (Request::CatchUp(_), Answer::Cursor(seq)) => {
                if let Some(catching) = &mut self.catching {
                    catching.target = Some(seq);
                    catching.last_line_at = now;
                }
                self.finish_catching_up();
            }
            (Request::Reenter, Answer::Error(text)) => self.reenter_refused(text, now),
            (Request::Reenter, _) => self.reentered(),
            (Request::LogIn(_), Answer::Error(text)) => {
                self.token = Token::None;
                self.show(Shown::Error(text));
            }
            (Request::Speak(_) | Request::LogIn(_), _) => {}
            (request @ (Request::Probe | Request::Base | Request::CatchUp(_)), _) => {
                self.try_again(request, now);
            }
        }
    }

    /// A request that a server of this kind obeys was refused: it was too much at once.
    fn try_again(&mut self, request: Request, now: Duration) {
        if self.refused.is_some() {
            return;
        }
        self.refusals += 1;
        if self.refusals < REFUSALS_MAX {
            self.retry = Some((now + self.reenter_backoff.wait(), request));
        } else if request == Request::Probe {
            self.server = Server::Plain;
        } else {
            self.out.push(Output::Hang);
            self.lost(now);
        }
    }

    fn reentered(&mut self) {
        self.entering = None;
        let Some(place) = &self.place else { return };
        let room = place.room.clone();
        let cursor = place.resume_after().filter(|_| self.catching.is_some());
        if let Some(cursor) = cursor {
            self.requests.push_back(Request::CatchUp(cursor));
        } else if self.server == Server::Numbered {
            self.requests.push_back(Request::Base);
        }
        self.notice(Notice::Reentered { room, caught_up: cursor.is_some() });
    }

    fn reenter_refused(&mut self, text: String, now: Duration) {
        self.catching = None;
        let wait = self.reenter_backoff.wait();
        let wants_out = self.waiting.iter().any(|line| line.asked.moves());
        let Some(entering) = &mut self.entering else { return };
        entering.retry_at = Some(now + wait);
        let give_up = entering.give_up_at <= now || wants_out;
        if entering.refusal_shown.as_ref() != Some(&text) {
            entering.refusal_shown = Some(text.clone());
            self.show(Shown::Error(text));
        }
        if give_up && let Some(place) = &self.place {
            self.notice(Notice::GaveUp { room: place.room.clone() });
            self.abandon_place();
        }
    }

    /// Settles the first waiting line.
    fn typed_answered(&mut self, answer: Answer, now: Duration) {
        let Some(first) = self.waiting.pop_front() else { return };
        if let Some(place) = &mut self.place {
            place.settle();
        }
        match answer {
            Answer::Error(text) => {
                if first.asked == Asked::Message
                    && let Some(wait) = wait_asked(&text)
                {
                    self.waiting.push_front(Waiting { sent: false, ..first });
                    self.pause_until = Some(now + wait);
                    if !std::mem::replace(&mut self.told_to_wait, true) {
                        self.show(Shown::Error(text));
                    }
                    return;
                }
                self.show(Shown::Error(text));
                if first.asked == Asked::Message {
                    // Of several typed at once it could be any.
                    self.notice(Notice::NotSent(first.line));
                }
                return;
            }
            Answer::Ok(text) => {
                self.learn(&first.asked, &text);
                self.show(Shown::Ok(text));
            }
            Answer::Ack(seq) => {
                if let (Asked::Message | Asked::Once, Some(place)) = (&first.asked, &mut self.place)
                {
                    place.acknowledge(seq);
                }
            }
            Answer::List | Answer::Cursor(_) => {}
        }
        self.told_to_wait &= !self.waiting.is_empty();
        self.obeyed(first.asked);
    }

    /// Shows the address in an answer as a code that a camera reads.
    fn show_qr(&mut self, text: &str) {
        let address = text.rsplit(' ').next().filter(|word| wire::has_link_path(word));
        for line in address.and_then(wire::qr::blocks).into_iter().flatten() {
            self.show(Shown::Qr(line));
        }
    }

    /// One is in the room that a link leads to, which only the answer names: before how full it is.
    fn entered_by(&mut self, text: &str, link: &str, nick: Nick) {
        let room = text.rsplit(' ').nth(1).and_then(|room| RoomName::parse(room).ok());
        if let Some(room) = room.filter(|_| is_full(text)) {
            self.obeyed(Asked::Enter(room, nick));
            if let Some(place) = &mut self.place {
                place.link = Some(link.to_owned());
            }
        }
    }

    /// What only an answer says: the last word of it, or the one before.
    fn learn(&mut self, asked: &Asked, text: &str) {
        let name = text.rsplit(' ').next().unwrap_or_default();
        match asked {
            Asked::LogIn(_) => self.account = Nick::parse(name).ok(),
            Asked::Direct => {
                let nick = self.account.clone().or_else(|| self.nick().cloned());
                if let (Ok(room), Some(nick)) = (RoomName::parse(name), nick) {
                    self.obeyed(Asked::Enter(room, nick));
                }
            }
            Asked::MakeLink => self.show_qr(text),
            Asked::EnterByLink(link, nick) => self.entered_by(text, link, nick.clone()),
            Asked::Message
            | Asked::Enter(..)
            | Asked::Leave
            | Asked::Rename(_)
            | Asked::Speak(_)
            | Asked::Topic
            | Asked::Once
            | Asked::Members
            | Asked::Rooms
            | Asked::LogOut
            | Asked::Quit
            | Asked::Other => {}
        }
    }

    /// What a command that was obeyed changes here.
    fn obeyed(&mut self, asked: Asked) {
        match asked {
            Asked::Enter(room, nick) => {
                if self.place.as_ref().is_none_or(|place| place.room != room) {
                    self.nicks.clear();
                }
                self.rooms.hear(room.clone());
                self.place = Some(Place::new(room, nick));
                if self.server == Server::Numbered {
                    self.requests.push_back(Request::Base);
                }
            }
            Asked::Leave => self.place = None,
            Asked::Rename(nick) => {
                if let Some(place) = &mut self.place {
                    place.nick = nick;
                }
            }
            Asked::Speak(lang) => self.lang = lang,
            Asked::LogIn(token) => {
                self.token = token.map_or(Token::Due, Token::Known);
            }
            Asked::LogOut => {
                self.token = Token::None;
                self.account = None;
                self.place = None;
            }
            Asked::Message
            | Asked::Direct
            | Asked::Topic
            | Asked::Once
            | Asked::EnterByLink(..)
            | Asked::MakeLink
            | Asked::Members
            | Asked::Rooms
            | Asked::Quit
            | Asked::Other => {}
        }
    }

    fn said(&mut self, seq: Option<u64>, nick: Nick, text: String, now: Duration) {
        let Some(own) = self.nick().map(|own| *own == nick) else {
            return self.show(Shown::Said { nick, text, mine: false });
        };
        if !own {
            self.nicks.hear(nick.clone());
        }
        let repeated = self.is_repeated(seq, now);
        let settled = own && self.settle_sent(seq, &text);
        if !repeated && !self.read(seq) && !settled {
            self.show(Shown::Said { nick, text, mine: own });
        }
        self.finish_catching_up();
    }

    fn info(&mut self, seq: Option<u64>, text: String, now: Duration) {
        if let Some(CatchUp { notices, .. }) = &mut self.catching {
            if seq.is_none() {
                if notices.len() == NOTICES_MAX {
                    notices.pop_front();
                }
                notices.push_back(text.clone());
            } else if let Some(index) = notices.iter().position(|shown| *shown == text) {
                notices.remove(index);
                if !self.is_repeated(seq, now) {
                    self.read(seq);
                }
                return self.finish_catching_up();
            }
        }
        if seq.is_some() && self.is_repeated(seq, now) {
            return self.finish_catching_up();
        }
        self.read(seq);
        self.show(Shown::Info(text));
        self.finish_catching_up();
    }

    /// Whether a line of the room is one that was shown, or that the log is going to repeat.
    fn is_repeated(&mut self, seq: Option<u64>, now: Duration) -> bool {
        let cursor = self.place.as_ref().and_then(Place::cursor);
        let Some(catching) = &mut self.catching else { return false };
        catching.last_line_at = now;
        catching.heard = catching.heard.max(seq);
        // Until the cursor stands, this connection's live lines bear no number.
        seq.is_none_or(|seq| cursor.is_some_and(|cursor| seq <= cursor))
    }

    /// Moves the cursor to `seq`; says whether that is an own acknowledged message.
    fn read(&mut self, seq: Option<u64>) -> bool {
        let (Some(seq), Some(place)) = (seq, &mut self.place) else { return false };
        let acked = place.is_acked(seq);
        place.advance(seq);
        acked
    }

    /// Settles the message in doubt if it is `seq`: it was shown when it was typed.
    fn settle_sent(&mut self, seq: Option<u64>, text: &str) -> bool {
        let (Some(seq), Some(place), true) = (seq, &mut self.place, self.catching.is_some()) else {
            return false;
        };
        let found = place.may_be_in_doubt(seq)
            && self.waiting.front().is_some_and(|first| {
                first.sent && first.asked == Asked::Message && first.line.trim() == text.trim()
            });
        if found {
            place.settle();
            self.waiting.pop_front();
        }
        found
    }

    fn finish_catching_up(&mut self) {
        if self.catching.as_ref().is_some_and(|catching| {
            catching.target.is_some_and(|target| catching.heard >= Some(target))
        }) {
            self.catching = None;
        }
    }
}

/// Whether a refusal ends with how full the server is: `(<n>/<max>)`, in every language.
fn is_full(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .and_then(|(_, counts)| counts.split_once('/'))
        .is_some_and(|(present, max)| digits(present) && digits(max))
}

/// How long a refusal asks to wait: it ends with `<n> s`, in every language.
fn wait_asked(text: &str) -> Option<Duration> {
    let seconds = text.strip_suffix(" s")?.rsplit(' ').next()?.parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|wait| *wait <= PAUSE_MAX)
}
