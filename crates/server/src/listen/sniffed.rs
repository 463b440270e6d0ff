//! From a connection's first bytes to the gateway of its protocol.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use lang::Lang;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use wire::refuse;
use wire::sniff::{Protocol, SILENCE_MS, SNIFF_BYTES_MAX, UNDECIDED_MS, Verdict, sniff};

use super::Permit;
use crate::gateway::{line, ws};
use crate::http;
use crate::limits::{LAST_WORDS, LINGER_BYTES_MAX};
use crate::prefixed::Prefixed;
use crate::shard::Shard;

/// Listens for what the client speaks, and gives it to that gateway, in a task of its own: a task
/// is as large as the largest thing it awaits.
pub(crate) async fn serve_connection(
    shard: Rc<Shard>,
    mut stream: TcpStream,
    peer: IpAddr,
    permit: Permit,
    shutdown: watch::Receiver<bool>,
) {
    let Ok((first, protocol)) = listen(&mut stream).await else { return };
    if protocol != Protocol::Line && protocol != Protocol::Http {
        shard.metrics.turned_away.add(1);
    }
    let lang = shard.config.lang;
    match protocol {
        Protocol::Line => {
            tokio::task::spawn_local(line::run(shard, stream, permit, &first));
        }
        Protocol::Http if permit.refusal().is_some() => turn_away(stream, HTTP_FULL).await,
        Protocol::Http => {
            let stream = Prefixed::new(stream, first.into());
            tokio::task::spawn_local(serve_http(shard, stream, peer, permit, shutdown));
        }
        Protocol::Tls => turn_away(stream, &refuse::TLS_ALERT).await,
        Protocol::Ssh => {
            turn_away(stream, &refuse::ssh_disconnect(&not_yet(lang, "SSH"))).await;
        }
        Protocol::Irc => turn_away(stream, &refuse::irc_error(&not_yet(lang, "IRC"))).await,
        Protocol::Ice => {
            // Its header may still be under way; without it there is nothing to answer to.
            let mut request = first;
            while request.len() < SNIFF_BYTES_MAX && refuse::ice_error(&request).is_none() {
                match timeout(LAST_WORDS, stream.read_buf(&mut request)).await {
                    Ok(Ok(read)) if read > 0 => {}
                    _ => return,
                }
            }
            if let Some(error) = refuse::ice_error(&request) {
                turn_away(stream, &error).await;
            }
        }
    }
}

/// The answer of a full server to an HTTP request (RFC 9110, section 15.6.4).
const HTTP_FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\
    Content-Length: 12\r\nRetry-After: 30\r\nConnection: close\r\n\r\nserver full\n";

fn not_yet(lang: Lang, protocol: &str) -> String {
    lang.text_with("line-protocol-not-yet", &[("protocol", protocol.into())])
}

/// Reads until the protocol is known, or the client's silence says that it waits for a greeting.
async fn listen(stream: &mut TcpStream) -> std::io::Result<(Vec<u8>, Protocol)> {
    let mut first = Vec::new();
    loop {
        if let Verdict::Known(protocol) = sniff(&first) {
            return Ok((first, protocol));
        }
        let patience = if first.is_empty() { SILENCE_MS } else { UNDECIDED_MS };
        // Nothing is allocated for a client that says nothing.
        let spoke = timeout(Duration::from_millis(patience), stream.readable()).await;
        match spoke {
            Err(_silent) => return Ok((first, Protocol::Line)),
            Ok(Err(error)) => return Err(error),
            Ok(Ok(())) => {}
        }
        let mut buffer = [0; SNIFF_BYTES_MAX];
        match stream.try_read(&mut buffer) {
            // It says no more; what it said may still be a line.
            Ok(0) => return Ok((first, Protocol::Line)),
            Ok(read) => first.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn serve_http(
    shard: Rc<Shard>,
    stream: Prefixed<TcpStream>,
    peer: IpAddr,
    permit: Permit,
    shutdown: watch::Receiver<bool>,
) {
    shard.metrics.http.add(1);
    let site = std::sync::Arc::clone(&shard.config.site);
    let upgraded = http::serve(stream, peer, site, shutdown).await;
    shard.metrics.http.sub(1);
    if let Some(http::Upgraded { stream, rest, deflate, cookie }) = upgraded {
        let (stream, unread) = stream.into_parts();
        let mut first = [&unread[..], &rest[..]].concat();
        let opened = ws::Opened { stream, permit, deflate, cookie };
        tokio::task::spawn_local(ws::run(shard, opened, &mut first));
    }
}

async fn turn_away(mut stream: TcpStream, words: &[u8]) {
    if let Ok(Ok(())) = timeout(LAST_WORDS, stream.write_all(words)).await {
        linger(&mut stream, LAST_WORDS).await;
    }
}

/// Ends a connection so that the last words arrive: closing with input unread would reset it.
pub(crate) async fn linger(stream: &mut TcpStream, patience: Duration) {
    let drain = async {
        stream.shutdown().await?;
        let (mut buffer, mut left) = ([0; 1024], LINGER_BYTES_MAX);
        while left > 0 {
            match stream.read(&mut buffer).await? {
                0 => break,
                read => left = left.saturating_sub(read),
            }
        }
        Ok::<(), std::io::Error>(())
    };
    // Whatever happens, the connection is over.
    let _ = timeout(patience, drain).await;
}
