//! One connection: bytes in, frames out, and what the server has not taken yet.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

use crate::protocol::Framing;

/// Bytes read at once; one buffer a thread.
pub(crate) const SCRATCH_BYTES: usize = 256 * 1024;

/// Bytes of a frame at most: a message of the longest kind with the longest nick, and then some. A
/// server that sends a longer one does not speak the protocol.
const FRAME_BYTES_MAX: usize = 16 * 1024;

/// A socket, the beginning of a frame that has not ended, and what is still to be written.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    framing: Framing,
    partial: Vec<u8>,
    outgoing: Vec<u8>,
    written: usize,
}

impl Connection {
    /// Takes over a socket.
    pub(crate) fn new(stream: TcpStream, framing: Framing) -> Self {
        Self { stream, framing, partial: Vec::new(), outgoing: Vec::new(), written: 0 }
    }

    /// Reads once and hands on every frame that ended. `false`: nothing was there.
    ///
    /// # Errors
    ///
    /// The connection is closed ([`ErrorKind::UnexpectedEof`]) or broken, or a frame does not end.
    pub(crate) fn read_frames(
        &mut self,
        scratch: &mut [u8],
        on_frame: impl FnMut(&[u8]),
    ) -> io::Result<bool> {
        let length = match self.stream.read(scratch) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(false),
            Err(error) => return Err(error),
        };
        let bytes = &scratch[..length];
        if self.partial.is_empty() {
            let used = self.framing.cut(bytes, on_frame);
            self.partial.extend_from_slice(&bytes[used..]);
        } else {
            self.partial.extend_from_slice(bytes);
            let used = self.framing.cut(&self.partial, on_frame);
            // Not drained but made anew: thousands of them would keep the room of a whole read.
            self.partial = self.partial[used..].to_vec();
        }
        if self.partial.len() > FRAME_BYTES_MAX {
            return Err(io::Error::new(ErrorKind::InvalidData, "a frame does not end"));
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
        let mut connection = Connection::new(listener.accept().unwrap().0, Framing::Lines);
        let text = b"first\n\nsecond line\r\nthird\nun";
        let mut scratch = vec![0; 64];
        for size in 1..text.len() {
            connection.partial.clear();
            let mut lines = Vec::new();
            for piece in text.chunks(size) {
                server.write_all(piece).unwrap();
                let keep = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
                connection.read_frames(&mut scratch, keep).unwrap();
            }
            // A read may have taken less than was written.
            while connection.partial != b"un" {
                let keep = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
                connection.read_frames(&mut scratch, keep).unwrap();
            }
            assert_eq!(lines, ["first", "", "second line", "third"], "cut each {size} bytes");
        }
        drop(server);
        let end = connection.read_frames(&mut scratch, |_| {}).unwrap_err();
        assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
    }
}
