//! The bytes of each record, as they lie on people's disks.
//!
//! A failing test here means that old logs are read differently: give the new shape a new version
//! instead. `PAPO_UPDATE_GOLDEN=1` writes files that are missing, never one that is there.

use std::path::PathBuf;

use proptest::option;
use proptest::prelude::*;
use room::{
    AccountId, Addresses, Emoji, Fact, Key, Measure, MemberId, Nick, Quote, Reply, Retention, Role,
    RoomName, Seq, Text, UnixMs, Visibility, Who,
};
use store::record::{RecordError, decode, encode};

fn check(name: &str, fact: &Fact) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/golden", name].iter().collect();
    let mut bytes = Vec::new();
    encode(fact, &mut bytes).unwrap();
    if !path.exists() && std::env::var_os("PAPO_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &bytes).unwrap();
    }
    let golden = std::fs::read(&path).expect("every shape has its golden file");
    assert_eq!(bytes, golden, "{name} is written differently");
    assert_eq!(&decode(&golden).unwrap(), fact, "{name} is read differently");
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

#[test]
fn every_record_has_the_bytes_it_always_had() {
    let created = |visibility| Fact::Created {
        name: RoomName::parse("Praça-1").unwrap(),
        capacity: 100_000,
        visibility,
        by: nick("Ana"),
    };
    check("created-public.v1", &created(Visibility::Public));
    check("created-unlisted.v1", &created(Visibility::Unlisted));
    let text = Text::new("olá\t東京 👍 ").unwrap();
    let member = MemberId(0x0102_0304_0506_0708);
    let (account, reply) = (None, None);
    check(
        "said.v1",
        &Fact::Said { member, account, nick: nick("José"), text: text.clone(), reply, key: None },
    );
    let lines = Text::new("um:\n```\nx = 1\n```").unwrap();
    check(
        "said-lines.v1",
        &Fact::Said { member, account, nick: nick("José"), text: lines, reply: None, key: None },
    );
    check("topic-set.v1", &Fact::TopicSet { member, nick: nick("李雷"), topic: Some(text) });
    check("topic-taken-away.v1", &Fact::TopicSet { member, nick: nick("李雷"), topic: None });
}

#[test]
fn every_record_of_version_2_has_the_bytes_it_always_had() {
    let member = MemberId(0x0102_0304_0506_0708);
    let text = Text::new("olá\t東京 👍 ").unwrap();
    let (target, quote) = (Seq(0x0a0b_0c0d), None);
    let emoji = Emoji::parse("👩🏽‍❤️‍💋‍👨🏻").unwrap();
    for (name, account) in [("", None), ("-by-account", Some(AccountId(0x1112_1314_1516_1718)))] {
        let nick = nick("José");
        let reply = Some(Box::new(Reply { to: target, quote: None }));
        let said = Fact::Said {
            member,
            account,
            nick: nick.clone(),
            text: text.clone(),
            reply,
            key: None,
        };
        check(&format!("said-reply{name}.v2"), &said);
        let text = text.clone();
        let edited =
            Fact::Edited { member, account, nick: nick.clone(), target, quote: None, text };
        check(&format!("edited{name}.v2"), &edited);
        for (file, is_purge) in [("deleted", "v2"), ("purged", "v5")]
            .map(|(file, version)| (format!("{file}{name}.{version}"), file == "purged"))
        {
            let nick = nick.clone();
            check(&file, &Fact::Deleted { member, account, nick, target, is_purge });
        }
        for (kind, edited) in [("said", None), ("edited", Some(target))] {
            let erased = Fact::Erased { member, account, nick: nick.clone(), edited };
            check(&format!("erased-{kind}{name}.v2"), &erased);
        }
        for (way, on) in [("on", true), ("off", false)] {
            let (emoji, quote) = (emoji.clone(), quote.clone());
            let reacted =
                Fact::Reacted { member, account, nick: nick.clone(), target, quote, emoji, on };
            check(&format!("reacted-{way}{name}.v2"), &reacted);
            let pinned =
                Fact::Pinned { member, account, nick: nick.clone(), target, quote: None, on };
            check(&format!("pinned-{way}{name}.v2"), &pinned);
        }
    }
    let (account, nick) = (Some(AccountId(1)), nick("José"));
    check(
        "said-by-account.v2",
        &Fact::Said { member, account, nick, text, reply: None, key: None },
    );
}

