//! What a client's bytes come and go by: a socket alone, or TLS over one.
//!
//! Everything behind the port is given one of these, so that whoever writes to a client need not
//! know which it is. The plain kind is the usual one: it costs one look at a tag that lies beside
//! the socket's descriptor, and no memory.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use rustix::net::{RecvFlags, SendFlags};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use crate::tls::Encrypted;

/// A client's connection, in bytes.
pub(crate) enum Stream {
    Plain(TcpStream),
    /// Boxed: it is a hundred times as large.
    Encrypted(Box<Encrypted>),
}

/// A plain connection is no larger than its socket.
const _: () = assert!(size_of::<Stream>() == size_of::<TcpStream>());

impl Stream {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Encrypted(encrypted) => encrypted.socket(),
        }
    }

    /// Whether nobody between here and the client can read or change what is said.
    pub(crate) fn is_encrypted(&self) -> bool {
        matches!(self, Self::Encrypted(_))
    }

    /// Where the client found this server.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(crate) fn local_address(&self) -> io::Result<SocketAddr> {
        self.socket().local_addr()
    }

    /// Reads what has come, as far as `buffer` holds it. A read that does not fill it has emptied
    /// the socket, and the runtime is told so: nobody asks once more only to hear that.
    ///
    /// # Errors
    ///
    /// The system's; `WouldBlock`: nothing has come; over TLS `UnexpectedEof`: the end came without
    /// being said, so that the last words may be missing.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let socket = match self {
            Self::Plain(socket) => socket,
            Self::Encrypted(encrypted) => return encrypted.read(buffer),
        };
        let mut emptied = None;
        let read = socket.try_io(Interest::READABLE, || {
            let (read, _) = rustix::net::recv(socket, &mut *buffer, RecvFlags::DONTWAIT)?;
            if 0 < read && read < buffer.len() {
                emptied = Some(read);
                return Err(ErrorKind::WouldBlock.into());
            }
            Ok(read)
        });
        emptied.map_or(read, Ok)
    }

    /// One `send`, past the runtime: what it knows of the socket lies elsewhere in memory, and a
    /// member is written to for whom nothing else is to be looked up. It is asked where the socket
    /// takes no more, so that it says when that changes.
    ///
    /// # Errors
    ///
    /// As of [`Stream::write_vectored`].
    pub(crate) fn send(&self, run: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => {
                match rustix::net::send(socket, run, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
                    Err(rustix::io::Errno::WOULDBLOCK) => socket.try_write(run),
                    sent => Ok(sent?),
                }
            }
            Self::Encrypted(encrypted) => encrypted.write(&[IoSlice::new(run)]),
        }
    }

    /// Writes what the socket takes now. What TLS has taken counts as written, though a part of it
    /// may still wait: see [`Stream::is_held_up`].
    ///
    /// # Errors
    ///
    /// The system's; `WouldBlock`: nothing is taken.
    pub(crate) fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.try_write_vectored(slices),
            Self::Encrypted(encrypted) => encrypted.write(slices),
        }
    }

    /// Writes what TLS still holds; whether some of it has to wait for the socket.
    ///
    /// # Errors
    ///
    /// The system's, never `WouldBlock`.
    pub(crate) fn is_held_up(&self) -> io::Result<bool> {
        match self {
            Self::Plain(_) => Ok(false),
            Self::Encrypted(encrypted) => encrypted.is_held_up(),
        }
    }

    /// Whether there is something to read, or an end.
    pub(crate) fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(socket) => socket.poll_read_ready(context),
            Self::Encrypted(encrypted) => encrypted.poll_read_ready(context),
        }
    }

    /// Whether the socket takes more.
    pub(crate) fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_write_ready(context)
    }

    /// Waits until there is something to read, or an end.
    pub(crate) async fn readable(&self) -> io::Result<()> {
        std::future::poll_fn(|context| self.poll_read_ready(context)).await
    }

    /// Waits until the socket takes more.
    pub(crate) async fn writable(&self) -> io::Result<()> {
        self.socket().writable().await
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let encrypted = match self.get_mut() {
            Self::Plain(socket) => return Pin::new(socket).poll_read(context, buffer),
            Self::Encrypted(encrypted) => encrypted,
        };
        loop {
            match encrypted.read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ready!(encrypted.poll_read_ready(context))?;
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let encrypted = match self.get_mut() {
            Self::Plain(socket) => return Pin::new(socket).poll_write_vectored(context, slices),
            Self::Encrypted(encrypted) => encrypted,
        };
        loop {
            match encrypted.write(slices) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    ready!(encrypted.socket().poll_write_ready(context))?;
                }
                written => return Poll::Ready(written),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let stream = self.get_mut();
        while stream.is_held_up()? {
            ready!(stream.poll_write_ready(context))?;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Self::Encrypted(encrypted) = &*self {
            encrypted.say_goodbye();
        }
        ready!(self.as_mut().poll_flush(context))?;
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Encrypted(encrypted) => Pin::new(encrypted.socket_mut()).poll_shutdown(context),
        }
    }
}
