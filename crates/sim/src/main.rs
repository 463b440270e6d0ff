//! Runs schedules on all cores: `sim --schedules 1000000 --seed 7`. A failure prints the seed of
//! its one schedule; `sim --schedules 1 --seed N` runs that again.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program of the terminal")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const USAGE: &str = "usage: sim [--schedules N] [--seed N]";

fn main() -> ExitCode {
    let Some((schedules, seed)) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    println!("{schedules} schedules from seed {seed}");
    let (next, steps, has_failed) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let worker = || {
        while !has_failed.load(Ordering::Relaxed) {
            let schedule = next.fetch_add(1, Ordering::Relaxed);
            if schedule >= schedules {
                return;
            }
            let own = seed.wrapping_add(schedule);
            match std::panic::catch_unwind(|| sim::run(own)) {
                Ok(Ok(taken)) => {
                    steps.fetch_add(taken, Ordering::Relaxed);
                    continue;
                }
                Ok(Err((step, broken))) => eprintln!("seed {own}, step {step}: {broken}"),
                Err(_) => eprintln!("seed {own}: a panic, printed above"),
            }
            eprintln!("again: cargo run -p sim --release -- --schedules 1 --seed {own}");
            has_failed.store(true, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(worker);
        }
    });
    if has_failed.load(Ordering::Relaxed) {
        return ExitCode::FAILURE;
    }
    println!("{} steps, no promise broken", steps.load(Ordering::Relaxed));
    ExitCode::SUCCESS
}

fn arguments() -> Option<(u64, u64)> {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    let (mut schedules, mut seed) = (20_000, u64::from(clock.subsec_nanos()) << 20);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match name.as_str() {
            "--schedules" => schedules = value,
            "--seed" => seed = value,
            _ => return None,
        }
    }
    Some((schedules, seed))
}
