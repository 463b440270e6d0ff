//! The bytes of a measure, within the record of the event that it was taken by.
//!
//! ```text
//! kind u8 | fields
//! Kicked     (1): who | reason to the end, or none
//! Banned     (2): who | 0 u8, or 1 u8 and until when u64 | reason to the end, or none
//! Unbanned   (3): who
//! Muted      (4): as Banned
//! Unmuted    (5): who
//! RoleSet    (6): account u64 | nick str8 | role u8 (0 guest, 1 member, 2 moderator, 3 owner)
//! SlowMode   (7): seconds u32
//! Filter     (8): on u8 | pattern to the end
//! Raid       (9): on u8
//! Visibility (10): visibility u8
//! Capacity   (11): capacity u32
//! Purged     (12): who | 0 u8, or 1 u8 and since when u64 | messages u64
//! Retention  (13): messages u64 | days u32
//!
//! who: 0 u8 | nick str8 | 0 u8, or 1 u8 and the member u64
//!      1 u8 | account u64 | nick str8
//!      2 u8 | start u128 | bits u8
//! ```

use room::{AccountId, Addresses, Measure, MemberId, Retention, Role, Text, UnixMs, Who};

use super::{RecordError, Rest, put_str8, visibility_byte};

/// Writes a measure.
pub(super) fn put(measure: &Measure, bytes: &mut Vec<u8>) {
    match measure {
        Measure::Kicked { who, reason } => {
            bytes.push(1);
            put_who(who, bytes);
            put_reason(reason.as_ref(), bytes);
        }
        Measure::Banned { who, until, reason } => {
            bytes.push(2);
            put_penalty(who, *until, reason.as_ref(), bytes);
        }
        Measure::Unbanned { who } => {
            bytes.push(3);
            put_who(who, bytes);
        }
        Measure::Muted { who, until, reason } => {
            bytes.push(4);
            put_penalty(who, *until, reason.as_ref(), bytes);
        }
        Measure::Unmuted { who } => {
            bytes.push(5);
            put_who(who, bytes);
        }
        Measure::RoleSet { account, nick, role } => {
            bytes.push(6);
            bytes.extend(account.0.to_le_bytes());
            put_str8(nick.as_str(), bytes);
            bytes.push(match role {
                Role::Guest => 0,
                Role::Member => 1,
                Role::Moderator => 2,
                Role::Owner => 3,
            });
        }
        Measure::SlowMode { seconds } => {
            bytes.push(7);
            bytes.extend(seconds.to_le_bytes());
        }
        Measure::Filter { pattern, on } => {
            bytes.extend([8, u8::from(*on)]);
            bytes.extend(pattern.as_str().as_bytes());
        }
        Measure::Raid { on } => bytes.extend([9, u8::from(*on)]),
        Measure::Visibility(visibility) => bytes.extend([10, visibility_byte(*visibility)]),
        Measure::Capacity(capacity) => {
            bytes.push(11);
            bytes.extend(capacity.to_le_bytes());
        }
        Measure::Purged { who, since, messages } => {
            bytes.push(12);
            put_who(who, bytes);
            put_moment(*since, bytes);
            bytes.extend(messages.to_le_bytes());
        }
        Measure::Retention(Retention { messages, days }) => {
            bytes.push(13);
            bytes.extend(messages.to_le_bytes());
            bytes.extend(days.to_le_bytes());
        }
    }
}

