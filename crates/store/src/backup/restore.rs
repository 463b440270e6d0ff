//! Going back to a backup: nothing of the data folder is touched before all of the backup is
//! copied, on the disk and looked over.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, chown};
use std::path::{Path, PathBuf};

use room::UnixMs;

use super::copy::{check, private, sum_of};
use super::sums::{BadSums, Sums};
use super::{DATABASES, Database};
use crate::StoreError;
use crate::sqlite::{self, Folder};

/// Where the copies lie in the data folder until they are good.
const STAGE: &str = "restoring";

/// How the names of all files begin that a data folder's log, people and index consist of.
const OLD: [&str; 4] = ["papo.db", "people.db", "search.db", "journal-"];

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where that is which was in the data folder before, if anything was.
    pub before: Option<PathBuf>,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is no backup.
    #[error("{} is not a backup: {cause}", .folder.display())]
    NoBackup {
        /// What was to be one.
        folder: PathBuf,
        /// Why it is none.
        cause: BadSums,
    },
    /// A file is not what it was when the backup was made.
    #[error("{0} is not what it was when the backup was made: its sum is another")]
    Changed(&'static str),
    /// A file is no whole database of ours.
    #[error("{file} is damaged: {what}")]
    Damaged {
        /// Which.
        file: &'static str,
        /// The first thing that SQLite found.
        what: String,
    },
    /// There is something in the data folder, and nobody said that it may be replaced.
    #[error("{} is in use: there is data in it", .0.display())]
    NotEmpty(PathBuf),
    /// The disk; or a server runs on the data folder; or a later version made the backup.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the data folder `data` what the backup in the folder `from` says, from whichever earlier
/// version that is: the next start brings it up to its own. What was there before is replaced only
/// if `replace`, and then it is moved aside within the data folder, not removed.
///
/// # Errors
///
/// [`RestoreError`]: `data` is as it was. Only where the disk fails between the renames at the
/// very end, [`StoreError::Failed`] leaves a part of either; then do it again.
pub fn restore(
    from: &Path,
    data: &Path,
    replace: bool,
    now: UnixMs,
) -> Result<Restored, RestoreError> {
    let names = DATABASES.each_ref().map(|database| database.name);
    let sums = Sums::read(from, &names)
        .map_err(|cause| RestoreError::NoBackup { folder: from.to_owned(), cause })?;
    let folder = Folder::lock(data)?;
    let old = files_of(data).map_err(failed)?;
    if !old.is_empty() && !replace {
        return Err(RestoreError::NotEmpty(data.to_owned()));
    }
    let stage = data.join(STAGE);
    let done = fill(from, &sums, &stage, data).and_then(|()| {
        let before = (!old.is_empty()).then(|| data.join(format!("before-restore-{}", now.0)));
        swap(data, &stage, &old, before.as_deref()).map_err(failed)?;
        folder.sync().map_err(failed)?;
        Ok(Restored { before })
    });
    // Empty, or of no use.
    let _ = fs::remove_dir_all(&stage);
    done
}

/// Copies the backup to where it is looked over.
fn fill(from: &Path, sums: &Sums, stage: &Path, data: &Path) -> Result<(), RestoreError> {
    // Left there by one that was killed.
    let _ = fs::remove_dir_all(stage);
    DirBuilder::new().mode(0o700).create(stage).map_err(failed)?;
    let owner = data.metadata().map_err(failed)?;
    for Database { name, application_id, latest } in &DATABASES {
        let path = stage.join(name);
        let mut copy = private(&path).map_err(failed)?;
        let backup = File::open(from.join(name)).map_err(failed)?;
        let (sum, _) = sum_of(backup, Some(&mut copy)).map_err(failed)?;
        copy.sync_all().map_err(failed)?;
        drop(copy);
        if Some(&sum) != sums.of(name) {
            return Err(RestoreError::Changed(name));
        }
        if let Some(what) = check(&path, *application_id, latest())? {
            return Err(RestoreError::Damaged { file: name, what });
        }
        // Root restores for whom the folder belongs to; nobody else can give a file away.
        let _ = chown(&path, Some(owner.uid()), Some(owner.gid()));
    }
    Ok(())
}

/// Puts the old files aside and the new ones in their place. The log goes last and comes first, so
/// that a start in between finds no log that is not whole.
fn swap(data: &Path, stage: &Path, old: &[PathBuf], before: Option<&Path>) -> io::Result<()> {
    if let Some(before) = before {
        DirBuilder::new().mode(0o700).create(before)?;
        let owner = data.metadata()?;
        let _ = chown(before, Some(owner.uid()), Some(owner.gid()));
        for name in old {
            fs::rename(data.join(name), before.join(name))?;
        }
    }
    for Database { name, .. } in &DATABASES {
        fs::rename(stage.join(name), data.join(name))?;
    }
    Ok(())
}

/// The names of what the data folder holds, the log itself last.
fn files_of(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(data)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        if OLD.iter().any(|start| text.starts_with(start)) {
            names.push(PathBuf::from(name));
        }
    }
    names.sort_by_key(|name| name.as_os_str() == sqlite::DB);
    Ok(names)
}

fn failed(cause: io::Error) -> StoreError {
    sqlite::io_error("restoring the data folder", cause)
}
