//! The server is killed, or two want one folder: nothing acknowledged and nothing delivered is
//! lost.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::Shutdown;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::Signal;

use crate::client::{Client, GREETING, Wire};
use crate::harness::{NO_FLOOD_CONTROL, Server, Setup};

const KILLS: usize = 200;
/// The longest that a server lives before it is killed, from the first message on.
const LIFE_MAX: Duration = Duration::from_millis(60);
const WRITERS: usize = 2;

/// A small generator, so that a failing run can be repeated from its seed: splitmix64.
struct Random(u64);

impl Random {
    /// From `PAPO_IT_SEED`, or a new one; printed either way.
    fn seeded() -> Self {
        let seed = std::env::var("PAPO_IT_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            now.as_secs() ^ u64::from(now.subsec_nanos()) << 32
        });
        eprintln!("PAPO_IT_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// One connection in numbered mode, from its first word on.
fn enters_numbered(server: &Server, nick: &str, after: u64) -> (Client, u64) {
    let mut client = Client::open(server.addr(), Wire::Whole);
    client.send(&format!("--JOIN sala {nick}"));
    client.send(&format!("--CURSOR {after}"));
    client.expect(GREETING);
    client.expect_ok();
    let head = loop {
        let line = client.line();
        if let Some(head) = line.strip_prefix("[OK] - Cursor ") {
            break head.parse().unwrap();
        }
        assert!(line.starts_with("[INFO] - "), "the answer to --CURSOR: {line:?}");
    };
    (client, head)
}

/// What one connection learnt before the server died.
#[derive(Default)]
struct Learnt {
    /// Number and text of one's own messages, by acknowledgements.
    acknowledged: Vec<(u64, String)>,
    /// Number and line of others' messages.
    delivered: Vec<(u64, String)>,
}

/// Writes until the connection breaks; tells what was acknowledged and what was heard.
fn writes(mut client: Client, nick: &str, round: usize) -> Learnt {
    let mut stream = client.writer();
    let mut learnt = Learnt::default();
    let said = |number: usize| format!("{nick} rodada {round} mensagem {number}");
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0.. {
                if stream.write_all(format!("{}\n", said(number)).as_bytes()).is_err() {
                    return;
                }
            }
        });
        for line in client.lines_until_broken() {
            if let Some(seq) = line.strip_prefix("[OK] - ") {
                let seq = seq.parse().unwrap_or_else(|_| panic!("{line:?}"));
                let message = format!("[{nick}]: {}", said(learnt.acknowledged.len()));
                learnt.acknowledged.push((seq, message));
            } else if !line.starts_with("[INFO] - ") {
                let (seq, message) = line.split_once(' ').unwrap();
                learnt.delivered.push((seq.parse().unwrap(), message.to_owned()));
            }
        }
        let _ = client.writer().shutdown(Shutdown::Both);
    });
    learnt
}

/// What the log holds after that number, by number.
pub(crate) fn kept_after(server: &Server, after: u64) -> (BTreeMap<u64, String>, u64) {
    let (mut client, head) = enters_numbered(server, "auditor", after);
    let mut kept = BTreeMap::new();
    let mut last = after;
    while last < head {
        let line = client.line();
        let (seq, message) = line.split_once(' ').unwrap();
        let seq: u64 = seq.parse().unwrap_or_else(|_| panic!("{line:?}"));
        assert!(seq > last, "{seq} after {last}");
        last = seq;
        kept.insert(seq, message.to_owned());
    }
    client.send("--QUIT");
    client.expect_ok();
    client.expect_end();
    (kept, head)
}

