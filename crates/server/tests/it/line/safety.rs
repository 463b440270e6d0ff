//! No member can write to another's terminal.

use crate::client::{Client, Wire};
use crate::harness::{Server, over_both_wires};

/// What acts on a terminal or on the order of what is read: C0, DEL, C1, overrides, isolates.
const HOSTILE: [char; 18] = [
    '\u{0}', '\u{1}', '\u{7}', '\u{8}', '\u{b}', '\u{c}', '\u{1b}', '\u{1f}', '\u{7f}', '\u{80}',
    '\u{85}', '\u{9b}', '\u{9f}', '\u{202a}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2069}',
];

over_both_wires!(
    a_message_is_cleaned,
    a_line_of_nothing_else_is_blank,
    private_messages_and_topics_are_cleaned,
    refusals_repeat_nothing_hostile,
    what_is_kept_is_clean,
);

fn a_message_is_cleaned(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    for hostile in HOSTILE {
        ana.send(&format!("a{hostile}[31mb"));
        bia.expect("[ana]: a[31mb");
    }
    // A TAB stays, and so does what only joins letters.
    ana.send("a\tb \u{928}\u{94d}\u{200d}\u{928}");
    bia.expect("[ana]: a\tb \u{928}\u{94d}\u{200d}\u{928}");
    // A CR in the middle would let the rest overwrite the nick.
    ana.send("ola\r[bia]: eu sou boba");
    bia.expect("[ana]: ola[bia]: eu sou boba");
}

fn a_line_of_nothing_else_is_blank(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("\u{1b}\u{7} \u{202e}");
    ana.send("marca");
    bia.expect("[ana]: marca");
}

fn private_messages_and_topics_are_cleaned(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    ana.send("--MSG bia a\u{1b}[2Jb\u{202e}c");
    ana.expect_ok();
    bia.expect("[MSG] - ana: a[2Jbc");
    ana.send("--TOPIC x\u{9b}2Jy\u{1b}c");
    ana.expect_ok();
    bia.expect_info_of("x2Jyc");
}

fn refusals_repeat_nothing_hostile(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    for line in [
        "ol\u{1b}[31ma",
        "--JOIN sa\u{1b}[2Jla ana",
        "--JOIN sala an\u{202e}a",
        "--CREATE sa\u{9b}la 5 ana",
        "--LANG \u{1b}c",
    ] {
        ana.send(line);
        let answer = ana.line();
        assert!(!answer.contains(|c: char| c.is_control() || HOSTILE.contains(&c)), "{answer:?}");
        if answer.starts_with("[OK] - ") {
            // Cleaned before it was understood: a room is made or a language set.
            ana.expect_nothing_so_far();
        }
    }
}

fn what_is_kept_is_clean(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("vermelho \u{1b}[31m sangue\u{7}");
    ana.send("--HISTORY");
    assert_eq!(ana.expect_messages(), ["[ana]: vermelho [31m sangue"]);
    ana.send("--SEARCH sangue");
    assert_eq!(ana.expect_messages(), ["[ana]: vermelho [31m sangue"]);
}
