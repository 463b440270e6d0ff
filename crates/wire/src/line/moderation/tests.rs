//! What is said of what keeps order, sentence by sentence.

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
        (
            Measure::Retention(Retention { messages: 9, days: 1 }),
            "ana mudou o que o canal guarda: mensagens: 9, dias: 1",
        ),
        (
            Measure::Retention(Retention::default()),
            "ana mudou o que o canal guarda: tudo o que o servidor guarda",
        ),
        (Measure::Purged { who: bia(), since: until, messages: 1 }, "ana apagou 1 mensagem de bia"),
        (
            Measure::Purged { who: bia(), since: None, messages: 1200 },
            "ana apagou 1200 mensagens de bia",
        ),
    ] {
        assert_eq!(sentence(&nick("ana"), &measure, Lang::Pt), line);
        // Every language has the words.
        for lang in Lang::ALL {
            assert!(sentence(&nick("ana"), &measure, lang).contains("ana"));
        }
    }
}

#[test]
fn an_entry_says_what_the_others_are_not_shown() {
    let net = || Who::Addresses("192.0.2.0/24".parse().unwrap());
    let entry = |measure| {
        let (member, measure) = (MemberId(1), Box::new(measure));
        let fact = Fact::Moderated { member, account: None, nick: nick("ana"), measure };
        let (seq, at) = (room::Seq(7), UnixMs(1_800_000_000_000));
        entry(&Event { room: room::RoomId(1), seq, at, fact }, Lang::Pt).unwrap()
    };
    for (measure, line) in [
        (Measure::Unbanned { who: net() }, "ana retirou o banimento de um endereco (192.0.2.0/24)"),
        (
            Measure::Filter { pattern: Text::new("a+b").unwrap(), on: false },
            "ana mudou o filtro do canal (-a+b)",
        ),
        (Measure::Raid { on: true }, "ana fechou o canal a visitantes"),
    ] {
        assert_eq!(entry(measure), format!("#7 2027-01-15 08:00 UTC: {line}"));
    }
}

#[test]
fn what_is_in_force_is_a_list() {
    let penalty = |until, reason| Penalty { by: nick("ana"), until, reason };
    let who = Who::Guest { nick: nick("bia"), member: None };
    let found = InForce {
        bans: vec![
            (who.clone(), penalty(Some(UnixMs(1_800_000_000_000)), Text::new("spam"))),
            (Who::Addresses("192.0.2.0/24".parse().unwrap()), penalty(None, None)),
        ],
        mutes: vec![(who, penalty(None, None))],
        roles: vec![(AccountId(1), nick("dora"), Role::Moderator)],
        patterns: vec![Text::new("a+b").unwrap()],
        slow_s: 30,
        raid: true,
        visibility: Visibility::Private,
        capacity: 40,
        retention: Retention { messages: 9, days: 0 },
        more: 0,
    };
    let lines = [
        "banido: bia, por ana ate 2027-01-15 08:00 UTC: spam",
        "banido: 192.0.2.0/24, por ana",
        "silenciado: bia, por ana",
        "moderador: dora",
        "filtro: a+b",
        "modo lento: uma mensagem a cada 30 s",
        "fechado a visitantes",
        "canal privado",
        "capacidade: 40",
        "mensagens: 9",
    ];
    assert_eq!(in_force(&found, Lang::Pt), lines);
    for lang in Lang::ALL {
        assert_eq!(in_force(&found, lang).len(), lines.len());
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
