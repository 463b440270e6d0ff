//! From a connection's first bytes to the gateway of its protocol.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use lang::Lang;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::spawn_local;
use tokio::time::timeout;
use wire::refuse;
use wire::sniff::{Protocol, SILENCE_MS, SNIFF_BYTES_MAX, UNDECIDED_MS, Verdict, sniff};

use super::Permit;
use crate::gateway::{line, ws};
use crate::http;
use crate::limits::{LAST_WORDS, LINGER_BYTES_MAX};
use crate::prefixed::Prefixed;
use crate::shard::Shard;
use crate::stream::Stream;
use crate::tls::{self, Agreed, Plain};

/// One who was accepted.
pub(crate) struct Client {
    pub(crate) stream: Stream,
    pub(crate) peer: IpAddr,
    pub(crate) permit: Permit,
}

/// Listens for what the client speaks, and gives it to that gateway, in a task of its own: a task
/// is as large as the largest thing it awaits. What speaks TLS is listened to again inside.
pub(crate) async fn serve_connection(
    shard: Rc<Shard>,
    mut client: Client,
    shutdown: watch::Receiver<bool>,
) {
    let Ok((first, protocol)) = listen(&mut client.stream).await else { return };
    match client {
        Client { stream: Stream::Plain(socket), peer, permit }
            if protocol == Protocol::Tls
                && shard.config.tls.is_some()
                && permit.refusal().is_none() =>
        {
            spawn_local(encrypt(shard, socket, first, (peer, permit), shutdown));
        }
        client => serve_protocol(shard, client, (first, protocol), shutdown).await,
    }
}

/// Carries out the handshake, and serves what is spoken inside.
async fn encrypt(
    shard: Rc<Shard>,
    socket: TcpStream,
    first: Vec<u8>,
    (peer, permit): (IpAddr, Permit),
    shutdown: watch::Receiver<bool>,
) {
    let Some(tls) = shard.config.tls.clone() else { return };
    let Some((encrypted, agreed)) = tls::accept(&shard, &tls, socket, &first).await else { return };
    let client = Client { stream: Stream::Encrypted(Box::new(encrypted)), peer, permit };
    match agreed {
        // Who has agreed on it may be silent until there is something to ask.
        Agreed::Http => {
            let heard = (Vec::new(), Protocol::Http);
            spawn_local(serve_protocol(shard, client, heard, shutdown));
        }
        Agreed::Nothing => {
            spawn_local(serve_inside(shard, client, shutdown));
        }
    }
}

/// Listens once more, inside TLS.
async fn serve_inside(shard: Rc<Shard>, mut client: Client, shutdown: watch::Receiver<bool>) {
    if let Ok(heard) = listen(&mut client.stream).await {
        serve_protocol(shard, client, heard, shutdown).await;
    }
}

/// Gives a client to the gateway of its protocol; `heard` is what it has said already.
async fn serve_protocol(
    shard: Rc<Shard>,
    client: Client,
    (first, protocol): (Vec<u8>, Protocol),
    shutdown: watch::Receiver<bool>,
) {
    let Client { mut stream, peer, permit } = client;
    if protocol != Protocol::Line && protocol != Protocol::Http {
        shard.metrics.turned_away.add(1);
    }
    let lang = shard.config.lang;
    match protocol {
        Protocol::Line if !is_welcome(&shard, &stream, peer) => {
            shard.metrics.plain_refused.add(1);
            turn_away(stream, format!("{}\n", lang.text("line-only-encrypted")).as_bytes()).await;
        }
        Protocol::Line => {
            spawn_local(line::run(shard, stream, permit, &first));
        }
        Protocol::Http if permit.refusal().is_some() => turn_away(stream, HTTP_FULL).await,
        Protocol::Http => {
            let stream = Prefixed::new(stream, first.into());
            spawn_local(serve_http(shard, stream, peer, permit, shutdown));
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

/// Whether the settings let someone in who comes from there over that.
fn is_welcome(shard: &Shard, stream: &Stream, peer: IpAddr) -> bool {
    let plain = shard.config.tls.as_ref().map_or(Plain::Beside, |tls| tls.plain(peer));
    plain == Plain::Beside || stream.is_encrypted()
}

/// The answer of a full server to an HTTP request (RFC 9110, section 15.6.4).
const HTTP_FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\
    Content-Length: 12\r\nRetry-After: 30\r\nConnection: close\r\n\r\nserver full\n";

fn not_yet(lang: Lang, protocol: &str) -> String {
    lang.text_with("line-protocol-not-yet", &[("protocol", protocol.into())])
}

/// Reads until the protocol is known, or the client's silence says that it waits for a greeting.
async fn listen(stream: &mut Stream) -> std::io::Result<(Vec<u8>, Protocol)> {
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
    stream: Prefixed<Stream>,
    peer: IpAddr,
    permit: Permit,
    shutdown: watch::Receiver<bool>,
) {
    let encrypted = stream.get_ref().is_encrypted();
    shard.metrics.http.add(1);
    let site = std::sync::Arc::clone(&shard.config.site);
    let peer = http::Peer { address: peer, encrypted };
    let upgraded = http::serve(stream, peer, site, shutdown).await;
    shard.metrics.http.sub(1);
    if let Some(http::Upgraded { stream, rest, deflate, cookie }) = upgraded {
        let (stream, unread) = stream.into_parts();
        let mut first = [&unread[..], &rest[..]].concat();
        let opened = ws::Opened { stream, permit, deflate, cookie };
        spawn_local(ws::run(shard, opened, &mut first));
    }
}

async fn turn_away(mut stream: Stream, words: &[u8]) {
    if let Ok(Ok(())) = timeout(LAST_WORDS, stream.write_all(words)).await {
        linger(&mut stream, LAST_WORDS).await;
    }
}

/// Ends a connection so that the last words arrive: closing with input unread would reset it.
pub(crate) async fn linger<S>(stream: &mut S, patience: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
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
