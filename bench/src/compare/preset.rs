//! The workloads by name: what a room server is asked for, from a quiet room to a storm.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::append::{self, Appending};
use crate::args::{Idle, Load, Target};
use crate::compare::figures::Figures;
use crate::compare::seconds;
use crate::compare::server::{Kind, Running};
use crate::{idle, load, resume, storm};

/// Bytes of a text, as people write them.
const SIZE: usize = 64;

/// Connections a source address: below the ports it has, and below what servers allow.
const PER_SOURCE: u32 = 1000;

/// A workload.
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    work: Work,
}

/// What is done.
enum Work {
    Load(Shape),
    Idle { connections: u32 },
    Storm { members: u32 },
    Append { writers: u32, window: usize },
    Resume { clients: u32, messages: u32 },
}

/// A load's numbers, as in [`Load`].
struct Shape {
    rooms: u32,
    members: u32,
    publishers: u16,
    /// Messages a second; 0: as many as the window lets through.
    rate: f64,
    window: u32,
    stuck: u32,
    idle: u32,
}

/// One room at saturation, a message of each publisher on its way.
const ROOM: Shape =
    Shape { rooms: 1, members: 100, publishers: 10, rate: 0.0, window: 1, stuck: 0, idle: 0 };

/// A quiet room of 100 with a message each 20 ms.
const LIVE_ROOM: Shape = Shape { publishers: 1, rate: 50.0, ..ROOM };

/// A thousand rooms of ten; a delivery is a message to one of the other nine.
const ROOMS: Shape = Shape { rooms: 1000, members: 10, publishers: 1, ..ROOM };

/// All workloads. A letter is a family.
pub(crate) const ALL: &[Preset] = &[
    Preset {
        name: "a-one",
        about: "1 room of 100, one message at a time",
        work: Work::Load(Shape { publishers: 1, ..ROOM }),
    },
    Preset {
        name: "a-100",
        about: "1 room of 100, 10 publishers, saturated",
        work: Work::Load(ROOM),
    },
    Preset {
        name: "a-1000",
        about: "1 room of 1,000, 10 publishers, saturated",
        work: Work::Load(Shape { members: 1000, ..ROOM }),
    },
    Preset {
        name: "a-5000",
        about: "1 room of 5,000, 10 publishers, saturated",
        work: Work::Load(Shape { members: 5000, ..ROOM }),
    },
    Preset {
        name: "a-deep",
        about: "1 room of 1,000, 10 publishers with 10 messages each on their way",
        work: Work::Load(Shape { members: 1000, window: 10, ..ROOM }),
    },
    Preset {
        name: "a-rate",
        about: "1 room of 1,000, 50 messages/s",
        work: Work::Load(Shape { members: 1000, rate: 50.0, ..ROOM }),
    },
    Preset {
        name: "b-20k",
        about: "1,000 rooms of 10, 20,000 deliveries/s",
        work: Work::Load(Shape { rate: 20_000.0 / 9.0, ..ROOMS }),
    },
    Preset {
        name: "b-50k",
        about: "1,000 rooms of 10, 50,000 deliveries/s",
        work: Work::Load(Shape { rate: 50_000.0 / 9.0, ..ROOMS }),
    },
    Preset {
        name: "c-5000",
        about: "5,000 idle connections",
        work: Work::Idle { connections: 5000 },
    },
    Preset {
        name: "c-19000",
        about: "19,000 idle connections",
        work: Work::Idle { connections: 19_000 },
    },
    Preset {
        name: "c-live-0",
        about: "a live room of 100, 50 messages/s, and nobody else",
        work: Work::Load(LIVE_ROOM),
    },
    Preset {
        name: "c-live-5000",
        about: "the live room beside 5,000 idle connections",
        work: Work::Load(Shape { idle: 5000, ..LIVE_ROOM }),
    },
    Preset {
        name: "c-live-19000",
        about: "the live room beside 19,000 idle connections",
        work: Work::Load(Shape { idle: 19_000, ..LIVE_ROOM }),
    },
    Preset {
        name: "d-1000",
        about: "1,000 clients connect and enter one room",
        work: Work::Storm { members: 1000 },
    },
    Preset {
        name: "d-5000",
        about: "5,000 clients connect and enter one room",
        work: Work::Storm { members: 5000 },
    },
    Preset {
        name: "e-stuck",
        about: "a-100 with one more member, who never reads",
        work: Work::Load(Shape { stuck: 1, ..ROOM }),
    },
    Preset {
        name: "f-append",
        about: "100 writers, each message acknowledged when it is on the disk, one at a time",
        work: Work::Append { writers: 100, window: 1 },
    },
    Preset {
        name: "f-deep",
        about: "the same, 16 of each writer on their way",
        work: Work::Append { writers: 100, window: 16 },
    },
    Preset {
        name: "g-resume",
        about: "10,000 clients come back and catch up on 100 messages each",
        work: Work::Resume { clients: 10_000, messages: 100 },
    },
];

