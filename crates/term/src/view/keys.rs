//! Which keys a terminal's bytes are.

/// Bytes of an escape sequence or a character that is not yet whole; longer ones are no keys.
const PENDING_BYTES_MAX: usize = 32;

/// A key, by what it does to the input line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    KillToEnd,
    KillToStart,
    KillWord,
    Yank,
    /// Ctrl-L: draw the screen anew.
    Clear,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    Eof,
}

/// Cuts bytes into keys, wherever the reads cut them.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pending: Vec<u8>,
    pasting: bool,
}

/// What the front of the pending bytes is.
enum Step {
    /// So many bytes, and the key they are, if any.
    Key(usize, Option<Key>),
    Unfinished,
}

impl Decoder {
    /// Takes bytes as they were read; says which keys are whole.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Key> {
        let mut keys = Vec::new();
        for &byte in bytes {
            self.pending.push(byte);
            match self.step() {
                Step::Key(used, key) => {
                    self.pending.drain(..used);
                    keys.extend(key);
                }
                Step::Unfinished if self.pending.len() >= PENDING_BYTES_MAX => self.pending.clear(),
                Step::Unfinished => {}
            }
        }
        keys
    }

    fn step(&mut self) -> Step {
        match self.pending[0] {
            0x1b => self.escape(),
            b'\t' if self.pasting => Step::Key(1, Some(Key::Char('\t'))),
            byte @ (..0x20 | 0x7f) => Step::Key(1, control(byte)),
            _ => match std::str::from_utf8(&self.pending) {
                Ok(text) => Step::Key(self.pending.len(), text.chars().next().map(Key::Char)),
                Err(error) if error.error_len().is_some() => Step::Key(self.pending.len(), None),
                Err(_) => Step::Unfinished,
            },
        }
    }

    fn escape(&mut self) -> Step {
        match self.pending[1..] {
            [b'O', last] => Step::Key(3, cursor_key(last)),
            [b'[', .., last @ 0x40..=0x7e] => {
                let key = self.control_sequence(last);
                Step::Key(self.pending.len(), key)
            }
            [] | [b'O'] | [b'[', ..] => Step::Unfinished,
            [byte, ..] => Step::Key(
                2,
                match byte {
                    b'b' => Some(Key::WordLeft),
                    b'f' => Some(Key::WordRight),
                    0x08 | 0x7f => Some(Key::KillWord),
                    _ => None,
                },
            ),
        }
    }

    fn control_sequence(&mut self, last: u8) -> Option<Key> {
        match &self.pending[2..self.pending.len() - 1] {
            b"" => cursor_key(last),
            b"1;5" | b"1;3" if last == b'C' => Some(Key::WordRight),
            b"1;5" | b"1;3" if last == b'D' => Some(Key::WordLeft),
            number if last == b'~' => match number {
                b"1" | b"7" => Some(Key::Home),
                b"3" => Some(Key::Delete),
                b"4" | b"8" => Some(Key::End),
                b"200" | b"201" => {
                    self.pasting = number == b"200";
                    None
                }
                _ => None,
            },
            _ => None,
        }
    }
}

fn cursor_key(last: u8) -> Option<Key> {
    Some(match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'F' => Key::End,
        b'H' => Key::Home,
        _ => return None,
    })
}

/// The Emacs keys of every line editor; Ctrl and a letter is the letter's number.
fn control(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x08 | 0x7f => Key::Backspace,
        1 => Key::Home,
        2 => Key::Left,
        3 => Key::Interrupt,
        4 => Key::Eof,
        5 => Key::End,
        6 => Key::Right,
        11 => Key::KillToEnd,
        12 => Key::Clear,
        14 => Key::Down,
        16 => Key::Up,
        21 => Key::KillToStart,
        23 => Key::KillWord,
        25 => Key::Yank,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_are_the_keys_that_terminals_send() {
        use Key as K;
        for (bytes, keys) in [
            (&b"a\r"[..], &[K::Char('a'), K::Enter][..]),
            ("é李".as_bytes(), &[K::Char('é'), K::Char('李')]),
            (b"\x1b[A\x1bOB\x1b[1;5C\x1b[3~", &[K::Up, K::Down, K::WordRight, K::Delete]),
            (b"\x1b[99;99zx", &[K::Char('x')]),
            (b"\x1bb\x1bq", &[K::WordLeft]),
            (
                b"\t\x1b[200~a\tb\n\x1b[201~\t",
                &[K::Tab, K::Char('a'), K::Char('\t'), K::Char('b'), K::Enter, K::Tab],
            ),
            (b"\xff\xc3(", &[]),
            (b"\x7f\x03\x04\x1a", &[K::Backspace, K::Interrupt, K::Eof]),
        ] {
            assert_eq!(Decoder::default().feed(bytes), keys, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn where_the_reads_cut_does_not_matter(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let whole = Decoder::default().feed(&bytes);
            let mut decoder = Decoder::default();
            let cut: Vec<Key> = bytes.iter().flat_map(|byte| decoder.feed(&[*byte])).collect();
            prop_assert_eq!(whole, cut);
            prop_assert!(decoder.pending.len() < PENDING_BYTES_MAX);
        }
    }
}
