//! When two names are one, and how long a nick is held.

use crate::client::{Client, Wire};
use crate::harness::{Server, over_both_wires};

over_both_wires!(
    names_are_kept_as_written,
    names_equal_by_case_or_form_are_one,
    names_that_only_look_alike_in_part_are_two,
    a_nick_is_held_while_its_owner_is_connected,
    a_nick_is_free_after_its_owner_is_gone,
    one_may_keep_ones_own_nick,
);

fn names_are_kept_as_written(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "CafeZinho", "AnA");
    let mut bia = Client::joins(&server, wire, "cafezinho", "Jo\u{e3}o");
    ana.expect_info_of("Jo\u{e3}o");
    bia.send("oi");
    ana.expect("[Jo\u{e3}o]: oi");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["AnA", "Jo\u{e3}o"]);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["CafeZinho - 2/100"]);
}

fn names_equal_by_case_or_form_are_one(wire: Wire) {
    for (one, other) in [
        ("Ana", "ana"),
        ("JO\u{c3}O", "joa\u{303}o"),
        ("\u{ff41}\u{ff4e}\u{ff41}", "ana"),
        ("stra\u{df}e", "STRASSE"),
        ("\u{3a3}\u{391}\u{3a3}", "\u{3c3}\u{3b1}\u{3c2}"),
    ] {
        let server = Server::start(&[]);
        let mut first = Client::creates(&server, wire, one, one);
        let mut second = Client::connect_over(&server, wire);
        second.send(&format!("--CREATE {other} 5 bia"));
        let sentence = second.expect_error();
        assert!(sentence.ends_with(" ja existe"), "{one} {other}: {sentence:?}");
        second.send(&format!("--JOIN {one} {other}"));
        let sentence = second.expect_error();
        assert!(sentence.ends_with(" ja esta em uso"), "{one} {other}: {sentence:?}");
        second.send(&format!("--JOIN {other} bia"));
        second.expect_ok();
        first.expect_info_of("bia");
        second.send(&format!("--MSG {other} oi"));
        second.expect_ok();
        first.expect("[MSG] - bia: oi");
    }
}

fn names_that_only_look_alike_in_part_are_two(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "an\u{e3}");
    ana.expect_info_of("an\u{e3}");
    bia.send("--LIST");
    assert_eq!(bia.expect_list(), ["ana", "an\u{e3}"]);
}

fn a_nick_is_held_while_its_owner_is_connected(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("--OUT");
    ana.expect_ok();
    let mut bia = Client::connect_over(&server, wire);
    bia.send("--JOIN sala ana");
    bia.expect("[ERRO] - O nome ana ja esta em uso");
    // Until she takes another one.
    ana.send("--JOIN sala aninha");
    ana.expect_ok();
    bia.send("--JOIN sala ana");
    bia.expect_ok();
}

fn a_nick_is_free_after_its_owner_is_gone(wire: Wire) {
    let server = Server::start(&[]);
    let mut watcher = Client::creates(&server, wire, "sala", "vigia");
    for _ in 0..3 {
        let mut ana = Client::joins(&server, wire, "sala", "ana");
        watcher.expect_info_of("ana");
        ana.send("--QUIT");
        ana.expect_ok();
        ana.expect_end();
        watcher.expect_info_of("ana");
        let ana = Client::joins(&server, wire, "sala", "Ana");
        watcher.expect_info_of("Ana");
        drop(ana);
        watcher.expect_info_of("Ana");
    }
}

fn one_may_keep_ones_own_nick(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "um", "ana");
    ana.send("--CREATE dois 5 ana");
    ana.expect_ok();
    ana.send("--JOIN um Ana");
    ana.expect_ok();
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["Ana"]);
    ana.send("--NICK ANA");
    ana.expect_ok();
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ANA"]);
}
