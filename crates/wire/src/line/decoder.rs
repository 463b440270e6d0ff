//! Cuts a connection's bytes into lines, and takes telnet's commands out of them (RFC 854).

use std::borrow::Cow;

use memchr::memchr2;

use super::LINE_BYTES_MAX;

/// What came out of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Item<'i> {
    /// A line without its end.
    Line(Cow<'i, str>),
    /// A line of more than [`LINE_BYTES_MAX`] bytes began; what is left of it will be dropped.
    TooLong,
    /// A line was dropped because it is not UTF-8.
    NotUtf8,
    /// To be written back to the client: the refusal of a telnet option.
    Reply([u8; 3]),
    /// The client's user interrupted (telnet IP), or its input ended (telnet EOF).
    Interrupt,
}

/// One connection's decoder. Holds memory only while a line is unfinished.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The unfinished line, telnet's commands taken out.
    partial: Vec<u8>,
    telnet: Telnet,
    /// The rest of a line that was too long is being dropped.
    dropping: bool,
    lf_seen: bool,
}

/// Where in a telnet command the bytes stand.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Telnet {
    #[default]
    Data,
    /// After IAC.
    Command,
    /// After IAC and WILL, WONT, DO or DONT.
    Option(u8),
    /// Inside a subnegotiation.
    Sub,
    /// Inside a subnegotiation, after IAC.
    SubCommand,
}

const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
const SB: u8 = 250;
const IP: u8 = 244;
const SE: u8 = 240;
/// End of file (RFC 1184, section 2.5).
const EOF: u8 = 236;

/// A line, before its end is known, may have a CR more.
const PARTIAL_BYTES_MAX: usize = LINE_BYTES_MAX + 1;

impl Decoder {
    /// Takes the next item off the front of `input`. `None`: all of it was consumed.
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Option<Item<'i>> {
        loop {
            if self.telnet != Telnet::Data {
                let (&byte, rest) = input.split_first()?;
                *input = rest;
                if let Some(item) = self.telnet_byte(byte) {
                    return Some(item);
                }
                continue;
            }
            if input.is_empty() {
                return None;
            }
            let stop = memchr2(b'\n', IAC, input);
            let (data, rest) = input.split_at(stop.unwrap_or(input.len()));
            *input = rest.get(1..).unwrap_or_default();
            let ends_line = rest.first() == Some(&b'\n');
            if ends_line && self.partial.is_empty() && !self.dropping {
                self.lf_seen = true;
                return Some(line(Cow::Borrowed(data)));
            }
            self.telnet = if rest.first() == Some(&IAC) { Telnet::Command } else { Telnet::Data };
            if self.hold(data) {
                self.lf_seen |= ends_line;
                self.dropping = !ends_line;
                return Some(Item::TooLong);
            }
            if ends_line {
                self.lf_seen = true;
                if !std::mem::take(&mut self.dropping) {
                    return Some(line(Cow::Owned(std::mem::take(&mut self.partial))));
                }
            }
        }
    }

    /// Ends the unfinished line, because the client has fallen silent or its input has ended.
    pub fn finish(&mut self) -> Option<Item<'static>> {
        self.dropping = false;
        let partial = std::mem::take(&mut self.partial);
        (!partial.is_empty()).then(|| line(Cow::Owned(partial)))
    }

    /// Whether silence ends a line: something is held, and the client has never sent an LF.
    #[must_use]
    pub fn silence_ends_line(&self) -> bool {
        !self.lf_seen && (self.dropping || !self.partial.is_empty())
    }

    /// Adds to the unfinished line; whether it is too long now, and what was held is gone.
    fn hold(&mut self, data: &[u8]) -> bool {
        if self.dropping {
            return false;
        }
        if self.partial.len() + data.len() > PARTIAL_BYTES_MAX {
            self.partial = Vec::new();
            return true;
        }
        self.partial.extend_from_slice(data);
        false
    }

    fn telnet_byte(&mut self, byte: u8) -> Option<Item<'static>> {
        self.telnet = match (self.telnet, byte) {
            (Telnet::Command, IAC) => {
                self.telnet = Telnet::Data;
                return if self.hold(&[IAC]) {
                    self.dropping = true;
                    Some(Item::TooLong)
                } else {
                    None
                };
            }
            (Telnet::Command, IP | EOF) => {
                self.telnet = Telnet::Data;
                return Some(Item::Interrupt);
            }
            (Telnet::Command, WILL | WONT | DO | DONT) => Telnet::Option(byte),
            (Telnet::Command, SB) | (Telnet::SubCommand, IAC) => Telnet::Sub,
            (Telnet::Option(asked), option) => {
                self.telnet = Telnet::Data;
                return match asked {
                    WILL => Some(Item::Reply([IAC, DONT, option])),
                    DO => Some(Item::Reply([IAC, WONT, option])),
                    _ => None,
                };
            }
            (Telnet::Sub, IAC) => Telnet::SubCommand,
            (Telnet::SubCommand, SE) | (Telnet::Command | Telnet::Data, _) => Telnet::Data,
            (Telnet::Sub | Telnet::SubCommand, _) => Telnet::Sub,
        };
        None
    }
}

