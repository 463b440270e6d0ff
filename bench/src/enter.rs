//! Getting in: many connections from several addresses, and a room for each.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, bail};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use rustix::process::{Resource, Rlimit};

use crate::args::Target;
use crate::connection::{Connection, SCRATCH_BYTES};
use crate::protocol::Heard;

/// How long the server may let nobody in.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// Silence after which nothing more is told of those who came in, and how long it is waited for.
const SILENCE: Duration = Duration::from_millis(200);
const SILENCE_LIMIT: Duration = Duration::from_mins(1);

/// Sockets that are looked after between two looks at who comes in next.
const EVENTS_MAX: usize = 256;

/// File descriptors for all that is no connection.
const FILES_SPARE: u64 = 50;

/// Bytes that the kernel takes in for a member who does not read.
const STUCK_BUFFER_BYTES: usize = 4096;

/// Raises the soft limit of open files to the hard one.
///
/// # Errors
///
/// The system refuses.
pub(crate) fn raise_file_limit() -> Result<()> {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    rustix::process::setrlimit(
        Resource::Nofile,
        Rlimit { current: limit.maximum, maximum: limit.maximum },
    )
    .context("the limit of open files cannot be raised")
}

/// What the rooms and people of a run are called. Rooms outlive a run, so each has its own names.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    prefix: String,
}

impl Names {
    fn new() -> Result<Self> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis();
        Ok(Self { prefix: format!("b{:x}", now & 0xFFFF_FFFF) })
    }

    /// A room's name.
    pub(crate) fn room(&self, room: u32) -> String {
        format!("{}-{room:x}", self.prefix)
    }

    fn member(&self, room: u32, member: u32) -> String {
        format!("{}-{room:x}-{member:x}", self.prefix)
    }

    fn idler(&self, number: u32) -> String {
        format!("{}-i{number:x}", self.prefix)
    }
}

/// Opens connections, spread over source addresses.
pub(crate) struct Door<'a> {
    target: &'a Target,
    names: Names,
    opened: u32,
    scratch: Vec<u8>,
}

/// Someone who comes in.
struct Entrant {
    hello: Vec<u8>,
    when_ready: Vec<u8>,
    /// Enough for who enters no room.
    is_idler: bool,
    is_stuck: bool,
    connection: Option<Connection>,
    is_in: bool,
}

impl<'a> Door<'a> {
    /// A door for so many connections.
    ///
    /// # Errors
    ///
    /// This process may not open as many files.
    pub(crate) fn new(target: &'a Target, connections: u64) -> Result<Self> {
        let limit = rustix::process::getrlimit(Resource::Nofile).current;
        if limit.is_some_and(|limit| connections + FILES_SPARE > limit) {
            bail!(
                "{connections} connections are more than this process may open ({})",
                limit.unwrap_or_default()
            );
        }
        Ok(Self { target, names: Names::new()?, opened: 0, scratch: vec![0; SCRATCH_BYTES] })
    }

    /// What everything is called.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Connections that do nothing; the server knows each.
    ///
    /// # Errors
    ///
    /// One is refused.
    pub(crate) fn idlers(&mut self, count: u32) -> Result<Vec<Connection>> {
        let protocol = self.target.protocol;
        let mut entrants: Vec<Entrant> = (0..count)
            .map(|number| Entrant {
                is_idler: true,
                ..Entrant::new(protocol.hello(&self.names.idler(number)))
            })
            .collect();
        self.admit(&mut entrants, 0)?;
        Ok(entrants.into_iter().filter_map(|entrant| entrant.connection).collect())
    }

    /// Someone who makes a room for so many, and is alone in it.
    ///
    /// # Errors
    ///
    /// It is refused.
    pub(crate) fn maker(&mut self, room: u32, capacity: u32) -> Result<Connection> {
        let (name, nick) = (self.names.room(room), self.names.member(room, 0));
        let mut maker = [Entrant::new(self.target.protocol.enter(&nick, &name, Some(capacity)))];
        self.admit(&mut maker, 1)?;
        let [maker] = maker;
        Ok(maker.connection.expect("everyone is in"))
    }

