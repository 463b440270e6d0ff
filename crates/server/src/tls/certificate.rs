//! A certificate and its key from their files, and what is wrong with them in plain words.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use room::UnixMs;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

/// Bytes of a file of certificates or of a key: a larger one is none.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What may be read by whoever is on the machine.
const WORLD_READABLE: u32 = 0o004;

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    /// One of the two settings is there without the other.
    #[error("tls.certificate and tls.key go together: set both, or neither")]
    Alone,
    /// A file cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// A file is no PEM file, or a broken one.
    #[error("{}: no {wanted} in PEM form in it", path.display())]
    NotPem { path: PathBuf, wanted: &'static str },
    /// Everybody on the machine can read the key.
    #[error(
        "{}: everybody on this machine can read this key (mode {mode:o}); chmod o-rwx it",
        path.display()
    )]
    Exposed { path: PathBuf, mode: u32 },
    /// The key is not the certificate's.
    #[error("{} is not the key of the certificate in {}", key.display(), certificate.display())]
    Mismatch { certificate: PathBuf, key: PathBuf },
    /// The certificate or the key is of a kind that is not known.
    #[error("{}: this certificate or its key cannot be used: {cause}", path.display())]
    Unusable { path: PathBuf, cause: String },
    /// Its time is over.
    #[error("{}: the certificate has expired, {days} days ago", path.display())]
    Expired { path: PathBuf, days: u64 },
    /// Its time has not come.
    #[error("{}: the certificate is not valid yet, for another {days} days", path.display())]
    NotYet { path: PathBuf, days: u64 },
}

/// The files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// A certificate that can be used, with its key.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    validity: (UnixMs, UnixMs),
}

/// When a file was written, its length and which it is: another one differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp([(i64, i64, u64, u64); 2]);

impl Files {
    /// Reads both.
    ///
    /// # Errors
    ///
    /// All but [`CertificateError::Expired`] and [`CertificateError::NotYet`], which are for
    /// [`Certificate::check`].
    pub(super) fn read(&self) -> Result<Certificate, CertificateError> {
        let Self { certificate, key } = self;
        let (bytes, _) = read(certificate)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let not_pem = |path: &Path, wanted| CertificateError::NotPem { path: path.into(), wanted };
        let chain = chain.ok_or_else(|| not_pem(certificate, "certificate"))?;
        let (bytes, mode) = read(key)?;
        if mode & WORLD_READABLE != 0 {
            return Err(CertificateError::Exposed { path: key.clone(), mode: mode & 0o7777 });
        }
        let secret =
            PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| not_pem(key, "private key"))?;
        Certificate::new(chain, secret).map_err(|wrong| match wrong {
            Wrong::Mismatch => {
                CertificateError::Mismatch { certificate: certificate.clone(), key: key.clone() }
            }
            Wrong::Other(cause) => CertificateError::Unusable { path: certificate.clone(), cause },
        })
    }

    /// What both are now; `None`: one of them cannot be looked at.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        let stamp = |path: &Path| {
            let is = std::fs::metadata(path).ok()?;
            Some((is.mtime(), is.mtime_nsec(), is.len(), is.ino()))
        };
        Some(Stamp([stamp(&self.certificate)?, stamp(&self.key)?]))
    }
}

/// Why a certificate and a key do not make a [`Certificate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    Mismatch,
    Other(String),
}

impl Certificate {
    /// Of a chain, the server's own certificate first, and its key.
    ///
    /// # Errors
    ///
    /// [`Wrong`].
    pub(super) fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Wrong> {
        let other = |cause: &dyn std::fmt::Display| Wrong::Other(cause.to_string());
        let (_, own) = x509_parser::parse_x509_certificate(&chain[0]).map_err(|e| other(&e))?;
        let at = |time: x509_parser::time::ASN1Time| {
            UnixMs(u64::try_from(time.timestamp()).unwrap_or(0).saturating_mul(1000))
        };
        let validity = (at(own.validity().not_before), at(own.validity().not_after));
        match CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()) {
            Ok(key) => Ok(Self { key: Arc::new(key), validity }),
            Err(rustls::Error::InconsistentKeys(_)) => Err(Wrong::Mismatch),
            Err(error) => Err(other(&error)),
        }
    }

    /// Whether it is valid at that time; `path` is where it comes from.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Expired`], [`CertificateError::NotYet`].
    pub(super) fn check(&self, path: &Path, now: UnixMs) -> Result<(), CertificateError> {
        const DAY_MS: u64 = 24 * 3600 * 1000;
        let (from, until) = self.validity;
        let path = path.to_owned();
        if now > until {
            Err(CertificateError::Expired { path, days: (now.0 - until.0) / DAY_MS })
        } else if now < from {
            Err(CertificateError::NotYet { path, days: (from.0 - now.0).div_ceil(DAY_MS) })
        } else {
            Ok(())
        }
    }

    /// The last moment at which it is valid.
    pub(super) fn until(&self) -> UnixMs {
        self.validity.1
    }
}

/// The bytes of a file and its mode.
fn read(path: &Path) -> Result<(Vec<u8>, u32), CertificateError> {
    let read = || {
        let file = File::open(path)?;
        let mode = file.metadata()?.mode();
        let mut bytes = Vec::new();
        if file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)? as u64 > FILE_BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok((bytes, mode))
    };
    read().map_err(|cause| CertificateError::Unreadable { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests;
