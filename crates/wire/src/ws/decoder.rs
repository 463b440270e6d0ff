//! Takes a client's bytes as they come, and gives its messages one by one.

#![expect(clippy::mut_mut, reason = "the input is a slice whose front is taken off, and unmasked")]

use std::borrow::Cow;

use super::closing::{Close, CloseCode, Violation};
use super::deflate::Inflater;
use super::frame::{HEADER_BYTES_MAX, Header, Opcode, unmask};

/// What came out of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item<'i> {
    /// A text message.
    Text(Cow<'i, str>),
    /// A binary message.
    Binary(Cow<'i, [u8]>),
    /// To be answered with a pong of the same payload; [`Closing`](super::Closing) does.
    Ping(Cow<'i, [u8]>),
    /// The answer to a ping of ours, or a sign of life.
    Pong(Cow<'i, [u8]>),
    /// The last item: the client sends nothing more. `None`: it gives no reason.
    Close(Option<Close<'i>>),
}

/// One connection's decoder. Holds memory only while a message or a frame is unfinished.
#[derive(Debug)]
pub struct Decoder {
    message_bytes_max: usize,
    /// Whether messages may come compressed.
    deflate: bool,
    /// The closing frame or a violation came: the rest is dropped.
    ended: bool,
    /// An unfinished header.
    head: [u8; HEADER_BYTES_MAX],
    head_bytes: u8,
    /// The frame whose payload is coming.
    frame: Option<Frame>,
    message: Option<Message>,
    /// The payload of an unfinished control frame, which may stand inside a message.
    control: Vec<u8>,
}

/// A frame whose header has come.
#[derive(Debug, Clone, Copy)]
struct Frame {
    fin: bool,
    opcode: Opcode,
    /// Turned to where the payload goes on.
    mask: [u8; 4],
    /// Bytes of payload to come.
    left: usize,
}

/// A message that has begun.
#[derive(Debug)]
struct Message {
    is_text: bool,
    compressed: bool,
    held: Vec<u8>,
    /// How much of `held` is known to be UTF-8, where it has to be.
    checked: usize,
}

impl Decoder {
    /// A decoder of messages of up to `message_bytes_max` bytes (most servers':
    /// [`MESSAGE_BYTES_MAX`](super::MESSAGE_BYTES_MAX)); `deflate`: compression was agreed.
    #[must_use]
    pub fn new(message_bytes_max: usize, deflate: bool) -> Self {
        Self {
            message_bytes_max,
            deflate,
            ended: false,
            head: [0; HEADER_BYTES_MAX],
            head_bytes: 0,
            frame: None,
            message: None,
            control: Vec::new(),
        }
    }

    /// Takes the next item off the front of `input`, unmasking it there. `None`: all of it was
    /// consumed.
    ///
    /// # Errors
    ///
    /// The client broke the protocol; what still comes from it is dropped.
    pub fn next<'i>(
        &mut self,
        input: &mut &'i mut [u8],
        inflater: &mut Inflater,
    ) -> Option<Result<Item<'i>, Violation>> {
        let item = self.advance(input, inflater).transpose();
        if self.ended || matches!(item, Some(Err(_) | Ok(Item::Close(_)))) {
            *self = Self { ended: true, ..Self::new(self.message_bytes_max, self.deflate) };
            *input = &mut [];
        }
        item
    }

    /// Bytes of memory it holds beside itself: none between messages.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.control.capacity() + self.message.as_ref().map_or(0, |message| message.held.capacity())
    }

    fn advance<'i>(
        &mut self,
        input: &mut &'i mut [u8],
        inflater: &mut Inflater,
    ) -> Result<Option<Item<'i>>, Violation> {
        while !self.ended {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => match self.header(input)? {
                    Some(header) => self.begin(header)?,
                    None => break,
                },
            };
            let piece = take(input, frame.left.min(input.len()));
            unmask(piece, &mut frame.mask);
            frame.left -= piece.len();
            let item = match frame.opcode {
                Opcode::Continuation | Opcode::Text | Opcode::Binary => {
                    self.data(frame, piece, inflater)?
                }
                Opcode::Close | Opcode::Ping | Opcode::Pong => self.control(frame, piece)?,
            };
            if frame.left > 0 {
                self.frame = Some(frame);
                break;
            }
            if item.is_some() {
                return Ok(item);
            }
        }
        Ok(None)
    }

    /// The next frame's header. `None`: all of `input` was consumed, and it is not whole.
    fn header(&mut self, input: &mut &mut [u8]) -> Result<Option<Header>, Violation> {
        if self.head_bytes == 0
            && let Some((header, length)) = Header::read(input)?
        {
            take(input, length);
            return Ok(Some(header));
        }
        while let Some(&byte) = input.first() {
            take(input, 1);
            self.head[usize::from(self.head_bytes)] = byte;
            self.head_bytes += 1;
            let head = &self.head[..usize::from(self.head_bytes)];
            if let Some((header, _)) = Header::read(head)? {
                self.head_bytes = 0;
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    /// Judges a frame by its header, before any of its payload is kept.
    fn begin(&mut self, header: Header) -> Result<Frame, Violation> {
        let is_text = match header.opcode {
            Opcode::Continuation if header.compressed => return Err(Violation::ReservedBit),
            Opcode::Continuation if self.message.is_none() => {
                return Err(Violation::NothingToContinue);
            }
            Opcode::Text | Opcode::Binary if header.compressed && !self.deflate => {
                return Err(Violation::ReservedBit);
            }
            Opcode::Text | Opcode::Binary if self.message.is_some() => {
                return Err(Violation::Interleaved);
            }
            Opcode::Text => Some(true),
            Opcode::Binary => Some(false),
            Opcode::Continuation | Opcode::Close | Opcode::Ping | Opcode::Pong => None,
        };
        let left = usize::try_from(header.payload_bytes).map_err(|_| Violation::TooBig)?;
        if let Some(is_text) = is_text {
            let compressed = header.compressed;
            self.message = Some(Message { is_text, compressed, held: Vec::new(), checked: 0 });
        }
        if let Some(message) = &self.message
            && !header.opcode.is_control()
            && left > message.wire_bytes_max(self.message_bytes_max) - message.held.len()
        {
            return Err(Violation::TooBig);
        }
        Ok(Frame { fin: header.fin, opcode: header.opcode, mask: header.mask, left })
    }

    /// Takes a piece of a message's payload; the message, if it is whole.
    fn data<'i>(
        &mut self,
        frame: Frame,
        piece: &'i mut [u8],
        inflater: &mut Inflater,
    ) -> Result<Option<Item<'i>>, Violation> {
        let mut message = self.message.take().expect("its first frame began it");
        if !frame.fin || frame.left > 0 {
            message.hold(piece, self.message_bytes_max)?;
            self.message = Some(message);
            return Ok(None);
        }
        let bytes = if message.held.is_empty() {
            Cow::Borrowed(&*piece)
        } else {
            message.hold(piece, self.message_bytes_max)?;
            Cow::Owned(message.held)
        };
        let bytes = if message.compressed {
            Cow::Owned(inflater.inflate(&bytes, self.message_bytes_max)?)
        } else {
            bytes
        };
        Ok(Some(if message.is_text { Item::Text(text(bytes)?) } else { Item::Binary(bytes) }))
    }

    /// Takes a piece of a control frame's payload; its item, if it is whole.
    fn control<'i>(
        &mut self,
        frame: Frame,
        piece: &'i mut [u8],
    ) -> Result<Option<Item<'i>>, Violation> {
        let payload = if frame.left == 0 && self.control.is_empty() {
            Cow::Borrowed(&*piece)
        } else {
            self.control.extend_from_slice(piece);
            if frame.left > 0 {
                return Ok(None);
            }
            Cow::Owned(std::mem::take(&mut self.control))
        };
        Ok(match frame.opcode {
            Opcode::Ping => Some(Item::Ping(payload)),
            Opcode::Pong => Some(Item::Pong(payload)),
            Opcode::Close => Some(Item::Close(close(payload)?)),
            Opcode::Continuation | Opcode::Text | Opcode::Binary => None,
        })
    }
}

