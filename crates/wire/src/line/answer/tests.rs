//! The sentences of the line protocol, to the byte.

use super::*;

fn no(problem: Problem) -> String {
    Answer::No(problem).lines(Lang::Pt)
}

#[test]
fn the_contract_to_the_byte() {
    let (sala, ana) = (RoomName::parse("sala").unwrap(), Nick::parse("ana").unwrap());
    assert_eq!(Answer::Greeting.lines(Lang::Pt), "Conexao concluida. Digite --HELP para ajuda.\n");
    for (problem, line) in [
        (
            Problem::NeedsRoom("olá".into()),
            "E necessario entrar em uma sala para utilizar o comando OLÁ",
        ),
        (Problem::Usage(Verb::Out), "Uso: --OUT - Exit Channel"),
        (Problem::Capacity, "Capacidade invalida: use um numero de 1 a 100000"),
        (Problem::Name, "Nome invalido: use de 1 a 32 letras, digitos, - _ ."),
        (Problem::Refused(Refusal::RoomExists(sala.clone())), "O canal sala ja existe"),
        (Problem::Refused(Refusal::NoSuchRoom(sala.clone())), "O canal sala nao existe"),
        (
            Problem::Refused(Refusal::RoomFull { name: sala, present: 10000, capacity: 10000 }),
            "O canal sala esta cheio (10000/10000)",
        ),
        (Problem::Refused(Refusal::NickTaken(ana)), "O nome ana ja esta em uso"),
        (
            Problem::Refused(Refusal::NickOwned(Nick::parse("bia").unwrap())),
            "O nome bia e de uma conta: entre nela com --LOGIN",
        ),
        (Problem::Emoji, "Isso nao e um emoji; tambem valem +1 -1 <3 :) :( :D"),
        (Problem::Refused(Refusal::NoSuchMessage(Seq(7))), "A mensagem #7 nao existe"),
        (Problem::Refused(Refusal::NotYours(Seq(7))), "A mensagem #7 nao e sua"),
        (Problem::Refused(Refusal::AlreadyDeleted(Seq(7))), "A mensagem #7 foi apagada"),
        (
            Problem::Refused(Refusal::TooManyEdits(100)),
            "A mensagem ja foi corrigida 100 vezes, o maximo",
        ),
        (
            Problem::Refused(Refusal::TooManyPins(50)),
            "O canal ja tem 50 mensagens fixadas, o maximo",
        ),
        (Problem::TooLong, "Linha muito longa: o limite e de 4096 bytes"),
        (Problem::NotUtf8, "Texto invalido: use UTF-8"),
        (Problem::TooFast(3), "Muitas mensagens: espere 3 s"),
        (Problem::ServerFull(10, 10), "Servidor cheio (10/10)"),
    ] {
        assert_eq!(no(problem), format!("[ERRO] - {line}\n"));
    }
}

#[test]
fn what_was_done_with_a_message_is_answered() {
    for (answer, line) in [
        (Answer::Replied(Seq(9)), "Resposta enviada: e a mensagem #9"),
        (Answer::Edited(Seq(7)), "Mensagem #7 corrigida"),
        (Answer::Deleted(Seq(7)), "Mensagem #7 apagada"),
        (Answer::Reacted(Seq(7), true), "Reacao posta em #7"),
        (Answer::Reacted(Seq(7), false), "Reacao retirada de #7"),
        (Answer::Pinned(Seq(7), true), "Mensagem #7 fixada"),
        (Answer::Pinned(Seq(7), false), "Mensagem #7 desafixada"),
    ] {
        assert_eq!(answer.lines(Lang::Pt), format!("[OK] - {line}\n"));
    }
}

