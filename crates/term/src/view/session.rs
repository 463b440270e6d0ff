//! The session: what is typed and what the server says go in, what to send and to show comes out.
//!
//! Pure: time comes in with every input, and the socket is somebody else's. The order of calls:
//!
//! 1. A connection stands: [`Input::Connected`]. Then each line: [`Input::Line`]; its end, or an
//!    attempt that failed: [`Input::Lost`].
//! 2. Each line that is typed: [`Input::Typed`].
//! 3. At [`Session::next_timer`], [`Input::Tick`].
//! 4. Whatever comes out of [`Session::handle`] is done in its order.
//!
//! **One line is on its way at a time.** The next is sent when the server has answered the one
//! before (a message is answered when it is on the disk), so each answer belongs to the line that
//! is on its way, and after a lost connection exactly one line is in doubt. If it is a message, the
//! log says whether it arrived: it is among those caught up with, or it is sent again.

mod answer;
mod link;
mod place;
mod say;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use lang::Lang;
use room::{Nick, RoomName, clean};

use self::place::Place;
pub use self::say::{LinkState, Notice, Prompt, Shown};
use self::seen::Seen;
use super::backoff::Backoff;
use super::command::Asked;
use crate::limits::{CATCH_UP_QUIET, QUIT_WAIT, WAITING_LINES_MAX};

/// What happens to a session. Times are counted from any fixed moment.
#[derive(Debug, Clone, Copy)]
pub enum Input<'i> {
    /// A connection stands.
    Connected,
    /// The server sent a line (without its end).
    Line(&'i str),
    /// The connection ended, or could not be made.
    Lost,
    /// The user typed a line.
    Typed(&'i str),
    /// Time has passed.
    Tick,
}

/// What a session wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Connect; answer with [`Input::Connected`] or [`Input::Lost`].
    Dial,
    /// Drop the connection; nothing more is wanted of it.
    Hang,
    /// Send this line; its end is to be added.
    Send(String),
    /// Show this.
    Show(Shown),
    /// This line was not taken: put it back where it was typed.
    GiveBack(String),
    /// The session is over.
    End(End),
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The user wanted it.
    Quit,
    /// The server took no connection and said this.
    Refused(String),
}

/// One user's conversation with the server, over as many connections as it takes.
#[derive(Debug)]
pub struct Session {
    link: Link,
    server: Server,
    lang: Lang,
    token: Token,
    /// What one is called as one is logged in.
    account: Option<Nick>,
    place: Option<Place>,
    /// Re-entering `place` on a new connection; `None` once it is done.
    entering: Option<Entering>,
    /// Reading what was missed.
    catching: Option<CatchUp>,
    /// What the client itself has to ask, before anything typed.
    requests: VecDeque<Request>,
    /// Typed lines that are not settled; the first may be on its way.
    waiting: VecDeque<Waiting>,
    flight: Option<Flight>,
    in_list: bool,
    backoff: Backoff,
    reenter_backoff: Backoff,
    connected_at: Duration,
    /// Nothing was answered yet on this connection.
    unheard: bool,
    /// The first answer on this connection said that the server is full.
    refused: Option<(Duration, String)>,
    /// A request that was refused, and when to ask again. Until then nothing else is sent.
    retry: Option<(Duration, Request)>,
    /// How often that happened on this connection.
    refusals: u32,
    /// The server takes no message before.
    pause_until: Option<Duration>,
    /// That was said already of what is waiting.
    told_to_wait: bool,
    quit_by: Option<Duration>,
    nicks: Seen<Nick>,
    rooms: Seen<RoomName>,
    out: Vec<Output>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Dialing,
    Waiting { until: Duration },
    Up,
    Over,
}

/// Whether the server numbers its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Server {
    Unknown,
    Numbered,
    /// Knows no `--CURSOR`: no message is acknowledged, nothing can be caught up with.
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Request {
    Speak(Lang),
    /// `--LOGIN` with the token of an earlier login.
    LogIn(String),
    /// `--CURSOR` outside a room: does the server number?
    Probe,
    /// `--CURSOR` in a room just entered: where does its log stand?
    Base,
    Reenter,
    CatchUp(u64),
}

/// What logs in again on a new connection.
#[derive(Debug)]
enum Token {
    None,
    /// The next line may say it.
    Due,
    Known(String),
}

#[derive(Debug)]
struct Waiting {
    line: String,
    asked: Asked,
    sent: bool,
}

/// The line on its way.
#[derive(Debug)]
struct Flight {
    what: Sent,
    answer_by: Duration,
}

#[derive(Debug)]
enum Sent {
    Request(Request),
    /// The first of the waiting lines.
    Typed,
}

#[derive(Debug)]
struct Entering {
    give_up_at: Duration,
    /// When to try again, after a refusal.
    retry_at: Option<Duration>,
    refusal_shown: Option<String>,
}

#[derive(Debug)]
struct CatchUp {
    /// The room's last sequence, once the server has told it.
    target: Option<u64>,
    /// The greatest sequence that came, or after which it was asked for.
    heard: Option<u64>,
    last_line_at: Duration,
    /// Notices seen without a number, which the log may repeat.
    notices: VecDeque<String>,
}

