//! Building where Node.js is not: the program is made, says what it lacks, and why.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The build script of the server, as cargo has compiled it last.
fn build_script() -> PathBuf {
    let builds = Path::new(env!("OUT_DIR")).parent().unwrap().parent().unwrap();
    let scripts = builds.read_dir().unwrap().flatten().map(|entry| entry.path());
    scripts
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("server-"))
        .map(|path| path.join("build-script-build"))
        .filter(|path| path.is_file())
        .max_by_key(|path| path.metadata().unwrap().modified().unwrap())
        .unwrap()
}

/// What the script says, and what it makes of the client, with this as `npm`.
fn built(npm: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (root, path, out) = (folder.path(), folder.path().join("path"), folder.path().join("out"));
    for made in [&root.join("crates/server"), &root.join("web"), &path, &out] {
        std::fs::create_dir_all(made).unwrap();
    }
    std::fs::write(root.join("web/package-lock.json"), "{}").unwrap();
    if let Some(script) = npm {
        use std::os::unix::fs::PermissionsExt as _;
        let npm = path.join("npm");
        std::fs::write(&npm, script).unwrap();
        std::fs::set_permissions(&npm, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let output = Command::new(build_script())
        .env_clear()
        .env("PATH", &path)
        .env("OUT_DIR", &out)
        .env("CARGO_MANIFEST_DIR", root.join("crates/server"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap().replace(root.to_str().unwrap(), "");
    (said, std::fs::read_to_string(out.join("web.rs")).unwrap())
}

#[test]
fn without_node_the_program_is_built_and_the_build_says_what_it_lacks() {
    let (said, files) = built(None);
    let warning = "cargo:warning=papo is built without its browser client: there is no Node.js";
    assert!(said.contains(warning), "{said}");
    assert!(said.contains("cargo:rerun-if-changed=/path\n"), "it looks again: {said}");
    assert_eq!(files, "&[]");

    let (said, files) = built(Some("#!/bin/sh\necho 'Node.js 18 is too old' >&2\nexit 1\n"));
    assert!(said.contains("npm ci failed: Node.js 18 is too old"), "{said}");
    assert_eq!(files, "&[]");
}
