//! The real program over real sockets: one integration test binary, one module a promise.
//!
//! Written from the contract of the line protocol, not from the code. Every wait has a deadline,
//! and silence is proven by what comes next, not by a pause.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "test helpers fail by panicking")]
#![allow(missing_docs, reason = "nobody links to a test binary")]

mod admin;
mod api;
mod backup;
mod both;
mod client;
mod crash;
mod crowd;
mod cursor;
mod direct;
mod disk;
mod harness;
mod http;
mod leaks;
mod limits;
mod line;
mod links;
mod memory;
mod nodeless;
mod operate;
mod pace;
mod private;
mod purge;
mod retention;
mod rights;
mod seed;
mod session;
mod shutdown;
mod slow;
mod sniff;
mod telnet;
mod tls;
mod unread;
mod ws;
