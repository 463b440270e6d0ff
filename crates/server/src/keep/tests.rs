//! A room goes out and comes in as it was.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use room::{
    AccountId, Author, Emoji, Event, Fact, Measure, MemberId, Nick, Reply, Role, RoomId, RoomName,
    Seq, Snapshot, Text, UnixMs, Visibility, Who,
};
use store::people::{PasswordHash, People};
use store::{APPEND_EVENTS_MAX, Log, Retention, Sqlite};
use tempfile::TempDir;

use super::*;
use crate::config::{self, Flags, Surroundings};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn config(data: &Path) -> Config {
    let own =
        vec![("data.folder", data.to_str().unwrap().to_owned()), ("server.lang", "en".to_owned())];
    let flags = Flags { own, ..Flags::default() };
    config::load(&flags, &Surroundings::default()).unwrap().config
}

/// What a task says and writes to standard output; `Err`: why it was refused.
fn done(data: &Path, task: &Task) -> Result<String, String> {
    let mut output = Vec::new();
    run(task, &config(data), &mut output).map_err(|error| format!("{error:#}"))?;
    Ok(String::from_utf8(output).unwrap())
}

fn export() -> Export {
    let (room, format) = ("sala".to_owned(), Format::JsonLines);
    Export { room, format, output: None, since: None, until: None }
}

fn exported(data: &Path) -> String {
    done(data, &Task::Export(export())).unwrap()
}

fn import(data: &Path, lines: &str, dry_run: bool) -> Result<String, String> {
    let file = data.with_extension("jsonl");
    fs::write(&file, lines).unwrap();
    let told = done(data, &Task::Import(Import { file: file.clone(), room: None, dry_run }));
    told.map_err(|error| error.replace(file.to_str().unwrap(), "FILE"))
}

fn nick(name: &str) -> Nick {
    Nick::parse(name).unwrap()
}

fn created() -> Fact {
    let name = RoomName::parse("sala").unwrap();
    Fact::Created { name, capacity: 40, visibility: Visibility::Public, by: nick("ana") }
}

/// One of the two with an account, by her number, or a guest by that of her session.
fn people() -> impl Strategy<Value = (Author, Nick)> {
    prop_oneof![
        (1..3u64, 100..104u64).prop_map(|(account, session)| {
            let author =
                Author { member: MemberId(session << 22), account: Some(AccountId(account)) };
            (author, nick(["ana", "bia"][usize::try_from(account).unwrap() - 1]))
        }),
        (104..108u64).prop_map(|session| {
            let author = Author { member: MemberId(session << 22), account: None };
            (author, nick(&format!("guest-{session}")))
        }),
    ]
}

/// What someone does; with a number that chooses the message it is done to.
fn doing() -> impl Strategy<Value = (u8, usize, Author, Nick, Text)> {
    let text = "[a-z *<>\"\\\\]{0,20}[a-z]".prop_map(|text| Text::new(&text).unwrap());
    (0..16u8, any::<usize>(), people(), text)
        .prop_map(|(what, which, (author, nick), text)| (what, which, author, nick, text))
}

