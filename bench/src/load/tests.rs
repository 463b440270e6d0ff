//! Whole runs against a small server that makes known mistakes: each must be told.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use clap::Parser as _;

use super::*;
use crate::args::Args;

#[test]
fn a_window_counts_deliveries_by_all_receivers() {
    let window = Window::new(3);
    assert_eq!(window.space(2), 2);
    window.send();
    window.send();
    assert_eq!((window.space(2), window.on_the_way()), (0, 6));
    window.receive(2);
    assert_eq!(window.space(2), 0);
    window.receive(1);
    assert_eq!(window.space(2), 1);
    // One receiver, who had none of the two, closes.
    window.lose_receiver(0);
    assert_eq!((window.on_the_way(), window.space(2)), (1, 1));
    window.receive(1);
    assert_eq!(window.on_the_way(), 0);
}

#[test]
fn a_faultless_server_has_no_faults() {
    for threads in ["1", "3"] {
        let server = Server::start(Mistake::None);
        let options = ["--rooms", "3", "--members", "5", "--publishers", "2", "--idle", "3"];
        let report = server.load(&[&options[..], &["--threads", threads]].concat());
        let outcome = &report.outcome;
        assert_eq!(outcome.faults, crate::ledger::Faults::default());
        assert_eq!((outcome.refused, outcome.closed), (0, 0));
        assert!(outcome.sent > 100, "only {} sent", outcome.sent);
        // What was on the way at the end of the measured second came after it.
        let on_the_way = 3 * 2 * 16;
        assert!(outcome.delivered <= outcome.sent * 4);
        assert!(outcome.delivered >= (outcome.sent - on_the_way) * 4);
        assert_eq!(outcome.latency.count(), outcome.sent * 4, "all came in the end");
        assert!(outcome.latency.max() > 0);
    }
}

#[test]
fn a_rate_is_kept() {
    let server = Server::start(Mistake::None);
    let report = server.load(&["--rooms", "2", "--publishers", "2", "--rate", "200"]);
    assert!((190..=204).contains(&report.outcome.sent), "{}", report.outcome.sent);
    assert_eq!(report.outcome.faults, crate::ledger::Faults::default());
}

#[test]
fn what_is_lost_doubled_or_late_is_counted() {
    for mistake in [Mistake::Lose, Mistake::Double, Mistake::Swap] {
        let server = Server::start(mistake);
        let report = server.load(&["--members", "4", "--publishers", "1"]);
        let made = server.hall.lock().unwrap().mistakes;
        assert!(made > 0);
        let faults = report.outcome.faults;
        let counted = [faults.lost, faults.duplicated, faults.out_of_order];
        match mistake {
            Mistake::Lose => assert_eq!(counted, [made, 0, 0]),
            Mistake::Double => assert_eq!(counted, [0, made, 0]),
            // What was held back at the very end never came.
            Mistake::Swap => assert!(counted[0] <= 3 && counted[0] + counted[2] == made),
            _ => unreachable!(),
        }
    }
}

#[test]
fn a_message_that_is_refused_does_not_stop_the_run() {
    let server = Server::start(Mistake::Refuse);
    let report = server.load(&["--members", "4", "--window", "2"]);
    let made = server.hall.lock().unwrap().mistakes;
    assert!(made > 0);
    assert_eq!(report.outcome.refused, made);
    assert_eq!(report.outcome.faults.lost, made * 3);
    assert_eq!(report.outcome.first_refusal.as_deref(), Some("[ERRO] - Muitas mensagens"));
}

#[test]
fn a_member_that_is_cut_is_no_loss_for_the_others() {
    let server = Server::start(Mistake::Cut);
    let report = server.load(&["--members", "4", "--publishers", "1"]);
    assert_eq!(report.outcome.closed, 1);
    assert_eq!(report.outcome.faults, crate::ledger::Faults::default());
    assert!(report.outcome.sent > 100);
}

#[test]
fn the_report_says_it_in_both_ways() {
    let server = Server::start(Mistake::None);
    let pid = std::process::id().to_string();
    let report = server.load(&["--pid", &pid]);
    let json = report.json();
    assert_eq!(json["lost"], 0);
    assert!(json["deliveries_per_s"].as_f64().unwrap() > 0.0);
    assert!(json["latency_us"]["p99.9"].as_f64() <= json["latency_us"]["max"].as_f64());
    assert!(json["server"]["rss_bytes"].as_u64().unwrap() > 0);
    for row in ["deliveries/s", "latency p99.9", "out of order", "server anonymous"] {
        assert!(report.table().contains(row), "{row} is missing:\n{}", report.table());
    }
}

