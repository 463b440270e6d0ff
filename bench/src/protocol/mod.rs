//! The protocols that the generator speaks, so that one load runs over all of them.
//!
//! A protocol says what a client's first words are, what opens and ends a message, and what a
//! frame of the server means. All else, the stamps, the checks and the clock, is the same for all.

mod irc;
pub(crate) mod line;
mod mqtt;
mod nats;
mod ws;

use clap::ValueEnum;

use crate::message::Stamp;

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// papo's line protocol, and the bare limit's.
    Line,
    /// RFC 2812.
    Irc,
    /// The text protocol of NATS.
    Nats,
    /// MQTT 3.1.1, quality of service 0.
    Mqtt,
    /// `papo.v1` over WebSocket.
    Ws,
    /// The same, compressed: for connections that listen, since nothing is read of it.
    WsDeflate,
}

/// How a stream of bytes is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// At each LF, and what is handed on has neither it nor a CR before it.
    Lines,
    /// By the length in an MQTT header (MQTT 3.1.1, section 2.2.3), and handed on with the header.
    Mqtt,
    /// As HTTP's answer to the opening handshake, and then by the length in each frame's head (RFC
    /// 6455, section 5.2); handed on with the head.
    Ws,
}

/// What a frame of the server means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A message of a publisher of ours.
    Message(Stamp),
    /// The client is known, and may enter a room.
    Ready,
    /// It is in the room, or what it asked for is done.
    Done,
    /// It is refused something.
    Refused,
    /// It has to say [`Protocol::pong`].
    Ping,
    /// Anything else.
    Other,
}

impl Protocol {
    /// How its stream is cut.
    pub(crate) fn framing(self) -> Framing {
        match self {
            Self::Line | Self::Irc | Self::Nats => Framing::Lines,
            Self::Mqtt => Framing::Mqtt,
            Self::Ws | Self::WsDeflate => Framing::Ws,
        }
    }

    /// What a client says first that enters no room.
    pub(crate) fn hello(self, nick: &str) -> Vec<u8> {
        match self {
            Self::Line => Vec::new(),
            Self::Irc => irc::hello(nick),
            Self::Nats => nats::hello(),
            Self::Mqtt => mqtt::connect(nick),
            Self::Ws => ws::hello(false),
            Self::WsDeflate => ws::hello(true),
        }
    }

    /// What a client says first that enters a room: all it may say before the server answers.
    /// `capacity` is given by who makes the room.
    pub(crate) fn enter(self, nick: &str, room: &str, capacity: Option<u32>) -> Vec<u8> {
        match self {
            Self::Line => line::enter(nick, room, capacity),
            Self::Irc => irc::hello(nick),
            Self::Nats => nats::enter(room),
            Self::Mqtt => [mqtt::connect(nick), mqtt::subscribe(room)].concat(),
            Self::Ws => ws::enter(nick, room, capacity, false),
            Self::WsDeflate => ws::enter(nick, room, capacity, true),
        }
    }

    /// What is left to say when it is [`Heard::Ready`].
    pub(crate) fn enter_when_ready(self, room: &str) -> Vec<u8> {
        match self {
            Self::Irc => irc::join(room),
            Self::Line | Self::Nats | Self::Mqtt | Self::Ws | Self::WsDeflate => Vec::new(),
        }
    }

    /// What stands before each text of `size` bytes in this room.
    pub(crate) fn opening(self, room: &str, size: usize) -> Vec<u8> {
        match self {
            Self::Line => Vec::new(),
            Self::Irc => irc::opening(room),
            Self::Nats => nats::opening(room, size),
            Self::Mqtt => mqtt::opening(room, size),
            Self::Ws | Self::WsDeflate => ws::opening(room, size),
        }
    }

    /// What stands after each text.
    pub(crate) fn ending(self) -> &'static [u8] {
        match self {
            Self::Line => b"\n",
            Self::Irc | Self::Nats => b"\r\n",
            Self::Mqtt => b"",
            Self::Ws | Self::WsDeflate => ws::ENDING,
        }
    }

    /// What a frame means.
    pub(crate) fn heard(self, frame: &[u8]) -> Heard {
        match self {
            Self::Line => line::heard(frame),
            Self::Irc => irc::heard(frame),
            Self::Nats => nats::heard(frame),
            Self::Mqtt => mqtt::heard(frame),
            Self::Ws | Self::WsDeflate => ws::heard(frame),
        }
    }

    /// What a [`Heard::Ping`] is answered with.
    pub(crate) fn pong(self, frame: &[u8]) -> Vec<u8> {
        match self {
            Self::Irc => irc::pong(frame),
            Self::Nats => nats::PONG.to_vec(),
            Self::Line | Self::Mqtt | Self::Ws | Self::WsDeflate => Vec::new(),
        }
    }
}

impl Framing {
    /// Hands on every frame that is whole, and says how many bytes that were.
    pub(crate) fn cut(self, bytes: &[u8], mut on_frame: impl FnMut(&[u8])) -> usize {
        let mut start = 0;
        match self {
            Self::Lines => {
                for end in memchr::memchr_iter(b'\n', bytes) {
                    let line = &bytes[start..end];
                    on_frame(line.strip_suffix(b"\r").unwrap_or(line));
                    start = end + 1;
                }
            }
            Self::Mqtt | Self::Ws => {
                let frame_bytes =
                    if self == Self::Mqtt { mqtt::packet_bytes } else { ws::frame_bytes };
                while let Some(length) = frame_bytes(&bytes[start..])
                    && length <= bytes.len() - start
                {
                    on_frame(&bytes[start..start + length]);
                    start += length;
                }
            }
        }
        start
    }
}