#[test]
fn every_record_of_version_4_has_the_bytes_it_always_had() {
    let member = MemberId(0x0102_0304_0506_0708);
    let text = Text::new("olá\t東京 👍 ").unwrap();
    let key = Key::parse("5b0c7b1e-8d5f-4a57-9f3c-7f1b1f0f2a11");
    for (name, account) in [("", None), ("-by-account", Some(AccountId(0x1112_1314_1516_1718)))] {
        for (what, to) in [("said", None), ("said-reply", Some(Seq(0x0a0b_0c0d)))] {
            let reply = to.map(|to| Box::new(Reply { to, quote: None }));
            let (nick, text, key) = (nick("José"), text.clone(), key.clone());
            let said = Fact::Said { member, account, nick, text, reply, key };
            check(&format!("{what}-with-key{name}.v4"), &said);
        }
    }
}

/// One measure of each shape, by the name of its file.
fn measures() -> Vec<(&'static str, Measure)> {
    let guest = |member| Who::Guest { nick: nick("José"), member };
    let account = || Who::Account { account: AccountId(0x2122_2324), nick: nick("李雷") };
    let addresses = || Who::Addresses("192.0.2.0/24".parse::<Addresses>().unwrap());
    let member = Some(MemberId(0x3132_3334));
    let (until, why) = (Some(UnixMs(0x4142_4344)), || Text::new("spam, olá"));
    let role = |role| Measure::RoleSet { account: AccountId(5), nick: nick("bia"), role };
    let pattern = Text::new(r"\bspam\b").unwrap();
    vec![
        ("kicked-guest", Measure::Kicked { who: guest(member), reason: why() }),
        ("kicked-account", Measure::Kicked { who: account(), reason: None }),
        ("banned-guest", Measure::Banned { who: guest(None), until, reason: why() }),
        ("banned-account", Measure::Banned { who: account(), until: None, reason: None }),
        ("banned-addresses", Measure::Banned { who: addresses(), until, reason: None }),
        ("unbanned", Measure::Unbanned { who: addresses() }),
        ("muted", Measure::Muted { who: guest(member), until, reason: why() }),
        ("unmuted", Measure::Unmuted { who: guest(member) }),
        ("role-guest", role(Role::Guest)),
        ("role-member", role(Role::Member)),
        ("role-moderator", role(Role::Moderator)),
        ("role-owner", role(Role::Owner)),
        ("slow", Measure::SlowMode { seconds: 30 }),
        ("filter-on", Measure::Filter { pattern: pattern.clone(), on: true }),
        ("filter-off", Measure::Filter { pattern, on: false }),
        ("raid-on", Measure::Raid { on: true }),
        ("raid-off", Measure::Raid { on: false }),
        ("made-public", Measure::Visibility(Visibility::Public)),
        ("made-unlisted", Measure::Visibility(Visibility::Unlisted)),
        ("made-private", Measure::Visibility(Visibility::Private)),
        ("capacity", Measure::Capacity(1000)),
        ("retention", Measure::Retention(Retention { messages: 1000, days: 30 })),
        ("purged-guest", Measure::Purged { who: guest(member), since: None, messages: 12 }),
        ("purged-account", Measure::Purged { who: account(), since: until, messages: 0 }),
    ]
}

fn moderated(account: Option<AccountId>, measure: Measure) -> Fact {
    let member = MemberId(0x0102_0304_0506_0708);
    Fact::Moderated { member, account, nick: nick("ana"), measure: Box::new(measure) }
}

