//! One connection: bytes in, lines out, and what the server has not taken yet.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

/// Bytes read at once; one buffer a thread.
pub(crate) const SCRATCH_BYTES: usize = 256 * 1024;

/// Bytes of a line at most: a message of the longest kind with the longest nick, and then some. A
/// server that sends a longer one does not speak the protocol.
const LINE_BYTES_MAX: usize = 16 * 1024;

/// A socket, the beginning of a line that has not ended, and what is still to be written.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    partial: Vec<u8>,
    outgoing: Vec<u8>,
    written: usize,
}

impl Connection {
    /// Takes over a socket.
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, partial: Vec::new(), outgoing: Vec::new(), written: 0 }
    }

    /// Reads once and hands on every line that ended, without its end. `false`: nothing was there.
    ///
    /// # Errors
    ///
    /// The connection is closed ([`ErrorKind::UnexpectedEof`]) or broken, or a line does not end.
    pub(crate) fn read_lines(
        &mut self,
        scratch: &mut [u8],
        mut on_line: impl FnMut(&[u8]),
    ) -> io::Result<bool> {
        let length = match self.stream.read(scratch) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut rest = &scratch[..length];
        if !self.partial.is_empty()
            && let Some(end) = memchr::memchr(b'\n', rest)
        {
            self.partial.extend_from_slice(&rest[..end]);
            on_line(&self.partial);
            self.partial.clear();
            rest = &rest[end + 1..];
        }
        let mut start = 0;
        if self.partial.is_empty() {
            for end in memchr::memchr_iter(b'\n', rest) {
                on_line(&rest[start..end]);
                start = end + 1;
            }
        }
        self.partial.extend_from_slice(&rest[start..]);
        if self.partial.len() > LINE_BYTES_MAX {
            return Err(io::Error::new(ErrorKind::InvalidData, "a line does not end"));
        }
        Ok(true)
    }

    /// What is to be written next; append to it, then [`Self::flush`].
    pub(crate) fn outgoing(&mut self) -> &mut Vec<u8> {
        &mut self.outgoing
    }

    /// Bytes the server has not taken yet.
    pub(crate) fn waiting(&self) -> usize {
        self.outgoing.len() - self.written
    }

    /// Writes what the socket takes. `true`: nothing is left.
    ///
    /// # Errors
    ///
    /// The connection is broken.
    pub(crate) fn flush(&mut self) -> io::Result<bool> {
        while self.waiting() > 0 {
            match self.stream.write(&self.outgoing[self.written..]) {
                Ok(length) => self.written += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.outgoing.clear();
        self.written = 0;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn lines_are_whole_wherever_they_are_cut() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut server = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut connection = Connection::new(listener.accept().unwrap().0);
        let text = b"first\n\nsecond line\nthird\nun";
        let mut scratch = vec![0; 64];
        for size in 1..text.len() {
            connection.partial.clear();
            let mut lines = Vec::new();
            for piece in text.chunks(size) {
                server.write_all(piece).unwrap();
                let keep = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
                connection.read_lines(&mut scratch, keep).unwrap();
            }
            // A read may have taken less than was written.
            while connection.partial != b"un" {
                let keep = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
                connection.read_lines(&mut scratch, keep).unwrap();
            }
            assert_eq!(lines, ["first", "", "second line", "third"], "cut each {size} bytes");
        }
        drop(server);
        let end = connection.read_lines(&mut scratch, |_| {}).unwrap_err();
        assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
    }
}
