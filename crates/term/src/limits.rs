//! Every bound of the client, with its unit in its name.

use std::time::Duration;

/// Bytes of a line one may send: the line protocol's own limit.
pub(crate) const LINE_BYTES_MAX: usize = room::limits::TEXT_BYTES_MAX;

/// Bytes of a line the server may send; what is longer is cut there. A message with its nick and
/// number fits four times.
pub(crate) const INCOMING_BYTES_MAX: usize = 4 * LINE_BYTES_MAX;

/// Typed lines that the server has not yet answered; one more is given back to the input line.
pub(crate) const WAITING_LINES_MAX: usize = 256;

/// Own acknowledged messages remembered beyond the last line seen; the oldest is forgotten, by
/// when the server has long sent what stood before it.
pub(crate) const ACKED_MAX: usize = 4096;

/// Notices of a re-entered room remembered until the log has repeated them.
pub(crate) const NOTICES_MAX: usize = 16;

/// Nicks and room names each that completion remembers; the one unheard longest is forgotten.
pub(crate) const SEEN_NAMES_MAX: usize = 512;

/// Lines of history, in memory and in its file.
pub(crate) const HISTORY_LINES_MAX: usize = 1000;

/// Events between the threads; at the limit the socket's reader waits, and so does the server.
pub(crate) const EVENTS_MAX: usize = 1024;

/// Events taken together before the screen is drawn again.
pub(crate) const EVENTS_PER_DRAW_MAX: usize = 512;

/// Lines on their way to the socket; a server that reads none of them counts as lost.
pub(crate) const OUTGOING_MAX: usize = 2 * WAITING_LINES_MAX;

/// Rows of the screen that the input line may take.
pub(crate) const INPUT_ROWS_MAX: usize = 8;

/// Columns assumed where a terminal does not tell.
pub(crate) const COLUMNS_DEFAULT: usize = 80;

/// Until a connection attempt counts as failed, each address of a host on its own.
pub(crate) const DIAL_WAIT: Duration = Duration::from_secs(10);

/// Until a server that was greeted for the first time counts as one that knows no `--CURSOR`.
pub(crate) const PROBE_WAIT: Duration = Duration::from_secs(5);

/// Until a server that answers nothing counts as lost.
pub(crate) const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// Silence after which a catch-up is taken for finished if its last number never came (an event
/// may be kept and yet not be shown to line clients).
pub(crate) const CATCH_UP_QUIET: Duration = Duration::from_secs(2);

/// How long re-entering a room is tried while the server refuses (the nick may still be held by
/// the lost connection).
pub(crate) const REENTER_WAIT: Duration = Duration::from_mins(2);

/// How long quitting waits for what was typed before it.
pub(crate) const QUIT_WAIT: Duration = Duration::from_secs(2);

/// A connection that ends so soon after its first refusal was refused itself.
pub(crate) const REFUSAL_WAIT: Duration = Duration::from_secs(1);

/// Shortest wait before a new attempt to connect.
pub(crate) const RETRY_MIN: Duration = Duration::from_millis(500);

/// Longest wait before a new attempt to connect.
pub(crate) const RETRY_MAX: Duration = Duration::from_secs(15);
