//! `SHA256SUMS`: what the files of a backup must be.
//!
//! ```text
//! # papo-backup 1
//! # made at 1764115200000 by papo 0.1.0
//! 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  papo.db
//! ```
//!
//! The first line names the format. What else begins with `#` is for people; `sha256sum -c` passes
//! over it. Then a line a file: its sum in hexadecimal, two spaces, its name.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use room::UnixMs;

use super::copy::{Sum, private};

/// The name of the file.
const NAME: &str = "SHA256SUMS";

/// The first line.
const HEAD: &str = "# papo-backup 1";

/// Bytes that are read of it; a longer one is none of ours.
const BYTES_MAX: u64 = 64 * 1024;

/// A folder is no backup that this program knows.
#[derive(Debug, thiserror::Error)]
pub enum BadSums {
    /// It could not be read.
    #[error("{NAME} cannot be read: {0}")]
    Unread(#[from] io::Error),
    /// It does not begin as it should: no backup, or one of a later format.
    #[error("{NAME} does not begin with `{HEAD}`")]
    Head,
    /// A line is no sum and name.
    #[error("{NAME}, line {0}: not a sum and a name")]
    Line(usize),
    /// It names a file that no backup has.
    #[error("{NAME} names {0:?}, which no backup has")]
    Unknown(String),
    /// It does not name a file that every backup has.
    #[error("{NAME} does not name {0}")]
    Missing(&'static str),
}

/// The sums of files, by name.
pub(super) struct Sums {
    text: String,
    sums: Vec<(String, Sum)>,
}

impl Sums {
    pub(super) fn new(program: &str, now: UnixMs) -> Self {
        let text = format!("{HEAD}\n# made at {} by papo {program}\n", now.0);
        Self { text, sums: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &str, sum: Sum) {
        for byte in sum {
            let _ = write!(self.text, "{byte:02x}");
        }
        let _ = writeln!(self.text, "  {name}");
        self.sums.push((name.to_owned(), sum));
    }

    /// Writes the file, durably; how many bytes it has.
    pub(super) fn write(&self, folder: &Path) -> io::Result<u64> {
        let mut file = private(&folder.join(NAME))?;
        file.write_all(self.text.as_bytes())?;
        file.sync_all()?;
        Ok(self.text.len() as u64)
    }

    /// Reads the file in `folder`, which names `names` and nothing else.
    pub(super) fn read(folder: &Path, names: &[&'static str]) -> Result<Self, BadSums> {
        let mut text = String::new();
        std::fs::File::open(folder.join(NAME))?.take(BYTES_MAX).read_to_string(&mut text)?;
        let mut lines = text.lines().enumerate();
        if lines.next().is_none_or(|(_, head)| head != HEAD) {
            return Err(BadSums::Head);
        }
        let mut sums = Vec::new();
        for (index, line) in lines.filter(|(_, line)| !line.starts_with('#')) {
            let (sum, name) = parse(line).ok_or(BadSums::Line(index + 1))?;
            if !names.contains(&name) {
                return Err(BadSums::Unknown(name.to_owned()));
            }
            sums.push((name.to_owned(), sum));
        }
        for name in names {
            if !sums.iter().any(|(named, _)| named == name) {
                return Err(BadSums::Missing(name));
            }
        }
        Ok(Self { text, sums })
    }

    /// The sum of a file.
    pub(super) fn of(&self, name: &str) -> Option<&Sum> {
        self.sums.iter().find(|(named, _)| named == name).map(|(_, sum)| sum)
    }
}

fn parse(line: &str) -> Option<(Sum, &str)> {
    let (hex, name) = line.split_once("  ")?;
    let mut sum = Sum::default();
    if hex.len() != 2 * sum.len() || !hex.is_ascii() {
        return None;
    }
    for (byte, pair) in sum.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some((sum, name))
}