#[test]
fn nothing_acknowledged_or_delivered_is_lost_by_kill_9() {
    let mut random = Random::seeded();
    let setup = Setup::new(&NO_FLOOD_CONTROL);
    let mut server = setup.start();
    let mut ana = Client::connect(&server);
    ana.send("--CREATE sala 100 ana");
    ana.expect_ok();
    drop(ana);
    let (mut head, mut acknowledged, mut delivered) = (1, 0, 0);
    let mut all = BTreeMap::new();
    for round in 0..KILLS {
        let life = Duration::from_micros(random.below(LIFE_MAX.as_micros().try_into().unwrap()));
        let entered = (0..WRITERS).map(|number| {
            let nick = format!("w{number}");
            (enters_numbered(&server, &nick, head).0, nick)
        });
        let entered: Vec<_> = entered.collect();
        let learnt: Vec<_> = thread::scope(|scope| {
            let writers: Vec<_> = entered
                .into_iter()
                .map(|(client, nick)| scope.spawn(move || writes(client, &nick, round)))
                .collect();
            thread::sleep(life); // the stimulus: it dies at a random moment
            server.signal(Signal::KILL);
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        drop(server);
        server = setup.start();
        let (kept, new_head) = kept_after(&server, head);
        for learnt in learnt {
            for (seq, message) in learnt.acknowledged.iter().chain(&learnt.delivered) {
                assert_eq!(kept.get(seq), Some(message), "round {round}: lost or changed");
            }
            acknowledged += learnt.acknowledged.len();
            delivered += learnt.delivered.len();
        }
        all.extend(kept);
        head = new_head;
    }
    eprintln!("{KILLS} kills, {acknowledged} acknowledged, {delivered} delivered, head {head}");
    assert!(acknowledged > KILLS, "the servers lived long enough to acknowledge something");
    // The whole log at the end: what every round found, each message once, in its writer's order.
    let (whole, _) = kept_after(&server, 0);
    assert!(whole.iter().eq(all.iter()), "what was kept has changed since");
    let mut last = BTreeMap::new();
    for message in whole.values() {
        let words: Vec<_> = message.split_whitespace().collect();
        let key: (usize, usize) = (words[3].parse().unwrap(), words[5].parse().unwrap());
        let before = last.insert(words[0].to_owned(), key);
        assert!(before < Some(key), "{message:?} after {before:?}");
    }
}

#[test]
fn rooms_and_topics_that_were_acknowledged_are_there_after_kill_9() {
    let setup = Setup::new(&NO_FLOOD_CONTROL);
    let mut made = Vec::new();
    for round in 0..20 {
        let server = setup.start();
        let mut ana = Client::open(server.addr(), Wire::Whole);
        ana.send(&format!("--CREATE r{round:02} {} ana", round + 1));
        ana.expect(GREETING);
        ana.expect_ok();
        made.push(format!("r{round:02} - 0/{}", round + 1));
        ana.send(&format!("--TOPIC assunto {round}"));
        ana.expect_ok();
        server.kill();
    }
    let server = setup.start();
    let mut ana = Client::connect(&server);
    ana.send("--CHANNELS");
    assert_eq!(ana.expect_list(), made);
    for round in 0..20 {
        ana.send(&format!("--JOIN r{round:02} ana"));
        ana.expect_ok();
        ana.expect_info_of(&format!("assunto {round}"));
    }
}

#[test]
fn a_second_server_on_the_same_folder_is_refused() {
    let setup = Setup::new(&[]);
    let server = setup.start();
    let mut ana = Client::creates(&server, Wire::Whole, "sala", "ana");
    let Err(output) = setup.try_start() else { panic!("two servers on one folder") };
    assert!(output.contains(&setup.data().display().to_string()), "names the folder: {output}");
    assert!(!output.contains("panicked"), "{output}");
    assert!(!output.starts_with("exit status: 0"), "{output}");
    // The first goes on, and its end frees the folder.
    ana.send("--LIST");
    assert_eq!(ana.expect_list(), ["ana"]);
    server.stop();
    setup.start().stop();
}

#[test]
fn a_folder_is_free_again_after_kill_9() {
    let setup = Server::start(&[]).kill();
    setup.start().stop();
}
