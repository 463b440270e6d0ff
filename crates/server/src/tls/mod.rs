//! TLS on the same port: who connects is listened to as ever, and whose first bytes are a
//! `ClientHello` goes through a handshake here and is then listened to again, inside.
//!
//! Versions 1.2 and 1.3, nothing older; one provider of cryptography. The certificate is the one
//! thing that changes while the server runs: [`Keys`] holds it, [`Watch`] brings a new one.

mod certificate;
mod encrypted;
mod handshake;
mod watch;

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::config;
pub(crate) use certificate::CertificateError;
pub(crate) use encrypted::Encrypted;
pub(crate) use handshake::{Agreed, accept};
pub(crate) use watch::Watch;

/// What is spoken inside, as ALPN names it: what is liked best comes first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What becomes of those who come unencrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// They are served like the others.
    Beside,
    /// Browsers are sent to the encrypted address; others are told, and let go.
    Redirect,
    /// They are told, and let go.
    Refuse,
}

/// What handshakes are carried out with; one for all shards.
#[derive(Debug)]
pub(crate) struct Tls {
    config: Arc<ServerConfig>,
    plain: Plain,
    exempts_loopback: bool,
}

impl Tls {
    /// By the settings, with the certificate in their files, and who looks after those; `None`: it
    /// is not wanted.
    ///
    /// # Errors
    ///
    /// [`CertificateError`].
    pub(crate) fn open(
        config: &config::Tls,
    ) -> Result<Option<(Arc<Self>, Watch)>, CertificateError> {
        let Some(watch) = Watch::open(config)? else { return Ok(None) };
        let tls = Self {
            config: server_config(Arc::clone(watch.keys())),
            plain: config.plain,
            exempts_loopback: config.loopback_exempt,
        };
        Ok(Some((Arc::new(tls), watch)))
    }

    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// What becomes of someone who comes from there unencrypted.
    pub(crate) fn plain(&self, peer: IpAddr) -> Plain {
        let is_exempt = self.exempts_loopback && peer.to_canonical().is_loopback();
        if is_exempt { Plain::Beside } else { self.plain }
    }
}

fn server_config(keys: Arc<Keys>) -> Arc<ServerConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has suites of both versions")
        .with_no_client_auth()
        .with_cert_resolver(keys);
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    config.ignore_client_order = true;
    // A session is resumed by what the client keeps (RFC 8446, section 4.6.1), not by what we do.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    match aws_lc_rs::Ticketer::new() {
        Ok(ticketer) => config.ticketer = ticketer,
        Err(error) => tracing::warn!(%error, "TLS sessions cannot be resumed"),
    }
    config.send_tls13_tickets = 1;
    Arc::new(config)
}

/// The certificate in use, whatever name the client asks for, or none.
#[derive(Debug)]
pub(crate) struct Keys(RwLock<Arc<CertifiedKey>>);

impl Keys {
    fn new(key: Arc<CertifiedKey>) -> Self {
        Self(RwLock::new(key))
    }

    /// From the next handshake on it is this one. Live connections stay as they are.
    fn replace(&self, key: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl ResolvesServerCert for Keys {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
