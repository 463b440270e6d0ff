//! Sessions against a scripted server, broken at every place a connection can break.

mod world;

use proptest::prelude::*;

use self::world::{Order, World};
use super::*;
use crate::limits::{ANSWER_WAIT, PROBE_WAIT, REENTER_WAIT, STEADY_MIN};

const NOW: Duration = Duration::ZERO;

/// What a server that knows no `--CURSOR` says to it outside a room.
const NO_CURSOR: &str = "[ERRO] - E necessario entrar em uma sala para utilizar o comando --CURSOR";

fn shown(outputs: &[Output]) -> Vec<&Shown> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Show(shown) => Some(shown),
            _ => None,
        })
        .collect()
}

fn sent(outputs: &[Output]) -> Vec<&str> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Send(line) => Some(line.as_str()),
            _ => None,
        })
        .collect()
}

fn notice(text: Notice) -> Output {
    Output::Show(Shown::Notice(text))
}

/// A session that stands in `sala` as `ana`, its cursor at 5.
fn in_room() -> Session {
    let mut session = Session::new(Lang::Pt, None, 1);
    let _ = session.handle(Input::Connected, NOW);
    let _ = session.handle(Input::Line("[OK] - Cursor 0"), NOW);
    let typed = session.handle(Input::Typed("--JOIN sala ana"), NOW);
    assert_eq!(sent(&typed), ["--JOIN sala ana"]);
    assert_eq!(sent(&session.handle(Input::Line("[OK] - Entrou"), NOW)), ["--CURSOR"]);
    let _ = session.handle(Input::Line("[OK] - Cursor 5"), NOW);
    session
}

#[test]
fn a_room_entered_by_a_link_is_entered_by_it_again() {
    let mut session = Session::new(Lang::Pt, None, 1);
    let _ = session.handle(Input::Connected, NOW);
    let _ = session.handle(Input::Line("[OK] - Cursor 0"), NOW);
    let _ = session.handle(Input::Typed("--JOIN http://a/i/b ana"), NOW);
    let entered = session.handle(Input::Line("[OK] - Voce entrou no canal sala (2/9)"), NOW);
    assert_eq!(sent(&entered), ["--CURSOR"]);
    let _ = session.handle(Input::Line("[OK] - Cursor 5"), NOW);
    let _ = session.handle(Input::Lost, NOW);
    let at = session.next_timer().unwrap();
    let _ = session.handle(Input::Tick, at);
    assert_eq!(sent(&session.handle(Input::Connected, at)), ["--JOIN http://a/i/b ana"]);
}

#[test]
fn the_address_of_a_link_is_shown_as_a_code_above_it() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("--LINK 2h"), NOW);
    let answer = session.handle(Input::Line("[OK] - Convite #1: http://a:7777/i/b"), NOW);
    let lines = shown(&answer);
    let (last, code) = lines.split_last().unwrap();
    assert_eq!(**last, Shown::Ok("Convite #1: http://a:7777/i/b".to_owned()));
    assert!(code.len() > 10 && code.iter().all(|line| matches!(line, Shown::Qr(_))), "{code:?}");
    let _ = session.handle(Input::Typed("--LINK"), NOW);
    let refused = session.handle(Input::Line("[ERRO] - http://a/i/b"), NOW);
    assert_eq!(shown(&refused).len(), 1);
}

/// Breaks the connection and stands it up again, up to the answer to `--CURSOR <n>`.
fn reconnect(session: &mut Session, now: Duration) -> Vec<Output> {
    let _ = session.handle(Input::Lost, now);
    let at = session.next_timer().unwrap();
    assert_eq!(session.handle(Input::Tick, at), [Output::Dial]);
    assert_eq!(sent(&session.handle(Input::Connected, at)), ["--JOIN sala ana"]);
    session.handle(Input::Line("[OK] - Entrou"), at)
}

