//! Which answer a path leads to: the probes, the folder of pages, what papo brings along.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use axum::routing::get;

use super::answer::{self, Content};
use super::builtin::Builtin;
use super::folder::{Folder, Found};
use super::gate::Entry;
use super::{Probes, client, kind, path};

/// Where it stands how to enter from a terminal.
const TERMINAL: &str = "terminal";

/// The page of a folder, and of the browser client.
const INDEX: &str = "index.html";

/// What the handlers share.
pub(super) struct Shared {
    pub(super) folder: Option<Folder>,
    pub(super) builtin: Builtin,
    pub(super) probes: Probes,
}

/// All routes. An API goes beside them: what no route takes is looked for among the pages.
pub(super) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/healthz", get(async || answer::text(StatusCode::OK, "ok\n".to_owned())))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(pages)
        .with_state(Arc::new(shared))
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response<Body> {
    match (shared.probes.ready)() {
        Ok(()) => answer::text(StatusCode::OK, "ok\n".to_owned()),
        Err(reason) => answer::text(StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let mut response = answer::text(StatusCode::OK, (shared.probes.metrics)());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

async fn pages(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (method, headers) = (request.method(), request.headers());
    if method != Method::GET && method != Method::HEAD {
        let mut response = answer::plain(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    let Some(path) = path::resolve(request.uri().path()) else {
        return match shared.built_in(&request, None) {
            Some(response) => response,
            None => shared.missing(request.method(), request.headers()).await,
        };
    };
    match shared.look_up(&path).await {
        Err(status) => answer::plain(status),
        Ok(Found::File(opened)) => {
            answer::page(method, headers, Content::File(opened), kind::of(&path))
        }
        Ok(Found::Folder) => with_slash(request.uri()),
        Ok(Found::Nothing) => match shared.built_in(&request, path.to_str()) {
            Some(response) => response,
            None => shared.missing(method, headers).await,
        },
    }
}

impl Shared {
    async fn look_up(&self, path: &std::path::Path) -> Result<Found, StatusCode> {
        let Some(folder) = &self.folder else { return Ok(Found::Nothing) };
        folder.open(path.to_owned()).await.map_err(|error| {
            tracing::warn!(path = %path.display(), %error, "a page could not be opened");
            StatusCode::SERVICE_UNAVAILABLE
        })
    }

    /// What papo brings along for a path that no folder has; `path` as it was resolved, if it was.
    fn built_in(&self, request: &Request, path: Option<&str>) -> Option<Response<Body>> {
        let (method, headers) = (request.method(), request.headers());
        let wanted = if client::is_place(request.uri().path()) { Some(INDEX) } else { path };
        if let Some(response) = wanted.and_then(|path| client::answer(method, headers, path)) {
            return Some(response);
        }
        if wanted != Some(TERMINAL) && wanted != Some(INDEX) {
            return None;
        }
        let entry = request.extensions().get::<Entry>().cloned().unwrap_or_default();
        Some(self.builtin.entrance(method, headers, &entry))
    }

    async fn missing(&self, method: &Method, headers: &HeaderMap) -> Response<Body> {
        let path = PathBuf::from("notfound.html");
        match self.look_up(&path).await {
            Ok(Found::File(opened)) => {
                let content = Content::File(opened);
                answer::failure(StatusCode::NOT_FOUND, method, content, kind::of(&path))
            }
            _ => self.builtin.missing(method, headers),
        }
    }
}

/// Sends on to the folder's own path, against which the links of its page are meant.
///
/// That path has one `/` at its front and none after it, so that it cannot be taken for another
/// host: [`path::resolve`] took it.
fn with_slash(uri: &Uri) -> Response<Body> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = answer::plain(StatusCode::PERMANENT_REDIRECT);
    match HeaderValue::try_from(format!("{}/{query}", uri.path())) {
        Ok(location) => response.headers_mut().insert(LOCATION, location),
        Err(_) => return answer::plain(StatusCode::NOT_FOUND),
    };
    response
}
