//! Puts the browser client (`web/`) into the program: builds it with npm where Node is, takes one
//! that was built before where it is not, and goes without, saying so, where there is neither.
#![allow(clippy::print_stdout, reason = "a build script talks to cargo over its standard output")]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What the page is made of, in the root folder.
const SOURCES: &[&str] = &[
    "web/src",
    "web/build",
    "web/public",
    "web/index.html",
    "web/package-lock.json",
    "web/svelte.config.js",
    "web/vite.config.ts",
    "crates/lang/locales/pt-BR/browser.ftl",
    "crates/lang/locales/en/browser.ftl",
    "crates/lang/locales/es/browser.ftl",
];

/// A folder of a client that was built elsewhere, for who packages papo.
const DIST_VARIABLE: &str = "PAPO_WEB_DIST";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-env-changed={DIST_VARIABLE}");
    println!("cargo:rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    let dist = dist(&root, &out).unwrap_or_else(|why| {
        println!("cargo:warning=papo is built without its browser client: {why}");
        None
    });
    let listing = dist.map_or_else(|| Ok(String::new()), |folder| list(&folder));
    let listing = listing.expect("the files that were just built can be read");
    fs::write(out.join("web.rs"), format!("&[{listing}]")).expect("OUT_DIR can be written to");
}

/// The folder of the built client, if there is one or one can be made.
fn dist(root: &Path, out: &Path) -> Result<Option<PathBuf>, String> {
    if let Some(folder) = std::env::var_os(DIST_VARIABLE) {
        let folder = PathBuf::from(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        return folder
            .join("index.html")
            .is_file()
            .then_some(Some(folder))
            .ok_or_else(|| format!("{DIST_VARIABLE} names no folder with an index.html"));
    }
    let web = root.join("web");
    let ready = web.join("dist");
    let newest = SOURCES.iter().filter_map(|source| changed(&root.join(source))).max();
    if changed(&ready.join("index.html")) > newest {
        println!("cargo:rerun-if-changed={}", ready.join("index.html").display());
        return Ok(Some(ready));
    }
    match build(&web, &out.join("web")) {
        Ok(()) => Ok(Some(out.join("web"))),
        Err(why) if ready.join("index.html").is_file() => {
            println!("cargo:warning=the browser client in web/dist is taken as it is: {why}");
            Ok(Some(ready))
        }
        Err(why) => Err(why),
    }
}

/// Builds the client into a folder.
fn build(web: &Path, into: &Path) -> Result<(), String> {
    let installed = changed(&web.join("node_modules/.package-lock.json"));
    if installed < changed(&web.join("package-lock.json")) {
        npm(web, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"].map(OsStr::new))?;
    }
    let arguments = ["exec", "--no", "--", "vite", "build", "--emptyOutDir", "--outDir"];
    let mut arguments = arguments.map(OsStr::new).to_vec();
    arguments.push(into.as_os_str());
    npm(web, &arguments)
}

fn npm(web: &Path, arguments: &[&OsStr]) -> Result<(), String> {
    let output = match Command::new("npm").args(arguments).current_dir(web).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            look_again_when_installed();
            return Err("there is no Node.js (npm) here; with Node 20.19 or later it has it".into());
        }
        Err(error) => return Err(format!("npm cannot be started: {error}")),
    };
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = last[last.len().saturating_sub(3)..].join(" / ");
    Err(format!("npm {} failed: {last}", arguments[0].to_string_lossy()))
}

/// Has the next build look for npm again, once something was put where programs are.
fn look_again_when_installed() {
    println!("cargo:rerun-if-env-changed=PATH");
    let path = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&path).filter(|folder| folder.is_dir()) {
        println!("cargo:rerun-if-changed={}", folder.display());
    }
}

/// When a file, or what changed last in a folder, changed.
fn changed(path: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_dir() {
        return metadata.modified().ok();
    }
    let inside = fs::read_dir(path).ok()?.flatten().filter_map(|entry| changed(&entry.path()));
    inside.chain(metadata.modified().ok()).max()
}

/// The files of the folder as Rust: path, bytes, gzipped twin, entity tag.
fn list(folder: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    let mut listing = String::new();
    for path in &paths {
        if path.extension() == Some(OsStr::new("gz")) {
            continue;
        }
        let mut twin = path.clone().into_os_string();
        twin.push(".gz");
        let gzip = match PathBuf::from(twin) {
            twin if twin.is_file() => format!("Some({})", included(&twin)?),
            _ => "None".to_owned(),
        };
        let mut hasher = DefaultHasher::new();
        fs::read(path)?.hash(&mut hasher);
        let name = path.strip_prefix(folder).expect("it was found there").to_string_lossy();
        let (bytes, tag) = (included(path)?, hasher.finish());
        let file = format!("path: {name:?}, bytes: {bytes}, gzip: {gzip}, tag: \"{tag:016x}\"");
        writeln!(listing, "File {{ {file} }},").expect("a string takes everything");
    }
    Ok(listing)
}

/// A file's bytes, as Rust.
fn included(path: &Path) -> io::Result<String> {
    Ok(format!("include_bytes!({:?})", path.canonicalize()?.to_string_lossy()))
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
