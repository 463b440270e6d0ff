//! Why the answer is no: a code for programs, a sentence for people, and what both are about.

use lang::{Lang, Value};
use room::limits::CAPACITY_MAX;
use room::{Nick, Penalty, Refusal, RoomName, Text};
use serde::Serialize;

use super::fault::{Fault, Kind};
use super::shape::No;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is no good request.
    Bad(Fault),
    /// The rules do not allow it.
    Refused(Refusal),
    /// She is not in that room.
    NotInRoom(RoomName),
    /// The session is in as many rooms as it may.
    InTooManyRooms(u32),
    /// She is not called anything yet, and the request does not say.
    NickNeeded,
    /// The account has no token of that number.
    NoToken(u64),
    /// The guest link's time is over.
    LinkExpired,
    /// The guest link was used as often as it may be.
    LinkUsedUp,
    /// Nobody is called so.
    NoSuchNick(Nick),
    /// Who is called so does not read what she is sent.
    NotReading(Nick),
    /// The account, the password or the token is wrong. Which one is not told.
    LogInFailed,
    /// It is for those who are logged in.
    NotLoggedIn,
    /// She is logged in already.
    AlreadyLoggedIn,
    /// There is such an account.
    AccountTaken(Nick),
    /// That can be no password: it is too short, too long, or has control characters.
    BadPassword,
    /// No account is made: the server has as many as it takes, or its operator makes them.
    RegistrationClosed,
    /// A password may not go over this connection: it is neither encrypted nor local.
    NotEncrypted,
    /// Too many requests, or too many attempts to log in: wait so many milliseconds.
    TooFast(u64),
    /// The server does as much of this as it can at a time: try again.
    Busy,
    /// The disk is full.
    NoSpace,
    /// The log is away.
    LogAway,
}

/// The code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Not a JSON object.
    BadJson,
    /// `do` is no word that asks for something.
    UnknownVerb,
    /// A field is not there.
    MissingField,
    /// A field is not known here.
    UnknownField,
    /// A field comes twice.
    FieldTwice,
    /// A field is not of its kind.
    BadField,
    /// A field is too long.
    FieldTooLong,
    /// A number is too large.
    FieldTooLarge,
    /// Not in that room.
    NotInRoom,
    /// No such room.
    NoRoom,
    /// There is such a room.
    RoomExists,
    /// The room is full.
    RoomFull,
    /// No such guest link.
    NoLink,
    /// The guest link's time is over.
    LinkExpired,
    /// The guest link was used as often as it may be.
    LinkUsedUp,
    /// As many are in by the guest link as may be.
    LinkFull,
    /// No room is made for so many.
    BadCapacity,
    /// The server has as many rooms as it takes.
    TooManyRooms,
    /// The session is in as many rooms as it may.
    InTooManyRooms,
    /// A nick is needed.
    NickNeeded,
    /// Someone else is called so.
    NickTaken,
    /// The nick is an account's.
    NickOwned,
    /// Nobody is called so.
    NoNick,
    /// She does not read.
    NotReading,
    /// No such message.
    NoMessage,
    /// Another's message.
    NotYours,
    /// The message was deleted.
    AlreadyDeleted,
    /// Edited too often.
    TooManyEdits,
    /// Too many pins.
    TooManyPins,
    /// Her role has not that right.
    NotAllowed,
    /// She is kept out.
    Banned,
    /// She is silent.
    Muted,
    /// Guests are kept out just now.
    NoGuests,
    /// She spoke a moment ago.
    SlowMode,
    /// The filter does not let it through.
    Filtered,
    /// Who is called so has no account.
    NoAccount,
    /// Her account has another nick.
    LoggedInAs,
    /// There is nothing of that kind.
    NothingToUndo,
    /// As many of that kind as there may be.
    ListFull,
    /// No pattern.
    BadPattern,
    /// Too slow.
    BadSlowMode,
    /// Rooms of two are for accounts.
    NoDirect,
    /// The name is of a room of two.
    NameReserved,
    /// Account, password or token is wrong.
    LogInFailed,
    /// No such token.
    NoToken,
    /// Not logged in.
    NotLoggedIn,
    /// Logged in already.
    AlreadyLoggedIn,
    /// There is such an account.
    AccountTaken,
    /// No password.
    BadPassword,
    /// No account is made.
    RegistrationClosed,
    /// The connection is not encrypted.
    NotEncrypted,
    /// Too fast.
    TooFast,
    /// Busy.
    Busy,
    /// The disk is full.
    NoSpace,
    /// The log is away.
    LogAway,
}

