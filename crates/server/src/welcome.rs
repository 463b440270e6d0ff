//! What the server tells whoever started it: how to enter, and what the system cannot carry.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::num::NonZeroUsize;
use std::path::Path;

use lang::Lang;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What [`welcome`] tells of.
#[derive(Debug, Clone)]
pub(crate) struct Start<'s> {
    /// The language to tell it in.
    pub(crate) lang: Lang,
    /// Where the server listens, with the port that it really got.
    pub(crate) listening: &'s [SocketAddr],
    /// The addresses at which others reach this machine: [`machine_addresses`].
    pub(crate) machine: &'s [IpAddr],
    /// The data folder.
    pub(crate) data: &'s Path,
    /// Connections that the settings allow.
    pub(crate) connections: u32,
    /// Files that the system allows: [`raise_descriptor_limit`].
    pub(crate) descriptors: DescriptorLimit,
    /// Threads that carry the connections.
    pub(crate) shards: NonZeroUsize,
}

/// The lines to print when the server is ready, with a final line end.
pub(crate) fn welcome(start: &Start<'_>) -> String {
    let lang = start.lang;
    let folder = printable(&start.data.display().to_string());
    let version = env!("CARGO_PKG_VERSION");
    let ready = [("version", version.into()), ("folder", folder.as_str().into())];
    let mut text = lang.text_with("start-ready", &ready);
    text.push('\n');
    let (here, anywhere) = doors(start.listening, start.machine);
    let only_here = start.listening.iter().all(|address| address.ip().is_loopback());
    for (heading, doors) in [("start-here", here), ("start-anywhere", anywhere)] {
        if !doors.is_empty() {
            let _ = writeln!(text, "\n{}", lang.text(heading));
        }
        for door in doors {
            let (ip, port) = (door.ip(), door.port());
            let _ = writeln!(text, "  papo connect -i {ip} -p {port}");
            let _ = writeln!(text, "  telnet {ip} {port}");
            let _ = writeln!(text, "  nc {ip} {port}");
            let _ = writeln!(text, "  http://{door}/");
        }
    }
    text.push('\n');
    if only_here {
        let _ = writeln!(text, "{}", lang.text("start-only-here"));
    }
    let fit = start.descriptors.connections_that_fit(start.shards);
    if fit < u64::from(start.connections) {
        let needed = u64::from(start.connections) + descriptors_reserved(start.shards);
        let arguments = [
            ("connections", start.connections.into()),
            ("open", start.descriptors.open_files.into()),
            ("fit", fit.into()),
            ("needed", needed.into()),
        ];
        let _ = writeln!(text, "{}", lang.text_with("start-few-files", &arguments));
    }
    let _ = writeln!(text, "{}", lang.text("start-stop"));
    text
}

/// Where one enters from this machine alone, and where from the network too.
fn doors(listening: &[SocketAddr], machine: &[IpAddr]) -> (Vec<SocketAddr>, Vec<SocketAddr>) {
    let (mut here, mut anywhere) = (Vec::new(), Vec::new());
    for address in listening {
        let door = |ip: IpAddr| SocketAddr::new(ip, address.port());
        if !address.ip().is_unspecified() {
            let place = if address.ip().is_loopback() { &mut here } else { &mut anywhere };
            place.push(*address);
            continue;
        }
        // The IPv6 socket takes IPv4 connections too, and 127.0.0.1 is easier to type than ::1.
        here.push(door(Ipv4Addr::LOCALHOST.into()));
        let reached = machine.iter().filter(|ip| address.is_ipv6() || ip.is_ipv4());
        anywhere.extend(reached.map(|ip| door(*ip)));
    }
    (here, anywhere)
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// The addresses from which this machine would reach the rest of the world, IPv4 first; where it
/// has no way there, none.
///
/// Nothing is sent: connecting a UDP socket only asks the system for a route.
pub(crate) fn machine_addresses() -> Vec<IpAddr> {
    // Addresses for documentation (RFC 5737, RFC 3849): they are routed like any other.
    let v4 = (IpAddr::from(Ipv4Addr::UNSPECIFIED), IpAddr::from(Ipv4Addr::new(192, 0, 2, 1)));
    let v6 = (
        IpAddr::from(Ipv6Addr::UNSPECIFIED),
        IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
    );
    [v4, v6].into_iter().filter_map(|(from, to)| source_address(from, to)).collect()
}

fn source_address(from: IpAddr, to: IpAddr) -> Option<IpAddr> {
    const DISCARD_PORT: u16 = 9;
    let socket = UdpSocket::bind((from, 0)).ok()?;
    socket.connect((to, DISCARD_PORT)).ok()?;
    let source = socket.local_addr().ok()?.ip();
    let is_link_local = matches!(source, IpAddr::V6(ip) if ip.is_unicast_link_local());
    (!source.is_unspecified() && !source.is_loopback() && !is_link_local).then_some(source)
}

/// How many files this process may have open; a connection is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DescriptorLimit {
    /// Files; where there is no limit, `u64::MAX`.
    pub(crate) open_files: u64,
}

impl DescriptorLimit {
    /// Connections for which there are files, besides [`descriptors_reserved`].
    pub(crate) fn connections_that_fit(self, shards: NonZeroUsize) -> u64 {
        self.open_files.saturating_sub(descriptors_reserved(shards))
    }
}

/// Files kept for what is no connection, before each shard's own: the standard streams and the
/// listening socket (under 8), the database with its log and index for the writer, the flusher
/// and the readers (under 40), and pages being read (the rest).
const DESCRIPTORS_RESERVED: u64 = 112;

/// Files kept for each shard: its event queue, its waker and its signals, and one to spare.
const DESCRIPTORS_PER_SHARD: u64 = 4;

/// Files that are kept for what is no connection.
pub(crate) fn descriptors_reserved(shards: NonZeroUsize) -> u64 {
    let shards = u64::try_from(shards.get()).unwrap_or(u64::MAX);
    shards.saturating_mul(DESCRIPTORS_PER_SHARD).saturating_add(DESCRIPTORS_RESERVED)
}

/// Raises the limit of open files to the highest that the system lets this process have, and says
/// which it is. Where it cannot be raised it stays as it was.
pub(crate) fn raise_descriptor_limit() -> DescriptorLimit {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    DescriptorLimit { open_files: current.unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests;
