//! Bytes to commands and events to bytes, one folder a protocol. Pure: no socket, no clock.
//!
//! [`sniff`] tells from the first bytes of a connection which protocol its client speaks; the
//! protocol's own folder takes it from there. A protocol that papo knows of but does not speak
//! yet is turned away by [`refuse`], in words which that protocol's clients show.

pub mod api;
pub mod calendar;
mod dialect;
pub mod export;
mod issued;
pub mod json;
pub mod line;
mod link;
pub mod markup;
pub mod qr;
pub mod refuse;
mod secret;
pub mod sniff;
pub mod ws;

pub use dialect::Dialect;
pub use issued::Issued;
pub use link::{LINK_PATH, MadeLink, WantedLink, has_link_path, link_path, link_token};
pub use secret::Secret;
