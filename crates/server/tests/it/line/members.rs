//! Who hears what: messages, notices, private words, topics.

use crate::client::{Client, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

/// Above so many members, line clients are not told who comes and goes.
const NOTICED_MEMBERS_MAX: usize = 50;

over_both_wires!(
    a_message_reaches_everyone_but_its_author,
    a_message_keeps_its_spaces,
    messages_of_one_sender_keep_their_order,
    rooms_do_not_hear_each_other,
    a_private_message_reaches_that_one_only,
    a_topic_is_shown_and_set,
    a_new_nick_is_told_and_used,
);

fn a_message_reaches_everyone_but_its_author(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    let mut caio = Client::joins(&server, wire, "sala", "caio");
    ana.expect_info_of("bia");
    ana.expect_info_of("caio");
    bia.expect_info_of("caio");
    ana.send("oi, gente");
    bia.expect("[ana]: oi, gente");
    caio.expect("[ana]: oi, gente");
    // One order for all: whatever ana got of her own would stand before this.
    caio.send("oi, ana");
    ana.expect("[caio]: oi, ana");
    bia.expect("[caio]: oi, ana");
    bia.send("tudo bem?");
    caio.expect("[bia]: tudo bem?");
    ana.expect("[bia]: tudo bem?");
}

fn a_message_keeps_its_spaces(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    for text in ["  if x:", "a  b\tc", "fim  "] {
        ana.send(text);
        bia.expect(&format!("[ana]: {text}"));
    }
}

fn messages_of_one_sender_keep_their_order(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    let all = lines_of(0..2000, |number| number.to_string());
    ana.send_raw(all.as_bytes());
    for number in 0..2000 {
        bia.expect(&format!("[ana]: {number}"));
    }
}

fn rooms_do_not_hear_each_other(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "um", "ana");
    let mut bia = Client::joins(&server, wire, "um", "bia");
    ana.expect_info_of("bia");
    let mut caio = Client::creates(&server, wire, "dois", "caio");
    let mut duda = Client::joins(&server, wire, "dois", "duda");
    caio.expect_info_of("duda");
    ana.send("no um");
    bia.expect("[ana]: no um");
    caio.send("no dois");
    duda.expect("[caio]: no dois");
    bia.send("fim do um");
    ana.expect("[bia]: fim do um");
}

fn a_private_message_reaches_that_one_only(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "um", "ana");
    let mut bia = Client::joins(&server, wire, "um", "bia");
    ana.expect_info_of("bia");
    let mut caio = Client::creates(&server, wire, "dois", "caio");
    ana.send("--MSG caio oi,  caio ");
    ana.expect_ok();
    let line = caio.line();
    assert_eq!(line.trim_end(), "[MSG] - ana: oi,  caio");
    // To oneself's room mate; the name as anyone may write it.
    ana.send("--msg BIA psiu");
    ana.expect_ok();
    bia.expect("[MSG] - ana: psiu");
    ana.send("--MSG ninguem oi");
    ana.expect_error();
    // Bia heard nothing of the first, and no history tells of any.
    bia.send("--HISTORY");
    assert_eq!(bia.expect_list(), [""; 0]);
    bia.send("--SEARCH caio");
    assert_eq!(bia.expect_list(), [""; 0]);
    // Who is in no room, but has a name, is present too.
    caio.send("--OUT");
    caio.expect_ok();
    ana.send("--MSG caio ainda?");
    ana.expect_ok();
    caio.expect("[MSG] - ana: ainda?");
}

fn a_topic_is_shown_and_set(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    let none = ask_topic(&mut ana);
    ana.send("--TOPIC Redes  de computadores");
    ana.expect_ok();
    bia.expect_info_of("Redes  de computadores");
    let shown = ask_topic(&mut bia);
    assert!(shown.contains("Redes  de computadores"), "{shown:?}");
    assert_ne!(shown, none);
    // The last one counts, also for who comes later.
    bia.send("--topic Outro assunto");
    bia.expect_ok();
    ana.expect_info_of("Outro assunto");
    let mut caio = Client::joins(&server, wire, "sala", "caio");
    caio.expect_info_of("Outro assunto");
    let shown = ask_topic(&mut caio);
    assert!(shown.contains("Outro assunto"), "{shown:?}");
}

/// The answer to `--TOPIC`: one tagged line.
fn ask_topic(client: &mut Client) -> String {
    client.send("--TOPIC");
    client.expect_ok()
}

fn a_new_nick_is_told_and_used(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("--NICK aninha");
    ana.expect_ok();
    bia.expect_info_of("aninha");
    ana.send("sou eu");
    bia.expect("[aninha]: sou eu");
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["aninha", "bia"]);
    // The old name is free, the new one taken; past messages keep the name of their day.
    bia.send("--NICK Aninha");
    bia.expect_error();
    bia.send("--NICK ana");
    bia.expect_ok();
    ana.expect_info_of("ana");
    bia.send("--MSG aninha oi");
    bia.expect_ok();
    ana.expect("[MSG] - ana: oi");
    bia.send("--HISTORY");
    assert_eq!(bia.expect_messages(), ["[aninha]: sou eu"]);
}

#[test]
fn a_crowd_is_not_told_who_comes_and_goes() {
    let server = Server::start(&[]);
    let mut watcher = Client::connect(&server);
    watcher.send("--CREATE sala 100 m1");
    watcher.expect_ok();
    let mut others = Vec::new();
    for number in 2..=NOTICED_MEMBERS_MAX {
        others.push(joins_at_once(&server, number));
        watcher.expect_info_of(&format!("m{number}"));
    }
    for number in NOTICED_MEMBERS_MAX + 1..=60 {
        others.push(joins_at_once(&server, number));
    }
    // Above the bound neither entering nor leaving is told; messages are.
    let mut last = others.pop().unwrap();
    last.send("sou o ultimo");
    watcher.expect("[m60]: sou o ultimo");
    last.send("--OUT");
    last.expect_ok();
    let mut last = others.pop().unwrap();
    last.send("agora sou eu");
    watcher.expect("[m59]: agora sou eu");
    // Below it they are told again.
    while others.len() > 20 {
        let mut gone = others.pop().unwrap();
        gone.send("--OUT");
        while !gone.line().starts_with("[OK] - ") {}
    }
    let mut told = Vec::new();
    last.send("fim");
    loop {
        let line = watcher.line();
        if line == "[m59]: fim" {
            break;
        }
        told.push(line);
    }
    assert!(told.iter().all(|line| line.starts_with("[INFO] - ")), "{told:?}");
    assert!((28..=30).contains(&told.len()), "of 37 who left: {told:?}");
}

fn joins_at_once(server: &Server, number: usize) -> Client {
    let mut client = Client::open(server.addr(), Wire::Whole);
    client.send(&format!("--JOIN sala m{number}"));
    client.expect(crate::client::GREETING);
    client.expect_ok();
    client
}
