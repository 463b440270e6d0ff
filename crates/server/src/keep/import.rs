//! `papo import`: a room from the JSON Lines that `papo export` writes.
//!
//! The file is read twice: the first time every line is checked and nothing is changed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use lang::Lang;
use room::{AccountId, Event, Fact, Measure, MemberId, Nick, RoomId, RoomName, Seq, Who};
use store::people::{PAGE_MAX, People};
use store::{APPEND_EVENTS_MAX, Log as _, Sqlite, StoreError};
use wire::export::lines::{self, LINE_BYTES_MAX};

use crate::clock;
use crate::config::Config;
use crate::gateway::session_of;

/// Which file is to come in, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    /// The file.
    pub(crate) file: PathBuf,
    /// The room's name; `None`: the one that the file has.
    pub(crate) room: Option<String>,
    /// Only look.
    pub(crate) dry_run: bool,
}

/// Reads the file into the room.
///
/// # Errors
///
/// Why that cannot be, with the line where it is one; nothing was changed.
pub(super) fn run(import: &Import, config: &Config, output: &mut dyn Write) -> anyhow::Result<()> {
    let lang = config.server.lang;
    let named = match &import.room {
        Some(name) => Some(RoomName::parse(name).map_err(|_| {
            let name = room::clean(name);
            anyhow!(lang.text_with("keep-bad-room", &[("room", (&*name).into())]))
        })?),
        None => None,
    };
    // The lock is held from here on: no server starts in between.
    let mut log = Sqlite::open(&config.data.folder)?;
    let mut people = People::open(&config.data.folder)?;
    let known = accounts(&people)?;
    let id = RoomId(log.last_room()?.0 + 1);
    let last_session = session_of(clock::now());
    let open = || Source::open(&import.file, named.clone(), id, &known, last_session, lang);

    let mut source = open()?;
    while source.next()?.is_some() {}
    if source.last == Seq::START {
        bail!(source.at_line(&lang.text("keep-no-created")));
    }
    let name = source.name.clone();
    let rooms = log.rooms()?;
    let old = rooms.iter().find(|room| room.name == name).map(|room| room.id);
    if let Some(old) = old
        && !log.reader()?.last(old, 1)?.is_empty()
    {
        bail!(lang.text_with("keep-room-full", &[("room", name.as_str().into())]));
    }
    if old.is_none() && rooms.len() >= config.limits.rooms as usize {
        let max = u64::from(config.limits.rooms);
        bail!(lang.text_with("keep-too-many-rooms", &[("max", max.into())]));
    }
    let (events, strangers, head) = (source.events, source.strangers, source.head);
    if !import.dry_run {
        if let Some(old) = old {
            // First: never are there two of one name. Nothing was said in it.
            log.remove_room(old)?;
            people.forget_room(old)?;
        }
        take(&mut log, id, head, open()?)?;
    }
    let told = if import.dry_run { "keep-could-import" } else { "keep-imported" };
    let arguments = [("room", name.as_str().into()), ("events", events.into())];
    writeln!(output, "{}", lang.text_with(told, &arguments))?;
    if strangers > 0 {
        let arguments = [("events", strangers.into())];
        writeln!(output, "{}", lang.text_with("keep-strangers", &arguments))?;
    }
    Ok(())
}

fn take(
    log: &mut Sqlite,
    room: RoomId,
    head: Seq,
    mut source: Source<'_>,
) -> Result<(), StoreError> {
    log.import(room, head, &mut || {
        let mut portion = Vec::new();
        while portion.len() < APPEND_EVENTS_MAX {
            match source.next().map_err(std::io::Error::other)? {
                Some(event) => portion.push(event),
                None => break,
            }
        }
        Ok(portion)
    })
}

/// Every account's nick, by its number.
fn accounts(people: &People) -> anyhow::Result<HashMap<AccountId, Nick>> {
    let mut known = HashMap::new();
    let mut last = None;
    loop {
        let page = people.accounts(last, PAGE_MAX)?;
        let Some(account) = page.last() else { return Ok(known) };
        last = Some(account.id);
        known.extend(page.into_iter().map(|account| (account.id, account.nick)));
    }
}

/// The events of a file.
struct Source<'k> {
    lines: BufReader<File>,
    path: &'k Path,
    /// The line that was read last.
    number: u64,
    /// The last position; [`Seq::START`]: there was none yet.
    last: Seq,
    name: RoomName,
    /// The room's last position, in the file or not.
    head: Seq,
    id: RoomId,
    known: &'k HashMap<AccountId, Nick>,
    /// The highest number that a session may have had: a later one may be given to someone else.
    last_session: MemberId,
    lang: Lang,
    events: u64,
    /// Events of accounts that there are none of here.
    strangers: u64,
}