#[test]
fn a_language_is_asked_for_first_and_its_answer_is_not_shown() {
    let room = RoomName::parse("sala").unwrap();
    let mut session = Session::new(Lang::En, Some((room, Nick::parse("ana").unwrap())), 1);
    let outputs = session.handle(Input::Connected, NOW);
    assert_eq!(outputs, [notice(Notice::Connected), Output::Send("--LANG en".to_owned())]);
    let outputs = session.handle(Input::Line("[OK] - English"), NOW);
    assert_eq!(outputs, [Output::Send("--CURSOR".to_owned())]);
    let outputs = session.handle(Input::Line("[OK] - Cursor 0"), NOW);
    assert_eq!(outputs, [Output::Send("--JOIN sala ana".to_owned())]);
}

#[test]
fn numbers_and_acknowledgements_are_never_shown() {
    let mut session = in_room();
    let outputs = session.handle(Input::Typed("oi"), NOW);
    assert_eq!(sent(&outputs), ["oi"]);
    assert!(matches!(shown(&outputs)[..], [Shown::Said { mine: true, .. }]));
    assert_eq!(session.handle(Input::Line("[OK] - 6"), NOW), []);
    let outputs = session.handle(Input::Line("7 [bia]: oi ana"), NOW);
    assert!(
        matches!(shown(&outputs)[..], [Shown::Said { mine: false, text, .. }] if text == "oi ana")
    );
    let outputs = session.handle(Input::Line("8 [INFO] - topico"), NOW);
    assert_eq!(shown(&outputs), [&Shown::Info("topico".to_owned())]);
}

#[test]
fn an_answer_to_a_message_is_acknowledged_and_not_shown_again() {
    let mut session = in_room();
    assert_eq!(sent(&session.handle(Input::Typed("--REPLY 5 sim"), NOW)), ["--REPLY 5 sim"]);
    assert_eq!(session.handle(Input::Line("[OK] - 6"), NOW), []);
    assert_eq!(sent(&reconnect(&mut session, NOW)), ["--CURSOR 5"]);
    assert_eq!(session.handle(Input::Line("6 [ana]: (a bia: \"?\") sim"), NOW), []);
}

#[test]
fn what_must_not_be_done_twice_is_not_sent_again() {
    for line in ["--REPLY 5 sim", "--REACT 5 👍", "--PIN 5", "--MSG bia oi"] {
        let mut session = in_room();
        assert_eq!(sent(&session.handle(Input::Typed(line), NOW)), [line]);
        let lost = session.handle(Input::Lost, NOW);
        assert!(shown(&lost).contains(&&Shown::Notice(Notice::Uncertain(line.to_owned()))));
    }
}

#[test]
fn who_was_logged_in_is_so_again_before_she_enters() {
    for (typed, says, again) in [
        ("--LOGIN ana segredo", "[INFO] - Para voltar sem a senha: --LOGIN papo_x", true),
        ("--LOGIN papo_x", "[bia]: oi", true),
        // Said by somebody later, it is nobody's token.
        ("--LOGIN ana segredo", "[bia]: oi", false),
    ] {
        let mut session = in_room();
        assert_eq!(sent(&session.handle(Input::Typed(typed), NOW)), [typed]);
        let _ = session.handle(Input::Line("[OK] - Voce entrou na conta ana"), NOW);
        let _ = session.handle(Input::Line(says), NOW);
        let _ = session.handle(Input::Line("[INFO] - bia mudou o topico: --LOGIN papo_y"), NOW);
        let _ = session.handle(Input::Lost, NOW);
        let at = session.next_timer().unwrap();
        let _ = session.handle(Input::Tick, at);
        let mut first = session.handle(Input::Connected, at);
        if again {
            assert_eq!(sent(&first), ["--LOGIN papo_x"]);
            first = session.handle(Input::Line("[OK] - Voce entrou na conta ana"), at);
        }
        assert_eq!(sent(&first), ["--JOIN sala ana"]);
    }
}

