//! What only its owner may know: wiped from memory when it is dropped, and never in Debug output.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use crate::people::limits::{LINK_RANDOM_BYTES, TOKEN_RANDOM_BYTES};

/// What every session's token begins with, so that one that leaked is recognised (by scanners of
/// secrets too).
pub const TOKEN_PREFIX: &str = "papo_";

/// Bytes of a session's token as text: the prefix, and six bits a character (RFC 4648, section 5).
pub const TOKEN_BYTES: usize = TOKEN_PREFIX.len() + (TOKEN_RANDOM_BYTES * 8).div_ceil(6);

/// Bytes of a link's token as text.
pub const LINK_BYTES: usize = (LINK_RANDOM_BYTES * 8).div_ceil(6);

/// What the file knows of a token. Looking a secret up by it takes no time that tells anything of
/// the secret: who could make use of that would have to choose hashes.
pub(super) type Hash = [u8; 32];

/// A session's token as its holder has it: opaque, whoever has it is that account.
pub struct Token(Zeroizing<String>);

impl Token {
    /// The token of these bytes, which must come from a source for cryptography.
    #[must_use]
    pub fn of_random(mut random: [u8; TOKEN_RANDOM_BYTES]) -> Self {
        let encoded = Zeroizing::new(Base64UrlUnpadded::encode_string(&random));
        random.zeroize();
        let mut text = Zeroizing::new(String::with_capacity(TOKEN_BYTES));
        text.push_str(TOKEN_PREFIX);
        text.push_str(&encoded);
        Self(text)
    }

    /// The token as it is given to its holder.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// What stands in a guest link, `/i/<token>`: whoever has it may enter the link's room.
pub struct LinkToken(Zeroizing<String>);

impl LinkToken {
    /// The token of these bytes, which must come from a source for cryptography.
    #[must_use]
    pub fn of_random(mut random: [u8; LINK_RANDOM_BYTES]) -> Self {
        let text = Zeroizing::new(Base64UrlUnpadded::encode_string(&random));
        random.zeroize();
        Self(text)
    }

    /// The token as it stands in the link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

/// The hash of a text that may be a session's token; `None` if it cannot be one.
pub(super) fn token_hash(text: &str) -> Option<Hash> {
    (text.len() == TOKEN_BYTES && text.starts_with(TOKEN_PREFIX)).then(|| hash(text))
}

/// The hash of a text that may be a link's token; `None` if it cannot be one.
pub(super) fn link_hash(text: &str) -> Option<Hash> {
    (text.len() == LINK_BYTES).then(|| hash(text))
}

fn hash(text: &str) -> Hash {
    Sha256::digest(text).into()
}

/// A password's hash in the PHC string format. Not the password, but who has it can try passwords
/// without asking the server.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(Zeroizing<String>);

impl PasswordHash {
    /// Takes a PHC string; whoever verifies it parses it.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(Zeroizing::new(phc))
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}
