//! The operator works on accounts: what `papo admin` does, says, and never shows.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};
use tempfile::TempDir;

use crate::harness::{DEADLINE, Setup};

const PASSWORD: &str = "segredo de teste";

/// What the program did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    output: String,
    errors: String,
}

fn command(data: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papo"));
    command.env_clear().arg("admin").args(line.split(' ')).arg("--lang=en");
    command.arg("--data").arg(data);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `papo admin`, with that in its pipe.
pub(crate) fn admin(data: &Path, line: &str, input: &str) -> Done {
    let mut child = command(data, line).spawn().unwrap();
    // A program that asks for nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    done(child.wait_with_output().unwrap())
}

fn done(output: Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code(), output: text(output.stdout), errors: text(output.stderr) }
}

fn told(output: &str) -> Done {
    Done { code: Some(0), output: format!("{output}\n"), errors: String::new() }
}

fn refused(errors: &str) -> Done {
    Done { code: Some(1), output: String::new(), errors: format!("{errors}\n") }
}

fn people(data: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(data.join("people.db")).unwrap()
}

#[test]
fn accounts_are_made_listed_and_disabled() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    assert_eq!(admin(&data, "list", ""), told("There are no accounts"));
    let first = "Account Ana created; it administers the server";
    assert_eq!(admin(&data, "create Ana", &format!("{PASSWORD}\n")), told(first));
    // Without a line end, with that of Windows, and with more lines behind.
    assert_eq!(admin(&data, "create bob", PASSWORD), told("Account bob created"));
    let more = format!("{PASSWORD}\r\nmore\n");
    assert_eq!(admin(&data, "create --admin eva", &more), told("Account eva created"));
    let taken = admin(&data, "create ANA", "");
    assert_eq!(taken, refused("ANA already belongs to an account"));
    let disabled = "Account bob disabled; it is logged out everywhere";
    assert_eq!(admin(&data, "disable Bob", ""), told(disabled));
    let list = admin(&data, "list", "").output;
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 4, "{list}");
    assert!(lines[1].ends_with("  Ana  (administrator)"), "{list}");
    assert!(lines[2].ends_with("  bob  (disabled)"), "{list}");
    assert!(lines[3].ends_with("  eva  (administrator)"), "{list}");
    assert_eq!(admin(&data, "enable bob", ""), told("Account bob enabled"));
    assert!(admin(&data, "list", "").output.lines().nth(2).unwrap().ends_with("  bob"));
    let nobody = refused("There is no account rui");
    for line in ["password rui", "disable rui", "enable rui", "tokens rui", "revoke rui 1"] {
        assert_eq!(admin(&data, line, ""), nobody, "{line}");
    }
    let bad = refused("a! is no nick: use 1 to 32 letters, digits, - _ .");
    assert_eq!(admin(&data, "create a!", ""), bad);
}

#[test]
fn a_password_has_its_limits_and_is_kept_as_a_hash() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let long = "x".repeat(257);
    for (input, why) in [
        ("", "No password was given"),
        ("\n", "The password is too short: at least 8 characters"),
        ("1234567\n", "The password is too short: at least 8 characters"),
        (&long, "The password is too long: at most 256 bytes"),
        ("12345\t78\n", "The password is not UTF-8, or has control characters"),
    ] {
        assert_eq!(admin(data, "create ana", input), refused(why), "{input:?}");
    }
    assert_eq!(admin(data, "list", ""), told("There are no accounts"));
    assert_eq!(admin(data, "create ana", &long[1..]).code, Some(0));
    let hash = || -> String {
        people(data).query_row("SELECT password FROM account", [], |row| row.get(0)).unwrap()
    };
    let before = hash();
    assert!(before.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{before}");
    let changed = "Password of ana changed; it is logged out everywhere";
    assert_eq!(admin(data, "password ana", PASSWORD), told(changed));
    assert_ne!(hash(), before);
    for file in fs::read_dir(data).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes()));
    }
}