#[test]
fn one_line_is_on_its_way_at_a_time() {
    let mut session = in_room();
    assert_eq!(sent(&session.handle(Input::Typed("um"), NOW)), ["um"]);
    assert_eq!(sent(&session.handle(Input::Typed("--LIST"), NOW)), [""; 0]);
    assert_eq!(sent(&session.handle(Input::Typed("dois"), NOW)), [""; 0]);
    assert_eq!(session.prompt(NOW).unsent, 2);
    assert_eq!(sent(&session.handle(Input::Line("[OK] - 6"), NOW)), ["--LIST"]);
    for line in ["-----", "[OK] - 9", "bia"] {
        assert_eq!(sent(&session.handle(Input::Line(line), NOW)), [""; 0]);
    }
    assert_eq!(sent(&session.handle(Input::Line("-----"), NOW)), ["dois"]);
    assert_eq!(session.nicks().map(Nick::as_str).collect::<Vec<_>>(), ["bia"]);
    let refused = session.handle(Input::Line("[ERRO] - Disco cheio"), NOW);
    assert_eq!(
        shown(&refused),
        [
            &Shown::Error("Disco cheio".to_owned()),
            &Shown::Notice(Notice::NotSent("dois".to_owned())),
        ]
    );
    assert_eq!(session.next_timer(), None);
}

#[test]
fn the_message_in_doubt_is_sent_again_only_if_the_log_lacks_it() {
    for arrived in [false, true] {
        let mut session = in_room();
        let _ = session.handle(Input::Line("6 [bia]: um"), NOW);
        let _ = session.handle(Input::Typed("oi"), NOW);
        let _ = session.handle(Input::Line("[OK] - 7"), NOW);
        let _ = session.handle(Input::Typed("oi"), NOW);
        let _ = session.handle(Input::Typed("tchau"), NOW);
        assert_eq!(sent(&reconnect(&mut session, NOW)), ["--CURSOR 6"]);
        // The live line is one of those the log repeats.
        assert_eq!(session.handle(Input::Line("[bia]: dois"), NOW), []);
        assert_eq!(session.handle(Input::Line("7 [ana]: oi"), NOW), []);
        let last = if arrived { 9 } else { 8 };
        assert_eq!(shown(&session.handle(Input::Line("8 [bia]: dois"), NOW)).len(), 1);
        if arrived {
            assert_eq!(session.handle(Input::Line("9 [Ana]: oi"), NOW), []);
        }
        let outputs = session.handle(Input::Line(&format!("[OK] - Cursor {last}")), NOW);
        assert_eq!(sent(&outputs), [if arrived { "tchau" } else { "oi" }]);
    }
}

#[test]
fn a_catch_up_ends_in_silence_if_its_last_number_is_not_shown() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("oi"), NOW);
    let _ = reconnect(&mut session, NOW);
    assert_eq!(session.handle(Input::Line("[OK] - Cursor 8"), NOW), []);
    let at = NOW + Duration::from_secs(1);
    let missing = "[INFO] - 1 mensagens nao estao mais guardadas";
    assert_eq!(shown(&session.handle(Input::Line(missing), at)).len(), 1);
    assert_eq!(shown(&session.handle(Input::Line("7 [bia]: ei"), at)).len(), 1);
    assert_eq!(session.next_timer(), Some(at + CATCH_UP_QUIET));
    assert_eq!(sent(&session.handle(Input::Tick, at + CATCH_UP_QUIET)), ["oi"]);
}

