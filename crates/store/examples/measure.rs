//! Measures the log: `cargo run -p store --release --example measure [FOLDER]`. Without a folder,
//! in a new one under the current folder, which is removed.

#![allow(clippy::print_stdout, reason = "a measurement, for its maker")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use room::{Event, Fact, MemberId, Nick, RoomId, RoomName, Seq, Text, UnixMs, Visibility};
use store::{Log as _, Sqlite};

const MESSAGES: u64 = 1_000_000;
const ROOMS: u64 = 3000;
const WORDS: [&str; 12] = [
    "bom", "dia", "gente", "alguém", "viu", "o", "jacaré", "hoje", "reunião", "amanhã", "código",
    "compila",
];

fn main() -> Result<()> {
    let given = std::env::args().nth(1).map(PathBuf::from);
    let folder = given.clone().unwrap_or_else(|| format!("measure-{}", std::process::id()).into());
    measure(&folder)?;
    if given.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn measure(folder: &Path) -> Result<()> {
    let mut world =
        World { log: Sqlite::open(folder)?, heads: vec![0; 3000], turn: 0, all_over: true };
    let rooms = (1..=ROOMS).map(created).collect::<Result<Vec<_>>>()?;
    for batch in rooms.chunks(1000) {
        world.log.append(batch)?;
    }
    world.heads.fill(1);
    writing(&mut world)?;
    reading(&mut world)?;
    drop(world);
    opening(folder)
}

/// How long appends and flushes take, by the size of a batch; then fills the log.
fn writing(world: &mut World) -> Result<()> {
    let mut flusher = world.log.flusher()?;
    flusher.flush()?;
    let sizes = [(1, 5000), (10, 2000), (100, 1000), (1000, 100)];
    for (all_over, size, batches) in
        [false, true].into_iter().flat_map(|over| sizes.map(|(size, times)| (over, size, times)))
    {
        world.all_over = all_over;
        let (mut spent, mut flushing) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..batches {
            let batch = world.batch(size)?;
            let began = Instant::now();
            world.log.append(&batch)?;
            spent += began.elapsed();
            let began = Instant::now();
            flusher.flush()?;
            flushing += began.elapsed();
        }
        let each = |spent: Duration| spent / batches;
        let rate = f64::from(size * batches) / spent.as_secs_f64();
        println!(
            "all over {all_over}, batches of {size}: append {:?}, flush {:?}; \
             {rate:.0} messages/s without flush",
            each(spent),
            each(flushing)
        );
    }
    while world.turn < MESSAGES {
        let batch = world.batch(1000)?;
        world.log.append(&batch)?;
        flusher.flush()?;
    }
    Ok(())
}

/// How long it takes to find a message and to read the last ones.
fn reading(world: &mut World) -> Result<()> {
    let began = Instant::now();
    let mut reader = world.log.reader()?;
    while reader.search(RoomId(1), "jacare", 20)?.is_empty() {}
    println!("the index caught up after {:?}", began.elapsed());
    for query in ["jacare", "bom jacare", "comp", "n4242"] {
        let began = Instant::now();
        let found = reader.search(RoomId(1), query, 20)?.len();
        println!("search {query:?}: {found} in {:?}", began.elapsed());
    }
    let began = Instant::now();
    let page = reader.last(RoomId(1), 50)?.len();
    println!("the last {page} of a room: {:?}", began.elapsed());
    Ok(())
}

/// How large the files are, and how long it takes to open them.
fn opening(folder: &Path) -> Result<()> {
    for file in ["papo.db", "search.db"] {
        println!("{file}: {} MiB", folder.join(file).metadata()?.len() / 1024 / 1024);
    }
    for _ in 0..3 {
        let began = Instant::now();
        let mut log = Sqlite::open(folder)?;
        let rooms = log.rooms()?.len();
        println!("opened with {MESSAGES} messages in {rooms} rooms: {:?}", began.elapsed());
    }
    Ok(())
}

struct World {
    log: Sqlite,
    heads: Vec<u64>,
    turn: u64,
    all_over: bool,
}

impl World {
    /// In one busy room, or half of it there and the rest all over.
    fn batch(&mut self, size: u32) -> Result<Vec<Event>> {
        (0..size).map(|_| self.said()).collect()
    }

    fn said(&mut self) -> Result<Event> {
        self.turn += 1;
        let room = if !self.all_over || self.turn.is_multiple_of(2) {
            1
        } else {
            1 + self.turn * 7919 % ROOMS
        };
        let head = &mut self.heads[usize::try_from(room)? - 1];
        *head += 1;
        let first = usize::try_from(self.turn / 7)?;
        let word = |place: usize| WORDS[(first + place * 5) % WORDS.len()];
        let text = format!("{} {} {} {} n{}", word(1), word(2), word(3), word(5), self.turn % 5000);
        let nick = Nick::parse("Mariana")?;
        let text = Text::new(&text).context("there is something to say")?;
        let fact = Fact::Said {
            member: MemberId(room),
            account: None,
            nick,
            text,
            reply: None,
            key: None,
        };
        Ok(Event { room: RoomId(room), seq: Seq(*head), at: UnixMs(self.turn), fact })
    }
}

fn created(room: u64) -> Result<Event> {
    let name = RoomName::parse(&format!("sala-{room}"))?;
    let by = Nick::parse("Ana")?;
    let fact = Fact::Created { name, capacity: 50, visibility: Visibility::Public, by };
    Ok(Event { room: RoomId(room), seq: Seq(1), at: UnixMs(0), fact })
}
