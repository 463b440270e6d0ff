//! The connection: dialled, read and written, each by a thread of its own.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt;

use crate::limits::{DIAL_WAIT, INCOMING_BYTES_MAX, OUTGOING_MAX};
use crate::run::Event;

/// Silence after which the system asks whether the server is still there.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// Between two such questions.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);

/// So many unanswered ones end the connection.
const KEEPALIVE_COUNT: u32 = 3;

/// Knows where to connect to.
#[derive(Debug, Clone)]
pub(crate) struct Dialer {
    host: String,
    port: u16,
}

impl Dialer {
    /// For a name or an address, with or without the brackets of IPv6.
    pub(crate) fn new(host: &str, port: u16) -> Self {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        Self { host: bare.unwrap_or(host).to_owned(), port }
    }

    /// Connects to the first of the host's addresses that answers.
    pub(crate) fn dial(&self) -> io::Result<TcpStream> {
        let mut error = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, DIAL_WAIT) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    sockopt::set_socket_keepalive(&stream, true)?;
                    sockopt::set_tcp_keepidle(&stream, KEEPALIVE_IDLE)?;
                    sockopt::set_tcp_keepintvl(&stream, KEEPALIVE_INTERVAL)?;
                    sockopt::set_tcp_keepcnt(&stream, KEEPALIVE_COUNT)?;
                    return Ok(stream);
                }
                Err(failed) => error = failed,
            }
        }
        Err(error)
    }
}

/// A connection that stands. Dropped, it is closed.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Which connection its events come from.
    pub(crate) number: u64,
    stream: TcpStream,
    lines: SyncSender<String>,
}

impl Connection {
    /// Starts the threads that read and write `stream`.
    pub(crate) fn start(
        number: u64,
        stream: TcpStream,
        events: SyncSender<Event>,
    ) -> io::Result<Self> {
        let (lines, outgoing) = sync_channel(OUTGOING_MAX);
        let (reading, writing) = (stream.try_clone()?, stream.try_clone()?);
        thread::spawn(move || read(number, reading, &events));
        thread::spawn(move || write(writing, &outgoing));
        Ok(Self { number, stream, lines })
    }

    /// Sends a line. A server that has not read [`OUTGOING_MAX`] of them is given up.
    pub(crate) fn send(&self, line: String) {
        if self.lines.try_send(line).is_err() {
            self.close();
        }
    }

    fn close(&self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

fn write(mut stream: TcpStream, lines: &Receiver<String>) {
    while let Ok(mut line) = lines.recv() {
        line.push('\n');
        if stream.write_all(line.as_bytes()).is_err() {
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn read(number: u64, mut stream: TcpStream, events: &SyncSender<Event>) {
    let mut cutter = LineCutter::default();
    let mut bytes = [0; 8192];
    loop {
        let count = match stream.read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        for line in cutter.cut(&bytes[..count]) {
            if events.send(Event::Line { number, line }).is_err() {
                return;
            }
        }
    }
    let _ = events.send(Event::Lost { number });
}

/// Cuts bytes into lines, each at most [`INCOMING_BYTES_MAX`] long; the rest of a longer one is
/// dropped.
#[derive(Debug, Default)]
struct LineCutter {
    line: Vec<u8>,
}

impl LineCutter {
    fn cut(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (piece, ends) = match piece.split_last() {
                Some((b'\n', piece)) => (piece, true),
                _ => (piece, false),
            };
            let room = INCOMING_BYTES_MAX.saturating_sub(self.line.len());
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if ends {
                let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
                lines.push(String::from_utf8_lossy(line).into_owned());
                self.line.clear();
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_wherever_the_segments_end_and_bounded() {
        let mut cutter = LineCutter::default();
        assert_eq!(cutter.cut(b"um\r\ndo"), ["um"]);
        assert_eq!(cutter.cut(b"is\n\n\xff"), ["dois", ""]);
        let long = vec![b'a'; 2 * INCOMING_BYTES_MAX];
        assert!(cutter.cut(&long).is_empty());
        assert!(cutter.line.capacity() <= 2 * INCOMING_BYTES_MAX);
        assert_eq!(cutter.cut(b"fim\nx\n")[1], "x");
    }
}
