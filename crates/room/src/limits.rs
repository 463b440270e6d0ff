//! Every bound of the domain, with its unit in its name.
//!
//! What a limit does when it is reached stands at the [`crate::Refusal`] or error that tells of it.

/// Characters in a nick or a room's name.
pub const NAME_CHARS_MAX: usize = 32;

/// Bytes of a name in UTF-8.
pub const NAME_BYTES_MAX: usize = NAME_CHARS_MAX * 4;

/// Combining marks in a row in a name: enough for every living script, too few to climb over the
/// lines above.
pub const NAME_MARKS_MAX: usize = 2;

/// Members a room may be made for.
pub const CAPACITY_MAX: u32 = 100_000;

/// Bytes of one message or topic in UTF-8: a line of the line protocol, which is the narrowest that
/// comes in. (One that goes out may be longer, see [`crate::Text::flat`].)
pub const TEXT_BYTES_MAX: usize = 4096;

/// Lines of one message.
pub const TEXT_LINES_MAX: usize = 100;

/// Bytes of the key of a post: a UUID has 36.
pub const KEY_BYTES_MAX: usize = 64;

/// Bytes of an emoji in UTF-8: the longest of Unicode's own, a kiss with two skin tones, has 35.
pub const EMOJI_BYTES_MAX: usize = 64;

/// Different emoji that are shown with one message, of those most were given; reacting with others
/// is counted all the same.
pub const REACTIONS_SHOWN_MAX: usize = 20;

/// Characters of a message that are quoted where another event is about it.
pub const QUOTE_CHARS_MAX: usize = 40;

/// Corrections of one message; more are refused. The log keeps the earlier texts, and deleting the
/// message has to erase them all at once.
pub const EDITS_MAX: u64 = 100;

/// Messages that may be pinned in one room; more are refused.
pub const PINS_MAX: u64 = 50;

/// Rooms on one server unless its operator says otherwise; more are refused.
pub const ROOMS_MAX_DEFAULT: usize = 10_000;

/// Rooms of two of one account; she begins no more, but others may still begin one with her.
pub const DIRECT_ROOMS_MAX: usize = 1000;

/// Connections that a room of two holds: those of two people with all their devices.
pub const DIRECT_CAPACITY: u32 = 256;

/// Characters of the reason for a measure; what is longer is cut.
pub const REASON_CHARS_MAX: usize = 200;

/// Milliseconds that a ban or a mute may be given for; what is longer is for good.
pub const PENALTY_MS_MAX: u64 = 10 * 366 * 24 * 3600 * 1000;

/// Bans of one room that hold; more are refused.
pub const BANS_MAX: usize = 1000;

/// Mutes of one room that hold; more are refused.
pub const MUTES_MAX: usize = 1000;

/// Roles that one room has given; more are refused.
pub const ROLES_MAX: usize = 10_000;

/// Patterns of one room's filter; more are refused.
pub const PATTERNS_MAX: usize = 50;

/// Characters of one pattern of a filter; longer ones are refused.
pub const PATTERN_CHARS_MAX: usize = 100;

/// Bytes that one room's filter may take in memory, once as it is and once as it works; patterns
/// that together take more are refused.
pub const FILTER_BYTES_MAX: usize = 256 * 1024;

/// Seconds between two messages of one person, at most; more are refused.
pub const SLOW_S_MAX: u32 = 6 * 3600;

const _: () = assert!(NAME_BYTES_MAX < TEXT_BYTES_MAX);
const _: () = assert!((QUOTE_CHARS_MAX + 3) * 4 < TEXT_BYTES_MAX, "a quote is a text");
