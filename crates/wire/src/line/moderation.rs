//! What those with rights did, and what it means for whom it was done to, as lines.

use lang::Lang;
use room::{Measure, Nick, Penalty, Role, RoomName, Text, UnixMs, Visibility, Who};

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
    }
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
        more += reason.as_str();
    }
    more
}

/// `2027-01-15 08:00`, in UTC, up to the next whole minute.
pub(super) fn moment(moment: UnixMs) -> String {
    const MINUTE_MS: u64 = 60_000;
    calendar::minute(UnixMs(moment.0.div_ceil(MINUTE_MS) * MINUTE_MS))
}

#[cfg(test)]
mod tests {
    use room::{AccountId, MemberId};

    use super::*;

    fn nick(name: &str) -> Nick {
        Nick::parse(name).unwrap()
    }

    #[test]
    fn moments_are_dates() {
        for (ms, written) in [
            (0, "1970-01-01 00:00"),
            (1, "1970-01-01 00:01"),
            (951_782_400_000, "2000-02-29 00:00"),
            (1_800_000_000_000, "2027-01-15 08:00"),
            (4_107_542_399_000, "2100-03-01 00:00"),
        ] {
            assert_eq!(moment(UnixMs(ms)), written);
        }
    }

    #[test]
    fn what_was_done_is_one_sentence() {
        let bia = || Who::Guest { nick: nick("bia"), member: Some(MemberId(2)) };
        let net = || Who::Addresses("192.0.2.0/24".parse().unwrap());
        let until = Some(UnixMs(1_800_000_000_000));
        let why = || Text::new("spam");
        let role = |role| Measure::RoleSet { account: AccountId(1), nick: nick("bia"), role };
        for (measure, line) in [
            (Measure::Kicked { who: bia(), reason: None }, "ana expulsou bia"),
            (Measure::Kicked { who: bia(), reason: why() }, "ana expulsou bia: spam"),
            (
                Measure::Banned { who: bia(), until, reason: why() },
                "ana baniu bia ate 2027-01-15 08:00 UTC: spam",
            ),
            (Measure::Banned { who: net(), until: None, reason: None }, "ana baniu um endereco"),
            (Measure::Unbanned { who: bia() }, "ana retirou o banimento de bia"),
            (
                Measure::Muted { who: bia(), until, reason: None },
                "ana silenciou bia ate 2027-01-15 08:00 UTC",
            ),
            (Measure::Unmuted { who: bia() }, "ana devolveu a palavra a bia"),
            (role(Role::Owner), "ana deu a bia o papel de dono do canal"),
            (role(Role::Moderator), "ana deu a bia o papel de moderador do canal"),
            (role(Role::Member), "ana deu a bia o papel de membro do canal"),
            (role(Role::Guest), "ana retirou o papel de bia no canal"),
            (Measure::SlowMode { seconds: 30 }, "ana ligou o modo lento: uma mensagem a cada 30 s"),
            (Measure::SlowMode { seconds: 0 }, "ana desligou o modo lento"),
            (Measure::Filter { pattern: why().unwrap(), on: true }, "ana mudou o filtro do canal"),
            (Measure::Raid { on: true }, "ana fechou o canal a visitantes"),
            (Measure::Raid { on: false }, "ana abriu o canal a visitantes"),
            (Measure::Visibility(Visibility::Public), "ana tornou o canal publico"),
            (Measure::Visibility(Visibility::Unlisted), "ana tirou o canal da lista"),
            (Measure::Visibility(Visibility::Private), "ana tornou o canal privado"),
            (Measure::Capacity(50), "ana mudou a capacidade do canal para 50"),
        ] {
            assert_eq!(sentence(&nick("ana"), &measure, Lang::Pt), line);
            // Every language has the words.
            for lang in Lang::ALL {
                assert!(sentence(&nick("ana"), &measure, lang).contains("ana"));
            }
        }
    }

    #[test]
    fn whom_it_is_done_to_is_told_why_and_until_when() {
        let (ana, sala) = (nick("ana"), RoomName::parse("sala").unwrap());
        let who = Who::Guest { nick: nick("bia"), member: None };
        let (until, reason) = (Some(UnixMs(1_800_000_000_000)), Text::new("spam"));
        let kicked = Measure::Kicked { who: who.clone(), reason: None };
        let told = |measure: &Measure| put_out(&sala, &ana, measure, Lang::Pt);
        assert_eq!(told(&kicked), "ana expulsou voce do canal sala");
        let banned_words = "ana baniu voce do canal sala ate 2027-01-15 08:00 UTC: spam";
        assert_eq!(told(&Measure::Banned { who, until, reason: reason.clone() }), banned_words);
        let penalty = Penalty { by: ana, until, reason };
        assert_eq!(banned(&sala, &penalty, Lang::Pt), banned_words);
        assert_eq!(
            muted(&penalty, Lang::Pt),
            "ana silenciou voce neste canal ate 2027-01-15 08:00 UTC: spam"
        );
    }
}