/// A log that a room can have: what is changed is there, and is not deleted.
fn log(doings: Vec<(u8, usize, Author, Nick, Text)>) -> Vec<Event> {
    let mut facts = vec![created()];
    let mut messages: Vec<Seq> = Vec::new();
    for (what, which, Author { member, account }, nick, text) in doings {
        let seq = Seq(facts.len() as u64 + 1);
        let chosen = (!messages.is_empty()).then(|| which % messages.len());
        let target = chosen.map(|place| messages[place]);
        let emoji = Emoji::parse(["❤️", "👍"][which % 2]).unwrap();
        let (quote, on) = (None, which % 3 > 0);
        let fact = match (what, target) {
            (0..2, Some(target)) => Fact::Edited { member, account, nick, target, quote, text },
            (2, Some(target)) => {
                messages.remove(chosen.unwrap());
                Fact::Deleted { member, account, nick, target, is_purge: on }
            }
            (3..6, Some(target)) => {
                Fact::Reacted { member, account, nick, target, quote, emoji, on }
            }
            (6, Some(target)) => Fact::Pinned { member, account, nick, target, quote, on },
            (7, _) => Fact::TopicSet { member, nick, topic: on.then_some(text) },
            (8, _) => {
                let who = match account {
                    Some(account) => Who::Account { account, nick: nick.clone() },
                    None => Who::Guest { nick: nick.clone(), member: on.then_some(member) },
                };
                let measure = Measure::Muted { who, until: None, reason: Some(text) };
                Fact::Moderated { member, account, nick, measure: Box::new(measure) }
            }
            (9, _) => {
                let measure = Measure::RoleSet {
                    account: AccountId(1),
                    nick: self::nick("ana"),
                    role: Role::Owner,
                };
                Fact::Moderated { member, account, nick, measure: Box::new(measure) }
            }
            _ => {
                messages.push(seq);
                let reply = target.filter(|_| on).map(|to| Box::new(Reply { to, quote }));
                Fact::Said { member, account, nick, text, reply, key: None }
            }
        };
        facts.push(fact);
    }
    let at = |seq: u64| UnixMs(DAY_MS * 10 + seq * 1000);
    let event = |(seq, fact)| Event { room: RoomId(1), seq: Seq(seq), at: at(seq), fact };
    (1..).zip(facts).map(event).collect()
}

/// A data folder with the two accounts.
fn folder(parent: &TempDir, name: &str) -> std::path::PathBuf {
    let data = parent.path().join(name);
    let mut people = People::open(&data).unwrap();
    for name in ["ana", "bia"] {
        let hash = PasswordHash::new("$".to_owned());
        people.create_account(&nick(name), &hash, false, UnixMs(0)).unwrap();
    }
    data
}

