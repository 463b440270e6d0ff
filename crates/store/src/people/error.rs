//! What can go wrong with people: one small enum an operation.

use rusqlite::ErrorCode;

use crate::StoreError;
use crate::people::limits::{ACCOUNTS_MAX, LINKS_PER_ROOM_MAX, MARKERS_PER_ACCOUNT_MAX};

/// Turns an error of SQLite into what it means.
pub(super) fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |cause| match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::ReadOnly) => StoreError::NoSpace,
        _ => StoreError::failed(doing, cause),
    }
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Another account owns the nick.
    #[error("the nick belongs to an account")]
    NickTaken,
    /// There are as many accounts as there may be.
    #[error("there are {ACCOUNTS_MAX} accounts, the most there may be")]
    Full,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// There is no such account, or it is disabled.
    #[error("no such account, or it is disabled")]
    NoAccount,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeLinkError {
    /// There is no account that could have made it.
    #[error("no such account, or it is disabled")]
    NoAccount,
    /// The room has as many links as it may: revoke one.
    #[error("the room has {LINKS_PER_ROOM_MAX} links, the most it may have")]
    Full,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a link lets nobody in. The first that holds, in the order of the variants.
#[derive(Debug, thiserror::Error)]
pub enum UseLinkError {
    /// There is no such link, or no longer.
    #[error("no such link")]
    Unknown,
    /// It was revoked.
    #[error("the link was revoked")]
    Revoked,
    /// Its time is over.
    #[error("the link has expired")]
    Expired,
    /// It has been used as often as it may be.
    #[error("the link is used up")]
    UsedUp,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a read marker was not set.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// There is no such account.
    #[error("no such account")]
    NoAccount,
    /// The account has a marker in as many rooms as it may.
    #[error("the account has markers in {MARKERS_PER_ACCOUNT_MAX} rooms, the most it may have")]
    Full,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}
