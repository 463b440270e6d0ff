//! Where an account is logged in, as its owner is shown it.

use room::UnixMs;

/// A token that was issued to a device or a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its number, by which it can be revoked.
    pub number: u64,
    /// What its program called itself; clean.
    pub label: String,
    /// When it was issued.
    pub at: UnixMs,
    /// When it was last used, to the hour.
    pub used_at: UnixMs,
    /// From when it is no longer good; `None`: until it is revoked.
    pub expires_at: Option<UnixMs>,
    /// Whether this connection is logged in with it.
    pub is_this: bool,
}
