//! The journal: where an append goes first.
//!
//! An append is one `write` of its frame to the end of a file, and a flush is one `fdatasync` of
//! that file: the least that keeping something can cost. The events move on into the database
//! behind that, many at a time; once the database has them on the disk, their part of the journal
//! is written over.
//!
//! Two files, used in turns. Each begins with a header that names its generation, the number of
//! the turn; frames follow. What is read back after a crash are the frames of the older generation
//! and then those of the newer, up to the first that is not whole or does not follow: all that was
//! flushed comes before it. After a deletion, what the database has is filled with zeros. A file is
//! never shortened, and grows by pieces that are written with
//! zeros, so that a flush hardly ever has to change its length on the disk too.

pub mod frame;

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use room::Event;

use crate::StoreError;
use crate::journal::frame::{Frame, decode, encode};

/// Bytes of a file from which on the other one is taken, once what it holds is in the database.
pub(crate) const TURN_BYTES: u64 = 1024 * 1024;

/// Bytes of a file at most. It grows past [`TURN_BYTES`] only while the database cannot take what
/// was appended; here an append finds the disk full.
pub(crate) const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Bytes by which a file grows.
const PIECE_BYTES: usize = 256 * 1024;

/// Where the frames begin: the header has a sector of its own, as small as they come.
const HEADER_BYTES: u64 = 512;

/// `papojnl` and the version of the format.
const MAGIC: [u8; 8] = *b"papojnl\x01";

/// The files of a journal in its folder.
pub(crate) const NAMES: [&str; 2] = ["journal-0", "journal-1"];

const _: () = assert!(TURN_BYTES < FILE_BYTES_MAX);

/// The two files and where their ends are.
pub(crate) struct Journal {
    files: [File; 2],
    state: Mutex<State>,
}

struct State {
    /// The file that is written to.
    turn: usize,
    generation: u64,
    /// Where the next frame goes.
    end: u64,
    /// The other file is taken as soon as it is free, long before this one is full.
    turns_soon: bool,
    /// Bytes that each file has on the disk.
    sizes: [u64; 2],
    /// The last event in each file.
    lasts: [u64; 2],
    /// The last event that the database has on the disk.
    hardened: u64,
    /// Which file was written to since it was last synced.
    dirty: [bool; 2],
    /// A sync failed: the kernel may hold pages for written that are not, and tells of it once.
    is_broken: bool,
    scratch: Vec<u8>,
}

