//! The bots of `docs/bots.md`, each as it stands there.

use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::client::Api;
use crate::harness::{DEADLINE, Server, is_installed};

const PAGE: &str = include_str!("../../../../../docs/bots.md");

/// A bot's script that is killed at the end, with what it has started.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let group = Pid::from_raw(self.0.id().try_into().unwrap()).unwrap();
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.0.wait();
    }
}

fn script(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("\n```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

/// A bot answers once each time it is called, to that message, and not to itself.
fn answers(program: &str, arguments: &[&str], language: &str) {
    use std::os::unix::process::CommandExt as _;
    if !is_installed(program) || !is_installed("jq") {
        return;
    }
    let script = script(language);
    assert!(script.lines().count() <= 31, "a bot is short");
    let server = Server::start(&[]);
    let (ana, bot) = (Api::registers(&server, "ana"), Api::registers(&server, "robo"));
    ana.makes("redes");
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(program)
        .args(arguments)
        .arg(script)
        .env("PAPO", format!("http://{}/api/v1", server.addr()))
        .env("ROOM", "redes")
        .env("TOKEN", bot.token.as_ref().unwrap())
        .current_dir(folder.path())
        .process_group(0)
        .stdout(Stdio::null())
        .spawn();
    let _bot = Bot(child.unwrap());
    let end = std::time::Instant::now() + DEADLINE;
    while !ana.metrics().contains("papo_api_streams 1") {
        assert!(std::time::Instant::now() < end, "the bot does not listen");
    }
    let mut room = ana.stream("redes", "", "");
    ana.says("redes", "bom dia");
    let number = bot.number();
    for _ in 0..2 {
        let ping = ana.says("redes", "!ping");
        let answer =
            std::iter::from_fn(|| room.next()).find(|event| event["by"]["account"] == number);
        let answer = answer.unwrap();
        assert_eq!((&answer["text"], &answer["reply"]["to"]), (&json!("pong"), &json!(ping)));
    }
}

#[test]
fn the_bot_in_python() {
    answers("python3", &["-uc"], "python");
}

#[test]
fn the_bot_in_shell() {
    answers("sh", &["-c"], "sh");
}

#[test]
fn the_bot_in_javascript() {
    answers("node", &["--input-type=module", "-e"], "js");
}
