//! A scripted server, and a person at a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use tempfile::TempDir;

/// After this nothing more is expected to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The client's command, in an empty environment.
pub(crate) fn client(port: u16, arguments: &[&str]) -> Command {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("examples/connect");
    assert!(program.exists(), "build the example first: {}", program.display());
    let mut command = Command::new(program);
    command.env_clear().args(["127.0.0.1", &port.to_string()]).args(arguments);
    command
}

pub(crate) struct Server {
    listener: TcpListener,
    pub(crate) port: u16,
}

pub(crate) struct Connection {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { listener, port }
    }

    pub(crate) fn accept(&self) -> Connection {
        let (stream, _) = self.listener.accept().unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Connection { lines: BufReader::new(stream.try_clone().unwrap()), stream }
    }
}

impl Connection {
    pub(crate) fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\n").as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// The client's next line is this one.
    pub(crate) fn expect(&mut self, line: &str) {
        let mut got = String::new();
        self.lines.read_line(&mut got).unwrap();
        assert_eq!(got, format!("{line}\n"));
    }

    pub(crate) fn read_to_end(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.lines.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Plays a first connection up to standing in a room.
    pub(crate) fn enter(&mut self, room: &str, nick: &str, last: u64) {
        self.expect("--CURSOR");
        self.send("Conexao concluida. Digite --HELP para ajuda.");
        self.send("[OK] - Cursor 0");
        self.expect(&format!("--JOIN {room} {nick}"));
        self.send(&format!("[OK] - Voce entrou em {room}"));
        self.expect("--CURSOR");
        self.send(&format!("[OK] - Cursor {last}"));
    }
}

/// Someone at a terminal of 80 columns. Dropped, the client is killed.
pub(crate) struct Person {
    master: File,
    /// The terminal's modes before the client was there.
    pub(crate) modes_before: String,
    child: Child,
    shown: Arc<(Mutex<Vec<u8>>, Condvar)>,
    state: TempDir,
}

impl Person {
    pub(crate) fn sit_down(port: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let master = File::from(master);
        tcsetwinsize(&master, size(80)).unwrap();
        let modes_before = modes(&master);
        let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let state = TempDir::new().unwrap();
        let child = client(port, arguments)
            .env("TERM", "xterm-256color")
            .env("XDG_STATE_HOME", state.path())
            .envs(variables.iter().copied())
            .stdin(terminal.try_clone().unwrap())
            .stdout(terminal.try_clone().unwrap())
            .stderr(terminal)
            .spawn()
            .unwrap();
        let shown = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let (mut reader, writer) = (master.try_clone().unwrap(), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                writer.0.lock().unwrap().extend_from_slice(&bytes[..count]);
                writer.1.notify_all();
            }
        });
        Self { master, modes_before, child, shown, state }
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).unwrap();
    }

    pub(crate) fn resize(&self, columns: u16) {
        tcsetwinsize(&self.master, size(columns)).unwrap();
        // The client has no controlling terminal here, so the kernel does not tell it.
        self.signal(Signal::WINCH);
    }

    /// The terminal's modes now.
    pub(crate) fn modes(&self) -> String {
        modes(&self.master)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// All that was written to the terminal so far.
    pub(crate) fn screen(&self) -> String {
        String::from_utf8_lossy(&self.shown.0.lock().unwrap()).into_owned()
    }

    /// Waits until `text` was written; gives all that was.
    pub(crate) fn see(&self, text: &str) -> String {
        let (shown, changed) = (&self.shown.0, &self.shown.1);
        let missing = |bytes: &mut Vec<u8>| {
            !bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        let (bytes, waited) =
            changed.wait_timeout_while(shown.lock().unwrap(), PATIENCE, missing).unwrap();
        let screen = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!waited.timed_out(), "{text:?} never came: {screen}");
        screen
    }

    /// Waits for the client to end; its exit code.
    pub(crate) fn leave(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// The folder of the user's state.
    pub(crate) fn state(&self) -> &Path {
        self.state.path()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn modes(terminal: &File) -> String {
    format!("{:?}", tcgetattr(terminal).unwrap())
}

fn size(columns: u16) -> Winsize {
    Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}
