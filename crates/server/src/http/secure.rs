//! What every answer says for the browser's safety, and what becomes of those who come unencrypted.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    CONNECTION, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Request, Response, StatusCode, Version};

use super::gate::{self, Entry};
use super::{Peer, answer};
use crate::tls::{Plain, Tls};

/// What is demanded of connections.
#[derive(Debug, Default)]
pub(super) struct Secure {
    /// `None`: there is no encryption to be had.
    tls: Option<Arc<Tls>>,
    /// Said over encrypted connections.
    hsts: Option<HeaderValue>,
}

impl Secure {
    /// `hsts_s` is for how long browsers are told to come encrypted only; 0: they are not told.
    pub(super) fn new(tls: Option<Arc<Tls>>, hsts_s: u32) -> Self {
        let hsts = (hsts_s > 0 && tls.is_some()).then(|| {
            HeaderValue::try_from(format!("max-age={hsts_s}")).expect("it has digits only")
        });
        Self { tls, hsts }
    }

    /// The answer to who comes unencrypted and may not; `None`: it is well so.
    pub(super) fn refused<B>(&self, peer: Peer, request: &Request<B>) -> Option<Response<Body>> {
        let plain = self.tls.as_ref().filter(|_| !peer.encrypted)?.plain(peer.address);
        let mut response = match plain {
            Plain::Beside => return None,
            Plain::Redirect => redirect(request),
            Plain::Refuse => refuse(),
        };
        if request.version() != Version::HTTP_2 {
            // Its body, if it has one, is not read.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        self.finish(peer, &mut response);
        Some(response)
    }

    /// Adds the fields that keep browsers from guessing, telling and framing. The policy of an
    /// operator's pages is otherwise the operator's affair.
    pub(super) fn finish(&self, peer: Peer, response: &mut Response<Body>) {
        let fields = response.headers_mut();
        fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        fields.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
        fields
            .entry(CONTENT_SECURITY_POLICY)
            .or_insert(HeaderValue::from_static("frame-ancestors 'self'"));
        // Unencrypted it would mean nothing (RFC 6797, section 7.2).
        if let Some(hsts) = self.hsts.as_ref().filter(|_| peer.encrypted) {
            fields.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
    }
}

/// To the same place, encrypted. Who named no host cannot be sent there.
fn redirect<B>(request: &Request<B>) -> Response<Body> {
    let Ok(Entry { host: Some(host), port, .. }) = gate::entry(request, false) else {
        return refuse();
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let place = request.uri().path_and_query().map_or("/", |place| place.as_str());
    let Ok(location) = HeaderValue::try_from(format!("https://{host}:{port}{place}")) else {
        return refuse();
    };
    let mut response = answer::plain(StatusCode::PERMANENT_REDIRECT);
    response.headers_mut().insert(LOCATION, location);
    response
}

fn refuse() -> Response<Body> {
    answer::text(StatusCode::FORBIDDEN, "come by https: this server speaks encrypted only\n".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(version: Version, uri: &str, host: Option<&str>) -> Option<String> {
        let mut request = Request::builder().version(version).uri(uri);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let response = redirect(&request.body(()).unwrap());
        let location = response.headers().get(LOCATION)?;
        Some(location.to_str().unwrap().to_owned())
    }

    #[test]
    fn one_is_sent_to_the_same_place() {
        for (uri, host, expected) in [
            ("/", "papo.example:7777", Some("https://papo.example:7777/")),
            ("/r/sala?x=1", "192.0.2.1:80", Some("https://192.0.2.1:80/r/sala?x=1")),
            ("/", "[2001:db8::1]:7777", Some("https://[2001:db8::1]:7777/")),
            ("//evil.example/", "a:1", Some("https://a:1//evil.example/")),
            ("/", "a;b", None),
            ("/", "", None),
        ] {
            let found = location(Version::HTTP_11, uri, Some(host));
            assert_eq!(found.as_deref(), expected, "{uri} {host}");
        }
        assert_eq!(location(Version::HTTP_11, "/", None), None);
        let absolute = location(Version::HTTP_2, "http://papo.example:7777/x", None);
        assert_eq!(absolute.as_deref(), Some("https://papo.example:7777/x"));
    }
}
