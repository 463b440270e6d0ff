//! Starts and stops the real server, and shows what it said when a test fails.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The longest that anything here waits for the server. Generous: the machine may be busy.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Setting that takes flood control out of a load test's way.
pub(crate) const NO_FLOOD_CONTROL: [&str; 2] = ["--set", "flood.messages_per_second=0"];

/// Runs `test` once with whole lines on the wire and once with one byte a segment.
macro_rules! over_both_wires {
    ($($test:ident),* $(,)?) => {
        mod whole {
            $(#[test] fn $test() { super::$test(crate::client::Wire::Whole); })*
        }
        mod sliced {
            $(#[test] fn $test() { crate::pace::run_sliced(super::$test); })*
        }
    };
}
pub(crate) use over_both_wires;

/// How a server is to be started.
#[derive(Clone)]
pub(crate) struct Setup {
    ip: String,
    args: Vec<String>,
    /// Goes before the program: a command that ends in executing its arguments.
    wrapper: Vec<String>,
    data: Arc<TempDir>,
}

impl Setup {
    pub(crate) fn new(args: &[&str]) -> Self {
        Self {
            ip: "127.0.0.1".into(),
            args: args.iter().map(ToString::to_string).collect(),
            wrapper: Vec::new(),
            data: Arc::new(tempfile::tempdir().unwrap()),
        }
    }

    pub(crate) fn wrapped_in(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(ToString::to_string).collect();
        self
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.data.path().join("data")
    }

    pub(crate) fn command(&self) -> Command {
        let papo = env!("CARGO_BIN_EXE_papo");
        let mut command = match self.wrapper.split_first() {
            Some((program, rest)) => {
                let mut command = Command::new(program);
                command.args(rest).arg(papo);
                command
            }
            None => Command::new(papo),
        };
        command.args(["serve", "-i", &self.ip, "-p", "0", "--data"]).arg(self.data());
        command.args(&self.args);
        // What the caller's environment says must not change what is tested.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PAPO_") {
                command.env_remove(name);
            }
        }
        command.env_remove("RUST_LOG").env("LANG", "pt_BR.UTF-8").env_remove("LC_ALL");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn start(&self) -> Server {
        self.try_start().unwrap_or_else(|output| panic!("the server did not start:\n{output}"))
    }

    /// Starts the server; what it said, if it ended instead of listening.
    pub(crate) fn try_start(&self) -> Result<Server, String> {
        let mut child = self.command().spawn().unwrap();
        let output = Arc::new(Output::default());
        output.follow("out", child.stdout.take().unwrap());
        output.follow("err", child.stderr.take().unwrap());
        if let Some(addr) = output.wait_for(telnet_address) {
            return Ok(Server { child, addr, output, setup: self.clone() });
        }
        // Killed only so that `wait` cannot hang; it has already ended or is stuck.
        let _ = child.kill();
        let status = child.wait().unwrap();
        Err(format!("{status}\n{}", output.text()))
    }
}

/// Whether a program is there; says why a test is skipped if not.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = Command::new("which").arg(program).stdout(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        eprintln!("skipped: {program} is not installed");
    }
    is_there
}

/// The address in `telnet <ip> <port>`, which the server prints when it listens.
fn telnet_address(text: &str) -> Option<SocketAddr> {
    let words: Vec<_> = text.split_whitespace().collect();
    words.windows(3).find_map(|three| match three {
        ["telnet", ip, port] => {
            Some(SocketAddr::new(ip.parse::<IpAddr>().ok()?, port.parse().ok()?))
        }
        _ => None,
    })
}

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    addr: SocketAddr,
    output: Arc<Output>,
    setup: Setup,
}

impl Server {
    /// A server on a fresh data folder and a port of the system's choice.
    pub(crate) fn start(args: &[&str]) -> Self {
        Setup::new(args).start()
    }

    pub(crate) const fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) const fn setup(&self) -> &Setup {
        &self.setup
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.pid().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the server did not end within {DEADLINE:?}");
            thread::sleep(Duration::from_millis(2)); // there is no wait with a deadline
        }
    }

    /// Asks it to end and asserts that it does so in good order.
    pub(crate) fn stop(mut self) {
        self.signal(Signal::TERM);
        let status = self.wait();
        assert_eq!(status.code(), Some(0), "end after SIGTERM: {status}");
    }

    /// Kills it without a warning, as a power cut would.
    pub(crate) fn kill(mut self) -> Setup {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.setup.clone()
    }

    /// Waits until it has said that so many times.
    #[track_caller]
    pub(crate) fn expect_said(&self, text: &str, times: usize) {
        let said = self.output.wait_for(|said| (said.matches(text).count() >= times).then_some(()));
        assert!(said.is_some(), "{text:?} {times} times in:\n{}", self.said());
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        self.output.text()
    }

    /// Bytes of its own anonymous memory.
    pub(crate) fn anonymous_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let output = self.output.text();
        if thread::panicking() {
            eprintln!("--- the server said:\n{output}---");
        } else {
            assert!(!output.contains("panicked at"), "the server panicked:\n{output}");
        }
    }
}

/// What a process writes, gathered line by line.
#[derive(Default)]
struct Output {
    state: Mutex<(String, usize)>,
    changed: Condvar,
}

impl Output {
    fn follow(self: &Arc<Self>, name: &'static str, from: impl Read + Send + 'static) {
        self.state.lock().unwrap().1 += 1;
        let output = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
                let mut state = output.state.lock().unwrap();
                let line = String::from_utf8_lossy(&line);
                writeln!(state.0, "{name}: {line}").unwrap();
                output.changed.notify_all();
            }
            output.state.lock().unwrap().1 -= 1;
            output.changed.notify_all();
        });
    }

    fn text(&self) -> String {
        self.state.lock().unwrap().0.clone()
    }

    /// Waits until `find` finds something in what was said; `None` when the process closed its
    /// streams or the deadline passed before.
    fn wait_for<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let end = Instant::now() + DEADLINE;
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(found) = find(&state.0) {
                return Some(found);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.1 == 0 {
                return None;
            }
            state = self.changed.wait_timeout(state, left).unwrap().0;
        }
    }
}