impl<'k> Source<'k> {
    fn open(
        path: &'k Path,
        name: Option<RoomName>,
        id: RoomId,
        known: &'k HashMap<AccountId, Nick>,
        last_session: MemberId,
        lang: Lang,
    ) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        let (lines, last) = (BufReader::new(file), Seq::START);
        // Until the head says otherwise.
        let placeholder = RoomName::parse("x").expect("it is a name");
        let mut source = Self {
            lines,
            path,
            number: 0,
            last,
            name: placeholder,
            head: last,
            id,
            known,
            last_session,
            lang,
            events: 0,
            strangers: 0,
        };
        let head =
            source.line()?.ok_or_else(|| anyhow!(source.at_line(&lang.text("keep-empty"))))?;
        let (written, last) = lines::parse_head(&head).map_err(|error| source.bad(&error))?;
        source.head = last;
        source.name = name.unwrap_or(written);
        Ok(source)
    }

    /// The next event that is taken in.
    fn next(&mut self) -> anyhow::Result<Option<Event>> {
        while let Some(line) = self.line()? {
            let (event, is_taken) = self.event(&line)?;
            if is_taken {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The event of a line, and whether it is taken in.
    fn event(&mut self, line: &str) -> anyhow::Result<(Event, bool)> {
        let mut event =
            lines::parse(line, self.id, &self.name).map_err(|error| self.bad(&error))?;
        let is_first = self.last == Seq::START;
        let is_created = matches!(event.fact, Fact::Created { .. });
        if is_first != is_created || (is_first && event.seq != Seq::START.next()) {
            bail!(self.at_line(&self.lang.text("keep-no-created")));
        }
        if event.seq <= self.last {
            bail!(self.at_line(&self.lang.text("keep-out-of-order")));
        }
        if event.fact.author().is_some_and(|member| member > self.last_session) {
            bail!(self.at_line(&self.lang.text("keep-future")));
        }
        self.last = event.seq;
        self.events += 1;
        let (is_known, is_taken) = acquaint(&mut event.fact, self.known);
        self.strangers += u64::from(!is_known);
        Ok((event, is_taken))
    }

    /// The next line, without its end; `None`: there are no more.
    fn line(&mut self) -> anyhow::Result<Option<String>> {
        let mut bytes = Vec::new();
        let limit = LINE_BYTES_MAX as u64 + 2;
        self.number += 1;
        let read = self.lines.by_ref().take(limit).read_until(b'\n', &mut bytes);
        if read.with_context(|| self.path.display().to_string())? == 0 {
            return Ok(None);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > LINE_BYTES_MAX {
            let max = LINE_BYTES_MAX as u64;
            bail!(self.at_line(&self.lang.text_with("keep-long-line", &[("max", max.into())])));
        }
        let line = String::from_utf8(bytes);
        line.map(Some).map_err(|_| anyhow!(self.at_line(&self.lang.text("keep-not-utf8"))))
    }

    fn bad(&self, error: &lines::LineError) -> anyhow::Error {
        anyhow!(self.at_line(&error.to_string()))
    }

    fn at_line(&self, why: &str) -> String {
        format!("{}:{}: {why}", self.path.display(), self.number)
    }
}

/// Makes a guest of whoever has no account here: another server's number is another person here.
/// Whether all are known, and whether the event is taken in: a role of a stranger is not.
fn acquaint(fact: &mut Fact, known: &HashMap<AccountId, Nick>) -> (bool, bool) {
    let is_known = |account: AccountId, nick: &Nick| known.get(&account) == Some(nick);
    let mut all = true;
    if let Some((account, nick)) = author(fact)
        && account.is_some_and(|account| !is_known(account, nick))
    {
        *account = None;
        all = false;
    }
    let Fact::Moderated { measure, .. } = fact else { return (all, true) };
    match &mut **measure {
        Measure::RoleSet { account, nick, .. } => {
            let is_known = is_known(*account, nick);
            (all && is_known, is_known)
        }
        Measure::Kicked { who, .. }
        | Measure::Banned { who, .. }
        | Measure::Unbanned { who }
        | Measure::Muted { who, .. }
        | Measure::Purged { who, .. }
        | Measure::Unmuted { who } => {
            if let Who::Account { account, nick } = who
                && !is_known(*account, nick)
            {
                *who = Who::Guest { nick: nick.clone(), member: None };
                all = false;
            }
            (all, true)
        }
        Measure::SlowMode { .. }
        | Measure::Filter { .. }
        | Measure::Raid { .. }
        | Measure::Retention(_)
        | Measure::Visibility(_)
        | Measure::Capacity(_) => (all, true),
    }
}

const fn author(fact: &mut Fact) -> Option<(&mut Option<AccountId>, &Nick)> {
    match fact {
        Fact::Said { account, nick, .. }
        | Fact::Edited { account, nick, .. }
        | Fact::Deleted { account, nick, .. }
        | Fact::Erased { account, nick, .. }
        | Fact::Reacted { account, nick, .. }
        | Fact::Pinned { account, nick, .. }
        | Fact::Moderated { account, nick, .. } => Some((account, nick)),
        Fact::Created { .. }
        | Fact::TopicSet { .. }
        | Fact::Entered { .. }
        | Fact::Left { .. }
        | Fact::Renamed { .. } => None,
    }
}
