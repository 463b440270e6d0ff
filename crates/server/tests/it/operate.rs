//! The commands of `docs/operate.md` do what the page says.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::backup::inhabit;
use crate::harness::{Server, Setup};

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
