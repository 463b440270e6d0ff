//! What is read, and what is refused by which name.

use lang::Lang;
use proptest::option::of;
use proptest::prelude::*;
use room::limits::{PENALTY_MS_MAX, TEXT_BYTES_MAX, TEXT_LINES_MAX};
use room::{Emoji, Key, Nick, Order, Retention, Role, RoomName, Seq, Text, Visibility, Whom};

use super::shape;
use crate::json::limits::{
    FIELD_BYTES_MAX, FIELDS_MAX, ID_BYTES_MAX, KEY_BYTES_MAX, NUMBER_MAX, PAGE_DEFAULT, PAGE_MAX,
    RESUMED_ROOMS_MAX,
};
use crate::json::{Asked, BadRequest, Fault, Id, Kind, Page, Request, parse};
use crate::{Secret, WantedLink};

/// What a request with these fields behind its id asks for.
fn asked(fields: &str) -> Result<Asked, Fault> {
    match parse(&format!(r#"{{"id":1,{fields}}}"#)) {
        Ok(request) => {
            assert_eq!(request.id, Id::Number(1));
            Ok(request.asked)
        }
        Err(bad) => {
            assert!(bad.id.is_none_or(|id| id == Id::Number(1)));
            Err(bad.fault)
        }
    }
}

fn room(name: &str) -> RoomName {
    RoomName::parse(name).unwrap()
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn text(text: &str) -> Text {
    Text::new(text).unwrap()
}

#[test]
fn what_goes_without_saying() {
    let sala = || room("sala");
    for (fields, expected) in [
        (r#""do":"hello""#, Asked::Hello { lang: None, client: None }),
        (r#""do":"hello","lang":"pt-PT""#, Asked::Hello { lang: Some(Lang::Pt), client: None }),
        (
            r#""do":"create","room":"sala","capacity":5"#,
            Asked::Create { room: sala(), capacity: 5, visibility: Visibility::Public, nick: None },
        ),
        (r#""do":"enter","room":"sala""#, Asked::Enter { room: sala(), nick: None, after: None }),
        (
            r#""do":"history","room":"sala""#,
            Asked::History { room: sala(), page: Page::Last, limit: PAGE_DEFAULT },
        ),
        (
            r#""do":"history","room":"sala","limit":9000"#,
            Asked::History { room: sala(), page: Page::Last, limit: PAGE_MAX },
        ),
        (r#""do":"pin","room":"sala","seq":7"#, Asked::Pin { room: sala(), seq: Seq(7), on: true }),
        (r#""do":"topic","room":"sala""#, Asked::Topic(sala())),
        (
            r#""do":"topic","room":"sala","topic":null"#,
            Asked::SetTopic { room: sala(), topic: None },
        ),
        (
            r#""do":"say","room":"sala","text":"um\r\ndois\ntr\u00eas\u001b""#,
            Asked::Say { room: sala(), text: text("um\ndois\ntrês"), key: None, reply: None },
        ),
    ] {
        assert_eq!(asked(fields), Ok(expected), "{fields}");
    }
}

#[test]
fn the_order_of_fields_and_the_escapes_in_them_mean_nothing() {
    let message = r#" { "room" : "sal\u0061", "d\u006f" : "leave", "id" : "a-1" } "#;
    let id = Id::Text("a-1".into());
    assert_eq!(parse(message), Ok(Request { id, asked: Asked::Leave(room("sala")) }));
}

#[test]
fn a_message_that_is_no_object_is_refused_without_an_id() {
    for message in [
        "",
        "oi",
        "1",
        "[]",
        "null",
        "{",
        r#"{"id":1"#,
        r#"{"id":1,"do":"me"} x"#,
        r#"{"id":1,"do":"me",}"#,
        r#"{"id":1,"do":"\ud800"}"#,
        r#"{"id":01,"do":"me"}"#,
        "{'id':1}",
    ] {
        assert_eq!(parse(message), Err(BadRequest { id: None, fault: Fault::NotJson }));
    }
}

#[test]
fn an_id_is_a_number_or_a_short_string() {
    let long = "x".repeat(ID_BYTES_MAX + 1);
    for (id, fault) in [
        ("4294967296".to_owned(), Fault::TooLarge("id".into(), u32::MAX.into())),
        ("-1".to_owned(), Fault::Invalid("id".into(), Kind::Id)),
        ("1.5".to_owned(), Fault::Invalid("id".into(), Kind::Id)),
        ("null".to_owned(), Fault::Invalid("id".into(), Kind::Id)),
        ("\"\"".to_owned(), Fault::Invalid("id".into(), Kind::Id)),
        (r#""a\n""#.to_owned(), Fault::Invalid("id".into(), Kind::Id)),
        (format!("{long:?}"), Fault::TooLong("id".into(), ID_BYTES_MAX)),
    ] {
        let message = format!(r#"{{"id":{id},"do":"me"}}"#);
        assert_eq!(parse(&message), Err(BadRequest { id: None, fault }), "{id}");
    }
    let missing = Fault::Missing("id".into());
    assert_eq!(parse(r#"{"do":"me"}"#), Err(BadRequest { id: None, fault: missing }));
    for id in ["0".to_owned(), "4294967295".to_owned(), format!("{:?}", &long[1..])] {
        assert!(parse(&format!(r#"{{"id":{id},"do":"me"}}"#)).is_ok(), "{id}");
    }
}

#[test]
fn a_fault_names_its_field() {
    let invalid = |field: &str, kind| Fault::Invalid(field.into(), kind);
    let long = |count| "x".repeat(count);
    for (fields, fault) in [
        (r#""x":1"#.into(), Fault::Missing("do".into())),
        (r#""do":"dance""#.into(), invalid("do", Kind::Verb)),
        (r#""do":["say"]"#.into(), invalid("do", Kind::Text)),
        (r#""do":"leave""#.into(), Fault::Missing("room".into())),
        (r#""do":"leave","room":null"#.into(), invalid("room", Kind::Text)),
        (r#""do":"leave","room":"a b""#.into(), invalid("room", Kind::Name)),
        (r#""do":"leave","room":"a","x":1"#.into(), Fault::Unknown("x".into())),
        (r#""do":"leave","room":"a","room":"a""#.into(), Fault::Twice("room".into())),
        (r#""do":"leave","room":"a","id":2"#.into(), Fault::Twice("id".into())),
        (r#""do":"rename","nick":"ana!""#.into(), invalid("nick", Kind::Name)),
        (r#""do":"hello","lang":"fr""#.into(), invalid("lang", Kind::Lang)),
        (r#""do":"say","room":"a","text":" ""#.into(), invalid("text", Kind::Text)),
        (
            format!(r#""do":"say","room":"a","text":"{}""#, "a\\n".repeat(TEXT_LINES_MAX) + "a"),
            invalid("text", Kind::Text),
        ),
        (
            format!(r#""do":"say","room":"a","text":"{}""#, long(TEXT_BYTES_MAX + 1)),
            Fault::TooLong("text".into(), TEXT_BYTES_MAX),
        ),
        (r#""do":"say","room":"a","text":"a","key":"""#.into(), invalid("key", Kind::Key)),
        (r#""do":"say","room":"a","text":"a","key":"é""#.into(), invalid("key", Kind::Key)),
        (
            format!(r#""do":"say","room":"a","text":"a","key":"{}""#, long(KEY_BYTES_MAX + 1)),
            Fault::TooLong("key".into(), KEY_BYTES_MAX),
        ),
        (r#""do":"delete","room":"a","seq":1.0"#.into(), invalid("seq", Kind::Number)),
        (r#""do":"delete","room":"a","seq":-1"#.into(), invalid("seq", Kind::Number)),
        (
            r#""do":"delete","room":"a","seq":9007199254740992"#.into(),
            Fault::TooLarge("seq".into(), NUMBER_MAX),
        ),
        (r#""do":"react","room":"a","seq":1,"emoji":"a""#.into(), invalid("emoji", Kind::Emoji)),
        (r#""do":"pin","room":"a","seq":1,"on":1"#.into(), invalid("on", Kind::Bool)),
        (r#""do":"topic","room":"a","topic":1"#.into(), invalid("topic", Kind::Text)),
        (r#""do":"topic","room":"a","topic":"""#.into(), invalid("topic", Kind::Text)),
        (
            r#""do":"history","room":"a","before":1,"after":1"#.into(),
            Fault::Unknown("after".into()),
        ),
        (r#""do":"history","room":"a","limit":0"#.into(), invalid("limit", Kind::Limit)),
        (r#""do":"search","room":"a","words":" ""#.into(), invalid("words", Kind::Text)),
        (
            r#""do":"create","room":"a","capacity":4294967296"#.into(),
            Fault::TooLarge("capacity".into(), u32::MAX.into()),
        ),
        (
            r#""do":"create","room":"a","capacity":1,"visibility":"x""#.into(),
            invalid("visibility", Kind::Visibility),
        ),
        (r#""do":"log-in""#.into(), Fault::Missing("account".into())),
        (r#""do":"log-in","token":"a","account":"b""#.into(), Fault::Unknown("account".into())),
        (r#""do":"log-in","account":"b""#.into(), Fault::Missing("password".into())),
        (r#""do":"log-in","cookie":false"#.into(), invalid("cookie", Kind::Bool)),
        (r#""do":"log-in","cookie":true,"token":"a""#.into(), Fault::Unknown("cookie".into())),
        (
            format!(r#""do":"me","{}":1"#, long(FIELD_BYTES_MAX + 9)),
            Fault::Unknown(long(FIELD_BYTES_MAX)),
        ),
        (r#""do":"me","a\u001bb":1"#.into(), Fault::Unknown("ab".into())),
    ] {
        assert_eq!(asked(&fields), Err(fault), "{fields}");
    }
}

#[test]
fn a_fault_in_what_keeps_order_names_its_field() {
    let invalid = |field: &str, kind| Fault::Invalid(field.into(), kind);
    for (fields, fault) in [
        (r#""do":"ban","room":"a""#.into(), Fault::Missing("nick".into())),
        (
            r#""do":"ban","room":"a","nick":"b","addresses":"::1""#.into(),
            Fault::Unknown("nick".into()),
        ),
        (
            r#""do":"ban","room":"a","addresses":"1.2.3.4/99""#.into(),
            invalid("addresses", Kind::Addresses),
        ),
        (r#""do":"mute","room":"a","nick":"b","for_ms":0"#.into(), invalid("for_ms", Kind::Limit)),
        (
            format!(r#""do":"mute","room":"a","nick":"b","for_ms":{}"#, PENALTY_MS_MAX + 1),
            Fault::TooLarge("for_ms".into(), PENALTY_MS_MAX),
        ),
        (r#""do":"role","room":"a","nick":"b","role":"rei""#.into(), invalid("role", Kind::Role)),
        (r#""do":"visibility","room":"a""#.into(), Fault::Missing("visibility".into())),
        (r#""do":"filter","room":"a","pattern":" ""#.into(), invalid("pattern", Kind::Text)),
    ] {
        assert_eq!(asked(&fields), Err(fault), "{fields}");
    }
}

#[test]
fn what_is_wrong_in_a_list_is_named_by_its_place() {
    let resume = |rooms: &str| asked(&format!(r#""do":"resume","rooms":{rooms}"#));
    let invalid = |field: &str, kind| Err(Fault::Invalid(field.into(), kind));
    assert_eq!(resume("[]"), invalid("rooms", Kind::Rooms));
    assert_eq!(resume("{}"), invalid("rooms", Kind::Rooms));
    assert_eq!(resume("[1]"), invalid("rooms", Kind::Rooms));
    assert_eq!(resume(r#"["a"]"#), invalid("rooms", Kind::Rooms));
    assert_eq!(resume("[[]]"), invalid("rooms", Kind::Rooms));
    let good = r#"{"room":"a","after":0}"#;
    for (item, fault) in [
        ("{}", Fault::Missing("rooms[1].room".into())),
        (r#"{"room":"b"}"#, Fault::Missing("rooms[1].after".into())),
        (r#"{"room":"b","after":[]}"#, Fault::Invalid("rooms[1].after".into(), Kind::Number)),
        (r#"{"room":"b","after":0,"x":1}"#, Fault::Unknown("rooms[1].x".into())),
        (r#"{"room":"b","after":0,"after":1}"#, Fault::Twice("rooms[1].after".into())),
        (r#"{"room":"A","after":0}"#, Fault::Twice("rooms[1].room".into())),
    ] {
        assert_eq!(resume(&format!("[{good},{item}]")), Err(fault), "{item}");
    }
    let many = |count| {
        let rooms: Vec<_> =
            (0..count).map(|index| format!(r#"{{"room":"r{index}","after":0}}"#)).collect();
        resume(&format!("[{}]", rooms.join(",")))
    };
    assert!(many(RESUMED_ROOMS_MAX).is_ok());
    for count in [RESUMED_ROOMS_MAX + 1, RESUMED_ROOMS_MAX * 9] {
        assert_eq!(many(count), Err(Fault::TooLong("rooms".into(), RESUMED_ROOMS_MAX)));
    }
}

#[test]
fn what_is_deep_or_long_is_skipped_and_refused() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let fault = Fault::Invalid("room".into(), Kind::Text);
    assert!(matches!(
        asked(&format!(r#""do":"leave","room":{deep}"#)),
        Err(found) if found == fault || found == Fault::NotJson
    ));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(60), "}".repeat(60));
    assert_eq!(asked(&format!(r#""do":"leave","room":{objects}"#)), Err(fault));
    let fields: Vec<_> = (0..FIELDS_MAX * 100).map(|index| format!(r#""x{index}":1"#)).collect();
    let fields = format!(r#""do":"me",{}"#, fields.join(","));
    assert_eq!(asked(&fields), Err(Fault::Unknown("x0".into())));
}

#[test]
fn a_secret_is_in_no_log() {
    let request = asked(r#""do":"log-in","account":"ana","password":"abracadabra""#).unwrap();
    assert!(!format!("{request:?}").contains("abracadabra"));
}

fn any_name() -> impl Strategy<Value = String> {
    "[a-zé東0-9._-]{1,32}"
}

fn any_text() -> impl Strategy<Value = Text> {
    // Quotes, escapes, tabs and characters beyond UTF-16's first plane.
    "[a-z \"\\\\/\té東😀\u{1}]{1,40}".prop_filter_map("blank", |raw| Text::new(&raw))
}

/// Of several lines, sometimes.
fn any_lines() -> impl Strategy<Value = Text> {
    "[a-z\n\r é`*]{1,40}".prop_filter_map("blank", |raw| Text::new(&raw.replace('\r', "")))
}

#[expect(clippy::too_many_lines, reason = "a flat list, a few lines a request")]
fn any_asked() -> impl Strategy<Value = Asked> {
    let room = || any_name().prop_map(|name| room(&name));
    let nick = || any_name().prop_map(|name| nick(&name));
    let seq = || (0..=NUMBER_MAX).prop_map(Seq);
    let secret = || "[ -~é]{1,40}".prop_map(Secret::new);
    let key = || "[!-~]{1,64}".prop_map(|key| Key::parse(&key).unwrap());
    let page =
        || prop_oneof![Just(Page::Last), seq().prop_map(Page::Before), seq().prop_map(Page::After)];
    let lang = || proptest::sample::select(Lang::ALL.to_vec());
    let emoji = || {
        proptest::sample::select(vec!["👍", "❤️", "🇧🇷", "1️⃣"])
            .prop_map(|emoji| Emoji::parse(emoji).unwrap())
    };
    let visibility = || {
        prop_oneof![Just(Visibility::Public), Just(Visibility::Unlisted), Just(Visibility::Private)]
    };
    let rooms = || {
        proptest::collection::btree_map(room(), seq(), 1..5)
            .prop_map(|rooms| rooms.into_iter().collect::<Vec<_>>())
    };
    let session = prop_oneof![
        (of(lang()), of("[ -~é]{0,64}".prop_filter("long", |client| client.len() <= 64)))
            .prop_map(|(lang, client)| Asked::Hello { lang, client }),
        (nick(), secret()).prop_map(|(account, password)| Asked::LogIn { account, password }),
        secret().prop_map(Asked::LogInByToken),
        Just(Asked::LogInByCookie),
        (nick(), secret()).prop_map(|(account, password)| Asked::Register { account, password }),
        Just(Asked::LogOut),
        Just(Asked::Tokens),
        (0..=NUMBER_MAX).prop_map(Asked::Revoke),
        Just(Asked::Me),
        Just(Asked::Rooms),
        (room(), any::<u32>(), visibility(), of(nick())).prop_map(
            |(room, capacity, visibility, nick)| Asked::Create { room, capacity, visibility, nick }
        ),
        (room(), of(nick()), of(seq())).prop_map(|(room, nick, after)| Asked::Enter {
            room,
            nick,
            after
        }),
        ("[0-9A-Za-z_-]{1,40}".prop_map(Secret::new), of(nick()), of(seq()))
            .prop_map(|(link, nick, after)| Asked::EnterByLink { link, nick, after }),
        (room(), of(1..9_u32), of(1..=u32::MAX), of(1..=NUMBER_MAX), any::<bool>()).prop_map(
            |(room, capacity, uses, for_ms, is_member)| {
                let role = if is_member { Role::Member } else { Role::Guest };
                Asked::MakeLink(room, WantedLink { capacity, uses, for_ms, role })
            }
        ),
        room().prop_map(Asked::Links),
        (room(), 0..=NUMBER_MAX).prop_map(|(room, number)| Asked::RevokeLink(room, number)),
        (of(nick()), rooms()).prop_map(|(nick, rooms)| Asked::Resume { nick, rooms }),
        room().prop_map(Asked::Leave),
        nick().prop_map(Asked::Direct),
        nick().prop_map(Asked::Rename),
    ];
    let message =
        prop_oneof![
            (room(), any_lines(), of(key()), of(seq()))
                .prop_map(|(room, text, key, reply)| Asked::Say { room, text, key, reply }),
            (room(), seq(), any_lines()).prop_map(|(room, seq, text)| Asked::Edit {
                room,
                seq,
                text
            }),
            (room(), seq()).prop_map(|(room, seq)| Asked::Delete { room, seq }),
            (room(), seq(), emoji(), any::<bool>())
                .prop_map(|(room, seq, emoji, on)| Asked::React { room, seq, emoji, on }),
            (room(), seq(), any::<bool>()).prop_map(|(room, seq, on)| Asked::Pin { room, seq, on }),
            room().prop_map(Asked::Pins),
            room().prop_map(Asked::Topic),
            (room(), of(any_text())).prop_map(|(room, topic)| Asked::SetTopic { room, topic }),
            room().prop_map(Asked::Members),
            (room(), page(), 1..=PAGE_MAX).prop_map(|(room, page, limit)| Asked::History {
                room,
                page,
                limit
            }),
            (room(), "[a-zé東]{1,40}", 1..=PAGE_MAX)
                .prop_map(|(room, words, limit)| Asked::Search { room, words, limit }),
            (nick(), any_lines()).prop_map(|(nick, text)| Asked::Message { nick, text }),
            (room(), any::<bool>()).prop_map(|(room, on)| Asked::Typing { room, on }),
            (room(), seq()).prop_map(|(room, seq)| Asked::Read { room, seq }),
        ];
    prop_oneof![session, message, any_moderation()]
}

fn any_moderation() -> impl Strategy<Value = Asked> {
    let room = || any_name().prop_map(|name| room(&name));
    prop_oneof![
        (room(), any_order())
            .prop_map(|(room, order)| Asked::Order { room, order: Box::new(order) }),
        room().prop_map(Asked::InForce),
        (room(), of((0..=NUMBER_MAX).prop_map(Seq)), 1..=PAGE_MAX)
            .prop_map(|(room, before, limit)| Asked::Audit { room, before, limit }),
        (room(), 0..=NUMBER_MAX).prop_map(|(room, seq)| Asked::Earlier { room, seq: Seq(seq) }),
        (room(), any_name(), of(1..=NUMBER_MAX)).prop_map(|(room, name, last_ms)| {
            Asked::Purge { room, nick: nick(&name), last_ms }
        }),
    ]
}

fn any_order() -> impl Strategy<Value = Order> {
    let nick = || any_name().prop_map(|name| nick(&name));
    let addresses = proptest::sample::select(vec!["192.0.2.0/24", "192.0.2.7", "2001:db8::/32"])
        .prop_map(|addresses| Whom::Addresses(addresses.parse().unwrap()));
    let whom = prop_oneof![nick().prop_map(Whom::Nick), addresses].boxed();
    let for_ms = || of(1..=PENALTY_MS_MAX);
    let role = || proptest::sample::select(Role::ALL.to_vec());
    prop_oneof![
        (nick(), of(any_text())).prop_map(|(nick, reason)| Order::Kick { nick, reason }),
        (whom.clone(), for_ms(), of(any_text())).prop_map(|(whom, for_ms, reason)| Order::Ban {
            whom,
            for_ms,
            reason
        }),
        whom.prop_map(|whom| Order::Unban { whom }),
        (nick(), for_ms(), of(any_text())).prop_map(|(nick, for_ms, reason)| Order::Mute {
            nick,
            for_ms,
            reason
        }),
        nick().prop_map(|nick| Order::Unmute { nick }),
        (nick(), role()).prop_map(|(nick, role)| Order::SetRole { nick, role }),
        (nick(), role()).prop_map(|(nick, role)| Order::Invite { nick, role }),
        any::<u32>().prop_map(|seconds| Order::SlowMode { seconds }),
        (any_text(), any::<bool>()).prop_map(|(pattern, on)| Order::Filter { pattern, on }),
        any::<bool>().prop_map(|on| Order::Raid { on }),
        Just(Order::Visibility(Visibility::Private)),
        any::<u32>().prop_map(Order::Capacity),
        (0..=NUMBER_MAX, any::<u32>())
            .prop_map(|(messages, days)| Order::Retention(Retention { messages, days })),
    ]
}

fn any_id() -> impl Strategy<Value = Id> {
    let text = "[ -~]{1,64}".prop_map(|id| Id::Text(id.into()));
    prop_oneof![any::<u32>().prop_map(Id::Number), text]
}

proptest! {
    #[test]
    fn what_a_client_writes_is_read_back(id in any_id(), asked in any_asked()) {
        let request = Request { id, asked };
        let written = serde_json::to_string(&shape::Request::of(&request)).unwrap();
        prop_assert_eq!(parse(&written), Ok(request), "{}", written);
    }

    #[test]
    fn a_request_that_is_cut_or_changed_is_no_panic(
        id in any_id(), asked in any_asked(), at in any::<prop::sample::Index>(), with in "\\PC?",
    ) {
        let request = Request { id, asked };
        let mut written = serde_json::to_string(&shape::Request::of(&request)).unwrap();
        let at = written.floor_char_boundary(at.index(written.len()));
        prop_assert!(parse(&written[..at]).is_err());
        written.insert_str(at, &with);
        let _ = parse(&written);
    }

    #[test]
    fn parsing_never_panics(message in "\\PC*") {
        let _ = parse(&message);
    }

    #[test]
    fn no_object_makes_it_panic(
        fields in proptest::collection::vec(
            (
                proptest::sample::select(vec!["id", "do", "room", "rooms", "text", "seq"]),
                proptest::sample::select(vec!["1", "null", "true", "\"say\"", "[{}]", "{}"]),
            ),
            0..9,
        ),
    ) {
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let _ = parse(&format!("{{{}}}", fields.join(",")));
    }
}
