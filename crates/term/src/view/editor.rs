//! The input line: keys in, a text and a cursor out.

use std::borrow::Cow;
use std::collections::VecDeque;

use unicode_segmentation::UnicodeSegmentation as _;

use super::command::masked;
use super::keys::Key;
use crate::limits::{HISTORY_LINES_MAX, LINE_BYTES_MAX};

/// The line being typed, and those typed before.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    text: String,
    /// In bytes, always at a character's start.
    cursor: usize,
    killed: String,
    history: VecDeque<String>,
    /// Which line of the history is shown, and what was being typed.
    recalled: Option<(usize, String)>,
}

/// What a key asks for beyond a change of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// The line was typed; it is empty again.
    Submit(String),
    /// Complete the word before the cursor.
    Complete,
    /// Draw the screen anew.
    Clear,
    /// Leave.
    Quit,
    /// The key could do nothing.
    Bell,
}

impl Editor {
    /// An empty line with this history, the last typed at the end.
    pub(crate) fn new(history: impl IntoIterator<Item = String>) -> Self {
        let mut editor = Self::default();
        history.into_iter().for_each(|line| editor.remember(line));
        editor
    }

    /// The text and, in bytes, where the cursor stands in it.
    pub(crate) fn line(&self) -> (&str, usize) {
        (&self.text, self.cursor)
    }

    /// Puts `line` back, if nothing else was typed meanwhile.
    pub(crate) fn give_back(&mut self, line: String) {
        if self.text.is_empty() {
            self.replace(line);
        }
    }

    /// Puts `text` in place of what stands between `start` and the cursor.
    pub(crate) fn complete(&mut self, start: usize, text: &str) {
        self.text.replace_range(start..self.cursor, text);
        self.cursor = start + text.len();
    }

    /// Takes one key.
    pub(crate) fn key(&mut self, key: Key) -> Action {
        match key {
            Key::Char(character) => return self.insert(character),
            Key::Enter => return self.submit(),
            Key::Tab => return Action::Complete,
            Key::Clear => return Action::Clear,
            Key::Interrupt | Key::Eof if self.text.is_empty() => return Action::Quit,
            Key::Interrupt => self.replace(String::new()),
            Key::Delete | Key::Eof => self.kill(self.cursor, self.after_character(), false),
            Key::Backspace => self.kill(self.before_character(), self.cursor, false),
            Key::Left => self.cursor = self.before_character(),
            Key::Right => self.cursor = self.after_character(),
            Key::WordLeft => self.cursor = self.before_word(),
            Key::WordRight => self.cursor = self.after_word(),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.text.len(),
            Key::KillToEnd => self.kill(self.cursor, self.text.len(), true),
            Key::KillToStart => self.kill(0, self.cursor, true),
            Key::KillWord => self.kill(self.before_word(), self.cursor, true),
            Key::Yank => {
                for character in std::mem::take(&mut self.killed).chars().collect::<Vec<_>>() {
                    self.insert(character);
                    self.killed.push(character);
                }
            }
            Key::Up => return self.recall(true),
            Key::Down => return self.recall(false),
        }
        Action::None
    }

    fn insert(&mut self, character: char) -> Action {
        if self.text.len() + character.len_utf8() > LINE_BYTES_MAX {
            return Action::Bell;
        }
        if !room::clean(character.encode_utf8(&mut [0; 4])).is_empty() {
            self.text.insert(self.cursor, character);
            self.cursor += character.len_utf8();
        }
        Action::None
    }

    fn submit(&mut self) -> Action {
        let line = std::mem::take(&mut self.text);
        self.cursor = 0;
        self.recalled = None;
        if line.trim().is_empty() {
            return Action::None;
        }
        if matches!(masked(&line), Cow::Borrowed(_)) {
            self.remember(line.clone());
        }
        Action::Submit(line)
    }

    fn remember(&mut self, line: String) {
        if self.history.back() == Some(&line) {
            return;
        }
        if self.history.len() == HISTORY_LINES_MAX {
            self.history.pop_front();
        }
        self.history.push_back(line);
    }

    fn recall(&mut self, older: bool) -> Action {
        let at = self.recalled.as_ref().map_or(self.history.len(), |(at, _)| *at);
        let next = if older { at.checked_sub(1) } else { Some(at + 1) };
        let Some(next) = next.filter(|&next| next <= self.history.len()) else {
            return Action::Bell;
        };
        let draft = match self.recalled.take() {
            Some((_, draft)) => draft,
            None => self.text.clone(),
        };
        if let Some(line) = self.history.get(next) {
            self.replace(line.clone());
            self.recalled = Some((next, draft));
        } else {
            self.replace(draft);
        }
        Action::None
    }

