//! How bytes become lines.

use std::thread;
use std::time::Duration;

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

/// Bytes of a line without its end.
const LINE_BYTES_MAX: usize = 4096;
/// A pause after which a line without an end has surely ended: three times the promise.
const TYPING_PAUSE: Duration = Duration::from_millis(300);
const TOO_LONG: &str = "[ERRO] - Linha muito longa: o limite e de 4096 bytes";
const NOT_UTF8: &str = "[ERRO] - Texto invalido: use UTF-8";

over_both_wires!(
    lf_and_crlf_end_a_line,
    several_lines_in_one_segment_are_several_messages,
    characters_of_every_length_are_whole_again,
    the_line_limit_holds_on_both_sides,
    a_line_far_too_long_is_refused_once,
    text_that_is_not_utf8_is_refused,
    blank_lines_are_ignored,
);

/// `ana` and `bia` in one room, `ana` over that wire, all notices taken.
fn pair(server: &Server, wire: Wire) -> (Client, Client) {
    let mut ana = Client::creates(server, wire, "sala", "ana");
    let bia = Client::joins(server, Wire::Whole, "sala", "bia");
    ana.expect_info_of("bia");
    (ana, bia)
}

fn lf_and_crlf_end_a_line(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    ana.send_raw(b"lf\ncrlf\r\nlf outra vez\n");
    bia.expect_all(&["[ana]: lf", "[ana]: crlf", "[ana]: lf outra vez"]);
}

fn several_lines_in_one_segment_are_several_messages(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send_raw(b"--CREATE sala 5 ana\n--LIST\num\ndois\r\n--CHANNELS\ntres\n");
    ana.expect_ok();
    assert_eq!(ana.expect_list(), ["ana"]);
    assert_eq!(ana.expect_list(), ["sala - 1/5"]);
    let mut bia = Client::joins(&server, Wire::Whole, "sala", "bia");
    bia.send("--HISTORY");
    assert_eq!(bia.expect_messages(), ["[ana]: um", "[ana]: dois", "[ana]: tres"]);
}

#[test]
fn one_line_over_many_segments_is_one_message() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, Wire::Whole);
    for part in ["uma ", "linha ", "so"] {
        ana.send_raw(part.as_bytes());
        // Longer than the silence that ends a line of who never sent an LF; she has sent one.
        thread::sleep(TYPING_PAUSE);
    }
    ana.send_raw(b"\n");
    bia.expect("[ana]: uma linha so");
}

#[test]
fn without_any_lf_silence_ends_a_line() {
    let server = Server::start(&[]);
    let mut bia = Client::creates(&server, Wire::Whole, "sala", "bia");
    let mut ana = Client::connect(&server);
    ana.send_raw(b"--JOIN sala ana");
    ana.expect_ok();
    bia.expect_info_of("ana");
    ana.send_raw(b"oi");
    bia.expect("[ana]: oi");
    ana.send_raw("tudo bem? \u{1f600}".as_bytes());
    bia.expect("[ana]: tudo bem? \u{1f600}");
    ana.send_raw(b"--LIST");
    assert_eq!(ana.expect_list(), ["bia", "ana"]);
}

#[test]
fn from_the_first_lf_on_silence_ends_nothing() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, Wire::Whole);
    ana.send_raw(b"metade");
    thread::sleep(TYPING_PAUSE);
    bia.send("marca");
    ana.expect("[bia]: marca");
    ana.send_raw(b" e metade\n");
    bia.expect("[ana]: metade e metade");
}

#[test]
fn the_last_line_without_an_end_counts_when_there_was_no_lf() {
    let server = Server::start(&[]);
    let mut ana = Client::open(server.addr(), Wire::Whole);
    ana.send_raw(b"--CHANNELS");
    ana.half_close();
    ana.expect(crate::client::GREETING);
    assert_eq!(ana.expect_list(), [""; 0]);
}

#[test]
fn half_a_line_at_the_end_is_none_after_an_lf() {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, Wire::Whole);
    ana.send_raw(b"inteira\nmetad");
    ana.half_close();
    bia.expect("[ana]: inteira");
    bia.expect_info_of("ana");
    ana.rest_lines();
}

#[test]
fn a_long_text_without_an_end_is_refused_once_too() {
    let server = Server::start(&[]);
    let mut ana = Client::connect(&server);
    ana.send_raw(&[b'a'; LINE_BYTES_MAX + 1]);
    ana.expect(TOO_LONG);
    thread::sleep(TYPING_PAUSE);
    ana.send_raw(b"--CHANNELS");
    assert_eq!(ana.expect_list(), [""; 0]);
}

fn characters_of_every_length_are_whole_again(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    let text = "a \u{e9} \u{4e16}\u{754c} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} fim";
    ana.send(text);
    bia.expect(&format!("[ana]: {text}"));
}

#[test]
fn a_character_is_whole_again_wherever_a_segment_cuts_it() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia) = pair(&server, Wire::Whole);
    let line = "\u{e9}\u{4e16}\u{1f600}\n".as_bytes();
    for cut in 1..line.len() {
        ana.send_raw(&line[..cut]);
        // The other's message in between proves that the first part had arrived.
        bia.send(&format!("corte {cut}"));
        ana.expect(&format!("[bia]: corte {cut}"));
        ana.send_raw(&line[cut..]);
        bia.expect("[ana]: \u{e9}\u{4e16}\u{1f600}");
    }
}

fn the_line_limit_holds_on_both_sides(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    let longest = "a".repeat(LINE_BYTES_MAX);
    ana.send(&longest);
    bia.expect(&format!("[ana]: {longest}"));
    // The end does not count, however long it is.
    ana.send(&format!("{longest}\r"));
    bia.expect(&format!("[ana]: {longest}"));
    ana.send(&format!("{longest}b"));
    ana.expect(TOO_LONG);
    ana.send("depois");
    bia.expect("[ana]: depois");
    // Bytes count, not characters.
    let accents = "\u{e9}".repeat(LINE_BYTES_MAX / 2);
    ana.send(&accents);
    bia.expect(&format!("[ana]: {accents}"));
    ana.send(&format!("{accents}\u{e9}"));
    ana.expect(TOO_LONG);
}

fn a_line_far_too_long_is_refused_once(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    let times = if wire == Wire::Whole { 1024 } else { 8 };
    ana.send_raw(&vec![b'a'; LINE_BYTES_MAX * times]);
    ana.send_raw(b" --LIST\ndepois\n");
    ana.expect(TOO_LONG);
    bia.expect("[ana]: depois");
    bia.send("marca");
    ana.expect("[bia]: marca");
}

fn text_that_is_not_utf8_is_refused(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    let latin1 = b"ol\xe1 mundo\n";
    let surrogate = b"\xed\xa0\x80\n";
    let overlong = b"\xc0\xaf\n";
    let cut_off = b"fim \xe4\xb8\n";
    for bad in [&latin1[..], surrogate, overlong, cut_off] {
        ana.send_raw(bad);
        ana.expect(NOT_UTF8);
    }
    ana.send("depois");
    bia.expect("[ana]: depois");
}

fn blank_lines_are_ignored(wire: Wire) {
    let server = Server::start(&[]);
    let (mut ana, mut bia) = pair(&server, wire);
    ana.send_raw(b"\n\r\n   \n\t\n \r\n");
    ana.send("marca");
    bia.expect("[ana]: marca");
    ana.expect_nothing_so_far();
    // Outside a room too.
    let mut caio = Client::connect_over(&server, wire);
    caio.send_raw(b"\n \n\r\n");
    caio.expect_nothing_so_far();
}
