//! WebSocket, the server's side: bytes to messages and messages to bytes (RFC 6455, RFC 7692).
//!
//! [`accept`] judges the opening handshake. Then a [`Decoder`] takes the client's bytes as they
//! come and gives an [`Item`] at a time, [`Closing`] says which of them is answered by itself and
//! when the connection is over, and [`encoder`] and [`Deflater`] make the server's frames. What a
//! message means is not known here.
//!
//! Compression keeps nothing from one message to the next. So one compressed frame serves all who
//! agreed to compression, one [`Deflater`] and one [`Inflater`] serve all connections of a thread,
//! and an idle connection owns no buffer.

#[cfg(test)]
mod client;
mod closing;
mod decoder;
mod deflate;
pub mod encoder;
mod extension;
mod frame;
mod handshake;

pub use closing::{Close, CloseCode, Closing, Violation};
pub use decoder::{Decoder, Item};
pub use deflate::{DEFLATE_PAYLOAD_BYTES_MIN, DEFLATE_WINDOW_BITS, Deflater, Inflater};
pub use extension::Deflate;
pub use frame::CONTROL_BYTES_MAX;
pub use handshake::{Accepted, PROTOCOL, Refusal, Request, accept};

/// Bytes of a message at most, unless a [`Decoder`] is made with another limit; of a compressed
/// one, after it is decompressed. Beyond, the connection fails with [`CloseCode::TOO_BIG`]. It
/// takes a text of [`room::limits::TEXT_BYTES_MAX`] with every byte escaped in JSON, and more.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;

/// Bytes that one byte of a text takes in JSON at most: `\u001b`.
const JSON_ESCAPE_BYTES_MAX: usize = 6;

const _: () = assert!(room::limits::TEXT_BYTES_MAX * JSON_ESCAPE_BYTES_MAX < MESSAGE_BYTES_MAX / 2);
