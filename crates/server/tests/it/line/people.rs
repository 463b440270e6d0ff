//! Accounts over a line: making one, logging in by password and by token, and what is never said.

use serde_json::json;

use crate::client::{Client, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server, over_both_wires};
use crate::ws::Ws;

over_both_wires!(
    a_guest_makes_an_account_of_her_name,
    an_account_is_entered_by_password_and_by_token,
    what_is_wrong_is_refused,
    tokens_are_listed_and_ended,
    a_room_is_owned_from_any_connection,
);

const PASSWORD: &str = "correta com  espacos";

/// What logs in again, from the line that says it.
fn token(client: &mut Client) -> String {
    let line = client.expect_tag("[INFO]");
    let token = line.strip_prefix("Para voltar sem a senha: --LOGIN ").unwrap();
    assert!(token.starts_with("papo_"), "{line}");
    token.to_owned()
}

/// A room of hers, and an account of the name `ana`.
fn registered(server: &Server, wire: Wire) -> (Client, String) {
    let mut ana = Client::creates(server, wire, "sala", "ana");
    ana.send(&format!("--REGISTER {PASSWORD}"));
    ana.expect("[OK] - Voce entrou na conta ana");
    let token = token(&mut ana);
    (ana, token)
}

fn a_guest_makes_an_account_of_her_name(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--REGISTER segredo de ana");
    ana.expect("[ERRO] - E necessario entrar em uma sala para utilizar o comando --REGISTER");
    let (mut ana, _) = registered(&server, wire);
    let mut bia = Client::connect_over(&server, wire);
    bia.send("--JOIN sala ana");
    bia.expect("[ERRO] - O nome ana e de uma conta: entre nela com --LOGIN");
    bia.send("--JOIN sala bia");
    bia.expect_ok();
    ana.expect_info_of("bia");
    ana.send("--NICK carla");
    ana.expect("[ERRO] - Sua conta e ana: use esse nome");
    ana.send("--LOGOUT");
    ana.expect("[OK] - Voce saiu da sua conta");
    bia.expect("[INFO] - ana saiu do canal");
    ana.send("oi");
    ana.expect("[ERRO] - E necessario entrar em uma sala para utilizar o comando OI");
    ana.send("--JOIN sala ana");
    ana.expect("[ERRO] - O nome ana e de uma conta: entre nela com --LOGIN");
    bia.expect_nothing_so_far();
}

fn an_account_is_entered_by_password_and_by_token(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (ana, first) = registered(&server, wire);
    let mut tablet = Client::connect_over(&server, wire);
    tablet.send(&format!("--LOGIN ANA {PASSWORD}"));
    tablet.expect("[OK] - Voce entrou na conta ana");
    let second = token(&mut tablet);
    let mut laptop = Client::connect_over(&server, wire);
    laptop.send(&format!("--login {first}"));
    laptop.expect("[OK] - Voce entrou na conta ana");
    laptop.send("--JOIN sala ana");
    laptop.expect_ok();
    drop(ana);
    tablet.send("--JOIN sala ana");
    tablet.expect_ok();
    laptop.send("--LIST");
    assert_eq!(laptop.expect_list(), ["ana"]);
    laptop.send("oi");
    tablet.expect("[ana]: oi");
    tablet.send("--LOGOUT");
    tablet.expect("[OK] - Voce saiu da sua conta");
    laptop.expect_nothing_so_far();
    tablet.send(&format!("--LOGIN {second}"));
    tablet.expect("[ERRO] - A conta, a senha ou o token nao confere");
}

fn what_is_wrong_is_refused(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _) = registered(&server, wire);
    ana.send(&format!("--LOGIN ana {PASSWORD}"));
    ana.expect("[ERRO] - Voce ja entrou na sua conta");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    for (line, answer) in [
        ("--LOGIN", "Uso: --LOGIN <NomeUsuario> <senha> | <token> - Log in to your account"),
        ("--LOGIN ana errada de todo", "A conta, a senha ou o token nao confere"),
        ("--LOGIN ninguem errada de todo", "A conta, a senha ou o token nao confere"),
        ("--LOGIN papo_nenhum", "A conta, a senha ou o token nao confere"),
        ("--REGISTER curta", "Senha invalida: use de 8 caracteres a 256 bytes"),
        ("--LOGOUT", "Voce nao entrou em nenhuma conta"),
        ("--TOKENS", "Voce nao entrou em nenhuma conta"),
        ("--REVOKE 1", "Voce nao entrou em nenhuma conta"),
    ] {
        bia.send(line);
        bia.expect(&format!("[ERRO] - {answer}"));
    }
    bia.send("--NICK bia");
    bia.expect_ok();
}

