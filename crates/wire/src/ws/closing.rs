//! How a connection ends: who has said so, why, and what is still to be sent (RFC 6455, section 7).

use std::borrow::Cow;

use bytes::Bytes;

use super::{Item, encoder};

/// Why a connection is closed (RFC 6455, section 7.4): a number that may stand in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// What it was for is done.
    pub const NORMAL: Self = Self(1000);
    /// The server stops, or the page is left.
    pub const GOING_AWAY: Self = Self(1001);
    /// The other side broke the protocol.
    pub const PROTOCOL: Self = Self(1002);
    /// A kind of message that is not taken here.
    pub const UNSUPPORTED: Self = Self(1003);
    /// What a message holds is not what it says it is.
    pub const BAD_DATA: Self = Self(1007);
    /// It is against this server's rules.
    pub const POLICY: Self = Self(1008);
    /// A message is too big.
    pub const TOO_BIG: Self = Self(1009);
    /// The server cannot go on.
    pub const INTERNAL: Self = Self(1011);
    /// The server starts again: come back.
    pub const RESTART: Self = Self(1012);
    /// The server is too busy: come back later.
    pub const TRY_LATER: Self = Self(1013);

    /// The code, if it may stand in a frame: one that is registered for it, or one of those left
    /// to libraries and applications, 3000 to 4999.
    #[must_use]
    pub const fn new(code: u16) -> Option<Self> {
        match code {
            1000..=1003 | 1007..=1014 | 3000..=4999 => Some(Self(code)),
            _ => None,
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// What a client's close frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close<'i> {
    /// Why.
    pub code: CloseCode,
    /// Why, for a log. It is the client's word: clean it before it is shown.
    pub reason: Cow<'i, str>,
}

/// How a client broke the protocol. The connection has failed: nothing more is read from it. The
/// text is the reason in the close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A bit that nothing has been agreed for (RFC 6455, section 5.2).
    #[error("reserved bit")]
    ReservedBit,
    /// A kind of frame that there is not (RFC 6455, section 5.2).
    #[error("unknown opcode")]
    UnknownOpcode,
    /// A client's frame without a mask (RFC 6455, section 5.1).
    #[error("frame not masked")]
    Unmasked,
    /// A length in more bytes than it needs, or above 2^63 (RFC 6455, section 5.2).
    #[error("bad length")]
    BadLength,
    /// A control frame in parts (RFC 6455, section 5.5).
    #[error("fragmented control frame")]
    FragmentedControl,
    /// A control frame of more than [`CONTROL_BYTES_MAX`](super::CONTROL_BYTES_MAX) bytes.
    #[error("control frame too long")]
    LongControl,
    /// A part of a message that did not begin (RFC 6455, section 5.4).
    #[error("nothing to continue")]
    NothingToContinue,
    /// A message began inside another (RFC 6455, section 5.4).
    #[error("message inside a message")]
    Interleaved,
    /// A close frame of one byte, or with a code that no frame may hold (RFC 6455, section 7.4).
    #[error("bad close code")]
    BadCloseCode,
    /// A text or a reason that is not UTF-8 (RFC 6455, section 8.1).
    #[error("not UTF-8")]
    NotUtf8,
    /// A compressed message that does not decompress (RFC 7692, section 7.2.2).
    #[error("bad compressed data")]
    NotDeflate,
    /// A message of more bytes than the decoder takes.
    #[error("message too big")]
    TooBig,
}

impl Violation {
    /// The code to close the connection with.
    #[must_use]
    pub const fn code(self) -> CloseCode {
        match self {
            Self::ReservedBit
            | Self::UnknownOpcode
            | Self::Unmasked
            | Self::BadLength
            | Self::FragmentedControl
            | Self::LongControl
            | Self::NothingToContinue
            | Self::Interleaved
            | Self::BadCloseCode => CloseCode::PROTOCOL,
            Self::NotUtf8 | Self::NotDeflate => CloseCode::BAD_DATA,
            Self::TooBig => CloseCode::TOO_BIG,
        }
    }
}

/// How far the closing of one connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closing {
    /// Both sides may send.
    #[default]
    Open,
    /// Our close frame is sent: nothing may follow it. The client's is awaited, for as long as the
    /// gateway's patience lasts; what else comes before it is not acted upon.
    Sent,
    /// Nothing more is sent or read. Once all is written, shut down the writing side, and drop
    /// what still comes for a moment: closing over unread bytes resets the connection, and the
    /// client may lose our last frame.
    Done,
}