fn with(data: &Path, events: &[Event]) -> Sqlite {
    let mut log = Sqlite::open(data).unwrap();
    for events in events.chunks(APPEND_EVENTS_MAX) {
        log.append(events).unwrap();
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_goes_out_comes_in_and_goes_out_again(
        doings in proptest::collection::vec(doing(), 0..120),
        kept in proptest::option::of(0..40u64),
    ) {
        let parent = TempDir::new().unwrap();
        let (one, other) = (folder(&parent, "one"), folder(&parent, "other"));
        let mut log = with(&one, &log(doings));
        // A log that was trimmed has gaps.
        let retention = Retention { age_ms: None, count: kept };
        while log.trim(retention, UnixMs(0)).unwrap() > 0 {}
        let out = exported(&one);
        // Rooms that are there already stay as they are.
        drop(with(&other, &[]));
        let told = import(&other, &out, false).unwrap();
        prop_assert!(!told.contains("accounts"), "{}", told);
        prop_assert_eq!(&exported(&other), &out);
        // And not only in the file.
        let mut copy = Sqlite::open(&other).unwrap();
        let room = |log: &mut Sqlite| {
            Snapshot { active_at: UnixMs(0), ..log.rooms().unwrap().remove(0) }
        };
        prop_assert_eq!(room(&mut copy), room(&mut log));
        let last = |log: &mut Sqlite| log.reader().unwrap().last(RoomId(1), 256).unwrap();
        prop_assert_eq!(last(&mut copy), last(&mut log));
    }
}

#[test]
fn a_room_longer_than_a_page_goes_out_while_the_journal_has_its_end() {
    let parent = TempDir::new().unwrap();
    let data = folder(&parent, "data");
    let said = |seq: u64| Event {
        room: RoomId(1),
        seq: Seq(seq),
        at: UnixMs(DAY_MS + seq * 1000),
        fact: Fact::Said {
            member: MemberId(1),
            account: None,
            nick: nick("ana"),
            text: Text::new(&format!("linha {seq}")).unwrap(),
            reply: None,
            key: None,
        },
    };
    let first = Event { room: RoomId(1), seq: Seq(1), at: UnixMs(DAY_MS), fact: created() };
    let events: Vec<_> = std::iter::once(first).chain((2..=1000).map(said)).collect();
    let mut log = with(&data, &events);
    log.reader().unwrap().last(RoomId(1), 1).unwrap();
    // Not in the database yet.
    log.append(&(1001..=1010).map(said).collect::<Vec<_>>()).unwrap();
    let lines = exported(&data);
    assert_eq!(lines.lines().count(), 1 + 1010);
    assert!(lines.ends_with("\"text\":\"linha 1010\"}\n"));
    for format in [Format::Markdown, Format::Html] {
        let page = done(&data, &Task::Export(Export { format, ..export() })).unwrap();
        assert_eq!(page.matches("linha ").count(), 1009);
        assert!(page.find("linha 999").unwrap() < page.find("linha 1010").unwrap());
    }
    let part = Export {
        since: Some(UnixMs(DAY_MS + 10_000)),
        until: Some(UnixMs(DAY_MS + 13_000)),
        ..export()
    };
    let lines = done(&data, &Task::Export(part)).unwrap();
    let seqs: Vec<_> = lines.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(seqs, ["\"seq\":1", "\"seq\":10", "\"seq\":11", "\"seq\":12"]);
    drop(log);
    let other = folder(&parent, "other");
    assert_eq!(import(&other, &lines, false).unwrap(), "Room sala imported: 4 events\n");
    // A file, for its owner alone, and not over another one.
    let page = parent.path().join("sala.html");
    let to_file =
        Task::Export(Export { format: Format::Html, output: Some(page.clone()), ..export() });
    assert_eq!(done(&data, &to_file).unwrap(), "");
    assert!(fs::read_to_string(page).unwrap().ends_with("</html>\n"));
    assert!(done(&data, &to_file).unwrap_err().contains("sala.html: File exists"));
    let nowhere = Task::Export(Export { room: "nada".to_owned(), ..export() });
    assert_eq!(done(&data, &nowhere).unwrap_err(), "There is no room nada");
}

const HEAD: &str = "{\"papo-export\":1,\"room\":\"sala\",\"seq\":1}\n";
const CREATED: &str = "{\"ev\":\"created\",\"seq\":1,\"at\":5,\"by\":{\"nick\":\"ana\"},\
                       \"visibility\":\"public\",\"capacity\":40}\n";

fn said(seq: u64, by: &str) -> String {
    format!("{{\"ev\":\"said\",\"seq\":{seq},\"at\":9,\"by\":{{{by}}},\"text\":\"oi\"}}\n")
}

#[test]
fn a_bad_line_is_told_by_its_number_and_nothing_is_taken() {
    let parent = TempDir::new().unwrap();
    let data = folder(&parent, "data");
    let ana = "\"nick\":\"ana\",\"session\":\"1\"";
    let late = format!("\"nick\":\"ana\",\"session\":\"{}\"", u64::MAX);
    for (lines, why) in [
        (String::new(), "FILE:1: the file is empty"),
        ("oi\n".to_owned(), "FILE:1: expected"),
        (HEAD.to_owned(), "FILE:2: the first event"),
        (format!("{HEAD}{}", said(2, ana)), "FILE:2: the first event"),
        (format!("{HEAD}{CREATED}{CREATED}"), "FILE:3: the first event"),
        (format!("{HEAD}{CREATED}\n"), "FILE:3: EOF"),
        (format!("{HEAD}{CREATED}{}{}", said(3, ana), said(3, ana)), "FILE:4: seq must be"),
        (format!("{HEAD}{CREATED}{}", said(2, &late)), "FILE:3: the session is of a later time"),
        (format!("{HEAD}{CREATED}{}", said(2, "\"nick\":\"a b\"")), "FILE:3: the field `by`"),
        (format!("{HEAD}{CREATED}{}", "x".repeat(100_000)), "FILE:3: longer than"),
    ] {
        let error = import(&data, &lines, false).unwrap_err();
        assert!(error.starts_with(why), "{why}: {error}");
        assert!(Sqlite::open(&data).unwrap().rooms().unwrap().is_empty(), "{lines}");
    }
    let file = data.with_extension("jsonl");
    fs::write(&file, b"{\"papo-export\":1,\"room\":\"\xff\",\"seq\":1}\n").unwrap();
    let task = Task::Import(Import { file, room: None, dry_run: false });
    assert!(done(&data, &task).unwrap_err().ends_with(":1: not UTF-8"));
}

#[test]
fn only_a_room_in_which_nothing_was_said_is_taken_over() {
    let parent = TempDir::new().unwrap();
    let data = folder(&parent, "data");
    let lines = format!("{HEAD}{CREATED}{}", said(5, "\"nick\":\"x\",\"session\":\"1\""));
    let made = Event { room: RoomId(1), seq: Seq(1), at: UnixMs(1), fact: created() };
    drop(with(&data, &[made]));
    let told = import(&data, &lines, true).unwrap();
    assert_eq!(told, "Room sala can be imported: 2 events\n");
    let rooms = |data: &Path| Sqlite::open(data).unwrap().rooms().unwrap();
    assert_eq!(rooms(&data)[0].head, Seq(1), "a dry run changes nothing");
    assert_eq!(import(&data, &lines, false).unwrap(), "Room sala imported: 2 events\n");
    let after = rooms(&data);
    assert_eq!((after.len(), after[0].id, after[0].head), (1, RoomId(2), Seq(5)));
    let error = import(&data, &lines, false).unwrap_err();
    assert!(error.starts_with("In room sala something was said already"), "{error}");
    let renamed = Import {
        file: data.with_extension("jsonl"),
        room: Some("outra".to_owned()),
        dry_run: false,
    };
    assert_eq!(done(&data, &Task::Import(renamed)).unwrap(), "Room outra imported: 2 events\n");
    assert_eq!(rooms(&data).len(), 2);
    // The room goes on where it was.
    let mut log = Sqlite::open(&data).unwrap();
    let next = Event { room: RoomId(2), seq: Seq(6), at: UnixMs(2), fact: facts_of("fim") };
    log.append(&[next]).unwrap();
    assert_eq!(log.reader().unwrap().search(RoomId(2), "fim", 9).unwrap().len(), 1);
    assert_eq!(log.reader().unwrap().search(RoomId(2), "oi", 9).unwrap().len(), 1);
}

fn facts_of(text: &str) -> Fact {
    let (member, text) = (MemberId(1), Text::new(text).unwrap());
    Fact::Said { member, account: None, nick: nick("ana"), text, reply: None, key: None }
}

/// Account 1 of another server is another person: she has no rights here by that number.
#[test]
fn whoever_has_no_account_here_comes_in_as_a_guest() {
    let parent = TempDir::new().unwrap();
    let data = folder(&parent, "data");
    let by = |nick: &str| format!("\"nick\":\"{nick}\",\"account\":1,\"session\":\"1\"");
    let role = |nick: &str, seq: u64| {
        said(seq, &by(nick)).replace("said", "moderated").replace(
            "\"text\":\"oi\"",
            &format!("\"measure\":\"role\",\"nick\":\"{nick}\",\"account\":1,\"role\":\"owner\""),
        )
    };
    let lines = format!(
        "{HEAD}{CREATED}{}{}{}{}",
        role("mallory", 2),
        said(3, &by("mallory")),
        said(4, &by("ana")),
        role("ana", 5)
    );
    let told = import(&data, &lines, false).unwrap();
    assert!(told.contains("2 events are of accounts that do not exist here"), "{told}");
    let mut log = Sqlite::open(&data).unwrap();
    let messages = log.reader().unwrap().last(RoomId(1), 9).unwrap();
    let accounts: Vec<_> = messages.iter().map(|message| message.author.account).collect();
    assert_eq!(accounts, [None, Some(AccountId(1))]);
    let events = log.reader().unwrap().read(RoomId(1), Seq(1), 9).unwrap();
    assert_eq!(events.iter().map(|event| event.seq.0).collect::<Vec<_>>(), [1, 3, 4, 5]);
}
