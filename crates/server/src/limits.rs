//! Every bound of the server, with its unit in its name, and what happens there.
//!
//! Bounds that an operator may set are in [`crate::config`]; those of the domain in
//! [`room::limits`], of a protocol in its folder of [`wire`].

use std::time::Duration;

/// Messages that wait for the hub. At the limit a session stops reading its client, and TCP
/// slows that client down.
pub(crate) const HUB_QUEUE_MAX: usize = 2048;

/// Messages the hub takes at once: what is in one batch shares one commit.
pub(crate) const HUB_BATCH_MAX: usize = store::APPEND_EVENTS_MAX;

/// Pause in which the hub lets more gather while a room is busy, again and again as long as more
/// comes: a commit, and a write to a member, cost the same whatever they carry.
pub(crate) const GATHER: Duration = Duration::from_micros(200);

/// Such pauses in a row at most.
pub(crate) const GATHERS_MAX: u32 = 5;

/// Batches that wait for a shard. At the limit the hub waits for the shard.
pub(crate) const SHARD_QUEUE_MAX: usize = 8;

/// Batches a shard takes before it writes: the busier it is, the more one write carries.
pub(crate) const SHARD_DRAIN_MAX: usize = SHARD_QUEUE_MAX;

/// Accepted connections that wait for their shard. At the limit accepting waits.
pub(crate) const ACCEPTED_QUEUE_MAX: usize = 256;

/// Shards at most: the hub keeps a room's audience as one bit a shard, and one for the desk.
pub(crate) const SHARDS_MAX: usize = u64::BITS as usize - 1;

/// How long a request waits for the hub's answer, the disk included, before it is told that the log
/// is away.
pub(crate) const DESK_PATIENCE: Duration = Duration::from_secs(20);

/// Acknowledgements that wait for a flush. At the limit the hub waits for the disk.
pub(crate) const FLUSH_WAITING_MAX: usize = 64 * 1024;

/// Pause between two looks for whether the flusher has caught up.
pub(crate) const FLUSH_FULL_RETRY: Duration = Duration::from_millis(1);

/// How long a commit that nobody waits for may stay unflushed.
pub(crate) const FLUSH_LAZY: Duration = Duration::from_millis(100);

/// Pause before a failed flush is tried again.
pub(crate) const FLUSH_RETRY: Duration = Duration::from_secs(1);

/// Failed flushes after which those who wait for the answer to a command are told that it cannot
/// be acknowledged. A message goes on waiting: it is not refused, for it may well be kept.
pub(crate) const FLUSH_PATIENCE: u32 = 5;

/// Requests of the API that are under way at once, streams apart. At the limit who comes is told to
/// come again.
pub(crate) const API_REQUESTS_MAX: usize = 256;

/// Streams of events that are open at once, some KiB each. At the limit who comes is told to come
/// again.
pub(crate) const STREAMS_MAX: usize = 1024;

/// Streams of events that one account has open at once. At the limit as above.
pub(crate) const STREAMS_PER_ACCOUNT_MAX: usize = 16;

/// Silence on a stream of events after which it says that it is there, and looks whether it still
/// may be.
pub(crate) const STREAM_PULSE: Duration = Duration::from_secs(15);

/// Pause before a log that could not be read is read again for a stream.
pub(crate) const STREAM_RETRY: Duration = Duration::from_secs(1);

/// Accounts and addresses whose rate is remembered by the API. Beyond, those as good as new are
/// forgotten; if there is none, a further one has to wait.
pub(crate) const METERS_MAX: usize = 50_000;

/// Reads of the log that wait. At the limit a session waits.
pub(crate) const ARCHIVE_QUEUE_MAX: usize = 1024;

/// Threads that read the log.
pub(crate) const ARCHIVE_THREADS: usize = 2;

/// Events that a member behind is given at once from the log; it holds none of them while it
/// waits, so 4 KiB of a line that is half sent is all it costs.
pub(crate) const CATCH_UP_EVENTS_MAX: usize = 64;

/// Pages of the log that a shard keeps for up to a [`TICK`], for whoever comes next from the same
/// place: some 512 KiB each at most. Beyond, the one that was asked for first is let go.
pub(crate) const PAGES_MAX: usize = 16;

/// Bytes of a room's last events that a shard keeps while one of its members is behind. Who is
/// further behind reads the log.
pub(crate) const RING_BYTES_MAX: usize = 64 * 1024;

/// The same, in events.
pub(crate) const RING_EVENTS_MAX: usize = 256;

/// Bytes in all rings of a shard. Beyond, a room's ring is given up when it is next trimmed.
pub(crate) const RINGS_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of private messages that wait for a client. At the limit their senders are told that it
/// does not read.
pub(crate) const WHISPERS_BYTES_MAX: usize = 64 * 1024;

/// Bytes of answers that wait for a client. At the limit its input is not read any further.
pub(crate) const OUTBOX_BYTES_MAX: usize = 64 * 1024;

/// Posts of one WebSocket client that wait for the disk. At the limit it is not listened to.
pub(crate) const POSTS_WAITING_MAX: usize = 256;

/// Keys of posts that a room remembers: some 3 MiB. Beyond, the oldest are forgotten, however
/// young.
pub(crate) const KEYS_PER_ROOM_MAX: usize = 16 * 1024;

/// Keys of posts that all rooms remember. Beyond, those of rooms in which nobody posted with a key
/// for longest are read from the log again when they are needed.
pub(crate) const KEYS_MAX: usize = 16 * KEYS_PER_ROOM_MAX;

