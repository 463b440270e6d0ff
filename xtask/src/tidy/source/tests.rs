//! Bad examples, each of which one rule must refuse, and good ones that none may.

use super::*;

const HEAD: &str = "//! A file that exists for a reason.\n";

fn rust(name: &str, body: &str) -> Vec<String> {
    check_rust(name, &format!("{HEAD}{body}"), false)
}

fn complains(complaints: &[String], of: &str) {
    assert!(
        complaints.len() == 1 && complaints[0].contains(of),
        "one complaint of {of:?} was due: {complaints:?}"
    );
}

#[test]
fn good_code_is_left_alone() {
    let body = "/// Doc: a.unwrap() is not for us.\npub fn f(a: &str) -> bool {\n    \
                a == \"todo!\" // std::fs is not named\n}\n\n#[cfg(test)]\nmod tests {\n    \
                #[test]\n    fn g() {\n        std::fs::read(\"x\").unwrap();\n    }\n}\n";
    assert!(rust("crates/room/src/x.rs", body).is_empty());
    assert!(
        check_text("x.md", "a line\n\nTODO: measure this on a machine with more cores\n")
            .is_empty()
    );
}

#[test]
fn a_file_says_why_it_exists() {
    for text in ["", "fn f() {}\n", "//! Head.\nfn f() {}\n", "// A plain comment of words.\n"] {
        complains(&check_rust("x.rs", text, false), "head");
    }
    complains(&check_rust("x/tests.rs", "fn f() {}\n", true), "head");
}

#[test]
fn drafts_stay_out_of_production() {
    for call in ["x.unwrap();", "todo!()", "unimplemented!()", "dbg!(x);"] {
        let body = format!("fn f() {{\n    {call}\n}}\n");
        complains(&rust("crates/server/src/x.rs", &body), "outside tests");
        assert!(check_rust("x/tests.rs", &format!("{HEAD}{body}"), true).is_empty());
    }
}

#[test]
fn pure_crates_do_not_touch_the_world() {
    for body in [
        "use std::fs;\n",
        "use std::net::TcpStream;\n",
        "use std::{collections::{BTreeMap, HashMap}, thread};\n",
        "fn f() { std::env::var(\"X\"); }\n",
        "use std::time::Instant;\n",
        "use std::time::{Duration, SystemTime};\n",
        "async fn f() { tokio::spawn(x); }\n",
        "fn f() -> u32 { rand::random() }\n",
    ] {
        complains(&rust("crates/wire/src/x.rs", body), "pure crate");
        assert!(rust("crates/server/src/x.rs", body).is_empty());
    }
    for body in ["use std::fmt;\n", "fn f(operand: u32, net: u32) {}\n", "struct InstantMs;\n"] {
        assert!(rust("crates/wire/src/x.rs", body).is_empty(), "{body}");
    }
}

#[test]
fn lengths_hold_on_both_sides() {
    let lines = |count: usize| "fn f() {}\n".repeat(count);
    assert!(rust("x.rs", &lines(LINES_MAX - 1)).is_empty());
    complains(&rust("x.rs", &lines(LINES_MAX)), "lines without its tests");

    let tests = |count: usize| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines(count));
    assert!(rust("x.rs", &tests(TEST_LINES_MAX - 3)).is_empty());
    complains(&rust("x.rs", &tests(TEST_LINES_MAX - 2)), "x/tests.rs");

    let comment = |count: usize| format!("// {}\n", "é".repeat(count - 3));
    assert!(rust("x.rs", &comment(COLUMNS_MAX)).is_empty());
    complains(&rust("x.rs", &comment(COLUMNS_MAX + 1)), "columns");
}

#[test]
fn no_test_is_ignored_and_no_lint_without_a_reason() {
    complains(&rust("x.rs", "#[cfg(test)]\n#[ignore]\nfn f() {}\n"), "ignored");
    complains(&rust("x.rs", "#[allow(clippy::too_many_lines)]\nfn f() {}\n"), "reason");
    complains(&rust("x.rs", "#![expect(dead_code)]\n"), "reason");
    for good in [
        "#[allow(clippy::too_many_lines, reason = \"a flat match\")]\nfn f() {}\n",
        "#[allow(\n    clippy::too_many_lines,\n    reason = \"a flat match\"\n)]\nfn f() {}\n",
        "// A flat match.\n#[allow(clippy::too_many_lines)]\nfn f() {}\n",
    ] {
        assert!(rust("x.rs", good).is_empty(), "{good}");
    }
}

#[test]
fn text_is_clean() {
    complains(&check_text("x.toml", "a = 1 \n"), "white space");
    complains(&check_text("x.toml", "a = 1"), "line end");
    complains(&check_text("x.rs", "// TODO\n"), "TODO");
    complains(&check_text("x.rs", "// FIXME: later\n"), "FIXME");
    assert!(check_text("x.rs", "let mastodon = 1; // TODOS\n").is_empty());
}

#[test]
fn test_files_are_known_by_place_and_by_declaration() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let sources = [
        file("crates/a/src/lib.rs", "#[cfg(test)]\nmod rig;\nmod code;\n"),
        file("crates/a/src/rig.rs", ""),
        file("crates/a/src/rig/deep.rs", ""),
        file("crates/a/src/rigid.rs", ""),
        file("crates/a/src/code.rs", "#[cfg(test)]\npub(crate) mod help;\n"),
        file("crates/a/src/code/help.rs", ""),
        file("crates/a/src/code/tests.rs", ""),
        file("crates/a/tests/it/main.rs", ""),
    ];
    let expected = [
        "crates/a/src/code/help.rs",
        "crates/a/src/code/tests.rs",
        "crates/a/src/rig.rs",
        "crates/a/src/rig/deep.rs",
        "crates/a/tests/it/main.rs",
    ];
    assert_eq!(test_files(&sources).into_iter().collect::<Vec<_>>(), expected);
}
