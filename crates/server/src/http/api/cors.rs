//! Which pages of other origins may use the API (the Fetch standard, CORS).
//!
//! No credentials are allowed: a page shows a token, never a cookie.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use wire::api::Method;

use crate::config::WebOrigin;

/// What a page may send and read beside what every page may.
const SENT: &str = "authorization, content-type, idempotency-key, last-event-id";
const READ: &str = "link, location, ratelimit, ratelimit-policy, retry-after";

/// Seconds for which a browser need not ask again.
const MAX_AGE_S: &str = "600";

/// The origin of a request, if it is one that was configured.
pub(super) fn allowed(headers: &HeaderMap, origins: &[WebOrigin]) -> Option<HeaderValue> {
    let mut given = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (given.next(), given.next()) else { return None };
    let written = origin.to_str().ok()?;
    origins.iter().any(|trusted| trusted.is(written)).then(|| origin.clone())
}

/// Lets the page read the answer, if its origin is allowed.
pub(super) fn mark(headers: &mut HeaderMap, allowed: Option<HeaderValue>) {
    headers.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = allowed else { return };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if headers.contains_key(ACCESS_CONTROL_ALLOW_METHODS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_S));
    } else {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ));
    }
}

/// Answers what may be done at a path.
pub(super) fn preflight(methods: &[Method]) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ALLOW, allow(methods));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, allow(methods));
    response
}

/// The methods of a path, as a header has them.
pub(super) fn allow(methods: &[Method]) -> HeaderValue {
    let mut names: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
    if methods.contains(&Method::Get) {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    HeaderValue::try_from(names.join(", ")).expect("names of methods")
}
