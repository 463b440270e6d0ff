//! The API of `/api/v1`, see `docs/api.md`: one request, one answer.
//!
//! One request's way: [`Api::answer`] (may it come in, and how often) -> [`wire::api`] (what is
//! asked) -> [`act`] (asking the hub at its desk, the log's readers and the accounts) -> [`reply`]
//! (the headers). What happens in a room is told by [`stream`].

mod act;
mod cors;
mod link;
mod meter;
mod reply;
mod stream;
mod told;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, ORIGIN};
use axum::http::{Method, Request, Response};
use hyper::body::Incoming;
use room::rate::Rate;
use store::people::Bearer;
use tokio::sync::watch;
use wire::api::route::{Door, Miss, Params, find};
use wire::api::{self, Asked, BODY_BYTES_MAX, Operation, Problem};
use wire::{Secret, json};

use super::limits::Limits;
use super::{Peer, cookie, gate, language, origin};
use crate::archive::Archive;
use crate::config::{Accounts, WebOrigin};
use crate::desk::Desk;
use crate::metrics::ApiMetrics;
use crate::people::Service;
use meter::{Level, Meters, Whose};
use reply::Reply;
use told::failed;

/// The header of a key (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header in which a stream's client says what it has seen last (HTML, server-sent events).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What the API works with.
pub(crate) struct Parts {
    pub(crate) desk: Desk,
    pub(crate) archive: Archive,
    pub(crate) people: Service,
    /// Who may log in to them, and from where.
    pub(crate) accounts: Accounts,
    /// From where else pages may use it.
    pub(crate) origins: Vec<WebOrigin>,
    /// Requests of one account.
    pub(crate) flood: Rate,
    /// Requests of one address.
    pub(crate) address_flood: Rate,
    /// The addresses that no limit holds for.
    pub(crate) limits: crate::config::Limits,
    pub(crate) metrics: Arc<ApiMetrics>,
    /// Fires when the server goes down.
    pub(crate) shutdown: watch::Receiver<bool>,
}

/// The API; shared by all shards.
pub(crate) struct Api {
    parts: Parts,
    meters: Arc<Meters>,
}

/// Who asks.
struct Asker {
    /// Where she is.
    peer: IpAddr,
    /// Her token, and whose it is; `None`: she shows none.
    bearer: Option<(Bearer, Secret)>,
}

impl Api {
    /// The API of these parts.
    pub(crate) fn new(parts: Parts) -> Self {
        let meters = Arc::new(Meters::new(
            (parts.flood, parts.address_flood),
            parts.limits.clone(),
            Arc::clone(&parts.metrics),
        ));
        Self { parts, meters }
    }

    /// Answers a request whose path is the API's.
    pub(super) async fn answer(
        self: &Arc<Self>,
        request: &mut Request<Incoming>,
        peer: Peer,
        limits: &Limits,
    ) -> Response<Body> {
        let allowed = cors::allowed(request.headers(), &self.parts.origins);
        let mut response = self.routed(request, peer, limits).await;
        if request.headers().contains_key(ORIGIN) {
            cors::mark(response.headers_mut(), allowed);
        }
        response
    }

    async fn routed(
        self: &Arc<Self>,
        request: &mut Request<Incoming>,
        peer: Peer,
        limits: &Limits,
    ) -> Response<Body> {
        let lang = language::wanted(request.headers());
        let path = request.uri().path().to_owned();
        if request.method() == Method::OPTIONS
            && let Err(Miss::Method(methods)) = find("OPTIONS", &path)
        {
            return cors::preflight(&methods);
        }
        let found = find(request.method().as_str(), &path);
        let Some(_under_way) = self.meters.begin() else {
            return Reply::refused(&json::Problem::Busy.into(), lang).close().finish();
        };
        let mut level = None;
        let answer = match found {
            Err(Miss::NoRoute) => Err(Problem::NoRoute),
            Err(Miss::Method(methods)) => Err(Problem::BadMethod(methods)),
            Ok(found) => self.admitted(found, request, peer, (limits, &mut level)).await,
        };
        let is_head = request.method() == Method::HEAD;
        let reply = match answer {
            Ok(reply) => reply,
            Err(problem) => {
                self.meters.count(|metrics| metrics.refused.add(1));
                Reply::refused(&problem, lang)
            }
        };
        // What follows on the connection may be the rest of what was not read.
        let is_taken = hyper::body::Body::is_end_stream(request.body());
        let reply = if is_taken { reply } else { reply.close() };
        let reply = reply.limited(level);
        if is_head { reply.without_body().finish() } else { reply.finish() }
    }

