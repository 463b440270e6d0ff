//! Which crate may know which: the arrows of the architecture, and what pure crates may use.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::shell;

/// One crate's place.
struct Wall {
    name: &'static str,
    /// Crates of ours it may depend on.
    ours: &'static [&'static str],
    /// Crates of others it may depend on; `None`: any.
    theirs: Option<&'static [&'static str]>,
}

/// The arrows. What is not listed is forbidden; a new crate begins with its line here.
const WALLS: &[Wall] = &[
    Wall {
        name: "room",
        ours: &[],
        theirs: Some(&[
            "caseless",
            "regex",
            "rustc-hash",
            "thiserror",
            "unicode-normalization",
            "unicode-properties",
        ]),
    },
    Wall { name: "lang", ours: &[], theirs: Some(&["fluent-bundle"]) },
    Wall {
        name: "wire",
        ours: &["lang", "room"],
        theirs: Some(&[
            "bytes",
            "flate2",
            "memchr",
            "pulldown-cmark",
            "qrcodegen",
            "serde",
            "serde_json",
            "sha1",
            "thiserror",
        ]),
    },
    Wall { name: "store", ours: &["room"], theirs: None },
    Wall { name: "term", ours: &["lang", "room", "wire"], theirs: None },
    Wall { name: "server", ours: &["lang", "room", "store", "term", "wire"], theirs: None },
    Wall { name: "sim", ours: &["room", "store"], theirs: None },
    Wall { name: "bench", ours: &["room", "wire"], theirs: None },
    Wall { name: "xtask", ours: &[], theirs: Some(&["anyhow", "serde_json"]) },
    Wall { name: "papo-fuzz", ours: &["lang", "room", "store", "wire"], theirs: None },
];

/// The licence of everything of ours.
const LICENCE: &str = "MIT OR Apache-2.0";

/// What a pure crate does not do, whatever its dependencies.
pub(super) const PURE: &[&str] = &["room", "wire", "lang"];

/// Checks the manifests of the workspace and of the fuzz targets.
pub(super) fn check() -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let mut command = shell::cargo(&["metadata", "--no-deps", "--format-version", "1"]);
        let metadata = shell::output(command.args(["--manifest-path", manifest]))?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        for package in metadata["packages"].as_array().context("metadata without packages")? {
            complaints.extend(check_package(package));
        }
    }
    Ok(complaints)
}

fn check_package(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let mut complaints = Vec::new();
    if package["license"] != LICENCE {
        complaints.push(format!("{name}: its licence is not {LICENCE:?}"));
    }
    let Some(wall) = WALLS.iter().find(|wall| wall.name == name) else {
        complaints.push(format!("{name}: has no line in the table of walls"));
        return complaints;
    };
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        let other = dependency["name"].as_str().unwrap_or_default();
        let is_ours = dependency["path"].is_string();
        let is_for_tests = dependency["kind"] == "dev";
        let may = if is_ours {
            wall.ours.contains(&other)
        } else {
            is_for_tests || wall.theirs.is_none_or(|theirs| theirs.contains(&other))
        };
        if !may {
            complaints.push(format!("{name}: may not depend on {other}"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, dependencies: &Value) -> Value {
        json!({ "name": name, "license": LICENCE, "dependencies": dependencies })
    }

    #[test]
    fn an_arrow_that_is_not_listed_is_refused() {
        let ours = |name| json!([{ "name": name, "kind": null, "path": "/x" }]);
        assert!(check_package(&package("wire", &ours("room"))).is_empty());
        assert_eq!(
            check_package(&package("room", &ours("wire"))),
            ["room: may not depend on wire"]
        );
        assert_eq!(
            check_package(&package("store", &ours("lang"))),
            ["store: may not depend on lang"]
        );
    }

    #[test]
    fn an_arrow_of_tests_is_an_arrow() {
        let dev = json!([{ "name": "store", "kind": "dev", "path": "/x" }]);
        assert_eq!(check_package(&package("room", &dev)), ["room: may not depend on store"]);
    }

    #[test]
    fn a_pure_crate_uses_only_what_is_listed_but_for_its_tests() {
        let with = |kind: Value| json!([{ "name": "tokio", "kind": kind, "path": null }]);
        assert_eq!(
            check_package(&package("room", &with(Value::Null))),
            ["room: may not depend on tokio"]
        );
        assert!(check_package(&package("room", &with(json!("dev")))).is_empty());
        assert!(check_package(&package("server", &with(Value::Null))).is_empty());
    }

    #[test]
    fn a_crate_without_a_wall_or_a_licence_is_refused() {
        let stranger = json!({ "name": "utils", "license": null, "dependencies": [] });
        assert_eq!(check_package(&stranger).len(), 2);
    }
}