fn tokens_are_listed_and_ended(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let (mut ana, _) = registered(&server, wire);
    let mut other = Client::connect_over(&server, wire);
    other.send(&format!("--LOGIN ana {PASSWORD}"));
    other.expect_ok();
    token(&mut other);
    ana.send("--TOKENS");
    let tokens = ana.expect_list();
    assert_eq!(tokens.len(), 2);
    assert!(tokens[0].starts_with("#1 (esta) line - 20"), "{tokens:?}");
    assert!(tokens[1].starts_with("#2 line - 20"), "{tokens:?}");
    ana.send("--REVOKE #2");
    ana.expect("[OK] - Token #2 encerrado");
    other.expect("[INFO] - A sua entrada na conta foi encerrada em outro lugar");
    other.send("--TOKENS");
    other.expect("[ERRO] - Voce nao entrou em nenhuma conta");
    ana.send("--REVOKE 2");
    ana.expect("[ERRO] - Sua conta nao tem o token #2");
    // Her own as well: she is out.
    ana.send("--REVOKE 1");
    let mut told = [ana.line(), ana.line()];
    told.sort();
    let out = "[INFO] - A sua entrada na conta foi encerrada em outro lugar";
    assert_eq!(told, [out, "[OK] - Token #1 encerrado"]);
}

fn a_room_is_owned_from_any_connection(wire: Wire) {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--CREATE outra 9 ana");
    ana.expect_ok();
    ana.send(&format!("--REGISTER {PASSWORD}"));
    ana.expect_ok();
    let token = token(&mut ana);
    ana.send("--CREATE sala 9 ana");
    ana.expect_ok();
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    drop(ana);
    bia.expect_info_of("ana saiu");
    let mut ana = Client::connect_over(&server, wire);
    ana.send(&format!("--LOGIN {token}"));
    ana.expect_ok();
    ana.send("--JOIN sala ana");
    ana.expect_ok();
    bia.expect_info_of("ana entrou");
    ana.send("--KICK bia");
    ana.expect("[OK] - ana expulsou bia");
    bia.expect_info_of("ana expulsou voce");
}

/// Eight attempts of one address at one account come through at once, over whichever protocol, and
/// as many where there is no such account.
#[test]
fn attempts_are_limited_over_lines_and_websocket_together() {
    const TRIES: usize = 4;
    let [set, off] = NO_FLOOD_CONTROL;
    let server = Server::start(&[set, off, "--set", "limits.trusted=192.0.2.9/32"]);
    let (ana, _) = registered(&server, Wire::Whole);
    drop(ana);
    for nick in ["ana", "ninguem"] {
        let mut line = Client::connect(&server);
        let mut ws = Ws::open(&server);
        let log_in = json!({"do": "log-in", "account": nick, "password": "errada de todo"});
        for _ in 0..TRIES {
            line.send(&format!("--LOGIN {nick} errada de todo"));
            line.expect("[ERRO] - A conta, a senha ou o token nao confere");
            assert_eq!(ws.no(log_in.clone()), "log-in-failed");
        }
        line.send(&format!("--LOGIN {nick} {PASSWORD}"));
        let last = line.expect_error();
        assert!(last.starts_with("Muitas tentativas: espere "), "{last}");
        assert_eq!(ws.no(log_in), "too-fast");
    }
}

/// Neither a password nor a token is in what the server writes: its log, or the files.
#[test]
fn no_secret_is_in_a_log() {
    let server = Server::start(&["--set", "log.level=trace"]);
    let (mut ana, token) = registered(&server, Wire::Whole);
    ana.send("--LOGIN ana segredo errado");
    ana.expect_error();
    let said = server.said();
    for secret in [PASSWORD, "segredo errado", &token] {
        assert!(!said.contains(secret), "{said}");
    }
}
