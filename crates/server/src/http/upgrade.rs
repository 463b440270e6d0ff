//! The door to WebSocket: judging the opening handshake, and getting the stream back from HTTP.

use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::http::header::{
    ALLOW, CONNECTION, HOST, HeaderName, ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::io::{AsyncRead, AsyncWrite};
use wire::ws::{self, Deflate, Refusal};

use super::answer;
use super::pulse::Watched;
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
}

/// One connection's way from HTTP to WebSocket.
#[derive(Debug, Default)]
pub(super) struct Door {
    agreed: Mutex<Option<(OnUpgrade, Option<Deflate>)>>,
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
        if !is_welcome(request.headers(), origins) {
            let refused = "pages of this origin may not open a WebSocket here\n";
            return answer::text(StatusCode::FORBIDDEN, refused.to_owned());
        }
        let agreed = Some((hyper::upgrade::on(request), accepted.deflate));
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
        let (upgrading, deflate) = agreed?;
        // It fails where the connection broke before the answer was written.
        let parts = downcast::<TokioIo<Watched<S>>>(upgrading.await.ok()?).ok()?;
        let stream = parts.io.into_inner().into_inner();
        Some(Upgraded { stream, rest: parts.read_buf, deflate })
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

/// Whether the page that opens the WebSocket is the server's own, or one that it was told to
/// trust: a browser always says whose page it is (RFC 6455, section 10.2).
fn is_welcome(headers: &HeaderMap, origins: &[WebOrigin]) -> bool {
    let mut given = headers.get_all(ORIGIN).iter();
    let Some(origin) = given.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), given.next()) else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = |host: &str| {
        let own =
            origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
        own.is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
    };
    host.is_some_and(is_own) || origins.iter().any(|trusted| trusted.is(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome(host: &str, origins: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        for origin in origins {
            headers.append(ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        is_welcome(&headers, &["https://chat.example.org".parse().unwrap()])
    }

    #[test]
    fn only_own_and_trusted_pages_are_welcome() {
        for (host, origins, is) in [
            ("127.0.0.1:7777", &[][..], true),
            ("127.0.0.1:7777", &["http://127.0.0.1:7777"], true),
            ("Papo.Example", &["https://papo.example"], true),
            ("127.0.0.1:7777", &["https://chat.example.org"], true),
            ("127.0.0.1:7777", &["HTTPS://Chat.example.org"], true),
            ("127.0.0.1:7777", &["http://chat.example.org"], false),
            ("127.0.0.1:7777", &["http://127.0.0.1:7778"], false),
            ("127.0.0.1:7777", &["http://127.0.0.1"], false),
            ("127.0.0.1:7777", &["null"], false),
            ("127.0.0.1:7777", &["http://127.0.0.1:7777", "http://127.0.0.1:7777"], false),
            ("127.0.0.1:7777", &["file://127.0.0.1:7777"], false),
        ] {
            assert_eq!(welcome(host, origins), is, "{host} {origins:?}");
        }
    }
}
