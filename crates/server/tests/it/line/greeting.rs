//! Who is greeted, and when.

use std::time::{Duration, Instant};

use crate::client::{Client, FRAME, GREETING, Wire};
use crate::harness::{Server, over_both_wires};

/// How long a silent client is listened to before it is greeted.
const SILENCE: Duration = Duration::from_millis(200);

over_both_wires!(
    who_speaks_first_is_greeted_before_any_answer,
    words_that_begin_like_another_protocol_are_words,
    everything_piped_in_is_answered,
    server_full_says_so_and_closes,
);

#[test]
fn a_silent_client_is_greeted_after_the_silence() {
    let server = Server::start(&[]);
    let start = Instant::now();
    let mut ana = Client::open(server.addr(), Wire::Whole);
    ana.expect(GREETING);
    assert!(start.elapsed() >= SILENCE * 9 / 10, "the server listens first");
    ana.expect_nothing_so_far();
}

fn who_speaks_first_is_greeted_before_any_answer(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::open(server.addr(), wire);
    ana.send("--CHANNELS");
    ana.expect_all(&[GREETING, FRAME, FRAME]);
}

#[test]
fn who_speaks_first_does_not_wait_for_the_silence() {
    let server = Server::start(&[]);
    let fastest = (0..5)
        .map(|_| {
            let start = Instant::now();
            let mut ana = Client::open(server.addr(), Wire::Whole);
            ana.send("--CHANNELS");
            ana.expect_all(&[GREETING, FRAME, FRAME]);
            start.elapsed()
        })
        .min();
    assert!(fastest.unwrap() < SILENCE, "{fastest:?}");
}

fn words_that_begin_like_another_protocol_are_words(wire: Wire) {
    let server = Server::start(&[]);
    for words in [
        "GETULIO chegou",
        "POSTE caiu",
        "PRIMEIRO eu",
        "SSHiu silencio",
        "NICOLAU oi",
        "USUARIO novo",
        "Capivara",
        "PASSO a passo",
        "HEADPHONE novo",
        "OPTIONS? nenhuma",
    ] {
        let mut ana = Client::open(server.addr(), wire);
        ana.send(words);
        ana.expect(GREETING);
        let first = words.split(' ').next().unwrap().to_uppercase();
        ana.expect(&format!(
            "[ERRO] - E necessario entrar em uma sala para utilizar o comando {first}"
        ));
    }
}

fn everything_piped_in_is_answered(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::open(server.addr(), wire);
    ana.send_raw(b"--CREATE sala 3 ana\noi\n--LIST\n--CHANNELS\n--HISTORY\n");
    ana.half_close();
    ana.expect(GREETING);
    ana.expect_ok();
    assert_eq!(ana.expect_list(), ["ana"]);
    assert_eq!(ana.expect_list(), ["sala - 1/3"]);
    assert_eq!(ana.expect_list(), ["#2 [ana]: oi"]);
    ana.rest_lines();
    // Gone for all the others, too.
    let mut bia = Client::connect(&server);
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), ["sala - 0/3"]);
}

fn server_full_says_so_and_closes(wire: Wire) {
    let server = Server::start(&["--max", "2"]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::connect_over(&server, wire);
    for _ in 0..3 {
        let mut caio = Client::open(server.addr(), wire);
        let mut lines = caio.rest_lines();
        assert_eq!(lines.pop().as_deref(), Some("[ERRO] - Servidor cheio (2/2)"));
        lines.retain(|line| line != GREETING);
        assert_eq!(lines, [""; 0]);
    }
    // Who is in is not disturbed, and a place that comes free is given.
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    bia.send("--QUIT");
    bia.expect_ok();
    bia.expect_end();
    ana.expect_info_of("bia");
    let mut caio = Client::connect_over(&server, wire);
    caio.send("--JOIN sala caio");
    caio.expect_ok();
}