    /// Members, room after room; each is in its room. Member `m` of room `r` stands at
    /// `r * members + m`. The last `stuck` of each room take in as little as they can.
    ///
    /// # Errors
    ///
    /// One is refused.
    pub(crate) fn members(
        &mut self,
        rooms: u32,
        members: u32,
        stuck: u32,
    ) -> Result<Vec<Connection>> {
        let protocol = self.target.protocol;
        // Who makes a room comes before those who enter it.
        let makers = (0..rooms).map(|room| (room, 0));
        let others = (0..rooms).flat_map(|room| (1..members).map(move |member| (room, member)));
        let people: Vec<(u32, u32)> = makers.chain(others).collect();
        let mut entrants: Vec<Entrant> = Vec::with_capacity(people.len());
        for &(room, member) in &people {
            let (name, nick) = (self.names.room(room), self.names.member(room, member));
            let capacity = (member == 0).then_some(members);
            entrants.push(Entrant {
                when_ready: protocol.enter_when_ready(&name),
                is_stuck: member + stuck >= members,
                ..Entrant::new(protocol.enter(&nick, &name, capacity))
            });
        }
        self.admit(&mut entrants, rooms as usize)?;
        let mut entered: Vec<Option<Connection>> = Vec::new();
        entered.resize_with(people.len(), || None);
        for ((room, member), entrant) in people.into_iter().zip(entrants) {
            entered[(room * members + member) as usize] = entrant.connection;
        }
        Ok(entered.into_iter().flatten().collect())
    }

    /// More members for a room that there is.
    ///
    /// # Errors
    ///
    /// One is refused.
    pub(crate) fn guests(&mut self, room: u32, count: u32) -> Result<Vec<Connection>> {
        let (protocol, name) = (self.target.protocol, self.names.room(room));
        let mut entrants: Vec<Entrant> = (0..count)
            .map(|number| Entrant {
                when_ready: protocol.enter_when_ready(&name),
                ..Entrant::new(protocol.enter(&self.names.idler(number), &name, None))
            })
            .collect();
        self.admit(&mut entrants, 0)?;
        Ok(entrants.into_iter().filter_map(|entrant| entrant.connection).collect())
    }

