//! The HTTP API against its own description: schemathesis asks the real server whatever the
//! document allows and much that it does not, and compares what comes back.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::shell;

/// The version that this was tried with.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Examples of each operation that are made up, unless the caller says otherwise.
const EXAMPLES: &str = "5";

/// The longest that a pass may take.
const PASS_MAX: Duration = Duration::from_mins(10);

const CONFIG: &str = include_str!("api/schemathesis.toml");

/// Runs schemathesis with a token and without, with `examples` of each operation.
///
/// # Errors
///
/// The server does not start, or does not do what the document says.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let examples = match arguments {
        [] => EXAMPLES,
        [flag, number] if flag == "--examples" => number,
        _ => anyhow::bail!("api takes --examples N and nothing else"),
    };
    let Some(schemathesis) = installed() else {
        println!("left out: {SCHEMATHESIS} cannot be installed with python3 -m venv and pip");
        return Ok(());
    };
    // As the tests build it, so that nothing is compiled twice.
    shell::run(&mut shell::cargo(&["build", "--workspace", "--bin", "papo", "--locked"]))?;
    let folder = shell::target().join("schemathesis-run");
    // Not there the first time.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("schemathesis.toml"), CONFIG)?;
    let server = Server::start(&folder)?;
    let account = r#"{"account":"ana","password":"correct horse battery"}"#;
    let made: Value = serde_json::from_str(&server.post("/accounts", account, None)?)?;
    let token = format!("Authorization: Bearer {}", made["token"].as_str().context("no token")?);
    server.post("/rooms", r#"{"room":"redes","capacity":40}"#, Some(&token))?;
    for header in [Some(&token), None] {
        println!("---- {} a token", if header.is_some() { "with" } else { "without" });
        let mut command = Command::new(&schemathesis);
        command.current_dir(&folder).args(["run", &format!("{}/openapi.json", server.root)]);
        command.args(["--url", &server.root, "--max-examples", examples, "--no-color"]);
        // Who is silent at first is taken for a client of lines, and a busy machine makes one so.
        command.args(["--request-retries", "3"]);
        // A stream has no end.
        command.args(["--exclude-path-regex", "/events"]);
        if let Some(header) = header {
            // It would revoke the token that it shows.
            command.args(["--exclude-operation-id", "revokeToken", "--header", header]);
        }
        shell::run_within(&mut command, PASS_MAX)?;
    }
    Ok(())
}

/// The program, in a folder of its own; `None`: it could not be installed.
fn installed() -> Option<PathBuf> {
    let folder = shell::target().join("schemathesis");
    let program = folder.join("bin/st");
    if !program.exists() {
        shell::run(shell::program("python3").args(["-m", "venv"]).arg(&folder)).ok()?;
        let mut pip = Command::new(folder.join("bin/pip"));
        shell::run(pip.args(["install", "--quiet", SCHEMATHESIS])).ok()?;
    }
    program.exists().then_some(program)
}

/// A running server; dropping it ends it.
struct Server {
    child: Child,
    /// Where its API lies.
    root: String,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let mut command = Command::new(shell::target().join("debug/papo"));
        command.args(["serve", "-i", "127.0.0.1", "-p", "0", "--log-level", "warn"]);
        command.args(["--set", "flood.messages_per_second=0", "--data"]).arg(folder.join("data"));
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start papo")?;
        let said = BufReader::new(child.stdout.take().context("papo has no output")?);
        let address = said.lines().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("http://")?;
            Some(address.trim_end_matches('/').to_owned())
        });
        let root = format!("http://{}/api/v1", address.context("papo says no address")?);
        Ok(Self { child, root })
    }

    fn post(&self, path: &str, body: &str, header: Option<&str>) -> Result<String> {
        let mut command = shell::program("curl");
        command.args(["-sf", &format!("{}{path}", self.root), "--json", body]);
        if let Some(header) = header {
            command.args(["-H", header]);
        }
        shell::output(&mut command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
