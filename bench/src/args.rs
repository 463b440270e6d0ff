//! The command line.

use std::net::SocketAddr;

use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::compare::Compare;
use crate::limit::Limit;
use crate::message;
use crate::protocol::Protocol;

/// Puts a server under load.
///
/// Publishers say something, everyone else in their room has to hear it: each once, in order.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) load: Load,
    #[command(subcommand)]
    pub(crate) mode: Option<Mode>,
}

/// What else there is to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Mode {
    /// What connections cost the server that do nothing.
    Idle(Idle),
    /// The bare limit: a server that does the least.
    Limit(Limit),
    /// papo beside its peers and the bare limit, in one table for each workload.
    Compare(Compare),
}

/// A load of rooms full of members.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Load {
    #[command(flatten)]
    pub(crate) target: Target,
    /// How many rooms.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=65_535))]
    pub(crate) rooms: u32,
    /// Members of each room.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(crate) members: u32,
    /// Members of each room who say something.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) publishers: u16,
    /// Members of each room beside those who do not read.
    #[arg(long, default_value_t = 0)]
    pub(crate) stuck: u32,
    /// Messages a second by all publishers together; 0: as many as the window lets through.
    #[arg(long, default_value_t = 0.0)]
    pub(crate) rate: f64,
    /// With rate 0: messages each publisher has on their way to the others at most.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) window: u32,
    /// Bytes of a message's text.
    #[arg(long, default_value_t = 64, value_parser = parse_size)]
    pub(crate) size: usize,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seconds: u64,
    /// Seconds of the same load before that.
    #[arg(long, default_value_t = 2)]
    pub(crate) warmup: u64,
    /// Seconds that late deliveries are waited for at the end.
    #[arg(long, default_value_t = 5)]
    pub(crate) drain: u64,
    /// Connections beside the members that do nothing.
    #[arg(long, default_value_t = 0)]
    pub(crate) idle: u32,
    /// Threads of the generator.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) threads: u32,
}

/// Connections that do nothing.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Idle {
    #[command(flatten)]
    pub(crate) target: Target,
    /// How many connections.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections: u32,
    /// Put them into rooms of so many; 0: they enter none.
    #[arg(long, default_value_t = 0)]
    pub(crate) members: u32,
    /// Seconds before memory is read, so that what was freed is given back.
    #[arg(long, default_value_t = 12)]
    pub(crate) settle: u64,
}

/// What is measured, and how to say it.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Target {
    /// The server's address.
    #[arg(long, default_value = "127.0.0.1:7777")]
    pub(crate) addr: SocketAddr,
    /// What it speaks.
    #[arg(long, value_enum, default_value_t = Protocol::Line)]
    pub(crate) protocol: Protocol,
    /// The server's process on this machine, to read its CPU time and memory.
    #[arg(long)]
    pub(crate) pid: Option<u32>,
    /// Connections a source address (127.0.0.1, 127.0.0.2, ...), where the server is on loopback.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=25_000))]
    pub(crate) per_source: u32,
    /// Connections on their way in at once. Past the server's backlog the kernel lets a client
    /// wait for a second, and that would be all that is measured.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) at_once: u32,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Load {
    /// People of a room, those who do not read included.
    pub(crate) fn people_a_room(&self) -> u32 {
        self.members + self.stuck
    }

    /// Publishers of a room: not more than there are members.
    pub(crate) fn publishers_a_room(&self) -> usize {
        usize::from(self.publishers).min(self.members as usize)
    }
}

fn parse_size(text: &str) -> Result<usize, String> {
    let range = message::SIZE_MIN..=message::SIZE_MAX;
    match text.parse() {
        Ok(size) if range.contains(&size) => Ok(size),
        _ => Err(format!("a number from {} to {}", range.start(), range.end())),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_message_has_room_for_its_stamp() {
        for (size, is_good) in [("31", false), ("32", true), ("4000", true), ("9999", false)] {
            assert_eq!(Args::try_parse_from(["bench", "--size", size]).is_ok(), is_good, "{size}");
        }
    }
}
