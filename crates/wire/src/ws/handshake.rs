//! The opening handshake, judged by its header values (RFC 6455, section 4.2).

use sha1::{Digest as _, Sha1};

use super::extension::{self, Deflate};

/// The subprotocol that papo speaks over WebSocket.
pub const PROTOCOL: &str = "papo.v1";

/// The version of RFC 6455.
const VERSION: &str = "13";

/// What is hashed with the client's key (RFC 6455, section 1.3).
const KEY_SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Characters of a key: 16 bytes in base64, of which the last two fill up.
const KEY_CHARS: usize = 24;

/// The headers of a request that say how to upgrade; each as the values of all its lines, in their
/// order. That it is a `GET` of HTTP/1.1, and from where, is for the gateway to judge.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'h> {
    /// `Upgrade`.
    pub upgrade: &'h [&'h str],
    /// `Connection`.
    pub connection: &'h [&'h str],
    /// `Sec-WebSocket-Version`.
    pub version: &'h [&'h str],
    /// `Sec-WebSocket-Key`.
    pub key: &'h [&'h str],
    /// `Sec-WebSocket-Protocol`.
    pub protocols: &'h [&'h str],
    /// `Sec-WebSocket-Extensions`.
    pub extensions: &'h [&'h str],
}

/// What has been agreed, to be answered with status 101.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The proof that the key was read: `Sec-WebSocket-Accept`.
    pub accept: String,
    /// [`PROTOCOL`], where the client offered it. One that offers none gets none named.
    pub protocol: Option<&'static str>,
    /// Whether messages may be compressed, and how.
    pub deflate: Option<Deflate>,
}

impl Accepted {
    /// The headers of the answer.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let always = [
            ("upgrade", "websocket".to_owned()),
            ("connection", "Upgrade".to_owned()),
            ("sec-websocket-accept", self.accept.clone()),
        ];
        let protocol = self.protocol.map(|name| ("sec-websocket-protocol", name.to_owned()));
        let deflate = self.deflate.map(|terms| ("sec-websocket-extensions", terms.header()));
        always.into_iter().chain(protocol).chain(deflate)
    }

    /// The whole answer, for a gateway that writes it itself.
    #[must_use]
    pub fn response(&self) -> String {
        let mut response = "HTTP/1.1 101 Switching Protocols\r\n".to_owned();
        for (name, value) in self.headers() {
            response.extend([name, ": ", &value, "\r\n"]);
        }
        response.push_str("\r\n");
        response
    }
}

/// Why there is no WebSocket to be had. Answer with [`Refusal::status`] and [`Refusal::header`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no request for WebSocket at all.
    #[error("this is a WebSocket: ask with Upgrade: websocket")]
    NotUpgrade,
    /// `Connection` does not say `Upgrade`.
    #[error("Connection does not say Upgrade")]
    BadConnection,
    /// A version other than 13.
    #[error("only Sec-WebSocket-Version 13 is spoken here")]
    BadVersion,
    /// The key is not there, is there twice, or is not 16 bytes in base64.
    #[error("Sec-WebSocket-Key is not one key of 16 bytes")]
    BadKey,
    /// Subprotocols are offered, and [`PROTOCOL`] is not among them.
    #[error("only the subprotocol {PROTOCOL} is spoken here")]
    UnknownProtocol,
    /// `Sec-WebSocket-Extensions` breaks its grammar (RFC 6455, section 9.1).
    #[error("Sec-WebSocket-Extensions cannot be read")]
    BadExtensions,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NotUpgrade | Self::BadVersion => 426,
            Self::BadConnection | Self::BadKey | Self::UnknownProtocol | Self::BadExtensions => 400,
        }
    }

    /// The header that belongs to that status.
    #[must_use]
    pub const fn header(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::NotUpgrade => Some(("upgrade", "websocket")),
            Self::BadVersion => Some(("sec-websocket-version", VERSION)),
            Self::BadConnection | Self::BadKey | Self::UnknownProtocol | Self::BadExtensions => {
                None
            }
        }
    }
}

