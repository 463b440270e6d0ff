//! The head of an answer.
//!
//! How much one may ask is told by `RateLimit-Policy` and `RateLimit`
//! (draft-ietf-httpapi-ratelimit-headers-10): the `X-RateLimit-*` fields in use mean something else
//! with every server that sends them, a time of day with some and seconds with others.

use axum::body::Body;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LINK,
    LOCATION, RETRY_AFTER, SET_COOKIE, VARY, WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, Response, StatusCode};
use lang::Lang;
use room::{Message, Seq};
use wire::api::route::encode;
use wire::api::{Answer, Asked, MEDIA_TYPE, Problem, ROOT};
use wire::json::{self, Page};

use super::cors;
use super::meter::{Level, Whose};

const JSON: &str = "application/json";

/// Nothing from anywhere but the style inside the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// An answer that is being put together.
pub(super) struct Reply(Response<Body>);

/// Which page of history was asked for, and of how many.
pub(super) type Wanted = (Page, usize);

impl Reply {
    fn new(status: u16, kind: &'static str, body: impl Into<Body>) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).expect("a status of HTTP");
        let headers = response.headers_mut();
        if !kind.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self(response)
    }

    /// What was asked for at `path`.
    pub(super) fn of(answer: &Answer, path: &str, page: Option<Wanted>) -> Self {
        let (status, body) = answer.encode();
        let mut reply = Self::new(status, if status == 204 { "" } else { JSON }, body);
        match answer {
            Answer::MadeRoom(view) => {
                let name = encode(view.kept.name.as_str());
                reply.set(LOCATION, &format!("{ROOT}/rooms/{name}"));
            }
            Answer::Kept(Seq(seq)) if path.ends_with("/messages") => {
                reply.set(LOCATION, &format!("{path}/{seq}"));
            }
            Answer::Messages { messages, more: true } => {
                if let Some(link) = page.and_then(|page| beyond(page, path, messages)) {
                    reply.set(LINK, &link);
                }
            }
            Answer::Done
            | Answer::LoggedIn { .. }
            | Answer::Me { .. }
            | Answer::Tokens(_)
            | Answer::MadeToken(..)
            | Answer::Person(..)
            | Answer::Rooms(..)
            | Answer::Room(_)
            | Answer::Members(..)
            | Answer::Messages { .. }
            | Answer::Message(_)
            | Answer::Kept(_)
            | Answer::InForce(_)
            | Answer::Audit { .. }
            | Answer::Versions(_)
            | Answer::Links(_)
            | Answer::Hooks(_)
            | Answer::MadeLink(..)
            | Answer::MadeHook(..) => {}
        }
        reply
    }

    /// Which page is asked for, where it is one of history.
    pub(super) fn page_of(asked: &Asked) -> Option<Wanted> {
        if let Asked::History { page, limit, .. } = asked { Some((*page, *limit)) } else { None }
    }

    /// Done, and nothing more to say.
    pub(super) fn done() -> Self {
        Self::new(204, "", Body::empty())
    }

    /// Sets a cookie.
    pub(super) fn cookie(mut self, cookie: &str) -> Self {
        self.set(SET_COOKIE, cookie);
        self
    }

    /// A refusal.
    pub(super) fn refused(problem: &Problem, lang: Lang) -> Self {
        let mut reply = Self::new(problem.status(), MEDIA_TYPE, problem.encode(lang));
        let headers = reply.0.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        if let Some(seconds) = problem.retry_after_s() {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        match problem {
            Problem::BadMethod(methods) => {
                headers.insert(ALLOW, cors::allow(methods));
            }
            Problem::Asked(json::Problem::NotLoggedIn) => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Problem::Asked(json::Problem::LogInFailed) => {
                let invalid = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                headers.insert(WWW_AUTHENTICATE, invalid);
            }
            Problem::Asked(_)
            | Problem::NoRoute
            | Problem::BadType
            | Problem::BodyTooLarge
            | Problem::BodyTooSlow
            | Problem::NoLink
            | Problem::NoHook
            | Problem::NotOwnPage => {}
        }
        reply
    }

    /// A document for programs.
    pub(super) fn document(text: &'static str) -> Self {
        Self::new(200, JSON, text)
    }

    /// A page for people.
    pub(super) fn page(html: &'static str) -> Self {
        let mut reply = Self::new(200, "text/html; charset=utf-8", html);
        let policy = HeaderValue::from_static(POLICY);
        reply.0.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        reply
    }

    /// A stream of events.
    pub(super) fn stream(body: Body) -> Self {
        Self::new(200, "text/event-stream", body)
    }

    /// Says how much one may still ask.
    pub(super) fn limited(mut self, level: Option<Level>) -> Self {
        if let Some(Level { whose, rate, left, full_in_ms }) = level {
            let name = match whose {
                Whose::Address(_) => "address",
                Whose::Account(_) => "account",
            };
            let window = rate.burst.div_ceil(rate.per_second.max(1)).max(1);
            let reset = full_in_ms.div_ceil(1000);
            let policy = format!("\"{name}\";q={};w={window}", rate.burst);
            self.set(HeaderName::from_static("ratelimit-policy"), &policy);
            let limit = format!("\"{name}\";r={left};t={reset}");
            self.set(HeaderName::from_static("ratelimit"), &limit);
        }
        self
    }

    /// Ends the connection behind it.
    pub(super) fn close(mut self) -> Self {
        self.0.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        self
    }

    /// The head alone.
    pub(super) fn without_body(mut self) -> Self {
        *self.0.body_mut() = Body::empty();
        self
    }

    /// The answer.
    pub(super) fn finish(self) -> Response<Body> {
        self.0
    }

    fn set(&mut self, name: HeaderName, value: &str) {
        // A path came in a request, and everything else is made of ASCII.
        if let Ok(value) = HeaderValue::try_from(value) {
            self.0.headers_mut().insert(name, value);
        }
    }
}

/// Where the messages beyond a page are (RFC 8288): further on, or further back.
fn beyond((page, limit): Wanted, path: &str, messages: &[Message]) -> Option<String> {
    let (first, last) = (messages.first()?.seq.0, messages.last()?.seq.0);
    Some(match page {
        Page::After(_) => format!("<{path}?after={last}&limit={limit}>; rel=\"next\""),
        Page::Last | Page::Before(_) => {
            format!("<{path}?before={first}&limit={limit}>; rel=\"prev\"")
        }
    })
}
