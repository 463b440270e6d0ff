//! The vocabulary `papo.v1`: JSON text messages over WebSocket. See `docs/ws.md`.
//!
//! [`parse()`] turns a client's message into a [`Request`]; each gets exactly one [`Answer`] or
//! [`Problem`] back, which bears its id. What happens in a room comes as [`event()`], what happens
//! beside as [`notice()`]. Sockets, frames and compression are not known here.
//!
//! The shapes on the wire are in one place, and TypeScript has them in
//! `web/src/protocol/papo.v1.ts`, which a test writes and compares.

pub(crate) mod answer;
pub(crate) mod event;
mod fault;
pub(crate) mod field;
pub mod limits;
mod link;
mod order;
pub(crate) mod parse;
mod problem;
mod request;
pub(crate) mod shape;

pub use answer::{Answer, Entered, Hers, Member, Unread};
pub use event::{Farewell, Notice, event, notice};
pub use fault::{BadRequest, Fault, Kind};
pub use parse::parse;
pub use problem::{Code, Problem};
pub use request::{Asked, Id, Page, Request};

#[cfg(test)]
pub(crate) mod tests;
