//! A seeded world that runs random schedules through the rules.
//!
//! [`run`] plays one schedule: several members ask for random things of one [`room::Directory`]
//! over one [`store::Memory`] that fails now and then, in the order of calls that the rooms' crate
//! fixes and the server follows. After each step [`check::Checks`] says whether a promise was
//! broken. All chance comes from the seed, so a failure is run again by its number.

pub mod check;
mod messages;
pub mod random;
mod rights;
mod world;

pub use check::Broken;

use random::Random;
use world::World;

/// Steps of one schedule at most.
const STEPS_MAX: u64 = 60;

/// Plays the schedule of a seed; how many steps it had.
///
/// # Errors
///
/// The first promise that was broken, and at which step.
pub fn run(seed: u64) -> Result<u64, (u64, Broken)> {
    let mut random = Random::new(seed);
    let steps = 1 + random.below(STEPS_MAX);
    let mut world = World::new(random);
    for step in 0..steps {
        world.step().map_err(|broken| (step, broken))?;
    }
    world.end().map_err(|broken| (steps, broken))?;
    Ok(steps)
}
