//! WebSocket frames, compressed and not: one compressor and one decompressor serve all
//! connections of a shard, and nobody keeps a buffer.

use std::cell::RefCell;

use bytes::Bytes;
use wire::ws::{Decoder, Deflater, Inflater, Item, Violation, encoder};

/// What compresses and decompresses for a shard; made when the first message needs it.
#[derive(Debug, Default)]
pub(crate) struct Compression {
    deflater: RefCell<Option<Deflater>>,
    inflater: RefCell<Option<Inflater>>,
}

impl Compression {
    /// The frame of a text message, compressed where `deflate` says so and it gets smaller by it.
    ///
    /// # Panics
    ///
    /// If `text` is no UTF-8, which JSON always is.
    pub(crate) fn frame(&self, text: &[u8], deflate: bool) -> Bytes {
        let text = std::str::from_utf8(text).expect("JSON is UTF-8");
        let compressed = || self.deflater.borrow_mut().get_or_insert_default().text(text);
        deflate.then(compressed).flatten().unwrap_or_else(|| encoder::text(text))
    }

    /// The next item of a client's bytes; see [`Decoder::next`].
    #[expect(clippy::mut_mut, reason = "the input is a slice whose front is taken off")]
    pub(crate) fn next<'i>(
        &self,
        decoder: &mut Decoder,
        input: &mut &'i mut [u8],
    ) -> Option<Result<Item<'i>, Violation>> {
        decoder.next(input, self.inflater.borrow_mut().get_or_insert_default())
    }
}
