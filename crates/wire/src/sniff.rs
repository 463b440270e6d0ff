//! Which protocol a client speaks, told from the first bytes it sends.
//!
//! The port is shared, so the server listens first. A client that says nothing for
//! [`SILENCE_MS`], or whose first bytes are those of no other protocol, speaks lines.

/// Milliseconds after which a client that has sent nothing is taken for a line client: a person
/// with `telnet` waits to be greeted.
pub const SILENCE_MS: u64 = 200;

/// Milliseconds given to a client whose first bytes could become several protocols, counted from
/// its last byte: a slow network may bring them one by one.
pub const UNDECIDED_MS: u64 = 1_000;

/// Bytes after which every protocol is decided.
pub const SNIFF_BYTES_MAX: usize = 512;

/// The protocols that share the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Lines of text: `telnet`, `nc`, the seed's client, `papo connect`.
    Line,
    /// HTTP/1 (RFC 9112) or HTTP/2 with prior knowledge (RFC 9113, section 3.3).
    Http,
    /// A TLS `ClientHello` (RFC 8446, sections 4.1.2 and 5.1).
    Tls,
    /// SSH (RFC 4253, section 4.2).
    Ssh,
    /// IRC (RFC 2812, section 3.1; `CAP` is `IRCv3`'s).
    Irc,
    /// ICE over TCP: STUN (RFC 8489) in the frames of RFC 4571.
    Ice,
}

/// What the bytes so far say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is this protocol, whatever comes next.
    Known(Protocol),
    /// It could be several: wait for more. Never the answer to [`SNIFF_BYTES_MAX`] bytes.
    More,
}

/// What opens a protocol that begins with words.
const OPENINGS: &[(&[u8], Protocol)] = &[
    (b"SSH-", Protocol::Ssh),
    (b"CAP ", Protocol::Irc),
    (b"NICK ", Protocol::Irc),
    (b"PASS ", Protocol::Irc),
    (b"USER ", Protocol::Irc),
    (b"PRI * HTTP/2.0", Protocol::Http),
];

/// The methods of RFC 9110, section 9, of RFC 5789, and QUERY, which is taken to be refused.
const METHODS: &[&[u8]] = &[
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"PATCH ",
    b"DELETE ",
    b"TRACE ",
    b"OPTIONS ",
    b"CONNECT ",
    b"QUERY ",
];

/// Tells the protocol from a connection's first bytes.
#[must_use]
pub fn sniff(first: &[u8]) -> Verdict {
    let Some(&lead) = first.first() else { return Verdict::More };
    if lead == TLS_HANDSHAKE {
        return tls(first);
    }
    if lead <= ICE_LENGTH_HIGH_MAX {
        return ice(first);
    }
    let mut undecided = false;
    for &(opening, protocol) in OPENINGS {
        if first.starts_with(opening) {
            return Verdict::Known(protocol);
        }
        undecided |= opening.starts_with(first);
    }
    for &method in METHODS {
        if let Some(target) = first.strip_prefix(method) {
            return request(target);
        }
        undecided |= method.starts_with(first);
    }
    if undecided { Verdict::More } else { Verdict::Known(Protocol::Line) }
}

/// What follows a method. A method alone is no request: "GET out of here" is something people say.
fn request(target: &[u8]) -> Verdict {
    // What comes later is not looked at even where it is there: the verdict on less would differ.
    let target = &target[..target.len().min(TARGET_BYTES_MAX)];
    let line = target.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let whole = line.len() < target.len() || target.len() == TARGET_BYTES_MAX;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if target.starts_with(b"/") {
        Verdict::Known(Protocol::Http)
    } else if !whole {
        Verdict::More
    } else if line.ends_with(b" HTTP/1.1") || line.ends_with(b" HTTP/1.0") {
        Verdict::Known(Protocol::Http)
    } else {
        Verdict::Known(Protocol::Line)
    }
}

/// The longest method, with its space.
const METHOD_BYTES_MAX: usize = 8;

/// Bytes that are looked at after the method and its space.
const TARGET_BYTES_MAX: usize = SNIFF_BYTES_MAX - METHOD_BYTES_MAX;

/// `ContentType` handshake (RFC 8446, section 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

fn tls(first: &[u8]) -> Verdict {
    match first {
        [_] => Verdict::More,
        [_, 0x03, ..] => Verdict::Known(Protocol::Tls),
        _ => Verdict::Known(Protocol::Line),
    }
}

/// The high byte of the length of a first STUN message: none is longer than 1,535 bytes.
const ICE_LENGTH_HIGH_MAX: u8 = 5;

