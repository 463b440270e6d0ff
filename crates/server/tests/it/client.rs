//! A client of the line protocol that never waits without a deadline.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustls::ClientConnection;
use socket2::{Domain, Socket, Type};

use crate::harness::{DEADLINE, Server};
use crate::pace::Pace;

pub(crate) const GREETING: &str = "Conexao concluida. Digite --HELP para ajuda.";
pub(crate) const FRAME: &str = "-----";

/// Between the first bytes of a sliced connection, so that the server reads them one at a time.
const SLICE_GAP: Duration = Duration::from_millis(2);
/// How many bytes of a sliced connection are so spaced: longer than any protocol's first bytes.
const SPACED_BYTES: usize = 48;

/// How a client puts its bytes on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// One write, one segment.
    Whole,
    /// One byte, one segment.
    Sliced,
}

/// One line with its LF for each number.
pub(crate) fn lines_of(
    numbers: impl Iterator<Item = usize>,
    line: impl Fn(usize) -> String,
) -> String {
    numbers.fold(String::new(), |mut lines, number| {
        lines.push_str(&line(number));
        lines.push('\n');
        lines
    })
}

/// What a client's TLS has to send.
fn ciphertext(tls: &mut ClientConnection) -> Vec<u8> {
    let mut bytes = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut bytes).unwrap();
    }
    bytes
}

pub(crate) struct Client {
    stream: TcpStream,
    /// What is between the bytes and the stream, if they are encrypted.
    tls: Option<Box<ClientConnection>>,
    wire: Wire,
    sent_bytes: usize,
    pace: Pace,
    /// Received and not yet taken: `unread[taken..]`.
    unread: Vec<u8>,
    taken: usize,
}

impl Client {
    /// Connects and says nothing until the greeting has come.
    pub(crate) fn connect(server: &Server) -> Self {
        Self::connect_over(server, Wire::Whole)
    }

    pub(crate) fn connect_over(server: &Server, wire: Wire) -> Self {
        let mut client = Self::open(server.addr(), wire);
        client.expect(GREETING);
        client
    }

    /// So many, who wait for their greetings together.
    pub(crate) fn connect_many(server: &Server, count: usize) -> Vec<Self> {
        let mut clients: Vec<_> =
            (0..count).map(|_| Self::open(server.addr(), Wire::Whole)).collect();
        for client in &mut clients {
            client.expect(GREETING);
        }
        clients
    }

    /// Connects without waiting for anything.
    pub(crate) fn open(addr: SocketAddr, wire: Wire) -> Self {
        Self::over(TcpStream::connect_timeout(&addr, DEADLINE).unwrap(), wire)
    }