#[test]
fn every_measure_has_the_bytes_it_always_had() {
    for (name, measure) in measures() {
        check(&format!("moderated-{name}.v3"), &moderated(None, measure));
    }
    let by_account = moderated(Some(AccountId(9)), Measure::Raid { on: true });
    check("moderated-by-account.v3", &by_account);
    let private = Fact::Created {
        name: RoomName::parse("sala").unwrap(),
        capacity: 5,
        visibility: Visibility::Private,
        by: nick("ana"),
    };
    check("created-private.v1", &private);
}

#[test]
fn what_is_no_measure_is_told_apart() {
    for (name, measure) in measures() {
        let mut bytes = Vec::new();
        encode(&moderated(None, measure), &mut bytes).unwrap();
        // version, kind, member, account, nick: then the measure's kind.
        bytes[15] = 99;
        assert_eq!(decode(&bytes), Err(RecordError::Field("measure")), "{name}");
    }
    let mut bytes = Vec::new();
    encode(&moderated(None, Measure::Raid { on: true }), &mut bytes).unwrap();
    assert_eq!(decode(&bytes[..bytes.len() - 1]), Err(RecordError::Short));
    bytes.push(0);
    assert_eq!(decode(&bytes), Err(RecordError::Trailing));
    let last = bytes.len() - 2;
    bytes.pop();
    bytes[last] = 2;
    assert_eq!(decode(&bytes), Err(RecordError::Field("raid")));
}

#[test]
fn quotes_are_not_kept() {
    let quote = Some(Box::new(Quote::of(&nick("bia"), &Text::new("segredo").unwrap())));
    let (member, account, target) = (MemberId(1), None, Seq(2));
    let pinned =
        |quote| Fact::Pinned { member, account, nick: nick("ana"), target, quote, on: true };
    let mut bytes = Vec::new();
    encode(&pinned(quote), &mut bytes).unwrap();
    assert_eq!(decode(&bytes), Ok(pinned(None)));
}

#[test]
fn what_is_no_record_is_told_apart() {
    let (member, account, text) = (MemberId(1), None, Text::new("oi").unwrap());
    let said = Fact::Said { member, account, nick: nick("ana"), text, reply: None, key: None };
    let mut bytes = Vec::new();
    encode(&said, &mut bytes).unwrap();
    let changed = |place: usize, byte| {
        let mut changed = bytes.clone();
        changed[place] = byte;
        decode(&changed)
    };
    assert_eq!(decode(&[]), Err(RecordError::Short));
    assert_eq!(changed(0, 6), Err(RecordError::Version(6)));
    assert_eq!(changed(0, 5), Err(RecordError::Kind(2)));
    assert_eq!(changed(0, 3), Err(RecordError::Kind(2)));
    assert_eq!(changed(1, 9), Err(RecordError::Kind(9)));
    assert_eq!(changed(10, 200), Err(RecordError::Short));
    assert_eq!(changed(11, b' '), Err(RecordError::Field("nick")));
    assert_eq!(changed(14, 0xff), Err(RecordError::Field("text")));
    assert_eq!(decode(&bytes[..14]), Err(RecordError::Field("text")), "nothing said");
    let topic = Fact::TopicSet { member: MemberId(1), nick: nick("ana"), topic: None };
    let mut bytes = Vec::new();
    encode(&topic, &mut bytes).unwrap();
    bytes.push(b'x');
    assert_eq!(decode(&bytes), Err(RecordError::Trailing));
    let emoji = Emoji::parse("👍").unwrap();
    let (target, quote) = (Seq(7), None);
    let reacted =
        Fact::Reacted { member, account, nick: nick("ana"), target, quote, emoji, on: true };
    let mut bytes = Vec::new();
    encode(&reacted, &mut bytes).unwrap();
    let changed = |place: usize, byte| {
        let mut changed = bytes.clone();
        changed[place] = byte;
        decode(&changed)
    };
    assert_eq!(changed(1, 3), Err(RecordError::Kind(3)), "a topic has no version 2");
    assert_eq!(changed(1, 8), Err(RecordError::Kind(8)));
    assert_eq!(changed(10, 2), Err(RecordError::Field("account")));
    assert_eq!(changed(15, 0), Err(RecordError::Field("target")));
    assert_eq!(changed(23, 2), Err(RecordError::Field("reaction")));
    assert_eq!(changed(24, b'a'), Err(RecordError::Field("emoji")));
    assert_eq!(decode(&bytes[..24]), Err(RecordError::Field("emoji")), "none at all");
    let passing =
        Fact::Entered { member: MemberId(1), account: None, nick: nick("ana"), again: false };
    assert_eq!(encode(&passing, &mut Vec::new()), None);
}

