//! The papo program.

mod cli;
#[allow(dead_code, reason = "the server that reads these settings is not wired yet")]
mod config;
mod logs;
mod welcome;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread::available_parallelism;

use cli::Order;
use config::{Loaded, Problems, Surroundings};

fn main() -> ExitCode {
    let order = cli::parse(std::env::args_os()).unwrap_or_else(|error| error.exit());
    match run(order) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error:#}");
            ExitCode::from(if error.is::<Problems>() { 2 } else { 1 })
        }
    }
}

fn run(order: Order) -> anyhow::Result<()> {
    let surroundings = Surroundings::of_process();
    match order {
        Order::Serve(flags) => serve(&config::load(&flags, &surroundings)?, &surroundings),
        Order::Connect(connect) => {
            let lang = connect.lang.or_else(|| surroundings.lang()).unwrap_or_default();
            anyhow::bail!("{connect:?} {lang}: there is no client yet")
        }
        Order::Config(flags) => print(config::load(&flags, &surroundings)?.to_toml().as_bytes()),
        Order::DefaultConfig => print(config::default_toml().as_bytes()),
        Order::Completions(shell) => print(&cli::completions(shell)),
        Order::Man => print(&cli::man_page()?),
    }
}

fn serve(loaded: &Loaded, surroundings: &Surroundings) -> anyhow::Result<()> {
    let config = &loaded.config;
    logs::start(&config.log, surroundings.colour())?;
    let start = welcome::Start {
        lang: config.server.lang,
        listening: &[SocketAddr::new(config.listen.ip, config.listen.port)],
        machine: &welcome::machine_addresses(),
        data: &config.data.folder,
        connections: config.limits.connections,
        descriptors: welcome::raise_descriptor_limit(),
        shards: config.server.shards(available_parallelism()?),
    };
    print(welcome::welcome(&start).as_bytes())
}

/// Prints to standard output; a reader that has seen enough (`papo config | head`) is no failure.
fn print(bytes: &[u8]) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
