//! The HTTP API: what `docs/api.md` and `docs/bots.md` promise.

mod bots;
pub(crate) mod client;
mod docs;
mod events;
mod gate;
mod hooks;
mod messages;
mod order;
mod people;
mod rooms;