#[test]
fn a_nick_still_held_is_waited_for_and_given_up_in_the_end() {
    let mut session = in_room();
    let _ = session.handle(Input::Lost, NOW);
    let _ = session.handle(Input::Typed("guardada"), NOW);
    let mut now = session.next_timer().unwrap();
    let _ = session.handle(Input::Tick, now);
    let _ = session.handle(Input::Connected, now);
    let mut refusals = Vec::new();
    for _ in 0..1000 {
        let outputs = session.handle(Input::Line("[ERRO] - O nome ana ja esta em uso"), now);
        refusals.extend(shown(&outputs).into_iter().cloned());
        if session.prompt(now).place.is_none() {
            break;
        }
        assert_eq!(session.prompt(now).link, LinkState::Entering);
        now = session.next_timer().unwrap();
        assert_eq!(sent(&session.handle(Input::Tick, now)), ["--JOIN sala ana"]);
    }
    assert!((REENTER_WAIT..REENTER_WAIT * 2).contains(&now));
    let room = RoomName::parse("sala").unwrap();
    assert_eq!(
        refusals,
        [
            Shown::Error("O nome ana ja esta em uso".to_owned()),
            Shown::Notice(Notice::GaveUp { room }),
            Shown::Notice(Notice::NotSent("guardada".to_owned())),
        ]
    );
}

#[test]
fn another_room_may_be_entered_while_the_old_one_refuses() {
    let mut session = in_room();
    let _ = session.handle(Input::Lost, NOW);
    let now = session.next_timer().unwrap();
    let _ = session.handle(Input::Tick, now);
    let _ = session.handle(Input::Connected, now);
    let _ = session.handle(Input::Line("[ERRO] - O canal sala nao existe"), now);
    assert_eq!(sent(&session.handle(Input::Typed("--JOIN b ana"), now)), ["--CURSOR"]);
    assert_eq!(sent(&session.handle(Input::Line("[OK] - Cursor 0"), now)), ["--JOIN b ana"]);
    let _ = session.handle(Input::Line("[OK] - Entrou"), now);
    assert_eq!(session.prompt(now).place.unwrap().0.as_str(), "b");
}

#[test]
fn a_full_server_ends_the_session_and_a_lost_one_does_not() {
    let mut session = Session::new(Lang::Pt, None, 1);
    let _ = session.handle(Input::Connected, NOW);
    let _ = session.handle(Input::Line("[ERRO] - Servidor cheio (5/5)"), NOW);
    let end = Output::End(End::Refused("Servidor cheio (5/5)".to_owned()));
    assert_eq!(session.handle(Input::Lost, NOW), [end]);
    assert_eq!(session.handle(Input::Typed("oi"), NOW), []);

    let mut session = Session::new(Lang::Pt, None, 1);
    let _ = session.handle(Input::Connected, NOW);
    let _ = session.handle(Input::Line(NO_CURSOR), NOW);
    assert_eq!(session.handle(Input::Lost, NOW), [notice(Notice::Lost)]);
    assert_eq!(session.prompt(NOW).link, LinkState::Waiting { attempt: 1, seconds: 1 });
}

#[test]
fn quitting_sends_what_was_typed_before_or_says_what_was_not() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("oi"), NOW);
    let _ = session.handle(Input::Typed("--quit"), NOW);
    assert_eq!(sent(&session.handle(Input::Line("[OK] - 6"), NOW)), ["--quit"]);
    assert_eq!(session.handle(Input::Lost, NOW), [Output::End(End::Quit)]);

    let mut session = in_room();
    let _ = session.handle(Input::Typed("um"), NOW);
    let _ = session.handle(Input::Typed("dois"), NOW);
    let _ = session.handle(Input::Typed("--QUIT"), NOW);
    assert_eq!(
        session.handle(Input::Tick, QUIT_WAIT),
        [
            notice(Notice::Uncertain("um".to_owned())),
            notice(Notice::NotSent("dois".to_owned())),
            Output::End(End::Quit),
        ]
    );

    let mut session = in_room();
    let _ = session.handle(Input::Lost, NOW);
    assert_eq!(session.handle(Input::Typed("--QUIT"), NOW), [Output::End(End::Quit)]);
}

#[test]
fn too_many_waiting_lines_are_given_back() {
    let mut session = in_room();
    for _ in 0..WAITING_LINES_MAX {
        assert_eq!(shown(&session.handle(Input::Typed("oi"), NOW)).len(), 1);
    }
    assert_eq!(
        session.handle(Input::Typed("mais"), NOW),
        [notice(Notice::QueueFull), Output::GiveBack("mais".to_owned()),]
    );
}

