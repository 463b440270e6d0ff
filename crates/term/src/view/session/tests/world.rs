//! A server, a network and a clock in one thread, around a session.

use std::collections::VecDeque;
use std::time::Duration;

use super::super::{Input, Output, Session, Shown};
use lang::Lang;

/// In which order the server tells the cursor and sends the lines after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Last,
    /// First, and the log's lines come by another way, so that later answers overtake them.
    Overtaking,
}

impl Order {
    pub(super) const ALL: [Self; 3] = [Self::First, Self::Last, Self::Overtaking];
}

/// One connection as the server and the network see it.
#[derive(Debug, Default)]
struct Wire {
    up: VecDeque<String>,
    down: VecDeque<String>,
    /// Lines of the room on a slower way down than answers.
    slow: VecDeque<String>,
    entered: bool,
    numbered: bool,
}

pub(super) struct World {
    order: Order,
    session: Session,
    now: Duration,
    log: Vec<(String, String)>,
    wire: Option<Wire>,
    /// Messages that the log has and whose acknowledgement is not yet written.
    unflushed: VecDeque<usize>,
    typed: Vec<String>,
    shown: Vec<(String, String)>,
    shown_mine: Vec<String>,
    /// Steps taken: each moves one line.
    pub(super) steps: usize,
    pub(super) break_at: Option<usize>,
    /// If not 0, the connection breaks once more so many steps after the break.
    pub(super) break_again_after: usize,
}

impl World {
    pub(super) fn new(order: Order) -> Self {
        let mut world = Self {
            order,
            session: Session::new(Lang::Pt, None, 7),
            now: Duration::ZERO,
            log: vec![("velha".to_owned(), "antes".to_owned())],
            wire: None,
            unflushed: VecDeque::new(),
            typed: Vec::new(),
            shown: Vec::new(),
            shown_mine: Vec::new(),
            steps: 0,
            break_at: None,
            break_again_after: 0,
        };
        world.dial();
        world
    }

    /// Enters the room and waits until the cursor stands.
    pub(super) fn enter(&mut self) {
        let break_at = self.break_at.take();
        self.input(Input::Typed("--JOIN sala ana"));
        self.settle();
        self.steps = 0;
        self.break_at = break_at;
    }

    pub(super) fn others_say(&mut self, text: &str) {
        self.append("bia", text);
    }

    pub(super) fn type_line(&mut self, line: &str) {
        self.typed.push(line.to_owned());
        self.input(Input::Typed(line));
    }

    pub(super) fn break_connection(&mut self) {
        if let Some(wire) = self.wire.take() {
            self.unflushed.clear();
            // Part of what was on its way up may still have reached the server.
            if self.steps.is_multiple_of(2) {
                self.wire = Some(Wire { down: VecDeque::new(), ..wire });
                self.serve();
                self.wire = None;
                self.unflushed.clear();
            }
            self.input(Input::Lost);
        }
    }

    /// Moves one line, in the direction and of the kind that the step's number chooses.
    pub(super) fn step(&mut self) {
        if self.break_at == Some(self.steps) {
            self.break_at = (self.break_again_after > 0)
                .then(|| self.steps + std::mem::take(&mut self.break_again_after));
            self.break_connection();
        }
        self.steps += 1;
        if self.wire.is_none() {
            self.now = self.session.next_timer().unwrap_or(self.now).max(self.now);
            return self.input(Input::Tick);
        }
        for choice in 0..4 {
            if match (self.steps + choice) % 4 {
                0 => self.serve(),
                1 => self.flush(),
                2 => self.deliver(false),
                _ => self.deliver(true),
            } {
                return;
            }
        }
        // Nothing moves: time does.
        if let Some(timer) = self.session.next_timer() {
            self.now = timer.max(self.now);
            self.input(Input::Tick);
        }
    }

    /// Steps until nothing is left to do.
    pub(super) fn settle(&mut self) {
        for _ in 0..10_000 {
            self.step();
            let quiet = self.wire.as_ref().is_some_and(|wire| {
                wire.up.is_empty() && wire.down.is_empty() && wire.slow.is_empty()
            });
            if quiet
                && self.break_at.is_none_or(|at| at < self.steps)
                && self.unflushed.is_empty()
                && self.session.next_timer().is_none()
            {
                return;
            }
        }
        panic!("it never settles: {:?}", self.session);
    }

