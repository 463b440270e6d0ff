//! The server's language on one connection.

use crate::client::{Client, GREETING, Wire};
use crate::harness::{Server, over_both_wires};

over_both_wires!(each_language_speaks, a_language_is_of_one_connection);

const SENTENCES: [&str; 4] = ["--JOIN nada ana", "oi", "--CREATE sala 0 ana", "--NICK"];

fn answers(client: &mut Client) -> Vec<String> {
    SENTENCES
        .iter()
        .map(|line| {
            client.send(line);
            client.expect_error()
        })
        .collect()
}

fn each_language_speaks(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::connect_over(&server, wire);
    let default = answers(&mut ana);
    let mut heard = Vec::new();
    for language in ["en", "ES", "pt"] {
        ana.send(&format!("--LANG {language}"));
        ana.expect_ok();
        heard.push(answers(&mut ana));
    }
    for (index, sentence) in default.iter().enumerate().take(3) {
        assert_ne!(&heard[0][index], sentence, "en");
        assert_ne!(&heard[1][index], sentence, "es");
        assert_ne!(heard[0][index], heard[1][index], "en and es");
    }
    assert_eq!(heard[2], default, "pt is the default");
    ana.send("--LANG en");
    ana.expect_ok();
    ana.send("--JOIN lugar ana");
    assert!(ana.expect_error().contains("lugar"));
}

fn a_language_is_of_one_connection(wire: Wire) {
    let server = Server::start(&[]);
    let mut ana = Client::creates(&server, wire, "sala", "ana");
    let mut bia = Client::joins(&server, wire, "sala", "bia");
    ana.expect_info_of("bia");
    bia.send("--LANG en");
    bia.expect_ok();
    ana.send("--JOIN nada ana");
    ana.expect("[ERRO] - O canal nada nao existe");
    bia.send("--JOIN nada bia");
    assert_ne!(bia.expect_error(), "O canal nada nao existe");
    // What happens is told to each in her own.
    let mut duda = Client::joins(&server, wire, "sala", "duda");
    assert_ne!(ana.expect_tag("[INFO]"), bia.expect_tag("[INFO]"));
    duda.send("--QUIT");
    duda.expect_ok();
    assert_ne!(ana.expect_tag("[INFO]"), bia.expect_tag("[INFO]"));
    // What members say is not translated, nor what new connections are greeted with.
    bia.send("hello");
    ana.expect("[bia]: hello");
    let mut caio = Client::open(server.addr(), wire);
    caio.send("oi");
    caio.expect(GREETING);
    caio.expect("[ERRO] - E necessario entrar em uma sala para utilizar o comando OI");
}
