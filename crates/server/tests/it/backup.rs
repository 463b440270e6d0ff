//! `papo backup` beside a running server, and a server on what `papo restore` made of it: they are
//! the same, to whoever asks over a socket and to whoever reads the files.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, Setup};
use crate::ws::client::Ws;

const PASSWORD: &str = "correct horse battery";

/// Runs a command of the program on a data folder.
pub(crate) fn papo(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papo"));
    command.env_clear().args(arguments).arg("--lang=en").arg("--data").arg(data);
    command.output().unwrap()
}

/// What it printed.
#[track_caller]
pub(crate) fn papo_ok(data: &Path, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = papo(data, arguments);
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Why it refused.
#[track_caller]
pub(crate) fn papo_no(data: &Path, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = papo(data, arguments);
    assert_eq!((status.code(), stdout.len()), (Some(1), 0), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

/// People and rooms with something of everything; the token of the one with an account.
pub(crate) fn inhabit(server: &Server) -> String {
    let mut ana = Ws::open(server);
    let register = json!({"do": "register", "account": "ana", "password": PASSWORD});
    let token = ana.ok(register)["token"].as_str().unwrap().to_owned();
    for (room, visibility) in [("sala", "public"), ("prova", "unlisted")] {
        let create = json!({"do": "create", "room": room, "capacity": 40, "visibility": visibility,
                   "nick": "ana"});
        ana.ok(create);
    }
    let mut bia = Ws::enters(server, "sala", "bia");
    let ok = |client: &mut Ws, mut request: Value| {
        request["room"] = "sala".into();
        client.ok(request)["seq"].as_u64()
    };
    let first = ok(&mut ana, json!({"do": "say", "text": "bom *dia*"})).unwrap();
    let own = json!({"do": "say", "text": "oi", "reply": first, "key": "k1"});
    let second = ok(&mut bia, own).unwrap();
    let gone = ok(&mut ana, json!({"do": "say", "text": "segredo"})).unwrap();
    ok(&mut ana, json!({"do": "edit", "seq": first, "text": "boa **tarde**"}));
    ok(&mut bia, json!({"do": "react", "seq": first, "emoji": "❤️"}));
    ok(&mut ana, json!({"do": "react", "seq": first, "emoji": "❤️"}));
    ok(&mut bia, json!({"do": "pin", "seq": second}));
    ok(&mut ana, json!({"do": "delete", "seq": gone}));
    ok(&mut ana, json!({"do": "topic", "topic": "aula 7"}));
    ok(&mut ana, json!({"do": "read", "seq": first}));
    says(server, "mallory", "spam");
    ok(&mut bia, json!({"do": "say", "text": "até <b>logo</b>"}));
    token
}

fn says(server: &Server, nick: &str, text: &str) {
    Ws::enters(server, "sala", nick).ok(json!({"do": "say", "room": "sala", "text": text}));
}

/// What whoever logs in with the token is told of everything.
fn seen(server: &Server, token: &str) -> Value {
    let mut client = Ws::open(server);
    let mut seen = vec![client.ok(json!({"do": "log-in", "token": token}))];
    seen.push(client.ok(json!({"do": "rooms"})));
    for room in ["sala", "prova"] {
        seen.push(client.ok(json!({"do": "enter", "room": room, "nick": "ana", "after": 0})));
        seen.push(client.ok(json!({"do": "history", "room": room, "limit": 200})));
        seen.push(client.ok(json!({"do": "pins", "room": room})));
        seen.push(client.ok(json!({"do": "search", "room": room, "words": "oi"})));
        // All that has a number of its own, as the log has it.
        let head = seen[seen.len() - 4]["seq"].as_u64().unwrap();
        loop {
            let event = client.event();
            if ["entered", "left"].contains(&event["ev"].as_str().unwrap()) {
                continue;
            }
            let seq = event["seq"].as_u64().unwrap();
            seen.push(event);
            if seq == head {
                break;
            }
        }
    }
    seen.push(client.ok(json!({"do": "me"})));
    let mut seen = Value::Array(seen);
    forget_who_is_there(&mut seen);
    seen
}

/// Takes out how many are in a room, which no log keeps.
fn forget_who_is_there(seen: &mut Value) {
    match seen {
        Value::Object(fields) => {
            fields.remove("present");
            fields.values_mut().for_each(forget_who_is_there);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_who_is_there),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every row of every table, but of what a login changes.
fn rows(data: &Path) -> Vec<String> {
    let mut rows = Vec::new();
    for database in ["papo.db", "people.db"] {
        let connection = rusqlite::Connection::open(data.join(database)).unwrap();
        let sql =
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'
                   ORDER BY name";
        let mut select = connection.prepare(sql).unwrap();
        let tables: Vec<String> =
            select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for table in tables {
            let mut select = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let names: Vec<_> = select.column_names().map(str::to_owned).collect();
            let mut read = select.query([]).unwrap();
            while let Some(row) = read.next().unwrap() {
                let values = names
                    .iter()
                    .enumerate()
                    .filter(|(_, name)| *name != "last_used_at")
                    .map(|(column, _)| format!("{:?}", row.get_ref(column).unwrap()));
                rows.push(format!("{table}: {}", values.collect::<Vec<_>>().join(" | ")));
            }
        }
    }
    rows
}

#[test]
fn a_server_on_the_restored_data_is_the_same() {
    let server = Server::start(&[]);
    let token = inhabit(&server);
    let folder = TempDir::new().unwrap();
    let target = folder.path().join("backup");
    let told = papo_ok(&server.setup().data(), &["backup", target.to_str().unwrap()]);
    assert!(told.starts_with("Backup made in ") && told.contains("2 rooms, 1 accounts"), "{told}");
    let before = seen(&server, &token);
    // What is said after the backup is not in it.
    says(&server, "tarde", "depois");
    let setup = server.setup().clone();
    server.stop();

    let again = Setup::new(&[]);
    let restored = papo_ok(&again.data(), &["restore", target.to_str().unwrap()]);
    assert!(restored.ends_with("backup says\n"), "{restored}");
    let mut log = rows(&again.data());
    let server = again.start();
    assert_eq!(seen(&server, &token), before);
    says(&server, "carla", "e segue");
    server.stop();

    // The rows of the backup are those of the original, which has gone on since.
    let original = rows(&setup.data());
    let goes_on = |row: &String| row.starts_with("room: ");
    log.retain(|row| !goes_on(row));
    assert!(log.len() > 20);
    for row in &log {
        assert!(original.contains(row), "{row}");
    }
    assert_eq!(original.len() - original.iter().filter(|row| goes_on(row)).count(), log.len() + 1);

    // Going back a second time replaces only what may be replaced, and keeps it.
    let restore = ["restore", target.to_str().unwrap()];
    let full = papo_no(&again.data(), &restore);
    assert!(full.contains("--force puts it aside first"), "{full}");
    let told = papo_ok(&again.data(), &["restore", target.to_str().unwrap(), "--force"]);
    assert!(told.contains("before-restore-"), "{told}");
    let server = again.start();
    assert_eq!(seen(&server, &token), before);
    let in_use = papo_no(&again.data(), &["restore", target.to_str().unwrap(), "--force"]);
    assert!(in_use.contains("is in use by another papo"), "{in_use}");
}

#[test]
fn what_cannot_be_done_is_said_in_a_sentence() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let here = folder.path().to_str().unwrap();
    let nothing = papo_no(&data, &["backup", "/nowhere/backup"]);
    assert!(nothing.starts_with("There is nothing to back up in "), "{nothing}");
    let none = papo_no(&data, &["restore", here]);
    assert!(none.contains(" is no backup: SHA256SUMS cannot be read: "), "{none}");
    assert!(!data.exists());
    let setup = Setup::new(&[]);
    setup.start().stop();
    let taken = papo_no(&setup.data(), &["backup", here]);
    assert!(taken.contains(" is there already"), "{taken}");
}

/// Beside a running server, out of it and into another one.
#[test]
fn a_room_moves_to_another_server() {
    let server = Server::start(&[]);
    inhabit(&server);
    let folder = TempDir::new().unwrap();
    let data = server.setup().data();
    let file = folder.path().join("sala.jsonl");
    let file = file.to_str().unwrap();
    papo_ok(&data, &["export", "sala", "--output", file]);
    let page = papo_ok(&data, &["export", "sala", "--format", "html"]);
    assert!(page.contains("até &lt;b&gt;logo&lt;/b&gt;") && page.contains("❤️ 2"), "{page}");
    let page = papo_ok(&data, &["export", "sala", "--format", "markdown"]);
    assert!(page.contains("boa **tarde**") && !page.contains("segredo"), "{page}");
    let in_use = papo_no(&data, &["import", file]);
    assert!(in_use.contains("is in use by another papo"), "{in_use}");

    let other = Setup::new(&[]);
    let told = papo_ok(&other.data(), &["import", file, "--room", "praia"]);
    assert!(told.starts_with("Room praia imported: "), "{told}");
    let history = |server: &Server, room: &str| {
        let mut client = Ws::open(server);
        client.ok(json!({"do": "enter", "room": room, "nick": "carla"}));
        let mut messages =
            client.ok(json!({"do": "history", "room": room, "limit": 200}))["messages"].take();
        for message in messages.as_array_mut().unwrap() {
            message["by"].as_object_mut().unwrap().remove("account");
        }
        messages
    };
    let other = other.start();
    assert_eq!(history(&other, "praia"), history(&server, "sala"));
    // It goes on.
    let mut client = Ws::enters(&other, "praia", "eva");
    client.ok(json!({"do": "say", "room": "praia", "text": "e segue"}));
    let found = client.ok(json!({"do": "search", "room": "praia", "words": "oi"}));
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
}
