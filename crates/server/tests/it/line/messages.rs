//! What may be done with a message: its author is answered, and everyone else is shown one line
//! that makes sense alone.

use std::path::Path;

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

over_both_wires!(
    a_reply_says_what_it_answers,
    an_edited_message_keeps_its_place,
    a_deleted_message_leaves_its_number,
    reactions_come_and_go,
    pins_come_and_go,
    what_is_refused_changes_nothing,
    who_counts_messages_is_told_the_numbers,
);

/// A room in which ana has said `bom dia`, as message 2, and bia is.
fn room(server: &Server, wire: Wire) -> (Client, Client) {
    let mut ana = Client::creates(server, wire, "sala", "ana");
    let mut bia = Client::joins(server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("bom dia");
    bia.expect("[ana]: bom dia");
    (ana, bia)
}

#[track_caller]
fn expect_history(client: &mut Client, lines: &[&str]) {
    client.send("--HISTORY");
    assert_eq!(client.expect_list(), lines);
}

fn a_reply_says_what_it_answers(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    bia.send("--REPLY 2 bom dia, ana");
    bia.expect("[OK] - Resposta enviada: e a mensagem #3");
    ana.expect("[bia]: (a ana: \"bom dia\") bom dia, ana");
    ana.send("--reply #3 e que dia");
    ana.expect("[OK] - Resposta enviada: e a mensagem #4");
    bia.expect("[ana]: (a bia: \"bom dia, ana\") e que dia");
    // Only the beginning of a long one, and an answer to an answer says what that said.
    let long = "palavra ".repeat(10);
    bia.send(&format!("--REPLY 4 {long}"));
    bia.expect_ok();
    ana.expect(&format!("[bia]: (a ana: \"e que dia\") {}", long.trim()));
    ana.send("--REPLY 5 certo");
    ana.expect_ok();
    bia.expect("[ana]: (a bia: \"palavra palavra palavra palavra palavra...\") certo");
    ana.send("--LANG en");
    ana.expect_ok();
    bia.send("--REPLY 6 tchau");
    bia.expect_ok();
    ana.expect("[bia]: (to ana: \"certo\") tchau");
    bia.send("--HISTORY 2");
    let history = bia.expect_list();
    assert_eq!(history[1], "#7 [bia]: (a ana: \"certo\") tchau");
    bia.send("--SEARCH tchau");
    assert_eq!(bia.expect_list(), history[1..]);
}

fn an_edited_message_keeps_its_place(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    bia.send("oi");
    ana.expect("[bia]: oi");
    ana.send("--EDIT 2 boa tarde");
    ana.expect("[OK] - Mensagem #2 corrigida");
    bia.expect("[INFO] - ana corrigiu #2 \"bom dia\": boa tarde");
    bia.send("--EDIT 3 oi, ana");
    bia.expect("[OK] - Mensagem #3 corrigida");
    ana.expect("[INFO] - bia corrigiu #3 \"oi\": oi, ana");
    // The same text once more is nothing new.
    ana.send("--EDIT 2 boa tarde");
    ana.expect_ok();
    for client in [&mut ana, &mut bia] {
        expect_history(client, &["#2 (editada) [ana]: boa tarde", "#3 (editada) [bia]: oi, ana"]);
    }
    bia.send("--SEARCH tarde");
    assert_eq!(bia.expect_list(), ["#2 (editada) [ana]: boa tarde"]);
    bia.send("--SEARCH dia");
    assert_eq!(bia.expect_list(), [""; 0]);
    bia.send("--EDIT 2 boa noite");
    bia.expect("[ERRO] - A mensagem #2 nao e sua");
    ana.expect_nothing_so_far();
}

fn a_deleted_message_leaves_its_number(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    bia.send("--REPLY 2 resposta");
    bia.expect_ok();
    ana.expect("[bia]: (a ana: \"bom dia\") resposta");
    bia.send("--DELETE 2");
    bia.expect("[ERRO] - A mensagem #2 nao e sua");
    ana.send("--DELETE 2");
    ana.expect("[OK] - Mensagem #2 apagada");
    bia.expect("[INFO] - ana apagou a mensagem #2");
    for client in [&mut ana, &mut bia] {
        expect_history(client, &["#2 (apagada) [ana]", "#3 [bia]: (a #2) resposta"]);
        client.send("--SEARCH dia");
        assert_eq!(client.expect_list(), [""; 0]);
    }
    for line in ["--DELETE 2", "--EDIT 2 volta", "--REPLY 2 oi", "--REACT 2 👍", "--PIN 2"] {
        ana.send(line);
        ana.expect("[ERRO] - A mensagem #2 foi apagada");
    }
    bia.send("--DELETE 3");
    bia.expect("[OK] - Mensagem #3 apagada");
    ana.expect("[INFO] - bia apagou a mensagem #3");
}

fn reactions_come_and_go(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    bia.send("--REACT 2 👍");
    bia.expect("[OK] - Reacao posta em #2");
    ana.expect("[INFO] - bia reagiu com 👍 a #2 de ana: \"bom dia\"");
    // One's own message too, and without an emoji on the keyboard.
    ana.send("--REACT 2 +1");
    ana.expect("[OK] - Reacao posta em #2");
    bia.expect("[INFO] - ana reagiu com 👍 a #2 de ana: \"bom dia\"");
    bia.send("--REACT 2 <3");
    bia.expect("[OK] - Reacao posta em #2");
    ana.expect("[INFO] - bia reagiu com ❤\u{fe0f} a #2 de ana: \"bom dia\"");
    expect_history(&mut ana, &["#2 (👍 2, ❤\u{fe0f} 1) [ana]: bom dia"]);
    bia.send("--REACT 2 👍");
    bia.expect("[OK] - Reacao retirada de #2");
    ana.expect("[INFO] - bia retirou 👍 de #2 de ana: \"bom dia\"");
    // Of equals, the one that was given first.
    expect_history(&mut bia, &["#2 (👍 1, ❤\u{fe0f} 1) [ana]: bom dia"]);
    bia.send("--REACT 2 legal");
    bia.expect("[ERRO] - Isso nao e um emoji; tambem valem +1 -1 <3 :) :( :D");
    ana.expect_nothing_so_far();
}

fn pins_come_and_go(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    bia.send("--PINS");
    assert_eq!(bia.expect_list(), [""; 0]);
    bia.send("regras: nenhuma");
    ana.expect("[bia]: regras: nenhuma");
    bia.send("--PIN 2");
    bia.expect("[OK] - Mensagem #2 fixada");
    ana.expect("[INFO] - bia fixou #2 de ana: \"bom dia\"");
    ana.send("--PIN 3");
    ana.expect("[OK] - Mensagem #3 fixada");
    bia.expect("[INFO] - ana fixou #3 de bia: \"regras: nenhuma\"");
    let pins = ["#2 (fixada) [ana]: bom dia", "#3 (fixada) [bia]: regras: nenhuma"];
    for client in [&mut ana, &mut bia] {
        client.send("--PINS");
        assert_eq!(client.expect_list(), pins);
    }
    ana.send("--PIN 2");
    ana.expect("[OK] - Mensagem #2 desafixada");
    bia.expect("[INFO] - ana desafixou #2 de ana: \"bom dia\"");
    bia.send("--PINS");
    assert_eq!(bia.expect_list(), pins[1..]);
    bia.send("--DELETE 3");
    bia.expect_ok();
    ana.expect_info_of("#3");
    ana.send("--PINS");
    assert_eq!(ana.expect_list(), [""; 0]);
}

fn what_is_refused_changes_nothing(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    // A room's making is no message, nor is what was done with one, nor what is in another room.
    bia.send("--REACT 2 👍");
    bia.expect_ok();
    ana.expect_info_of("#2");
    let mut caio = Client::creates(&server, wire, "outra", "caio");
    caio.send("um");
    caio.send("dois");
    caio.send("tres");
    for number in ["0", "1", "3", "4", "18446744073709551615"] {
        for command in ["REPLY", "EDIT", "DELETE", "REACT", "PIN"] {
            let rest = match command {
                "REPLY" | "EDIT" => " oi",
                "REACT" => " 👍",
                _ => "",
            };
            ana.send(&format!("--{command} {number}{rest}"));
            ana.expect(&format!("[ERRO] - A mensagem #{number} nao existe"));
        }
    }
    bia.expect_nothing_so_far();
    expect_history(&mut ana, &["#2 (👍 1) [ana]: bom dia"]);
    // Who left and came back is the same session still; who connects again is not.
    ana.send("--OUT");
    ana.expect_ok();
    bia.expect_info_of("ana");
    ana.send("--JOIN sala ana");
    ana.expect_ok();
    bia.expect_info_of("ana");
    ana.send("--EDIT 2 voltei");
    ana.expect_ok();
    bia.expect_info_of("voltei");
    drop(ana);
    bia.expect_info_of("ana");
    let mut ana = Client::joins(&server, wire, "sala", "ana");
    bia.expect_info_of("ana");
    ana.send("--DELETE 2");
    ana.expect("[ERRO] - A mensagem #2 nao e sua");
}

fn who_counts_messages_is_told_the_numbers(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, wire);
    for client in [&mut ana, &mut bia] {
        client.send("--CURSOR");
        client.expect("[OK] - Cursor 2");
    }
    ana.send("--REPLY 2 quer dizer, boa tarde");
    ana.expect("[OK] - 3");
    bia.expect("3 [ana]: (a ana: \"bom dia\") quer dizer, boa tarde");
    ana.send("--EDIT 2 boa tarde");
    ana.expect_ok();
    bia.expect("4 [INFO] - ana corrigiu #2 \"bom dia\": boa tarde");
    ana.send("--PIN 2");
    ana.expect_ok();
    bia.expect("5 [INFO] - ana fixou #2 de ana: \"boa tarde\"");
    ana.send("--DELETE 2");
    ana.expect_ok();
    bia.expect("6 [INFO] - ana apagou a mensagem #2");
    ana.send("--EDIT 3 corrigida");
    ana.expect_ok();
    bia.expect("7 [INFO] - ana corrigiu #3 \"quer dizer, boa tarde\": corrigida");
    // Who catches up gets what happened in order, but nothing of a deleted or an earlier text.
    let mut caio = Client::joins(&server, wire, "sala", "caio");
    caio.send("--CURSOR 1");
    caio.expect_all(&[
        "[OK] - Cursor 7",
        "2 [INFO] - ana disse algo que foi apagado",
        "3 [ana]: (a #2) corrigida",
        "5 [INFO] - ana fixou #2",
        "6 [INFO] - ana apagou a mensagem #2",
        "7 [INFO] - ana corrigiu #3 \"corrigida\": corrigida",
    ]);
}

