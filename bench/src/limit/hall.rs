//! Who is connected to the bare limit, in which room, and what each is still to be sent.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use anyhow::Result;
use rustix::event::epoll::{self, EventData, EventFlags};

use crate::connection::Connection;
use crate::limit::Mode;
use crate::protocol::Framing;

/// Bytes that wait for a connection at most; who lets more wait is cut.
const PENDING_BYTES_MAX: usize = 64 << 20;

/// Frames that a room remembers for those who come back.
const REMEMBERED_MAX: usize = 100;

const GREETING: &[u8] = b"Conexao concluida.\n";
const DONE: &[u8] = b"[OK] - \n";

/// All connections.
pub(super) struct Hall {
    epoll: OwnedFd,
    mode: Mode,
    guests: Vec<Option<Guest>>,
    /// Places of those who are gone.
    free: Vec<usize>,
    rooms: Vec<Room>,
    room_of_name: HashMap<Vec<u8>, usize>,
    /// Who has something pending that no event will send.
    pending: Vec<usize>,
    /// What one read brought.
    lines: Vec<Vec<u8>>,
}

struct Guest {
    connection: Connection,
    room: Option<usize>,
    is_pending: bool,
    waits_to_write: bool,
}

#[derive(Default)]
struct Room {
    members: Vec<usize>,
    /// The first that was said.
    remembered: Vec<Vec<u8>>,
}

impl Hall {
    /// Nobody is there.
    pub(super) fn new(epoll: OwnedFd, mode: Mode) -> Self {
        Self {
            epoll,
            mode,
            guests: Vec::new(),
            free: Vec::new(),
            rooms: Vec::new(),
            room_of_name: HashMap::new(),
            pending: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// What tells of the connections' events, by their places.
    pub(super) fn epoll(&self) -> &OwnedFd {
        &self.epoll
    }

    /// Whether someone has something pending that no event will send.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes in and greets everyone who waits.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(super) fn admit(&mut self, listener: &TcpListener) -> Result<()> {
        loop {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let place = self.free.pop().unwrap_or_else(|| {
                self.guests.push(None);
                self.guests.len() - 1
            });
            let key = EventData::new_u64(place as u64);
            epoll::add(&self.epoll, &stream, key, EventFlags::IN)?;
            self.guests[place] = Some(Guest {
                connection: Connection::new(stream, Framing::Lines),
                room: None,
                is_pending: false,
                waits_to_write: false,
            });
            self.deliver(place, GREETING)?;
        }
    }

    /// Reads once and does what the lines ask for.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(super) fn hear(&mut self, place: usize, scratch: &mut [u8]) -> Result<()> {
        let Some(guest) = &mut self.guests[place] else { return Ok(()) };
        let mut lines = std::mem::take(&mut self.lines);
        let mut count = 0;
        let read = guest.connection.read_frames(scratch, |line| {
            if count == lines.len() {
                lines.push(Vec::new());
            }
            lines[count].clear();
            frame(line, &mut lines[count]);
            count += 1;
        });
        for line in &lines[..count] {
            self.obey(place, line)?;
        }
        self.lines = lines;
        if read.is_err() {
            self.lose(place);
        }
        Ok(())
    }

