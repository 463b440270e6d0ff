//! Every bound of the vocabulary, with its unit, and what happens there.
//!
//! What is beyond a bound of a field is refused by [`super::Fault`], which names the field.

use room::limits::{NAME_CHARS_MAX, TEXT_BYTES_MAX};

use crate::line::HISTORY_MAX;
use crate::ws::MESSAGE_BYTES_MAX;

/// The largest number that is sent or read: beyond it JavaScript's numbers skip some.
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

/// Bytes of a request's id, where it is a string.
pub const ID_BYTES_MAX: usize = 64;

/// Bytes of the key of a post.
pub const KEY_BYTES_MAX: usize = room::limits::KEY_BYTES_MAX;

/// Bytes of the name by which a client's program is known.
pub const CLIENT_BYTES_MAX: usize = 64;

/// Bytes of a password as it is read; which ones are taken is the server's rule.
pub const PASSWORD_BYTES_MAX: usize = 256;

/// Bytes of a token as it is read: one of papo's has 48.
pub const TOKEN_BYTES_MAX: usize = 128;

/// Bytes of a guest link as it is read: its token, its path or a whole address.
pub const LINK_BYTES_MAX: usize = 512;

/// Bytes of the words that are searched for.
pub const SEARCH_BYTES_MAX: usize = 512;

/// Messages on a page of history where the request does not say how many.
pub const PAGE_DEFAULT: usize = 50;

/// Messages on a page of history or of what was found. More are not refused: the page has so many.
pub const PAGE_MAX: usize = HISTORY_MAX;

/// Rooms that are resumed by one request.
pub const RESUMED_ROOMS_MAX: usize = 64;

/// Fields of a request that are looked at; no request has so many. A request of more has one that
/// is unknown.
pub const FIELDS_MAX: usize = 12;

/// Bytes of a field's name as a refusal gives it back; what is longer is cut.
pub const FIELD_BYTES_MAX: usize = 32;

/// Milliseconds for which the key of a post is remembered at least. Sent again later, it may be a
/// second post.
pub const KEY_KEPT_MS: u64 = 24 * 3600 * 1000;

/// Milliseconds of silence after which the server pings a client, and after as many again closes
/// the connection.
pub const PING_MS: u64 = 30_000;

/// Members above which it is not told one by one who enters, leaves or is called otherwise: a
/// storm of N joins would cost N². A `count` is sent instead.
pub const NOTICE_PRESENT_MAX: u32 = crate::line::NOTICE_PRESENT_MAX;

/// Bytes that a character takes in JSON at most: two escapes of UTF-16.
const CHAR_JSON_BYTES_MAX: usize = 12;

/// Bytes of the longest room of a `resume`, without its name.
const RESUMED_FORM_BYTES: usize = r#"{"room":"","after":9007199254740991},"#.len();

const _: () = assert!(
    RESUMED_ROOMS_MAX * (NAME_CHARS_MAX * CHAR_JSON_BYTES_MAX + RESUMED_FORM_BYTES)
        < MESSAGE_BYTES_MAX / 2,
    "the longest list of rooms fits into a message"
);
const _: () = assert!(PAGE_DEFAULT <= PAGE_MAX && SEARCH_BYTES_MAX <= TEXT_BYTES_MAX);