/// The magic cookie (RFC 8489, section 5).
pub(crate) const STUN_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// A frame's length (2 bytes), then a STUN message: type (2), length (2), cookie (4).
fn ice(first: &[u8]) -> Verdict {
    let cookie = first.get(6..).unwrap_or_default();
    let cookie = &cookie[..cookie.len().min(STUN_COOKIE.len())];
    let is_request = first.get(2).is_none_or(|&high| high & 0xC0 == 0);
    if !is_request || !STUN_COOKIE.starts_with(cookie) {
        Verdict::Known(Protocol::Line)
    } else if cookie.len() == STUN_COOKIE.len() {
        Verdict::Known(Protocol::Ice)
    } else {
        Verdict::More
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STUN: &[u8] = b"\x00\x14\x00\x01\x00\x00\x21\x12\xA4\x42abcdefghijkl";

    #[test]
    fn the_first_bytes_tell() {
        for (first, protocol) in [
            (&b"GET / HTTP/1.1\r\n"[..], Protocol::Http),
            (b"GET http://x/ HTTP/1.1\r\n", Protocol::Http),
            (b"HEAD /x", Protocol::Http),
            (b"OPTIONS * HTTP/1.1\r\n", Protocol::Http),
            (b"CONNECT a:1 HTTP/1.1\r\n", Protocol::Http),
            (b"GET ../x HTTP/1.0\n", Protocol::Http),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Protocol::Http),
            (b"\x16\x03\x01\x02\x00\x01", Protocol::Tls),
            (b"SSH-2.0-OpenSSH_9.2\r\n", Protocol::Ssh),
            (b"CAP LS 302\r\n", Protocol::Irc),
            (b"NICK ana\r\n", Protocol::Irc),
            (b"USER ana 0 * :Ana\r\n", Protocol::Irc),
            (b"PASS x\r\n", Protocol::Irc),
            (STUN, Protocol::Ice),
            (b"--HELP", Protocol::Line),
            (b"GET out of here\n", Protocol::Line),
            (b"GETTING", Protocol::Line),
            (b"get / http/1.1", Protocol::Line),
            (b"NICKNAME", Protocol::Line),
            (b"\xFF\xFD\x03", Protocol::Line),
            (b"\n", Protocol::Line),
            (b"\x16x", Protocol::Line),
            (b"\x00\x14\x00\x01\x00\x00abcd", Protocol::Line),
            (b"\x00\x14\xFF", Protocol::Line),
            ("olá".as_bytes(), Protocol::Line),
        ] {
            assert_eq!(sniff(first), Verdict::Known(protocol), "{first:?}");
        }
        for first in [&b""[..], b"G", b"GET", b"GET ", b"S", b"SSH", b"\x16", &STUN[..9], b"PRI *"]
        {
            assert_eq!(sniff(first), Verdict::More, "{first:?}");
        }
    }

    #[test]
    fn however_long_a_request_line_is_its_cuts_do_not_matter() {
        for method in METHODS {
            for length in SNIFF_BYTES_MAX - 30..SNIFF_BYTES_MAX + 10 {
                let first = [method, &*vec![b'x'; length], b" HTTP/1.1\r\n"].concat();
                let whole = sniff(&first);
                for cut in 0..first.len() {
                    let part = sniff(&first[..cut]);
                    assert!(part == Verdict::More || part == whole, "{length}, cut at {cut}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn so_many_bytes_always_decide(
            method in 0..METHODS.len(),
            rest in proptest::collection::vec(any::<u8>(), SNIFF_BYTES_MAX..SNIFF_BYTES_MAX + 9),
        ) {
            prop_assert_ne!(sniff(&rest), Verdict::More);
            let request = [METHODS[method], &rest].concat();
            prop_assert_ne!(sniff(&request[..SNIFF_BYTES_MAX]), Verdict::More);
        }

        /// One byte a segment ends where all at once does.
        #[test]
        fn a_verdict_never_changes(first in proptest::collection::vec(any::<u8>(), 0..40)) {
            let whole = sniff(&first);
            for cut in 0..first.len() {
                let part = sniff(&first[..cut]);
                prop_assert!(part == Verdict::More || part == whole);
            }
        }

        #[test]
        fn openings_survive_any_cut(at in 0..OPENINGS.len(), tail in "[ -~]{0,9}") {
            let (opening, protocol) = OPENINGS[at];
            let first = [opening, tail.as_bytes()].concat();
            for cut in 1..opening.len() {
                prop_assert_eq!(sniff(&first[..cut]), Verdict::More);
            }
            prop_assert_eq!(sniff(&first), Verdict::Known(protocol));
        }
    }
}
