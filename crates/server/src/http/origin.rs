//! Whose page a request of a browser comes from.
//!
//! A browser says it in `Origin` with every WebSocket, and with every request that is not a plain
//! `GET` (RFC 6455, section 10.2; the Fetch standard); in `Sec-Fetch-Site` newer ones say it with
//! every request (Fetch Metadata). What says neither is no browser.

use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Request};

use crate::config::WebOrigin;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the page is the server's own, or one that it was told to trust.
pub(super) fn is_welcome<B>(request: &Request<B>, origins: &[WebOrigin]) -> bool {
    match said(request.headers()) {
        Ok(None) => true,
        Ok(Some(origin)) => {
            is_of_host(request, origin) || origins.iter().any(|trusted| trusted.is(origin))
        }
        Err(()) => false,
    }
}

/// Whether the page is the server's own; a page of the same site on another port is not.
pub(super) fn is_own<B>(request: &Request<B>) -> bool {
    let mut sites = request.headers().get_all(SEC_FETCH_SITE).iter();
    let is_same = sites.all(|site| site.as_bytes() == b"same-origin");
    is_same
        && match said(request.headers()) {
            Ok(origin) => origin.is_none_or(|origin| is_of_host(request, origin)),
            Err(()) => false,
        }
}

/// Whether the page that asks came over TLS, spoken by a proxy: no page says so of itself.
pub(super) fn is_encrypted<B>(request: &Request<B>) -> bool {
    matches!(said(request.headers()), Ok(Some(origin)) if origin.starts_with("https://"))
}

/// The origin that is said; an error if it is none that could be compared.
fn said(headers: &HeaderMap) -> Result<Option<&str>, ()> {
    let mut given = headers.get_all(ORIGIN).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(origin), None) => origin.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// Whether an origin is that to which the request came: a proxy may speak TLS in between.
fn is_of_host<B>(request: &Request<B>, origin: &str) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    let own = origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
    match (host, own) {
        (Some(host), Some((_, authority))) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(host: &str, origins: &[&str], site: Option<&str>) -> Request<()> {
        let mut request = Request::new(());
        let headers = request.headers_mut();
        headers.insert(HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(ORIGIN, origin.parse().unwrap());
        }
        if let Some(site) = site {
            headers.insert(SEC_FETCH_SITE, site.parse().unwrap());
        }
        request
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
            let trusted = ["https://chat.example.org".parse().unwrap()];
            let welcome = is_welcome(&request(host, origins, None), &trusted);
            assert_eq!(welcome, is, "{host} {origins:?}");
        }
    }

    #[test]
    fn a_trusted_page_is_not_an_own_one() {
        for (origins, site, is) in [
            (&[][..], None, true),
            (&[], Some("same-origin"), true),
            (&["http://127.0.0.1:7777"], Some("same-origin"), true),
            (&["http://127.0.0.1:7777"], None, true),
            (&["http://127.0.0.1:7777"], Some("same-site"), false),
            (&["http://127.0.0.1:7778"], Some("same-origin"), false),
            (&["https://chat.example.org"], None, false),
            (&["null"], None, false),
            (&[], Some("cross-site"), false),
            (&[], Some("none"), false),
        ] {
            let own = is_own(&request("127.0.0.1:7777", origins, site));
            assert_eq!(own, is, "{origins:?} {site:?}");
        }
    }
}
