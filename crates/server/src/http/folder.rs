//! The folder of pages on the disk: opens what is beneath it, and nothing else.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt as _, OpenOptions, OpenOptionsExt as _};
use tokio::sync::Semaphore;

use super::conditional::Validators;
use super::limits::DISK_READS_MAX;

/// A file that changed less than this ago may change again without its time telling so: clocks of
/// file systems step by up to two seconds.
const UNSETTLED: Duration = Duration::from_secs(2);

/// Where pages are taken from.
///
/// The folder is opened anew each time, so that an operator may swap the whole of it.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
    disk: Disk,
}

/// What a path led to.
#[derive(Debug)]
pub(super) enum Found {
    /// A regular file.
    File(Opened),
    /// A folder.
    Folder,
    /// Nothing that may be served.
    Nothing,
}

/// A regular file as it was when it was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    /// In bytes.
    pub(super) length: u64,
    pub(super) validators: Validators,
    pub(super) disk: Disk,
}

impl Folder {
    /// Opens the folder once to see that it is one.
    ///
    /// # Errors
    ///
    /// Those of opening it.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        Dir::open_ambient_dir(&path, ambient_authority())?;
        Ok(Self { path, disk: Disk::new() })
    }

    /// Opens `path`, which is relative to the folder, without following a link out of it.
    ///
    /// # Errors
    ///
    /// Those that are the server's trouble, not the path's.
    pub(super) async fn open(&self, path: PathBuf) -> io::Result<Found> {
        let (folder, disk) = (self.path.clone(), self.disk.clone());
        self.disk.run(move || open(&folder, &path, disk)).await
    }
}

/// The threads that may wait for the disk.
#[derive(Debug, Clone)]
pub(super) struct Disk(Arc<Semaphore>);

impl Disk {
    fn new() -> Self {
        Self(Arc::new(Semaphore::new(DISK_READS_MAX)))
    }

    /// Does `work` on such a thread, when one is free.
    ///
    /// # Errors
    ///
    /// Those of `work`, and one for its panic.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(io::Error::other)?;
        let task = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even if nobody waits for it any more.
            let _permit = permit;
            work()
        });
        task.await.map_err(io::Error::other)?
    }
}

fn open(folder: &Path, path: &Path, disk: Disk) -> io::Result<Found> {
    match open_beneath(folder, path) {
        Ok((_, metadata)) if metadata.is_dir() => Ok(Found::Folder),
        Ok((Some(file), metadata)) if metadata.is_file() => {
            let validators = validators(&metadata, SystemTime::now());
            Ok(Found::File(Opened { file, length: metadata.len(), validators, disk }))
        }
        Ok(_) => Ok(Found::Nothing),
        Err(error) if is_about_the_path(&error) => {
            tracing::debug!(path = %path.display(), %error, "no page");
            Ok(Found::Nothing)
        }
        Err(error) => Err(error),
    }
}

fn open_beneath(folder: &Path, path: &Path) -> io::Result<(Option<File>, Metadata)> {
    let folder = Dir::open_ambient_dir(folder, ambient_authority())?;
    // Asked first, because opening a device can do something.
    let metadata = folder.metadata(path)?;
    if !metadata.is_file() {
        return Ok((None, metadata));
    }
    // Without waiting: it may have become a pipe since.
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = folder.open_with(path, OpenOptions::new().read(true).custom_flags(nonblock))?;
    let metadata = file.metadata()?;
    Ok((Some(file.into_std()), metadata))
}

/// Whether the path is at fault: it leads nowhere, out of the folder, or to what only others may
/// read. They all look the same from outside.
fn is_about_the_path(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};
    let too_many_links = rustix::io::Errno::LOOP.raw_os_error();
    matches!(
        error.kind(),
        NotFound | PermissionDenied | NotADirectory | InvalidFilename | InvalidInput
    ) || error.raw_os_error() == Some(too_many_links)
}

fn validators(metadata: &Metadata, now: SystemTime) -> Validators {
    let modified = metadata.modified().map(cap_std::time::SystemTime::into_std).ok();
    let settled = modified.and_then(|modified| now.duration_since(modified).ok());
    let is_settled = settled.is_some_and(|since| since > UNSETTLED);
    let etag = format!(
        "{}\"{:x}-{:x}.{:x}-{:x}\"",
        if is_settled { "" } else { "W/" },
        metadata.len(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ino(),
    );
    // What changes in the future changed now at the latest (RFC 9110, section 8.8.2.1).
    Validators { etag, modified: modified.map(|modified| modified.min(now)) }
}

#[cfg(test)]
#[path = "folder/tests.rs"]
mod tests;
