//! Keeping order over a line: who made a room may, the others may not, and whom it is done to is
//! told why.

use std::net::Ipv4Addr;

use crate::client::{Client, GREETING, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};

over_both_wires!(
    who_is_kicked_is_told_why_and_may_come_back,
    who_is_banned_stays_out_until_she_is_let_in,
    who_is_muted_reads_and_does_not_speak,
    slow_mode_holds_back_all_but_the_owner,
    the_filter_refuses_what_matches,
    a_raid_keeps_guests_out_and_silent,
    a_private_room_is_not_there,
    the_owner_sets_the_capacity,
    roles_are_for_accounts,
    guests_may_do_none_of_it,
    who_keeps_order_sees_what_is_in_force,
    who_keeps_order_sees_what_was_done_and_said,
);

const OWN: &str = "[ERRO] - Apenas quem e dono do canal pode fazer isso";
const MODERATE: &str = "[ERRO] - Apenas quem modera o canal pode fazer isso";

/// A room that ana made, and bia and caio are in.
fn room(server: &Server, wire: Wire) -> (Client, Client, Client) {
    let mut ana = Client::creates(server, wire, "sala", "ana");
    let mut bia = Client::joins(server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    let caio = Client::joins(server, wire, "sala", "caio");
    ana.expect_info_of("caio");
    bia.expect_info_of("caio");
    (ana, bia, caio)
}

#[track_caller]
fn order(client: &mut Client, line: &str, sentence: &str) {
    client.send(line);
    client.expect(&format!("[OK] - {sentence}"));
}

#[track_caller]
fn answer(client: &mut Client, line: &str, answer: &str) {
    client.send(line);
    client.expect(answer);
}

fn who_is_kicked_is_told_why_and_may_come_back(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, wire);
    order(&mut ana, "--KICK bia  por hoje chega", "ana expulsou bia: por hoje chega");
    bia.expect("[INFO] - ana expulsou voce do canal sala: por hoje chega");
    caio.expect("[INFO] - ana expulsou bia: por hoje chega");
    answer(&mut bia, "oi", "[ERRO] - E necessario entrar em uma sala para utilizar o comando OI");
    answer(&mut ana, "--KICK bia", "[ERRO] - O usuario bia nao esta no canal");
    answer(&mut ana, "--KICK ana", "[ERRO] - Voce nao pode fazer isso com ana");
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    caio.expect_info_of("bia");
    caio.send("--LANG en");
    caio.expect_ok();
    order(&mut ana, "--KICK caio", "ana expulsou caio");
    caio.expect("[INFO] - ana put you out of channel sala");
}

fn who_is_banned_stays_out_until_she_is_let_in(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, wire);
    ana.send("--BAN bia 2h spam");
    let answered = ana.line();
    let sentence = answered.strip_prefix("[OK] - ana baniu bia ate ").unwrap();
    let until = sentence.strip_suffix(" UTC: spam").unwrap();
    assert_eq!(until.len(), "2027-01-15 08:00".len(), "{until}");
    let told = format!("ana baniu voce do canal sala ate {until} UTC: spam");
    bia.expect(&format!("[INFO] - {told}"));
    caio.expect(&format!("[INFO] - ana baniu bia ate {until} UTC: spam"));
    // By another name she is still the same session, and her name is hers.
    answer(&mut bia, "--JOIN sala bia", &format!("[ERRO] - {told}"));
    answer(&mut bia, "--JOIN sala beatriz", &format!("[ERRO] - {told}"));
    order(&mut ana, "--UNBAN bia", "ana retirou o banimento de bia");
    caio.expect("[INFO] - ana retirou o banimento de bia");
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    answer(&mut ana, "--UNBAN bia", "[ERRO] - Nao ha o que retirar");
}

#[test]
fn an_address_is_banned_and_not_shown() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, Wire::Whole);
    let from = |last| {
        let mut client = Client::open_from(Ipv4Addr::new(127, 0, 9, last), server.addr());
        client.expect(GREETING);
        client
    };
    let mut duda = from(7);
    duda.send("--JOIN sala duda");
    duda.expect_ok();
    for client in [&mut ana, &mut bia, &mut caio] {
        client.expect_info_of("duda");
    }
    order(&mut ana, "--BAN 127.0.9.0/24", "ana baniu um endereco");
    duda.expect("[INFO] - ana baniu voce do canal sala");
    bia.expect("[INFO] - ana baniu um endereco");
    let mut other = from(8);
    answer(&mut other, "--JOIN sala eva", "[ERRO] - ana baniu voce do canal sala");
    // Her own address, and she stays.
    order(&mut ana, "--BAN 127.0.0.0/8", "ana baniu um endereco");
    caio.expect("[INFO] - ana baniu um endereco");
    caio.expect("[INFO] - ana baniu voce do canal sala");
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
}