/// Reads back what [`put`] wrote.
pub(super) fn take(rest: &mut Rest<'_>) -> Result<Measure, RecordError> {
    let [kind] = rest.take()?;
    Ok(match kind {
        1 => Measure::Kicked { who: who(rest)?, reason: rest.text_if_any()? },
        2 => {
            let (who, until, reason) = penalty(rest)?;
            Measure::Banned { who, until, reason }
        }
        3 => Measure::Unbanned { who: who(rest)? },
        4 => {
            let (who, until, reason) = penalty(rest)?;
            Measure::Muted { who, until, reason }
        }
        5 => Measure::Unmuted { who: who(rest)? },
        6 => {
            let (account, nick) = (AccountId(rest.number()?), rest.nick()?);
            let role = match rest.take()? {
                [0] => Role::Guest,
                [1] => Role::Member,
                [2] => Role::Moderator,
                [3] => Role::Owner,
                _ => return Err(RecordError::Field("role")),
            };
            Measure::RoleSet { account, nick, role }
        }
        7 => Measure::SlowMode { seconds: u32::from_le_bytes(rest.take()?) },
        8 => Measure::Filter { on: rest.flag("filter")?, pattern: rest.last_text()? },
        9 => Measure::Raid { on: rest.flag("raid")? },
        10 => Measure::Visibility(rest.visibility()?),
        11 => Measure::Capacity(u32::from_le_bytes(rest.take()?)),
        12 => {
            let (who, since) = (who(rest)?, moment(rest, "since")?);
            Measure::Purged { who, since, messages: rest.number()? }
        }
        13 => {
            let (messages, days) = (rest.number()?, u32::from_le_bytes(rest.take()?));
            Measure::Retention(Retention { messages, days })
        }
        _ => return Err(RecordError::Field("measure")),
    })
}

fn put_who(who: &Who, bytes: &mut Vec<u8>) {
    match who {
        Who::Guest { nick, member } => {
            bytes.push(0);
            put_str8(nick.as_str(), bytes);
            bytes.push(u8::from(member.is_some()));
            bytes.extend(member.iter().flat_map(|member| member.0.to_le_bytes()));
        }
        Who::Account { account, nick } => {
            bytes.push(1);
            bytes.extend(account.0.to_le_bytes());
            put_str8(nick.as_str(), bytes);
        }
        Who::Addresses(addresses) => {
            let (start, bits) = addresses.parts();
            bytes.push(2);
            bytes.extend(start.to_le_bytes());
            bytes.push(bits);
        }
    }
}

fn who(rest: &mut Rest<'_>) -> Result<Who, RecordError> {
    match rest.take()? {
        [0] => {
            let nick = rest.nick()?;
            let member = if rest.flag("member")? { Some(MemberId(rest.number()?)) } else { None };
            Ok(Who::Guest { nick, member })
        }
        [1] => Ok(Who::Account { account: AccountId(rest.number()?), nick: rest.nick()? }),
        [2] => {
            let (start, [bits]) = (u128::from_le_bytes(rest.take()?), rest.take()?);
            // They were written with zeros behind what is alike.
            let addresses =
                Addresses::new(start, bits).filter(|found| found.parts() == (start, bits));
            addresses.map(Who::Addresses).ok_or(RecordError::Field("addresses"))
        }
        _ => Err(RecordError::Field("who")),
    }
}

fn put_penalty(who: &Who, until: Option<UnixMs>, reason: Option<&Text>, bytes: &mut Vec<u8>) {
    put_who(who, bytes);
    put_moment(until, bytes);
    put_reason(reason, bytes);
}

fn penalty(rest: &mut Rest<'_>) -> Result<(Who, Option<UnixMs>, Option<Text>), RecordError> {
    let who = who(rest)?;
    let until = moment(rest, "until")?;
    Ok((who, until, rest.text_if_any()?))
}

fn put_moment(moment: Option<UnixMs>, bytes: &mut Vec<u8>) {
    bytes.push(u8::from(moment.is_some()));
    bytes.extend(moment.into_iter().flat_map(|moment| moment.0.to_le_bytes()));
}

fn moment(rest: &mut Rest<'_>, field: &'static str) -> Result<Option<UnixMs>, RecordError> {
    if rest.flag(field)? { rest.number().map(|moment| Some(UnixMs(moment))) } else { Ok(None) }
}

fn put_reason(reason: Option<&Text>, bytes: &mut Vec<u8>) {
    bytes.extend(reason.map_or("", Text::as_str).as_bytes());
}
