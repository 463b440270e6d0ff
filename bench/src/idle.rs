//! What a connection costs that does nothing.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::args::Idle;
use crate::enter::Door;
use crate::process::Sample;
use crate::report::{Rows, mebibytes};

/// How long the server's CPU time is watched while nothing happens.
const REST: Duration = Duration::from_secs(2);

/// What idle connections did to the server, where its process may be read.
pub(crate) struct Idleness {
    pub(crate) connections: u64,
    /// Before they came, while they were there, and after they left.
    pub(crate) samples: Option<[Sample; 3]>,
    /// CPU time in a second in which nothing happened.
    pub(crate) cpu_at_rest: Option<Duration>,
}

/// Opens the connections, waits, and prints what the server's memory grew by.
///
/// # Errors
///
/// As [`measure`].
pub(crate) fn run(idle: &Idle) -> Result<()> {
    let idleness = measure(idle)?;
    let count = idleness.connections;
    let of = |bytes: fn(&Sample) -> u64| {
        idleness.samples.map(|[before, there, _]| each(bytes(&before), bytes(&there), count))
    };
    if idle.target.json {
        println!(
            "{}",
            json!({
                "connections": count,
                "rss_bytes_each": of(|sample| sample.rss),
                "anon_bytes_each": of(|sample| sample.anon),
                "rss_bytes": idleness.samples.map(|[_, there, _]| there.rss),
                "anon_bytes": idleness.samples.map(|[_, there, _]| there.anon),
                "anon_bytes_after": idleness.samples.map(|[.., after]| after.anon),
                "cpu_s_a_second": idleness.cpu_at_rest.map(|cpu| cpu.as_secs_f64()),
            })
        );
        return Ok(());
    }
    let mut rows = Rows::default();
    rows.add("connections", count.to_string());
    if let Some([before, there, after]) = idleness.samples {
        rows.add("RSS each", kibibytes(each(before.rss, there.rss, count)));
        rows.add("anonymous each", kibibytes(each(before.anon, there.anon, count)));
        rows.add(
            "server RSS",
            format!("{}, {} before", mebibytes(there.rss), mebibytes(before.rss)),
        );
        rows.add(
            "server anonymous",
            format!(
                "{}, {} before, {} after",
                mebibytes(there.anon),
                mebibytes(before.anon),
                mebibytes(after.anon)
            ),
        );
    }
    if let Some(cpu) = idleness.cpu_at_rest {
        rows.add("server CPU", format!("{:.1} % of one core at rest", cpu.as_secs_f64() * 100.0));
    }
    print!("{}", rows.text);
    Ok(())
}

/// Opens the connections, waits, closes them, and waits again.
///
/// # Errors
///
/// The server does not let everyone in, or its process cannot be read.
pub(crate) fn measure(idle: &Idle) -> Result<Idleness> {
    let sample = || idle.target.pid.map(Sample::of).transpose();
    let settle = Duration::from_secs(idle.settle);
    let before = sample()?;
    let mut door = Door::new(&idle.target, u64::from(idle.connections))?;
    let rooms = idle.connections.checked_div(idle.members).unwrap_or(0);
    let mut connections = door.members(rooms, idle.members, 0)?;
    connections.append(&mut door.idlers(idle.connections - rooms * idle.members)?);
    std::thread::sleep(settle);
    let resting = sample()?;
    std::thread::sleep(REST);
    let there = sample()?;
    let count = connections.len() as u64;
    drop(connections);
    std::thread::sleep(settle);
    let after = sample()?;
    Ok(Idleness {
        connections: count,
        samples: before
            .zip(there)
            .zip(after)
            .map(|((before, there), after)| [before, there, after]),
        cpu_at_rest: resting
            .zip(there)
            .map(|(from, to)| to.cpu().saturating_sub(from.cpu()).div_f64(REST.as_secs_f64())),
    })
}

/// How much each of `count` added; below 0 where memory was given back meanwhile.
pub(crate) fn each(before: u64, after: u64, count: u64) -> f64 {
    (after as f64 - before as f64) / count as f64
}

fn kibibytes(bytes: f64) -> String {
    format!("{:.2} KiB", bytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_each() {
        assert_eq!(kibibytes(each(1 << 20, 3 << 20, 1024)), "2.00 KiB");
        assert!(each(2048, 1024, 2) < 0.0);
    }
}
