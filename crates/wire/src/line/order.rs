//! What a line asks for that only some may: the arguments of `--KICK` and those that follow it.

use room::{Order, Retention, Role, Text, Visibility, Whom};

use super::request::{nick, text_after};
use super::{Problem, Verb};

/// Reads the arguments of a command.
///
/// # Errors
///
/// The [`Problem`] to answer with.
pub(super) fn parse(verb: Verb, arguments: &str) -> Result<Order, Problem> {
    let usage = || Problem::Usage(verb);
    let words: Vec<&str> = arguments.split_whitespace().take(3).collect();
    let first = *words.first().ok_or_else(usage)?;
    let is_alone = words.len() == 1;
    match verb {
        Verb::Kick => Ok(Order::Kick { nick: nick(first)?, reason: text_after(first, arguments) }),
        Verb::Ban => {
            let (for_ms, reason) = penalty(first, arguments);
            Ok(Order::Ban { whom: whom(first)?, for_ms, reason })
        }
        Verb::Mute => {
            let (for_ms, reason) = penalty(first, arguments);
            Ok(Order::Mute { nick: nick(first)?, for_ms, reason })
        }
        Verb::Filter => {
            let (pattern, on) = match arguments.strip_prefix('-') {
                Some(pattern) => (pattern, false),
                None => (arguments.strip_prefix('+').unwrap_or(arguments), true),
            };
            let pattern = Text::new(pattern.trim()).ok_or_else(usage)?;
            Ok(Order::Filter { pattern, on })
        }
        Verb::Role if words.len() == 2 => {
            Ok(Order::SetRole { nick: nick(first)?, role: role(words[1]).ok_or_else(usage)? })
        }
        Verb::Invite if is_alone => Ok(Order::Invite { nick: nick(first)?, role: Role::Member }),
        Verb::Invite if words.len() == 2 => {
            Ok(Order::Invite { nick: nick(first)?, role: role(words[1]).ok_or_else(usage)? })
        }
        Verb::Unban if is_alone => Ok(Order::Unban { whom: whom(first)? }),
        Verb::Unmute if is_alone => Ok(Order::Unmute { nick: nick(first)? }),
        Verb::Slow if is_alone => Ok(Order::SlowMode { seconds: number(first).ok_or_else(usage)? }),
        Verb::Raid if is_alone => match first.to_ascii_lowercase().as_str() {
            "on" => Ok(Order::Raid { on: true }),
            "off" => Ok(Order::Raid { on: false }),
            _ => Err(usage()),
        },
        Verb::Mode if is_alone => match first.to_ascii_lowercase().as_str() {
            "public" => Ok(Order::Visibility(Visibility::Public)),
            "unlisted" => Ok(Order::Visibility(Visibility::Unlisted)),
            "private" => Ok(Order::Visibility(Visibility::Private)),
            _ => Err(usage()),
        },
        Verb::Capacity if is_alone => number(first).map(Order::Capacity).ok_or(Problem::Capacity),
        Verb::Retention => retention(&words).map(Order::Retention).ok_or_else(usage),
        _ => Err(usage()),
    }
}

fn retention(words: &[&str]) -> Option<Retention> {
    let (messages, days) = match words {
        [messages] => (*messages, "0"),
        [messages, days] => (*messages, *days),
        _ => return None,
    };
    Some(Retention { messages: number(messages)?.into(), days: number(days)? })
}

/// An address or a range of them, where it can be read as one; a nick otherwise.
fn whom(word: &str) -> Result<Whom, Problem> {
    match word.parse() {
        Ok(addresses) => Ok(Whom::Addresses(addresses)),
        Err(_) => nick(word).map(Whom::Nick),
    }
}

/// For how long in milliseconds, if the next word says so, and why.
fn penalty(first: &str, arguments: &str) -> (Option<u64>, Option<Text>) {
    let Some(rest) = text_after(first, arguments) else { return (None, None) };
    let next = rest.as_str().split_whitespace().next().unwrap_or_default();
    match duration_ms(next) {
        Some(for_ms) => (Some(for_ms), text_after(next, rest.as_str())),
        None => (None, Some(rest)),
    }
}

/// `30s`, `10m`, `2h`, `7d`.
pub(super) fn duration_ms(word: &str) -> Option<u64> {
    const SECOND_MS: u64 = 1000;
    let unit_ms = match word.chars().next_back()?.to_ascii_lowercase() {
        's' => SECOND_MS,
        'm' => 60 * SECOND_MS,
        'h' => 3600 * SECOND_MS,
        'd' => 24 * 3600 * SECOND_MS,
        _ => return None,
    };
    let count: u64 = digits(&word[..word.len() - 1])?.parse().ok()?;
    Some(count.saturating_mul(unit_ms)).filter(|for_ms| *for_ms > 0)
}

fn number(word: &str) -> Option<u32> {
    digits(word)?.parse().ok()
}

fn digits(word: &str) -> Option<&str> {
    let are_digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then_some(word)
}