    /// Sends what is pending.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(super) fn flush_all(&mut self) -> Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        for &place in &pending {
            if let Some(guest) = &mut self.guests[place] {
                guest.is_pending = false;
                self.flush(place)?;
            }
        }
        pending.clear();
        self.pending = pending;
        Ok(())
    }

    /// Sends what one connection has pending, and asks to be told when it takes more.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(super) fn flush(&mut self, place: usize) -> Result<()> {
        let Some(guest) = &mut self.guests[place] else { return Ok(()) };
        let Ok(is_done) = guest.connection.flush() else {
            self.lose(place);
            return Ok(());
        };
        if is_done == guest.waits_to_write {
            guest.waits_to_write = !is_done;
            let wanted = if is_done { EventFlags::IN } else { EventFlags::IN | EventFlags::OUT };
            let key = EventData::new_u64(place as u64);
            epoll::modify(&self.epoll, &guest.connection.stream, key, wanted)?;
        }
        if guest.connection.waiting() > PENDING_BYTES_MAX {
            self.lose(place);
        }
        Ok(())
    }

    /// One line, which is a frame already: a command of the line protocol, or a message.
    fn obey(&mut self, place: usize, frame: &[u8]) -> Result<()> {
        let line = &frame[FRAME_START.len()..frame.len() - 1];
        let mut words = line.split(|&byte| byte == b' ');
        match (words.next(), words.next()) {
            (Some(b"--CREATE" | b"--JOIN"), Some(name)) => {
                self.enter(place, name);
                self.deliver(place, DONE)
            }
            (Some(b"--CURSOR"), _) => self.remind(place),
            _ => self.say(place, frame),
        }
    }

    fn enter(&mut self, place: usize, name: &[u8]) {
        let next = self.rooms.len();
        let room = *self.room_of_name.entry(name.to_vec()).or_insert(next);
        if room == next {
            self.rooms.push(Room::default());
        }
        if let Some(guest) = &mut self.guests[place] {
            guest.room = Some(room);
            self.rooms[room].members.push(place);
        }
    }

    /// Sends everything that the room remembers, as one.
    fn remind(&mut self, place: usize) -> Result<()> {
        let Some(guest) = &self.guests[place] else { return Ok(()) };
        let mut all = DONE.to_vec();
        if let Some(room) = guest.room {
            all.extend(self.rooms[room].remembered.iter().flatten());
        }
        self.deliver(place, &all)
    }

    fn say(&mut self, author: usize, frame: &[u8]) -> Result<()> {
        let Some(room) = self.guests[author].as_ref().and_then(|guest| guest.room) else {
            return Ok(());
        };
        if self.rooms[room].remembered.len() < REMEMBERED_MAX {
            self.rooms[room].remembered.push(frame.to_vec());
        }
        // Taken out for as long as one of them may be lost.
        let mut members = std::mem::take(&mut self.rooms[room].members);
        let gone = self.free.len();
        for &member in members.iter().filter(|&&member| member != author) {
            self.deliver(member, frame)?;
        }
        if self.free.len() > gone {
            members.retain(|&member| self.guests[member].is_some());
        }
        self.rooms[room].members = members;
        Ok(())
    }

    /// Sends bytes to a connection, now or with what comes after them.
    fn deliver(&mut self, place: usize, bytes: &[u8]) -> Result<()> {
        let Some(guest) = &mut self.guests[place] else { return Ok(()) };
        if self.mode == Mode::Send && guest.connection.waiting() == 0 {
            let sent = match send(&guest.connection.stream, bytes) {
                Ok(sent) if sent == bytes.len() => return Ok(()),
                Ok(sent) => sent,
                Err(_) => {
                    self.lose(place);
                    return Ok(());
                }
            };
            guest.connection.outgoing().extend_from_slice(&bytes[sent..]);
            return self.flush(place);
        }
        guest.connection.outgoing().extend_from_slice(bytes);
        if self.mode == Mode::Send {
            return self.flush(place);
        }
        if !guest.is_pending {
            guest.is_pending = true;
            self.pending.push(place);
        }
        Ok(())
    }

    fn lose(&mut self, place: usize) {
        // Dropping the socket takes it out of epoll.
        let Some(guest) = self.guests[place].take() else { return };
        if let Some(room) = guest.room {
            self.rooms[room].members.retain(|&member| member != place);
        }
        self.free.push(place);
    }
}

const FRAME_START: &[u8] = b"[x]: ";

/// What the others get of a line.
fn frame(line: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(FRAME_START);
    out.extend_from_slice(line);
    out.push(b'\n');
}

/// How many bytes the socket takes now.
fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    match stream.write(bytes) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(0)
        }
        written => written,
    }
}