#[test]
fn a_private_message_in_doubt_is_not_sent_twice() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("--MSG bia segredo"), NOW);
    let outputs = session.handle(Input::Lost, NOW);
    let doubt = notice(Notice::Uncertain("--MSG bia segredo".to_owned()));
    assert_eq!(outputs, [notice(Notice::Lost), doubt]);
    assert!(session.waiting.is_empty());
}

#[test]
fn a_server_that_answers_nothing_is_lost() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("oi"), NOW);
    let outputs = session.handle(Input::Tick, ANSWER_WAIT);
    assert_eq!(outputs, [Output::Hang, notice(Notice::Lost)]);
}

#[test]
fn a_server_without_numbers_is_talked_to_plainly() {
    for answer in [Some(NO_CURSOR), None] {
        let mut session = Session::new(Lang::Pt, None, 1);
        let _ = session.handle(Input::Connected, NOW);
        let outputs = match answer {
            Some(line) => session.handle(Input::Line(line), NOW),
            None => session.handle(Input::Tick, PROBE_WAIT),
        };
        assert_eq!(outputs, []);
        let _ = session.handle(Input::Typed("--JOIN sala ana"), NOW);
        assert_eq!(sent(&session.handle(Input::Line("[OK] - Entrou"), NOW)), [""; 0]);
        for line in ["um", "dois"] {
            assert_eq!(sent(&session.handle(Input::Typed(line), NOW)), [line]);
        }
        assert_eq!(shown(&session.handle(Input::Line("[bia]: oi"), NOW)).len(), 1);
        assert_eq!(sent(&reconnect(&mut session, NOW)), [""; 0]);
        assert_eq!(sent(&session.handle(Input::Typed("tres"), NOW)), ["tres"]);
    }
}

#[test]
fn a_catch_up_refused_for_haste_is_asked_for_again() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("oi"), NOW);
    assert_eq!(sent(&reconnect(&mut session, NOW)), ["--CURSOR 5"]);
    let mut now = NOW;
    for refusals in 1.. {
        let refused = session.handle(Input::Line("[ERRO] - Muitas mensagens: espere 1 s"), now);
        if refusals == crate::limits::REFUSALS_MAX {
            assert_eq!(refused, [Output::Hang, notice(Notice::Lost)]);
            break;
        }
        assert_eq!(refused, []);
        now = session.next_timer().unwrap();
        assert_eq!(sent(&session.handle(Input::Tick, now)), ["--CURSOR 5"]);
    }
    assert!(matches!(session.prompt(now).link, LinkState::Waiting { .. }));
}

#[test]
fn a_server_that_comes_and_goes_is_waited_for_ever_longer() {
    let mut session = in_room();
    let mut now = NOW;
    for attempt in 1..=8 {
        // It stands for less than a moment each time.
        now = session.connected_at.max(now);
        let _ = reconnect(&mut session, now);
        assert_eq!(session.backoff.attempts(), attempt);
    }
    let now = session.connected_at;
    let _ = session.handle(Input::Lost, now + STEADY_MIN);
    assert_eq!(session.backoff.attempts(), 1);
}

#[test]
fn a_message_that_came_too_fast_is_sent_again_when_the_server_takes_it() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("um"), NOW);
    let _ = session.handle(Input::Typed("dois"), NOW);
    let too_fast = Input::Line("[ERRO] - Muitas mensagens: espere 2 s");
    assert_eq!(shown(&session.handle(too_fast, NOW)).len(), 1);
    let now = Duration::from_secs(2);
    assert_eq!(session.next_timer(), Some(now));
    assert_eq!(session.handle(Input::Tick, now), [Output::Send("um".to_owned())]);
    assert_eq!(session.handle(too_fast, now), [], "it was said already");
    let now = now * 2;
    assert_eq!(session.handle(Input::Tick, now), [Output::Send("um".to_owned())]);
    let next = session.handle(Input::Line("[OK] - 6"), now);
    assert_eq!(next, [Output::Send("dois".to_owned())]);
    let _ = session.handle(Input::Line("[OK] - 7"), now);
    assert_eq!(session.next_timer(), None);
}