    fn replace(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
        self.recalled = None;
    }

    fn kill(&mut self, from: usize, to: usize, keep: bool) {
        let killed: String = self.text.drain(from..to).collect();
        self.cursor = from;
        if keep && !killed.is_empty() {
            self.killed = killed;
        }
    }

    fn before_character(&self) -> usize {
        let before = &self.text[..self.cursor];
        before.grapheme_indices(true).next_back().map_or(0, |(index, _)| index)
    }

    fn after_character(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn before_word(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        before
            .rfind(char::is_whitespace)
            .map_or(0, |index| index + before[index..].chars().next().map_or(0, char::len_utf8))
    }

    fn after_word(&self) -> usize {
        let after = &self.text[self.cursor..];
        let word = after.len() - after.trim_start().len();
        let end = after[word..].find(char::is_whitespace).map_or(after.len(), |end| word + end);
        self.cursor + end
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::view::keys::Decoder;

    fn typed(keys: &[u8]) -> (String, usize, Vec<Action>) {
        let mut editor = Editor::new(["um".to_owned(), "dois".to_owned()]);
        let actions = Decoder::default().feed(keys).into_iter().map(|key| editor.key(key));
        let actions = actions.filter(|action| *action != Action::None).collect();
        (editor.text.clone(), editor.cursor, actions)
    }

    #[test]
    fn keys_edit_the_line() {
        for (keys, text, cursor) in [
            (&b"abc\x02\x02X"[..], "aXbc", 2),
            ("é李x\x7f\x7f".as_bytes(), "é", 2),
            ("joa\u{303}o\x02\x7f".as_bytes(), "joo", 2),
            ("👨\u{200d}👩\x7f".as_bytes(), "", 0),
            (b"um dois  \x17", "um ", 3),
            (b"um dois\x01\x0bx\x19", "xum dois", 8),
            (b"um dois\x1b[1;5D\x1b[1;5Dx\x1bfy", "xumy dois", 4),
            (b"ab\x01\x04", "b", 0),
            (b"ab\x03c", "c", 1),
            (b"x\x1b[A", "dois", 4),
            (b"x\x1b[A\x1b[A\x1b[B\x1b[B", "x", 1),
            (b"x\x1b[A!\x1b[B", "x", 1),
        ] {
            let (got, at, _) = typed(keys);
            assert_eq!((got.as_str(), at), (text, cursor), "{:?}", String::from_utf8_lossy(keys));
        }
    }

    #[test]
    fn keys_ask_for_what_the_line_cannot_do() {
        let submit = |line: &str| Action::Submit(line.to_owned());
        for (keys, actions) in [
            (&b"oi\r  \rtchau\r"[..], vec![submit("oi"), submit("tchau")]),
            (b"oi\r--LOGIN a b\r\x1b[A\r", vec![submit("oi"), submit("--LOGIN a b"), submit("oi")]),
            (b"\x03", vec![Action::Quit]),
            (b"a\x03\x04", vec![Action::Quit]),
            (b"\t\x0c", vec![Action::Complete, Action::Clear]),
            (b"\x1b[A\x1b[A\x1b[A", vec![Action::Bell]),
        ] {
            assert_eq!(typed(keys).2, actions, "{:?}", String::from_utf8_lossy(keys));
        }
    }

    proptest! {
        #[test]
        fn no_keys_break_the_line(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let (text, cursor, _) = typed(&bytes);
            prop_assert!(text.is_char_boundary(cursor));
            prop_assert!(text.len() <= LINE_BYTES_MAX);
            prop_assert_eq!(&*room::clean(&text), &text);
        }

        #[test]
        fn the_line_and_its_history_are_bounded(lines in 0_usize..3000) {
            let mut editor = Editor::new((0..lines).map(|line| line.to_string()));
            prop_assert!(editor.history.len() <= HISTORY_LINES_MAX);
            let full = (0..LINE_BYTES_MAX).all(|_| editor.key(Key::Char('a')) == Action::None);
            prop_assert!(full);
            prop_assert_eq!(editor.key(Key::Char('a')), Action::Bell);
        }
    }
}
