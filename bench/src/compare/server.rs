//! The servers that are compared: how each is started with its limits off.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::protocol::Protocol;

/// From accepting on, a server may still be starting: what that takes is no connection's.
const SETTLE: Duration = Duration::from_millis(700);

/// How long a server may take until it accepts.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Where Debian puts servers, which is not on everyone's path.
const SERVER_FOLDERS: &[&str] = &["/usr/sbin", "/usr/bin", "/usr/local/bin"];

/// What would keep a load away from papo, switched off: it is the work that is measured, not the
/// defence. Its log stays on the disk and is flushed before anything is acknowledged.
const PAPO_WITHOUT_LIMITS: &[(&str, &str)] = &[
    ("PAPO_FLOOD_MESSAGES_PER_SECOND", "0"),
    ("PAPO_FLOOD_ADDRESS_MESSAGES_PER_SECOND", "0"),
    ("PAPO_LIMITS_CONNECTIONS_PER_ADDRESS", "1000000"),
    ("PAPO_LIMITS_CONNECTIONS", "19900"),
    ("PAPO_LOG", "error"),
];

/// A server that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The bare limit, a send a delivery: what all ratios refer to.
    Limit,
    /// The bare limit, a send a wake.
    Coalescing,
    /// The bare limit, a send a millisecond.
    Waiting,
    /// Ours.
    Papo,
    /// Ours, over WebSocket.
    PapoWs,
    /// An IRC server in C.
    Ngircd,
    /// An IRC server in C++.
    Inspircd,
    /// A message bus in Go.
    Nats,
    /// An MQTT broker in C.
    Mosquitto,
}

impl Kind {
    /// All of them, in the order of the tables.
    pub(crate) const ALL: &[Self] = &[
        Self::Limit,
        Self::Coalescing,
        Self::Waiting,
        Self::Papo,
        Self::PapoWs,
        Self::Ngircd,
        Self::Inspircd,
        Self::Nats,
        Self::Mosquitto,
    ];

