//! Agreeing on compression: `Sec-WebSocket-Extensions` (RFC 6455, section 9.1; RFC 7692, 7).

use super::DEFLATE_WINDOW_BITS;

/// Why the header cannot be read: its grammar is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The terms on which messages may be compressed. Neither side keeps its window from one message
/// to the next: that is what makes compressed frames alike for all, and idle connections small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deflate {
    /// The window that the client has for our messages, as a power of two, where it named one.
    server_window_bits: Option<u8>,
}

const WINDOW_BITS_MAX: u8 = 15;

/// What is always answered, whatever of it was asked for.
const NO_TAKEOVER: &str =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

impl Deflate {
    /// Whether the client can read what a [`Deflater`](super::Deflater) makes. If not, its window
    /// is too small, and it gets every message uncompressed, as it may; it may itself compress.
    #[must_use]
    pub fn reads_ours(self) -> bool {
        self.server_window_bits.is_none_or(|bits| bits >= DEFLATE_WINDOW_BITS)
    }

    /// What the answer's `Sec-WebSocket-Extensions` says.
    #[must_use]
    pub fn header(self) -> String {
        match self.server_window_bits {
            Some(bits) => format!("{NO_TAKEOVER}; server_max_window_bits={bits}"),
            None => NO_TAKEOVER.to_owned(),
        }
    }

    /// The terms for an offer's parameters; `None` if it must be declined (RFC 7692, section 7.1).
    fn agreed(parameters: &[Parameter<'_>]) -> Option<Self> {
        let mut server_window_bits = None;
        for (index, &(name, value)) in parameters.iter().enumerate() {
            if parameters[..index].iter().any(|&(before, _)| before == name) {
                return None;
            }
            match (name, value) {
                (
                    "server_no_context_takeover"
                    | "client_no_context_takeover"
                    | "client_max_window_bits",
                    None,
                ) => {}
                // Whatever window the client keeps to, ours is as large as any.
                ("client_max_window_bits", Some(bits)) => _ = window_bits(bits)?,
                ("server_max_window_bits", Some(bits)) => {
                    server_window_bits = Some(window_bits(bits)?);
                }
                _ => return None,
            }
        }
        Some(Self { server_window_bits })
    }
}

/// 8 to 15, without leading zeros (RFC 7692, section 7.1.2).
fn window_bits(value: &str) -> Option<u8> {
    let bits = value.parse().ok().filter(|bits| (8..=WINDOW_BITS_MAX).contains(bits))?;
    (value == bits.to_string()).then_some(bits)
}

/// The terms for the first acceptable offer in the header's lines. `None`: no compression.
pub(super) fn negotiate(lines: &[&str]) -> Result<Option<Deflate>, Malformed> {
    let mut agreed = None;
    for line in lines {
        let mut reader = Reader { rest: line };
        while let Some((name, parameters)) = reader.extension()? {
            if agreed.is_none() && name == "permessage-deflate" {
                agreed = Deflate::agreed(&parameters);
            }
        }
    }
    Ok(agreed)
}

type Parameter<'h> = (&'h str, Option<&'h str>);

/// What is left to read of a line.
struct Reader<'h> {
    rest: &'h str,
}

impl<'h> Reader<'h> {
    /// The next extension with its parameters. `None`: there is no more.
    fn extension(&mut self) -> Result<Option<(&'h str, Vec<Parameter<'h>>)>, Malformed> {
        // Empty elements of a list are passed over (RFC 9110, section 5.6.1).
        while self.eat(',') {}
        if self.rest.is_empty() {
            return Ok(None);
        }
        let name = self.token()?;
        let mut parameters = Vec::new();
        while self.eat(';') {
            let name = self.token()?;
            let value = if self.eat('=') { Some(self.value()?) } else { None };
            parameters.push((name, value));
        }
        if self.rest.is_empty() || self.rest.starts_with(',') {
            Ok(Some((name, parameters)))
        } else {
            Err(Malformed)
        }
    }

