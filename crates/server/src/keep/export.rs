//! `papo export`: a room as a file, beside a running server or without one.
//!
//! A page of the log at a time, so that a room of any length takes little memory.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use lang::Lang;
use room::{Event, Fact, RoomName, Seq, Snapshot, UnixMs};
use store::{Beside, READ_EVENTS_MAX};
use wire::export::{Html, Markdown, lines};

use crate::config::Config;

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For programs; `papo import` reads it.
    JsonLines,
    /// For people, as text.
    Markdown,
    /// For people, as a page.
    Html,
}

/// Which room is to go out, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// Its name, as it was written.
    pub(crate) room: String,
    /// The form.
    pub(crate) format: Format,
    /// The file to make; `None`: standard output.
    pub(crate) output: Option<PathBuf>,
    /// Only what was said then or later.
    pub(crate) since: Option<UnixMs>,
    /// Only what was said before.
    pub(crate) until: Option<UnixMs>,
}

/// Writes the room; to a file, or to `output`.
///
/// # Errors
///
/// Why it could not be written; a file that was begun is removed.
pub(super) fn run(export: &Export, config: &Config, output: &mut dyn Write) -> anyhow::Result<()> {
    let lang = config.server.lang;
    let log = Beside::open(&config.data.folder)?;
    let named = RoomName::parse(&export.room).ok();
    let room = log.rooms().into_iter().find(|room| Some(&room.name) == named.as_ref());
    let room = room.ok_or_else(|| {
        let name = room::clean(&export.room);
        anyhow!(lang.text_with("keep-no-room", &[("room", (&*name).into())]))
    })?;
    let write = |output: &mut dyn Write| {
        let mut output = BufWriter::new(output);
        match export.format {
            Format::JsonLines => json_lines(export, &log, &room, &mut output)?,
            Format::Markdown | Format::Html => pages(export, &log, &room, lang, &mut output)?,
        }
        Ok(output.flush()?)
    };
    let Some(path) = &export.output else {
        let done: anyhow::Result<()> = write(output);
        // Who reads has seen enough.
        return match done {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            done => done,
        };
    };
    let told = || path.display().to_string();
    // What was said in private is not for every user of the machine.
    let options = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = options.with_context(told)?;
    let done = write(&mut file).and_then(|()| Ok(File::sync_all(&file)?)).with_context(told);
    if done.is_err() {
        let _ = std::fs::remove_file(path);
    }
    done
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

impl Export {
    fn has(&self, at: UnixMs) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

fn json_lines(
    export: &Export,
    log: &Beside,
    room: &Snapshot,
    output: &mut dyn Write,
) -> anyhow::Result<()> {
    writeln!(output, "{}", lines::head(&room.name, room.head))?;
    let mut from = Seq::START.next();
    // The first message that goes out.
    let mut first: Option<Seq> = None;
    loop {
        let events = log.read(room.id, from, READ_EVENTS_MAX)?;
        let Some(last) = events.last() else { return Ok(()) };
        from = last.seq.next();
        for event in &events {
            if is_said(event) && export.has(event.at) {
                first.get_or_insert(event.seq);
            }
            if goes_out(export, event, first)
                && let Some(line) = lines::line(event)
            {
                writeln!(output, "{line}")?;
            }
        }
    }
}

const fn is_said(event: &Event) -> bool {
    matches!(event.fact, Fact::Said { .. } | Fact::Erased { edited: None, .. })
}

/// What makes a room what it is always goes out; a message, and what was done with one that does,
/// where it is of the time that is asked for.
fn goes_out(export: &Export, event: &Event, first: Option<Seq>) -> bool {
    match &event.fact {
        Fact::Created { .. } | Fact::TopicSet { .. } | Fact::Moderated { .. } => true,
        Fact::Said { .. }
        | Fact::Edited { .. }
        | Fact::Deleted { .. }
        | Fact::Erased { .. }
        | Fact::Reacted { .. }
        | Fact::Pinned { .. } => {
            let about = event.fact.target().unwrap_or(event.seq);
            export.has(event.at) && first.is_some_and(|first| about >= first)
        }
        Fact::Entered { .. } | Fact::Left { .. } | Fact::Renamed { .. } => false,
    }
}

enum Pages {
    Markdown(Markdown),
    Html(Html),
}

fn pages(
    export: &Export,
    log: &Beside,
    room: &Snapshot,
    lang: Lang,
    output: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut text = String::new();
    let mut pages = match export.format {
        Format::Html => Pages::Html(Html::begin(room, lang, &mut text)),
        Format::Markdown | Format::JsonLines => {
            Pages::Markdown(Markdown::begin(room, lang, &mut text))
        }
    };
    let mut after = Seq::START;
    loop {
        let messages = log.after(room.id, after, READ_EVENTS_MAX)?;
        let Some(last) = messages.last() else { break };
        after = last.seq;
        for message in messages.iter().filter(|message| export.has(message.at)) {
            match &mut pages {
                Pages::Markdown(markdown) => markdown.message(message, &mut text),
                Pages::Html(html) => html.message(message, &mut text),
            }
        }
        output.write_all(text.as_bytes())?;
        text.clear();
    }
    if let Pages::Html(html) = pages {
        html.end(&mut text);
    }
    Ok(output.write_all(text.as_bytes())?)
}
