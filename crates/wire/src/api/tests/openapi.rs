//! `docs/openapi.json`, made from the routes and the shapes; fails when it is not what they say.

#![expect(clippy::needless_pass_by_value, reason = "what json! makes is made for the call")]

use std::path::Path;

use room::limits::{CAPACITY_MAX, NAME_CHARS_MAX, PENALTY_MS_MAX, SLOW_S_MAX, TEXT_BYTES_MAX};
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::api::parse::has_body;
use crate::api::route::{Door, ROUTES};
use crate::api::{Answer, MEDIA_TYPE, Operation, ROOT, parse, route, shape};
use crate::json::limits::{
    CLIENT_BYTES_MAX, KEY_BYTES_MAX, NUMBER_MAX, PASSWORD_BYTES_MAX, SEARCH_BYTES_MAX,
};
use crate::json::shape as json_shape;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

/// The document.
pub(super) fn document() -> Value {
    let mut paths = Map::new();
    for (operation, method, path, help) in ROUTES {
        let entry = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
        entry[method.as_str().to_lowercase()] = described(*operation, path, help);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "papo",
            "version": "1",
            "description": "Chat rooms: the HTTP API. For people, with examples: docs/api.md.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": ROOT }],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn described(operation: Operation, path: &str, help: &str) -> Value {
    let name = operation.name();
    let mut described = json!({
        "operationId": name[..1].to_lowercase() + &name[1..],
        "summary": help,
        "responses": {
            Answer::status_of(operation).to_string(): answered(operation),
            "default": {
                "description": "A refusal",
                "content": {
                    MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } },
                },
            },
        },
    });
    match operation.door() {
        Door::Token | Door::OwnPage => described["security"] = json!([{ "token": [] }]),
        Door::Either => described["security"] = json!([{}, { "token": [] }]),
        Door::Open | Door::Password | Door::Cookie => {}
    }
    let parameters = parameters(operation, path);
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if has_body(operation) {
        let content = json!({ "schema": body(operation), "examples": examples(operation) });
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": content } });
    }
    described
}

fn answered(operation: Operation) -> Value {
    use Operation as O;
    let schema = match operation {
        O::Describe => {
            return content("This document", "application/json", json!({ "type": "object" }));
        }
        O::Explain => return content("A page", "text/html", json!({ "type": "string" })),
        O::Events => {
            let what = "Server-sent events: `id` is the event's number, `data` the event as it is \
                        over WebSocket";
            return content(what, "text/event-stream", json!({ "type": "string" }));
        }
        O::Register | O::LogIn => "LoggedIn",
        O::Me => "Me",
        O::Tokens => "Tokens",
        O::MakeToken => "MadeToken",
        O::Person => "Person",
        O::Rooms => "Rooms",
        O::CreateRoom | O::Room => "OpenRoom",
        O::Members => "Members",
        O::History | O::Pins | O::Search => "Messages",
        O::Message => "Message",
        O::Say | O::Hook => "Kept",
        O::Moderation => "InForce",
        O::Audit => "Audit",
        O::Earlier => "Versions",
        O::Links => "Links",
        O::MakeLink => "MadeLink",
        O::Hooks => "Hooks",
        O::MakeHook => "MadeHook",
        O::OpenSession | O::EndSession => return cookie(operation),
        O::RevokeToken
        | O::SetRoom
        | O::Edit
        | O::Delete
        | O::React
        | O::Unreact
        | O::Pin
        | O::Unpin
        | O::Read
        | O::Moderate
        | O::RevokeLink
        | O::RevokeHook => return json!({ "description": "Done, and on the disk" }),
    };
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    content("What was asked for", "application/json", schema)
}

/// An answer that sets the cookie, or takes it away.
fn cookie(operation: Operation) -> Value {
    let what = match operation {
        Operation::OpenSession => "The login is in the cookie",
        _ => "The login is over, and the cookie gone",
    };
    let schema = json!({ "type": "string" });
    json!({ "description": what, "headers": { "Set-Cookie": { "schema": schema } } })
}

fn content(description: &str, kind: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { kind: { "schema": schema } } })
}