impl Journal {
    /// Opens the files in `folder`, making them if need be, and reads back what follows event
    /// `after`, frame by frame.
    ///
    /// # Errors
    ///
    /// [`StoreError::Failed`], and those of `take`.
    pub(crate) fn open(
        folder: &Path,
        after: u64,
        take: impl FnMut(Frame) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let failed = |cause| StoreError::failed("opening the journal", cause);
        let open = |name| {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false).mode(0o600);
            options.open(folder.join(name)).map_err(failed)
        };
        let files = [open(NAMES[0])?, open(NAMES[1])?];
        let written =
            Written([whole(&files[0]).map_err(failed)?, whole(&files[1]).map_err(failed)?]);
        let last = written.replay(after, take)?;
        let (older, generation) = (written.older(), written.generation());
        let sizes = written.0.each_ref().map(|bytes| bytes.len() as u64);
        let state = State {
            // So the next append begins with a turn, in a generation that no frame is of yet.
            turn: older,
            generation,
            end: FILE_BYTES_MAX,
            turns_soon: false,
            sizes,
            lasts: [last; 2],
            hardened: 0,
            dirty: [false; 2],
            is_broken: false,
            scratch: Vec::new(),
        };
        Ok(Self { files, state: Mutex::new(state) })
    }

    /// Writes events, the first of which is event `first` of the log, all or none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`]: an event is not of the kept kind. Otherwise the system's;
    /// [`ErrorKind::StorageFull`] also where the journal is as long as it may be.
    pub(crate) fn append(&self, first: u64, events: &[Event]) -> Result<(), Error> {
        let mut state = self.lock();
        let state = &mut *state;
        if state.end >= TURN_BYTES || state.turns_soon {
            self.take_turn(state)?;
        }
        state.scratch.clear();
        encode(state.generation, first, events, &mut state.scratch)
            .ok_or(ErrorKind::InvalidInput)?;
        let file = &self.files[state.turn];
        let end = state.end + state.scratch.len() as u64;
        if end > FILE_BYTES_MAX {
            return Err(ErrorKind::StorageFull.into());
        }
        if end > state.sizes[state.turn] {
            state.sizes[state.turn] = grow(file, state.sizes[state.turn], end)?;
        }
        // Set first: what a failed write left behind is synced too, which does no harm.
        state.dirty[state.turn] = true;
        file.write_all_at(&state.scratch, state.end)?;
        state.end = end;
        state.lasts[state.turn] = first + events.len() as u64 - 1;
        Ok(())
    }

    /// Goes on at the beginning of the other file, if nothing in it is needed any more.
    fn take_turn(&self, state: &mut State) -> Result<(), Error> {
        let other = 1 - state.turn;
        if state.lasts[other] > state.hardened {
            return Ok(());
        }
        let file = &self.files[other];
        if state.sizes[other] == 0 {
            state.sizes[other] = grow(file, 0, HEADER_BYTES)?;
        }
        file.write_all_at(&header(state.generation + 1), 0)?;
        state.dirty[other] = true;
        state.turn = other;
        state.generation += 1;
        state.end = HEADER_BYTES;
        state.turns_soon = false;
        Ok(())
    }

    /// Makes durable all that was appended before the call.
    ///
    /// # Errors
    ///
    /// The system's: nothing of it may be taken for durable. The next call writes all of it once
    /// more before it tries again, and appends wait meanwhile.
    pub(crate) fn flush(&self) -> Result<(), Error> {
        let mut state = self.lock();
        if state.is_broken {
            for (file, size) in self.files.iter().zip(state.sizes) {
                rewrite(file, size)?;
                sync(file)?;
            }
            tracing::warn!("the disk takes writes again; the journal is whole");
            (state.dirty, state.is_broken) = ([false; 2], false);
            return Ok(());
        }
        let dirty = std::mem::take(&mut state.dirty);
        drop(state);
        for (file, is_dirty) in self.files.iter().zip(dirty) {
            if is_dirty && let Err(cause) = sync(file) {
                self.lock().is_broken = true;
                return Err(cause);
            }
        }
        Ok(())
    }

    /// Whether the other file will soon be needed, and is not free yet.
    pub(crate) fn wants_turn(&self) -> bool {
        let state = self.lock();
        state.end >= TURN_BYTES / 2 && state.lasts[1 - state.turn] > state.hardened
    }

    /// The database has all events up to `last` on the disk. Nothing is written over before that
    /// is said: what was read back at the opening is only as durable as it was.
    pub(crate) fn hardened(&self, last: u64) {
        let mut state = self.lock();
        state.hardened = state.hardened.max(last);
    }

    /// Fills with zeros what the database has on the disk; whether that was all. If not, it goes on
    /// in the other file, so that the next call finds this one free.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(crate) fn scrub(&self) -> Result<bool, Error> {
        let mut state = self.lock();
        let state = &mut *state;
        let mut is_all = true;
        for (place, file) in self.files.iter().enumerate() {
            if state.lasts[place] > state.hardened {
                is_all = false;
                state.turns_soon = true;
                continue;
            }
            state.dirty[place] = true;
            clear(file, state.sizes[place])?;
            if place == state.turn {
                // The other one is older, so it is free too: the next append takes it.
                state.end = FILE_BYTES_MAX;
            }
        }
        Ok(is_all)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change is one step, and a write that broke off is written over.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the files of a journal held at some moment.
///
/// Read beside the process that writes it, and before its database is looked at, this has with the
/// database all that was appended before: what is written over while it is read, the database had
/// on the disk already, and a frame of which only a part is read was not appended yet.
pub(crate) struct Written([Vec<u8>; 2]);

