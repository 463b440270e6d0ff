//! The handshake: from a client's first bytes to an encrypted connection, in a bounded time.

use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::sync::Arc;

use rustls::server::{Accepted, Acceptor};
use rustls::{ProtocolVersion, ServerConnection};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::encrypted::{Socket, drain, process};
use super::{Encrypted, Tls};
use crate::limits::{HANDSHAKE_TIME, HANDSHAKES_MAX, LAST_WORDS};
use crate::metrics::ShardMetrics;
use crate::shard::Shard;

/// What was agreed to be spoken inside (ALPN, RFC 7301).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreed {
    /// HTTP/1.1 or HTTP/2.
    Http,
    /// Nothing: the first bytes inside will tell.
    Nothing,
}

/// Carries out a handshake of which `first` was read already; `None`: it came to nothing, and the
/// client was told so as far as it listened.
pub(crate) async fn accept(
    shard: &Rc<Shard>,
    tls: &Tls,
    mut socket: TcpStream,
    first: &[u8],
) -> Option<(Encrypted, Agreed)> {
    let metrics = &shard.metrics;
    let Some(_under_way) = UnderWay::begin(metrics) else {
        metrics.tls_too_many.add(1);
        return None;
    };
    match timeout(HANDSHAKE_TIME, carry_out(tls, &mut socket, first)).await {
        Ok(Ok(session)) => {
            match session.protocol_version() {
                Some(ProtocolVersion::TLSv1_3) => metrics.tls13.add(1),
                _ => metrics.tls12.add(1),
            }
            let agreed =
                if session.alpn_protocol().is_some() { Agreed::Http } else { Agreed::Nothing };
            Some((Encrypted::new(socket, session, Arc::clone(metrics)), agreed))
        }
        Ok(Err(error)) => {
            metrics.tls_failed.add(1);
            tracing::debug!(%error, "a TLS handshake failed");
            // The alert is on its way; closing with input unread would reset it.
            crate::listen::linger(&mut socket, LAST_WORDS).await;
            None
        }
        Err(_late) => {
            metrics.tls_too_slow.add(1);
            None
        }
    }
}

/// A handshake that counts among those under way.
struct UnderWay<'m>(&'m ShardMetrics);

impl<'m> UnderWay<'m> {
    /// `None`: there are too many.
    fn begin(metrics: &'m ShardMetrics) -> Option<Self> {
        let may = metrics.tls_under_way.get() < HANDSHAKES_MAX;
        may.then(|| {
            metrics.tls_under_way.add(1);
            Self(metrics)
        })
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.tls_under_way.sub(1);
    }
}

async fn carry_out(
    tls: &Tls,
    socket: &mut TcpStream,
    first: &[u8],
) -> io::Result<ServerConnection> {
    let hello = hello(socket, first).await?;
    let mut session = match hello.into_connection(tls.config()) {
        Ok(session) => session,
        Err((error, mut alert)) => {
            let mut words = Vec::new();
            alert.write_all(&mut words)?;
            return refuse(socket, &words, error).await;
        }
    };
    loop {
        match drain(&mut session, socket) {
            Ok(()) if !session.is_handshaking() => return Ok(session),
            Ok(()) => socket.readable().await?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                socket.writable().await?;
                continue;
            }
            Err(error) => return Err(error),
        }
        match session.read_tls(&mut Socket(socket)) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => process(&mut session, socket)?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads the client's hello.
async fn hello(socket: &mut TcpStream, mut first: &[u8]) -> io::Result<Accepted> {
    let mut acceptor = Acceptor::default();
    while !first.is_empty() {
        acceptor.read_tls(&mut first)?;
    }
    loop {
        match acceptor.accept() {
            Ok(Some(accepted)) => return Ok(accepted),
            Ok(None) => {}
            Err((error, mut alert)) => {
                let mut words = Vec::new();
                alert.write_all(&mut words)?;
                return refuse(socket, &words, error).await;
            }
        }
        socket.readable().await?;
        match acceptor.read_tls(&mut Socket(socket)) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn refuse<T>(socket: &mut TcpStream, alert: &[u8], error: rustls::Error) -> io::Result<T> {
    socket.write_all(alert).await?;
    Err(io::Error::new(ErrorKind::InvalidData, error))
}
