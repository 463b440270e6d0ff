//! In a pipe: bytes in, bytes out, nothing looked at.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::thread;

/// Bytes moved at a time.
const CHUNK_BYTES: usize = 16 * 1024;

/// Talks until the server closes, or nobody reads stdout any more.
///
/// At stdin's end the server is told so, and is still listened to.
pub(crate) fn run(stream: &TcpStream) -> io::Result<()> {
    let writing = stream.try_clone()?;
    thread::spawn(move || {
        // What cannot be sent any more is told by the reading side.
        let _ = send_stdin(&writing);
        let _ = writing.shutdown(Shutdown::Write);
    });
    let mut reading = stream;
    // Past the buffer of the standard library, which would hold a line's beginning back.
    let mut stdout = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let mut bytes = vec![0; CHUNK_BYTES];
    loop {
        let count = match reading.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        match stdout.write_all(&bytes[..count]) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn send_stdin(mut writing: &TcpStream) -> io::Result<()> {
    let mut stdin = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut bytes = vec![0; CHUNK_BYTES];
    loop {
        match stdin.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(count) => writing.write_all(&bytes[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