impl Problem {
    /// What it is called in a refusal.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Bad(fault) => match fault {
                Fault::NotJson => Code::BadJson,
                Fault::Missing(_) => Code::MissingField,
                Fault::Unknown(_) => Code::UnknownField,
                Fault::Twice(_) => Code::FieldTwice,
                Fault::Invalid(_, Kind::Verb) => Code::UnknownVerb,
                Fault::Invalid(..) => Code::BadField,
                Fault::TooLong(..) => Code::FieldTooLong,
                Fault::TooLarge(..) => Code::FieldTooLarge,
            },
            Self::Refused(refusal) => match refusal {
                Refusal::NotInRoom => Code::NotInRoom,
                Refusal::NoSuchRoom(_) => Code::NoRoom,
                Refusal::RoomExists(_) => Code::RoomExists,
                Refusal::RoomFull { .. } => Code::RoomFull,
                Refusal::NoSuchLink => Code::NoLink,
                Refusal::LinkFull => Code::LinkFull,
                Refusal::NickTaken(_) => Code::NickTaken,
                Refusal::NickOwned(_) => Code::NickOwned,
                Refusal::BadCapacity => Code::BadCapacity,
                Refusal::TooManyRooms(_) => Code::TooManyRooms,
                Refusal::NoSuchMessage(_) => Code::NoMessage,
                Refusal::NotYours(_) => Code::NotYours,
                Refusal::AlreadyDeleted(_) => Code::AlreadyDeleted,
                Refusal::TooManyEdits(_) => Code::TooManyEdits,
                Refusal::TooManyPins(_) => Code::TooManyPins,
                Refusal::NotAllowed(_) | Refusal::NotBelow(_) => Code::NotAllowed,
                Refusal::Banned { .. } => Code::Banned,
                Refusal::Muted(_) => Code::Muted,
                Refusal::NoGuests => Code::NoGuests,
                Refusal::SlowMode { .. } => Code::SlowMode,
                Refusal::Filtered => Code::Filtered,
                Refusal::NotHere(_) => Code::NoNick,
                Refusal::NoAccount(_) => Code::NoAccount,
                Refusal::LoggedInAs(_) => Code::LoggedInAs,
                Refusal::NothingToUndo => Code::NothingToUndo,
                Refusal::ListFull(_) => Code::ListFull,
                Refusal::BadPattern => Code::BadPattern,
                Refusal::BadSlowMode => Code::BadSlowMode,
                Refusal::NoDirect(_) => Code::NoDirect,
                Refusal::NameReserved(_) => Code::NameReserved,
            },
            Self::NotInRoom(_) => Code::NotInRoom,
            Self::InTooManyRooms(_) => Code::InTooManyRooms,
            Self::NickNeeded => Code::NickNeeded,
            Self::LinkExpired => Code::LinkExpired,
            Self::LinkUsedUp => Code::LinkUsedUp,
            Self::NoSuchNick(_) => Code::NoNick,
            Self::NoToken(_) => Code::NoToken,
            Self::NotReading(_) => Code::NotReading,
            Self::LogInFailed => Code::LogInFailed,
            Self::NotLoggedIn => Code::NotLoggedIn,
            Self::AlreadyLoggedIn => Code::AlreadyLoggedIn,
            Self::AccountTaken(_) => Code::AccountTaken,
            Self::BadPassword => Code::BadPassword,
            Self::RegistrationClosed => Code::RegistrationClosed,
            Self::NotEncrypted => Code::NotEncrypted,
            Self::TooFast(_) => Code::TooFast,
            Self::Busy => Code::Busy,
            Self::NoSpace => Code::NoSpace,
            Self::LogAway => Code::LogAway,
        }
    }

    /// As it is sent.
    pub(crate) fn shape(&self, lang: Lang) -> No<'_> {
        let mut no = No::new(self.code());
        match self {
            Self::Bad(fault) => about_field(fault, &mut no),
            Self::Refused(refusal) => about_rule(refusal, &mut no),
            Self::NotInRoom(room) => no.room = Some(room.as_str()),
            Self::InTooManyRooms(max) => no.max = Some((*max).into()),
            Self::NoSuchNick(nick) | Self::NotReading(nick) | Self::AccountTaken(nick) => {
                no.nick = Some(nick.as_str());
            }
            Self::TooFast(wait_ms) => no.wait_ms = Some(*wait_ms),
            Self::NickNeeded
            | Self::LinkExpired
            | Self::LinkUsedUp
            | Self::LogInFailed
            | Self::NoToken(_)
            | Self::NotLoggedIn
            | Self::AlreadyLoggedIn
            | Self::BadPassword
            | Self::RegistrationClosed
            | Self::NotEncrypted
            | Self::Busy
            | Self::NoSpace
            | Self::LogAway => {}
        }
        no.message = sentence(&no, lang);
        no
    }
}

