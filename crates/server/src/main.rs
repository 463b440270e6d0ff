//! Serves pages only, until the server around it exists: `papo serve -p PORT [--pages DIR]`.

mod http;
mod prefixed;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve {
        #[arg(short, long, default_value_t = 7777)]
        port: u16,
        #[arg(long)]
        pages: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    let Command::Serve { port, pages } = Cli::parse().command;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(port, pages))
}

async fn serve(port: u16, pages: Option<PathBuf>) -> anyhow::Result<()> {
    let probes =
        http::Probes { ready: Arc::new(|| Ok(())), metrics: Arc::new(|| "# EOF\n".to_owned()) };
    let site = Arc::new(http::Site::new(pages.as_deref(), probes, http::Limits::default())?);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    announce(&listener)?;
    let (_down, shutdown) = tokio::sync::watch::channel(false);
    loop {
        let (stream, peer) = listener.accept().await?;
        let stream = prefixed::Prefixed::new(stream, Bytes::new());
        tokio::spawn(http::serve(stream, peer.ip(), Arc::clone(&site), shutdown.clone()));
    }
}

#[expect(clippy::print_stdout, reason = "how the tests learn the port")]
fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    println!("{}", listener.local_addr()?);
    Ok(())
}
