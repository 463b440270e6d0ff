//! What the seed's commands do.

use crate::client::{Client, GREETING, Wire};
use crate::harness::{Server, over_both_wires};

over_both_wires!(
    create_makes_the_room_and_enters_it,
    create_from_another_room_moves,
    join_enters_and_the_others_are_told,
    join_from_another_room_moves,
    a_refused_move_leaves_you_where_you_were,
    out_leaves_and_stays_connected,
    channels_are_in_order_of_name_with_their_fill,
    list_is_in_order_of_entry,
    commands_do_not_depend_on_case,
    spaces_around_a_command_do_not_matter,
    an_unknown_command_is_a_message,
    quit_leaves_and_closes,
    a_closed_connection_leaves,
);

fn create_makes_the_room_and_enters_it(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--CREATE sala 5 ana");
    ana.expect_ok();
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["sala - 1/5"]);
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
}

fn create_from_another_room_moves(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "velha", "ana");
    let mut bia = Client::joins(&server, wire, "velha", "bia");
    ana.expect_info_of("bia");
    ana.send("--CREATE nova 5 aninha");
    ana.expect_ok();
    bia.expect_info_of("ana");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["aninha"]);
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["nova - 1/5", "velha - 1/100"]);
    // Nothing of the old room is heard any more.
    bia.send("alguem?");
    bia.send("--JOIN nova bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
}

fn join_enters_and_the_others_are_told(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("oi bia");
    bia.expect("[ana]: oi bia");
    bia.send("oi ana");
    ana.expect("[bia]: oi ana");
}

fn join_from_another_room_moves(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "um", "ana");
    let mut bia = Client::creates(&server, wire, "dois", "bia");
    let mut caio = Client::joins(&server, wire, "um", "caio");
    ana.expect_info_of("caio");
    caio.send("--JOIN dois caio");
    caio.expect_ok();
    ana.expect_info_of("caio");
    bia.expect_info_of("caio");
    caio.send("cheguei");
    bia.expect("[caio]: cheguei");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["dois - 2/100", "um - 1/100"]);
}

fn a_refused_move_leaves_you_where_you_were(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "casa", "ana");
    let mut bia = Client::joins(&server, wire, "casa", "bia");
    ana.expect_info_of("bia");
    let mut caio = Client::connect_over(&server, wire);
    caio.send("--CREATE cheia 1 caio");
    caio.expect_ok();
    for (line, refusal) in [
        ("--JOIN cheia ana", "[ERRO] - O canal cheia esta cheio (1/1)"),
        ("--JOIN nenhuma ana", "[ERRO] - O canal nenhuma nao existe"),
        ("--JOIN cheia bia", "[ERRO] - O nome bia ja esta em uso"),
        ("--CREATE cheia 5 ana", "[ERRO] - O canal cheia ja existe"),
        ("--CREATE nova 5 caio", "[ERRO] - O nome caio ja esta em uso"),
    ] {
        ana.send(line);
        if line == "--JOIN cheia bia" {
            // Both reasons hold; either may be told.
            ana.expect_error();
        } else {
            ana.expect(refusal);
        }
    }
    // Still there, under the same name, in the same place of the order, and nobody was told.
    ana.send("ainda aqui");
    bia.expect("[ana]: ainda aqui");
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["ana", "bia"]);
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["casa - 2/100", "cheia - 1/1"]);
}

fn out_leaves_and_stays_connected(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    bia.send("--OUT");
    bia.expect_ok();
    ana.expect_info_of("bia");
    ana.send("ninguem me ouve");
    bia.send("--OUT");
    bia.expect("[ERRO] - E necessario entrar em uma sala para utilizar o comando --OUT");
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana", "bia"]);
}

fn channels_are_in_order_of_name_with_their_fill(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), [""; 0]);
    for (room, capacity) in [("c-sala", 3), ("a-sala", 10), ("b-sala", 100_000)] {
        ana.send(&format!("--CREATE {room} {capacity} ana"));
        ana.expect_ok();
    }
    let mut bia = Client::joins(&server, wire, "b-sala", "bia");
    ana.expect_info_of("bia");
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["a-sala - 0/10", "b-sala - 2/100000", "c-sala - 0/3"]);
}

fn list_is_in_order_of_entry(wire: Wire) {
    let server = Server::start(&[]);
    let mut watcher = Client::creates(&server, wire, "sala", "m");
    let mut others = Vec::new();
    for nick in ["z", "a", "y", "b"] {
        others.push(Client::joins(&server, wire, "sala", nick));
        watcher.expect_info_of(nick);
    }
    watcher.send("--LIST");
    assert_eq!(watcher.expect_list(), ["m", "z", "a", "y", "b"]);
    // Who leaves and returns is last; who is renamed keeps her place.
    others[0].expect_info_of("a");
    others[0].expect_info_of("y");
    others[0].expect_info_of("b");
    others[0].send("--OUT");
    others[0].expect_ok();
    watcher.expect_info_of("z");
    others[0].send("--JOIN sala z");
    others[0].expect_ok();
    watcher.expect_info_of("z");
    watcher.send("--NICK n");
    watcher.expect_ok();
    watcher.send("--LIST");
    assert_eq!(watcher.expect_list(), ["n", "a", "y", "b", "z"]);
}

fn commands_do_not_depend_on_case(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--create Sala 5 Ana");
    ana.expect_ok();
    ana.send("--lIsT");
    assert_eq!(ana.expect_list(), ["Ana"]);
    ana.send("--Channels");
    assert_eq!(ana.expect_list(), ["Sala - 1/5"]);
    ana.send("--history");
    assert_eq!(ana.expect_list(), [""; 0]);
    ana.send("--help");
    assert!(ana.expect_list().len() >= 13);
    ana.send("--out");
    ana.expect_ok();
    ana.send("--join Sala Ana");
    ana.expect_ok();
    ana.send("--quit");
    ana.expect_ok();
    ana.expect_end();
}

fn spaces_around_a_command_do_not_matter(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("  --CREATE   sala \t 5   ana  ");
    ana.expect_ok();
    ana.send("\t--LIST ");
    assert_eq!(ana.expect_list(), ["ana"]);
}

fn an_unknown_command_is_a_message(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    for text in ["--DANCE agora", "--", "--LISTA", "- -LIST", "-LIST", "LIST", "--help-me", "/quit"]
    {
        ana.send(text);
        bia.expect(&format!("[ana]: {text}"));
    }
}

fn quit_leaves_and_closes(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    // One byte a segment, what follows would come after the end and could not be sent.
    let after = if wire == Wire::Whole { "nunca dito\n" } else { "" };
    bia.send_raw(format!("tchau\n--QUIT\n{after}").as_bytes());
    bia.expect_ok();
    bia.expect_end();
    ana.expect("[bia]: tchau");
    ana.expect_info_of("bia");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
    // Without a room too.
    let mut caio = Client::open(server.addr(), wire);
    caio.send("--QUIT");
    caio.expect(GREETING);
    caio.expect_ok();
    caio.expect_end();
}

fn a_closed_connection_leaves(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    drop(bia);
    ana.expect_info_of("bia");
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["sala - 1/100"]);
}
