//! The HTTP API under `/api/v1`: JSON requests and answers, one each. See `docs/api.md`.
//!
//! [`route::find`] tells from method and path which [`Operation`] is meant, [`parse()`] turns it
//! and its fields into what is [`Asked`]; the [`Answer`] or [`Problem`] gives status and body.
//! Fields and codes are those of [`crate::json`]. Sockets, tokens and the headers of HTTP are not
//! known here.

mod answer;
mod parse;
mod problem;
mod request;
pub mod route;
pub(crate) mod shape;

pub use answer::{Answer, RoomView};
pub use parse::parse;
pub use problem::{MEDIA_TYPE, Problem};
pub use request::{Asked, Setting};
pub use route::{Method, Operation};

#[cfg(test)]
mod tests;

/// Where everything of this version lies.
pub const ROOT: &str = "/api/v1";

/// Bytes of a request's body, as of a message over WebSocket; more are refused.
pub const BODY_BYTES_MAX: usize = crate::ws::MESSAGE_BYTES_MAX;

/// The document that describes it all to programs (`OpenAPI` 3.1), made by the tests.
pub const OPENAPI: &str = include_str!("../../../../docs/openapi.json");

/// The same for people: a page whole in itself, made by the tests.
pub const PAGE: &str = include_str!("docs.html");