#[test]
fn private_messages_are_shown_and_their_authors_known() {
    let mut session = in_room();
    let outputs = session.handle(Input::Line("[MSG] - eva: psiu"), NOW);
    let nick = Nick::parse("eva").unwrap();
    assert_eq!(shown(&outputs), [&Shown::Private { nick, text: "psiu".to_owned() }]);
    assert_eq!(session.nicks().next().map(Nick::as_str), Some("eva"));
}

#[test]
fn a_refused_move_leaves_the_cursor_where_it_was() {
    let mut session = in_room();
    let _ = session.handle(Input::Typed("--JOIN b ana"), NOW);
    let _ = session.handle(Input::Line("6 [bia]: ainda aqui"), NOW);
    let _ = session.handle(Input::Line("[ERRO] - O canal b nao existe"), NOW);
    let _ = session.handle(Input::Typed("--NICK eva"), NOW);
    let _ = session.handle(Input::Line("[OK] - eva"), NOW);
    assert_eq!(session.nick().unwrap().as_str(), "eva");
    assert_eq!(session.place.as_ref().unwrap().cursor(), Some(6));
    let _ = session.handle(Input::Typed("--OUT"), NOW);
    let _ = session.handle(Input::Line("[OK] - Saiu"), NOW);
    assert_eq!(session.prompt(NOW).place, None);
}

/// A conversation of fixed steps; after step `broken_at` of the world the connection breaks.
fn conversation(order: Order, broken_at: Option<usize>, again_after: usize) -> usize {
    let mut world = World::new(order);
    world.break_at = broken_at;
    world.break_again_after = again_after;
    world.enter();
    for turn in 0..4 {
        world.others_say(&format!("deles {turn}"));
        world.type_line("igual");
        world.step();
        world.others_say("igual");
        world.type_line(&format!("meu {turn}"));
        (0..turn).for_each(|_| world.step());
    }
    world.settle();
    world.check();
    world.steps
}

#[test]
fn a_break_at_any_place_loses_and_doubles_nothing() {
    for order in Order::ALL {
        let steps = conversation(order, None, 0);
        assert!(steps > 30, "{steps}");
        for broken_at in 0..=steps {
            for again_after in [0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 20] {
                conversation(order, Some(broken_at), again_after);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_schedule_loses_and_doubles_nothing(
        order in prop::sample::select(&Order::ALL[..]),
        acts in prop::collection::vec(0_u8..12, 1..200),
    ) {
        let mut world = World::new(order);
        world.enter();
        for act in acts {
            match act {
                0 | 1 => world.others_say("oi"),
                2 => world.type_line("oi"),
                3 => {
                    let line = format!("linha {}", world.steps);
                    world.type_line(&line);
                }
                4 => world.break_connection(),
                _ => world.step(),
            }
        }
        world.settle();
        world.check();
    }

    #[test]
    fn no_server_makes_a_session_panic(
        lines in prop::collection::vec(prop_oneof![
            "\\PC{0,20}",
            "(\\d{1,2} )?\\[(ana|bia|INFO|OK|ERRO)\\](: | - )(Cursor )?\\d{0,2}",
            Just("-----".to_owned()),
        ], 0..100),
        typed in prop::collection::vec("(--[a-zA-Z]{1,6} )?[a-z ]{0,9}", 0..100),
    ) {
        let mut session = in_room();
        for (line, typed) in lines.iter().zip(&typed) {
            let _ = session.handle(Input::Typed(typed), NOW);
            let _ = session.handle(Input::Line(line), NOW);
            let _ = session.prompt(NOW);
        }
    }
}
