//! papo's own terminal client.
//!
//! On a terminal it is a line client: an input line that arriving messages never tear, history,
//! completion, colours, and a connection that is made again when it is lost, with what was missed.
//! In a pipe it is bytes in and out, nothing added, so that scripts can talk.
//!
//! [`view`] is the pure half; the rest of this crate is the terminal, the socket and the clock.

mod environment;
mod history;
mod limits;
mod pipe;
mod run;
mod socket;
mod tty;
pub mod view;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use lang::Lang;
use room::{Nick, RoomName};

use crate::environment::Environment;
use crate::view::session::End;

/// Whom to connect to, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A name or an address.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// One's nick. With `room` it is entered at once; a pipe ignores both.
    pub nick: Option<String>,
    /// The room to enter.
    pub room: Option<String>,
    /// The language to be spoken to in; the locale's, if it is not given.
    pub lang: Option<Lang>,
}

impl Default for Options {
    /// The defaults of the server: 127.0.0.1, port 7777.
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: 7777, nick: None, room: None, lang: None }
    }
}

impl Options {
    /// `HOST:PORT`, as it is shown.
    fn peer(&self) -> String {
        if self.host.contains(':') && !self.host.starts_with('[') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    fn join(&self) -> Result<Option<(RoomName, Nick)>, ConnectError> {
        let wrong = |_| ConnectError::Name;
        let room = self.room.as_deref().map(RoomName::parse).transpose().map_err(wrong)?;
        let nick = self.nick.as_deref().map(Nick::parse).transpose().map_err(wrong)?;
        Ok(room.zip(nick))
    }
}

/// Why the client gave up. [`ConnectError::text`] words it for the user.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The room or the nick to enter with is no name.
    #[error("the room or the nick is no name")]
    Name,
    /// No connection could be made.
    #[error("cannot connect to {peer}")]
    Unreachable {
        /// `HOST:PORT`.
        peer: String,
        /// What the system said.
        source: io::Error,
    },
    /// The server takes no connection.
    #[error("{peer} refused the connection: {reason}")]
    Refused {
        /// `HOST:PORT`.
        peer: String,
        /// What the server said.
        reason: String,
    },
    /// In a pipe: the connection broke before the server closed it.
    #[error("the connection to {peer} broke")]
    Broken {
        /// `HOST:PORT`.
        peer: String,
        /// What the system said.
        source: io::Error,
    },
    /// The terminal could not be read, written or set.
    #[error("the terminal does not answer")]
    Terminal(#[from] io::Error),
}

impl ConnectError {
    /// The sentence for the user, in `lang`, or in the language of the locale.
    #[must_use]
    pub fn text(&self, lang: Option<Lang>) -> String {
        let lang = lang.unwrap_or_else(|| Environment::read().lang);
        let system = |id, peer: &str, source: &io::Error| {
            let reason = source.to_string();
            lang.text_with(id, &[("peer", peer.into()), ("reason", reason.as_str().into())])
        };
        match self {
            Self::Name => lang.text("connect-name"),
            Self::Unreachable { peer, source } => system("connect-cannot", peer, source),
            Self::Broken { peer, source } => system("connect-broken", peer, source),
            Self::Refused { peer, reason } => lang.text_with(
                "connect-refused",
                &[("peer", peer.as_str().into()), ("reason", reason.as_str().into())],
            ),
            Self::Terminal(source) => {
                let reason = source.to_string();
                lang.text_with("connect-terminal", &[("reason", reason.as_str().into())])
            }
        }
    }
}

/// Connects and talks until the user or, in a pipe, the server ends it.
///
/// The caller exits with the code, or prints [`ConnectError::text`] to stderr and exits with 1.
///
/// # Errors
///
/// [`ConnectError`]. On a terminal a connection that was made once and is lost is no error: it is
/// made again.
pub fn connect(options: &Options) -> Result<ExitCode, ConnectError> {
    let join = options.join()?;
    let peer = options.peer();
    let dialer = socket::Dialer::new(&options.host, options.port);
    let stream =
        dialer.dial().map_err(|source| ConnectError::Unreachable { peer: peer.clone(), source })?;
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return pipe::run(&stream)
            .map(|()| ExitCode::SUCCESS)
            .map_err(|source| ConnectError::Broken { peer, source });
    }
    let mut environment = Environment::read();
    environment.lang = options.lang.unwrap_or(environment.lang);
    match run::run(dialer, stream, &peer, &environment, join)? {
        End::Quit => Ok(ExitCode::SUCCESS),
        End::Refused(reason) => Err(ConnectError::Refused { peer, reason }),
    }
}