fn about_field<'p>(fault: &'p Fault, no: &mut No<'p>) {
    match fault {
        Fault::NotJson => {}
        Fault::Missing(field)
        | Fault::Unknown(field)
        | Fault::Twice(field)
        | Fault::Invalid(field, _) => no.field = Some(field),
        Fault::TooLong(field, max) => {
            no.field = Some(field);
            no.max = Some(*max as u64);
        }
        Fault::TooLarge(field, max) => {
            no.field = Some(field);
            no.max = Some(*max);
        }
    }
}

fn about_rule<'p>(refusal: &'p Refusal, no: &mut No<'p>) {
    match refusal {
        Refusal::NotInRoom
        | Refusal::NoSuchLink
        | Refusal::LinkFull
        | Refusal::NotAllowed(_)
        | Refusal::NoGuests
        | Refusal::Filtered
        | Refusal::NothingToUndo
        | Refusal::BadPattern
        | Refusal::BadSlowMode => {}
        Refusal::Banned { room, penalty } => {
            no.room = Some(room.as_str());
            about_penalty(penalty, no);
        }
        Refusal::Muted(penalty) => about_penalty(penalty, no),
        Refusal::SlowMode { wait_ms } => no.wait_ms = Some(*wait_ms),
        Refusal::NoSuchRoom(room) | Refusal::RoomExists(room) | Refusal::NameReserved(room) => {
            no.room = Some(room.as_str());
        }
        Refusal::RoomFull { name, present, capacity } => {
            no.room = Some(name.as_str());
            (no.present, no.capacity) = (Some(*present), Some(*capacity));
        }
        Refusal::NickTaken(nick)
        | Refusal::NickOwned(nick)
        | Refusal::NotBelow(nick)
        | Refusal::NotHere(nick)
        | Refusal::NoAccount(nick)
        | Refusal::NoDirect(nick)
        | Refusal::LoggedInAs(nick) => no.nick = Some(nick.as_str()),
        Refusal::BadCapacity => no.max = Some(CAPACITY_MAX.into()),
        Refusal::TooManyRooms(max) | Refusal::ListFull(max) => no.max = Some(*max as u64),
        Refusal::NoSuchMessage(seq) | Refusal::NotYours(seq) | Refusal::AlreadyDeleted(seq) => {
            no.seq = Some(seq.0);
        }
        Refusal::TooManyEdits(max) | Refusal::TooManyPins(max) => no.max = Some(*max),
    }
}

fn about_penalty<'p>(penalty: &'p Penalty, no: &mut No<'p>) {
    no.nick = Some(penalty.by.as_str());
    no.until = penalty.until.map(|until| until.0);
    no.reason = penalty.reason.as_ref().map(Text::as_str);
}

