//! The HTTP gateway: the browser client, an operator's pages, and the probes of those who watch.
//!
//! One request's way: [`serve`] (the connection and its time) -> [`gate`] (is it well formed) ->
//! [`router`] -> [`path`], [`folder`] (what is meant, what is there) -> [`conditional`],
//! [`range`] (how much of it is wanted) -> [`answer`]. What is beneath `/api` goes to [`api`].

mod answer;
mod api;
mod builtin;
mod client;
mod conditional;
mod cookie;
mod folder;
mod gate;
mod kind;
mod language;
mod limits;
pub(crate) mod link;
mod origin;
mod path;
mod pulse;
mod range;
mod router;
mod secure;
mod upgrade;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::Instant;
use tower::ServiceExt as _;
use wire::api::route::is_ours;

use crate::config::WebOrigin;
use crate::tls::Tls;
pub(crate) use api::{Api, Parts as ApiParts};
use builtin::Builtin;
use folder::Folder;
pub(crate) use limits::Limits;
use pulse::{Overdue, Pulse, Tracked, Watched};
use secure::Secure;
use upgrade::Door;
pub(crate) use upgrade::Upgraded;

/// What the pages for machines tell. Both are called on a shard's thread and must not wait.
#[derive(Clone)]
pub(crate) struct Probes {
    /// Whether messages are taken, or why not, for `/readyz`.
    pub(crate) ready: Arc<dyn Fn() -> Result<(), String> + Send + Sync>,
    /// All metrics in the text form of `OpenMetrics`, for `/metrics`.
    pub(crate) metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

/// The folder of pages cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("the pages in {}: {cause}", path.display())]
pub(crate) struct SiteError {
    /// As it was given.
    path: PathBuf,
    /// What went wrong.
    #[source]
    cause: io::Error,
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// Nobody on the way can read or change what is said.
    pub(crate) encrypted: bool,
}

/// Everything the HTTP side needs; built once, shared by all shards.
pub(crate) struct Site {
    router: Router,
    builder: auto::Builder<TokioExecutor>,
    /// From where else WebSocket may be opened.
    origins: Vec<WebOrigin>,
    limits: Limits,
    links: link::Pages,
    /// `None`: there is none.
    api: Option<Arc<Api>>,
    secure: Secure,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Site {
    /// The browser client and the built-in pages, with those of the folder `pages` laid over them,
    /// and WebSocket, also for
    /// pages of these other `origins`.
    ///
    /// # Errors
    ///
    /// [`SiteError`] if `pages` is no folder that can be read.
    pub(crate) fn new(
        pages: Option<&Path>,
        origins: Vec<WebOrigin>,
        probes: Probes,
        limits: Limits,
    ) -> Result<Self, SiteError> {
        let open = |path: &Path| {
            Folder::new(path).map_err(|cause| SiteError { path: path.to_owned(), cause })
        };
        let folder = pages.map(open).transpose()?;
        let shared = router::Shared { folder, builtin: Builtin::new(), probes };
        let (router, links) = (router::router(shared), link::Pages::new());
        Ok(Self {
            router,
            builder: builder(),
            origins,
            limits,
            links,
            api: None,
            secure: Secure::default(),
        })
    }

    /// The same, with what is demanded of those who come unencrypted.
    pub(crate) fn with_tls(mut self, tls: Option<Arc<Tls>>, hsts_s: u32) -> Self {
        self.secure = Secure::new(tls, hsts_s);
        self
    }

    /// The same, with the API.
    pub(crate) fn with_api(mut self, api: Api) -> Self {
        self.api = Some(Arc::new(api));
        self
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        // `printf 'GET / HTTP/1.0\r\n\r\n' | nc` sends its end at once and waits for the answer.
        .half_close(true)
        .max_headers(limits::HEADERS_MAX)
        .max_buf_size(limits::HEADER_BYTES_MAX)
        // The pulse keeps the time.
        .header_read_timeout(None);
    builder
        .http2()
        .max_concurrent_streams(limits::STREAMS_MAX)
        .max_header_list_size(u32::try_from(limits::HEADER_BYTES_MAX).expect("a small constant"))
        .max_pending_accept_reset_streams(limits::RESET_STREAMS_MAX)
        .initial_stream_window_size(limits::WINDOW_BYTES)
        .initial_connection_window_size(limits::WINDOW_BYTES)
        .max_send_buf_size(limits::CHUNK_BYTES);
    builder
}

/// Serves one connection until it closes, its time is up, or `shutdown` fires; then the requests
/// under way are finished first, in a bounded time. What is left of it where WebSocket is spoken on
/// it from then on.
pub(crate) async fn serve<S>(
    stream: S,
    peer: Peer,
    site: Arc<Site>,
    mut shutdown: watch::Receiver<bool>,
) -> Option<Upgraded<S>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let pulse = Pulse::new(site.limits);
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&pulse)));
    let door = Arc::new(Door::default());
    let service = service_fn(|request| {
        let (site, pulse, door) = (Arc::clone(&site), Arc::clone(&pulse), Arc::clone(&door));
        answer_one(site, pulse, door, peer, request)
    });
    let mut connection = pin!(site.builder.serve_connection_with_upgrades(io, service));
    let mut drained_by = None;
    loop {
        let now = Instant::now();
        let (due, overdue) = drained_by.map_or_else(|| pulse.due(), |by| (by, Overdue::Stall));
        if due <= now {
            if overdue != Overdue::Idle {
                tracing::debug!(peer = %peer.address, ?overdue, "http connection cut");
                return None;
            }
            connection.as_mut().graceful_shutdown();
            drained_by = Some(now + site.limits.drain);
            continue;
        }
        // The time may come nearer while this sleeps, when a head begins on an idle connection or a
        // request ends: it is missed by one such step at most.
        let look_up = due.min(now + site.limits.step());
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(peer = %peer.address, error, "http connection failed");
                }
                break;
            }
            () = fired(&mut shutdown), if drained_by.is_none() => {
                connection.as_mut().graceful_shutdown();
                drained_by = Some(Instant::now() + site.limits.drain);
            }
            () = tokio::time::sleep_until(look_up) => {}
        }
    }
    door.upgraded().await
}

