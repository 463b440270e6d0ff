//! `docs.html`, the page of `/api/v1/docs`, made from the document and the refusals; fails when it
//! is not what they say.

use std::fmt::Write as _;
use std::path::Path;

use lang::Lang;
use serde_json::Value;

use super::openapi::document;
use crate::api::route::{Door, ROUTES};
use crate::api::{Method, Operation, Problem, ROOT};
use crate::json::tests::samples::problems;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/docs.html");

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>papo: the HTTP API</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font: bold 1rem/1.4 ui-monospace, monospace; margin: 2rem 0 .25rem; overflow-wrap: anywhere; }
h3 { margin-top: 3rem; }
p { margin: .25rem 0; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; }
:target { background: #fd04; }
</style>
<h1>papo: the HTTP API</h1>
"#;

fn page() -> String {
    let document = document();
    let mut page = HEAD.to_owned();
    line(
        &mut page,
        format_args!(
            "<p>Everything lies beneath <code>{ROOT}</code>. Bodies are JSON. Who asks shows a \
             token: <code>Authorization: Bearer papo_...</code>. For programs: <a \
             href=\"{ROOT}/openapi.json\">openapi.json</a>.</p>"
        ),
    );
    line(&mut page, format_args!("<h3>What can be asked</h3>"));
    for (operation, method, path, help) in ROUTES {
        let described = &document["paths"][*path][method.as_str().to_lowercase()];
        operation_of(&mut page, (*operation, *method, path, help), described);
    }
    line(&mut page, format_args!("<h3>Refusals</h3>"));
    line(
        &mut page,
        format_args!(
            "<p>Problems as of RFC 9457: <code>code</code> does not change, <code>detail</code> \
             is for people.</p>\n<table>\n<tr><th>code<th>status<th>such as"
        ),
    );
    for (code, status, detail) in refusals() {
        line(
            &mut page,
            format_args!(
                "<tr id=\"{code}\"><td><code>{code}</code><td>{status}<td>{}",
                escape(&detail)
            ),
        );
    }
    line(&mut page, format_args!("</table>\n</html>"));
    page
}

fn operation_of(
    page: &mut String,
    (operation, method, path, help): (Operation, Method, &str, &str),
    described: &Value,
) {
    line(
        page,
        format_args!(
            "<h2 id=\"{}\">{} {}</h2>",
            described["operationId"].as_str().unwrap(),
            method.as_str(),
            escape(path)
        ),
    );
    let who = match operation.door() {
        Door::Open => "Takes no token.",
        Door::Either => "Needs no token.",
        Door::Password => "Takes no token; over a connection that is encrypted or local.",
        Door::Token => "",
        Door::OwnPage => "From a browser, for the server's own pages only.",
        Door::Cookie => "Takes the cookie; from a browser, for the server's own pages only.",
    };
    let sentence = format!("{help}. {who}");
    line(page, format_args!("<p>{}</p>", escape(sentence.trim())));
    let parameters = described["parameters"].as_array().into_iter().flatten();
    let parameters: Vec<_> = parameters.filter(|parameter| parameter["in"] != "path").collect();
    if !parameters.is_empty() {
        line(page, format_args!("<table>"));
        for parameter in parameters {
            let (name, place) = (parameter["name"].as_str(), parameter["in"].as_str());
            let what = parameter["description"].as_str().unwrap_or_default();
            line(
                page,
                format_args!(
                    "<tr><td><code>{}</code><td>{}<td>{}",
                    name.unwrap(),
                    place.unwrap(),
                    escape(what)
                ),
            );
        }
        line(page, format_args!("</table>"));
    }
    let examples = &described["requestBody"]["content"]["application/json"]["examples"];
    for example in examples.as_object().into_iter().flat_map(|examples| examples.values()) {
        let body = escape(&example["value"].to_string());
        line(page, format_args!("<p><code>{body}</code></p>"));
    }
    let answers = described["responses"].as_object().unwrap();
    for (status, answer) in answers.iter().filter(|(status, _)| *status != "default") {
        let schema = &answer["content"]["application/json"]["schema"]["$ref"];
        let shape = schema.as_str().and_then(|schema| schema.rsplit('/').next());
        let what = shape.map_or_else(
            || answer["description"].as_str().unwrap().to_owned(),
            |shape| format!("{shape}: {}", fields_of(shape)),
        );
        line(page, format_args!("<p>{status}: {}</p>", escape(&what)));
    }
}

/// The names of a shape's fields.
fn fields_of(shape: &str) -> String {
    let schema = &document()["components"]["schemas"][shape];
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let field = |name: &String| {
        let may_lack = !required.iter().any(|required| required.as_str() == Some(name));
        if may_lack { format!("{name}?") } else { name.clone() }
    };
    let fields: Vec<_> = schema["properties"].as_object().unwrap().keys().map(field).collect();
    fields.join(", ")
}

/// Each code with its status and a sentence of it.
pub(super) fn refusals() -> Vec<(String, u16, String)> {
    let mut refusals: Vec<(String, u16, String)> = Vec::new();
    let own = [
        Problem::NoRoute,
        Problem::BadMethod(Vec::new()),
        Problem::BadType,
        Problem::BodyTooLarge,
        Problem::BodyTooSlow,
        Problem::NoLink,
        Problem::NoHook,
        Problem::NotOwnPage,
    ];
    for problem in problems().into_iter().map(Problem::Asked).chain(own) {
        let body: Value = serde_json::from_slice(&problem.encode(Lang::En)).unwrap();
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        assert_eq!(text("type"), format!("{ROOT}/docs#{}", text("code")));
        if refusals.iter().all(|(code, ..)| *code != text("code")) {
            refusals.push((text("code"), problem.status(), text("detail")));
        }
    }
    refusals
}

fn line(page: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(page, "{line}").unwrap();
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Made again with `UPDATE_DOCS=1`.
#[test]
fn the_page_is_what_the_code_says() {
    let written = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(Path::new(FILE), &written).unwrap();
    }
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(written == file, "{FILE} is out of date: run the tests with UPDATE_DOCS=1");
    assert!(!written.contains("<script"));
}

#[test]
fn every_sentence_of_the_api_is_there_in_every_language() {
    for lang in Lang::ALL {
        for problem in [Problem::NoRoute, Problem::BodyTooLarge, Problem::NoHook] {
            let body = String::from_utf8(problem.encode(lang).to_vec()).unwrap();
            assert!(!body.contains("\"api-"), "{body}");
        }
    }
}
