//! On a terminal: everything that happens comes as an event to one thread, which owns the session,
//! the input line and the screen.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read as _};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use room::{Nick, RoomName};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;

use crate::environment::Environment;
use crate::history::HistoryFile;
use crate::limits::{EVENTS_MAX, EVENTS_PER_DRAW_MAX};
use crate::socket::{Connection, Dialer};
use crate::tty::Terminal;
use crate::view::command::masked;
use crate::view::complete::{common_prefix, complete};
use crate::view::editor::{Action, Editor};
use crate::view::keys::Decoder;
use crate::view::screen::Screen;
use crate::view::session::{End, Input, LinkState, Output, Session};
use crate::view::words::Words;

/// How often the prompt counts the seconds to the next attempt.
const COUNTDOWN: Duration = Duration::from_secs(1);

/// Candidates of a completion that are listed.
const CHOICES_MAX: usize = 60;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// Bytes were typed.
    Typed(Vec<u8>),
    /// The terminal is gone.
    TerminalGone,
    /// A connection stands.
    Connected(TcpStream),
    /// No connection could be made.
    Unreachable,
    /// The server sent a line on a connection.
    Line {
        /// Which connection.
        number: u64,
        /// The line without its end.
        line: String,
    },
    /// A connection ended.
    Lost {
        /// Which connection.
        number: u64,
    },
    /// The system sent a signal.
    Signal(i32),
}

/// Runs the client on the terminal until the user quits or the server refuses.
pub(crate) fn run(
    dialer: Dialer,
    stream: TcpStream,
    peer: &str,
    environment: &Environment,
    join: Option<(RoomName, Nick)>,
) -> io::Result<End> {
    let (events, happened) = sync_channel(EVENTS_MAX);
    watch_signals(events.clone())?;
    let terminal = Terminal::open(environment.dumb)?;
    watch_keys(terminal.keys()?, events.clone());
    let (history, lines) = HistoryFile::open(environment.history.as_deref());
    let words =
        Words { lang: environment.lang, palette: environment.palette, peer: peer.to_owned() };
    let mut client = Client {
        session: Session::new(environment.lang, join, RandomState::new().hash_one(0)),
        editor: Editor::new(lines),
        decoder: Decoder::default(),
        screen: Screen::new(terminal.columns(), environment.dumb),
        terminal,
        words,
        history,
        dialer,
        connection: None,
        connections: 0,
        events,
        started: Instant::now(),
        above: Vec::new(),
        bell: false,
        quitting: false,
        end: None,
    };
    client.event(Event::Connected(stream))?;
    client.run(&happened)
}

struct Client {
    session: Session,
    editor: Editor,
    decoder: Decoder,
    screen: Screen,
    terminal: Terminal,
    words: Words,
    history: HistoryFile,
    dialer: Dialer,
    connection: Option<Connection>,
    connections: u64,
    events: SyncSender<Event>,
    started: Instant,
    /// Lines that go above the input line at the next draw.
    above: Vec<String>,
    bell: bool,
    /// The user has asked to leave once.
    quitting: bool,
    end: Option<End>,
}

