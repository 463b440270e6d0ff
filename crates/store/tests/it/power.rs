//! Simulated power cuts: the writer's system calls are recorded, and for random moments the data
//! folder is put together as a disk might hold it then.
//!
//! Everything written before the last completed sync of a file is there; of what was written
//! later, any part of 512 bytes may be there or not, and so may a file whose folder was not synced
//! since it was made. What was acknowledged before the moment must be in the log.
//!
//! `PAPO_POWERCUTS` says how many moments (a few dozen otherwise), `PAPO_SEED` which.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::writer::{self, Heads, ROOMS, Random};

const CUTS_DEFAULT: u64 = 40;
const BATCHES: u64 = 400;
const SECTOR_BYTES: usize = 512;

/// One system call, by the lines of the recording at which it began and ended.
struct Call {
    began: usize,
    ended: usize,
    what: What,
}

enum What {
    Made(String),
    Written(String, usize, Vec<u8>),
    Resized(String, usize),
    Synced { path: String, is_ours: bool },
    Unlinked(String),
    Acknowledged(Heads),
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    if !has_strace() {
        return;
    }
    let seed = writer::seed("power");
    let mut random = Random(seed);
    let cuts = std::env::var("PAPO_POWERCUTS").ok().and_then(|cuts| cuts.parse().ok());
    let cuts = cuts.unwrap_or(CUTS_DEFAULT);
    let place = writer::folder();
    let data = place.path().join("data");
    let calls = record(place.path(), &data, random.next());
    let last = calls.last().unwrap().ended;
    let acknowledgements =
        calls.iter().filter(|call| matches!(call.what, What::Acknowledged(_))).count();
    assert!(acknowledgements > 100, "{acknowledgements} acknowledgements");

    let mut lost_without_our_sync = 0;
    for cut in 0..cuts {
        let moment = usize::try_from(random.below(last as u64)).unwrap();
        let image_seed = random.next();
        let acknowledged = acknowledged_before(&calls, moment);
        let image = |honours_ours| {
            let image = writer::folder();
            build(&calls, &data, moment, honours_ours, &mut Random(image_seed), image.path());
            image
        };
        println!("cut {cut}: line {moment}, acknowledged {acknowledged:?}");
        writer::check(image(true).path(), acknowledged);
        // The same disk, had the flusher synced nothing: that this loses something shows that the
        // images are cruel enough, and what the flusher is for.
        let without = image(false);
        let loses = writer::whole(without.path(), acknowledged).is_err();
        lost_without_our_sync += u64::from(loses);
    }
    println!("{cuts} cuts, 0 lost; without the flusher's sync {lost_without_our_sync} lost");
    assert!(lost_without_our_sync > 0, "the cuts cut nothing");
}

