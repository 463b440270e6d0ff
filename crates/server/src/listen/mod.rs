//! The one port: accepting, permits, and telling protocols apart.

mod permit;
mod port;
mod sniffed;

pub(crate) use permit::{Ledger, Permit, Refusal, key as address_key};
pub(crate) use port::{Port, bind};
pub(crate) use sniffed::{Client, linger, serve_connection};
