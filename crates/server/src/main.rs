//! The papo program: its commands, and what they print.

mod admin;
mod archive;
mod cli;
mod clock;
mod config;
mod desk;
mod gateway;
mod http;
mod hub;
mod keep;
mod limits;
mod listen;
mod logs;
mod metrics;
mod people;
mod prefixed;
mod random;
mod serve;
mod shard;
mod stream;
mod thread;
mod tls;
mod unread;
mod welcome;

use std::io::{self, Write};
use std::process::ExitCode;

use cli::{Connect, Order};
use config::{Loaded, Problems, Surroundings};

#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let order = cli::parse(std::env::args_os()).unwrap_or_else(|error| error.exit());
    match run(order) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error:#}");
            ExitCode::from(if error.is::<Problems>() { 2 } else { 1 })
        }
    }
}

fn run(order: Order) -> anyhow::Result<ExitCode> {
    let surroundings = Surroundings::of_process();
    match order {
        Order::Serve(flags) => serve(&config::load(&flags, &surroundings)?, &surroundings),
        Order::Connect(connect) => return talk(connect),
        Order::Admin(flags, task) => administer(&task, &config::load(&flags, &surroundings)?),
        Order::Keep(flags, task) => keep(&task, &config::load(&flags, &surroundings)?),
        Order::Config(flags) => print(config::load(&flags, &surroundings)?.to_toml().as_bytes()),
        Order::DefaultConfig => print(config::default_toml().as_bytes()),
        Order::Completions(shell) => print(&cli::completions(shell)),
        Order::Man => print(&cli::man_page()?),
    }
    .map(|()| ExitCode::SUCCESS)
}

fn talk(connect: Connect) -> anyhow::Result<ExitCode> {
    let Connect { host, port, nick, room, lang } = connect;
    term::connect(&term::Options { host, port, nick, room, lang })
        .map_err(|error| anyhow::anyhow!(error.text(lang)))
}

fn serve(loaded: &Loaded, surroundings: &Surroundings) -> anyhow::Result<()> {
    logs::start(&loaded.config.log, surroundings.colour())?;
    serve::serve(&loaded.config, |welcome| {
        // A server that nobody watches start serves all the same.
        let _ = print(welcome.as_bytes());
    })
}

fn administer(task: &admin::Task, loaded: &Loaded) -> anyhow::Result<()> {
    let mut output = Vec::new();
    let done = admin::run(task, &loaded.config, &mut output);
    print(&output)?;
    done
}

fn keep(task: &keep::Task, loaded: &Loaded) -> anyhow::Result<()> {
    // Not gathered first: a room may be longer than memory.
    keep::run(task, &loaded.config, &mut io::stdout().lock())
}

/// Prints to standard output; a reader that has seen enough (`papo config | head`) is no failure.
fn print(bytes: &[u8]) -> anyhow::Result<()> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
