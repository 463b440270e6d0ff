//! Accepting: one thread takes every connection and gives it to the shard with the fewest.

use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::sync::mpsc;

use super::{Ledger, Permit, Refusal};
use crate::limits::ACCEPT_RETRY;
use crate::metrics::ListenMetrics;
use crate::shard::Accepted;

/// Connections the system holds until they are accepted; it lowers the number to its own limit.
const BACKLOG: i32 = 4096;

/// Probes without an answer after which the system gives a silent peer up.
const PROBES_MAX: u32 = 4;

/// The accepting end of the port.
pub(crate) struct Port {
    pub(crate) listener: TcpListener,
    pub(crate) ledger: Arc<Ledger>,
    /// The shards' inboxes, and how many connections each has.
    pub(crate) shards: Vec<(mpsc::Sender<Accepted>, Arc<AtomicU32>)>,
    pub(crate) metrics: Arc<ListenMetrics>,
    /// Silence after which the system asks whether the peer is still there; `None`: never.
    pub(crate) probe: Option<Duration>,
}

/// Listens on an address.
///
/// # Errors
///
/// The system's, if the address is not this machine's, taken, or not permitted.
pub(crate) fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the last server's connections to time out.
    socket.set_reuse_address(true)?;
    if address.ip() == IpAddr::from(std::net::Ipv6Addr::UNSPECIFIED) {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

impl Port {
    /// Accepts until it is dropped.
    ///
    /// # Errors
    ///
    /// If the listener cannot be waited for.
    pub(crate) async fn accept(self) -> std::io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener.try_clone()?)?;
        loop {
            let accepted = listener.accept().await;
            // A shard waits for it from here on, with an event queue of its own.
            match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer))) {
                Ok((stream, peer)) => self.admit(stream, peer).await,
                Err(error) => {
                    // Out of descriptors or memory; or the client was quicker to leave.
                    self.metrics.accept_failures.add(1);
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    async fn admit(&self, stream: TcpStream, peer: SocketAddr) {
        self.metrics.accepted.add(1);
        let Ok(permit) = self.ledger.admit(peer.ip()) else { return self.metrics.full.add(1) };
        match permit.refusal() {
            None => {}
            Some(Refusal::ServerFull(_)) => self.metrics.full.add(1),
            Some(Refusal::AddressFull(_)) => self.metrics.address_full.add(1),
        }
        if let Err(error) = self.prepare(&stream) {
            tracing::debug!(%error, %peer, "the connection was gone before it began");
            return;
        }
        self.hand_over(stream, peer.ip(), permit).await;
    }

    fn prepare(&self, stream: &TcpStream) -> std::io::Result<()> {
        // The cursor coalesces; Nagle's algorithm would add a stall of 40 ms to that.
        stream.set_nodelay(true)?;
        if let Some(probe) = self.probe {
            let keepalive = TcpKeepalive::new()
                .with_time(probe)
                .with_interval((probe / PROBES_MAX).max(Duration::from_secs(1)))
                .with_retries(PROBES_MAX);
            SockRef::from(stream).set_tcp_keepalive(&keepalive)?;
        }
        Ok(())
    }

    async fn hand_over(&self, stream: TcpStream, peer: IpAddr, mut permit: Permit) {
        let least = self.shards.iter().min_by_key(|(_, load)| load.load(Ordering::Relaxed));
        if let Some((shard, load)) = least {
            permit.place(load);
            // A shard that is gone has the server going down.
            let _ = shard.send(Accepted { stream, peer, permit }).await;
        }
    }
}