/// Returns when the server goes down, which it also does when nobody is left to say so.
async fn fired(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|down| *down).await;
}

async fn answer_one(
    site: Arc<Site>,
    pulse: Arc<Pulse>,
    door: Arc<Door>,
    peer: Peer,
    mut request: Request<Incoming>,
) -> Result<Response<Tracked>, Infallible> {
    let under_way = pulse.request_came(request.version());
    let (version, method, uri) =
        (request.version(), request.method().clone(), request.uri().clone());
    if let Some(response) = site.secure.refused(peer, &request) {
        tell(peer.address, &method, uri.path(), &response);
        return Ok(response.map(|body| Tracked::new(body, under_way)));
    }
    if let Some(api) = &site.api
        && is_ours(uri.path())
        && gate::entry(&request, peer.encrypted).is_ok()
    {
        let mut response = api.answer(&mut request, peer, &site.limits).await;
        if version == Version::HTTP_2 {
            response.headers_mut().remove(CONNECTION);
        }
        site.secure.finish(peer, &mut response);
        tell(peer.address, &method, uri.path(), &response);
        return Ok(response.map(|body| Tracked::new(body, under_way)));
    }
    let mut response = match gate::pass(&mut request, site.limits.body, peer.encrypted).await {
        Ok(_) if uri.path() == upgrade::PATH => door.answer(&mut request, &site.origins),
        Ok(entry) if let (Some(api), Some(token)) = (&site.api, link::token(&uri)) => {
            if let Some(refused) = link::refused(&method) {
                refused
            } else {
                let leads = api.leads(token, peer.address).await;
                if link::wants_qr(&uri) {
                    link::picture(&entry, (token, leads))
                } else {
                    site.links.answer((&method, request.headers()), entry, (token, leads))
                }
            }
        }
        Ok(entry) => {
            request.extensions_mut().insert(entry);
            site.router
                .clone()
                .oneshot(request.map(Body::new))
                .await
                .unwrap_or_else(|none| match none {})
        }
        Err(status) => {
            let mut response = answer::plain(status);
            // What follows on the connection may be the rest of what was refused.
            if version != Version::HTTP_2 {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        site.secure.finish(peer, &mut response);
    }
    tell(peer.address, &method, uri.path(), &response);
    Ok(response.map(|body| Tracked::new(body, under_way)))
}

/// Tells the operator of a request; a path that is a secret is not told.
fn tell(peer: IpAddr, method: &Method, path: &str, response: &Response<Body>) {
    let is_secret = path.starts_with("/api/v1/hooks/") || path.starts_with("/i/");
    let (path, status) = (if is_secret { "(secret)" } else { path }, response.status().as_u16());
    tracing::debug!(%peer, %method, path, status, "http request");
}

#[cfg(test)]
mod tests;