/// How long a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    warmup: u64,
    seconds: u64,
    settle: u64,
}

impl Scale {
    /// The usual, or quick; `seconds` are measured, if they are given.
    pub(crate) fn new(is_quick: bool, seconds: Option<u64>) -> Self {
        let usual = if is_quick {
            Self { warmup: 1, seconds: 2, settle: 2 }
        } else {
            Self { warmup: 2, seconds: 8, settle: 12 }
        };
        Self { seconds: seconds.unwrap_or(usual.seconds).max(1), ..usual }
    }
}

/// The workloads of these names, or of the names that begin so; all, if nothing is asked for.
///
/// # Errors
///
/// None is called so.
pub(crate) fn chosen(asked: &[String]) -> Result<Vec<&'static Preset>> {
    let fits = |preset: &Preset, name: &String| {
        let is_whole = ALL.iter().any(|preset| preset.name == name);
        if is_whole { preset.name == name } else { preset.name.starts_with(name) }
    };
    if let Some(unknown) = asked.iter().find(|name| !ALL.iter().any(|preset| fits(preset, name))) {
        bail!("no workload is called {unknown:?} or begins so; --list says which there are");
    }
    let is_chosen =
        |preset: &&Preset| asked.is_empty() || asked.iter().any(|name| fits(preset, name));
    Ok(ALL.iter().filter(is_chosen).collect())
}

impl Preset {
    /// Whether a server can do it: only papo acknowledges what it keeps, and only papo, and the
    /// bare limit in its fashion, let members catch up.
    pub(crate) fn suits(&self, kind: Kind) -> bool {
        match self.work {
            Work::Load(_) | Work::Idle { .. } | Work::Storm { .. } => true,
            Work::Append { .. } => kind == Kind::Papo,
            Work::Resume { .. } => matches!(kind, Kind::Limit | Kind::Papo),
        }
    }

    /// Does it once.
    ///
    /// # Errors
    ///
    /// The server does not let everyone in.
    pub(crate) fn measure(&self, server: &Running, scale: Scale) -> Result<Figures> {
        let target = Target {
            addr: server.address,
            protocol: server.kind.protocol(),
            pid: Some(server.pid()),
            per_source: PER_SOURCE,
            at_once: server.kind.at_once(),
            json: false,
        };
        match &self.work {
            Work::Load(shape) => Ok(Figures::of_load(&load::measure(&shape.load(target, scale))?)),
            &Work::Idle { connections } => {
                let settle = scale.settle;
                Ok(Figures::of_idleness(&idle::measure(&Idle {
                    target,
                    connections,
                    members: 0,
                    settle,
                })?))
            }
            &Work::Storm { members } => Ok(Figures::of_storm(&storm::measure(&target, members)?)),
            &Work::Append { writers, window } => {
                let flush = flush_time(server)?;
                let time = Duration::from_secs(scale.seconds);
                let appending = Appending {
                    writers,
                    window,
                    size: SIZE,
                    warmup: Duration::from_secs(scale.warmup),
                    time,
                    drain: Duration::from_secs(10),
                };
                let appended = append::measure(&target, appending)?;
                Ok(Figures::of_appends(&appended, seconds(time), flush.as_nanos() as f64))
            }
            &Work::Resume { clients, messages } => {
                let resumed = resume::measure(&target, clients, messages, SIZE)?;
                let deliveries = f64::from(clients) * f64::from(messages);
                Ok(Figures::of_resumed(&resumed, deliveries))
            }
        }
    }
}

impl Shape {
    fn load(&self, target: Target, scale: Scale) -> Load {
        Load {
            target,
            rooms: self.rooms,
            members: self.members,
            publishers: self.publishers,
            stuck: self.stuck,
            rate: self.rate,
            window: self.window,
            size: SIZE,
            seconds: scale.seconds,
            warmup: scale.warmup,
            drain: 20,
            idle: self.idle,
            threads: 1,
        }
    }
}

/// What the disk under the server's data needs to make a commit of some size durable: the median.
fn flush_time(server: &Running) -> Result<Duration> {
    const COMMIT: [u8; 16 << 10] = [b'x'; 16 << 10];
    const TIMES: usize = 51;

    let path = server.folder.join("flush");
    let mut file = File::create(&path)?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        file.write_all(&COMMIT)?;
        let started = Instant::now();
        file.sync_data()?;
        times.push(started.elapsed());
    }
    std::fs::remove_file(path)?;
    times.sort_unstable();
    Ok(times[TIMES / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_are_chosen_by_name_or_by_how_it_begins() {
        let names = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(ToString::to_string).collect();
            chosen(&asked).map(|all| all.iter().map(|preset| preset.name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).unwrap().len(), ALL.len());
        assert_eq!(names(&["b", "g-r"]).unwrap(), ["b-20k", "b-50k", "g-resume"]);
        assert_eq!(names(&["a-100"]).unwrap(), ["a-100"]);
        assert!(names(&["b", "x"]).is_err());
    }
}
