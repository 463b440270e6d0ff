//! Many at once: no place is given twice, and there is one order for all.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::client::{Client, FRAME, Wire, lines_of};
use crate::harness::{NO_FLOOD_CONTROL, Server};

const RUSHING: usize = 60;
const PLACES: usize = 10;
const ROUNDS: usize = 1000;
/// Threads that drive the rushing clients: each sends for all of its own before it reads.
const THREADS: usize = 6;

#[test]
fn a_rush_fills_a_room_to_its_last_place_and_no_further() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut watcher = Client::connect(&server);
    watcher.send(&format!("--CREATE sala {PLACES} vigia"));
    watcher.expect_ok();
    watcher.send("--OUT");
    watcher.expect_ok();
    let start = Instant::now();
    let together = Barrier::new(THREADS + 1);
    let entered = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (server, together, entered) = (&server, &together, &entered);
            scope.spawn(move || rushes(server, together, entered, thread));
        }
        for round in 0..ROUNDS {
            together.wait(); // all are out; they rush from here on
            together.wait(); // all have their answer
            assert_eq!(entered.swap(0, Ordering::SeqCst), PLACES, "round {round}");
            watcher.send("--CHANNELS");
            let expected = format!("sala - {PLACES}/{PLACES}");
            assert_eq!(watcher.expect_list(), [expected], "round {round}");
            together.wait(); // they may leave
        }
    });
    eprintln!("{ROUNDS} rounds in {:?}", start.elapsed());
}

fn rushes(server: &Server, together: &Barrier, entered: &AtomicUsize, thread: usize) {
    let mut clients: Vec<_> = Client::connect_many(server, RUSHING / THREADS)
        .into_iter()
        .enumerate()
        .map(|(number, client)| (format!("m{thread}-{number}"), client))
        .collect();
    for _ in 0..ROUNDS {
        together.wait();
        for (nick, client) in &mut clients {
            client.send(&format!("--JOIN sala {nick}"));
        }
        let mut inside = Vec::new();
        for (index, (_, client)) in clients.iter_mut().enumerate() {
            let answer = answer(client);
            if answer.starts_with("[OK] - ") {
                inside.push(index);
            } else {
                assert_eq!(answer, format!("[ERRO] - O canal sala esta cheio ({PLACES}/{PLACES})"));
            }
        }
        entered.fetch_add(inside.len(), Ordering::SeqCst);
        together.wait();
        together.wait();
        for index in inside {
            let client = &mut clients[index].1;
            client.send("--LIST");
            loop {
                let line = client.line();
                if line == FRAME {
                    break;
                }
                assert!(line.starts_with("[INFO] - "), "{line:?}");
            }
            let mut listed = 0;
            while client.line() != FRAME {
                listed += 1;
            }
            assert!((1..=PLACES).contains(&listed), "{listed} listed");
            client.send("--OUT");
            assert!(answer(client).starts_with("[OK] - "));
        }
    }
}

/// The next line that is no notice.
fn answer(client: &mut Client) -> String {
    loop {
        let line = client.line();
        if !line.starts_with("[INFO] - ") {
            return line;
        }
    }
}

#[test]
fn a_rush_for_one_name_gives_it_to_one() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut clients = Client::connect_many(&server, RUSHING);
    for round in 0..200 {
        // The same nick in rooms of two names, or the same room for two nicks.
        for (number, client) in clients.iter_mut().enumerate() {
            let half = number % 2;
            let (room, nick) = if round % 2 == 0 { (half, 0) } else { (0, half) };
            client.send(&format!("--CREATE r{round}-{room} 60 n{round}-{nick}"));
        }
        let entered: Vec<_> = clients
            .iter_mut()
            .enumerate()
            .filter_map(|(number, client)| answer(client).starts_with("[OK]").then_some(number))
            .collect();
        assert_eq!(entered.len(), 1, "round {round}: {entered:?}");
    }
}

const WRITERS: usize = 4;
const READERS: usize = 3;
const MESSAGES: usize = 100_000;

#[test]
fn all_readers_see_one_order_and_each_writers_own_within_it() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut keeper = Client::creates(&server, Wire::Whole, "sala", "keeper");
    let mut join = |nick: String| {
        let client = Client::joins(&server, Wire::Whole, "sala", &nick);
        keeper.expect_info_of(&nick);
        client
    };
    let readers: Vec<_> = (0..READERS).map(|number| join(format!("r{number}"))).collect();
    let writers: Vec<_> = (0..WRITERS).map(|number| join(format!("w{number}"))).collect();
    drop(keeper);
    let start = Instant::now();
    let (read, also_read): (Vec<_>, Vec<_>) = thread::scope(|scope| {
        for (number, writer) in writers.iter().enumerate() {
            let mut stream = writer.writer();
            scope.spawn(move || {
                // In pieces, so that the writers take turns.
                for first in (0..MESSAGES / WRITERS).step_by(50) {
                    let lines =
                        lines_of(first..first + 50, |message| format!("{number} {message}"));
                    stream.write_all(lines.as_bytes()).unwrap();
                }
            });
        }
        let readers: Vec<_> =
            readers.into_iter().map(|client| scope.spawn(move || said(client, MESSAGES))).collect();
        let others = MESSAGES - MESSAGES / WRITERS;
        let writers: Vec<_> =
            writers.into_iter().map(|client| scope.spawn(move || said(client, others))).collect();
        (
            readers.into_iter().map(|reader| reader.join().unwrap()).collect(),
            writers.into_iter().map(|writer| writer.join().unwrap()).collect(),
        )
    });
    let took = start.elapsed();
    eprintln!("{MESSAGES} messages to {} members in {took:?}", READERS + WRITERS - 1);
    for other in &read[1..] {
        assert!(read[0] == *other, "two readers saw two orders");
    }
    let mut next = HashMap::new();
    for line in &read[0] {
        let (nick, message) = line.split_once(' ').unwrap();
        let expected = next.entry(nick).or_insert(0);
        assert_eq!(message.parse::<usize>().unwrap(), *expected, "of {nick}");
        *expected += 1;
    }
    assert_eq!(next.len(), WRITERS);
    // A writer sees the same order, without her own.
    for (number, seen) in also_read.iter().enumerate() {
        let own = format!("{number} ");
        let expected = read[0].iter().filter(|line| !line.starts_with(&own));
        assert!(seen.iter().eq(expected), "writer {number} saw another order");
    }
}

/// The next so many messages as `<number of the writer> <message>`, notices left out.
fn said(mut client: Client, count: usize) -> Vec<String> {
    let mut said = Vec::with_capacity(count);
    while said.len() < count {
        let line = client.line();
        if line.starts_with("[INFO] - ") {
            continue;
        }
        let (nick, text) = line.strip_prefix("[w").and_then(|rest| rest.split_once("]: ")).unwrap();
        assert!(text.starts_with(&format!("{nick} ")), "a writer's words are her own: {line:?}");
        said.push(text.to_owned());
    }
    said
}