/// After a sync that failed nothing is acknowledged until the log has been written out again.
#[test]
fn a_failed_sync_is_told_and_mended() {
    if !has_strace() {
        return;
    }
    let place = writer::folder();
    let data = place.path().join("data");
    let mut strace = Command::new("strace");
    // Only the flusher syncs this way. Every fifth fails, those of the mending too.
    strace.args(["-f", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=5+5"]);
    strace.arg("-o").arg(place.path().join("trace"));
    let output = writer::command(Some(strace), &data, 7, 200).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = String::from_utf8(output.stdout).unwrap();
    let refused = output.lines().filter(|line| *line == "REFUSED").count();
    assert!(refused >= 20, "{refused} flushes failed");
    let (_, after) = output.split_once("REFUSED").unwrap();
    assert!(after.contains("ACK "), "none succeeded afterwards");
    let last = output.lines().filter_map(writer::acknowledged).next_back().unwrap();
    writer::check(&data, last);
}

fn has_strace() -> bool {
    let is_there = Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        println!("skipped: strace is not installed");
    }
    is_there
}

/// Runs the writer under strace, and reads what it did.
fn record(place: &Path, data: &Path, seed: u64) -> Vec<Call> {
    let trace = place.join("trace");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-xx", "-y", "-s", "16777216"])
        .args(["-e", "trace=openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink", "-o"])
        .arg(&trace);
    let output = writer::command(Some(strace), data, seed, BATCHES).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let trace = std::fs::read_to_string(&trace).unwrap();
    let mut calls = Vec::new();
    let mut under_way: HashMap<&str, (usize, &str)> = HashMap::new();
    for (line_number, line) in trace.lines().enumerate() {
        let Some((pid, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if let Some(start) = call.strip_suffix(" <unfinished ...>") {
            under_way.insert(pid, (line_number, start));
            continue;
        }
        let (began, call) = match call.split_once(" resumed>") {
            Some((_, end)) => {
                let Some((began, start)) = under_way.remove(pid) else { continue };
                (began, format!("{start}{end}"))
            }
            None => (line_number, call.to_owned()),
        };
        if let Some(what) = parse(&call, data) {
            calls.push(Call { began, ended: line_number, what });
        }
    }
    calls
}

/// What a call did to the log's files, if anything.
fn parse(call: &str, data: &Path) -> Option<What> {
    let (name, arguments) = call.split_once('(')?;
    let is_done = !call.rsplit_once(" = ")?.1.starts_with('-');
    let quoted = |text: &str| Some(unhex(text.split('"').nth(1)?));
    let file = |bytes: Vec<u8>| {
        let path = String::from_utf8(bytes).ok()?;
        let name = Path::new(&path).strip_prefix(data).ok()?.to_str()?.to_owned();
        let is_kept = !name.ends_with("-shm") && name != "lock";
        is_kept.then_some(name)
    };
    let described = |text: &str| Some(unhex(text.split_once('<')?.1.split_once('>')?.0));
    let last_number =
        |text: &str| -> Option<usize> { text.rsplit_once(')')?.0.rsplit_once(' ')?.1.parse().ok() };
    let before_result = call.rsplit_once(" = ")?.0;
    match name {
        "openat" if is_done && arguments.contains("O_CREAT") => {
            Some(What::Made(file(quoted(arguments)?)?))
        }
        "pwrite64" if is_done => {
            let path = file(described(arguments)?)?;
            Some(What::Written(path, last_number(before_result)?, quoted(arguments)?))
        }
        "ftruncate" if is_done => {
            Some(What::Resized(file(described(arguments)?)?, last_number(before_result)?))
        }
        "fsync" | "fdatasync" if is_done => {
            let path = file(described(arguments)?)?;
            // SQLite is built without fdatasync.
            Some(What::Synced { path, is_ours: name == "fdatasync" })
        }
        "unlink" if is_done => Some(What::Unlinked(file(quoted(arguments)?)?)),
        "write" if is_done && arguments.starts_with("1<") => {
            let text = String::from_utf8(quoted(arguments)?).ok()?;
            Some(What::Acknowledged(writer::acknowledged(text.trim())?))
        }
        _ => None,
    }
}

/// `\x61\x62` as bytes.
fn unhex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    let pairs = text.as_bytes().chunks_exact(4);
    pairs.map(|pair| digit(pair[2]) * 16 + digit(pair[3])).collect()
}

fn acknowledged_before(calls: &[Call], moment: usize) -> Heads {
    let before = calls.iter().filter(|call| call.began <= moment);
    let mut heads = before.filter_map(|call| match call.what {
        What::Acknowledged(heads) => Some(heads),
        _ => None,
    });
    heads.next_back().unwrap_or([0; ROOMS])
}

/// Puts the folder together as the disk may hold it at `moment`.
fn build(
    calls: &[Call],
    data: &Path,
    moment: usize,
    honours_ours: bool,
    random: &mut Random,
    image: &Path,
) {
    assert!(data.is_dir());
    // Where the last sync of each file began, of those that had ended. The folder's own is "".
    let mut synced: HashMap<&str, usize> = HashMap::new();
    for call in calls.iter().filter(|call| call.ended <= moment) {
        if let What::Synced { path, is_ours } = &call.what
            && (honours_ours || !is_ours)
        {
            synced.insert(path, call.began);
        }
    }
    // Some disks had written nearly everything by themselves, others next to nothing.
    let kept_percent = [0, 5, 50, 95, 100][usize::try_from(random.below(5)).unwrap()];
    let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.began <= moment) {
        let is_durable = |path| synced.get(path).is_some_and(|&sync| call.ended < sync);
        match &call.what {
            What::Made(path) => {
                if !files.contains_key(&**path)
                    && (is_durable("") || random.below(100) < kept_percent)
                {
                    files.insert(path, Vec::new());
                }
            }
            What::Written(path, offset, bytes) => {
                let Some(file) = files.get_mut(&**path) else { continue };
                let is_durable = is_durable(path);
                let end = offset + bytes.len();
                let mut from = *offset;
                while from < end {
                    let to = end.min((from / SECTOR_BYTES + 1) * SECTOR_BYTES);
                    if is_durable || random.below(100) < kept_percent {
                        file.resize(file.len().max(to), 0);
                        file[from..to].copy_from_slice(&bytes[from - offset..to - offset]);
                    }
                    from = to;
                }
            }
            What::Resized(path, length) => {
                if let Some(file) = files.get_mut(&**path)
                    && (is_durable(path) || random.below(100) < kept_percent)
                {
                    file.resize(*length, 0);
                }
            }
            What::Unlinked(path) => {
                files.remove(&**path);
            }
            What::Synced { .. } | What::Acknowledged(_) => {}
        }
    }
    for (name, bytes) in files {
        std::fs::write(image.join(name), bytes).unwrap();
    }
}
