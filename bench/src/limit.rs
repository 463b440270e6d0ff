//! The bare limit: the least that a server can do, to measure others against.
//!
//! One thread waits for bytes, cuts them into lines, and hands each as one prebuilt frame to every
//! other connection of the room. It understands as much of the line protocol as the generator
//! says, keeps nothing, and checks nothing. What it needs is what the kernel needs.

mod hall;

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Args as ClapArgs, ValueEnum};
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::net::{AddressFamily, SocketFlags, SocketType};

use crate::connection::SCRATCH_BYTES;
use crate::enter;
use hall::Hall;

/// Sockets that are looked after at once.
const EVENTS_MAX: usize = 1024;

/// Connections that may wait to be taken in.
const BACKLOG: i32 = 4096;

/// How long [`Mode::Wait`] waits for more.
const WAIT: Duration = Duration::from_millis(1);

/// A wait without a reason to end it.
const NO_HURRY: Duration = Duration::from_mins(1);

/// The listener's key; the connections' are their places.
const LISTENER: u64 = u64::MAX;

/// The bare limit.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Limit {
    /// When it sends.
    #[arg(long, value_enum, default_value_t = Mode::Send)]
    pub(crate) mode: Mode,
    /// The port on 127.0.0.1.
    #[arg(short, long)]
    pub(crate) port: u16,
}

/// When the bare limit sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Each delivery by itself, at once.
    Send,
    /// Once a connection for all that came in with one wake.
    Coalesce,
    /// Once a connection for all that came in within a millisecond.
    Wait,
}

/// Serves until it is killed.
///
/// # Errors
///
/// The port is taken, or the system refuses something.
pub(crate) fn run(limit: &Limit) -> Result<()> {
    serve(&listen(limit.port)?, limit.mode)
}

fn listen(port: u16) -> Result<TcpListener> {
    let socket = rustix::net::socket_with(
        AddressFamily::INET,
        SocketType::STREAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        None,
    )?;
    rustix::net::sockopt::set_socket_reuseaddr(&socket, true)?;
    rustix::net::bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port}"))?;
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(TcpListener::from(socket))
}

fn serve(listener: &TcpListener, mode: Mode) -> Result<()> {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(&epoll, listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
    let mut hall = Hall::new(epoll, mode);
    let mut events = Vec::with_capacity(EVENTS_MAX);
    let mut scratch = vec![0; SCRATCH_BYTES];
    let mut due: Option<Instant> = None;
    loop {
        let wait = due.map_or(NO_HURRY, |due| due.saturating_duration_since(Instant::now()));
        enter::wait(hall.epoll(), &mut events, wait)?;
        for event in events.drain(..) {
            if event.data.u64() == LISTENER {
                hall.admit(listener)?;
                continue;
            }
            let (place, flags) = (enter::place(&event), event.flags);
            if flags.contains(EventFlags::OUT) {
                hall.flush(place)?;
            }
            if flags.intersects(EventFlags::IN | EventFlags::HUP | EventFlags::ERR) {
                hall.hear(place, &mut scratch)?;
            }
        }
        match mode {
            Mode::Send => {}
            Mode::Coalesce => hall.flush_all()?,
            Mode::Wait if !hall.has_pending() => {}
            Mode::Wait => {
                let now = Instant::now();
                if *due.get_or_insert(now + WAIT) <= now {
                    hall.flush_all()?;
                    due = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
