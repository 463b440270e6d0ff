//! The bytes of a log: whatever lies on a disk is taken or refused, and what is taken is written
//! back as it was, but for what is unsafe to show.
#![no_main]

use libfuzzer_sys::fuzz_target;
use room::{Fact, Measure, clean};
use store::record::{decode, encode};

/// Names are compared by their keys; here they must be written alike too.
fn written(fact: &Fact) -> String {
    format!("{fact:?}")
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(fact) = decode(bytes) else { return };
    let mut again = Vec::new();
    encode(&fact, &mut again).expect("what a log holds is of the kept kind");
    assert_eq!(written(&decode(&again).expect("its own bytes are taken")), written(&fact));

    let text = match &fact {
        Fact::Said { text, .. }
        | Fact::Edited { text, .. }
        | Fact::TopicSet { topic: Some(text), .. } => Some(text.as_str()),
        Fact::Moderated { measure, .. } => match &**measure {
            Measure::Kicked { reason: Some(text), .. }
            | Measure::Banned { reason: Some(text), .. }
            | Measure::Muted { reason: Some(text), .. }
            | Measure::Filter { pattern: text, .. } => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    };
    if let Some(text) = text {
        for line in text.split('\n') {
            assert_eq!(clean(line), line, "nothing in it acts on a terminal");
        }
    }
    if again.len() == bytes.len() {
        assert_eq!(again, bytes);
    } else {
        assert!(
            text.is_some() && again.len() < bytes.len(),
            "only a text is made shorter, or said by version 1"
        );
    }
});
