//! The client alone: `cargo run -p term --example connect -- [HOST [PORT [ROOM NICK]]]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut options = term::Options::default();
    if let Some(host) = arguments.next() {
        options.host = host;
    }
    if let Some(port) = arguments.next().and_then(|port| port.parse().ok()) {
        options.port = port;
    }
    options.room = arguments.next();
    options.nick = arguments.next();
    match term::connect(&options) {
        Ok(code) => code,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "this is what a program does with it")]
            {
                eprintln!("{}", error.text(options.lang));
            }
            ExitCode::FAILURE
        }
    }
}