fn nicks() -> impl Strategy<Value = Nick> {
    "[\\p{L}\\p{Nd}._-]{1,32}".prop_filter_map("a name", |name| Nick::parse(&name).ok())
}

fn texts() -> impl Strategy<Value = Text> {
    "(\\PC|\n){1,200}".prop_filter_map("a text", |text| Text::new(&text))
}

fn keys() -> impl Strategy<Value = Key> {
    "[!-~]{1,64}".prop_map(|key| Key::parse(&key).unwrap())
}

fn seqs() -> impl Strategy<Value = Seq> {
    (1..u64::MAX).prop_map(Seq)
}

fn facts() -> impl Strategy<Value = Fact> {
    let member = any::<u64>().prop_map(MemberId);
    let account = option::of(any::<u64>().prop_map(AccountId));
    let by = (member.clone(), account, nicks()).boxed();
    prop_oneof![
        (nicks(), any::<u32>(), any::<bool>(), nicks()).prop_map(|(name, capacity, all, by)| {
            let name = RoomName::parse(name.as_str()).unwrap();
            let visibility = if all { Visibility::Public } else { Visibility::Unlisted };
            Fact::Created { name, capacity, visibility, by }
        }),
        (by.clone(), texts(), option::of(seqs()), option::of(keys())).prop_map(
            |((member, account, nick), text, to, key)| {
                let reply = to.map(|to| Box::new(Reply { to, quote: None }));
                Fact::Said { member, account, nick, text, reply, key }
            }
        ),
        (by.clone(), seqs(), texts()).prop_map(|((member, account, nick), target, text)| {
            Fact::Edited { member, account, nick, target, quote: None, text }
        }),
        (by.clone(), seqs(), any::<bool>()).prop_map(
            |((member, account, nick), target, is_purge)| Fact::Deleted {
                member,
                account,
                nick,
                target,
                is_purge
            }
        ),
        (by.clone(), option::of(seqs())).prop_map(|((member, account, nick), edited)| {
            Fact::Erased { member, account, nick, edited }
        }),
        (by.clone(), seqs(), prop_oneof!["👍", "❤", "🎉"], any::<bool>()).prop_map(
            |((member, account, nick), target, emoji, on)| {
                let (emoji, quote) = (Emoji::parse(&emoji).unwrap(), None);
                Fact::Reacted { member, account, nick, target, quote, emoji, on }
            }
        ),
        (by, seqs(), any::<bool>()).prop_map(|((member, account, nick), target, on)| {
            Fact::Pinned { member, account, nick, target, quote: None, on }
        }),
        (0..measures().len(), option::of(any::<u64>().prop_map(AccountId)))
            .prop_map(|(place, account)| moderated(account, measures().swap_remove(place).1)),
        (member, nicks(), option::of(texts())).prop_map(|(member, nick, topic)| Fact::TopicSet {
            member,
            nick,
            topic
        }),
    ]
}

/// Names are compared by their keys; here they must be written alike too.
fn written(fact: &Fact) -> String {
    format!("{fact:?}")
}

proptest! {
    #[test]
    fn what_is_written_is_read(fact in facts()) {
        let mut bytes = Vec::new();
        encode(&fact, &mut bytes).unwrap();
        prop_assert_eq!(written(&decode(&bytes).unwrap()), written(&fact));
    }

    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_damage_is_taken(
        fact in facts(),
        place: prop::sample::Index,
        byte: u8,
        cut: prop::sample::Index,
    ) {
        let mut bytes = Vec::new();
        encode(&fact, &mut bytes).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = decode(&bytes);
        let _ = decode(&bytes[..cut.index(bytes.len())]);
    }
}
