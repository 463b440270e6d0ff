//! What need not be kept goes, and nothing else: a log of a past week is given to a new server.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use room::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, Visibility};
use store::Log as _;

use crate::client::{Client, Wire};
use crate::harness::{DEADLINE, Server, Setup};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// A room made `days` ago in which `says` was said at once.
fn room_of(id: u64, name: &str, days: u64, says: &[&str]) -> Vec<Event> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let at = UnixMs(u64::try_from(now.as_millis()).unwrap() - days * DAY_MS);
    let (room, nick) = (RoomId(id), Nick::parse("ana").unwrap());
    let name = RoomName::parse(name).unwrap();
    let (capacity, visibility, by) = (10, Visibility::Public, nick.clone());
    let created = Fact::Created { name, capacity, visibility, by };
    let said = says.iter().map(|text| Fact::Said {
        member: MemberId(1),
        account: None,
        nick: nick.clone(),
        text: Text::new(text).unwrap(),
        reply: None,
        key: None,
    });
    std::iter::once(created)
        .chain(said)
        .zip(1..)
        .map(|(fact, seq)| Event { room, seq: Seq(seq), at, fact })
        .collect()
}

fn server_with(args: &[&str], rooms: &[Vec<Event>]) -> Server {
    let setup = Setup::new(args);
    let mut log = store::Sqlite::open(&setup.data()).unwrap();
    for events in rooms {
        log.append(events).unwrap();
    }
    drop(log);
    setup.start()
}

/// Asks until the answer is `expected`; the retention looks once a second after the start.
fn expect_eventually(client: &mut Client, question: &str, expected: &[&str]) {
    let start = Instant::now();
    loop {
        client.send(question);
        let answer = client.expect_list();
        if answer == expected {
            return;
        }
        assert!(start.elapsed() < DEADLINE, "{answer:?}, not {expected:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_room_that_nobody_is_in_is_forgotten_after_its_time() {
    let rooms = [room_of(1, "velha", 8, &["oi"]), room_of(2, "nova", 6, &["oi"])];
    let server = server_with(&["--set", "flood.messages_per_second=0"], &rooms);
    let mut ana = Client::connect(&server);
    expect_eventually(&mut ana, "--CHANNELS", &["nova - 0/10"]);
    // Its name is free again, and nothing of it is left.
    ana.send("--CREATE velha 5 ana");
    ana.expect_ok();
    ana.send("--HISTORY");
    assert_eq!(ana.expect_list(), [""; 0]);
}

#[test]
fn a_room_is_kept_for_ever_if_the_operator_says_so() {
    let rooms = [room_of(1, "velha", 800, &["oi"])];
    let args = ["--set", "retention.room_idle_days=0", "--set", "retention.message_age_days=30"];
    let server = server_with(&args, &rooms);
    let mut ana = Client::joins(&server, Wire::Whole, "velha", "ana");
    // The message goes by its age, the room stays.
    expect_eventually(&mut ana, "--HISTORY", &[]);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["velha - 1/10"]);
}

#[test]
fn the_oldest_messages_go_when_there_are_too_many() {
    let rooms = [room_of(1, "sala", 1, &["um", "dois", "tres", "quatro"])];
    let args = ["--set", "retention.messages_per_room=2", "--set", "flood.messages_per_second=0"];
    let server = server_with(&args, &rooms);
    let mut ana = Client::joins(&server, Wire::Whole, "sala", "bia");
    expect_eventually(&mut ana, "--HISTORY", &["#4 [ana]: tres", "#5 [ana]: quatro"]);
    // Who comes back with an older cursor is told exactly how many are gone.
    ana.send("--CURSOR 1");
    ana.expect("[OK] - Cursor 5");
    ana.expect("[INFO] - 2 mensagens nao estao mais guardadas");
    ana.expect("4 [ana]: tres");
    ana.expect("5 [ana]: quatro");
}

#[test]
fn a_room_keeps_no_more_than_its_owner_says() {
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    for text in ["um", "dois", "tres"] {
        ana.send(text);
    }
    bia.expect_all(&["[ana]: um", "[ana]: dois", "[ana]: tres"]);
    bia.send("--RETENTION 2");
    bia.expect("[ERRO] - Apenas quem e dono do canal pode fazer isso");
    ana.send("--RETENTION 2");
    ana.expect_info_of("bia");
    ana.expect("[OK] - ana mudou o que o canal guarda: mensagens: 2");
    bia.expect("[INFO] - ana mudou o que o canal guarda: mensagens: 2");
    expect_eventually(&mut ana, "--HISTORY", &["#3 [ana]: dois", "#4 [ana]: tres"]);
    ana.send("--RETENTION 2");
    ana.expect("[OK] - Ja estava assim");
}
