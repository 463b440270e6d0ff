//! The operator's work on what is kept: backups, and rooms that go out and come in as files.

mod export;
mod import;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use lang::Lang;
use store::backup::{BackupError, Copied, RestoreError, backup, restore};

use crate::clock;
use crate::config::Config;

pub(crate) use export::{Export, Format};
pub(crate) use import::Import;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// Copy the data folder.
    Backup {
        /// The folder to make.
        target: PathBuf,
    },
    /// Go back to a copy.
    Restore {
        /// The copy.
        backup: PathBuf,
        /// What is in the data folder is put aside.
        force: bool,
    },
    /// Write a room to a file.
    Export(Export),
    /// Read one from a file.
    Import(Import),
}

/// Does it; what there is to tell goes to `output`.
///
/// # Errors
///
/// Why it was not done, in the operator's language.
pub(crate) fn run(task: &Task, config: &Config, output: &mut dyn Write) -> anyhow::Result<()> {
    let (lang, data) = (config.server.lang, config.data.folder.as_path());
    match task {
        Task::Backup { target } => {
            let copied = backup(data, target, env!("CARGO_PKG_VERSION"), clock::now())
                .map_err(|error| why_no_backup(error, lang))?;
            Ok(writeln!(output, "{}", backed_up(copied, target, lang))?)
        }
        Task::Restore { backup, force } => {
            let restored = restore(backup, data, *force, clock::now())
                .map_err(|error| why_not_restored(error, lang))?;
            let (from, to) = (backup.display().to_string(), data.display().to_string());
            let arguments = [("backup", from.as_str().into()), ("folder", to.as_str().into())];
            writeln!(output, "{}", lang.text_with("keep-restored", &arguments))?;
            if let Some(before) = restored.before {
                writeln!(output, "{}", at("keep-before", &before, lang))?;
            }
            Ok(())
        }
        Task::Export(task) => export::run(task, config, output),
        Task::Import(task) => import::run(task, config, output),
    }
}

fn backed_up(copied: Copied, target: &Path, lang: Lang) -> String {
    let folder = target.display().to_string();
    lang.text_with(
        "keep-backed-up",
        &[
            ("folder", folder.as_str().into()),
            ("rooms", copied.rooms.into()),
            ("accounts", copied.accounts.into()),
            ("kib", copied.bytes.div_ceil(1024).into()),
        ],
    )
}

fn why_no_backup(error: BackupError, lang: Lang) -> anyhow::Error {
    match error {
        BackupError::NoData(folder) => anyhow!(at("keep-no-data", &folder, lang)),
        BackupError::TargetExists(folder) => anyhow!(at("keep-target-exists", &folder, lang)),
        BackupError::Damaged { file, what } => anyhow!(damaged(file, &what, lang)),
        BackupError::Store(error) => error.into(),
    }
}

fn why_not_restored(error: RestoreError, lang: Lang) -> anyhow::Error {
    match error {
        RestoreError::NoBackup { folder, cause } => {
            let (folder, reason) = (folder.display().to_string(), cause.to_string());
            let arguments =
                [("folder", folder.as_str().into()), ("reason", reason.as_str().into())];
            anyhow!(lang.text_with("keep-no-backup", &arguments))
        }
        RestoreError::Changed(file) => {
            anyhow!(lang.text_with("keep-changed", &[("file", file.into())]))
        }
        RestoreError::Damaged { file, what } => anyhow!(damaged(file, &what, lang)),
        RestoreError::NotEmpty(folder) => anyhow!(at("keep-not-empty", &folder, lang)),
        RestoreError::Store(error) => error.into(),
    }
}

fn damaged(file: &str, what: &str, lang: Lang) -> String {
    lang.text_with("keep-damaged", &[("file", file.into()), ("reason", what.into())])
}

/// A sentence about a folder.
fn at(message: &str, folder: &Path, lang: Lang) -> String {
    let folder = folder.display().to_string();
    lang.text_with(message, &[("folder", folder.as_str().into())])
}

#[cfg(test)]
mod tests;
