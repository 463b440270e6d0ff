//! The process that is killed: it appends and flushes, and prints what is acknowledged.
//!
//! It is this test binary started again, with what it shall do in its environment.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use room::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, Visibility};
use store::{Log as _, Sqlite};

/// Rooms that are written to.
pub(crate) const ROOMS: usize = 3;

/// The head of each room.
pub(crate) type Heads = [u64; ROOMS];

const FOLDER: &str = "PAPO_TEST_WRITER_FOLDER";
const SEED: &str = "PAPO_TEST_WRITER_SEED";
const BATCHES: &str = "PAPO_TEST_WRITER_BATCHES";

/// A small generator of the splitmix64 kind (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// The seed of a random test, from the environment or the clock; printed, so that a failure can be
/// run again.
pub(crate) fn seed(test: &str) -> u64 {
    let clock = || {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_secs() ^ u64::from(now.subsec_nanos())
    };
    let seed = std::env::var("PAPO_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(clock);
    println!("{test}: PAPO_SEED={seed}");
    seed
}

/// A folder in memory where there is one: only a real power cut would tell the difference, and a
/// disk that others use makes the tests slow.
pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// The message at a place says which it is, so that a swap is seen.
pub(crate) fn text_at(room: u64, seq: u64) -> String {
    // Between one page and a few to a batch.
    let fill = usize::try_from(seq * 7919 % 600).unwrap();
    format!("room {room} seq {seq} {}", "x".repeat(fill))
}

fn event_at(room: u64, seq: u64) -> Event {
    let nick = Nick::parse("Ana").unwrap();
    let fact = if seq == 1 {
        let name = RoomName::parse(&format!("sala{room}")).unwrap();
        Fact::Created { name, capacity: 9, visibility: Visibility::Public, by: nick }
    } else {
        let text = Text::new(&text_at(room, seq)).unwrap();
        Fact::Said { member: MemberId(room), account: None, nick, text, reply: None, key: None }
    };
    Event { room: RoomId(room), seq: Seq(seq), at: UnixMs(seq), fact }
}

/// A command that is the writer, writing in `folder` at most `batches` batches.
pub(crate) fn command(through: Option<Command>, folder: &Path, seed: u64, batches: u64) -> Command {
    let own = std::env::current_exe().unwrap();
    let mut command = match through {
        None => Command::new(own),
        Some(mut through) => {
            through.arg(own);
            through
        }
    };
    command
        .args(["writer::the_writing_process", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .env(BATCHES, batches.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// The writer itself where a test started it. Otherwise the test that nobody disturbs it in: it
/// comes to its end, and what it acknowledged is there.
#[test]
fn the_writing_process() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return write(Path::new(&folder));
    }
    let folder = folder();
    let output = command(None, folder.path(), 7, 50).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let heads = lines.lines().filter_map(acknowledged).next_back().expect("it acknowledges");
    assert!(heads.iter().all(|&head| head > 1), "{heads:?}: it writes to every room");
    check(folder.path(), heads);
}

fn write(folder: &Path) {
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let mut random = Random(number(SEED));
    let mut log = Sqlite::open(folder).unwrap();
    let mut flusher = log.flusher().unwrap();
    let mut heads = [0; ROOMS];
    for room in log.rooms().unwrap() {
        heads[usize::try_from(room.id.0).unwrap() - 1] = room.head.0;
    }
    for _ in 0..number(BATCHES) {
        let mut batch = Vec::new();
        for _ in 0..=random.below(20) {
            let room = random.below(ROOMS as u64) + 1;
            let head = &mut heads[usize::try_from(room).unwrap() - 1];
            *head += 1;
            batch.push(event_at(room, *head));
        }
        log.append(&batch).unwrap();
        // Sometimes several appends share a flush.
        if random.below(3) == 0 {
            continue;
        }
        if flusher.flush().is_ok() {
            // In one write, so that a reader never sees half of it.
            let line = format!("\nACK {}\n", heads.map(|head| head.to_string()).join(" "));
            std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
        } else {
            std::io::stdout().lock().write_all(b"\nREFUSED\n").unwrap();
        }
    }
}

/// What a line of the writer acknowledges: the head of each room.
pub(crate) fn acknowledged(line: &str) -> Option<Heads> {
    let heads = line.strip_prefix("ACK ")?;
    let heads: Vec<u64> = heads.split(' ').map_while(|head| head.parse().ok()).collect();
    heads.try_into().ok()
}

/// Checks that everything acknowledged is in the log once, in order, as it was written.
pub(crate) fn check(folder: &Path, acknowledged: Heads) {
    if let Err(loss) = whole(folder, acknowledged) {
        panic!("{loss}");
    }
}

/// What of that does not hold.
pub(crate) fn whole(folder: &Path, acknowledged: Heads) -> Result<(), String> {
    let failed = |cause: store::StoreError| format!("{cause}: {cause:?}");
    let mut log = Sqlite::open(folder).map_err(failed)?;
    let rooms = log.rooms().map_err(failed)?;
    let mut reader = log.reader().map_err(failed)?;
    for (room, acknowledged) in (1..).zip(acknowledged) {
        let head = rooms.iter().find(|kept| kept.id.0 == room).map_or(0, |kept| kept.head.0);
        if head < acknowledged {
            return Err(format!("room {room}: {acknowledged} acknowledged, {head} there"));
        }
        let mut next = 1;
        loop {
            let page = reader.read(RoomId(room), Seq(next), 256).map_err(failed)?;
            if page.is_empty() {
                break;
            }
            for event in page {
                if event != event_at(room, next) {
                    return Err(format!("room {room}: {event:?} at {next}"));
                }
                next += 1;
            }
        }
        if next != head + 1 {
            return Err(format!("room {room}: {head} events by its row, {} in its log", next - 1));
        }
    }
    Ok(())
}
