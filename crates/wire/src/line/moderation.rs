//! What those with rights did, and what it means for whom it was done to, as lines.

#[cfg(test)]
mod tests;

use lang::Lang;
use room::{
    Event, Fact, InForce, Measure, Nick, Penalty, Retention, Role, RoomName, Text, UnixMs,
    Visibility, Who,
};

use crate::calendar;

/// What someone did, as everyone in the room may know it: what one may not say is not said, and no
/// address is shown.
pub(super) fn sentence(by: &Nick, measure: &Measure, lang: Lang) -> String {
    let by = ("nick", by.as_str().into());
    let done = |id: &str, who: &Who, more: &str| {
        let who = who_words(who, lang);
        lang.text_with(id, &[by, ("who", who.as_str().into()), ("more", more.into())])
    };
    let undone = |id: &str, who: &Who| {
        lang.text_with(id, &[by, ("who", who_words(who, lang).as_str().into())])
    };
    match measure {
        Measure::Kicked { who, reason } => {
            done("line-kicked-by", who, &more(None, reason.as_ref(), lang))
        }
        Measure::Banned { who, until, reason } => {
            done("line-banned-by", who, &more(*until, reason.as_ref(), lang))
        }
        Measure::Unbanned { who } => undone("line-unbanned-by", who),
        Measure::Muted { who, until, reason } => {
            done("line-muted-by", who, &more(*until, reason.as_ref(), lang))
        }
        Measure::Unmuted { who } => undone("line-unmuted-by", who),
        Measure::RoleSet { nick, role, .. } => {
            let id = match role {
                Role::Owner => "line-made-owner-by",
                Role::Moderator => "line-made-moderator-by",
                Role::Member => "line-made-member-by",
                Role::Guest => "line-made-guest-by",
            };
            lang.text_with(id, &[by, ("who", nick.as_str().into())])
        }
        Measure::SlowMode { seconds: 0 } => lang.text_with("line-slow-off-by", &[by]),
        Measure::SlowMode { seconds } => {
            lang.text_with("line-slow-by", &[by, ("seconds", (*seconds).into())])
        }
        Measure::Filter { .. } => lang.text_with("line-filter-by", &[by]),
        Measure::Raid { on: true } => lang.text_with("line-raid-by", &[by]),
        Measure::Raid { on: false } => lang.text_with("line-raid-off-by", &[by]),
        Measure::Visibility(visibility) => {
            let id = match visibility {
                Visibility::Public => "line-made-public-by",
                Visibility::Unlisted => "line-made-unlisted-by",
                Visibility::Private => "line-made-private-by",
            };
            lang.text_with(id, &[by])
        }
        Measure::Capacity(capacity) => {
            lang.text_with("line-capacity-by", &[by, ("capacity", (*capacity).into())])
        }
        Measure::Retention(retention) => {
            let keeps = keeps(*retention, lang).join(", ");
            let keeps = ("keeps", keeps.as_str().into());
            lang.text_with("line-retention-by", &[by, keeps])
        }
        Measure::Purged { who, since: _, messages } => {
            let who = who_words(who, lang);
            let count = ("count", (*messages).into());
            lang.text_with("line-purged-by", &[by, ("who", who.as_str().into()), count])
        }
    }
}

/// An entry of who did what: its number, when, and the sentence with all that the others are not
/// shown. `None` of what is no measure, and of a purge that begins.
pub(super) fn entry(event: &Event, lang: Lang) -> Option<String> {
    let Fact::Moderated { nick, measure, .. } = &event.fact else { return None };
    let hidden = match &**measure {
        Measure::Purged { messages: 0, .. } => return None,
        Measure::Banned { who: Who::Addresses(addresses), .. }
        | Measure::Unbanned { who: Who::Addresses(addresses) } => format!(" ({addresses})"),
        Measure::Filter { pattern, on } => format!(" ({}{pattern})", if *on { '+' } else { '-' }),
        Measure::Kicked { .. }
        | Measure::Banned { .. }
        | Measure::Unbanned { .. }
        | Measure::Muted { .. }
        | Measure::Unmuted { .. }
        | Measure::RoleSet { .. }
        | Measure::SlowMode { .. }
        | Measure::Raid { .. }
        | Measure::Visibility(_)
        | Measure::Capacity(_)
        | Measure::Purged { .. }
        | Measure::Retention(_) => String::new(),
    };
    let (number, at) = (event.seq.0, moment(event.at));
    Some(format!("#{number} {at} UTC: {}{hidden}", sentence(nick, measure, lang)))
}

