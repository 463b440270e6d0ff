//! A copy of a log beside its server: the database, and what only the journal has.

use std::path::Path;

use room::Snapshot;

use crate::StoreError;
use crate::backup::vacuum_into;
use crate::journal::Written;
use crate::sqlite::error;
use crate::sqlite::folder::{DB, Folder};
use crate::sqlite::writer::Writer;

/// Copies the log of the data folder `from` into the folder `into`, as one file; its rooms.
///
/// # Errors
///
/// [`StoreError`].
pub(crate) fn copy(from: &Path, into: &Path) -> Result<Vec<Snapshot>, StoreError> {
    // First: what moves on meanwhile, the database has when it is read.
    let written = Written::read(from).map_err(|cause| error::io("reading the journal", cause))?;
    vacuum_into(&from.join(DB), &into.join(DB))?;
    let folder = Folder::lock(into)?;
    let mut writer = Writer::open(&folder)?;
    written.replay(writer.head.cast_unsigned(), |frame| writer.append(&frame.events))?;
    let rooms = writer.rooms.snapshots();
    // One file, which can be read where nothing can be written.
    writer.cut_short()?;
    let whole = writer.connection.execute_batch("PRAGMA journal_mode = DELETE");
    whole.map_err(error::failed("closing the copy of the log", into))?;
    drop(writer);
    folder.unlock().map_err(|cause| error::io("closing the copy of the log", cause))?;
    Ok(rooms)
}
