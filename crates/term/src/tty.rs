//! The terminal itself: raw while the client runs, as it was before afterwards.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use crate::limits::COLUMNS_DEFAULT;

/// Pasted text comes between marks, so that a TAB in it completes nothing.
const PASTE_MARKS_ON: &[u8] = b"\x1b[?2004h";
const PASTE_MARKS_OFF: &[u8] = b"\x1b[?2004l";

/// The raw terminal. Dropped, it is as it was before.
#[derive(Debug)]
pub(crate) struct Terminal {
    input: File,
    output: File,
    before: Termios,
    dumb: bool,
}

impl Terminal {
    /// Takes standard input and output, which must be terminals.
    pub(crate) fn open(dumb: bool) -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let before = tcgetattr(&input)?;
        let mut terminal = Self { input, output, before, dumb };
        terminal.set_raw()?;
        Ok(terminal)
    }

    /// Sets it raw, again if another program had it in between.
    pub(crate) fn set_raw(&mut self) -> io::Result<()> {
        let mut raw = self.before.clone();
        raw.make_raw();
        tcsetattr(&self.input, OptionalActions::Drain, &raw)?;
        if !self.dumb {
            self.output.write_all(PASTE_MARKS_ON)?;
        }
        Ok(())
    }

    /// How wide it is.
    pub(crate) fn columns(&self) -> usize {
        match tcgetwinsize(&self.output) {
            Ok(size) if size.ws_col > 0 => size.ws_col.into(),
            _ => COLUMNS_DEFAULT,
        }
    }

    /// Writes all of `text` at once.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(text.as_bytes())
    }

    /// Another handle to read keys from.
    pub(crate) fn keys(&self) -> io::Result<File> {
        self.input.try_clone()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if !self.dumb {
            let _ = self.output.write_all(PASTE_MARKS_OFF);
        }
        let _ = tcsetattr(&self.input, OptionalActions::Drain, &self.before);
    }
}