fn role(word: &str) -> Option<Role> {
    match word.to_ascii_lowercase().as_str() {
        "owner" => Some(Role::Owner),
        "moderator" => Some(Role::Moderator),
        "member" => Some(Role::Member),
        "guest" => Some(Role::Guest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use room::Nick;

    use super::*;
    use crate::line::{Request, Word};

    fn order(line: &str) -> Result<Order, Problem> {
        let Some((Word::Verb(_), request)) = crate::line::parse(line) else { panic!("{line}") };
        match request? {
            Request::Order(order) => Ok(order),
            other => panic!("{line}: {other:?}"),
        }
    }

    fn nick(name: &str) -> Nick {
        Nick::parse(name).unwrap()
    }

    fn whom(name: &str) -> Whom {
        Whom::Nick(nick(name))
    }

    #[test]
    fn who_how_long_and_why() {
        let why = |text: &str| Text::new(text);
        let (bia, ms) = (|| nick("bia"), |minutes: u64| Some(minutes * 60_000));
        for (line, asked) in [
            ("--KICK bia", Order::Kick { nick: bia(), reason: None }),
            (
                "--kick bia 10m  de  spam ",
                Order::Kick { nick: bia(), reason: why("10m  de  spam") },
            ),
            ("--BAN bia", Order::Ban { whom: whom("bia"), for_ms: None, reason: None }),
            ("--BAN bia 10m", Order::Ban { whom: whom("bia"), for_ms: ms(10), reason: None }),
            (
                "--BAN bia 2H por spam",
                Order::Ban { whom: whom("bia"), for_ms: ms(120), reason: why("por spam") },
            ),
            (
                "--BAN bia spam 7d",
                Order::Ban { whom: whom("bia"), for_ms: None, reason: why("spam 7d") },
            ),
            (
                "--BAN 192.0.2.0/24 7d",
                Order::Ban {
                    whom: Whom::Addresses("192.0.2.0/24".parse().unwrap()),
                    for_ms: ms(7 * 24 * 60),
                    reason: None,
                },
            ),
            (
                "--UNBAN 2001:db8::1",
                Order::Unban { whom: Whom::Addresses("2001:db8::/64".parse().unwrap()) },
            ),
            ("--UNBAN bia", Order::Unban { whom: whom("bia") }),
            ("--MUTE bia 30s", Order::Mute { nick: bia(), for_ms: Some(30_000), reason: None }),
            ("--UNMUTE bia", Order::Unmute { nick: bia() }),
            ("--ROLE bia Owner", Order::SetRole { nick: bia(), role: Role::Owner }),
            ("--INVITE bia", Order::Invite { nick: bia(), role: Role::Member }),
            ("--INVITE bia owner", Order::Invite { nick: bia(), role: Role::Owner }),
            ("--RETENTION 9", Order::Retention(Retention { messages: 9, days: 0 })),
            ("--RETENTION 0 30", Order::Retention(Retention { messages: 0, days: 30 })),
            ("--SLOW 30", Order::SlowMode { seconds: 30 }),
            ("--FILTER a b", Order::Filter { pattern: Text::new("a b").unwrap(), on: true }),
            ("--FILTER ++1", Order::Filter { pattern: Text::new("+1").unwrap(), on: true }),
            ("--FILTER -a", Order::Filter { pattern: Text::new("a").unwrap(), on: false }),
            ("--RAID on", Order::Raid { on: true }),
            ("--RAID OFF", Order::Raid { on: false }),
            ("--MODE private", Order::Visibility(Visibility::Private)),
            ("--CAPACITY 50", Order::Capacity(50)),
        ] {
            assert_eq!(order(line), Ok(asked), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_answered() {
        for (line, problem) in [
            ("--KICK", Problem::Usage(Verb::Kick)),
            ("--KICK b/a", Problem::Name),
            ("--BAN 10.0.0.1/99", Problem::Name),
            ("--UNBAN bia agora", Problem::Usage(Verb::Unban)),
            ("--MUTE 192.0.2.0/24", Problem::Name),
            ("--ROLE bia rei", Problem::Usage(Verb::Role)),
            ("--ROLE bia owner agora", Problem::Usage(Verb::Role)),
            ("--INVITE bia rei", Problem::Usage(Verb::Invite)),
            ("--PURGE bia tudo", Problem::Usage(Verb::Purge)),
            ("--PURGE", Problem::Usage(Verb::Purge)),
            ("--RETENTION 9 9 9", Problem::Usage(Verb::Retention)),
            ("--RETENTION tudo", Problem::Usage(Verb::Retention)),
            ("--SLOW -3", Problem::Usage(Verb::Slow)),
            ("--SLOW 99999999999", Problem::Usage(Verb::Slow)),
            ("--FILTER -", Problem::Usage(Verb::Filter)),
            ("--RAID", Problem::Usage(Verb::Raid)),
            ("--RAID sim", Problem::Usage(Verb::Raid)),
            ("--MODE secreto", Problem::Usage(Verb::Mode)),
            ("--CAPACITY dez", Problem::Capacity),
        ] {
            assert_eq!(order(line), Err(problem), "{line}");
        }
    }

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (word, ms) in [
            ("1s", Some(1000)),
            ("10M", Some(600_000)),
            ("99999999999999999999d", None),
            ("0m", None),
            ("m", None),
            ("10", None),
            ("-1d", None),
            ("1é", None),
        ] {
            assert_eq!(duration_ms(word), ms, "{word}");
        }
    }
}