#[test]
fn what_was_laid_down_outlives_the_server() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, Wire::Whole);
    order(&mut ana, "--BAN bia", "ana baniu bia");
    bia.expect("[INFO] - ana baniu voce do canal sala");
    caio.expect("[INFO] - ana baniu bia");
    order(&mut ana, "--SLOW 30", "ana ligou o modo lento: uma mensagem a cada 30 s");
    order(&mut ana, "--MODE unlisted", "ana tirou o canal da lista");
    let server = server.kill().start();
    let mut bia = Client::connect(&server);
    answer(&mut bia, "--JOIN sala bia", "[ERRO] - ana baniu voce do canal sala");
    bia.send("--CHANNELS");
    assert_eq!(bia.expect_list(), [""; 0]);
    let mut ana = Client::joins(&server, Wire::Whole, "sala", "ana");
    ana.send("oi");
    ana.send("oi");
    assert!(ana.line().starts_with("[ERRO] - Modo lento: espere "));
    // A guest owns her room while she is connected.
    answer(&mut ana, "--SLOW 0", MODERATE);
}

fn who_is_muted_reads_and_does_not_speak(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, wire);
    order(&mut ana, "--MUTE bia gritaria", "ana silenciou bia: gritaria");
    bia.expect("[INFO] - ana silenciou bia: gritaria");
    caio.expect("[INFO] - ana silenciou bia: gritaria");
    let muted = "[ERRO] - ana silenciou voce neste canal: gritaria";
    answer(&mut bia, "oi", muted);
    answer(&mut bia, "--TOPIC oi", muted);
    bia.send("--NICK beatriz");
    bia.expect_ok();
    ana.expect_info_of("bia");
    caio.expect_info_of("bia");
    answer(&mut bia, "oi", muted);
    caio.send("oi, bia");
    bia.expect("[caio]: oi, bia");
    ana.expect("[caio]: oi, bia");
    order(&mut ana, "--UNMUTE bia", "ana devolveu a palavra a bia");
    bia.expect("[INFO] - ana devolveu a palavra a bia");
    caio.expect("[INFO] - ana devolveu a palavra a bia");
    bia.send("oi");
    ana.expect("[beatriz]: oi");
    caio.expect("[beatriz]: oi");
}

fn slow_mode_holds_back_all_but_the_owner(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--SLOW 600", "ana ligou o modo lento: uma mensagem a cada 600 s");
    bia.expect("[INFO] - ana ligou o modo lento: uma mensagem a cada 600 s");
    bia.send("um");
    bia.send("dois");
    ana.expect("[bia]: um");
    let wait = bia.line();
    assert!(wait.starts_with("[ERRO] - Modo lento: espere "), "{wait}");
    ana.send("tres");
    ana.send("quatro");
    bia.expect("[ana]: tres");
    bia.expect("[ana]: quatro");
    order(&mut ana, "--SLOW 600", "Ja estava assim");
    order(&mut ana, "--SLOW 0", "ana desligou o modo lento");
    bia.expect("[INFO] - ana desligou o modo lento");
    bia.send("cinco");
    ana.expect("[bia]: cinco");
    answer(&mut ana, "--SLOW 99999", "[ERRO] - Tempo invalido: use um numero de 0 a 21600");
}

fn the_filter_refuses_what_matches(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--FILTER compre.*ja", "ana mudou o filtro do canal");
    bia.expect("[INFO] - ana mudou o filtro do canal");
    answer(&mut bia, "COMPRE ja", "[ERRO] - O filtro do canal nao deixa dizer isso");
    bia.send("comprei");
    ana.expect("[bia]: comprei");
    answer(&mut ana, "--FILTER (", "[ERRO] - Padrao invalido, ou longo demais");
    order(&mut ana, "--FILTER -compre.*ja", "ana mudou o filtro do canal");
    bia.expect("[INFO] - ana mudou o filtro do canal");
    bia.send("compre ja");
    ana.expect("[bia]: compre ja");
}

fn a_raid_keeps_guests_out_and_silent(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--RAID on", "ana fechou o canal a visitantes");
    bia.expect("[INFO] - ana fechou o canal a visitantes");
    let closed = "[ERRO] - O canal esta fechado a visitantes agora";
    answer(&mut bia, "oi", closed);
    let mut duda = Client::connect_over(&server, wire);
    answer(&mut duda, "--JOIN sala duda", closed);
    order(&mut ana, "--RAID off", "ana abriu o canal a visitantes");
    bia.expect("[INFO] - ana abriu o canal a visitantes");
    bia.send("oi");
    ana.expect("[bia]: oi");
}

