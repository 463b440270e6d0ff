//! Answers: status, fields and body for what was found.

use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::conditional::{Outcome, Validators, weigh};
use super::folder::{Disk, Opened};
use super::limits::CHUNK_BYTES;

/// What a page consists of.
#[derive(Debug)]
pub(super) enum Content {
    /// In memory.
    Bytes(Bytes, Validators),
    /// On the disk.
    File(Opened),
}

impl Content {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes, _) => bytes.len() as u64,
            Self::File(opened) => opened.length,
        }
    }

    fn validators(&self) -> &Validators {
        match self {
            Self::Bytes(_, validators) => validators,
            Self::File(opened) => &opened.validators,
        }
    }

    fn into_body(self, part: Range<u64>) -> Body {
        match self {
            Self::Bytes(bytes, _) => {
                let inside = |at: u64| usize::try_from(at).unwrap_or(bytes.len()).min(bytes.len());
                Body::from(bytes.slice(inside(part.start)..inside(part.end)))
            }
            Self::File(Opened { file, disk, .. }) => {
                Body::new(FileBody { file: Arc::new(file), disk, left: part, reading: None })
            }
        }
    }
}

/// Answers a GET or HEAD with a page, or with what its conditions make of it.
pub(super) fn page(
    method: &Method,
    headers: &HeaderMap,
    content: Content,
    kind: &'static str,
) -> Response<Body> {
    let length = content.length();
    let validators = content.validators();
    let outcome = weigh(method, headers, validators, length);
    let mut response = Response::new(Body::empty());
    let fields = response.headers_mut();
    insert(fields, ETAG, &validators.etag);
    if let Some(modified) = validators.modified {
        insert(fields, LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
    fields.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Kept, but asked for each time: an operator's change is seen at once.
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let (status, part) = match outcome {
        Outcome::Whole => (StatusCode::OK, 0..length),
        Outcome::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            insert(fields, CONTENT_RANGE, &range);
            (StatusCode::PARTIAL_CONTENT, part)
        }
        Outcome::NotModified => {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        Outcome::PreconditionFailed => return plain(StatusCode::PRECONDITION_FAILED),
        Outcome::Unsatisfiable => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE);
            insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{length}"));
            return response;
        }
    };
    *response.status_mut() = status;
    fill(&mut response, method, content, part, kind);
    response
}

/// Answers with a page that stands for a failure: whole, and nothing to hold a condition against.
pub(super) fn failure(
    status: StatusCode,
    method: &Method,
    content: Content,
    kind: &'static str,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let whole = 0..content.length();
    fill(&mut response, method, content, whole, kind);
    response
}

/// Answers with the status alone, in words.
pub(super) fn plain(status: StatusCode) -> Response<Body> {
    let reason = status.canonical_reason().unwrap_or_default();
    text(status, format!("{} {reason}\n", status.as_u16()))
}

/// Answers with a text of the moment.
pub(super) fn text(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn fill(
    response: &mut Response<Body>,
    method: &Method,
    content: Content,
    part: Range<u64>,
    kind: &'static str,
) {
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(CONTENT_LENGTH, (part.end - part.start).into());
    if method != Method::HEAD {
        *response.body_mut() = content.into_body(part);
    }
}

fn insert(fields: &mut HeaderMap, name: axum::http::HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("made of digits, dates and ASCII letters");
    fields.insert(name, value);
}

type Reading = Pin<Box<dyn Future<Output = io::Result<Bytes>> + Send>>;

/// A part of a file, read a chunk at a time as the client takes it.
struct FileBody {
    file: Arc<std::fs::File>,
    disk: Disk,
    left: Range<u64>,
    reading: Option<Reading>,
}

impl hyper::body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let Self { file, disk, left, reading } = &mut *self;
        let reading = reading.get_or_insert_with(|| {
            let (file, disk, left) = (Arc::clone(file), disk.clone(), left.clone());
            Box::pin(async move { disk.run(move || read(&file, left)).await })
        });
        let chunk = ready!(reading.as_mut().poll(context));
        self.reading = None;
        Poll::Ready(Some(chunk.map(|chunk| {
            self.left.start += chunk.len() as u64;
            Frame::data(chunk)
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.end - self.left.start)
    }
}

/// The next chunk. A file that became shorter is an error: its length was promised.
fn read(file: &std::fs::File, left: Range<u64>) -> io::Result<Bytes> {
    let length = (left.end - left.start).min(CHUNK_BYTES as u64);
    let mut chunk = vec![0; usize::try_from(length).unwrap_or(CHUNK_BYTES)];
    let length = loop {
        match file.read_at(&mut chunk, left.start) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => break result?,
        }
    };
    if length == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    chunk.truncate(length);
    Ok(chunk.into())
}
