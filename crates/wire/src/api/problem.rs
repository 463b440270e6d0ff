//! Why the answer is no, as a problem (RFC 9457).

use bytes::Bytes;
use lang::Lang;
use serde::Serialize as _;

use super::route::Method;
use super::{BODY_BYTES_MAX, ROOT, shape};
use crate::json::event::write;
use crate::json::shape::No;
use crate::json::{self, Code};

/// The media type of a refusal.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// As it would be over WebSocket.
    Asked(json::Problem),
    /// Nothing has that path.
    NoRoute,
    /// The path takes these methods, and not this one.
    BadMethod(Vec<Method>),
    /// The body says that it is not JSON.
    BadType,
    /// The body has more than [`BODY_BYTES_MAX`].
    BodyTooLarge,
    /// The body took too long to come.
    BodyTooSlow,
    /// There is no such guest link.
    NoLink,
    /// There is no such webhook.
    NoHook,
    /// A page of another origin asks for what only the server's own may.
    NotOwnPage,
}

impl From<json::Problem> for Problem {
    fn from(problem: json::Problem) -> Self {
        Self::Asked(problem)
    }
}

impl Problem {
    /// The status of the answer (RFC 9110, section 15).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Asked(problem) => status(problem.code()),
            Self::NoRoute | Self::NoLink | Self::NoHook => 404,
            Self::NotOwnPage => 403,
            Self::BadMethod(_) => 405,
            Self::BadType => 415,
            Self::BodyTooLarge => 413,
            Self::BodyTooSlow => 408,
        }
    }

    /// Seconds after which the same may be tried again.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u64> {
        const MS_PER_S: u64 = 1000;
        let Self::Asked(problem) = self else { return None };
        match problem {
            json::Problem::TooFast(wait_ms)
            | json::Problem::Refused(room::Refusal::SlowMode { wait_ms }) => {
                Some(wait_ms.div_ceil(MS_PER_S).max(1))
            }
            problem => match problem.code() {
                Code::Busy => Some(1),
                Code::NoSpace | Code::LogAway => Some(10),
                _ => None,
            },
        }
    }

    /// The body of the answer; `lang` is that of its sentence.
    #[must_use]
    pub fn encode(&self, lang: Lang) -> Bytes {
        let (code, no, detail) = self.told(lang);
        write(&shape::Problem {
            kind: format!("{ROOT}/docs#{code}"),
            title: code.replace('-', " "),
            status: self.status(),
            detail,
            code: &code,
            field: no.field,
            room: no.room,
            nick: no.nick,
            seq: no.seq,
            max: no.max,
            wait_ms: no.wait_ms,
            until: no.until,
            reason: no.reason,
        })
    }

    fn told(&self, lang: Lang) -> (String, No<'_>, String) {
        let own = |code: &str, id: &str, max: Option<usize>| {
            // That code is not looked at.
            let mut no = No::new(Code::BadJson);
            let max = max.map(|max| max as u64);
            no.max = max;
            let detail = match max {
                Some(max) => lang.text_with(id, &[("max", max.into())]),
                None => lang.text(id),
            };
            (code.to_owned(), no, detail)
        };
        match self {
            Self::Asked(problem) => {
                let mut no = problem.shape(lang);
                let detail = std::mem::take(&mut no.message);
                (word(no.code), no, detail)
            }
            Self::NoRoute => own("no-route", "api-no-route", None),
            Self::BadMethod(_) => own("bad-method", "api-bad-method", None),
            Self::BadType => own("bad-type", "api-bad-type", None),
            Self::BodyTooLarge => own("body-too-large", "api-body-too-large", Some(BODY_BYTES_MAX)),
            Self::BodyTooSlow => own("body-too-slow", "api-body-too-slow", None),
            Self::NoLink => own("no-link", "api-no-link", None),
            Self::NoHook => own("no-hook", "api-no-hook", None),
            Self::NotOwnPage => own("not-own-page", "api-not-own-page", None),
        }
    }
}

/// A code as it is written.
fn word(code: Code) -> String {
    match code.serialize(serde_json::value::Serializer) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("a code is a word"),
    }
}

const fn status(code: Code) -> u16 {
    match code {
        Code::BadJson
        | Code::UnknownVerb
        | Code::MissingField
        | Code::UnknownField
        | Code::FieldTwice
        | Code::BadField
        | Code::FieldTooLong
        | Code::FieldTooLarge
        | Code::BadCapacity
        | Code::BadPattern
        | Code::BadSlowMode
        | Code::BadPassword => 400,
        Code::LogInFailed | Code::NotLoggedIn => 401,
        Code::NotYours
        | Code::NotAllowed
        | Code::Banned
        | Code::Muted
        | Code::NoGuests
        | Code::NoDirect
        | Code::RegistrationClosed
        | Code::NotEncrypted => 403,
        Code::NotInRoom
        | Code::NoRoom
        | Code::NoNick
        | Code::NoMessage
        | Code::NoAccount
        | Code::NoLink
        | Code::NoToken => 404,
        Code::RoomExists
        | Code::NameReserved
        | Code::RoomFull
        | Code::TooManyRooms
        | Code::InTooManyRooms
        | Code::NickNeeded
        | Code::NickTaken
        | Code::NickOwned
        | Code::NotReading
        | Code::TooManyEdits
        | Code::TooManyPins
        | Code::LoggedInAs
        | Code::NothingToUndo
        | Code::ListFull
        | Code::AlreadyLoggedIn
        | Code::LinkFull
        | Code::AccountTaken => 409,
        Code::AlreadyDeleted | Code::LinkExpired | Code::LinkUsedUp => 410,
        Code::Filtered => 422,
        Code::SlowMode | Code::TooFast => 429,
        Code::Busy | Code::LogAway => 503,
        Code::NoSpace => 507,
    }
}
