//! WebSocket, `papo.v1`: what `docs/ws.md` promises.

pub(crate) mod client;
mod frames;
mod handshake;
mod moderation;
mod once;
mod others;
pub(crate) mod people;
mod rooms;

pub(crate) use client::Ws;
