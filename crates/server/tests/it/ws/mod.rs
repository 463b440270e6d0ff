//! WebSocket, `papo.v1`: what `docs/ws.md` promises.

mod client;
mod frames;
mod handshake;
mod once;
mod people;
mod rooms;

pub(crate) use client::Ws;
