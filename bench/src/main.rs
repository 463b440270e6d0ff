//! Puts servers under load and says how they did.
//!
//! It goes in by the front door, as any client would, so it measures any server whose protocol it
//! speaks. Few threads, each with one loop over all its sockets: the generator must not be what is
//! measured.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool that talks to a terminal")]
#![allow(clippy::cast_precision_loss, reason = "figures are shown with a few digits")]

mod append;
mod args;
mod compare;
mod connection;
mod driver;
mod enter;
mod histogram;
mod idle;
mod ledger;
mod limit;
mod load;
mod message;
mod process;
mod protocol;
mod report;
mod resume;
mod storm;

use anyhow::Result;
use clap::Parser as _;

fn main() -> Result<()> {
    let args = args::Args::parse();
    enter::raise_file_limit()?;
    match args.mode {
        None => load::run(&args.load),
        Some(args::Mode::Idle(idle)) => idle::run(&idle),
        Some(args::Mode::Limit(limit)) => limit::run(&limit),
        Some(args::Mode::Compare(compare)) => compare::run(&compare),
    }
}
