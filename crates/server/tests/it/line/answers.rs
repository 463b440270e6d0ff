//! The table of refusals, to the byte.

use crate::client::{Client, Wire};
use crate::harness::{Server, over_both_wires};

const BAD_CAPACITY: &str = "[ERRO] - Capacidade invalida: use um numero de 1 a 100000";
const BAD_NAME: &str = "[ERRO] - Nome invalido: use de 1 a 32 letras, digitos, - _ .";

over_both_wires!(
    what_needs_a_room_is_refused_outside_one,
    a_capacity_is_a_whole_number_in_bounds,
    a_name_that_is_none_is_refused,
    a_room_that_exists_is_not_made_again,
    a_room_that_does_not_exist_is_not_entered,
    a_full_room_is_not_entered,
    a_taken_nick_is_not_given_again,
    no_error_closes_the_connection,
);

fn what_needs_a_room_is_refused_outside_one(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    for (line, command) in [
        ("--LIST", "--LIST"),
        ("--list", "--LIST"),
        ("--OUT", "--OUT"),
        ("--HISTORY", "--HISTORY"),
        ("--HISTORY 5", "--HISTORY"),
        ("--SEARCH oi", "--SEARCH"),
        ("--TOPIC", "--TOPIC"),
        ("--TOPIC assunto", "--TOPIC"),
        ("--NICK bia", "--NICK"),
        ("--MSG bia oi", "--MSG"),
        ("--REPLY 2 oi", "--REPLY"),
        ("--EDIT 2 oi", "--EDIT"),
        ("--DELETE 2", "--DELETE"),
        ("--REACT 2 +1", "--REACT"),
        ("--PIN 2", "--PIN"),
        ("--PINS", "--PINS"),
        ("--QualQuer coisa", "--QUALQUER"),
        ("oi gente", "OI"),
        ("  oi", "OI"),
        ("ol\u{e1} gente", "OL\u{c1}"),
    ] {
        ana.send(line);
        ana.expect(&format!(
            "[ERRO] - E necessario entrar em uma sala para utilizar o comando {command}"
        ));
    }
}

fn a_capacity_is_a_whole_number_in_bounds(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    for bad in [
        "0",
        "-1",
        "1.5",
        "1,5",
        "dez",
        "100001",
        "4294967297",
        "99999999999999999999999999",
        "0x10",
        "1e3",
        "\u{bd}",
    ] {
        ana.send(&format!("--CREATE sala {bad} ana"));
        ana.expect(BAD_CAPACITY);
    }
    for (good, room) in [("1", "uma"), ("100000", "maior")] {
        ana.send(&format!("--CREATE {room} {good} ana"));
        ana.expect_ok();
    }
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["maior - 1/100000", "uma - 0/1"]);
}

fn a_name_that_is_none_is_refused(wire: Wire) {
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    let mut ana = Client::connect_over(&server, wire);
    let too_long = "a".repeat(33);
    for bad in ["<sala>", "a/b", "sala!", "#sala", "\u{1f600}", "@ana", &too_long] {
        ana.send(&format!("--CREATE {bad} 5 ana"));
        ana.expect(BAD_NAME);
        ana.send(&format!("--CREATE sala 5 {bad}"));
        ana.expect(BAD_NAME);
    }
    for good in ["A-b_c.9", &"a".repeat(32), &"\u{e9}".repeat(32), "\u{674e}\u{96f7}", "7"] {
        ana.send(&format!("--CREATE {good} 5 {good}"));
        ana.expect_ok();
        for bad in ["a:b", &too_long] {
            ana.send(&format!("--NICK {bad}"));
            ana.expect(BAD_NAME);
            ana.send(&format!("--JOIN {bad} ana"));
            ana.expect(BAD_NAME);
            ana.send(&format!("--JOIN {good} {bad}"));
            ana.expect(BAD_NAME);
        }
        ana.send("--LIST");
        assert_eq!(ana.expect_list(), [good]);
    }
}

fn a_room_that_exists_is_not_made_again(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "Sala", "ana");
    let mut bia = Client::connect_over(&server, wire);
    bia.send("--CREATE Sala 5 bia");
    bia.expect("[ERRO] - O canal Sala ja existe");
    bia.send("--CREATE sALA 5 bia");
    let sentence = bia.expect_error();
    assert!(sentence.ends_with(" ja existe"), "{sentence:?}");
    // Nor by who is in it; and it stays as it was.
    ana.send("--CREATE Sala 5 ana");
    ana.expect("[ERRO] - O canal Sala ja existe");
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["Sala - 1/100"]);
}

fn a_room_that_does_not_exist_is_not_entered(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--JOIN lugar ana");
    ana.expect("[ERRO] - O canal lugar nao existe");
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), [""; 0]);
}

fn a_full_room_is_not_entered(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--CREATE sala 2 ana");
    ana.expect_ok();
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    let mut caio = Client::connect_over(&server, wire);
    caio.send("--JOIN sala caio");
    caio.expect("[ERRO] - O canal sala esta cheio (2/2)");
    bia.send("--OUT");
    bia.expect_ok();
    caio.send("--JOIN sala caio");
    caio.expect_ok();
    bia.send("--JOIN sala bia");
    bia.expect("[ERRO] - O canal sala esta cheio (2/2)");
}

fn a_taken_nick_is_not_given_again(wire: Wire) {
    let server = Server::start(&[]);
    let _ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::connect_over(&server, wire);
    bia.send("--JOIN sala ana");
    bia.expect("[ERRO] - O nome ana ja esta em uso");
    // On the whole server, not only in that room.
    bia.send("--CREATE outra 5 ana");
    bia.expect("[ERRO] - O nome ana ja esta em uso");
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["sala - 1/100"]);
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    bia.send("--NICK ana");
    bia.expect("[ERRO] - O nome ana ja esta em uso");
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["ana", "bia"]);
}

fn no_error_closes_the_connection(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    for bad in [
        &b"--JOIN\n"[..],
        b"--JOIN nada ana\n",
        b"--CREATE sala -5 ana\n",
        b"--CREATE ! 5 ana\n",
        b"oi\n",
        b"\xe1\xe2\n",
        b"--LANG xx\n",
    ] {
        ana.send_raw(bad);
        ana.expect_error();
    }
    ana.send_raw(&[b'a'; 5000]);
    ana.send("");
    ana.expect_error();
    ana.send("--CREATE sala 5 ana");
    ana.expect_ok();
}
