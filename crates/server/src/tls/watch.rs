//! Looks after the certificate while the server runs: its files are read again when they change,
//! and when the operator says so (SIGHUP). A new one that cannot be used leaves the old in force.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval};

use super::Keys;
use super::certificate::{Certificate, CertificateError, Files, Stamp};
use crate::clock;
use crate::config;
use crate::limits::CERTIFICATE_LOOK;

/// Who keeps the certificate in force.
#[derive(Debug)]
pub(crate) struct Watch {
    keys: Arc<Keys>,
    files: Files,
    /// Of what was read last, whether it could be used or not.
    read: Option<Stamp>,
}

impl Watch {
    /// Reads the files that the settings name; `None`: they name none.
    ///
    /// # Errors
    ///
    /// [`CertificateError`]. One that has expired is told of and used all the same: a server that
    /// does not start after its certificate's end helps nobody.
    pub(super) fn open(config: &config::Tls) -> Result<Option<Self>, CertificateError> {
        let files = match (&config.certificate, &config.key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => {
                Files { certificate: certificate.clone(), key: key.clone() }
            }
            (Some(_), None) | (None, Some(_)) => return Err(CertificateError::Alone),
        };
        let read = files.stamp();
        let certificate = files.read()?;
        if let Err(error) = certificate.check(&files.certificate, clock::now()) {
            tracing::error!("{error}; it is used all the same, and clients will refuse it");
        }
        tell(&certificate);
        Ok(Some(Self { keys: Arc::new(Keys::new(certificate.key)), files, read }))
    }

    pub(super) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// Looks after them for ever; `asked` comes back each time that the operator wants them read
    /// again.
    pub(crate) async fn run(mut self, mut asked: impl AsyncFnMut()) {
        let mut looks = interval(CERTIFICATE_LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = self.read;
        loop {
            let is_asked = tokio::select! {
                _ = looks.tick() => false,
                () = asked() => true,
            };
            let files = self.files.clone();
            // The disk may let one wait.
            let Ok(now) = tokio::task::spawn_blocking(move || files.stamp()).await else { return };
            // Two files are not written at once: they are read when they have come to rest.
            let is_new = now.is_some() && now != self.read && now == seen;
            seen = now;
            if is_asked || is_new {
                self.read = now;
                self.read_again().await;
            }
        }
    }

    async fn read_again(&self) {
        let files = self.files.clone();
        let read = move || {
            let certificate = files.read()?;
            certificate.check(&files.certificate, clock::now())?;
            Ok::<_, CertificateError>(certificate)
        };
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(certificate)) => {
                tell(&certificate);
                self.keys.replace(certificate.key);
            }
            Ok(Err(error)) => tracing::error!(%error, "the old certificate stays in force"),
            Err(error) => tracing::error!(%error, "the certificate could not be read again"),
        }
    }
}

fn tell(certificate: &Certificate) {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let days = certificate.until().0.saturating_sub(clock::now().0) / DAY_MS;
    tracing::info!(days, "a TLS certificate is in force");
}
