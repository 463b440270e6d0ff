//! The only place that takes random bytes from the system.

/// Bytes for cryptography.
///
/// # Errors
///
/// The system gives none: nothing that needs a secret can be done.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
