//! Every bound of what is kept about people, with its unit, and what happens there.

/// Accounts there are at most. At the limit none is made any more: [`super::CreateError::Full`].
/// Some 30 MiB of rows.
pub const ACCOUNTS_MAX: u64 = 100_000;

/// Tokens of one account that are good at the same time: devices and bots of one person. At the
/// limit a further one takes the place of the one that was not used for longest.
pub const TOKENS_PER_ACCOUNT_MAX: usize = 64;

/// Links to one room that are good at the same time. At the limit none is made:
/// [`super::MakeLinkError::Full`].
pub const LINKS_PER_ROOM_MAX: usize = 256;

/// Rooms in which one account has a read marker. At the limit no further room gets one:
/// [`super::MarkError::Full`].
pub const MARKERS_PER_ACCOUNT_MAX: usize = 4096;

/// Entries of the audit log that are kept. At the limit the oldest go.
pub const AUDIT_MAX: u64 = 100_000;

/// Bytes of a label or of a field of the audit log. What is longer is cut there, at a character.
pub const FIELD_BYTES_MAX: usize = 512;

/// Rows that one page returns at most.
pub const PAGE_MAX: usize = 256;

/// Random bytes in a session's token: 256 bits.
pub const TOKEN_RANDOM_BYTES: usize = 32;

/// Random bytes in a link's token: 128 bits, half of a session's, so that its QR code stays small
/// enough for a terminal. Guessing one takes as many requests as guessing an address of IPv6.
pub const LINK_RANDOM_BYTES: usize = 16;

/// Milliseconds within which a token's last use is not written down again: every write waits for
/// the disk.
pub const LAST_USED_STEP_MS: u64 = 3600 * 1000;

/// How long a writer waits for another one, such as `papo admin` beside a server.
pub(super) const BUSY_WAIT: std::time::Duration = std::time::Duration::from_secs(5);