    /// A parameter's value. A quoted one must be a token too, once the quotes are off; that leaves
    /// nothing that would have to be escaped.
    fn value(&mut self) -> Result<&'h str, Malformed> {
        let Some(quoted) = self.rest.strip_prefix('"') else { return self.token() };
        self.rest = quoted;
        let value = self.token()?;
        if self.eat('"') { Ok(value) } else { Err(Malformed) }
    }

    fn token(&mut self) -> Result<&'h str, Malformed> {
        let end = self.rest.find(|character| !is_token(character)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start_matches(is_blank);
        if token.is_empty() { Err(Malformed) } else { Ok(token) }
    }

    /// Takes a mark and the blanks around it, if it is what comes next.
    fn eat(&mut self, mark: char) -> bool {
        let Some(rest) = self.rest.trim_start_matches(is_blank).strip_prefix(mark) else {
            self.rest = self.rest.trim_start_matches(is_blank);
            return false;
        };
        self.rest = rest.trim_start_matches(is_blank);
        true
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// RFC 9110, section 5.6.2.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(line: &str) -> Result<Option<String>, Malformed> {
        Ok(negotiate(&[line])?.map(Deflate::header))
    }

    #[test]
    fn what_clients_offer_is_taken() {
        let limited = format!("{NO_TAKEOVER}; server_max_window_bits=12");
        for (offer, expected) in [
            ("permessage-deflate", NO_TAKEOVER),
            // As Chromium, Firefox and Python's `websockets` do, and others may.
            ("permessage-deflate; client_max_window_bits", NO_TAKEOVER),
            ("permessage-deflate; server_max_window_bits=12; client_max_window_bits=12", &limited),
            ("permessage-deflate; server_no_context_takeover; client_max_window_bits", NO_TAKEOVER),
            (
                "permessage-deflate;client_no_context_takeover;client_max_window_bits=\"15\"",
                NO_TAKEOVER,
            ),
            ("x-other; a=1, permessage-deflate", NO_TAKEOVER),
            (" , permessage-deflate\t;\tclient_max_window_bits = 8 ,, ", NO_TAKEOVER),
            ("permessage-deflate; server_max_window_bits=7, permessage-deflate", NO_TAKEOVER),
        ] {
            assert_eq!(answer(offer), Ok(Some(expected.to_owned())), "{offer}");
        }
        assert_eq!(
            negotiate(&["x-other", "permessage-deflate"]).unwrap().unwrap().header(),
            NO_TAKEOVER
        );
    }

    #[test]
    fn a_small_window_gets_nothing_compressed() {
        for (bits, reads_ours) in [(8, false), (11, false), (12, true), (15, true)] {
            let offer = format!("permessage-deflate; server_max_window_bits={bits}");
            assert_eq!(negotiate(&[&offer]).unwrap().unwrap().reads_ours(), reads_ours, "{bits}");
        }
        assert!(negotiate(&["permessage-deflate"]).unwrap().unwrap().reads_ours());
    }

    #[test]
    fn what_no_offer_may_say_is_declined() {
        for offer in [
            "",
            "x-webkit-deflate-frame",
            "Permessage-Deflate",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=010",
            "permessage-deflate; server_max_window_bits=+9",
            "permessage-deflate; client_max_window_bits=300",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits",
            "permessage-deflate; unknown",
        ] {
            assert_eq!(answer(offer), Ok(None), "{offer}");
        }
    }

    #[test]
    fn a_broken_grammar_is_told_apart() {
        for offer in [
            ";",
            "permessage-deflate;",
            "permessage-deflate; =1",
            "permessage-deflate; a=",
            "permessage-deflate; a=\"1",
            "permessage-deflate; a=\"1 2\"",
            "permessage-deflate; a=\"\"",
            "permessage-deflate foo",
            "permessage-deflate; é",
        ] {
            assert_eq!(answer(offer), Err(Malformed), "{offer}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(offer in "[a-z;=,\" \t\u{e9}0-9]*") {
            let _ = answer(&offer);
            let _ = answer(&format!("permessage-deflate; {offer}"));
        }
    }
}
