//! The commands of `docs/operate.md` do what the page says.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::backup::inhabit;
use crate::client::{Client, Wire};
use crate::harness::{DEADLINE, Server, Setup};

const PAGE: &str = include_str!("../../../../docs/operate.md");

/// The commands that a heading of the page is followed by, as one script.
fn commands(heading: &str) -> String {
    let (_, section) = PAGE.split_once(&format!("\n{heading}\n")).expect("the page has it");
    let lines = section.lines().skip_while(|line| !line.starts_with("    "));
    let lines = lines.take_while(|line| line.starts_with("    ") || line.is_empty());
    lines.map(|line| line.trim_start().to_owned() + "\n").collect()
}

/// Runs a script of the page, with its folders in ours and `papo` that which is tested.
#[track_caller]
fn run(script: &str, data: &Path, folder: &Path) -> String {
    let bin = folder.join("bin");
    if !bin.exists() {
        std::fs::create_dir_all(&bin).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_papo"), bin.join("papo")).unwrap();
    }
    let here = folder.to_str().unwrap();
    let script = script
        .replace("/var/lib/papo", data.to_str().unwrap())
        .replace("/backup/", &format!("{here}/"))
        .replace("/tmp/drill", &format!("{here}/try"))
        .replace("timeout 5", "timeout 1");
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-ec", &script])
        .env_clear()
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("PAPO_LANG", "en")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{told}{errors}");
    told
}

#[test]
fn the_drill_goes_through_beside_a_running_server() {
    let server = Server::start(&[]);
    inhabit(&server);
    let folder = TempDir::new().unwrap();
    let told = run(&commands("### A drill"), &server.setup().data(), folder.path());
    for said in ["Backup made in", "papo.db: OK", "people.db: OK", "is now what", "is running"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    server.stop();
}

/// A metric that an alarm waits for must be there.
#[test]
fn the_metrics_of_the_page_are_told() {
    let server = Server::start(&[]);
    let metrics = get(&server, "/metrics");
    let words =
        PAGE.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let named: BTreeSet<_> = words.filter(|word| word.starts_with("papo_")).collect();
    assert!(named.len() > 5);
    for name in named {
        assert!(metrics.contains(&format!("\n{name} ")), "{name}");
    }
    assert!(get(&server, "/readyz").starts_with("HTTP/1.1 200 "));
}

fn get(server: &Server, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_the_page_does_against_an_attack_is_done() {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut mallory = Client::joins(&server, Wire::Whole, "sala", "mallory");
    mallory.send("spam");
    ana.expect_info_of("mallory");
    ana.expect("[mallory]: spam");
    let section = PAGE.split_once("\n## When a room is attacked\n").unwrap().1;
    let section = section.split_once("\n## ").unwrap().0;
    let lines: Vec<_> = section.lines().filter_map(|line| line.strip_prefix("    --")).collect();
    assert_eq!(lines.len(), 7);
    for line in lines {
        ana.send(&format!("--{line}"));
        // What the room is told comes to her too, or before.
        loop {
            let answer = ana.line();
            if answer.starts_with("[OK]") {
                break;
            }
            assert!(!answer.starts_with("[ERRO]"), "{line}: {answer}");
        }
    }
}

#[test]
fn the_backup_of_the_page_is_one_to_go_back_to() {
    let server = Server::start(&[]);
    inhabit(&server);
    let folder = TempDir::new().unwrap();
    let data = server.setup().data();
    run(&commands("## Back up"), &data, folder.path());
    let setup: Setup = server.setup().clone();
    server.stop();
    let made = std::fs::read_dir(folder.path()).unwrap();
    let made = made.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let made = made.into_iter().find(|name| name.starts_with("papo-")).unwrap();
    let going_back = commands("### Going back");
    let restore = going_back.lines().find(|line| line.contains("papo restore")).unwrap();
    let restore = restore.replace("sudo ", "").replace("papo-2026-01-31", &made);
    assert!(run(&restore, &data, folder.path()).contains("before-restore-"));
    setup.start().stop();
}
