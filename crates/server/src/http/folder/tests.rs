//! A folder with everything in it that leads out or must not be touched, and a secret beside it.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use proptest::prelude::*;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;
use crate::http::path::resolve;

const SECRET: &str = "outside the folder";

fn trapped() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let pages = root.path().join("pages");
    std::fs::create_dir_all(pages.join("a/deep")).unwrap();
    std::fs::write(root.path().join("secret"), SECRET).unwrap();
    std::fs::write(pages.join("index.html"), "home").unwrap();
    std::fs::write(pages.join("a/b.txt"), "inside").unwrap();
    symlink("a/b.txt", pages.join("in")).unwrap();
    symlink("../b.txt", pages.join("a/deep/in")).unwrap();
    symlink("../secret", pages.join("out")).unwrap();
    symlink(root.path().join("secret"), pages.join("out-absolute")).unwrap();
    symlink("..", pages.join("up")).unwrap();
    symlink("/", pages.join("slash")).unwrap();
    symlink("loop", pages.join("loop")).unwrap();
    symlink("nowhere", pages.join("broken")).unwrap();
    symlink("/dev/zero", pages.join("zero")).unwrap();
    mknodat(CWD, pages.join("pipe"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    drop(UnixListener::bind(pages.join("socket")).unwrap());
    root
}

fn look_up(root: &tempfile::TempDir, path: &str) -> io::Result<Found> {
    open(&root.path().join("pages"), Path::new(path), Disk::new())
}

fn contents(found: Found) -> Option<String> {
    match found {
        Found::File(opened) => Some(io::read_to_string(opened.file).unwrap()),
        Found::Folder | Found::Nothing => None,
    }
}

#[test]
fn files_and_links_between_them_are_found() {
    let root = trapped();
    for (path, expected) in
        [("index.html", "home"), ("a/b.txt", "inside"), ("in", "inside"), ("a/deep/in", "inside")]
    {
        assert_eq!(contents(look_up(&root, path).unwrap()).as_deref(), Some(expected), "{path}");
    }
    assert!(matches!(look_up(&root, "a").unwrap(), Found::Folder));
}

#[test]
fn what_leads_out_or_is_no_file_is_nothing() {
    let root = trapped();
    let long = "n".repeat(300);
    let deep = "a/".repeat(3000);
    for path in [
        "out",
        "out-absolute",
        "up/secret",
        "slash/etc/passwd",
        "loop",
        "loop/x",
        "broken",
        "zero",
        "pipe",
        "socket",
        "none",
        "index.html/x",
        "../secret",
        "/etc/passwd",
        "a/../../secret",
        "x\0y",
        &long,
        &deep,
    ] {
        assert!(matches!(look_up(&root, path).unwrap(), Found::Nothing), "{path}");
    }
}

#[test]
fn a_folder_that_went_is_no_trouble() {
    let root = trapped();
    std::fs::remove_dir_all(root.path().join("pages")).unwrap();
    assert!(matches!(look_up(&root, "index.html").unwrap(), Found::Nothing));
}

#[test]
fn a_file_and_a_missing_folder_are_no_folder_of_pages() {
    let root = trapped();
    assert!(Folder::new(&root.path().join("secret")).is_err());
    assert!(Folder::new(&root.path().join("none")).is_err());
}

#[test]
fn the_tag_is_strong_once_the_file_has_settled() {
    let root = trapped();
    let path = root.path().join("pages/index.html");
    let tag = || match look_up(&root, "index.html").unwrap() {
        Found::File(opened) => opened.validators.etag,
        Found::Folder | Found::Nothing => panic!("it is there"),
    };
    assert!(tag().starts_with("W/\""), "just written");
    let hour_ago = SystemTime::now() - Duration::from_hours(1);
    File::options().write(true).open(&path).unwrap().set_modified(hour_ago).unwrap();
    let settled = tag();
    assert!(settled.starts_with('"'));
    std::fs::write(&path, "h0me").unwrap();
    assert_ne!(tag().trim_start_matches("W/"), settled, "same length, same file");
}

#[test]
fn no_file_changed_in_the_future() {
    let root = trapped();
    let file = File::options().write(true).open(root.path().join("pages/index.html")).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_hours(1)).unwrap();
    let Found::File(opened) = look_up(&root, "index.html").unwrap() else { panic!("it is there") };
    assert!(opened.validators.modified.unwrap() <= SystemTime::now());
    assert!(opened.validators.etag.starts_with("W/"));
}

proptest! {
    #[test]
    fn no_path_reads_what_is_outside(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "/", "/", "/", "..", ".", "%2e", "%2f", "%5c", "\\", "%00", "a", "up", "out",
                "slash", "out-absolute", "secret", "pages", "in", "deep", "index.html", "etc",
                "passwd", "zero",
            ]),
            0..10,
        ),
    ) {
        thread_local!(static ROOT: tempfile::TempDir = trapped());
        ROOT.with(|root| {
            let url_path = format!("/{}", pieces.concat());
            let Some(path) = resolve(&url_path) else { return Ok(()) };
            if let Some(text) = contents(look_up(root, path.to_str().unwrap()).unwrap()) {
                prop_assert!(["home", "inside"].contains(&text.as_str()), "{url_path} -> {text}");
            }
            // The second wall alone, as if the first were not there.
            if let Some(text) = contents(look_up(root, pieces.concat().as_str()).unwrap()) {
                prop_assert!(["home", "inside"].contains(&text.as_str()), "{url_path} -> {text}");
            }
            Ok(())
        })?;
    }
}