fn a_private_room_is_not_there(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--MODE private", "ana tornou o canal privado");
    bia.expect("[INFO] - ana tornou o canal privado");
    let mut duda = Client::connect_over(&server, wire);
    answer(&mut duda, "--JOIN sala duda", "[ERRO] - O canal sala nao existe");
    answer(&mut duda, "--JOIN rua duda", "[ERRO] - O canal rua nao existe");
    answer(&mut duda, "--JOIN sala ana", "[ERRO] - O canal sala nao existe");
    duda.send("--CHANNELS");
    assert_eq!(duda.expect_list(), [""; 0]);
    // Her own room she may leave and enter.
    ana.send("--OUT");
    ana.expect_ok();
    bia.expect_info_of("ana");
    ana.send("--JOIN sala ana");
    ana.expect_ok();
    bia.expect_info_of("ana");
    order(&mut ana, "--MODE public", "ana tornou o canal publico");
    duda.send("--JOIN sala duda");
    duda.expect_ok();
}

fn the_owner_sets_the_capacity(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--CAPACITY 2", "ana mudou a capacidade do canal para 2");
    bia.expect("[INFO] - ana mudou a capacidade do canal para 2");
    let mut duda = Client::connect_over(&server, wire);
    answer(&mut duda, "--JOIN sala duda", "[ERRO] - O canal sala esta cheio (3/2)");
    answer(&mut ana, "--CAPACITY 0", "[ERRO] - Capacidade invalida: use um numero de 1 a 100000");
}

fn roles_are_for_accounts(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _bia, _caio) = room(&server, wire);
    for role in ["owner", "moderator", "member"] {
        let line = format!("--ROLE bia {role}");
        answer(&mut ana, &line, "[ERRO] - O usuario bia nao tem conta");
    }
}

fn who_keeps_order_sees_what_is_in_force(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, _caio) = room(&server, wire);
    order(&mut ana, "--BAN 192.0.2.9 spam", "ana baniu um endereco: spam");
    order(&mut ana, "--FILTER a+b", "ana mudou o filtro do canal");
    ana.send("--BANS");
    let lines =
        ["banido: 192.0.2.9, por ana: spam", "filtro: a+b", "canal publico", "capacidade: 100"];
    assert_eq!(ana.expect_list(), lines);
    for _ in 0..2 {
        bia.expect_info_of("ana");
    }
    answer(&mut bia, "--BANS", MODERATE);
    answer(&mut bia, "--INVITE caio", MODERATE);
    answer(&mut ana, "--INVITE caio", "[ERRO] - O usuario caio nao tem conta");
}

fn who_keeps_order_sees_what_was_done_and_said(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, wire);
    order(&mut ana, "--BAN 192.0.2.9 spam", "ana baniu um endereco: spam");
    order(&mut ana, "--FILTER a+b", "ana mudou o filtro do canal");
    bia.send("um");
    ana.expect("[bia]: um");
    bia.send("--EDIT 4 dois");
    ana.expect("[INFO] - bia corrigiu #4 \"um\": dois");
    let after_time = |line: &String| line.split_once(" UTC: ").unwrap().1.to_owned();
    ana.send("--AUDIT");
    let lines: Vec<_> = ana.expect_list().iter().map(after_time).collect();
    let filter = "ana mudou o filtro do canal (+a+b)";
    assert_eq!(lines, ["ana baniu um endereco: spam (192.0.2.9)", filter]);
    ana.send("--AUDIT 9 3");
    let lines = ana.expect_list();
    assert!(lines.len() == 1 && lines[0].starts_with("#2 "), "{lines:?}");
    ana.send("--EARLIER #4");
    let lines: Vec<_> = ana.expect_list().iter().map(after_time).collect();
    assert_eq!(lines, ["um", "dois"]);
    for _ in 0..2 {
        caio.expect_info_of("ana");
    }
    caio.expect("[bia]: um");
    caio.line();
    answer(&mut caio, "--AUDIT", MODERATE);
    answer(&mut caio, "--EARLIER 4", MODERATE);
}

fn guests_may_do_none_of_it(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, mut bia, mut caio) = room(&server, wire);
    for line in [
        "--KICK caio",
        "--BAN caio",
        "--BAN 127.0.0.1",
        "--UNBAN caio",
        "--MUTE caio",
        "--UNMUTE caio",
        "--SLOW 30",
        "--FILTER oi",
        "--RAID on",
        "--ROLE caio member",
    ] {
        answer(&mut bia, line, MODERATE);
    }
    for line in ["--ROLE caio moderator", "--MODE private", "--CAPACITY 9"] {
        answer(&mut bia, line, OWN);
    }
    ana.expect_nothing_so_far();
    caio.expect_nothing_so_far();
    let mut outside = Client::connect_over(&server, wire);
    answer(
        &mut outside,
        "--KICK caio",
        "[ERRO] - E necessario entrar em uma sala para utilizar o comando --KICK",
    );
}
