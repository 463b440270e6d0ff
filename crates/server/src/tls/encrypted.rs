//! TLS over a socket, after the handshake.
//!
//! It reads and writes without waiting, as a socket does, so that a shard writes to an encrypted
//! member as it writes to any other. What it holds is bounded on both sides: it takes no more to
//! write while the socket has not taken what there is, and reads no more than it is asked for.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IoSlice, Read as _, Write as _};
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ServerConnection;
use tokio::net::TcpStream;

use crate::limits::{TLS_READS_MAX, TLS_WRITE_BYTES_MAX};
use crate::metrics::ShardMetrics;

/// A socket with TLS over it. It stays with the thread that made it, whose metrics it counts in.
pub(crate) struct Encrypted {
    socket: TcpStream,
    session: RefCell<ServerConnection>,
    metrics: Arc<ShardMetrics>,
}

impl Encrypted {
    /// Of a handshake that is done.
    pub(super) fn new(
        socket: TcpStream,
        mut session: ServerConnection,
        metrics: Arc<ShardMetrics>,
    ) -> Self {
        session.set_buffer_limit(Some(TLS_WRITE_BYTES_MAX));
        metrics.tls.add(1);
        Self { socket, session: RefCell::new(session), metrics }
    }

    pub(crate) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    pub(crate) fn socket_mut(&mut self) -> &mut TcpStream {
        &mut self.socket
    }

    /// Reads what has come, as far as `buffer` holds it; 0: the client has said its end.
    ///
    /// # Errors
    ///
    /// As of [`crate::stream::Stream::try_read`]; `InvalidData`: what came is not what was sent.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut session = self.session.borrow_mut();
        let mut read = 0;
        // A client may send records with nothing in them for ever.
        for _ in 0..TLS_READS_MAX {
            match session.reader().read(&mut buffer[read..]) {
                Ok(0) => return Ok(read),
                Ok(more) => {
                    read += more;
                    if read == buffer.len() {
                        return Ok(read);
                    }
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // What came before it comes first.
                Err(_) if read > 0 => return Ok(read),
                Err(error) => return Err(error),
            }
            match session.read_tls(&mut Socket(&self.socket)) {
                Ok(_) => process(&mut session, &self.socket)?,
                Err(_) if read > 0 => return Ok(read),
                Err(error) => return Err(error),
            }
        }
        if read > 0 { Ok(read) } else { Err(ErrorKind::WouldBlock.into()) }
    }

    /// Encrypts up to [`TLS_WRITE_BYTES_MAX`] and writes as much of it as the socket takes; what it
    /// does not take waits here. How much was taken.
    ///
    /// # Errors
    ///
    /// The system's; `WouldBlock`: what was taken before still waits.
    pub(crate) fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut session = self.session.borrow_mut();
        drain(&mut session, &self.socket)?;
        let taken = session.writer().write_vectored(slices)?;
        match drain(&mut session, &self.socket) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(taken),
        }
    }

    /// Writes what waits; whether some of it still does.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(crate) fn is_held_up(&self) -> io::Result<bool> {
        match drain(&mut self.session.borrow_mut(), &self.socket) {
            Ok(()) => Ok(false),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Says that nothing more comes (`close_notify`, RFC 8446, section 6.1), once.
    pub(crate) fn say_goodbye(&self) {
        self.session.borrow_mut().send_close_notify();
    }

    /// Whether there is something to read: decrypted already, or on the socket.
    pub(crate) fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.session.borrow().wants_read() {
            self.socket.poll_read_ready(context)
        } else {
            Poll::Ready(Ok(()))
        }
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.metrics.tls.sub(1);
    }
}

/// Decrypts what has come, and answers what the protocol itself wants answered.
///
/// # Errors
///
/// `InvalidData`; the client is told why as far as the socket takes that.
pub(super) fn process(session: &mut ServerConnection, socket: &TcpStream) -> io::Result<()> {
    let processed = session.process_new_packets();
    let answered = drain(session, socket);
    processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    match answered {
        Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
        _ => Ok(()),
    }
}

/// Writes what waits until nothing does.
///
/// # Errors
///
/// The system's; `WouldBlock`: it takes no more just now.
pub(super) fn drain(session: &mut ServerConnection, socket: &TcpStream) -> io::Result<()> {
    while session.wants_write() {
        if session.write_tls(&mut Socket(socket))? == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
    }
    Ok(())
}

/// A socket as the library wants it.
pub(super) struct Socket<'s>(pub(super) &'s TcpStream);

impl io::Read for Socket<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl io::Write for Socket<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