/// The sentence of a code, filled in with the fields of its refusal.
#[expect(clippy::too_many_lines, reason = "a flat match, a line a code")]
fn sentence(no: &No<'_>, lang: Lang) -> String {
    const MS_PER_S: u64 = 1000;
    let seq = no.seq.map(|seq| seq.to_string());
    let with = |id, arguments: &[(&str, Value<'_>)]| lang.text_with(id, arguments);
    let field = ("field", no.field.unwrap_or_default().into());
    let room = ("room", no.room.unwrap_or_default().into());
    let nick = ("nick", no.nick.unwrap_or_default().into());
    let max = ("max", no.max.unwrap_or_default().into());
    // A number of a message is a name, not a count: it goes in as it is written.
    let number = ("number", seq.as_deref().unwrap_or_default().into());
    match no.code {
        Code::BadJson => lang.text("json-bad-json"),
        Code::UnknownVerb => lang.text("json-unknown-verb"),
        Code::MissingField => with("json-missing-field", &[field]),
        Code::UnknownField => with("json-unknown-field", &[field]),
        Code::FieldTwice => with("json-field-twice", &[field]),
        Code::BadField => with("json-bad-field", &[field]),
        Code::FieldTooLong => with("json-field-too-long", &[field, max]),
        Code::FieldTooLarge => with("json-field-too-large", &[field, max]),
        Code::NotInRoom => lang.text("json-not-in-room"),
        Code::NoRoom => with("json-no-room", &[room]),
        Code::RoomExists => with("json-room-exists", &[room]),
        Code::RoomFull => with(
            "json-room-full",
            &[
                room,
                ("present", no.present.unwrap_or_default().into()),
                ("capacity", no.capacity.unwrap_or_default().into()),
            ],
        ),
        Code::NoLink => lang.text("json-no-link"),
        Code::LinkExpired => lang.text("json-link-expired"),
        Code::LinkUsedUp => lang.text("json-link-used-up"),
        Code::LinkFull => lang.text("json-link-full"),
        Code::BadCapacity => with("json-bad-capacity", &[max]),
        Code::TooManyRooms => with("json-too-many-rooms", &[max]),
        Code::InTooManyRooms => with("json-in-too-many-rooms", &[max]),
        Code::NickNeeded => lang.text("json-nick-needed"),
        Code::NickTaken => with("json-nick-taken", &[nick]),
        Code::NickOwned => with("json-nick-owned", &[nick]),
        Code::NoNick => with("json-no-nick", &[nick]),
        Code::NotReading => with("json-not-reading", &[nick]),
        Code::NoMessage => with("json-no-message", &[number]),
        Code::NotYours => with("json-not-yours", &[number]),
        Code::AlreadyDeleted => with("json-already-deleted", &[number]),
        Code::TooManyEdits => with("json-too-many-edits", &[max]),
        Code::TooManyPins => with("json-too-many-pins", &[max]),
        Code::NotAllowed => lang.text("json-not-allowed"),
        Code::Banned => with("json-banned", &[room, nick]),
        Code::Muted => with("json-muted", &[nick]),
        Code::NoGuests => lang.text("json-no-guests"),
        Code::SlowMode => {
            let seconds = no.wait_ms.unwrap_or_default().div_ceil(MS_PER_S);
            with("json-slow-mode", &[("seconds", seconds.into())])
        }
        Code::Filtered => lang.text("json-filtered"),
        Code::NoAccount => with("json-no-account", &[nick]),
        Code::LoggedInAs => with("json-logged-in-as", &[nick]),
        Code::NothingToUndo => lang.text("json-nothing-to-undo"),
        Code::ListFull => with("json-list-full", &[max]),
        Code::BadPattern => lang.text("json-bad-pattern"),
        Code::BadSlowMode => lang.text("json-bad-slow-mode"),
        Code::NoDirect => with("json-no-direct", &[nick]),
        Code::NameReserved => with("json-name-reserved", &[room]),
        Code::LogInFailed => lang.text("json-log-in-failed"),
        Code::NoToken => lang.text("json-no-token"),
        Code::NotLoggedIn => lang.text("json-not-logged-in"),
        Code::AlreadyLoggedIn => lang.text("json-already-logged-in"),
        Code::AccountTaken => with("json-account-taken", &[nick]),
        Code::BadPassword => lang.text("json-bad-password"),
        Code::RegistrationClosed => lang.text("json-registration-closed"),
        Code::NotEncrypted => lang.text("json-not-encrypted"),
        Code::TooFast => {
            let seconds = no.wait_ms.unwrap_or_default().div_ceil(MS_PER_S);
            with("json-too-fast", &[("seconds", seconds.into())])
        }
        Code::Busy => lang.text("json-busy"),
        Code::NoSpace => lang.text("json-no-space"),
        Code::LogAway => lang.text("json-log-away"),
    }
}