    /// Lets everyone in: first the makers, all of them, and then the others. Who is in goes on
    /// reading, so that what they are told of the others does not pile up.
    fn admit(&mut self, entrants: &mut [Entrant], makers: usize) -> Result<()> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut events = Vec::with_capacity(EVENTS_MAX);
        let at_once = self.target.at_once as usize;
        let (mut started, mut in_count) = (0, 0);
        let mut last_heard = Instant::now();
        while in_count < entrants.len() {
            let gate = if in_count < makers { makers } else { entrants.len() };
            while started < gate && started - in_count < at_once {
                self.start(&epoll, started, &mut entrants[started])?;
                started += 1;
            }
            wait(&epoll, &mut events, SILENCE)?;
            if events.is_empty() && last_heard.elapsed() > ANSWER_LIMIT {
                bail!("{in_count} are in, and no answer for {} s", ANSWER_LIMIT.as_secs());
            }
            for event in events.drain(..) {
                in_count += usize::from(self.hear(entrants, &event)?);
                last_heard = Instant::now();
            }
        }
        Ok(())
    }

    /// Reads and drops what members are told of each other's coming, until they are told no more.
    ///
    /// # Errors
    ///
    /// A connection is closed.
    pub(crate) fn settle(&mut self, members: &mut [Connection]) -> Result<()> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        for (index, member) in members.iter().enumerate() {
            epoll::add(&epoll, &member.stream, EventData::new_u64(index as u64), EventFlags::IN)?;
        }
        let mut events = Vec::with_capacity(EVENTS_MAX);
        let started = Instant::now();
        loop {
            wait(&epoll, &mut events, SILENCE)?;
            if events.is_empty() || started.elapsed() > SILENCE_LIMIT {
                return Ok(());
            }
            for event in events.drain(..) {
                members[place(&event)]
                    .read_frames(&mut self.scratch, |_| {})
                    .context("the server closed a connection that was in")?;
            }
        }
    }

    /// Connects someone, who says the first words.
    fn start(&mut self, epoll: &OwnedFd, index: usize, entrant: &mut Entrant) -> Result<()> {
        let mut connection = self.connect(entrant.is_stuck)?;
        let key = EventData::new_u64(index as u64);
        epoll::add(epoll, &connection.stream, key, EventFlags::IN)?;
        say(&mut connection, &entrant.hello)?;
        entrant.connection = Some(connection);
        Ok(())
    }

    /// Reads what someone is told; whether it lets them in.
    fn hear(&mut self, entrants: &mut [Entrant], event: &epoll::Event) -> Result<bool> {
        let protocol = self.target.protocol;
        let entrant = &mut entrants[place(event)];
        let connection = entrant.connection.as_mut().expect("it was started");
        let (mut is_ready, mut is_done) = (false, false);
        let (mut refusal, mut pong) = (None, Vec::new());
        connection
            .read_frames(&mut self.scratch, |frame| match protocol.heard(frame) {
                Heard::Ready => is_ready = true,
                Heard::Done => is_done = true,
                Heard::Refused => refusal = Some(String::from_utf8_lossy(frame).into_owned()),
                Heard::Ping => pong = protocol.pong(frame),
                Heard::Message(_) | Heard::Other => {}
            })
            .with_context(|| refusal.clone().unwrap_or_default())
            .context("the server closed a connection that was coming in")?;
        if let Some(refusal) = refusal {
            bail!("the server refuses a member: {refusal}");
        }
        say(connection, &pong)?;
        if entrant.is_in {
            return Ok(false);
        }
        if is_ready && !entrant.is_idler {
            say(connection, &std::mem::take(&mut entrant.when_ready))?;
        }
        entrant.is_in = is_done || (is_ready && entrant.is_idler);
        Ok(entrant.is_in)
    }

    fn connect(&mut self, is_stuck: bool) -> Result<Connection> {
        let address = self.target.addr;
        let stream = match address {
            SocketAddr::V4(v4) if v4.ip().is_loopback() => {
                let socket = rustix::net::socket_with(
                    AddressFamily::INET,
                    SocketType::STREAM,
                    SocketFlags::CLOEXEC,
                    None,
                )?;
                if is_stuck {
                    rustix::net::sockopt::set_socket_recv_buffer_size(&socket, STUCK_BUFFER_BYTES)?;
                }
                let source = source(self.opened / self.target.per_source);
                rustix::net::bind(&socket, &SocketAddrV4::new(source, 0))?;
                rustix::net::connect(&socket, &v4)
                    .with_context(|| format!("{address} takes no connection"))?;
                TcpStream::from(socket)
            }
            _ => TcpStream::connect(address)
                .with_context(|| format!("{address} takes no connection"))?,
        };
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        self.opened += 1;
        Ok(Connection::new(stream, self.target.protocol.framing()))
    }
}

impl Entrant {
    fn new(hello: Vec<u8>) -> Self {
        Self {
            hello,
            when_ready: Vec::new(),
            is_idler: false,
            is_stuck: false,
            connection: None,
            is_in: false,
        }
    }
}

/// Waits for events, no longer than `limit`.
pub(crate) fn wait(epoll: &OwnedFd, events: &mut Vec<epoll::Event>, limit: Duration) -> Result<()> {
    let limit = limit.try_into().context("a wait is short")?;
    match epoll::wait(epoll, spare_capacity(events), Some(&limit)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whose event it is, where the key is a place.
pub(crate) fn place(event: &epoll::Event) -> usize {
    usize::try_from(event.data.u64()).expect("it was a place of ours")
}

/// A few words, which any socket takes that was told nothing before.
fn say(connection: &mut Connection, words: &[u8]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    connection.outgoing().extend_from_slice(words);
    if !connection.flush()? {
        bail!("the server does not take what a newcomer says");
    }
    Ok(())
}

/// The source address of a number: 127.0.0.1 and those after it.
fn source(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_go_on_past_the_last_byte() {
        assert_eq!(source(0), Ipv4Addr::LOCALHOST);
        assert_eq!(source(255), Ipv4Addr::new(127, 0, 1, 0));
        assert!(source(65_535).is_loopback());
    }
}
