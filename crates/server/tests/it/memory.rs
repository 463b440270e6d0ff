//! What a connection costs that only stays.

use crate::client::{Client, Wire};
use crate::harness::Server;

const CONNECTIONS: usize = 10_000;
/// The server's own memory for one idle line connection.
const BYTES_EACH_MAX: u64 = 3 * 1024;
/// File descriptors the test needs besides the connections.
const OTHER_FILES: u64 = 100;

#[test]
fn an_idle_line_connection_costs_at_most_3_kib() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let may = limit.current.unwrap_or(u64::MAX).saturating_sub(OTHER_FILES);
    let count = CONNECTIONS.min(usize::try_from(may).unwrap_or(usize::MAX));
    assert!(count >= 500, "{may} files are too few to measure by");
    let max = (count + 10).to_string();
    let server = Server::start(&["--max", &max]);
    // What the first connections need once and for all is no cost of each.
    let mut first = Client::creates(&server, Wire::Whole, "sala", "ana");
    first.expect_nothing_so_far();
    let before = server.anonymous_bytes();
    let mut idle = Client::connect_many(&server, count);
    let grown = server.anonymous_bytes().saturating_sub(before);
    let each = grown / count as u64;
    eprintln!("{count} idle connections: {grown} bytes, {each} each");
    assert!(each <= BYTES_EACH_MAX, "{each} bytes each");
    // And it still serves.
    first.send("--LIST");
    assert_eq!(first.expect_list(), ["ana"]);
    let last = idle.last_mut().unwrap();
    last.send("--JOIN sala ultimo");
    last.expect_ok();
    first.expect_info_of("ultimo");
}
