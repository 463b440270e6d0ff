//! A storm: many connect at once, all into one room.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::args::Target;
use crate::enter::Door;
use crate::process::Sample;

/// What a storm took.
pub(crate) struct Storm {
    /// Until the last was in.
    pub(crate) time: Duration,
    /// Before it, and when everyone had been told of everyone, as far as the server tells.
    pub(crate) samples: Option<[Sample; 2]>,
}

/// Lets so many into one room.
///
/// # Errors
///
/// The server does not let everyone in, or its process cannot be read.
pub(crate) fn measure(target: &Target, members: u32) -> Result<Storm> {
    let sample = || target.pid.map(Sample::of).transpose();
    let mut door = Door::new(target, u64::from(members))?;
    let before = sample()?;
    let started = Instant::now();
    let mut people = door.members(1, members, 0)?;
    let time = started.elapsed();
    door.settle(&mut people)?;
    let after = sample()?;
    Ok(Storm { time, samples: before.zip(after).map(<[Sample; 2]>::from) })
}
