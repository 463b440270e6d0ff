//! papo beside its peers and the bare limit: what is needed is installed and built here, and the
//! bench tool does the rest.

use anyhow::Result;

use crate::shell;
use crate::tools::{self, Package};

/// The peers papo is measured against.
const PEERS: &[Package] = &[
    Package { program: "ngircd", name: "ngircd" },
    Package { program: "inspircd", name: "inspircd" },
    Package { program: "nats-server", name: "nats-server" },
    Package { program: "mosquitto", name: "mosquitto" },
];

/// Installs the peers where it may, builds papo and the bench tool in release mode, and compares.
///
/// # Errors
///
/// Something does not build, or the bench tool fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    tools::install_debian(PEERS)?;
    shell::run(&mut shell::cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "server",
        "--package",
        "bench",
    ]))?;
    let bench = shell::target().join("release/bench");
    shell::run(shell::program(&bench.to_string_lossy()).arg("compare").args(arguments))
}
