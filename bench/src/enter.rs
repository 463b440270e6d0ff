//! Getting in: many connections from several addresses, and a room for each.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use rustix::process::{Resource, Rlimit};

use crate::args::Target;
use crate::connection::Connection;
use crate::message::{self, Line};

/// Connections that are on their way in at once: below the backlog of any server.
const BATCH: usize = 200;

/// How long the server may take for its answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// File descriptors for all that is no connection.
const FILES_SPARE: u64 = 50;

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

/// Opens connections one after the other, spread over source addresses.
pub(crate) struct Door<'a> {
    target: &'a Target,
    opened: u32,
    scratch: Vec<u8>,
    prefix: String,
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
        // Rooms outlive a run, so each run has names of its own.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis();
        Ok(Self {
            target,
            opened: 0,
            scratch: vec![0; 4096],
            prefix: format!("b{:x}", now & 0xFFFF_FFFF),
        })
    }

    /// Connections that do nothing; each has been greeted.
    ///
    /// # Errors
    ///
    /// One is refused.
    pub(crate) fn idlers(&mut self, count: u32) -> Result<Vec<Connection>> {
        let mut idlers = Vec::new();
        while idlers.len() < count as usize {
            let mut batch = Vec::new();
            for _ in idlers.len()..(idlers.len() + BATCH).min(count as usize) {
                batch.push(self.connect()?);
            }
            for connection in &mut batch {
                self.await_line(connection, |_| Some(()))?;
            }
            idlers.append(&mut batch);
        }
        Ok(idlers)
    }

    /// Members, room after room; each is in its room. Member `m` of room `r` stands at
    /// `r * members + m`.
    ///
    /// # Errors
    ///
    /// One is refused.
    pub(crate) fn members(&mut self, rooms: u32, members: u32) -> Result<Vec<Connection>> {
        let mut entered: Vec<Option<Connection>> = Vec::new();
        entered.resize_with(rooms as usize * members as usize, || None);
        // Who makes a room comes before those who enter it.
        let makers = (0..rooms).map(|room| (room, 0));
        let others = (0..rooms).flat_map(|room| (1..members).map(move |member| (room, member)));
        for people in [makers.collect::<Vec<_>>(), others.collect()] {
            for batch in people.chunks(BATCH) {
                let mut waiting = Vec::new();
                for &(room, member) in batch {
                    let mut connection = self.connect()?;
                    let command = self.command(room, member, members);
                    connection.outgoing().extend_from_slice(command.as_bytes());
                    connection.flush()?;
                    waiting.push(((room * members + member) as usize, connection));
                }
                for (index, mut connection) in waiting {
                    self.await_entry(&mut connection)?;
                    entered[index] = Some(connection);
                }
            }
        }
        Ok(entered.into_iter().flatten().collect())
    }

    fn command(&self, room: u32, member: u32, members: u32) -> String {
        let prefix = &self.prefix;
        let nick = format!("{prefix}-{room:x}-{member:x}");
        if member == 0 {
            format!("--CREATE {prefix}-{room:x} {members} {nick}\n")
        } else {
            format!("--JOIN {prefix}-{room:x} {nick}\n")
        }
    }

    fn connect(&mut self) -> Result<Connection> {
        let address = self.target.addr;
        let stream = match address {
            SocketAddr::V4(v4) if v4.ip().is_loopback() => {
                let socket = rustix::net::socket_with(
                    AddressFamily::INET,
                    SocketType::STREAM,
                    SocketFlags::CLOEXEC,
                    None,
                )?;
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
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        self.opened += 1;
        Ok(Connection::new(stream))
    }

    fn await_entry(&mut self, connection: &mut Connection) -> Result<()> {
        let refusal = self.await_line(connection, |line| match message::read(line) {
            Line::Done => Some(None),
            Line::Refused => Some(Some(String::from_utf8_lossy(line).into_owned())),
            _ => None,
        })?;
        match refusal {
            None => Ok(()),
            Some(line) => bail!("the server refuses a member: {line}"),
        }
    }

    /// Reads until `wanted` takes a line.
    fn await_line<T>(
        &mut self,
        connection: &mut Connection,
        wanted: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<T> {
        let mut found = None;
        while found.is_none() {
            let is_there = connection
                .read_lines(&mut self.scratch, |line| {
                    if found.is_none() {
                        found = wanted(line);
                    }
                })
                .context("the server closed a connection that was coming in")?;
            if !is_there {
                bail!("no answer for {} s", ANSWER_LIMIT.as_secs());
            }
        }
        Ok(found.expect("the loop ends with one"))
    }
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
