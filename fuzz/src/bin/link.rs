//! Guest links, wherever they are written: in a line, in a message of `papo.v1`, in an address. A
//! token is found without a panic, the same whichever way it came, and what a link shall be good
//! for keeps its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::{Invitation, Role, RoomName};
use wire::{has_link_path, json, line, link_path, link_token};

fn check_wanted(wanted: &wire::WantedLink) {
    assert!(Invitation::ROLES.contains(&wanted.role) && wanted.role <= Role::Member);
    assert!(wanted.uses.is_none_or(|uses| uses > 0));
    assert!(wanted.capacity.is_none_or(|capacity| capacity > 0));
}

fuzz_target!(|text: &str| {
    let token = link_token(text);
    assert!(text.contains(token) && !token.contains(['/', '?', '#']));
    assert_eq!(link_token(&link_path(token)), token);
    assert_eq!(link_token(token), token);
    // No name is taken for a link, nor the other way round.
    assert!(RoomName::parse(&link_path(token)).is_err());
    let is_word = !text.is_empty() && !text.contains(char::is_whitespace);
    if is_word && has_link_path(text) && room::clean(text) == text {
        let said = format!("--JOIN {text} ana");
        if let Some((_, Ok(request))) = line::parse(&said) {
            let line::Request::JoinByLink { link, .. } = request else {
                panic!("a link, and not taken for one: {request:?}")
            };
            assert_eq!(link.reveal(), token);
        }
    }
    for line in [text.to_owned(), format!("--LINK {text}")] {
        if let Some((_, Ok(line::Request::MakeLink(wanted)))) = line::parse(&line) {
            check_wanted(&wanted);
        }
    }
    if let Ok(request) = json::parse(text) {
        match request.asked {
            json::Asked::MakeLink(_, wanted) => check_wanted(&wanted),
            json::Asked::EnterByLink { link, .. } => {
                assert!(!link.reveal().contains(['/', '?', '#']));
            }
            _ => {}
        }
    }
});
