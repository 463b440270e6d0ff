//! What was said: the last of it, what is found of it, and that it outlives the server.

use crate::client::{Client, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

/// Messages that `--HISTORY` gives without a number, and at most.
const HISTORY_DEFAULT: usize = 20;
const HISTORY_MAX: usize = 200;
/// Messages that `--SEARCH` gives at most.
const SEARCH_MAX: usize = 20;

over_both_wires!(
    history_gives_the_last_messages_in_order,
    history_is_of_this_room_only,
    search_finds_words_without_their_accents,
    search_finds_words_of_scripts_without_spaces,
    search_takes_any_text,
);

fn history_gives_the_last_messages_in_order(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("--HISTORY");
    assert_eq!(ana.expect_messages(), [""; 0]);
    let said: Vec<_> = (1..=250).map(|number| format!("[ana]: mensagem {number}")).collect();
    let lines = lines_of(1..=250, |number| format!("mensagem {number}"));
    ana.send_raw(lines.as_bytes());
    // In the same order as what was said before: it is all there.
    for (command, count) in [
        ("--HISTORY", HISTORY_DEFAULT),
        ("--HISTORY 1", 1),
        ("--HISTORY 3", 3),
        ("--HISTORY 199", 199),
        ("--HISTORY 200", HISTORY_MAX),
    ] {
        ana.send(command);
        assert_eq!(ana.expect_messages(), said[250 - count..], "{command}");
    }
    // Entering and leaving are not messages; who comes later may read what was.
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    bia.send("--HISTORY 2");
    assert_eq!(bia.expect_messages(), said[248..]);
}

#[test]
fn history_never_gives_more_than_its_bound() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send_raw("oi\n".repeat(HISTORY_MAX + 50).as_bytes());
    for beyond in ["201", "1000000", "99999999999999999999999999"] {
        ana.send(&format!("--HISTORY {beyond}"));
        let first = ana.line();
        if first.starts_with("[ERRO] - ") {
            continue;
        }
        assert_eq!(first, crate::client::FRAME);
        let mut count = 0;
        while ana.line() != crate::client::FRAME {
            count += 1;
        }
        assert_eq!(count, HISTORY_MAX, "{beyond}");
    }
}

fn history_is_of_this_room_only(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "um", "ana");
    ana.send("no um");
    ana.send("--CREATE dois 5 ana");
    ana.expect_ok();
    ana.send("no dois");
    ana.send("--HISTORY");
    assert_eq!(ana.expect_messages(), ["[ana]: no dois"]);
    ana.send("--SEARCH um");
    assert_eq!(ana.expect_messages(), [""; 0]);
    ana.send("--JOIN um ana");
    ana.expect_ok();
    ana.send("--HISTORY");
    assert_eq!(ana.expect_messages(), ["[ana]: no um"]);
}

#[test]
fn rooms_and_what_was_said_outlive_the_server() {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send("antes do fim");
    ana.send("--TOPIC assunto que fica");
    ana.expect_ok();
    let setup = server.setup().clone();
    server.stop();
    let server = setup.start();
    let mut bia = Client::connect(&server);
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["sala - 0/100"]);
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    bia.expect_info_of("assunto que fica");
    bia.send("--HISTORY");
    assert_eq!(bia.expect_messages(), ["[ana]: antes do fim"]);
    bia.send("--SEARCH fim");
    assert_eq!(bia.expect_messages(), ["[ana]: antes do fim"]);
}

fn search_finds_words_without_their_accents(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("Vi um jacar\u{e9} ontem");
    ana.send("O JACARE\u{301} dormia");
    ana.send("outra coisa");
    for query in ["jacare", "jacar\u{e9}", "JACARE", "jacare\u{301}"] {
        ana.send(&format!("--SEARCH {query}"));
        let mut found = ana.expect_messages();
        found.sort();
        assert_eq!(
            found,
            ["[ana]: O JACARE\u{301} dormia", "[ana]: Vi um jacar\u{e9} ontem"],
            "{query}"
        );
    }
    ana.send("--SEARCH jacare dormia");
    assert_eq!(ana.expect_messages(), ["[ana]: O JACARE\u{301} dormia"]);
    ana.send("--SEARCH tatu");
    assert_eq!(ana.expect_messages(), [""; 0]);
}

fn search_finds_words_of_scripts_without_spaces(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("\u{4f60}\u{597d}\u{4e16}\u{754c}"); // hello world, Chinese
    ana.send("\u{4eca}\u{65e5}\u{306f}\u{6771}\u{4eac}\u{30bf}\u{30ef}\u{30fc}"); // Japanese
    ana.send("\u{e01}\u{e23}\u{e38}\u{e07}\u{e40}\u{e17}\u{e1e}\u{e2f}"); // Bangkok, Thai
    for (query, text) in [
        ("\u{4e16}\u{754c}", "\u{4f60}\u{597d}\u{4e16}\u{754c}"),
        ("\u{6771}\u{4eac}", "\u{4eca}\u{65e5}\u{306f}\u{6771}\u{4eac}\u{30bf}\u{30ef}\u{30fc}"),
    ] {
        ana.send(&format!("--SEARCH {query}"));
        assert_eq!(ana.expect_messages(), [format!("[ana]: {text}")], "{query}");
    }
}

fn search_takes_any_text(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("custa R$ 10 (dez) reais");
    for query in
        ["\"", "(", "a AND", "NOT", "*", "a*b", "col:x", "' OR 1=1 --", "^", "-", "%", "\\"]
    {
        ana.send(&format!("--SEARCH {query}"));
        ana.expect_messages();
    }
    ana.send("--SEARCH custa (dez)");
    assert_eq!(ana.expect_messages(), ["[ana]: custa R$ 10 (dez) reais"]);
}

#[test]
fn search_gives_no_more_than_its_bound() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    ana.send_raw("agulha no palheiro\n".repeat(SEARCH_MAX + 10).as_bytes());
    ana.send("--SEARCH agulha");
    assert_eq!(ana.expect_messages().len(), SEARCH_MAX);
}
