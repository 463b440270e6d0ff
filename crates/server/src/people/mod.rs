//! People: what a server does with the accounts that [`store::people`] keeps.

pub(crate) mod password;
