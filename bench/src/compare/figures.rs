//! What a run is judged by.

use crate::append::Appended;
use crate::compare::seconds;
use crate::histogram::Histogram;
use crate::idle::{self, Idleness};
use crate::process::Sample;
use crate::report::Report;
use crate::resume::Resumed;
use crate::storm::Storm;

/// A figure's kind: how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Things a second, or only things.
    Count,
    /// Nanoseconds.
    Time,
    /// Seconds of CPU time.
    Cpu,
    /// Parts of one core.
    Share,
    Bytes,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: Unit,
    pub(crate) value: f64,
}

/// One run's figures, and what was wrong with it.
pub(crate) struct Figures {
    pub(crate) figures: Vec<Figure>,
    /// Empty: nothing.
    pub(crate) wrong: String,
}

impl Figures {
    fn new(wrongs: &[(&str, u64)]) -> Self {
        let wrong: Vec<String> = wrongs
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{count} {name}"))
            .collect();
        Self { figures: Vec::new(), wrong: wrong.join(", ") }
    }

    fn add(&mut self, name: &'static str, unit: Unit, value: f64) {
        self.figures.push(Figure { name, unit, value });
    }

    fn add_latency(&mut self, latency: &Histogram) {
        self.add("p50", Unit::Time, latency.quantile(50_000) as f64);
        self.add("p99", Unit::Time, latency.quantile(99_000) as f64);
        self.add("max", Unit::Time, latency.max() as f64);
    }

    /// A load's.
    pub(crate) fn of_load(report: &Report) -> Self {
        let (outcome, load) = (&report.outcome, &report.load);
        let faults = outcome.faults;
        let mut figures = Self::new(&[
            ("lost", faults.lost),
            ("doubled", faults.duplicated),
            ("out of order", faults.out_of_order),
            ("in the wrong room", outcome.misrouted),
            ("refused", outcome.refused),
            ("closed", outcome.closed),
        ]);
        let time = load.seconds as f64;
        figures.add("deliveries/s", Unit::Count, outcome.delivered as f64 / time);
        if let Some([before, from, to]) = &report.server {
            let cpu = seconds(to.cpu().saturating_sub(from.cpu()));
            figures.add("per CPU s", Unit::Count, outcome.delivered as f64 / cpu);
            figures.add("CPU", Unit::Share, cpu / time);
            figures.add_latency(&outcome.latency);
            figures.add("memory", Unit::Bytes, to.anon as f64);
            if load.idle > 0 {
                let people = load.people_a_room() * load.rooms + load.idle;
                let each = idle::each(before.anon, from.anon, people.into());
                figures.add("a connection", Unit::Bytes, each);
            }
        } else {
            figures.add_latency(&outcome.latency);
        }
        figures
    }

    /// Idle connections'.
    pub(crate) fn of_idleness(idleness: &Idleness) -> Self {
        let mut figures = Self::new(&[]);
        if let Some([before, there, after]) = &idleness.samples {
            let each = idle::each(before.anon, there.anon, idleness.connections);
            figures.add("a connection", Unit::Bytes, each);
            figures.add("before", Unit::Bytes, before.anon as f64);
            figures.add("with them", Unit::Bytes, there.anon as f64);
            figures.add("after", Unit::Bytes, after.anon as f64);
        }
        if let Some(cpu) = idleness.cpu_at_rest {
            figures.add("CPU at rest", Unit::Share, seconds(cpu));
        }
        figures
    }

    /// A storm's.
    pub(crate) fn of_storm(storm: &Storm) -> Self {
        let mut figures = Self::new(&[]);
        figures.add("until all are in", Unit::Time, storm.time.as_nanos() as f64);
        if let Some([before, after]) = &storm.samples {
            figures.add("CPU s", Unit::Cpu, cpu(before, after));
            figures.add("memory", Unit::Bytes, after.anon as f64);
        }
        figures
    }