    /// Connects from another address of this machine.
    pub(crate) fn open_from(from: Ipv4Addr, addr: SocketAddr) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::new(IpAddr::V4(from), 0).into()).unwrap();
        socket.connect_timeout(&addr.into(), DEADLINE).unwrap();
        Self::over(socket.into(), Wire::Whole)
    }

    /// Connects with a receive buffer of about `bytes`, so that not reading soon shows.
    pub(crate) fn open_narrow(addr: SocketAddr, bytes: usize) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.set_recv_buffer_size(bytes).unwrap();
        socket.connect_timeout(&addr.into(), DEADLINE).unwrap();
        Self::over(socket.into(), Wire::Whole)
    }

    fn over(stream: TcpStream, wire: Wire) -> Self {
        stream.set_nodelay(true).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        Self {
            stream,
            tls: None,
            wire,
            sent_bytes: 0,
            pace: Pace::default(),
            unread: Vec::new(),
            taken: 0,
        }
    }

    /// The same client, whose bytes are encrypted from here on.
    pub(crate) fn encrypted(mut self, mut tls: ClientConnection) -> Self {
        self.stream.set_read_timeout(Some(DEADLINE)).unwrap();
        tls.set_buffer_limit(None);
        while tls.is_handshaking() {
            if tls.wants_write() {
                let bytes = ciphertext(&mut tls);
                self.send_unencrypted(&bytes);
            } else {
                assert!(tls.read_tls(&mut self.stream).unwrap() > 0, "closed in the handshake");
                tls.process_new_packets().unwrap();
            }
        }
        let bytes = ciphertext(&mut tls);
        self.send_unencrypted(&bytes);
        self.tls = Some(Box::new(tls));
        self
    }

    /// Connects and makes the room, which she is then in.
    pub(crate) fn creates(server: &Server, wire: Wire, room: &str, nick: &str) -> Self {
        let mut client = Self::connect_over(server, wire);
        client.send(&format!("--CREATE {room} 100 {nick}"));
        client.expect_ok();
        client
    }

    /// Connects and enters the room.
    pub(crate) fn joins(server: &Server, wire: Wire, room: &str, nick: &str) -> Self {
        let mut client = Self::connect_over(server, wire);
        client.send(&format!("--JOIN {room} {nick}"));
        client.expect_ok();
        client
    }

    /// Sends one line with its LF.
    pub(crate) fn send(&mut self, line: &str) {
        self.send_raw(format!("{line}\n").as_bytes());
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let Some(tls) = &mut self.tls else { return self.send_unencrypted(bytes) };
        tls.writer().write_all(bytes).unwrap();
        let bytes = ciphertext(tls);
        self.send_unencrypted(&bytes);
    }

    fn send_unencrypted(&mut self, bytes: &[u8]) {
        match self.wire {
            Wire::Whole => self.stream.write_all(bytes).unwrap(),
            Wire::Sliced => {
                for byte in bytes {
                    self.stream.write_all(&[*byte]).unwrap();
                    self.pace.sent(*byte);
                    self.sent_bytes += 1;
                    if self.sent_bytes < SPACED_BYTES {
                        std::thread::sleep(SLICE_GAP); // the stimulus, not a wait for the server
                    }
                }
            }
        }
    }

    /// Sends like [`Self::send_raw`], but tells of a closed connection instead of failing.
    pub(crate) fn try_send_raw(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    /// No more comes from here; the answers may still be read.
    pub(crate) fn half_close(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let bytes = ciphertext(tls);
            return self.send_unencrypted(&bytes);
        }
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// A second handle of the same connection, for a thread that writes.
    pub(crate) fn writer(&self) -> TcpStream {
        self.stream.try_clone().unwrap()
    }

    /// The next line without its LF; `None` at the end of the connection.
    pub(crate) fn try_line(&mut self) -> Option<String> {
        let end = Instant::now() + DEADLINE;
        let mut searched = self.taken;
        loop {
            if let Some(length) = self.unread[searched..].iter().position(|&byte| byte == b'\n') {
                let line = self.unread[self.taken..searched + length].to_vec();
                self.taken = searched + length + 1;
                let line = String::from_utf8(line);
                return Some(line.unwrap_or_else(|error| panic!("not UTF-8: {error:?}")));
            }
            searched = self.unread.len() - self.taken;
            if !self.receive(end) {
                let rest = &self.unread[self.taken..];
                assert!(rest.is_empty(), "a line without an end: {rest:?}");
                return None;
            }
        }
    }

    pub(crate) fn line(&mut self) -> String {
        self.try_line().expect("a line, but the connection was closed")
    }

    /// Exactly so many bytes, whatever they are.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let end = Instant::now() + DEADLINE;
        while self.unread.len() - self.taken < count {
            assert!(self.receive(end), "closed after {:?}", &self.unread[self.taken..]);
        }
        let bytes = self.unread[self.taken..self.taken + count].to_vec();
        self.taken += count;
        bytes
    }

    /// Everything until the server closes.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let end = Instant::now() + DEADLINE;
        while self.receive(end) {}
        std::mem::take(&mut self.unread).split_off(std::mem::take(&mut self.taken))
    }

    /// Every line until the server closes.
    pub(crate) fn rest_lines(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.try_line()).collect()
    }

    /// Every whole line until the connection breaks, whatever way; a torn last line is dropped.
    pub(crate) fn lines_until_broken(&mut self) -> impl Iterator<Item = String> {
        std::iter::from_fn(|| {
            let end = Instant::now() + DEADLINE;
            while !self.unread[self.taken..].contains(&b'\n') {
                if !self.receive(end) {
                    return None;
                }
            }
            Some(self.line())
        })
    }

    /// Takes in what has come; `false` at the end of the connection.
    fn receive(&mut self, end: Instant) -> bool {
        self.unread.drain(..self.taken);
        self.taken = 0;
        let left = end.saturating_duration_since(Instant::now());
        let so_far = || String::from_utf8_lossy(&self.unread).into_owned();
        assert!(!left.is_zero(), "nothing came within {DEADLINE:?}; so far {:?}", so_far());
        self.stream.set_read_timeout(Some(left)).unwrap();
        let mut chunk = [0; 16 * 1024];
        let read = match &mut self.tls {
            // An end that was not said is a failure.
            Some(tls) => rustls::Stream::new(&mut **tls, &mut self.stream).read(&mut chunk),
            None => self.stream.read(&mut chunk),
        };
        match read {
            Ok(0) => false,
            Ok(count) => {
                self.unread.extend_from_slice(&chunk[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) if error.kind() == ErrorKind::Interrupted => true,
            Err(error) => panic!("{error}; so far {:?}", so_far()),
        }
    }

    /// The next line is this one, to the byte.
    #[track_caller]
    pub(crate) fn expect(&mut self, line: &str) {
        assert_eq!(self.line(), line);
    }

    #[track_caller]
    pub(crate) fn expect_all(&mut self, lines: &[&str]) {
        for line in lines {
            self.expect(line);
        }
    }

    /// The next line is a sentence with this tag, which is returned.
    #[track_caller]
    pub(crate) fn expect_tag(&mut self, tag: &str) -> String {
        let line = self.line();
        let sentence = line.strip_prefix(tag).and_then(|rest| rest.strip_prefix(" - "));
        let sentence = sentence.unwrap_or_else(|| panic!("{tag} expected, came {line:?}"));
        assert!(!sentence.is_empty(), "a sentence");
        sentence.to_owned()
    }

    #[track_caller]
    pub(crate) fn expect_ok(&mut self) -> String {
        self.expect_tag("[OK]")
    }

    #[track_caller]
    pub(crate) fn expect_error(&mut self) -> String {
        self.expect_tag("[ERRO]")
    }

    /// A notice that names this.
    #[track_caller]
    pub(crate) fn expect_info_of(&mut self, name: &str) {
        let sentence = self.expect_tag("[INFO]");
        assert!(sentence.contains(name), "{name:?} in {sentence:?}");
    }

    /// A list, which stands between two frame lines.
    #[track_caller]
    pub(crate) fn expect_list(&mut self) -> Vec<String> {
        self.expect(FRAME);
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            if line == FRAME {
                return lines;
            }
            lines.push(line);
        }
    }

    /// A list of messages, each without its number, which are those of one room in order.
    #[track_caller]
    pub(crate) fn expect_messages(&mut self) -> Vec<String> {
        let mut last = 0;
        let message = |line: String| {
            let (number, message) = line.split_once(' ').expect("a number before each message");
            let number = number.strip_prefix('#').and_then(|number| number.parse().ok());
            let number: u64 = number.unwrap_or_else(|| panic!("{line:?} has no number"));
            assert!(number > std::mem::replace(&mut last, number), "{line:?} after {last}");
            message.to_owned()
        };
        self.expect_list().into_iter().map(message).collect()
    }

    /// Nothing came before the answer to a harmless question: the server answers in order.
    #[track_caller]
    pub(crate) fn expect_nothing_so_far(&mut self) {
        self.send("--LANG pt");
        self.expect_ok();
    }

    /// The connection ends here, without another line.
    #[track_caller]
    pub(crate) fn expect_end(&mut self) {
        assert_eq!(self.try_line(), None);
    }
}
