//! `--HELP`: the seed's six lines to the byte, then the new commands in their shape.

use crate::client::{Client, FRAME, GREETING, Wire};
use crate::harness::{Server, over_both_wires};

const SEED_LINES: [&str; 6] = [
    "--CREATE <NomeCanal> <CapacidadeDeUsuarios> <NomeUsuario> - Create Channel",
    "--JOIN <NomeCanal> <NomeUsuario> - Join Channel",
    "--OUT - Exit Channel",
    "--CHANNELS - List available channels",
    "--LIST - List user in channel",
    "--HELP - Show all commands description",
];
const NEW_COMMANDS: [&str; 18] = [
    "--HISTORY [n] - ",
    "--SEARCH <texto> - ",
    "--MSG <NomeUsuario> <texto> - ",
    "--TOPIC [texto] - ",
    "--NICK <NomeUsuario> - ",
    "--LANG <pt|en|es> - ",
    "--QUIT - ",
    "--REPLY <n> <texto> - ",
    "--EDIT <n> <texto> - ",
    "--DELETE <n> - ",
    "--REACT <n> <emoji> - ",
    "--PIN <n> - ",
    "--PINS - ",
    "--REGISTER <senha> - ",
    "--LOGIN <NomeUsuario> <senha> | <token> - ",
    "--LOGOUT - ",
    "--TOKENS - ",
    "--REVOKE <n> - ",
];

over_both_wires!(
    the_frame_and_the_seed_lines_are_to_the_byte,
    the_new_commands_follow_in_the_same_shape,
    a_wrong_number_of_words_is_answered_by_the_help_line,
);

fn the_frame_and_the_seed_lines_are_to_the_byte(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::open(server.addr(), wire);
    ana.send("--HELP");
    ana.expect_all(&[GREETING, FRAME]);
    ana.expect_all(&SEED_LINES);
}

fn the_new_commands_follow_in_the_same_shape(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    ana.send("--HELP");
    let lines = ana.expect_list();
    for command in NEW_COMMANDS {
        let of_it: Vec<_> = lines[6..].iter().filter(|line| line.starts_with(command)).collect();
        assert_eq!(of_it.len(), 1, "{command:?} once in {lines:#?}");
        assert!(of_it[0].len() > command.len(), "{command:?} is described");
    }
    for line in &lines {
        assert!(line.starts_with("--") && line.contains(" - "), "{line:?}");
        assert!(line.is_ascii(), "{line:?}");
    }
}

fn a_wrong_number_of_words_is_answered_by_the_help_line(wire: Wire) {
    let server = Server::start(&["--set", "flood.messages_per_second=0"]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    ana.send("--HELP");
    let help = ana.expect_list();
    for (line, command) in [
        ("--CREATE", "--CREATE "),
        ("--CREATE outra", "--CREATE "),
        ("--CREATE outra 5", "--CREATE "),
        ("--CREATE outra 5 ana bia", "--CREATE "),
        ("--JOIN", "--JOIN "),
        ("--JOIN sala", "--JOIN "),
        ("--JOIN sala ana bia", "--JOIN "),
        ("--OUT agora", "--OUT "),
        ("--CHANNELS todas", "--CHANNELS "),
        ("--LIST sala", "--LIST "),
        ("--HELP me", "--HELP "),
        ("--HISTORY 1 2", "--HISTORY "),
        ("--HISTORY muito", "--HISTORY "),
        ("--SEARCH", "--SEARCH "),
        ("--MSG", "--MSG "),
        ("--MSG bia", "--MSG "),
        ("--NICK", "--NICK "),
        ("--NICK a b", "--NICK "),
        ("--LANG", "--LANG "),
        ("--LANG pt en", "--LANG "),
        ("--LANG klingon", "--LANG "),
        ("--QUIT agora", "--QUIT "),
        ("--REPLY 2", "--REPLY "),
        ("--REPLY oi ana", "--REPLY "),
        ("--EDIT", "--EDIT "),
        ("--DELETE 2 3", "--DELETE "),
        ("--REACT 2", "--REACT "),
        ("--PIN", "--PIN "),
        ("--PINS 2", "--PINS "),
    ] {
        let described = help.iter().find(|help| help.starts_with(command)).unwrap();
        ana.send(line);
        assert_eq!(ana.line(), format!("[ERRO] - Uso: {described}"), "to {line:?}");
    }
    // None of it did anything.
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), ["sala - 1/100"]);
}
