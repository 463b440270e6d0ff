//! The door to WebSocket: judging the opening handshake, and getting the stream back from HTTP.

use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::http::header::{
    ALLOW, CONNECTION, HeaderName, ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::io::{AsyncRead, AsyncWrite};
use wire::Secret;
use wire::ws::{self, Deflate, Refusal};

use super::pulse::Watched;
use super::{answer, cookie, origin};
use crate::config::WebOrigin;

/// Where WebSocket is spoken.
pub(super) const PATH: &str = "/ws";

/// A stream on which WebSocket is spoken from now on.
pub(crate) struct Upgraded<S> {
    pub(crate) stream: S,
    /// What was read from it beyond the handshake.
    pub(crate) rest: Bytes,
    /// What was agreed about compression.
    pub(crate) deflate: Option<Deflate>,
    /// The token of the cookie that came with the handshake, from a page of the server's own.
    pub(crate) cookie: Option<Secret>,
}

/// One connection's way from HTTP to WebSocket.
#[derive(Debug, Default)]
pub(super) struct Door {
    agreed: Mutex<Option<Agreed>>,
}

/// What was agreed on.
#[derive(Debug)]
struct Agreed {
    upgrading: OnUpgrade,
    deflate: Option<Deflate>,
    cookie: Option<Secret>,
}

impl Door {
    /// Answers an opening handshake.
    pub(super) fn answer(
        &self,
        request: &mut Request<Incoming>,
        origins: &[WebOrigin],
    ) -> Response<Body> {
        if request.method() != Method::GET {
            let mut response = answer::plain(StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
            return response;
        }
        if request.version() != Version::HTTP_11 {
            return refuse(Refusal::NotUpgrade);
        }
        let accepted = match accept(request.headers()) {
            Ok(accepted) => accepted,
            Err(refusal) => return refuse(refusal),
        };
        if !origin::is_welcome(request, origins) {
            let refused = "pages of this origin may not open a WebSocket here\n";
            return answer::text(StatusCode::FORBIDDEN, refused.to_owned());
        }
        // Cookies come along from other ports and from trusted pages too: theirs log nobody in.
        let is_own = request.headers().contains_key(ORIGIN) && origin::is_own(request);
        let cookie = if is_own { cookie::token(request.headers()) } else { None };
        let (deflate, upgrading) = (accepted.deflate, hyper::upgrade::on(request));
        let agreed = Some(Agreed { upgrading, deflate, cookie });
        *self.agreed.lock().unwrap_or_else(PoisonError::into_inner) = agreed;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        for (name, value) in accepted.headers() {
            let value = HeaderValue::try_from(value).expect("a token of ours");
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
        response
    }

    /// The stream, once HTTP has let it go; `None` if it was not agreed on.
    pub(super) async fn upgraded<S>(&self) -> Option<Upgraded<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let agreed = self.agreed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Agreed { upgrading, deflate, cookie } = agreed?;
        // It fails where the connection broke before the answer was written.
        let parts = downcast::<TokioIo<Watched<S>>>(upgrading.await.ok()?).ok()?;
        let stream = parts.io.into_inner().into_inner();
        Some(Upgraded { stream, rest: parts.read_buf, deflate, cookie })
    }
}

fn accept(headers: &HeaderMap) -> Result<ws::Accepted, Refusal> {
    let values = |name: HeaderName| -> Vec<&str> {
        // What is no text matches nothing.
        headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect()
    };
    ws::accept(&ws::Request {
        upgrade: &values(UPGRADE),
        connection: &values(CONNECTION),
        version: &values(SEC_WEBSOCKET_VERSION),
        key: &values(SEC_WEBSOCKET_KEY),
        protocols: &values(SEC_WEBSOCKET_PROTOCOL),
        extensions: &values(SEC_WEBSOCKET_EXTENSIONS),
    })
}

fn refuse(refusal: Refusal) -> Response<Body> {
    let status = StatusCode::from_u16(refusal.status()).expect("a status of HTTP");
    let mut response = answer::text(status, format!("{refusal}\n"));
    if let Some((name, value)) = refusal.header() {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(HeaderName::from_static(name), value);
        if name == UPGRADE {
            let upgrade = HeaderValue::from_static("Upgrade");
            response.headers_mut().insert(CONNECTION, upgrade);
        }
    }
    response
}