fn line(bytes: Cow<'_, [u8]>) -> Item<'_> {
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.strip_suffix(b"\r").unwrap_or(bytes)),
        Cow::Owned(mut bytes) => {
            bytes.pop_if(|last| *last == b'\r');
            Cow::Owned(bytes)
        }
    };
    if bytes.len() > LINE_BYTES_MAX {
        return Item::TooLong;
    }
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
    };
    text.map_or(Item::NotUtf8, Item::Line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All items of `input` cut into `pieces`, as text; the end of input is the end of a line.
    fn decode(pieces: &[&[u8]]) -> Vec<String> {
        let (mut decoder, mut items) = (Decoder::default(), Vec::new());
        for piece in pieces {
            let mut input = *piece;
            while let Some(item) = decoder.next(&mut input) {
                items.push(show(&item));
            }
            assert!(input.is_empty());
        }
        items.extend(decoder.finish().as_ref().map(show));
        items
    }

    fn show(item: &Item<'_>) -> String {
        match item {
            Item::Line(line) => format!("{line:.20}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn lines_end_with_lf_and_a_cr_before_it_is_dropped() {
        assert_eq!(
            decode(&[b"um\ndois\r\n\n\r\ntr\res\r\r\n"]),
            ["um", "dois", "", "", "tr\res\r"]
        );
    }

    #[test]
    fn one_line_over_many_segments_is_one_line() {
        assert_eq!(
            decode(&["ol\u{e1}".as_bytes().split_at(3).0, b"\xa1 bia\ntch", b"au"]),
            ["olá bia", "tchau"]
        );
    }

    #[test]
    fn telnet_commands_are_taken_out() {
        assert_eq!(
            decode(&[b"a\xff\xfb\x01b\xff\xfd\x03\xff\xfc\x05\xff\xfe\x06\xff\xf1c\n"]),
            ["Reply([255, 254, 1])", "Reply([255, 252, 3])", "abc"]
        );
        assert_eq!(decode(&[b"a\xff\xfa\x18\x00x\xff\xff\n\xff\xf0b\n"]), ["ab"]);
        assert_eq!(decode(&[b"\xff\xf4"]), ["Interrupt"]);
        assert_eq!(decode(&[b"\xff\xec"]), ["Interrupt"]);
        assert_eq!(decode(&[b"a\xff\xffb\nc\n"]), ["NotUtf8", "c"]);
    }

    #[test]
    fn the_limit_holds_on_both_sides() {
        let longest = "a".repeat(LINE_BYTES_MAX);
        for end in ["\n", "\r\n"] {
            let input = format!("{longest}{end}b\n");
            assert_eq!(decode(&[input.as_bytes()]), ["a".repeat(20).as_str(), "b"]);
            let input = format!("{longest}a{end}b\n");
            assert_eq!(decode(&[input.as_bytes()]), ["TooLong", "b"]);
            let input = format!("{longest}{longest}{longest}{end}b\n");
            assert_eq!(decode(&[input.as_bytes()]), ["TooLong", "b"]);
        }
    }

    #[test]
    fn silence_ends_a_line_until_the_first_lf() {
        let mut decoder = Decoder::default();
        assert!(!decoder.silence_ends_line());
        assert_eq!(decoder.next(&mut &b"oi"[..]), None);
        assert!(decoder.silence_ends_line());
        assert_eq!(decoder.finish(), Some(Item::Line("oi".into())));
        assert_eq!(decoder.next(&mut &b"a\nb"[..]), Some(Item::Line("a".into())));
        assert_eq!(decoder.next(&mut &b"b"[..]), None);
        assert!(!decoder.silence_ends_line());
    }

    proptest! {
        #[test]
        fn cutting_changes_nothing(
            input in proptest::collection::vec(prop_oneof![
                Just(b'\n'), Just(b'\r'), Just(IAC), 240u8..=255, Just(b'a'), any::<u8>()], 0..200),
            cuts in proptest::collection::vec(0usize..200, 0..8),
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(input.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([input.len()]) {
                pieces.push(&input[from..cut]);
                from = cut;
            }
            prop_assert_eq!(decode(&pieces), decode(&[&input]));
        }

        #[test]
        fn what_is_held_is_bounded(
            piece in proptest::collection::vec(any::<u8>(), 0..3000),
            times in 1..20,
        ) {
            let mut decoder = Decoder::default();
            for _ in 0..times {
                let mut input = &piece[..];
                while decoder.next(&mut input).is_some() {}
                prop_assert!(decoder.partial.len() <= PARTIAL_BYTES_MAX);
            }
        }
    }
}