/// What someone is told who is put out.
pub(super) fn put_out(room: &RoomName, by: &Nick, measure: &Measure, lang: Lang) -> String {
    let (id, until, reason) = match measure {
        Measure::Banned { until, reason, .. } => ("line-banned", *until, reason.as_ref()),
        Measure::Kicked { reason, .. } => ("line-kicked", None, reason.as_ref()),
        Measure::Unbanned { .. }
        | Measure::Muted { .. }
        | Measure::Unmuted { .. }
        | Measure::RoleSet { .. }
        | Measure::SlowMode { .. }
        | Measure::Filter { .. }
        | Measure::Raid { .. }
        | Measure::Visibility(_)
        | Measure::Purged { .. }
        | Measure::Retention(_)
        | Measure::Capacity(_) => ("line-kicked", None, None),
    };
    penalised(id, Some(room), by, &more(until, reason, lang), lang)
}

/// What someone is told who may not enter.
pub(super) fn banned(room: &RoomName, penalty: &Penalty, lang: Lang) -> String {
    let more = more(penalty.until, penalty.reason.as_ref(), lang);
    penalised("line-banned", Some(room), &penalty.by, &more, lang)
}

/// What someone is told who may not speak.
pub(super) fn muted(penalty: &Penalty, lang: Lang) -> String {
    let more = more(penalty.until, penalty.reason.as_ref(), lang);
    penalised("line-muted", None, &penalty.by, &more, lang)
}

/// What is in force in a room, a line each: for those who keep order there, so with addresses and
/// patterns.
pub(super) fn in_force(in_force: &InForce, lang: Lang) -> Vec<String> {
    let penalty = |id: &str, (who, penalty): &(Who, Penalty)| {
        let who = match who {
            Who::Guest { nick, .. } | Who::Account { nick, .. } => nick.as_str().to_owned(),
            Who::Addresses(addresses) => addresses.to_string(),
        };
        let more = more(penalty.until, penalty.reason.as_ref(), lang);
        let by = ("nick", penalty.by.as_str().into());
        lang.text_with(id, &[("who", who.as_str().into()), by, ("more", more.as_str().into())])
    };
    let bans = in_force.bans.iter().map(|ban| penalty("line-ban", ban));
    let mutes = in_force.mutes.iter().map(|mute| penalty("line-mute", mute));
    let roles = in_force.roles.iter().map(|(_, nick, role)| {
        let id = match role {
            Role::Owner => "line-owner",
            Role::Moderator => "line-moderator",
            Role::Member | Role::Guest => "line-member",
        };
        lang.text_with(id, &[("who", nick.as_str().into())])
    });
    let patterns = in_force
        .patterns
        .iter()
        .map(|pattern| lang.text_with("line-pattern", &[("pattern", (&*pattern.flat()).into())]));
    let mut lines: Vec<_> = bans.chain(mutes).chain(roles).chain(patterns).collect();
    if in_force.slow_s > 0 {
        lines.push(lang.text_with("line-slow", &[("seconds", in_force.slow_s.into())]));
    }
    if in_force.raid {
        lines.push(lang.text("line-raid"));
    }
    lines.push(lang.text(match in_force.visibility {
        Visibility::Public => "line-public",
        Visibility::Unlisted => "line-unlisted",
        Visibility::Private => "line-private",
    }));
    lines.push(lang.text_with("line-capacity", &[("capacity", in_force.capacity.into())]));
    if in_force.retention != Retention::default() {
        lines.extend(keeps(in_force.retention, lang));
    }
    lines
}

/// How long messages are kept.
fn keeps(retention: Retention, lang: Lang) -> Vec<String> {
    let Retention { messages, days } = retention;
    let mut keeps = Vec::new();
    if messages > 0 {
        keeps.push(lang.text_with("line-keeps-messages", &[("count", messages.into())]));
    }
    if days > 0 {
        keeps.push(lang.text_with("line-keeps-days", &[("count", days.into())]));
    }
    if keeps.is_empty() {
        keeps.push(lang.text("line-keeps-all"));
    }
    keeps
}

fn penalised(id: &str, room: Option<&RoomName>, by: &Nick, more: &str, lang: Lang) -> String {
    let mut arguments = vec![("nick", by.as_str().into()), ("more", more.into())];
    arguments.extend(room.map(|room| ("room", room.as_str().into())));
    lang.text_with(id, &arguments)
}

fn who_words(who: &Who, lang: Lang) -> String {
    match who {
        Who::Guest { nick, .. } | Who::Account { nick, .. } => nick.as_str().to_owned(),
        Who::Addresses(_) => lang.text("line-an-address"),
    }
}

/// Until when and why, as it stands behind a sentence.
fn more(until: Option<UnixMs>, reason: Option<&Text>, lang: Lang) -> String {
    let mut more = String::new();
    if let Some(until) = until {
        more += " ";
        more += &lang.text_with("line-until", &[("time", moment(until).as_str().into())]);
    }
    if let Some(reason) = reason {
        more += ": ";
        more += &reason.flat();
    }
    more
}

/// `2027-01-15 08:00`, in UTC, up to the next whole minute.
pub(super) fn moment(moment: UnixMs) -> String {
    const MINUTE_MS: u64 = 60_000;
    calendar::minute(UnixMs(moment.0.div_ceil(MINUTE_MS) * MINUTE_MS))
}