impl Written {
    /// Reads the files in `folder`; one that is not there is empty.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let read = |name| match File::open(folder.join(name)) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            file => whole(&file?),
        };
        Ok(Self([read(NAMES[0])?, read(NAMES[1])?]))
    }

    /// Gives `take` what follows event `after`, frame by frame; the last event then.
    ///
    /// # Errors
    ///
    /// Those of `take`.
    pub(crate) fn replay(
        &self,
        after: u64,
        mut take: impl FnMut(Frame) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let mut last = after;
        for place in [self.older(), 1 - self.older()] {
            let Some(generation) = generation(&self.0[place]) else { continue };
            last = replay(&self.0[place], generation, last, &mut take)?;
        }
        Ok(last)
    }

    /// The file whose turn came first.
    fn older(&self) -> usize {
        usize::from(generation(&self.0[1]) < generation(&self.0[0]))
    }

    fn generation(&self) -> u64 {
        self.0.iter().filter_map(|bytes| generation(bytes)).max().unwrap_or(0)
    }
}

/// Gives `take` the frames that follow event `last`; the last event then.
fn replay(
    bytes: &[u8],
    generation: u64,
    mut last: u64,
    take: &mut impl FnMut(Frame) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut rest = bytes.get(usize::try_from(HEADER_BYTES).unwrap_or(0)..).unwrap_or_default();
    while let Some((mut frame, used)) = decode(rest, generation) {
        rest = &rest[used..];
        let Some(gap) = frame.first.checked_sub(last + 1) else {
            // The database has the beginning of it, or all.
            let known = usize::try_from(last + 1 - frame.first).unwrap_or(usize::MAX);
            frame.events.drain(..known.min(frame.events.len()));
            frame.first = last + 1;
            if !frame.events.is_empty() {
                last += frame.events.len() as u64;
                take(frame)?;
            }
            continue;
        };
        if gap > 0 {
            break;
        }
        last += frame.events.len() as u64;
        take(frame)?;
    }
    Ok(last)
}

/// All that a file holds; it has [`FILE_BYTES_MAX`] at most.
fn whole(file: &File) -> Result<Vec<u8>, Error> {
    let size = file.metadata()?.len().min(FILE_BYTES_MAX);
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

fn header(generation: u64) -> [u8; 20] {
    let mut header = [0; 20];
    header[..8].copy_from_slice(&MAGIC);
    header[8..16].copy_from_slice(&generation.to_le_bytes());
    let crc = crc32fast::hash(&header[..16]);
    header[16..].copy_from_slice(&crc.to_le_bytes());
    header
}

/// The generation that a file's header names, if it has a whole one.
fn generation(bytes: &[u8]) -> Option<u64> {
    let found: &[u8; 20] = bytes.first_chunk()?;
    let generation = u64::from_le_bytes(*found[8..].first_chunk()?);
    (*found == header(generation)).then_some(generation)
}

/// Fills a file with zeros from `size` on past `end`; its new size.
fn grow(file: &File, size: u64, end: u64) -> Result<u64, Error> {
    let piece = vec![0; PIECE_BYTES];
    let mut size = size;
    while size < end {
        file.write_all_at(&piece, size)?;
        size += PIECE_BYTES as u64;
    }
    Ok(size)
}

/// Fills a file with zeros behind its header.
fn clear(file: &File, size: u64) -> Result<(), Error> {
    let piece = vec![0; PIECE_BYTES];
    let mut offset = HEADER_BYTES;
    while offset < size {
        let left = usize::try_from(size - offset).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
        file.write_all_at(&piece[..left], offset)?;
        offset += left as u64;
    }
    Ok(())
}

/// Writes what a file holds over itself, so that the kernel has to take it to the disk again.
pub(crate) fn rewrite(file: &File, size: u64) -> Result<(), Error> {
    let mut block = vec![0; PIECE_BYTES];
    let mut offset = 0;
    while offset < size {
        match file.read_at(&mut block, offset)? {
            0 => break,
            read => {
                file.write_all_at(&block[..read], offset)?;
                offset += read as u64;
            }
        }
    }
    Ok(())
}

/// Waits until what was written to a file is on the disk.
pub(crate) fn sync(file: &File) -> Result<(), Error> {
    loop {
        match rustix::fs::fdatasync(file) {
            Err(rustix::io::Errno::INTR) => {}
            done => return done.map_err(Error::from),
        }
    }
}

#[cfg(test)]
mod tests;
