//! Every bound of the HTTP side, in one place.

use std::time::Duration;

/// Bytes of one request's line and headers, together; above it the answer is 431.
pub(super) const HEADER_BYTES_MAX: usize = 16 * 1024;

/// Header fields of one request (HTTP/1); above it the answer is 431.
pub(super) const HEADERS_MAX: usize = 100;

/// Bytes of a request's body that are read and thrown away, so that its sender hears the answer;
/// above it the answer is 413 and the connection is closed. No page takes a body.
pub(super) const BODY_BYTES_MAX: usize = 256 * 1024;

/// Requests that one HTTP/2 connection may have under way.
pub(super) const STREAMS_MAX: u32 = 32;

/// Bytes of bodies that a client may send before they are read (HTTP/2), a stream and in all.
pub(super) const WINDOW_BYTES: u32 = 64 * 1024;

/// Streams that a client opened and reset before they were looked at (HTTP/2 rapid reset); above
/// it the connection is closed.
pub(super) const RESET_STREAMS_MAX: usize = 20;

/// Bytes of one file that are in memory at a time, and the bytes that wait to be written.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

/// Threads that wait for the disk at a time, on all shards together; who comes later waits.
pub(super) const DISK_READS_MAX: usize = 16;

/// Bytes that are read and thrown away after the last answer, so that it is not lost: a socket that
/// is closed with bytes unread tells its other end to forget what it has not read yet.
pub(super) const LINGER_BYTES_MAX: usize = 1024 * 1024;

/// How long a client is waited for that does not close its end after the last answer.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// What a connection may take its time for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From the first byte of a request's head, or from the start of the connection, to its end.
    pub(crate) head: Duration,
    /// For a request's body.
    pub(crate) body: Duration,
    /// Without a request under way.
    pub(crate) idle: Duration,
    /// With a request under way, without one chunk of any answer being taken.
    pub(crate) stall: Duration,
    /// For what is under way when the server goes down or the connection was idle too long.
    pub(crate) drain: Duration,
}

impl Limits {
    /// How long nobody need look at a connection: the shortest of what it may take its time for.
    pub(super) fn step(&self) -> Duration {
        self.head.min(self.idle).min(self.stall)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            stall: Duration::from_mins(1),
            drain: Duration::from_secs(10),
        }
    }
}