fn parameters(operation: Operation, path: &str) -> Vec<Value> {
    use Operation as O;
    let in_path = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<_> = in_path
        .map(|name| {
            let schema = match name {
                "seq" | "number" => number(0, NUMBER_MAX),
                "emoji" => json!({ "type": "string", "examples": ["👍"] }),
                _ => json!({ "type": "string" }),
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    let mut query = |name: &str, required: bool, schema: Value, description: &str| {
        parameters.push(json!({
            "name": name, "in": "query", "required": required, "schema": schema,
            "description": description,
        }));
    };
    let limit = || number(1, NUMBER_MAX);
    match operation {
        O::History => {
            query("before", false, number(0, NUMBER_MAX), "The last ones before this number");
            query("after", false, number(0, NUMBER_MAX), "The first ones after this number");
            query("limit", false, limit(), "How many: 50, and 200 at most");
        }
        O::Audit => {
            query("before", false, number(0, NUMBER_MAX), "The last ones before this number");
            query("limit", false, limit(), "How many: 50, and 200 at most");
        }
        O::Search => {
            query("words", true, text(SEARCH_BYTES_MAX), "What they have to have");
            query("limit", false, limit(), "How many: 50, and 200 at most");
        }
        O::Events => {
            query("after", false, number(0, NUMBER_MAX), "The last event that one has");
            parameters.push(header("Last-Event-ID", number(0, NUMBER_MAX), "The same, newer"));
        }
        O::Say | O::Hook => {
            let what = "Makes it one post, however often it is sent";
            parameters.push(header("Idempotency-Key", key(), what));
        }
        _ => {}
    }
    parameters
}

fn header(name: &str, schema: Value, description: &str) -> Value {
    json!({
        "name": name, "in": "header", "required": false, "schema": schema,
        "description": description,
    })
}

/// What the body of an operation has to be.
fn body(operation: Operation) -> Value {
    use Operation as O;
    let password = json!({
        "type": "string", "minLength": 8, "maxLength": PASSWORD_BYTES_MAX, "format": "password",
    });
    let for_ms = || number(1, NUMBER_MAX);
    let small = || number(1, u32::MAX.into());
    let bool = || json!({ "type": "boolean" });
    match operation {
        O::Register | O::LogIn => object(
            &["account", "password"],
            json!({ "account": name(), "password": password, "client": client() }),
        ),
        O::MakeToken => object(&[], json!({ "client": client(), "for_ms": for_ms() })),
        O::CreateRoom => object(
            &["room", "capacity"],
            json!({
                "room": name(),
                "capacity": number(1, CAPACITY_MAX.into()),
                "visibility": visibility(),
            }),
        ),
        O::SetRoom => json!({ "oneOf": [
            object(&["topic"], json!({
                "topic": {
                    "type": ["string", "null"], "minLength": 1, "maxLength": TEXT_BYTES_MAX,
                },
            })),
            object(&["visibility"], json!({ "visibility": visibility() })),
            object(&["capacity"], json!({ "capacity": number(1, CAPACITY_MAX.into()) })),
            object(&["seconds"], json!({ "seconds": number(0, SLOW_S_MAX.into()) })),
            object(&["raid"], json!({ "raid": bool() })),
            object(&["messages"], json!({
                "messages": number(0, NUMBER_MAX), "days": number(0, u32::MAX.into()),
            })),
            object(&["days"], json!({ "days": number(0, u32::MAX.into()) })),
        ] }),
        O::Say => object(
            &["text"],
            json!({ "text": text(TEXT_BYTES_MAX), "key": key(), "reply": number(0, NUMBER_MAX) }),
        ),
        O::Hook => object(&["text"], json!({ "text": text(TEXT_BYTES_MAX), "key": key() })),
        O::Edit => object(&["text"], json!({ "text": text(TEXT_BYTES_MAX) })),
        O::Moderate => orders(),
        O::MakeLink => {
            let role = json!({ "enum": ["guest", "member"] });
            let fields = json!({
                "capacity": small(), "uses": small(), "for_ms": for_ms(), "role": role,
            });
            object(&[], fields)
        }
        O::MakeHook => object(&[], json!({})),
        other => panic!("{other:?} has no body"),
    }
}

/// What keeps order: `do` says which other fields there are.
fn orders() -> Value {
    let order = |verb: &str, required: &[&str], fields: Value| {
        let mut all = json!({ "do": { "const": verb } });
        let fields = fields.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(fields);
        object(&[&["do"], required].concat(), all)
    };
    let (reason, for_ms) = (|| text(TEXT_BYTES_MAX), || number(1, PENALTY_MS_MAX));
    let addresses = || json!({ "type": "string", "examples": ["192.0.2.0/24"], "minLength": 2 });
    json!({ "oneOf": [
        order("kick", &["nick"], json!({ "nick": name(), "reason": reason() })),
        order("ban", &["nick"], json!({ "nick": name(), "for_ms": for_ms(), "reason": reason() })),
        order("ban", &["addresses"], json!({
            "addresses": addresses(), "for_ms": for_ms(), "reason": reason(),
        })),
        order("unban", &["nick"], json!({ "nick": name() })),
        order("unban", &["addresses"], json!({ "addresses": addresses() })),
        order("mute", &["nick"], json!({ "nick": name(), "for_ms": for_ms(), "reason": reason() })),
        order("unmute", &["nick"], json!({ "nick": name() })),
        order("role", &["nick", "role"], json!({
            "nick": name(),
            "role": { "enum": ["guest", "member", "moderator", "owner"] },
        })),
        order("invite", &["nick"], json!({
            "nick": name(), "role": { "enum": ["member", "moderator", "owner"] },
        })),
        order("purge", &["nick"], json!({ "nick": name(), "last_ms": number(1, NUMBER_MAX) })),
        order("filter", &["pattern"], json!({
            "pattern": text(TEXT_BYTES_MAX),
            "on": { "type": "boolean", "default": true },
        })),
    ] })
}

/// Bodies that are good, by name.
fn examples(operation: Operation) -> Value {
    use Operation as O;
    let bodies = match operation {
        O::Register | O::LogIn => {
            vec![json!({ "account": "ana", "password": "correct horse battery", "client": "bot" })]
        }
        O::MakeToken => vec![json!({ "client": "bot", "for_ms": 86_400_000 })],
        O::CreateRoom => vec![json!({ "room": "redes", "capacity": 40, "visibility": "public" })],
        O::SetRoom => vec![
            json!({ "topic": "aula 7" }),
            json!({ "topic": null }),
            json!({ "visibility": "private" }),
            json!({ "capacity": 60 }),
            json!({ "seconds": 10 }),
            json!({ "raid": true }),
            json!({ "messages": 1000, "days": 30 }),
        ],
        O::Say => vec![json!({ "text": "bom dia" }), json!({ "text": "oi, @bia", "reply": 2 })],
        O::Hook => vec![json!({ "text": "build 7 is green" })],
        O::Edit => vec![json!({ "text": "boa *tarde*" })],
        O::Moderate => vec![
            json!({ "do": "kick", "nick": "bia", "reason": "spam" }),
            json!({ "do": "ban", "nick": "bia", "for_ms": 600_000, "reason": "spam" }),
            json!({ "do": "ban", "addresses": "192.0.2.0/24" }),
            json!({ "do": "unban", "nick": "bia" }),
            json!({ "do": "mute", "nick": "bia", "for_ms": 600_000 }),
            json!({ "do": "unmute", "nick": "bia" }),
            json!({ "do": "role", "nick": "bia", "role": "moderator" }),
            json!({ "do": "invite", "nick": "bia" }),
            json!({ "do": "filter", "pattern": "spam+", "on": true }),
            json!({ "do": "purge", "nick": "bia", "last_ms": 3_600_000 }),
        ],
        O::MakeLink => vec![json!({ "capacity": 40, "uses": 100, "for_ms": 7_200_000 })],
        O::MakeHook => vec![json!({})],
        other => panic!("{other:?} has no body"),
    };
    let named = bodies.into_iter().enumerate();
    named.map(|(number, body)| (format!("{}", number + 1), json!({ "value": body }))).collect()
}

fn object(required: &[&str], fields: Value) -> Value {
    let mut object = json!({
        "type": "object", "properties": fields, "additionalProperties": false,
    });
    if !required.is_empty() {
        object["required"] = required.into();
    }
    object
}

fn name() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": NAME_CHARS_MAX, "examples": ["redes"] })
}

fn text(bytes_max: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": bytes_max })
}

fn client() -> Value {
    json!({ "type": "string", "maxLength": CLIENT_BYTES_MAX })
}

fn key() -> Value {
    json!({ "type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": KEY_BYTES_MAX })
}

fn visibility() -> Value {
    json!({ "enum": ["public", "unlisted", "private"], "default": "public" })
}

fn number(min: u64, max: u64) -> Value {
    json!({ "type": "integer", "minimum": min, "maximum": max })
}

fn schemas() -> Value {
    let mut all: Vec<(String, RefOr<Schema>)> = Vec::new();
    macro_rules! add {
        ($($type:ty),* $(,)?) => {$(
            all.push((<$type>::name().into_owned(), <$type>::schema()));
            <$type>::schemas(&mut all);
        )*};
    }
    add!(shape::Problem<'_>, shape::Me<'_>, shape::Person<'_>, json_shape::Tokens<'_>);
    add!(shape::MadeToken<'_>, shape::OpenRoom<'_>, json_shape::InForce<'_>);
    add!(json_shape::Audit<'_>, json_shape::Versions<'_>);
    add!(json_shape::Links, shape::Hooks, json_shape::MadeLink, shape::MadeHook);
    add!(json_shape::LoggedIn<'_>, json_shape::Rooms<'_>, json_shape::Members<'_>);
    add!(json_shape::Messages<'_>, json_shape::Kept);
    let schemas =
        all.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()));
    schemas.collect()
}

/// Made again with `UPDATE_DOCS=1`.
#[test]
fn the_document_is_what_the_code_says() {
    let written = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(Path::new(FILE), &written).unwrap();
    }
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(written == file, "{FILE} is out of date: run the tests with UPDATE_DOCS=1");
}

#[test]
fn every_example_of_the_document_is_read() {
    for (operation, method, path, _) in ROUTES.iter().filter(|(one, ..)| has_body(*one)) {
        let path = path.replace("{room}", "redes").replace("{seq}", "2").replace("{hook}", "x");
        let found = route::find(method.as_str(), &format!("{ROOT}{path}")).unwrap();
        assert_eq!(found.0, *operation);
        for (_, example) in examples(*operation).as_object().unwrap() {
            let body = example["value"].to_string();
            let asked = parse(found.clone(), None, body.as_bytes(), (None, None));
            assert!(asked.is_ok(), "{operation:?} {body}: {asked:?}");
        }
    }
}
