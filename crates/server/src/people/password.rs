//! Passwords: what may be one, and how it is hashed (Argon2id, RFC 9106).
//!
//! A password is wiped from memory when it is dropped, and is in no Debug output.

use std::fmt;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash as Phc, Version};
use store::people::PasswordHash;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Characters of a password at least: shorter ones are guessed (NIST SP 800-63B, section 3.1.1.2).
/// What is shorter cannot be chosen.
pub(crate) const PASSWORD_CHARS_MIN: usize = 8;

/// Bytes of a password at most, as it is typed. What is longer is no password: the work on hostile
/// input is bounded. Twice the phrase of ten long words.
pub(crate) const PASSWORD_BYTES_MAX: usize = 256;

/// Random bytes that make equal passwords have different hashes (RFC 9106, section 3.1).
pub(crate) const SALT_BYTES: usize = 16;

/// Kibibytes that one hash takes: OWASP's first choice for Argon2id where memory is dear.
const MEMORY_KIB: u32 = 19 * 1024;

/// Passes over that memory.
const PASSES: u32 = 2;

/// Lanes: a hash is one thread's.
const LANES: u32 = 1;

/// Bytes that a character's normal form has at most for each of its own
/// (<https://www.unicode.org/faq/normalization>, NFC in UTF-8).
const NORMAL_FORM_EXPANSION_MAX: usize = 3;

/// A password as its owner typed it, in its normal form.
pub(crate) struct Password(Zeroizing<String>);

/// Why a text can be no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PasswordError {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    Short,
    /// More than [`PASSWORD_BYTES_MAX`] bytes.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    Long,
    /// It has control characters, which differ from one terminal to the next.
    #[error("a password has no control characters")]
    Control,
}

impl Password {
    /// A password that is to be set.
    ///
    /// # Errors
    ///
    /// [`PasswordError`].
    pub(crate) fn chosen(text: &str) -> Result<Self, PasswordError> {
        let password = Self::typed(text)?;
        if password.0.chars().count() < PASSWORD_CHARS_MIN {
            return Err(PasswordError::Short);
        }
        Ok(password)
    }

    /// A password that is to be tried: of any length that one ever had. In NFC, so that it is the
    /// same from every keyboard (RFC 8265, section 4.2.2).
    ///
    /// # Errors
    ///
    /// [`PasswordError`], but for [`PasswordError::Short`].
    pub(crate) fn typed(text: &str) -> Result<Self, PasswordError> {
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordError::Long);
        }
        if text.chars().any(char::is_control) {
            return Err(PasswordError::Control);
        }
        // Never moved to a larger place, which would leave a copy behind.
        let capacity = text.len() * NORMAL_FORM_EXPANSION_MAX;
        let mut normal = Zeroizing::new(String::with_capacity(capacity));
        normal.extend(text.nfc());
        debug_assert!(normal.len() <= capacity);
        Ok(Self(normal))
    }

    /// Its hash with `salt`, by today's parameters. Takes tens of milliseconds and
    /// [`MEMORY_KIB`].
    ///
    /// # Errors
    ///
    /// [`HashError`].
    pub(crate) fn hash(&self, salt: &[u8; SALT_BYTES]) -> Result<PasswordHash, HashError> {
        let phc: Phc =
            argon2().hash_password_with_salt(self.0.as_bytes(), salt).map_err(HashError)?;
        Ok(PasswordHash::new(phc.to_string()))
    }

    /// Whether it is the password of `kept`. For `None`, an account that does not exist, it is
    /// not; to find that out takes what a hash of today's parameters takes.
    ///
    /// # Errors
    ///
    /// [`HashError`], also for what is no hash of Argon2.
    pub(crate) fn verify(&self, kept: Option<&PasswordHash>) -> Result<bool, HashError> {
        // Made whether it is needed or not, so that the way is one.
        let nobodys = nobodys_hash();
        let against = kept.map_or(nobodys.as_str(), PasswordHash::as_str);
        let phc = Phc::new(against).map_err(|error| HashError(error.into()))?;
        match argon2().verify_password(self.0.as_bytes(), &phc) {
            Ok(()) => Ok(kept.is_some()),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(HashError(error)),
        }
    }
}

/// Whether a hash was made by today's parameters.
pub(crate) fn is_current(kept: &PasswordHash) -> bool {
    let Ok(phc) = Phc::new(kept.as_str()) else { return false };
    let Ok(found) = Params::try_from(&phc) else { return false };
    let today = params();
    phc.algorithm == Algorithm::Argon2id.ident()
        && phc.version == Some(Version::V0x13.into())
        && (found.m_cost(), found.t_cost(), found.p_cost())
            == (today.m_cost(), today.t_cost(), today.p_cost())
}

/// What the password of an account that does not exist is held against: no password's hash, but as
/// dear as one of today.
fn nobodys_hash() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${NO_SALT}${NO_HASH}")
}

/// The salt of nobody's hash: [`SALT_BYTES`] of 0 in base64.
const NO_SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Nobody's hash: 32 bytes of 0 in base64.
const NO_HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// A password could not be hashed: there is no memory for it.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub(crate) struct HashError(argon2::password_hash::Error);

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params())
}

fn params() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, None).expect("RFC 9106 allows these")
}

#[cfg(test)]
mod tests;