/// Judges a request for WebSocket.
///
/// # Errors
///
/// The first [`Refusal`] that holds, in the order of its variants.
pub fn accept(request: &Request<'_>) -> Result<Accepted, Refusal> {
    if !elements(request.upgrade).any(|element| element.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::NotUpgrade);
    }
    if !elements(request.connection).any(|element| element.eq_ignore_ascii_case("upgrade")) {
        return Err(Refusal::BadConnection);
    }
    match request.version {
        [version] if version.trim() == VERSION => {}
        _ => return Err(Refusal::BadVersion),
    }
    let key = match request.key {
        [key] if is_key(key.trim()) => key.trim(),
        _ => return Err(Refusal::BadKey),
    };
    let protocol = elements(request.protocols).any(|name| name == PROTOCOL).then_some(PROTOCOL);
    if protocol.is_none() && elements(request.protocols).next().is_some() {
        return Err(Refusal::UnknownProtocol);
    }
    let deflate = extension::negotiate(request.extensions).map_err(|_| Refusal::BadExtensions)?;
    Ok(Accepted { accept: accept_key(key), protocol, deflate })
}

/// The elements of a list that may go over several lines.
fn elements<'h>(lines: &'h [&'h str]) -> impl Iterator<Item = &'h str> {
    lines.iter().flat_map(|line| line.split(',')).map(str::trim).filter(|name| !name.is_empty())
}

fn is_key(key: &str) -> bool {
    key.len() == KEY_CHARS
        && key
            .strip_suffix("==")
            .is_some_and(|digits| digits.bytes().all(|digit| BASE64.contains(&digit)))
}

fn accept_key(key: &str) -> String {
    let hash = Sha1::new().chain_update(key).chain_update(KEY_SUFFIX).finalize();
    base64(&hash)
}

/// The digits of base64 (RFC 4648, section 4).
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for digit in 0..4 {
            let index = bits >> (18 - 6 * digit) & 0x3F;
            text.push(if digit <= group.len() { BASE64[index as usize].into() } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    fn good() -> Request<'static> {
        Request {
            upgrade: &["websocket"],
            connection: &["Upgrade"],
            version: &["13"],
            key: &[KEY],
            protocols: &[],
            extensions: &[],
        }
    }

    #[test]
    fn the_example_of_the_standard() {
        let accepted = accept(&good()).unwrap();
        assert_eq!(
            accepted.response(),
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
             sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        );
    }

    #[test]
    fn base64_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn lists_are_read_over_lines_and_without_case() {
        let request = Request {
            upgrade: &["h2c", "WebSocket"],
            connection: &["keep-alive, UPGRADE"],
            protocols: &["chat , papo.v1", "papo.v2"],
            extensions: &["permessage-deflate"],
            ..good()
        };
        let accepted = accept(&request).unwrap();
        assert_eq!(accepted.protocol, Some("papo.v1"));
        assert!(accepted.deflate.is_some());
        let names: Vec<_> = accepted.headers().map(|(name, _)| name).collect();
        assert_eq!(names[3..], ["sec-websocket-protocol", "sec-websocket-extensions"]);
    }

    #[test]
    fn each_refusal_has_its_status() {
        let base = good();
        for (request, refusal, status) in [
            (Request::default(), Refusal::NotUpgrade, 426),
            (Request { upgrade: &["h2c"], ..base }, Refusal::NotUpgrade, 426),
            (Request { connection: &["close"], ..base }, Refusal::BadConnection, 400),
            (Request { version: &[], ..base }, Refusal::BadVersion, 426),
            (Request { version: &["8"], ..base }, Refusal::BadVersion, 426),
            (Request { version: &["13", "13"], ..base }, Refusal::BadVersion, 426),
            (Request { key: &[], ..base }, Refusal::BadKey, 400),
            (Request { key: &[KEY, KEY], ..base }, Refusal::BadKey, 400),
            (Request { key: &["dGhlIHNhbXBsZSBub25jZQ"], ..base }, Refusal::BadKey, 400),
            (Request { key: &["dGhlIHNhbXBsZSBub25j!Q=="], ..base }, Refusal::BadKey, 400),
            (Request { key: &["dGhlIHNhbXBsZSBub25jZQAA"], ..base }, Refusal::BadKey, 400),
            (Request { protocols: &["papo.v2"], ..base }, Refusal::UnknownProtocol, 400),
            (Request { extensions: &["a b"], ..base }, Refusal::BadExtensions, 400),
        ] {
            assert_eq!(accept(&request), Err(refusal), "{request:?}");
            assert_eq!(refusal.status(), status);
            assert_eq!(refusal.header().is_some(), status == 426);
        }
    }
}