impl Session {
    /// A session in `lang` that enters `join` first, if given. `seed` chooses the jitter of waits.
    ///
    /// It expects [`Input::Connected`] or [`Input::Lost`] next.
    #[must_use]
    pub fn new(lang: Lang, join: Option<(RoomName, Nick)>, seed: u64) -> Self {
        let mut waiting = VecDeque::new();
        if let Some((room, nick)) = join {
            let line = format!("--JOIN {room} {nick}");
            waiting.push_back(Waiting { line, asked: Asked::Enter(room, nick), sent: false });
        }
        Self {
            link: Link::Dialing,
            server: Server::Unknown,
            lang,
            token: Token::None,
            account: None,
            place: None,
            entering: None,
            catching: None,
            requests: VecDeque::new(),
            waiting,
            flight: None,
            in_list: false,
            backoff: Backoff::new(seed),
            reenter_backoff: Backoff::new(seed.rotate_left(32)),
            connected_at: Duration::ZERO,
            unheard: true,
            refused: None,
            retry: None,
            refusals: 0,
            pause_until: None,
            told_to_wait: false,
            quit_by: None,
            nicks: Seen::new(),
            rooms: Seen::new(),
            out: Vec::new(),
        }
    }

    /// Takes one input and says what is to be done.
    #[must_use]
    pub fn handle(&mut self, input: Input<'_>, now: Duration) -> Vec<Output> {
        if self.link != Link::Over {
            match input {
                Input::Connected => self.connected(now),
                Input::Line(line) => self.line(line, now),
                Input::Lost => self.lost(now),
                Input::Typed(line) => self.typed(line, now),
                Input::Tick => self.tick(now),
            }
            self.pump(now);
        }
        std::mem::take(&mut self.out)
    }

    /// When [`Input::Tick`] is due at the latest, if nothing else happens before.
    #[must_use]
    pub fn next_timer(&self) -> Option<Duration> {
        let retry = match self.link {
            Link::Waiting { until } => Some(until),
            Link::Dialing | Link::Up | Link::Over => None,
        };
        [
            retry,
            self.quit_by,
            self.pause_until,
            self.retry.as_ref().map(|(at, _)| *at),
            self.flight.as_ref().map(|flight| flight.answer_by),
            self.entering.as_ref().and_then(|entering| entering.retry_at),
            self.catching.as_ref().and_then(CatchUp::quiet_at),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// What stands before the input line.
    #[must_use]
    pub fn prompt(&self, now: Duration) -> Prompt {
        let attempt = self.backoff.attempts();
        let link = match self.link {
            Link::Waiting { until } => {
                // Rounded up: a wait that is not over has a second left.
                let left = until.saturating_sub(now) + Duration::from_millis(999);
                LinkState::Waiting { attempt, seconds: left.as_secs() }
            }
            Link::Dialing => LinkState::Dialing { attempt },
            Link::Up | Link::Over if self.entering.is_some() => LinkState::Entering,
            Link::Up | Link::Over => LinkState::Up,
        };
        Prompt {
            place: self.place.as_ref().map(|place| (place.room.clone(), place.nick.clone())),
            link,
            unsent: self.waiting.iter().filter(|waiting| !waiting.sent).count(),
        }
    }

    /// One's nick in the room.
    #[must_use]
    pub fn nick(&self) -> Option<&Nick> {
        self.place.as_ref().map(|place| &place.nick)
    }

    /// Nicks seen in this room, the one heard last first.
    pub fn nicks(&self) -> impl Iterator<Item = &Nick> {
        self.nicks.iter()
    }

    /// Rooms seen on this server, the one heard last first.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomName> {
        self.rooms.iter()
    }

    fn typed(&mut self, line: &str, now: Duration) {
        let line = clean(line);
        if line.trim().is_empty() {
            return;
        }
        let asked = Asked::of(&line);
        if asked == Asked::Quit {
            if self.link != Link::Up {
                return self.end(End::Quit);
            }
            self.quit_by.get_or_insert(now + QUIT_WAIT);
        } else if self.waiting.len() >= WAITING_LINES_MAX {
            self.notice(Notice::QueueFull);
            self.out.push(Output::GiveBack(line.into_owned()));
            return;
        }
        let line = line.into_owned();
        self.show(match &self.place {
            Some(place) if asked == Asked::Message => {
                Shown::Said { nick: place.nick.clone(), text: line.clone(), mine: true }
            }
            _ => Shown::Typed(line.clone()),
        });
        if asked.moves()
            && self.entering.as_ref().is_some_and(|entering| entering.retry_at.is_some())
        {
            self.abandon_place();
        }
        self.waiting.push_back(Waiting { line, asked, sent: false });
    }

    /// Leaves the room for good, with what was still to be said in it.
    fn abandon_place(&mut self) {
        self.place = None;
        self.entering = None;
        self.catching = None;
        self.requests.retain(|request| *request != Request::Reenter);
        if self.server != Server::Plain {
            // Numbers have not been asked for on this connection yet.
            self.requests.push_back(Request::Probe);
        }
        self.drop_messages();
    }

    /// Gives up the messages that wait, and says of each what became of it.
    fn drop_messages(&mut self) {
        let (dropped, kept) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|waiting| matches!(waiting.asked, Asked::Message | Asked::Once));
        self.waiting = kept;
        for Waiting { line, sent, .. } in dropped {
            let sure = !sent || self.server == Server::Plain;
            self.notice(if sure { Notice::NotSent(line) } else { Notice::Uncertain(line) });
        }
    }

    fn end(&mut self, end: End) {
        self.drop_messages();
        self.link = Link::Over;
        self.out.push(Output::End(end));
    }

    fn notice(&mut self, notice: Notice) {
        self.show(Shown::Notice(notice));
    }

    fn show(&mut self, shown: Shown) {
        self.out.push(Output::Show(shown));
    }
}

impl CatchUp {
    fn new(after: u64, now: Duration) -> Self {
        Self { target: None, heard: Some(after), last_line_at: now, notices: VecDeque::new() }
    }

    /// When it counts as finished if nothing more comes.
    fn quiet_at(&self) -> Option<Duration> {
        self.target.map(|_| self.last_line_at + CATCH_UP_QUIET)
    }
}