#[test]
fn tokens_are_shown_and_revoked() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    admin(data, "create ana", PASSWORD);
    assert_eq!(admin(data, "tokens ana", ""), told("ana has no tokens"));
    people(data)
        .execute_batch(
            "INSERT INTO token VALUES
                 (7, x'00', 1, 'a' || char(27) || '[2Jb', 951782400000, 951868800000, NULL),
                 (8, x'01', 1, 'old', 0, 0, 1)",
        )
        .unwrap();
    let tokens = admin(data, "tokens ana", "").output;
    let lines: Vec<&str> = tokens.lines().collect();
    assert_eq!(lines.len(), 2, "{tokens}");
    let row = "7  2000-02-29 00:00  2000-03-01 00:00  never             a[2Jb";
    assert_eq!(lines[1].trim_start(), row);
    assert_eq!(admin(data, "revoke ana 9", ""), refused("ana has no token 9"));
    assert_eq!(admin(data, "revoke ana 7", ""), told("Token 7 of ana revoked"));
    assert_eq!(admin(data, "revoke ana 7", ""), refused("ana has no token 7"));
}

#[test]
fn every_change_is_in_the_audit_log() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    admin(data, "create ana", PASSWORD);
    admin(data, "password ana", "another of them");
    admin(data, "disable ana", "");
    admin(data, "enable ana", "");
    admin(data, "create bob", "short");
    let people = people(data);
    let mut select =
        people.prepare("SELECT actor, action, subject FROM audit ORDER BY id").unwrap();
    let deeds: Vec<[String; 3]> = select
        .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let deed = |action: &str| ["papo admin", action, "ana"].map(str::to_owned);
    let actions = ["account-create", "account-password", "account-disable", "account-enable"];
    assert_eq!(deeds, actions.map(deed));
}

#[test]
fn it_works_beside_a_running_server() {
    let server = Setup::new(&[]).start();
    let data = server.setup().data();
    let first = "Account ana created; it administers the server";
    assert_eq!(admin(&data, "create ana", PASSWORD), told(first));
    assert_eq!(admin(&data, "disable ana", "").code, Some(0));
}

/// On a terminal it asks twice, shows nothing of what is typed, and leaves the terminal as it was.
#[test]
fn on_a_terminal_nothing_is_shown() {
    let folder = TempDir::new().unwrap();
    // Changed their mind; a slip of the finger in either; the same twice.
    for (typed, again, expected) in [
        ("segredo um", Some("segredo dois"), "The two passwords are not the same"),
        ("seg\u{3}", None, "No password was given"),
        ("lixo\u{15}segrez\u{7f}do \u{e9}\u{7f}um", Some("segredo um"), "administers the server"),
    ] {
        let (controller, terminal) = terminal();
        let echoes = || tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ECHO);
        assert!(echoes());
        let mut child = command(folder.path(), "create ana");
        child.stdin(terminal.try_clone().unwrap()).stderr(terminal.try_clone().unwrap());
        let child = child.spawn().unwrap();
        let mut screen = Screen::of(&controller);
        screen.wait_for("Password for ana: ");
        screen.keys.write_all(format!("{typed}\r").as_bytes()).unwrap();
        if let Some(again) = again {
            screen.wait_for("Once more: ");
            screen.keys.write_all(format!("{again}\r").as_bytes()).unwrap();
        }
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert!(echoes(), "the terminal is as it was");
        // What it said last may still be on its way to the screen.
        if output.is_empty() {
            screen.wait_for(expected);
        }
        assert!(format!("{output}{}", screen.text).contains(expected));
        for secret in ["seg", "redo", "um\r"] {
            assert!(!screen.text.contains(secret), "{:?}", screen.text);
        }
    }
}

fn terminal() -> (File, File) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    (File::from(controller), terminal)
}

/// What was written to the terminal so far.
struct Screen {
    keys: File,
    pieces: Receiver<Vec<u8>>,
    text: String,
}

impl Screen {
    fn of(controller: &File) -> Self {
        let (sender, pieces) = channel();
        let mut output = controller.try_clone().unwrap();
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            // Ends when the last handle of the terminal is closed.
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let _ = sender.send(bytes[..count].to_vec());
            }
        });
        Self { keys: controller.try_clone().unwrap(), pieces, text: String::new() }
    }

    fn wait_for(&mut self, text: &str) {
        while !self.text.contains(text) {
            let piece = self.pieces.recv_timeout(DEADLINE);
            let piece = piece.unwrap_or_else(|_| panic!("no {text:?} in {:?}", self.text));
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}
