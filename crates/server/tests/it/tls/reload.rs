//! The certificate's files are read again when they change; who is there stays.

use rustix::process::Signal;

use crate::client::{Client, Wire};
use crate::tls::Files;

#[test]
fn a_new_certificate_is_taken_and_a_bad_one_is_not() {
    let files = Files::new();
    let server = files.serve(&[]);
    let mut ana = files.connect(&server, Wire::Whole);
    ana.send("--CREATE sala 10 ana");
    ana.expect_ok();

    // On the change alone.
    files.renew();
    server.expect_said("a TLS certificate is in force", 2);
    // Who trusts the new one alone.
    files.connect(&server, Wire::Whole);

    // One that is none leaves the old one in force.
    let good = std::fs::read(files.certificate()).unwrap();
    std::fs::write(files.certificate(), "rubbish\n").unwrap();
    server.signal(Signal::HUP);
    server.expect_said("the old certificate stays in force", 1);
    std::fs::write(files.certificate(), good).unwrap();
    files.connect(&server, Wire::Whole);

    // On the signal.
    files.renew();
    server.signal(Signal::HUP);
    server.expect_said("a TLS certificate is in force", 3);
    files.connect(&server, Wire::Whole);

    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    bia.send("ainda ai?");
    ana.expect("[bia]: ainda ai?");
}