impl Closing {
    /// What the protocol itself answers to an item: a pong, or the close frame. To be written after
    /// all that was written before; the item is still the caller's to act upon.
    pub fn answer(&mut self, item: &Result<Item<'_>, Violation>) -> Option<Bytes> {
        match item {
            Ok(Item::Text(_) | Item::Binary(_) | Item::Pong(_)) => None,
            Ok(Item::Ping(payload)) => (*self == Self::Open).then(|| encoder::pong(payload)),
            Ok(Item::Close(close)) => self.end(|| match close {
                Some(close) => encoder::close(close.code, ""),
                None => encoder::empty_close(),
            }),
            Err(violation) => self.end(|| encoder::close(violation.code(), &violation.to_string())),
        }
    }

    /// Begins the closing from our side: the frame to write last, unless one was already. The
    /// reason is cut to what a frame holds.
    pub fn begin(&mut self, code: CloseCode, reason: &str) -> Option<Bytes> {
        if *self != Self::Open {
            return None;
        }
        *self = Self::Sent;
        Some(encoder::close(code, reason))
    }

    fn end(&mut self, last: impl FnOnce() -> Bytes) -> Option<Bytes> {
        let before = std::mem::replace(self, Self::Done);
        (before == Self::Open).then(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<Item<'static>, Violation>;

    const PING: Outcome = Ok(Item::Ping(Cow::Borrowed(b"x")));

    fn close(code: u16) -> Item<'static> {
        Item::Close(Some(Close { code: CloseCode::new(code).unwrap(), reason: "tchau".into() }))
    }

    #[test]
    fn which_codes_a_frame_may_hold() {
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1014, 3000, 3999, 4999] {
            assert_eq!(CloseCode::new(code).map(CloseCode::get), Some(code));
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, u16::MAX] {
            assert_eq!(CloseCode::new(code), None, "{code}");
        }
    }

    #[test]
    fn a_ping_is_answered_with_what_it_brought() {
        let mut closing = Closing::Open;
        assert_eq!(closing.answer(&PING).unwrap(), &b"\x8a\x01x"[..]);
        assert_eq!(closing.answer(&Ok(Item::Pong(Cow::Borrowed(b"x")))), None);
        assert_eq!(closing.answer(&Ok(Item::Text("oi".into()))), None);
        assert_eq!(closing, Closing::Open);
    }

    #[test]
    fn a_client_that_closes_gets_its_code_back_once() {
        let mut closing = Closing::Open;
        assert_eq!(closing.answer(&Ok(close(4000))).unwrap(), &b"\x88\x02\x0f\xa0"[..]);
        assert_eq!(closing, Closing::Done);
        assert_eq!(closing.answer(&Ok(close(4000))), None);
        assert_eq!(closing.answer(&PING), None);
        assert_eq!(closing.begin(CloseCode::NORMAL, ""), None);
        let mut closing = Closing::Open;
        assert_eq!(closing.answer(&Ok(Item::Close(None))).unwrap(), &b"\x88\x00"[..]);
        assert_eq!(closing, Closing::Done);
    }

    #[test]
    fn after_our_close_frame_nothing_is_sent() {
        let mut closing = Closing::Open;
        let frame = closing.begin(CloseCode::GOING_AWAY, "stopping").unwrap();
        assert_eq!(frame, &b"\x88\x0a\x03\xe9stopping"[..]);
        assert_eq!(closing, Closing::Sent);
        assert_eq!(closing.begin(CloseCode::GOING_AWAY, "stopping"), None);
        assert_eq!(closing.answer(&PING), None);
        assert_eq!(closing, Closing::Sent);
        assert_eq!(closing.answer(&Ok(close(1001))), None);
        assert_eq!(closing, Closing::Done);
        let mut closing = Closing::Sent;
        assert_eq!(closing.answer(&Err(Violation::Unmasked)), None);
        assert_eq!(closing, Closing::Done);
    }

    #[test]
    fn a_violation_is_named_and_ends_it() {
        for (violation, code) in [
            (Violation::Unmasked, 1002),
            (Violation::BadCloseCode, 1002),
            (Violation::NotUtf8, 1007),
            (Violation::NotDeflate, 1007),
            (Violation::TooBig, 1009),
        ] {
            let mut closing = Closing::Open;
            let frame = closing.answer(&Err(violation)).unwrap();
            let code = u16::to_be_bytes(code);
            assert_eq!(&frame[2..], [&code[..], violation.to_string().as_bytes()].concat());
            assert_eq!(closing, Closing::Done);
        }
    }
}
