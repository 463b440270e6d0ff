//! Black-box tests: the real program, over real sockets.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod harness;
mod http;
