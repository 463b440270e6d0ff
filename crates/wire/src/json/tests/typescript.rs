//! `web/src/protocol/papo.v1.ts`, made from the shapes; fails when it is not what they say.

use std::path::Path;

use ts_rs::{Config, TS};

use super::shape as asked;
use crate::json::limits::{
    CLIENT_BYTES_MAX, ID_BYTES_MAX, KEY_BYTES_MAX, NOTICE_PRESENT_MAX, PAGE_DEFAULT, PAGE_MAX,
    PASSWORD_BYTES_MAX, RESUMED_ROOMS_MAX, SEARCH_BYTES_MAX, TOKEN_BYTES_MAX,
};
use crate::json::{Code, shape};
use crate::{markup, ws};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/protocol/papo.v1.ts");

const HEAD: &str = "\
// The vocabulary papo.v1, for people in docs/ws.md. Made from crates/wire/src/json by its tests; to
// make it again: UPDATE_DOCS=1 cargo test -p wire typescript

/** The WebSocket subprotocol. */
export const PROTOCOL = \"papo.v1\";
";

/// Columns of a line at most.
const COLUMNS_MAX: usize = 100;

fn generated() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = HEAD.to_owned();
    out.push_str(&limits());
    out.push_str(
        "\n/** A request's mark: a whole number below 2^32, or a string of 1 to 64 bytes. */\n",
    );
    out.push_str("export type Id = number | string;\n");
    out.push_str("\n/** One message to the server. */\n");
    out.push_str("export type PapoRequest = { id: Id } & Asked;\n");
    out.push_str(
        "\n/** One message to the client: the answer to one of its requests, or an event. */\n\
         export type PapoMessage = Answer | PapoEvent;\n\
         \n/** The answer to the request with the id `re`; `null`: to one without a good id. */\n\
         export type Answer<V extends Asked[\"do\"] = Asked[\"do\"]> =\n  \
         | { re: Id; ok: Answers[V] }\n  | { re: Id | null; no: No };\n",
    );
    add(&mut out, "What may be asked, without its `id`.", &asked::declaration(&config));
    macro_rules! add {
        ($($type:ty),* $(,)?) => {$(
            add(&mut out, &docs(<$type>::docs().as_deref()), &<$type>::decl(&config));
        )*};
    }
    add!(asked::ResumeRoom<'_>, asked::Answers<'_>);
    add!(shape::No<'_>, Code);
    add!(shape::Greeted, shape::LoggedIn<'_>, shape::Tokens<'_>, shape::Issued<'_>);
    add!(shape::Session<'_>, shape::Rooms<'_>);
    add!(shape::Listed<'_>, shape::Place<'_>, shape::Resumed<'_>, shape::ResumedRoom<'_>);
    add!(shape::Direct<'_>, shape::Unread, shape::UnreadRoom<'_>, shape::DirectSaid<'_>);
    add!(shape::Kept, shape::Topic<'_>, shape::Members<'_>, shape::Messages<'_>);
    add!(shape::Member<'_>, shape::MadeLink, shape::Links, shape::Link);
    add!(shape::Message<'_>, shape::Reaction<'_>, shape::Called<'_>, shape::Done);
    add!(shape::Event<'_>, shape::Created<'_>, shape::Said<'_>, shape::Edited<'_>);
    add!(shape::Deleted<'_>, shape::Erased<'_>, shape::Reacted<'_>, shape::Pinned<'_>);
    add!(shape::TopicSet<'_>, shape::Entered<'_>, shape::Left<'_>, shape::Renamed<'_>);
    add!(shape::Count<'_>, shape::Typing<'_>, shape::Read<'_>, shape::Private<'_>);
    add!(shape::Missed<'_>, shape::Bye<'_>, shape::By<'_>, shape::Quote<'_>, shape::Reply<'_>);
    add!(shape::Visibility, shape::Departure, shape::ByeWhy);
    add!(shape::Moderated<'_>, shape::Measure, shape::Role, shape::PutOut<'_>);
    add!(shape::InForce<'_>, shape::Penalty<'_>, shape::Given<'_>);
    add!(shape::Audit<'_>, shape::Versions<'_>, shape::Version<'_>);
    out.push('\n');
    out.push_str(markup::TYPESCRIPT);
    out
}

fn limits() -> String {
    let rows = [
        ("MESSAGE_BYTES_MAX", ws::MESSAGE_BYTES_MAX, "Bytes of one message to the server."),
        ("TEXT_BYTES_MAX", room::limits::TEXT_BYTES_MAX, "Bytes of a text or topic in UTF-8."),
        ("TEXT_LINES_MAX", room::limits::TEXT_LINES_MAX, "Lines of a text."),
        ("NAME_CHARS_MAX", room::limits::NAME_CHARS_MAX, "Characters of a nick or a room's name."),
        ("ID_BYTES_MAX", ID_BYTES_MAX, "Bytes of an id that is a string."),
        ("KEY_BYTES_MAX", KEY_BYTES_MAX, "Bytes of the key of a post: ASCII that can be seen."),
        ("CLIENT_BYTES_MAX", CLIENT_BYTES_MAX, "Bytes of a client's name."),
        ("PASSWORD_BYTES_MAX", PASSWORD_BYTES_MAX, "Bytes of a password."),
        ("TOKEN_BYTES_MAX", TOKEN_BYTES_MAX, "Bytes of a token."),
        ("SEARCH_BYTES_MAX", SEARCH_BYTES_MAX, "Bytes of the words of a search."),
        ("PAGE_DEFAULT", PAGE_DEFAULT, "Messages on a page without a `limit`."),
        ("PAGE_MAX", PAGE_MAX, "Messages on a page at most."),
        ("RESUMED_ROOMS_MAX", RESUMED_ROOMS_MAX, "Rooms of one `resume`."),
        (
            "NOTICE_PRESENT_MAX",
            NOTICE_PRESENT_MAX as usize,
            "Members above which only `count` is sent.",
        ),
    ];
    let row = |(name, value, docs)| format!("  /** {docs} */\n  {name}: {value},\n");
    let rows: String = rows.into_iter().map(row).collect();
    format!("\n/** What is longer is refused. */\nexport const LIMITS = {{\n{rows}}} as const;\n")
}

/// What a documentation comment says.
fn docs(comment: Option<&str>) -> String {
    let lines = comment.unwrap_or_default().lines();
    let words: Vec<_> = lines.map(|line| line.trim().trim_matches(['/', '*']).trim()).collect();
    words.join("\n").trim().to_owned()
}

/// Adds an exported type.
fn add(out: &mut String, docs: &str, declaration: &str) {
    out.push('\n');
    comment(out, docs, 0);
    let declaration = declaration.trim().trim_end_matches(';');
    let (name, type_) = declaration.split_once(" = ").expect("a type has a name and a form");
    let name = name.strip_prefix("type ").expect("a type");
    let type_ = type_.trim();
    let choices = split(type_, " | ");
    if choices.len() == 1 || type_.len() + name.len() + "export type  = ;".len() <= COLUMNS_MAX {
        out.extend([format!("export type {name} = ")]);
        form(out, type_, 0);
    } else {
        out.extend([format!("export type {name} =")]);
        for choice in choices {
            out.push_str("\n  | ");
            form(out, choice.trim(), 2);
        }
    }
    out.push_str(";\n");
}

fn comment(out: &mut String, docs: &str, indent: usize) {
    if docs.is_empty() {
        return;
    }
    let space = " ".repeat(indent);
    if docs.contains('\n') {
        out.extend([format!("{space}/**\n")]);
        let line = |line| format!("{space} * {line}").trim_end().to_owned() + "\n";
        out.extend(docs.lines().map(line));
        out.extend([format!("{space} */\n")]);
    } else {
        out.extend([format!("{space}/** {docs} */\n")]);
    }
}

/// Writes a type; an object on one line if it fits there and has no comments.
fn form(out: &mut String, type_: &str, indent: usize) {
    let is_one = [" & ", " | "].iter().all(|separator| split(type_, separator).len() == 1);
    let Some(inside) = type_.strip_prefix('{').filter(|_| is_one) else {
        out.push_str(&type_.replace(", }", " }").replace("\"ev\":", "ev:"));
        return;
    };
    let inside = inside.trim_end_matches(['}', ' ']).trim().trim_end_matches(',');
    let fields = split(inside, ", ");
    let fields: Vec<_> = fields.iter().map(|field| commented(field)).collect();
    let line: Vec<_> = fields.iter().map(|(_, field)| field.as_str()).collect();
    let line = format!("{{ {} }}", line.join("; "));
    if fields.iter().all(|(docs, _)| docs.is_empty()) && indent + line.len() < COLUMNS_MAX - 30 {
        out.push_str(&line);
        return;
    }
    out.push_str("{\n");
    let space = " ".repeat(indent + 2);
    for (docs, field) in fields {
        comment(out, &docs, indent + 2);
        out.extend([format!("{space}{field};\n")]);
    }
    out.extend([format!("{}}}", " ".repeat(indent))]);
}

/// A field's comment, and the field with no more quotes than it needs.
fn commented(field: &str) -> (String, String) {
    let (comment, field) = field.rsplit_once("*/").unwrap_or(("", field));
    let (name, type_) = field.trim().split_once(": ").expect("a field has a type");
    let bare = name.trim_matches('"');
    let name = if bare.contains('-') { name } else { bare };
    (docs(Some(comment)), format!("{name}: {type_}"))
}

/// The parts of a type between the separators that are in no braces and no comment.
fn split<'t>(type_: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    while at < type_.len() {
        let rest = &type_[at..];
        if rest.starts_with("/*") {
            at += rest.find("*/").expect("a comment ends");
        } else if depth == 0 && rest.starts_with(separator) {
            parts.push(&type_[start..at]);
            at += separator.len();
            start = at;
            continue;
        }
        let next = type_[at..].chars().next().expect("at a character");
        match next {
            '{' | '<' => depth += 1,
            '}' | '>' => depth -= 1,
            _ => {}
        }
        at += next.len_utf8();
    }
    parts.push(&type_[start..]);
    parts
}

/// Made again with `UPDATE_DOCS=1`.
#[test]
fn typescript_is_what_the_shapes_say() {
    let written = generated();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &written).unwrap();
    }
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(written == file, "{FILE} is out of date: run the tests with UPDATE_DOCS=1");
}
