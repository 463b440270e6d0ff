//! How what the accounts refuse is told to clients that speak JSON.

use room::Nick;
use store::StoreError;
use wire::json::Problem;

use crate::people::{Failure, LogInError, RegisterError};

const MS_PER_S: u64 = 1000;

/// Why nobody was logged in.
pub(super) fn not_logged_in(error: LogInError) -> Problem {
    match error {
        LogInError::TooOften(too_often) => Problem::TooFast(too_often.wait_s * MS_PER_S),
        // Which of them is not told.
        LogInError::Wrong | LogInError::Disabled => Problem::LogInFailed,
        LogInError::Failure(failure) => failed(&failure),
    }
}

/// Why nobody was registered under that nick.
pub(super) fn not_registered(error: RegisterError, nick: Nick) -> Problem {
    match error {
        RegisterError::TooOften(too_often) => Problem::TooFast(too_often.wait_s * MS_PER_S),
        RegisterError::NickTaken => Problem::AccountTaken(nick),
        RegisterError::Full => Problem::RegistrationClosed,
        RegisterError::Failure(failure) => failed(&failure),
    }
}

/// Why nothing can be asked of the accounts just now.
pub(super) fn failed(failure: &Failure) -> Problem {
    match failure {
        Failure::Busy(_) => Problem::Busy,
        Failure::Store(StoreError::NoSpace) => Problem::NoSpace,
        Failure::Store(error) => {
            tracing::warn!(%error, "the accounts cannot be used");
            Problem::LogAway
        }
        Failure::Hash(_) | Failure::Random(_) => {
            tracing::warn!(error = %failure, "the accounts cannot be used");
            Problem::Busy
        }
    }
}
