//! What an encrypted connection costs that only stays.

use crate::client::{Client, GREETING, Wire};
use crate::tls::Files;
use crate::tls::files::BOTH;

const CONNECTIONS: usize = 500;
/// The server's own memory for one idle line connection over TLS.
const BYTES_EACH_MAX: u64 = 16 * 1024;

#[test]
fn an_idle_encrypted_line_connection_costs_at_most_16_kib() {
    let files = Files::new();
    let server = files.serve(&[]);
    let connect = |count| -> Vec<Client> {
        let open = |_| Client::open(server.addr(), Wire::Whole).encrypted(files.client(&BOTH));
        let mut clients: Vec<_> = (0..count).map(open).collect();
        // They wait for their greetings together.
        for client in &mut clients {
            client.expect(GREETING);
        }
        clients
    };
    // What the first connections need once and for all is no cost of each.
    let mut idle = connect(10);
    let before = server.anonymous_bytes();
    idle.extend(connect(CONNECTIONS));
    let grown = server.anonymous_bytes().saturating_sub(before);
    let each = grown / CONNECTIONS as u64;
    eprintln!("{CONNECTIONS} idle connections: {grown} bytes, {each} each");
    assert!(each <= BYTES_EACH_MAX, "{each} bytes each");
    // And it still serves.
    let last = idle.last_mut().unwrap();
    last.send("--CREATE sala 10 ana");
    last.expect_ok();
}
