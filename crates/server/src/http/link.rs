//! `/i/<token>`: where a guest link leads to, and how to enter by it; or why it leads nowhere.
//!
//! The page works without a script. Looking at it uses nothing up.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use lang::Lang;
use room::RoomName;
use wire::{LINK_PATH, qr};

use super::answer;
use super::builtin::{Filling, HTML, Page};
use super::gate::{Entry, default_port};
use super::language;

/// The query with which the browser client is wanted, not its page.
const CLIENT_QUERY: &str = "app";

/// The query with which only the page's QR code is wanted, as a picture.
const QR_QUERY: &str = "qr";

/// What a picture of that kind is called.
const SVG: &str = "image/svg+xml";

/// Why a link leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nowhere {
    /// There is no such link, or it is revoked, or its room is gone. Which is not told.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was used as often as it may be.
    UsedUp,
    /// That cannot be said just now.
    Busy,
}

/// Both pages in all languages.
#[derive(Debug)]
pub(super) struct Pages {
    link: [Page; Lang::ALL.len()],
    nowhere: [Page; Lang::ALL.len()],
}

/// The token of a link's page that a request is for.
pub(super) fn token(uri: &Uri) -> Option<&str> {
    let token = uri.path().strip_prefix(LINK_PATH)?;
    (!has_query(uri, CLIENT_QUERY)).then_some(token)
}

/// Whether a request for a link's page wants only its QR code.
pub(super) fn wants_qr(uri: &Uri) -> bool {
    has_query(uri, QR_QUERY)
}

fn has_query(uri: &Uri, wanted: &str) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|part| part == wanted))
}

/// The QR code of a link that leads somewhere, as a picture.
pub(super) fn picture(
    entry: &Entry,
    (token, leads): (&str, Result<RoomName, Nowhere>),
) -> Response<Body> {
    let drawn = leads.ok().and_then(|_| code(entry, &wire::link_path(token)));
    let Some(drawn) = drawn else { return answer::plain(StatusCode::NOT_FOUND) };
    let mut response = answer::text(StatusCode::OK, drawn);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(SVG));
    response
}

/// The QR code of the address of a link's page.
fn code(entry: &Entry, path: &str) -> Option<String> {
    entry.host.as_ref().and_then(|host| qr::svg(&address(host, entry, path)))
}

/// That these pages are read and nothing else is done with them; `None`: it is well so.
pub(super) fn refused(method: &Method) -> Option<Response<Body>> {
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    let mut response = answer::plain(StatusCode::METHOD_NOT_ALLOWED);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET,HEAD"));
    Some(response)
}

impl Pages {
    /// Puts the pages together.
    pub(super) fn new() -> Self {
        let link = include_str!("builtin/link.html");
        let nowhere = include_str!("builtin/deadlink.html");
        Self {
            link: Lang::ALL.map(|lang| Page::new(link, lang)),
            nowhere: Lang::ALL.map(|lang| Page::new(nowhere, lang)),
        }
    }

    /// The answer to who came by `entry` to the page of that token.
    pub(super) fn answer(
        &self,
        (method, headers): (&Method, &HeaderMap),
        entry: Entry,
        (token, leads): (&str, Result<RoomName, Nowhere>),
    ) -> Response<Body> {
        let lang = language::wanted(headers);
        let (status, page, content) = match leads {
            Ok(room) => {
                let page = &self.link[lang as usize];
                let path = wire::link_path(token);
                let qr = code(&entry, &path).unwrap_or_default();
                let room = room.as_str();
                let filling = Filling { entry, room, path: &path, qr: &qr, reason: "" };
                (StatusCode::OK, page, page.fill(&filling))
            }
            Err(nowhere) => {
                let page = &self.nowhere[lang as usize];
                let (status, reason) = match nowhere {
                    Nowhere::Unknown => (StatusCode::NOT_FOUND, "web-link-unknown"),
                    Nowhere::Expired => (StatusCode::GONE, "web-link-expired"),
                    Nowhere::UsedUp => (StatusCode::GONE, "web-link-used-up"),
                    Nowhere::Busy => (StatusCode::SERVICE_UNAVAILABLE, "web-link-busy"),
                };
                let reason = &lang.text(reason);
                (status, page, page.fill(&Filling { reason, ..Filling::default() }))
            }
        };
        let mut response = page.finish(answer::failure(status, method, content, HTML));
        let fields = response.headers_mut();
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Whoever follows a link of the page does not say by which token she came.
        fields.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}

/// The address of the page, as it was reached.
fn address(host: &str, entry: &Entry, path: &str) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let scheme = if entry.encrypted { "https" } else { "http" };
    if entry.port == default_port(entry.encrypted) {
        format!("{scheme}://{host}{path}")
    } else {
        format!("{scheme}://{host}:{}{path}", entry.port)
    }
}