/// Events at the end of a room's log that are looked through for keys, once after a start: everyone
/// waits meanwhile. What was said before them with a key is forgotten.
pub(crate) const KEYS_READ_EVENTS_MAX: u64 = KEYS_PER_ROOM_MAX as u64;

/// Rooms in which one connection may be at once; the next one is refused.
pub(crate) const ROOMS_AT_ONCE_MAX: usize = 64;

/// Rooms or members that one list shows; then it says how many more there are. Some 100 KiB.
pub(crate) const LISTED_MAX: usize = 1000;

/// Rooms of which one answer tells what is unread: those in which something happened last.
pub(crate) const UNREAD_ROOMS_MAX: usize = 256;

/// Unread messages that are counted of one room; beyond, there are more.
pub(crate) const UNREAD_MAX: u32 = 999;

/// Messages that are looked at for one answer: some 40 ms of a reader. In what is left there may be
/// more.
pub(crate) const UNREAD_LOOKED_MAX: usize = 4096;

/// Addresses whose rate is remembered, connected or not. Beyond, those without a connection are
/// forgotten.
pub(crate) const ADDRESSES_MAX: usize = 20_000;

/// Addresses and accounts of which attempts to log in are remembered: at most three an attempt, for
/// some minutes, and fewer attempts than passwords are hashed meanwhile. Beyond, those as good as
/// new are forgotten; if there is none, a further one has to wait.
pub(crate) const ATTEMPTS_REMEMBERED_MAX: usize = 50_000;

/// Threads that hash passwords, each with one core and 19 MiB while it does. They must not take
/// the cores from the shards.
pub(crate) const HASH_THREADS: usize = 2;

/// Passwords that wait to be hashed: a second or two. At the limit who comes is told to come
/// again.
pub(crate) const HASH_QUEUE_MAX: usize = 64;

/// Questions about accounts that wait for the thread that owns them. At the limit who asks is told
/// to ask again.
pub(crate) const PEOPLE_QUEUE_MAX: usize = 1024;

/// How long a login lasts.
pub(crate) const TOKEN_LIFE: Duration = Duration::from_hours(180 * 24);

/// Bytes read from a connection at once, into a buffer that the connections of a shard share.
pub(crate) const READ_BYTES_MAX: usize = 16 * 1024;

/// How long a client may take for the TLS handshake before its connection is cut.
pub(crate) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// TLS handshakes of a shard that are under way at once: some 16 KiB each, so 32 MiB. At the limit
/// who comes is cut; more than one address may have at once by default.
pub(crate) const HANDSHAKES_MAX: u64 = 2048;

/// Bytes that TLS takes to encrypt at once, and so about what it holds where the socket takes
/// nothing. At the limit the rest waits as it would without TLS.
pub(crate) const TLS_WRITE_BYTES_MAX: usize = 16 * 1024;

/// Reads of a socket for one read inside TLS. At the limit others get their turn.
pub(crate) const TLS_READS_MAX: usize = 32;

/// Pause between two looks for whether the certificate's files have changed.
pub(crate) const CERTIFICATE_LOOK: Duration = Duration::from_secs(2);

/// Connections beyond the limits that are told so; further ones are closed at once.
pub(crate) const OVERFLOW_MAX: u32 = 64;

/// Connections of a shard that wait for their client to close after the last words; others are
/// closed at once.
pub(crate) const LINGERING_MAX: usize = 128;

/// Pause after the system refused to accept for lack of descriptors or memory.
pub(crate) const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// How long a client may take to read the last words before its connection is cut.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long, at the server's end, a client's input is still read so that closing does not reset
/// the connection under the last words.
pub(crate) const ENDING_LINGER: Duration = Duration::from_millis(200);

/// Bytes of a closing client's input that are read and dropped, so that closing does not reset
/// the connection under the last words.
pub(crate) const LINGER_BYTES_MAX: usize = 64 * 1024;

/// Pause between two looks for idle connections and forgotten rooms.
pub(crate) const TICK: Duration = Duration::from_secs(1);

/// Ticks in which every connection is looked at once.
pub(crate) const IDLE_SWEEP_TICKS: usize = 4;

/// Ticks between two looks for logins whose token has expired.
pub(crate) const LOGIN_CHECK_TICKS: u64 = 60;

/// Ticks between two looks for rooms and messages that need not be kept.
pub(crate) const RETENTION_TICKS: u64 = 60;

/// Messages that one step of a purge looks at, and deletes at most: everyone waits meanwhile, for
/// some milliseconds.
pub(crate) const PURGE_STEP_MESSAGES: usize = 128;

/// Purges that are under way at once; more are refused.
pub(crate) const PURGES_MAX: usize = 64;

/// Forgotten rooms removed in one tick: everyone waits meanwhile, for some milliseconds each.
pub(crate) const EXPIRED_ROOMS_MAX: usize = 16;

const _: () = assert!(HUB_BATCH_MAX <= HUB_QUEUE_MAX);
const _: () = assert!(CATCH_UP_EVENTS_MAX <= store::READ_EVENTS_MAX);
const _: () = assert!(PURGE_STEP_MESSAGES <= store::READ_EVENTS_MAX);
const _: () = assert!(wire::json::limits::RESUMED_ROOMS_MAX <= ROOMS_AT_ONCE_MAX);
const _: () = assert!(wire::json::limits::PAGE_MAX < store::READ_EVENTS_MAX);
const _: () = assert!(wire::line::LINE_BYTES_MAX < OUTBOX_BYTES_MAX);
