//! The log from outside: its bytes, and what is left of it when everything goes wrong.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests, their helpers included")]

mod full;
mod golden;
mod kill;
mod power;
mod writer;
