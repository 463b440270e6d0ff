//! What a connection costs that does nothing.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::args::Idle;
use crate::enter::Door;
use crate::process::Sample;
use crate::report::{Rows, mebibytes};

/// Opens the connections, waits, and prints what the server's memory grew by.
///
/// # Errors
///
/// The server does not let everyone in, or its process cannot be read.
pub(crate) fn run(idle: &Idle) -> Result<()> {
    let sample = || idle.target.pid.map(Sample::of).transpose();
    let before = sample()?;
    let mut door = Door::new(&idle.target, u64::from(idle.connections))?;
    let rooms = idle.connections.checked_div(idle.members).unwrap_or(0);
    let mut connections = door.members(rooms, idle.members, 0)?;
    let alone = idle.connections - rooms * idle.members;
    connections.append(&mut door.idlers(alone)?);
    std::thread::sleep(Duration::from_secs(idle.settle));
    let after = sample()?;
    // They have to be open until here.
    let count = connections.len() as u64;
    drop(connections);

    let samples = before.zip(after);
    if idle.target.json {
        println!(
            "{}",
            json!({
                "connections": count,
                "rooms": rooms,
                "rss_bytes_each": samples.map(|(before, after)| each(before.rss, after.rss, count)),
                "anon_bytes_each":
                    samples.map(|(before, after)| each(before.anon, after.anon, count)),
                "rss_bytes": after.map(|sample| sample.rss),
                "anon_bytes": after.map(|sample| sample.anon),
            })
        );
        return Ok(());
    }
    let mut rows = Rows::default();
    rows.add("connections", format!("{count}, {} of them in {rooms} rooms", rooms * idle.members));
    if let Some((before, after)) = samples {
        rows.add("RSS each", kibibytes(each(before.rss, after.rss, count)));
        rows.add("anonymous each", kibibytes(each(before.anon, after.anon, count)));
        rows.add(
            "server RSS",
            format!("{}, {} before", mebibytes(after.rss), mebibytes(before.rss)),
        );
        rows.add(
            "server anonymous",
            format!("{}, {} before", mebibytes(after.anon), mebibytes(before.anon)),
        );
    }
    print!("{}", rows.text);
    Ok(())
}

/// How much each of `count` added; below 0 where memory was given back meanwhile.
fn each(before: u64, after: u64, count: u64) -> f64 {
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
