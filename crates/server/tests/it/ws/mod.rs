//! WebSocket, `papo.v1`: what `docs/ws.md` promises.

pub(crate) mod client;
mod frames;
mod handshake;
mod once;
mod people;
mod rooms;