impl Message {
    /// Bytes on the wire at most. What compression cannot make smaller it makes larger, by an
    /// eighth and some bytes where it is done worst (zlib's `deflateBound`).
    fn wire_bytes_max(&self, message_bytes_max: usize) -> usize {
        const OVERHEAD_BYTES_MAX: usize = 64;
        if self.compressed {
            message_bytes_max.saturating_add(message_bytes_max / 4 + OVERHEAD_BYTES_MAX)
        } else {
            message_bytes_max
        }
    }

    /// Keeps a piece. Memory grows with what has come, never with what a header says will come.
    fn hold(&mut self, piece: &[u8], message_bytes_max: usize) -> Result<(), Violation> {
        let needed = self.held.len() + piece.len();
        if needed > self.held.capacity() {
            let bytes_max = self.wire_bytes_max(message_bytes_max);
            let capacity = needed.max(self.held.capacity() * 2).min(bytes_max);
            self.held.reserve_exact(capacity - self.held.len());
        }
        self.held.extend_from_slice(piece);
        if self.is_text && !self.compressed {
            self.check()?;
        }
        Ok(())
    }

    /// Fails at the first byte that no UTF-8 can have there, however much is still to come.
    fn check(&mut self) -> Result<(), Violation> {
        match std::str::from_utf8(&self.held[self.checked..]) {
            Ok(_) => self.checked = self.held.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(Violation::NotUtf8),
        }
        Ok(())
    }
}

/// Takes the first `length` bytes.
fn take<'i>(input: &mut &'i mut [u8], length: usize) -> &'i mut [u8] {
    input.split_off_mut(..length).expect("no more is taken than there is")
}

fn text(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Violation> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
    }
    .ok_or(Violation::NotUtf8)
}

/// Reads a close frame's payload (RFC 6455, section 5.5.1).
fn close(payload: Cow<'_, [u8]>) -> Result<Option<Close<'_>>, Violation> {
    if payload.is_empty() {
        return Ok(None);
    }
    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
    let code = code.and_then(CloseCode::new).ok_or(Violation::BadCloseCode)?;
    let reason = match payload {
        Cow::Borrowed(payload) => Cow::Borrowed(&payload[2..]),
        Cow::Owned(mut payload) => Cow::Owned(payload.split_off(2)),
    };
    Ok(Some(Close { code, reason: text(reason)? }))
}

#[cfg(test)]
mod tests;
