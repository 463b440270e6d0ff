//! The file in which typed lines outlive the client.
//!
//! One line a line, the last at the end, readable by its owner alone. A history that cannot be
//! read or written is an empty one: it is never worth a complaint in the middle of a conversation.

use std::borrow::Cow;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::limits::{HISTORY_LINES_MAX, LINE_BYTES_MAX};
use crate::view::command::masked;

/// Bytes read of a file that grew beyond every bound.
const FILE_BYTES_MAX: u64 = (2 * HISTORY_LINES_MAX * LINE_BYTES_MAX) as u64;

/// The history's file, open to be appended to.
#[derive(Debug, Default)]
pub(crate) struct HistoryFile(Option<File>);

impl HistoryFile {
    /// Reads the history at `path`, shortens its file if that is twice as long as it should be,
    /// and opens it.
    pub(crate) fn open(path: Option<&Path>) -> (Self, Vec<String>) {
        path.and_then(|path| open(path).ok()).unwrap_or_default()
    }

    /// Adds a line. One that begins with a space is not kept, as in a shell, nor one with a
    /// password or a token in it.
    pub(crate) fn add(&mut self, line: &str) {
        if let Some(file) = &mut self.0
            && !line.starts_with(' ')
            && matches!(masked(line), Cow::Borrowed(_))
        {
            // One write, so that two clients never mix their lines.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}

fn open(path: &Path) -> io::Result<(HistoryFile, Vec<String>)> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600);
    let mut file = options.open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    let mut bytes = Vec::new();
    (&mut file).take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let kept = lines[lines.len().saturating_sub(HISTORY_LINES_MAX)..].iter();
    let kept: Vec<String> = kept.map(|line| room::clean(line).into_owned()).collect();
    if lines.len() > 2 * HISTORY_LINES_MAX {
        let shorter = temporary(path);
        let mut new =
            OpenOptions::new().append(true).create_new(true).mode(0o600).open(&shorter)?;
        new.write_all(kept.iter().flat_map(|line| [line, "\n"]).collect::<String>().as_bytes())?;
        fs::rename(&shorter, path)?;
        file = new;
    }
    Ok((HistoryFile(Some(file)), kept))
}

fn temporary(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.new", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_kept_private_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/papo/history");
        let (mut file, lines) = HistoryFile::open(Some(&path));
        assert!(lines.is_empty());
        for number in 0..=2 * HISTORY_LINES_MAX {
            file.add(&number.to_string());
        }
        file.add(" segredo");
        file.add("--LOGIN ana segredo");
        file.add("--register segredo");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777,
            0o700
        );
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let (mut file, lines) = HistoryFile::open(Some(&path));
        assert_eq!(lines.len(), HISTORY_LINES_MAX);
        assert_eq!(lines.last().unwrap(), "2000");
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), HISTORY_LINES_MAX);
        file.add("depois");
        let (_, lines) = HistoryFile::open(Some(&path));
        assert_eq!(lines.last().unwrap(), "depois");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_history_that_cannot_be_kept_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        for path in [None, Some(folder.path())] {
            let (mut file, lines) = HistoryFile::open(path);
            assert!(lines.is_empty());
            file.add("oi");
        }
    }
}
