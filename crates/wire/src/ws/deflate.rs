//! Compressing and decompressing whole messages, each by itself (RFC 7692, section 7.2).

use bytes::Bytes;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::frame::{FIN, Opcode, RSV1};
use super::{Violation, encoder};

/// Bytes below which a message is not compressed: with the packet's own headers, little is saved.
pub const DEFLATE_PAYLOAD_BYTES_MIN: usize = 128;

/// The window of compressed messages, as a power of two: 4 KiB. The largest, 32 KiB, makes a page
/// of history 1 % smaller; this one lets clients that offer a smaller window share the same frames.
pub const DEFLATE_WINDOW_BITS: u8 = 12;

/// What takes 218 bytes to 174, as every level but the first does, in the same 14 us; 12 kB of a
/// history to 0.9 in 47 us, where the third level leaves 3 % more in 44.
const LEVEL: u32 = 6;

/// Bytes kept from one message to the next for compressing into; a longer message's are freed.
const SCRATCH_BYTES_MAX: usize = 64 * 1024;

/// What ends every message's compressed bytes, and is not sent: an empty block.
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

/// The same, and an empty last block after it, which comes to its end only if the message did.
const LAST_TAIL: [u8; 9] = [0x00, 0x00, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0xFF, 0xFF];

/// The first room for what a message decompresses to, as a multiple of its bytes.
const INFLATION: usize = 4;

/// Last blocks in one message at most, each of which may be followed by others (RFC 7692, section
/// 7.2.3.4). Hardly a client writes one; thousands in a message would be an attack on our time.
const STREAMS_MAX: u32 = 16;

/// Compresses messages. One serves all connections of a thread; it takes some 250 KiB.
#[derive(Debug)]
pub struct Deflater {
    state: Compress,
    scratch: Vec<u8>,
}

impl Default for Deflater {
    fn default() -> Self {
        let level = Compression::new(LEVEL);
        let state = Compress::new_with_window_bits(level, false, DEFLATE_WINDOW_BITS);
        Self { state, scratch: Vec::new() }
    }
}

impl Deflater {
    /// A compressed text message, for every client whose [`Deflate`](super::Deflate) reads ours.
    /// `None` if it is short or gets no smaller: send it as [`encoder::text`].
    pub fn text(&mut self, payload: &str) -> Option<Bytes> {
        self.frame(Opcode::Text, payload.as_bytes())
    }

    /// The same for a binary message.
    pub fn binary(&mut self, payload: &[u8]) -> Option<Bytes> {
        self.frame(Opcode::Binary, payload)
    }

    fn frame(&mut self, opcode: Opcode, payload: &[u8]) -> Option<Bytes> {
        if payload.len() < DEFLATE_PAYLOAD_BYTES_MIN {
            return None;
        }
        self.state.reset();
        self.scratch.clear();
        // What does not fit into this is no smaller.
        self.scratch.reserve(payload.len() + TAIL.len());
        let outcome = self.state.compress_vec(payload, &mut self.scratch, FlushCompress::Sync);
        let is_flushed = outcome.is_ok()
            && self.state.total_in() == payload.len() as u64
            && self.scratch.len() < self.scratch.capacity();
        let compressed = self.scratch.strip_suffix(&TAIL).filter(|_| is_flushed);
        let frame = compressed
            .filter(|compressed| compressed.len() < payload.len())
            .map(|compressed| encoder::frame(FIN | RSV1 | opcode as u8, &[compressed]));
        if self.scratch.capacity() > SCRATCH_BYTES_MAX {
            self.scratch = Vec::new();
        }
        frame
    }
}

/// Decompresses messages. One serves all connections of a thread; it takes some 50 KiB.
#[derive(Debug)]
pub struct Inflater {
    state: Decompress,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { state: Decompress::new(false) }
    }
}

impl Inflater {
    /// The message that `payload` is compressed from, if it has at most `bytes_max` bytes. Stops
    /// at the first byte beyond, however many there would be.
    pub(super) fn inflate(
        &mut self,
        payload: &[u8],
        bytes_max: usize,
    ) -> Result<Vec<u8>, Violation> {
        if payload.is_empty() {
            return Ok(Vec::new());
        }
        let room = payload.len().saturating_mul(INFLATION).min(bytes_max.saturating_add(1));
        let mut message = Vec::with_capacity(room);
        let (mut rest, mut streams) = (payload, 1);
        self.state.reset(false);
        while !rest.is_empty() {
            if self.step(&mut rest, &mut message, bytes_max)? == Status::StreamEnd {
                if rest.is_empty() {
                    return Ok(message);
                }
                if streams == STREAMS_MAX {
                    return Err(Violation::NotDeflate);
                }
                streams += 1;
                self.state.reset(false);
            }
        }
        let mut rest = &LAST_TAIL[..];
        while self.step(&mut rest, &mut message, bytes_max)? != Status::StreamEnd {}
        if rest.is_empty() { Ok(message) } else { Err(Violation::NotDeflate) }
    }

    /// Decompresses some of `rest`, and makes room for more if that was what it lacked. Fails
    /// rather than to get nowhere.
    fn step(
        &mut self,
        rest: &mut &[u8],
        message: &mut Vec<u8>,
        bytes_max: usize,
    ) -> Result<Status, Violation> {
        let (consumed, produced) = (self.state.total_in(), message.len());
        let status = self
            .state
            .decompress_vec(rest, message, FlushDecompress::None)
            .map_err(|_| Violation::NotDeflate)?;
        if message.len() > bytes_max {
            return Err(Violation::TooBig);
        }
        let taken = self.state.total_in() - consumed;
        *rest = &rest[usize::try_from(taken).expect("no more than there is")..];
        if status == Status::StreamEnd {
            return Ok(status);
        }
        if message.len() == message.capacity() {
            let wanted = (message.capacity() * 2).min(bytes_max.saturating_add(1));
            message.reserve_exact(wanted - message.len());
        } else if taken == 0 && message.len() == produced {
            return Err(Violation::NotDeflate);
        }
        Ok(status)
    }
}

#[cfg(test)]
mod tests;
