//! The rules no compiler knows: walls between crates, purity, file heads, lengths, links.
//!
//! Each rule is a function from text to complaints, tested with bad examples; this file walks the
//! checkout and gathers what they say.

mod links;
mod mask;
mod source;
mod walls;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell;

/// Folders that hold nothing of ours.
const FOREIGN_FOLDERS: &[&str] = &["target", ".git", "node_modules", "corpus", "artifacts"];

/// Kinds of files whose text is checked.
const TEXT_EXTENSIONS: &[&str] = &[
    "css", "ftl", "html", "js", "json", "md", "rs", "service", "sh", "sql", "svelte", "toml", "ts",
];

/// The papers every checkout has.
const PAPERS: &[&str] =
    &["LICENSE-MIT", "LICENSE-APACHE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

/// Checks the whole checkout.
///
/// # Errors
///
/// Something breaks a rule; everything that does is printed.
pub(crate) fn run() -> Result<()> {
    let mut complaints = walls::check()?;
    let files = files(shell::root())?;
    let mut sources = Vec::new();
    for path in &files {
        let name = path.strip_prefix(shell::root())?.to_string_lossy().into_owned();
        let bytes = std::fs::read(path).with_context(|| name.clone())?;
        let Ok(text) = String::from_utf8(bytes) else {
            complaints.push(format!("{name}: not UTF-8"));
            continue;
        };
        if path.extension().is_some_and(|extension| extension == "md") {
            complaints.extend(links::check(path, &name, &text));
        }
        complaints.extend(source::check_text(&name, &text));
        if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push((name, text));
        }
    }
    let test_files = source::test_files(&sources);
    for (name, text) in &sources {
        complaints.extend(source::check_rust(name, text, test_files.contains(name)));
    }
    for paper in PAPERS {
        if !shell::root().join(paper).is_file() {
            complaints.push(format!("{paper}: missing"));
        }
    }
    report(&complaints, files.len())
}

fn report(complaints: &[String], files: usize) -> Result<()> {
    for complaint in complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() {
        println!("{files} files are tidy");
        return Ok(());
    }
    bail!("{} complaints", complaints.len());
}

/// Every text file of ours under `folder`, in order.
fn files(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if entry?.is_dir() {
                if !FOREIGN_FOLDERS.contains(&&*name) {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|extension| TEXT_EXTENSIONS.contains(&&*extension.to_string_lossy()))
            {
                found.insert(path);
            }
        }
    }
    Ok(found)
}
