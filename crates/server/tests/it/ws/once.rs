//! Posts with keys are made exactly once, whatever breaks between.

use std::net::{Shutdown, SocketAddr};
use std::thread;

use serde_json::{Value, json};

use super::client::{Deflate, Frame, Ws};
use crate::harness::{NO_FLOOD_CONTROL, Server};

#[test]
fn the_same_key_is_said_once_also_after_a_restart() {
    let server = Server::start(&NO_FLOOD_CONTROL);
    let mut ana = Ws::creates(&server, "sala", "ana");
    let post = json!({"do": "say", "room": "sala", "text": "oi", "key": "k1"});
    let reply = json!({"do": "say", "room": "sala", "text": "sim", "key": "k2", "reply": 2});
    let both = [ana.ask(post.clone()), ana.ask(post.clone())];
    for id in both {
        assert_eq!(ana.answer(id)["ok"]["seq"], 2);
    }
    assert_eq!(ana.ok(reply.clone())["seq"], 3);
    let setup = server.kill();
    let server = setup.start();
    let mut bia = Ws::enters(&server, "sala", "bia");
    assert_eq!(bia.ok(post)["seq"], 2);
    assert_eq!(bia.ok(reply)["seq"], 3);
    let new = json!({"do": "say", "room": "sala", "text": "oi", "key": "k3"});
    assert_eq!(bia.ok(new)["seq"], 4);
    assert_eq!(bia.expect("said")["seq"], 4, "nothing else was said");
}

/// A sequence of numbers that a seed gives.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What the caller's environment says, or this: `PAPO_CLIENTS=500 PAPO_POSTS=24` fills a hall and
/// takes minutes.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn cut_at_random_every_post_is_there_once_and_all_end_alike() {
    let crowd = Crowd { clients: number("PAPO_CLIENTS", 20), posts: number("PAPO_POSTS", 40) };
    let seed = number("PAPO_SEED", 7);
    eprintln!("PAPO_SEED={seed} {crowd:?}");
    cut_at_random(crowd, seed);
}

/// Who comes, and how much each has to say.
#[derive(Debug, Clone, Copy)]
struct Crowd {
    clients: u64,
    posts: u64,
}

impl Crowd {
    const fn all_posts(self) -> u64 {
        self.clients * self.posts
    }
}

fn cut_at_random(crowd: Crowd, seed: u64) {
    let more = ["--set", "limits.connections_per_address=2000"];
    let server = Server::start(&[&NO_FLOOD_CONTROL[..], &more].concat());
    let mut maria = Ws::open(&server);
    maria.ok(json!({"do": "create", "room": "sala", "capacity": 600, "nick": "maria"}));
    maria.ok(json!({"do": "leave", "room": "sala"}));
    let addr = server.addr();
    let ends: Vec<Vec<(u64, String)>> = thread::scope(|scope| {
        let run = |client| scope.spawn(move || Poster::new(addr, (crowd, client), seed).run());
        let threads: Vec<_> = (0..crowd.clients).map(run).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut said: Vec<_> = ends[0].iter().map(|(_, text)| text.clone()).collect();
    assert!(ends[0].windows(2).all(|pair| pair[0].0 + 1 == pair[1].0), "a gap or a double");
    for end in &ends {
        assert_eq!(end, &ends[0], "all end with the same sequence");
    }
    said.sort_unstable();
    let mut all: Vec<_> = (0..crowd.clients)
        .flat_map(|client| (0..crowd.posts).map(move |post| format!("{client} diz {post}")))
        .collect();
    all.sort_unstable();
    assert_eq!(said, all);
}

struct Poster {
    addr: SocketAddr,
    crowd: Crowd,
    client: u64,
    random: Random,
    visits: u64,
    /// What was said, by number.
    seen: Vec<(u64, String)>,
    /// Posts that have their answer.
    answered: u64,
}

impl Poster {
    fn new(addr: SocketAddr, (crowd, client): (Crowd, u64), seed: u64) -> Self {
        let random = Random(seed.wrapping_mul(1000) + client);
        Self { addr, crowd, client, random, visits: 0, seen: Vec::new(), answered: 0 }
    }

    fn run(mut self) -> Vec<(u64, String)> {
        while self.answered < self.crowd.posts || !self.has_all() {
            self.visit();
        }
        self.seen
    }

    /// Whether she has got everything that anyone says.
    fn has_all(&self) -> bool {
        self.seen.len() as u64 == self.crowd.all_posts()
    }

    /// Comes back to where it was, sends what has no answer, and is cut after a while.
    fn visit(&mut self) {
        self.visits += 1;
        let deflate = if self.random.below(2) == 0 { Deflate::On } else { Deflate::Off };
        let mut ws = Ws::open_with(self.addr, deflate);
        let after = self.seen.last().map_or(1, |(seq, _)| *seq);
        let nick = format!("c{}-{}", self.client, self.visits);
        ws.ok(json!({"do": "enter", "room": "sala", "nick": nick, "after": after}));
        let mut waiting = Vec::new();
        let batch = self.answered + 1 + self.random.below(8);
        for post in self.answered..batch.min(self.crowd.posts) {
            let text = format!("{} diz {post}", self.client);
            let key = format!("{}-{post}", self.client);
            waiting.push(ws.ask(json!({"do": "say", "room": "sala", "text": text, "key": key})));
        }
        for _ in 0..self.random.below(3 * self.crowd.clients) {
            // Who waits for others while she has more to say might wait for one who waits for her.
            if waiting.is_empty() && (self.has_all() || self.answered < self.crowd.posts) {
                break;
            }
            let Frame::Text { json: message, .. } = ws.frame() else { panic!("not cut by us") };
            self.take(&message, &mut waiting);
        }
        let _ = ws.stream().shutdown(Shutdown::Both);
    }

    fn take(&mut self, message: &Value, waiting: &mut Vec<u64>) {
        if message["ev"] == "said" {
            let seq = message["seq"].as_u64().unwrap();
            let text = message["text"].as_str().unwrap().to_owned();
            assert!(self.seen.last().is_none_or(|(last, _)| *last < seq), "twice: {message}");
            self.seen.push((seq, text));
        } else if !message["re"].is_null() {
            assert_eq!(message["re"], waiting.remove(0), "{message}");
            assert!(message["ok"]["seq"].is_number(), "{message}");
            self.answered += 1;
        }
    }
}