    /// Everything was said once, in order, and seen once, in order.
    pub(super) fn check(&self) {
        let said = |nick: &str| -> Vec<&str> {
            self.log.iter().filter(|(by, _)| by == nick).map(|(_, text)| text.as_str()).collect()
        };
        assert_eq!(said("ana"), self.typed, "said once, in order");
        let seen: Vec<&str> = self.shown.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(seen, said("bia"), "seen once, in order");
        assert_eq!(self.shown_mine, self.typed, "own lines shown once");
    }

    fn input(&mut self, input: Input<'_>) {
        let outputs = self.session.handle(input, self.now);
        for output in outputs {
            match output {
                Output::Dial => self.dial(),
                Output::Send(line) => {
                    self.wire.as_mut().expect("sent on a connection").up.push_back(line);
                }
                Output::Show(Shown::Said { nick, text, mine }) if !mine => {
                    self.shown.push((nick.to_string(), text));
                }
                Output::Show(Shown::Said { text, .. }) => self.shown_mine.push(text),
                Output::Show(_) => {}
                Output::Hang | Output::GiveBack(_) | Output::End(_) => panic!("{output:?}"),
            }
        }
    }

    fn dial(&mut self) {
        self.wire = Some(Wire::default());
        self.input(Input::Connected);
    }

    fn append(&mut self, nick: &str, text: &str) -> usize {
        self.log.push((nick.to_owned(), text.to_owned()));
        let seq = self.log.len();
        if let Some(wire) = &mut self.wire
            && wire.entered
            && nick != "ana"
        {
            let number = if wire.numbered { format!("{seq} ") } else { String::new() };
            let line = format!("{number}[{nick}]: {text}");
            if self.order == Order::Overtaking {
                wire.slow.push_back(line);
            } else {
                wire.down.push_back(line);
            }
        }
        seq
    }

    /// The server takes one line. Says whether there was one.
    fn serve(&mut self) -> bool {
        let log_len = self.log.len();
        let Some(wire) = &mut self.wire else { return false };
        let Some(line) = wire.up.pop_front() else { return false };
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["--JOIN", ..] => {
                wire.entered = true;
                wire.down.push_back("[OK] - Entrou".to_owned());
            }
            ["--CURSOR"] => {
                wire.numbered = true;
                let last = if wire.entered { log_len } else { 0 };
                wire.down.push_back(format!("[OK] - Cursor {last}"));
            }
            ["--CURSOR", cursor] => self.catch_up(cursor.parse().unwrap()),
            _ => {
                let seq = self.append("ana", &line);
                self.unflushed.push_back(seq);
            }
        }
        true
    }

    fn catch_up(&mut self, cursor: usize) {
        let Some(wire) = &mut self.wire else { return };
        wire.numbered = true;
        let answer = format!("[OK] - Cursor {}", self.log.len());
        let missed = (cursor..self.log.len())
            .map(|at| (at + 1, &self.log[at]))
            .map(|(seq, (nick, text))| format!("{seq} [{nick}]: {text}"));
        match self.order {
            Order::First => {
                wire.down.push_back(answer);
                wire.down.extend(missed);
            }
            Order::Last => {
                wire.down.extend(missed);
                wire.down.push_back(answer);
            }
            Order::Overtaking => {
                wire.down.push_back(answer);
                wire.slow.extend(missed);
            }
        }
    }

    fn flush(&mut self) -> bool {
        let Some(seq) = self.unflushed.pop_front() else { return false };
        if let Some(wire) = &mut self.wire {
            wire.down.push_back(format!("[OK] - {seq}"));
        }
        true
    }

    fn deliver(&mut self, slow: bool) -> bool {
        let Some(wire) = &mut self.wire else { return false };
        let way = if slow { &mut wire.slow } else { &mut wire.down };
        let Some(line) = way.pop_front() else { return false };
        self.input(Input::Line(&line));
        true
    }
}