    /// What it is called in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Coalescing => "coalescing limit",
            Self::Waiting => "waiting limit",
            Self::Papo => "papo",
            Self::PapoWs => "papo, WebSocket",
            Self::Ngircd => "ngIRCd",
            Self::Inspircd => "InspIRCd",
            Self::Nats => "NATS",
            Self::Mosquitto => "mosquitto",
        }
    }

    /// Whether it is ours, so that a fault in it is ours too.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Self::Limit | Self::Coalescing | Self::Waiting | Self::Papo | Self::PapoWs)
    }

    /// What it speaks.
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::Limit | Self::Coalescing | Self::Waiting | Self::Papo => Protocol::Line,
            Self::PapoWs => Protocol::Ws,
            Self::Ngircd | Self::Inspircd => Protocol::Irc,
            Self::Nats => Protocol::Nats,
            Self::Mosquitto => Protocol::Mqtt,
        }
    }

    /// Connections that it takes in at once without harm.
    pub(crate) fn at_once(self) -> u32 {
        match self {
            // It listens with a backlog of 10.
            Self::Ngircd => 8,
            // It lets everyone in once a second.
            Self::Inspircd => 1000,
            // It listens with a backlog of 100.
            Self::Mosquitto => 80,
            Self::Limit
            | Self::Coalescing
            | Self::Waiting
            | Self::Papo
            | Self::PapoWs
            | Self::Nats => 200,
        }
    }

    /// Its program, if it is installed.
    pub(crate) fn program(self, papo: Option<&Path>) -> Option<PathBuf> {
        let this = std::env::current_exe().ok()?;
        let path = match self {
            Self::Limit | Self::Coalescing | Self::Waiting => this,
            Self::Papo | Self::PapoWs => {
                papo.map_or_else(|| this.with_file_name("papo"), Path::to_path_buf)
            }
            Self::Ngircd => installed("ngircd")?,
            Self::Inspircd => installed("inspircd")?,
            Self::Nats => installed("nats-server")?,
            Self::Mosquitto => installed("mosquitto")?,
        };
        path.is_file().then_some(path)
    }

    /// Its configuration file's text; none where flags do.
    fn config(self, port: u16, folder: &Path) -> String {
        let folder = folder.display();
        match self {
            Self::Limit | Self::Coalescing | Self::Waiting | Self::Papo | Self::PapoWs => {
                String::new()
            }
            Self::Ngircd => format!(
                "[Global]\nName = bench.invalid\nInfo = bench\nListen = 127.0.0.1\nPorts = {port}\n\
                 MotdPhrase = bench\n\
                 [Limits]\nMaxConnections = 0\nMaxConnectionsIP = 0\nMaxJoins = 0\n\
                 MaxNickLength = 32\nMaxPenaltyTime = 0\nPingTimeout = 3600\n\
                 [Options]\nDNS = no\nIdent = no\nPAM = no\nSyslogFacility = local1\n"
            ),
            Self::Inspircd => format!(
                "<server name=\"bench.invalid\" description=\"bench\" network=\"bench\">\n\
                 <admin name=\"bench\" nick=\"bench\" email=\"bench@bench.invalid\">\n\
                 <bind address=\"127.0.0.1\" port=\"{port}\" type=\"clients\">\n\
                 <connect allow=\"*\" timeout=\"60\" pingfreq=\"1h\" hardsendq=\"1G\" \
                 softsendq=\"1G\" recvq=\"1G\" threshold=\"1000000000\" commandrate=\"1000000000\" \
                 fakelag=\"no\" localmax=\"1000000\" globalmax=\"1000000\" maxconnwarn=\"no\" \
                 resolvehostnames=\"no\" useident=\"no\">\n\
                 <performance softlimit=\"1000000\" somaxconn=\"4096\" netbuffersize=\"65534\" \
                 quietbursts=\"yes\">\n\
                 <limits maxnick=\"32\">\n\
                 <pid file=\"{folder}/pid\">\n\
                 <log method=\"file\" type=\"*\" level=\"default\" target=\"{folder}/log\">\n"
            ),
            Self::Nats => format!(
                "host: \"127.0.0.1\"\nport: {port}\nmax_connections: 1000000\n\
                 max_pending: 1073741824\nping_interval: \"1h\"\nwrite_deadline: \"60s\"\n"
            ),
            Self::Mosquitto => format!(
                "listener {port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\n\
                 max_queued_messages 0\nset_tcp_nodelay true\npersistence false\nlog_type error\n\
                 user root\n"
            ),
        }
    }

    fn command(self, program: &Path, port: u16, folder: &Path) -> Command {
        let mut command = Command::new(program);
        let config = folder.join("config");
        match self {
            Self::Limit | Self::Coalescing | Self::Waiting => {
                let mode = match self {
                    Self::Coalescing => "coalesce",
                    Self::Waiting => "wait",
                    _ => "send",
                };
                command.args(["limit", "--mode", mode, "--port", &port.to_string()]);
            }
            Self::Papo | Self::PapoWs => {
                command
                    .args(["serve", "--ip", "127.0.0.1", "--port", &port.to_string(), "--data"])
                    .arg(folder)
                    .envs(PAPO_WITHOUT_LIMITS.iter().copied());
            }
            Self::Ngircd => {
                command.args(["--nodaemon", "--config"]).arg(config);
            }
            Self::Inspircd => {
                let mut file = std::ffi::OsString::from("--config=");
                file.push(config);
                command.args(["--nofork", "--nopid", "--runasroot"]).arg(file);
            }
            Self::Nats | Self::Mosquitto => {
                command.arg("-c").arg(config);
            }
        }
        command
    }
}

/// A running server; it and its folder go when this is dropped.
pub(crate) struct Running {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddr,
    pub(crate) folder: PathBuf,
    process: Child,
}

impl Running {
    /// Starts a server in an empty folder, and waits until it accepts.
    ///
    /// # Errors
    ///
    /// It is not installed, or does not accept.
    pub(crate) fn start(kind: Kind, papo: Option<&Path>, folder: &Path) -> Result<Self> {
        const LOOK_AGAIN: Duration = Duration::from_millis(20);

        let program = kind.program(papo).context("it is not installed")?;
        // The port is free now; that someone takes it before the server does shows as a failure.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        // It may not exist; if it cannot be removed, the server will say so.
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("config"), kind.config(address.port(), folder))?;
        let mut command = kind.command(&program, address.port(), folder);
        if !kind.is_ours() {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { kind, address, folder: folder.to_path_buf(), process };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = server.process.try_wait()? {
                bail!("{} ends at once: {status}", kind.name());
            }
            if started.elapsed() > START_LIMIT {
                bail!("{} does not accept after {} s", kind.name(), START_LIMIT.as_secs());
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        std::thread::sleep(SETTLE);
        Ok(server)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if the process is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn installed(program: &str) -> Option<PathBuf> {
    SERVER_FOLDERS.iter().map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}