    /// Who asks, how often, and for what.
    async fn admitted(
        self: &Arc<Self>,
        (operation, params): (Operation, Params),
        request: &mut Request<Incoming>,
        peer: Peer,
        (limits, level): (&Limits, &mut Option<Level>),
    ) -> Result<Reply, Problem> {
        let cost = cost(operation);
        *level = self.meters.take(Whose::Address(peer.address), cost)?;
        let door = operation.door();
        if matches!(door, Door::OwnPage | Door::Cookie) && !origin::is_own(request) {
            return Err(Problem::NotOwnPage);
        }
        let has_token = match door {
            Door::Open | Door::Password | Door::Cookie => false,
            Door::Token | Door::OwnPage => true,
            Door::Either => request.headers().contains_key(AUTHORIZATION),
        };
        let has_secret = has_token || matches!(door, Door::Password | Door::Cookie);
        if has_secret && !peer.encrypted && !self.parts.accounts.is_private(peer.address) {
            return Err(json::Problem::NotEncrypted.into());
        }
        let bearer = if has_token { Some(self.bearer(request.headers()).await?) } else { None };
        if let Some((bearer, _)) = &bearer {
            let own = self.meters.take(Whose::Account(bearer.account.id), cost)?;
            *level = own.or(level.take());
        }
        let body = self.body(request, limits).await?;
        let header = |name| text(request.headers(), &name);
        let (key, after) = (header(IDEMPOTENCY_KEY)?, header(LAST_EVENT_ID)?);
        let query = request.uri().query();
        let asked = api::parse((operation, params), query, &body, (key, after))?;
        let who = Asker { peer: peer.address, bearer };
        match asked {
            Asked::Describe => Ok(Reply::document(api::OPENAPI)),
            Asked::Explain => Ok(Reply::page(api::PAGE)),
            Asked::Events(room, after) => self.stream(&who, room, after).await,
            Asked::OpenSession => {
                let is_encrypted = peer.encrypted || origin::is_encrypted(request);
                let (_, token) = who.bearer.as_ref().ok_or(json::Problem::NotLoggedIn)?;
                Ok(Reply::done().cookie(&cookie::keep(token, is_encrypted)))
            }
            Asked::EndSession => {
                let is_encrypted = peer.encrypted || origin::is_encrypted(request);
                self.end_session(cookie::token(request.headers())).await?;
                Ok(Reply::done().cookie(&cookie::forget(is_encrypted)))
            }
            asked => {
                let path = request.uri().path();
                let page = Reply::page_of(&asked);
                let answer = self.act(&who, asked).await?;
                Ok(Reply::of(&answer, path, page))
            }
        }
    }

    /// Ends the login of that token, wherever it is used. One that is good for nothing has ended.
    async fn end_session(&self, token: Option<Secret>) -> Result<(), Problem> {
        let Some(token) = token else { return Ok(()) };
        let found = self.parts.people.by_token(token.reveal().to_owned()).await;
        let Some(bearer) = found.map_err(|failure| failed(&failure))? else { return Ok(()) };
        let (account, number) = (bearer.account.id, bearer.token);
        self.parts.people.log_out(bearer).await.map_err(|failure| failed(&failure))?;
        self.parts.desk.ended(account, number).await;
        Ok(())
    }

    /// Whose token the request shows.
    async fn bearer(&self, headers: &HeaderMap) -> Result<(Bearer, Secret), Problem> {
        let shown = text(headers, &AUTHORIZATION)?.ok_or(json::Problem::NotLoggedIn)?;
        let (scheme, token) = shown.split_once(' ').unwrap_or((shown, ""));
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Err(json::Problem::NotLoggedIn.into());
        }
        let token = Secret::new(token.trim().to_owned());
        match self.parts.people.by_token(token.reveal().to_owned()).await {
            Ok(Some(bearer)) => Ok((bearer, token)),
            Ok(None) => Err(json::Problem::LogInFailed.into()),
            Err(failure) => Err(failed(&failure).into()),
        }
    }

    async fn body(
        &self,
        request: &mut Request<Incoming>,
        limits: &Limits,
    ) -> Result<Vec<u8>, Problem> {
        let body = gate::read(request.body_mut(), limits.body, BODY_BYTES_MAX);
        let body = body.await.map_err(|status| match status.as_u16() {
            408 => Problem::BodyTooSlow,
            413 => Problem::BodyTooLarge,
            _ => json::Problem::Bad(json::Fault::NotJson).into(),
        })?;
        let kind = text(request.headers(), &CONTENT_TYPE)?.unwrap_or("application/json");
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !body.is_empty() && !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::BadType);
        }
        Ok(body)
    }
}

/// A header that may be there once.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let invalid =
        || json::Problem::Bad(json::Fault::Invalid(name.as_str().to_owned(), json::Kind::Text));
    match (first, second) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| invalid().into()),
        (Some(_), Some(_)) => {
            Err(json::Problem::Bad(json::Fault::Twice(name.as_str().to_owned())).into())
        }
    }
}

/// Units of the flood limits, as over WebSocket: what makes the server look far costs more.
const fn cost(operation: Operation) -> u32 {
    const FAR_COST: u32 = 4;
    use Operation as O;
    match operation {
        O::Register
        | O::LogIn
        | O::Rooms
        | O::CreateRoom
        | O::History
        | O::Delete
        | O::Pins
        | O::Search
        | O::Moderation
        | O::Audit
        | O::Earlier
        | O::Events => FAR_COST,
        O::Describe
        | O::Explain
        | O::OpenSession
        | O::EndSession
        | O::Me
        | O::Tokens
        | O::MakeToken
        | O::RevokeToken
        | O::Person
        | O::Room
        | O::SetRoom
        | O::Members
        | O::Say
        | O::Message
        | O::Edit
        | O::React
        | O::Unreact
        | O::Pin
        | O::Unpin
        | O::Read
        | O::Moderate
        | O::Links
        | O::MakeLink
        | O::RevokeLink
        | O::Hooks
        | O::MakeHook
        | O::RevokeHook
        | O::Hook => 1,
    }
}
