//! The bytes of each record, as they lie on people's disks.
//!
//! A failing test here means that old logs are read differently: give the new shape a new version
//! instead. `PAPO_UPDATE_GOLDEN=1` writes files that are missing, never one that is there.

use std::path::PathBuf;

use proptest::prelude::*;
use room::{Fact, MemberId, Nick, RoomName, Text, Visibility};
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
    check("said.v1", &Fact::Said { member, nick: nick("José"), text: text.clone() });
    check("topic-set.v1", &Fact::TopicSet { member, nick: nick("李雷"), topic: Some(text) });
    check("topic-taken-away.v1", &Fact::TopicSet { member, nick: nick("李雷"), topic: None });
}

#[test]
fn what_is_no_record_is_told_apart() {
    let said =
        Fact::Said { member: MemberId(1), nick: nick("ana"), text: Text::new("oi").unwrap() };
    let mut bytes = Vec::new();
    encode(&said, &mut bytes).unwrap();
    let changed = |place: usize, byte| {
        let mut changed = bytes.clone();
        changed[place] = byte;
        decode(&changed)
    };
    assert_eq!(decode(&[]), Err(RecordError::Short));
    assert_eq!(changed(0, 2), Err(RecordError::Version(2)));
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
    let passing = Fact::Entered { member: MemberId(1), nick: nick("ana") };
    assert_eq!(encode(&passing, &mut Vec::new()), None);
}

fn nicks() -> impl Strategy<Value = Nick> {
    "[\\p{L}\\p{Nd}._-]{1,32}".prop_filter_map("a name", |name| Nick::parse(&name).ok())
}

fn texts() -> impl Strategy<Value = Text> {
    "\\PC{1,200}".prop_filter_map("a text", |text| Text::new(&text))
}

fn facts() -> impl Strategy<Value = Fact> {
    let member = any::<u64>().prop_map(MemberId);
    prop_oneof![
        (nicks(), any::<u32>(), any::<bool>(), nicks()).prop_map(|(name, capacity, all, by)| {
            let name = RoomName::parse(name.as_str()).unwrap();
            let visibility = if all { Visibility::Public } else { Visibility::Unlisted };
            Fact::Created { name, capacity, visibility, by }
        }),
        (member.clone(), nicks(), texts()).prop_map(|(member, nick, text)| Fact::Said {
            member,
            nick,
            text
        }),
        (member, nicks(), proptest::option::of(texts()))
            .prop_map(|(member, nick, topic)| Fact::TopicSet { member, nick, topic }),
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
