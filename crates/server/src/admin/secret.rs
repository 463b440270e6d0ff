//! A password from the operator: typed without being shown, or the first line of a pipe.
//!
//! It is read a byte at a time into memory that is wiped: standard input's own buffer would keep
//! it.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::os::fd::AsFd as _;

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::people::password::PASSWORD_BYTES_MAX;

/// Why no line came.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The input ended, or the operator gave up (Ctrl-C, Ctrl-D).
    #[error("no password was given")]
    None,
    /// More bytes than any password has.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    Long,
    /// It is not text.
    #[error("not UTF-8")]
    NotUtf8,
    /// The terminal or the pipe does not work.
    #[error("the password cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Standard input while passwords are read from it. Dropped, a terminal is as it was before.
pub(super) struct Asking {
    input: File,
    /// `None` where nobody is asked: a pipe. From before the first prompt to after the last
    /// answer, so that nothing typed ahead is shown either.
    silent: Option<Silent>,
}

impl Asking {
    pub(super) fn start() -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let silent = input.is_terminal().then(|| Silent::new(input.try_clone()?)).transpose()?;
        Ok(Self { input, silent })
    }

    /// Whether somebody is there to be asked twice.
    pub(super) fn is_asked(&self) -> bool {
        self.silent.is_some()
    }

    /// The next line, without its line end. On a terminal `prompt` is shown and what is typed is
    /// not.
    pub(super) fn next(&mut self, prompt: &str) -> Result<Zeroizing<String>, ReadError> {
        if !self.is_asked() {
            return line(&mut self.input, End::Pipe);
        }
        let mut output = io::stderr();
        write!(output, "{prompt} ")?;
        output.flush()?;
        let line = line(&mut self.input, End::Keys);
        writeln!(output)?;
        line
    }
}

/// The terminal while nothing is echoed. Signals are off too, or a Ctrl-C would leave it so.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    fn new(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Drain, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Drain, &self.before);
    }
}

/// Where the bytes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Pipe,
    /// Some keys edit.
    Keys,
}

fn line(input: &mut File, end: End) -> Result<Zeroizing<String>, ReadError> {
    // Never moved to a larger place, which would leave a copy behind.
    let mut line = Zeroizing::new(Vec::with_capacity(PASSWORD_BYTES_MAX + 1));
    let mut byte = Zeroizing::new([0]);
    loop {
        if input.read(&mut *byte)? == 0 {
            if line.is_empty() {
                return Err(ReadError::None);
            }
            break;
        }
        match (byte[0], end) {
            (b'\n', _) | (b'\r', End::Keys) => break,
            // Backspace, DEL: the last character, whole.
            (0x08 | 0x7f, End::Keys) => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            // Ctrl-U.
            (0x15, End::Keys) => line.clear(),
            // Ctrl-C, and Ctrl-D where nothing was typed.
            (0x03, End::Keys) => return Err(ReadError::None),
            (0x04, End::Keys) if line.is_empty() => return Err(ReadError::None),
            // One more than a password may have, for the CR of a CR LF.
            (_, _) if line.len() > PASSWORD_BYTES_MAX => return Err(ReadError::Long),
            (byte, _) => line.push(byte),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    let text = std::str::from_utf8(&line).map_err(|_| ReadError::NotUtf8)?;
    Ok(Zeroizing::new(text.to_owned()))
}
