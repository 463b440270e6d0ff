//! Lines of people: any of them is read without a panic, and what it says or asks for keeps the
//! bounds that its type promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::limits::TEXT_BYTES_MAX;
use room::{Text, clean};
use wire::line::{HISTORY_MAX, Request, Word, parse};

fn check(text: &Text) {
    assert_eq!(clean(text.as_str()), text.as_str(), "nothing in it acts on a terminal");
    assert!(text.as_str().len() <= TEXT_BYTES_MAX);
    assert!(!text.as_str().trim().is_empty());
}

fuzz_target!(|line: &str| {
    if line.contains('\n') {
        // The decoder ends a line there.
        return;
    }
    let Some((word, request)) = parse(line) else {
        assert!(Text::new(line).is_none(), "only what says nothing is passed over");
        return;
    };
    let first = line.split_whitespace().next().expect("a blank line is passed over");
    match word {
        Word::Verb(verb) => assert!(verb.word().eq_ignore_ascii_case(first)),
        Word::Other(other) => {
            assert_eq!(other, first);
            assert!(matches!(request, Ok(Request::Say(_))), "what is no command is said");
        }
    }
    match request {
        Ok(Request::Say(text)) => {
            check(&text);
            assert_eq!(text.as_str(), clean(line), "said as it was written");
        }
        Ok(
            Request::Msg { text, .. }
            | Request::SetTopic(Some(text))
            | Request::Reply(_, text)
            | Request::Edit(_, text),
        ) => check(&text),
        Ok(Request::History(count)) => assert!((1..=HISTORY_MAX).contains(&count)),
        Ok(Request::Search(words)) => assert!(!words.trim().is_empty()),
        Ok(_) | Err(_) => {}
    }
});
