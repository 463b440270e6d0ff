//! The bench tool against a release server that lives as long as the measurement.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::shell;

/// What is measured unless told otherwise: a big room and many small ones, as fast as they go.
const OPTIONS_DEFAULT: &[&[&str]] = &[
    &["--rooms", "1", "--members", "500", "--publishers", "4"],
    &["--rooms", "50", "--members", "10", "--publishers", "2"],
    &["idle", "--connections", "2000"],
];

/// How long the server may take until it accepts.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Builds both in release mode, starts a server in an empty data folder, and measures it.
///
/// # Errors
///
/// Something does not build, or the server does not start, or the bench tool fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "server",
        "--package",
        "bench",
    ]))?;
    let runs: Vec<Vec<&str>> = if arguments.is_empty() {
        OPTIONS_DEFAULT.iter().map(|options| options.to_vec()).collect()
    } else {
        vec![arguments.iter().map(String::as_str).collect()]
    };
    for options in runs {
        println!("\nbench {}", options.join(" "));
        let server = Server::start()?;
        let bench = shell::target().join("release/bench");
        shell::run(
            shell::program(&bench.to_string_lossy())
                .args(options)
                .args(["--addr", &server.address.to_string()])
                .args(["--pid", &server.process.id().to_string()]),
        )?;
    }
    Ok(())
}

/// A running server; it and its data go when this is dropped.
struct Server {
    process: Child,
    address: SocketAddr,
    data: PathBuf,
}

impl Server {
    fn start() -> Result<Self> {
        const LOOK_AGAIN: Duration = Duration::from_millis(20);

        // The port is free now; that someone takes it before the server does shows as a failure.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let data = shell::target().join("bench-data");
        remove(&data);
        let papo = shell::target().join("release/papo");
        let process = shell::program(&papo.to_string_lossy())
            .args(["serve", "--ip", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--max", "19000", "--data"])
            .arg(&data)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { process, address, data };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if started.elapsed() > START_LIMIT {
                bail!("the server does not accept after {} s", START_LIMIT.as_secs());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the process is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        remove(&self.data);
    }
}

fn remove(folder: &PathBuf) {
    // It may not exist; if it cannot be removed, the server will say so.
    let _ = std::fs::remove_dir_all(folder);
}
