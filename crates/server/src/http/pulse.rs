//! What keeps a connection from being held for nothing: a slow head, silence, a body that nobody
//! takes.
//!
//! hyper's own time limit counts the silence between two requests as a slow head, does not cover
//! the bytes by which the version is told, and knows no limit for silence on HTTP/2. So the
//! connection's bytes, requests and chunks are noted here, and one timer serves all three.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body as AnyBody;
use axum::http::Version;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::limits::{LINGER, LINGER_BYTES_MAX, Limits};

/// Why a connection's time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    /// The head of a request did not become whole.
    Head,
    /// No request came.
    Idle,
    /// An answer is not being taken.
    Stall,
}

/// One connection's signs of life.
#[derive(Debug)]
pub(super) struct Pulse {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    under_way: usize,
    multiplexed: bool,
    head_since: Option<Instant>,
    last: Instant,
}

impl Pulse {
    /// A connection that starts now and owes its first request.
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        let now = Instant::now();
        let state = State { under_way: 0, multiplexed: false, head_since: Some(now), last: now };
        Arc::new(Self { limits, state: Mutex::new(state) })
    }

    /// When the connection's time is up if nothing happens, and what it is up for.
    pub(super) fn due(&self) -> (Instant, Overdue) {
        let state = self.state();
        match state.head_since {
            _ if state.under_way > 0 => (state.last + self.limits.stall, Overdue::Stall),
            Some(since) => (since + self.limits.head, Overdue::Head),
            None => (state.last + self.limits.idle, Overdue::Idle),
        }
    }

    /// Notes a request whose head is whole; it is under way until what this returns is dropped.
    pub(super) fn request_came(self: &Arc<Self>, version: Version) -> UnderWay {
        let mut state = self.state();
        state.head_since = None;
        state.multiplexed |= version == Version::HTTP_2;
        state.under_way += 1;
        state.last = Instant::now();
        drop(state);
        UnderWay(Arc::clone(self))
    }

    fn bytes_came(&self) {
        let mut state = self.state();
        // On HTTP/2 they may be anything, a ping as well as a request.
        if state.under_way == 0 && !state.multiplexed && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held, and a number that is off by one does no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Pulse>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way -= 1;
        state.last = Instant::now();
    }
}

/// An answer's body that is under way until it was sent or given up.
pub(super) struct Tracked {
    body: AnyBody,
    under_way: UnderWay,
}

impl Tracked {
    /// Binds the body to its request.
    pub(super) fn new(body: AnyBody, under_way: UnderWay) -> Self {
        Self { body, under_way }
    }
}

impl Body for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        self.under_way.0.state().last = Instant::now();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that notes when bytes come, and closes so that the last answer arrives.
pub(super) struct Watched<S> {
    stream: S,
    pulse: Arc<Pulse>,
    lingering: Option<Lingering>,
}

/// A stream whose writing end is closed.
struct Lingering {
    until: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl<S> Watched<S> {
    /// Watches `stream` for `pulse`.
    pub(super) fn new(stream: S, pulse: Arc<Pulse>) -> Self {
        Self { stream, pulse, lingering: None }
    }

    /// The stream, which is HTTP's no more.
    pub(super) fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.pulse.bytes_came();
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, lingering, .. } = &mut *self;
        if lingering.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
        }
        let lingering = lingering.get_or_insert_with(|| Lingering {
            until: Box::pin(tokio::time::sleep(LINGER)),
            bytes_left: LINGER_BYTES_MAX,
        });
        let mut scratch = [0; 4096];
        while lingering.until.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer));
            let length = buffer.filled().len();
            if read.is_err() || length == 0 || length > lingering.bytes_left {
                break;
            }
            lingering.bytes_left -= length;
        }
        Poll::Ready(Ok(()))
    }
}