/// What the server does to each hundredth delivery, or message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    Lose,
    Double,
    /// Delivers it after the next.
    Swap,
    /// Refuses the message.
    Refuse,
    /// Closes the last member's connection, once.
    Cut,
}

/// A server of the line protocol as far as the generator uses it, a thread a connection.
struct Server {
    address: SocketAddr,
    hall: Arc<Mutex<Hall>>,
}

struct Hall {
    mistake: Mistake,
    rooms: HashMap<String, Vec<Member>>,
    deliveries: u64,
    messages: u64,
    mistakes: u64,
}

struct Member {
    nick: String,
    stream: TcpStream,
    held: Option<String>,
}

impl Server {
    fn start(mistake: Mistake) -> Self {
        let hall = Hall { mistake, rooms: HashMap::new(), deliveries: 0, messages: 0, mistakes: 0 };
        let hall = Arc::new(Mutex::new(hall));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let for_all = Arc::clone(&hall);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, hall) = (stream.unwrap(), Arc::clone(&for_all));
                std::thread::spawn(move || serve(&stream, &hall));
            }
        });
        Self { address, hall }
    }

    fn load(&self, options: &[&str]) -> Report {
        let address = self.address.to_string();
        let common = ["bench", "--addr", &address, "--seconds", "1", "--warmup", "0"];
        measure(&Args::parse_from(common.iter().chain(options)).load).unwrap()
    }
}

/// Serves one connection until it ends, however that is.
fn serve(mut stream: &TcpStream, hall: &Mutex<Hall>) -> Option<()> {
    stream.write_all(b"Conexao concluida.\n").ok()?;
    let mut place = None;
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        let words: Vec<&str> = line.split(' ').collect();
        let (["--CREATE", room, _, nick] | ["--JOIN", room, nick]) = words[..] else {
            let (room, nick): &(String, String) = place.as_ref()?;
            hall.lock().unwrap().say(room, nick, &line);
            continue;
        };
        let member = Member { nick: nick.to_owned(), stream: stream.try_clone().ok()?, held: None };
        place = Some((room.to_owned(), nick.to_owned()));
        let mut hall = hall.lock().unwrap();
        let members = hall.rooms.entry(room.to_owned()).or_default();
        for other in &mut *members {
            // Who has gone hears nothing.
            let _ = other.stream.write_all(format!("[INFO] - {nick} entrou\n").as_bytes());
        }
        members.push(member);
        stream.write_all(b"[OK] - Bem-vindo\n").ok()?;
    }
    Some(())
}

impl Hall {
    fn say(&mut self, room: &str, nick: &str, text: &str) {
        const EACH: u64 = 100;

        self.messages += 1;
        let members = self.rooms.get_mut(room).unwrap();
        if self.mistake == Mistake::Refuse && self.messages.is_multiple_of(EACH) {
            self.mistakes += 1;
            let author = members.iter_mut().find(|member| member.nick == nick).unwrap();
            let _ = author.stream.write_all(b"[ERRO] - Muitas mensagens\n");
            return;
        }
        let line = format!("[{nick}]: {text}\n");
        for member in members.iter_mut().filter(|member| member.nick != nick) {
            self.deliveries += 1;
            let is_due = self.deliveries.is_multiple_of(EACH);
            let (mut lines, held) = (line.clone(), member.held.take());
            match self.mistake {
                Mistake::Lose if is_due => lines.clear(),
                Mistake::Double if is_due => lines += &line,
                Mistake::Swap if is_due && held.is_none() => {
                    member.held = Some(std::mem::take(&mut lines));
                }
                _ => {}
            }
            let is_mistake = is_due && lines != line;
            self.mistakes += u64::from(is_mistake);
            lines += held.as_deref().unwrap_or_default();
            // Who has gone hears nothing.
            let _ = member.stream.write_all(lines.as_bytes());
        }
        if self.mistake == Mistake::Cut && self.messages == EACH {
            let member = members.pop().unwrap();
            member.stream.shutdown(Shutdown::Both).unwrap();
        }
    }
}