/// Whether a file of the folder has these bytes.
fn is_in(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn all_of_it_outlives_the_server_and_nothing_of_a_deleted_text_does() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = room(&server, Wire::Whole);
    // The index keeps words from where they differ on: each is looked for by its end.
    ana.send("um segredo: xqzabacaxi");
    bia.expect("[ana]: um segredo: xqzabacaxi");
    ana.send("--EDIT 3 um segredo: xqzmaracuja");
    ana.expect_ok();
    bia.expect_info_of("maracuja");
    bia.send("--REPLY 3 nao conto");
    bia.expect_ok();
    ana.expect("[bia]: (a ana: \"um segredo: xqzmaracuja\") nao conto");
    bia.send("--REACT 2 👍");
    bia.expect_ok();
    ana.expect_info_of("👍");
    bia.send("--PIN 2");
    bia.expect_ok();
    ana.expect_info_of("fixou");
    ana.send("--EDIT 2 boa tarde");
    ana.expect_ok();
    bia.expect_info_of("boa tarde");
    bia.send("--SEARCH maracuja xqzmaracuja");
    assert_eq!(bia.expect_list(), [""; 0]);
    bia.send("--SEARCH xqzmaracuja");
    assert_eq!(bia.expect_list(), ["#3 (editada) [ana]: um segredo: xqzmaracuja"]);
    let data = server.setup().data();
    assert!(is_in(&data, "abacaxi") && is_in(&data, "maracuja"));
    ana.send("--DELETE 3");
    ana.expect("[OK] - Mensagem #3 apagada");
    bia.expect("[INFO] - ana apagou a mensagem #3");
    let stands = [
        "#2 (editada, fixada, 👍 1) [ana]: boa tarde",
        "#3 (apagada) [ana]",
        "#5 [bia]: (a #3) nao conto",
    ];
    expect_history(&mut bia, &stands);
    let setup = server.setup().clone();
    server.stop();
    for gone in ["abacaxi", "maracuja"] {
        assert!(!is_in(&data, gone), "{gone} is in {}", data.display());
    }
    assert!(is_in(&data, "boa tarde"));
    let server = setup.start();
    let mut caio = Client::joins(&server, Wire::Whole, "sala", "caio");
    expect_history(&mut caio, &stands);
    caio.send("--PINS");
    assert_eq!(caio.expect_list(), stands[..1]);
    for words in ["segredo", "xqzmaracuja", "bom"] {
        caio.send(&format!("--SEARCH {words}"));
        assert_eq!(caio.expect_list(), [""; 0]);
    }
    caio.send("--SEARCH tarde");
    assert_eq!(caio.expect_list(), stands[..1]);
}

#[test]
fn a_room_pins_a_bounded_number_and_a_message_is_edited_a_bounded_number_of_times() {
    const PINS_MAX: usize = 50;
    const EDITS_MAX: usize = 100;
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send_raw("oi\n".repeat(PINS_MAX + 1).as_bytes());
    for number in 2..2 + PINS_MAX {
        ana.send(&format!("--PIN {number}"));
        ana.expect_ok();
    }
    let beyond = 2 + PINS_MAX;
    ana.send(&format!("--PIN {beyond}"));
    ana.expect("[ERRO] - O canal ja tem 50 mensagens fixadas, o maximo");
    ana.send("--PIN 2");
    ana.expect_ok();
    ana.send(&format!("--PIN {beyond}"));
    ana.expect_ok();
    ana.send("--PINS");
    assert_eq!(ana.expect_list().len(), PINS_MAX);
    for time in 0..EDITS_MAX {
        ana.send(&format!("--EDIT 2 oi {time}"));
        ana.expect_ok();
    }
    ana.send("--EDIT 2 mais uma");
    ana.expect("[ERRO] - A mensagem ja foi corrigida 100 vezes, o maximo");
    ana.send("--DELETE 2");
    ana.expect_ok();
}