#[test]
fn accounts_are_spoken_of() {
    let secret = || Some(Secret::new("papo_x".to_owned()));
    let ana = || Nick::parse("ana").unwrap();
    assert_eq!(
        Answer::LoggedIn(ana(), secret()).lines(Lang::Pt),
        "[OK] - Voce entrou na conta ana\n\
         [INFO] - Para voltar sem a senha: --LOGIN papo_x\n"
    );
    let one = Answer::LoggedIn(ana(), None);
    assert_eq!(one.lines(Lang::Pt), "[OK] - Voce entrou na conta ana\n");
    assert!(!format!("{:?}", Answer::LoggedIn(ana(), secret())).contains("papo_x"));
    let used_at = room::UnixMs(1_800_000_000_000);
    let token = |number, is_this| Issued {
        number,
        label: "papo\u{1b}-web".to_owned(),
        at: used_at,
        used_at,
        expires_at: None,
        is_this,
    };
    assert_eq!(
        Answer::Tokens(vec![token(3, false), token(4, true)]).lines(Lang::Pt),
        "-----\n#3 papo-web - 2027-01-15 08:00 UTC\n\
         #4 (esta) papo-web - 2027-01-15 08:00 UTC\n-----\n"
    );
    for (problem, line) in [
        (
            Problem::NotPrivate,
            "Isso so pode ser pedido por uma conexao cifrada ou local, ou das redes em \
             accounts.private",
        ),
        (Problem::LogInFailed, "A conta, a senha ou o token nao confere"),
        (Problem::AccountTaken(ana()), "O nome ana e de uma conta: entre nela com --LOGIN"),
        (Problem::BadPassword(8, 256), "Senha invalida: use de 8 caracteres a 256 bytes"),
        (Problem::TooOften(30), "Muitas tentativas: espere 30 s"),
        (Problem::NoToken(7), "Sua conta nao tem o token #7"),
    ] {
        assert_eq!(no(problem), format!("[ERRO] - {line}\n"));
    }
}

#[test]
fn guest_links_are_spoken_of() {
    let token = Secret::new("a-b_C".to_owned());
    assert_eq!(
        Answer::MadeLink(3, "http://192.0.2.1:7777".to_owned(), token).lines(Lang::Pt),
        "[OK] - Convite #3: http://192.0.2.1:7777/i/a-b_C\n\
         [INFO] - Para entrar por uma linha: --JOIN /i/a-b_C <NomeUsuario>\n"
    );
    let until = Some(UnixMs(1_800_000_000_000));
    let plain = MadeLink {
        number: 3,
        at: UnixMs(1),
        account: room::AccountId(7),
        capacity: None,
        uses: None,
        until: None,
        role: Role::Guest,
        is_revoked: false,
    };
    let limited = MadeLink { number: 4, uses: Some(2), until, ..plain.clone() };
    let role = Role::Member;
    let revoked = MadeLink { capacity: Some(1), role, is_revoked: true, ..limited.clone() };
    let links = vec![plain, limited, revoked];
    assert_eq!(
        Answer::Links(links.clone(), UnixMs(1_799_999_999_999)).lines(Lang::Pt),
        "-----\n#3\n#4 - usos: 2, ate 2027-01-15 08:00 UTC\n#4 - usos: 2, ao mesmo tempo: 1, \
         ate 2027-01-15 08:00 UTC, entra como membro, cancelado\n-----\n"
    );
    let over = Answer::Links(links, UnixMs(1_800_000_000_000)).lines(Lang::Pt);
    assert!(over.contains("#4 - usos: 2, vencido\n"), "{over}");
    assert_eq!(no(Problem::NoLink(9)), "[ERRO] - O canal nao tem o convite #9\n");
}

#[test]
fn help_begins_with_the_seeds_six_lines() {
    let help = Answer::Help.lines(Lang::Pt);
    assert!(help.starts_with(
        "-----\n\
         --CREATE <NomeCanal> <CapacidadeDeUsuarios> <NomeUsuario> - Create Channel\n\
         --JOIN <NomeCanal> <NomeUsuario> - Join Channel\n\
         --OUT - Exit Channel\n\
         --CHANNELS - List available channels\n\
         --LIST - List user in channel\n\
         --HELP - Show all commands description\n\
         --"
    ));
    assert!(help.ends_with("\n-----\n"));
}

#[test]
fn lists_stand_in_frames() {
    assert_eq!(Answer::Members(vec![], 0).lines(Lang::Pt), "-----\n-----\n");
    let name = RoomName::parse("Sala").unwrap();
    let rooms = vec![Listed { name, present: 2, capacity: 10_000, topic: None }];
    let listed = "-----\nSala - 2/10000\n-----\n";
    assert_eq!(Answer::Channels(rooms.clone(), 0).lines(Lang::Pt), listed);
    let more = format!("{listed}[INFO] - e mais 9\n");
    assert_eq!(Answer::Channels(rooms, 9).lines(Lang::Pt), more);
}
