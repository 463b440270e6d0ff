//! TLS on the same port, with the certificate in files.

mod files;
mod line;
mod memory;
mod others;
mod plain;
mod reload;

pub(crate) use files::Files;
