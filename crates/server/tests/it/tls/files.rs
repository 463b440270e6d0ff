//! Certificates for the tests, and servers and clients that use them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;

use crate::client::{Client, GREETING, Wire};
use crate::harness::{Server, Setup};

/// A certificate and its key, in files.
pub(crate) struct Files(TempDir);

impl Files {
    /// A certificate for this machine, which is its own authority.
    pub(crate) fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.renew();
        files
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.0.path().join("papo.crt")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.0.path().join("papo.key")
    }

    /// Puts another certificate and its key in their place.
    pub(crate) fn renew(&self) {
        self.write(2020..4000);
    }

    /// The same, valid in these years.
    pub(crate) fn write(&self, years: std::ops::Range<i32>) {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(years.start, 1, 1);
        params.not_after = date_time_ymd(years.end, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        // A file is put in place whole, as whoever renews certificates does.
        replace(&self.certificate(), &certificate.pem());
        replace(&self.key(), &key.serialize_pem());
    }

    /// The settings that name them, before others.
    pub(crate) fn arguments(&self, more: &[&str]) -> Vec<String> {
        let set = |key, path: PathBuf| format!("{key}={}", path.display());
        let certificate = set("tls.certificate", self.certificate());
        let mut arguments = vec!["--set".to_owned(), certificate];
        arguments.extend(["--set".to_owned(), set("tls.key", self.key())]);
        arguments.extend(more.iter().map(ToString::to_string));
        arguments
    }

    pub(crate) fn setup(&self, more: &[&str]) -> Setup {
        let arguments = self.arguments(more);
        Setup::new(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// A server with the certificate.
    pub(crate) fn serve(&self, more: &[&str]) -> Server {
        self.setup(more).start()
    }

    /// What a client that trusts the certificate of now begins with.
    pub(crate) fn client(
        &self,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ClientConnection {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.certificate()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        ClientConnection::new(Arc::new(config), name).unwrap()
    }

    /// A client that has been greeted inside TLS.
    pub(crate) fn connect(&self, server: &Server, wire: Wire) -> Client {
        let mut client = Client::open(server.addr(), wire).encrypted(self.client(&BOTH));
        client.expect(GREETING);
        client
    }
}

/// The versions that are spoken.
pub(crate) const BOTH: [&SupportedProtocolVersion; 2] =
    [&rustls::version::TLS12, &rustls::version::TLS13];

fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).unwrap();
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(beside, path).unwrap();
}
