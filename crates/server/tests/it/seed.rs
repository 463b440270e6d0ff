//! The seed's own client, as its report prints it: it sends what was typed without a line end and
//! reads 2,048 bytes at a time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::client::{Client, FRAME, GREETING, Wire};
use crate::harness::{DEADLINE, Server};

struct SeedClient {
    child: Child,
    keys: ChildStdin,
    shown: Receiver<String>,
}

impl SeedClient {
    /// `None`, with the reason printed, where there is no Python.
    fn start(server: &Server) -> Option<Self> {
        let spawned = Command::new("python3")
            .args(["-u", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/seed_client.py")])
            .args(["127.0.0.1", &server.addr().port().to_string()])
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = spawned else {
            eprintln!("skipped: python3 is not installed");
            return None;
        };
        let keys = child.stdin.take().unwrap();
        let screen = BufReader::new(child.stdout.take().unwrap());
        let (send, shown) = channel();
        thread::spawn(move || {
            for line in screen.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Some(Self { child, keys, shown })
    }

    fn types(&mut self, line: &str) {
        self.keys.write_all(format!("{line}\n").as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    #[track_caller]
    fn line(&self) -> String {
        self.shown.recv_timeout(DEADLINE).expect("a line on its screen")
    }

    #[track_caller]
    fn shows(&self, line: &str) {
        assert_eq!(self.line(), line);
    }

    #[track_caller]
    fn shows_tag(&self, tag: &str) {
        let line = self.line();
        assert!(line.starts_with(tag), "{tag} expected, came {line:?}");
    }
}

impl Drop for SeedClient {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_session_of_the_report_is_the_same() {
    let server = Server::start(&[]);
    let Some(mut seed) = SeedClient::start(&server) else { return };
    seed.shows(GREETING);
    seed.types("--HELP");
    for line in [
        FRAME,
        "--CREATE <NomeCanal> <CapacidadeDeUsuarios> <NomeUsuario> - Create Channel",
        "--JOIN <NomeCanal> <NomeUsuario> - Join Channel",
        "--OUT - Exit Channel",
        "--CHANNELS - List available channels",
        "--LIST - List user in channel",
        "--HELP - Show all commands description",
    ] {
        seed.shows(line);
    }
    while seed.line() != FRAME {}
    seed.types("--LIST");
    seed.shows("[ERRO] - E necessario entrar em uma sala para utilizar o comando --LIST");
}

#[test]
fn the_seed_client_talks_with_all_others() {
    let server = Server::start(&[]);
    let Some(mut seed) = SeedClient::start(&server) else { return };
    seed.shows(GREETING);
    seed.types("--CREATE sala 5 ana");
    seed.shows_tag("[OK] - ");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    seed.shows_tag("[INFO] - ");
    let Some(mut other) = SeedClient::start(&server) else { return };
    other.shows(GREETING);
    other.types("--JOIN sala caio");
    other.shows_tag("[OK] - ");
    seed.shows_tag("[INFO] - ");
    bia.expect_info_of("caio");
    // Its message has no line end; what the others get has.
    seed.types("ol\u{e1}, pessoal");
    bia.expect("[ana]: ol\u{e1}, pessoal");
    other.shows("[ana]: ol\u{e1}, pessoal");
    bia.send("oi, ana");
    seed.shows("[bia]: oi, ana");
    other.shows("[bia]: oi, ana");
    other.types("oi, voces");
    seed.shows("[caio]: oi, voces");
    bia.expect("[caio]: oi, voces");
    seed.types("--LIST");
    for line in [FRAME, "ana", "bia", "caio", FRAME] {
        seed.shows(line);
    }
    seed.types("--OUT");
    seed.shows_tag("[OK] - ");
    bia.expect_info_of("ana");
    other.shows_tag("[INFO] - ");
    drop(other);
    bia.expect_info_of("caio");
}

#[test]
fn a_long_text_of_the_seed_client_is_one_message() {
    let server = Server::start(&[]);
    let Some(mut seed) = SeedClient::start(&server) else { return };
    let mut bia = Client::creates(&server, Wire::Whole, "sala", "bia");
    seed.shows(GREETING);
    seed.types("--JOIN sala ana");
    seed.shows_tag("[OK] - ");
    bia.expect_info_of("ana");
    // Longer than what the seed's server read at once.
    let text = "palavra ".repeat(500);
    seed.types(text.trim_end());
    bia.expect(&format!("[ana]: {}", text.trim_end()));
    // Longer than what its client reads at once.
    bia.send(text.trim_end());
    seed.shows(&format!("[bia]: {}", text.trim_end()));
}