impl Client {
    fn run(&mut self, happened: &Receiver<Event>) -> io::Result<End> {
        loop {
            self.draw()?;
            if let Some(end) = self.end.take() {
                let erased = self.screen.erase();
                self.terminal.write(&erased)?;
                return Ok(end);
            }
            match happened.recv_timeout(self.wait()) {
                Ok(event) => self.event(event)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the client holds a sender"),
            }
            // A burst is one draw.
            for event in happened.try_iter().take(EVENTS_PER_DRAW_MAX) {
                self.event(event)?;
            }
            if self.session.next_timer().is_some_and(|timer| timer <= self.now()) {
                self.input(Input::Tick);
            }
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long nothing needs to be done.
    fn wait(&self) -> Duration {
        let timer = self.session.next_timer().map(|timer| timer.saturating_sub(self.now()));
        let longest = match self.session.prompt(self.now()).link {
            LinkState::Waiting { .. } => COUNTDOWN,
            LinkState::Up | LinkState::Entering | LinkState::Dialing { .. } => Duration::MAX,
        };
        timer.unwrap_or(Duration::MAX).min(longest)
    }

    fn event(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Typed(bytes) => self.typed(&bytes)?,
            Event::Connected(stream) => {
                self.connections += 1;
                let events = self.events.clone();
                self.connection = Some(Connection::start(self.connections, stream, events)?);
                self.input(Input::Connected);
            }
            Event::Unreachable => self.input(Input::Lost),
            Event::Line { number, line } if self.is_current(number) => {
                self.input(Input::Line(&line));
            }
            Event::Lost { number } if self.is_current(number) => {
                self.connection = None;
                self.input(Input::Lost);
            }
            // Of a connection that was given up.
            Event::Line { .. } | Event::Lost { .. } => {}
            Event::Signal(SIGWINCH) => self.screen.resize(self.terminal.columns()),
            Event::Signal(SIGCONT) => {
                self.terminal.set_raw()?;
                self.screen = Screen::new(self.terminal.columns(), self.screen.is_dumb());
            }
            Event::TerminalGone | Event::Signal(_) => self.end = Some(End::Quit),
        }
        Ok(())
    }

    fn is_current(&self, number: u64) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.number == number)
    }

    fn input(&mut self, input: Input<'_>) {
        let outputs = self.session.handle(input, self.now());
        for output in outputs {
            match output {
                Output::Dial => self.dial(),
                Output::Hang => self.connection = None,
                Output::Send(line) => {
                    if let Some(connection) = &self.connection {
                        connection.send(line);
                    }
                }
                Output::Show(shown) => {
                    let line = self.words.line(&shown, self.session.nick());
                    self.bell |= line.mentions;
                    self.above.push(line.painted);
                }
                Output::GiveBack(line) => self.editor.give_back(line),
                Output::End(end) => self.end = Some(end),
            }
        }
    }

    fn dial(&self) {
        let (dialer, events) = (self.dialer.clone(), self.events.clone());
        thread::spawn(move || {
            let event = dialer.dial().map_or(Event::Unreachable, Event::Connected);
            let _ = events.send(event);
        });
    }

    fn typed(&mut self, bytes: &[u8]) -> io::Result<()> {
        for key in self.decoder.feed(bytes) {
            match self.editor.key(key) {
                Action::None => {}
                Action::Submit(line) => {
                    self.history.add(&line);
                    self.input(Input::Typed(&line));
                }
                Action::Complete => self.complete(),
                Action::Clear => {
                    let cleared = self.screen.clear();
                    self.terminal.write(cleared)?;
                }
                Action::Quit if self.quitting => self.end = Some(End::Quit),
                Action::Quit => {
                    self.quitting = true;
                    self.input(Input::Typed("--QUIT"));
                }
                Action::Bell => self.bell = true,
            }
        }
        Ok(())
    }

    fn complete(&mut self) {
        let (text, cursor) = self.editor.line();
        let nicks = self.session.nicks().map(Nick::as_str);
        let rooms = self.session.rooms().map(RoomName::as_str);
        let completion = complete(&text[..cursor], nicks, rooms);
        let common = common_prefix(&completion.choices);
        match &completion.choices[..] {
            [] => self.bell = true,
            [only] => self.editor.complete(completion.start, only),
            _ if common.len() > cursor - completion.start => {
                self.editor.complete(completion.start, common);
            }
            choices => {
                let listed = choices[..choices.len().min(CHOICES_MAX)].join(" ");
                self.above.push(listed);
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let prompt = self.words.prompt(&self.session.prompt(self.now()));
        let (text, cursor) = self.editor.line();
        let (shown, before) = (masked(text), text[..cursor].chars().count());
        let cursor = shown.char_indices().nth(before).map_or(shown.len(), |(at, _)| at);
        let mut drawn = self.screen.draw(&self.above, &prompt, &shown, cursor);
        if std::mem::take(&mut self.bell) {
            drawn.push('\x07');
        }
        self.above.clear();
        self.terminal.write(&drawn)
    }
}

fn watch_keys(mut keys: std::fs::File, events: SyncSender<Event>) {
    thread::spawn(move || {
        let mut bytes = [0; 1024];
        loop {
            let event = match keys.read(&mut bytes) {
                Ok(0) => Event::TerminalGone,
                Ok(count) => Event::Typed(bytes[..count].to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => Event::TerminalGone,
            };
            let gone = matches!(event, Event::TerminalGone);
            if events.send(event).is_err() || gone {
                return;
            }
        }
    });
}

fn watch_signals(events: SyncSender<Event>) -> io::Result<()> {
    let mut signals = Signals::new([SIGWINCH, SIGCONT, SIGTERM, SIGHUP, SIGINT])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            if events.send(Event::Signal(signal)).is_err() {
                return;
            }
        }
    });
    Ok(())
}
