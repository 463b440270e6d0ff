//! People: what a server does with the accounts that [`store::people`] keeps.
//!
//! One thread owns the accounts, a few hash passwords, and the [`Service`] is how everyone else
//! asks them. Neither has a queue without an end: who cannot be served now is told so.

mod attempts;
pub(crate) mod password;
mod pool;
mod service;
mod watch;

pub(crate) use service::{Failure, LogInError, LoggedIn, RegisterError, Service};
pub(crate) use watch::Watch;
