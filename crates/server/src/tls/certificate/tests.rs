//! Certificates as an operator may give them: right, wrong in each way, and over.

use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tempfile::TempDir;

use super::*;

/// A certificate for 2020 to 2030 and its key, as PEM.
fn made() -> (String, String) {
    let mut params = CertificateParams::new(["papo.example".to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

fn files(certificate: &str, key: &str, mode: u32) -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files =
        Files { certificate: folder.path().join("a.crt"), key: folder.path().join("a.key") };
    std::fs::write(&files.certificate, certificate).unwrap();
    std::fs::write(&files.key, key).unwrap();
    std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(mode)).unwrap();
    (folder, files)
}

fn wrong(certificate: &str, key: &str, mode: u32) -> String {
    let (folder, files) = files(certificate, key, mode);
    let told = files.read().unwrap_err().to_string();
    told.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn what_belongs_together_is_taken() {
    let (certificate, key) = made();
    for mode in [0o600, 0o640, 0o400] {
        let (_folder, files) = files(&certificate, &key, mode);
        files.read().unwrap();
    }
    // A chain: the rest is for clients to judge.
    let (_folder, files) = files(&(certificate.clone() + &made().0), &key, 0o600);
    assert_eq!(files.read().unwrap().key.cert.len(), 2);
}

#[test]
fn what_is_wrong_is_said() {
    let ((certificate, key), (_, other)) = (made(), made());
    for (given, told) in [
        ((&*certificate, &*other, 0o600), "a.key is not the key of the certificate in a.crt"),
        (("", &key, 0o600), "a.crt: no certificate in PEM form in it"),
        ((&key, &key, 0o600), "a.crt: no certificate in PEM form in it"),
        ((&certificate, "", 0o600), "a.key: no private key in PEM form in it"),
        ((&certificate, &certificate, 0o600), "a.key: no private key in PEM form in it"),
        (
            (&certificate, &key, 0o604),
            "a.key: everybody on this machine can read this key (mode 604); chmod o-rwx it",
        ),
    ] {
        let (certificate, key, mode) = given;
        assert_eq!(wrong(certificate, key, mode), told);
    }
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(wrong(broken, &key, 0o600).starts_with("a.crt: this certificate or its key cannot"));
}

#[test]
fn it_is_valid_from_its_beginning_to_its_end() {
    let (certificate, key) = made();
    let (_folder, files) = files(&certificate, &key, 0o600);
    let certificate = files.read().unwrap();
    let (from, until) = certificate.validity;
    let check =
        |now| certificate.check(Path::new("a.crt"), UnixMs(now)).map_err(|error| error.to_string());
    let day_ms = 24 * 3600 * 1000;
    assert_eq!((check(from.0), check(until.0)), (Ok(()), Ok(())));
    assert_eq!(
        check(from.0 - 1),
        Err("a.crt: the certificate is not valid yet, for another 1 days".to_owned())
    );
    assert_eq!(
        check(until.0 + 3 * day_ms),
        Err("a.crt: the certificate has expired, 3 days ago".to_owned())
    );
}

#[test]
fn another_file_is_seen() {
    let (certificate, key) = made();
    let (_folder, files) = files(&certificate, &key, 0o600);
    let before = files.stamp();
    assert_eq!(files.stamp(), before);
    std::fs::write(&files.certificate, certificate + "\n").unwrap();
    assert_ne!(files.stamp(), before);
    std::fs::remove_file(&files.key).unwrap();
    assert_eq!(files.stamp(), None);
}