    /// Appends', where a flush of the disk takes so many nanoseconds.
    pub(crate) fn of_appends(appended: &Appended, time: f64, flush: f64) -> Self {
        let mut figures = Self::new(&[
            ("never acknowledged", appended.lost),
            ("out of order", appended.out_of_order),
            ("refused", appended.refused),
        ]);
        figures.add("kept/s", Unit::Count, appended.kept as f64 / time);
        if let Some([from, to]) = &appended.samples {
            figures.add("per CPU s", Unit::Count, appended.kept as f64 / cpu(from, to));
            figures.add("CPU", Unit::Share, cpu(from, to) / time);
        }
        figures.add_latency(&appended.latency);
        figures.add("a flush", Unit::Time, flush);
        if let Some([_, to]) = &appended.samples {
            figures.add("memory", Unit::Bytes, to.anon as f64);
        }
        figures
    }

    /// Those who came back.
    pub(crate) fn of_resumed(resumed: &Resumed, messages: f64) -> Self {
        let faults = resumed.faults;
        let mut figures = Self::new(&[
            ("lost", faults.lost),
            ("doubled", faults.duplicated),
            ("out of order", faults.out_of_order),
        ]);
        figures.add("until all are in", Unit::Time, resumed.entering.as_nanos() as f64);
        figures.add("caught up", Unit::Time, resumed.catching_up.as_nanos() as f64);
        figures.add("deliveries/s", Unit::Count, messages / seconds(resumed.catching_up));
        if let Some([before, after]) = &resumed.samples {
            figures.add("CPU s", Unit::Cpu, cpu(before, after));
            figures.add("memory", Unit::Bytes, after.anon as f64);
        }
        figures.add("p50", Unit::Time, resumed.latency.quantile(50_000) as f64);
        figures
    }
}

fn cpu(from: &Sample, to: &Sample) -> f64 {
    seconds(to.cpu().saturating_sub(from.cpu()))
}

impl Unit {
    /// Whether it says something how often it is the bare limit's: the limit has no memory.
    pub(crate) fn has_ratio(self) -> bool {
        self != Self::Bytes
    }

    /// A value as people read it.
    pub(crate) fn text(self, value: f64) -> String {
        match self {
            Self::Count if value >= 10_000.0 => format!("{:.0} k", value / 1e3),
            Self::Count => format!("{value:.0}"),
            Self::Time if value >= 1e9 => format!("{:.2} s", value / 1e9),
            Self::Time if value >= 1e6 => format!("{:.2} ms", value / 1e6),
            Self::Time => format!("{:.0} us", value / 1e3),
            Self::Cpu => format!("{value:.2} s"),
            Self::Share => format!("{:.1} %", value * 100.0),
            Self::Bytes if value.abs() >= f64::from(1 << 20) => {
                format!("{:.1} MiB", value / f64::from(1 << 20))
            }
            Self::Bytes => format!("{value:.0} B"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_well() {
        for (unit, value, text) in [
            (Unit::Count, 9_999.0, "9999"),
            (Unit::Count, 1_234_567.0, "1235 k"),
            (Unit::Time, 1_500.0, "2 us"),
            (Unit::Time, 2.5e6, "2.50 ms"),
            (Unit::Time, 2.5e9, "2.50 s"),
            (Unit::Cpu, 0.5, "0.50 s"),
            (Unit::Share, 0.5, "50.0 %"),
            (Unit::Bytes, 850.0, "850 B"),
            (Unit::Bytes, 3e6, "2.9 MiB"),
        ] {
            assert_eq!(unit.text(value), text);
        }
    }

    #[test]
    fn only_what_is_wrong_is_told() {
        assert_eq!(Figures::new(&[("lost", 0)]).wrong, "");
        assert_eq!(Figures::new(&[("lost", 2), ("x", 0), ("closed", 1)]).wrong, "2 lost, 1 closed");
    }
}
