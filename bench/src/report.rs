//! What came of a run, for people and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::args::Load;
use crate::driver::Outcome;
use crate::process::Sample;

/// Quantiles that are told, in parts of 100,000.
const QUANTILES: [(&str, u64); 4] =
    [("p50", 50_000), ("p90", 90_000), ("p99", 99_000), ("p99.9", 99_900)];

/// A share of one CPU above which a generator's thread may be what limits.
const BUSY: f64 = 0.9;

/// A run's figures.
pub(crate) struct Report {
    pub(crate) load: Load,
    pub(crate) outcome: Outcome,
    /// Before anyone came in, and at the two ends of what was measured.
    pub(crate) server: Option<[Sample; 3]>,
    /// The generator's own CPU time while it was measured.
    pub(crate) own_cpu: Duration,
}

impl Report {
    /// One line of JSON.
    pub(crate) fn json(&self) -> Value {
        let (load, outcome) = (&self.load, &self.outcome);
        let faults = outcome.faults;
        let mut latency = json!({
            "count": outcome.latency.count(),
            "max": micros(outcome.latency.max()),
        });
        for (name, per_100k) in QUANTILES {
            latency[name] = json!(micros(outcome.latency.quantile(per_100k)));
        }
        json!({
            "rooms": load.rooms,
            "members": load.members,
            "publishers": load.publishers_a_room(),
            "idle": load.idle,
            "rate": load.rate,
            "window": load.window,
            "size": load.size,
            "seconds": load.seconds,
            "messages_per_s": self.a_second(outcome.sent),
            "deliveries_per_s": self.a_second(outcome.delivered),
            "delivered_bytes_per_s": self.a_second(outcome.delivered_bytes),
            "latency_us": latency,
            "lost": faults.lost,
            "duplicated": faults.duplicated,
            "out_of_order": faults.out_of_order,
            "refused": outcome.refused,
            "first_refusal": outcome.first_refusal,
            "closed": outcome.closed,
            "misrouted": outcome.misrouted,
            "generator_cpu_s": self.own_cpu.as_secs_f64(),
            "server": self.server.as_ref().map(|samples| self.server_json(samples)),
        })
    }

    fn server_json(&self, [before, from, to]: &[Sample; 3]) -> Value {
        let cpu = to.cpu().saturating_sub(from.cpu()).as_secs_f64();
        json!({
            "cpu_s": cpu,
            "cpu_user_s": to.user.saturating_sub(from.user).as_secs_f64(),
            "cpu_system_s": to.system.saturating_sub(from.system).as_secs_f64(),
            "deliveries_per_cpu_s": self.outcome.delivered as f64 / cpu,
            "rss_bytes": to.rss,
            "rss_peak_bytes": to.rss_peak,
            "rss_bytes_before": before.rss,
            "anon_bytes": to.anon,
            "anon_bytes_before": before.anon,
            "pss_bytes": to.pss,
        })
    }

    /// A table.
    pub(crate) fn table(&self) -> String {
        let (load, outcome) = (&self.load, &self.outcome);
        let mut rows = Rows::default();
        rows.add(
            "load",
            format!(
                "{} rooms of {} members, {} publishers each, {} bytes, {} idle, {} s",
                load.rooms,
                load.members,
                load.publishers_a_room(),
                load.size,
                load.idle,
                load.seconds
            ),
        );
        rows.add("messages/s", whole(self.a_second(outcome.sent)));
        rows.add("deliveries/s", whole(self.a_second(outcome.delivered)));
        let megabytes = self.a_second(outcome.delivered_bytes) / 1e6;
        rows.add("delivered MB/s", format!("{megabytes:.1}"));
        for (name, per_100k) in QUANTILES {
            rows.add(&format!("latency {name}"), time(outcome.latency.quantile(per_100k)));
        }
        rows.add("latency max", time(outcome.latency.max()));
        let faults = outcome.faults;
        rows.add("lost", faults.lost.to_string());
        rows.add("duplicated", faults.duplicated.to_string());
        rows.add("out of order", faults.out_of_order.to_string());
        rows.add("in the wrong room", outcome.misrouted.to_string());
        if let Some(first) = &outcome.first_refusal {
            rows.add(
                "refused",
                format!("{} (lost to all their receivers), first: {first}", outcome.refused),
            );
        }
        if outcome.closed > 0 {
            rows.add("closed by server", outcome.closed.to_string());
        }
        if let Some(samples) = &self.server {
            self.server_rows(samples, &mut rows);
        }
        let busy = self.own_cpu.as_secs_f64() / load.seconds as f64;
        rows.add("generator CPU", format!("{:.0} % of one core", busy * 100.0));
        if busy > BUSY * f64::from(load.threads) {
            rows.add("note", "the generator itself may be what limits: more --threads");
        }
        rows.text
    }

    fn server_rows(&self, [before, from, to]: &[Sample; 3], rows: &mut Rows) {
        let cpu = to.cpu().saturating_sub(from.cpu()).as_secs_f64();
        let system = to.system.saturating_sub(from.system).as_secs_f64();
        rows.add("server CPU", format!("{cpu:.2} s, {system:.2} s of it in the kernel"));
        rows.add("deliveries/CPU s", whole(self.outcome.delivered as f64 / cpu));
        rows.add("server RSS", format!("{}, {} before", mebibytes(to.rss), mebibytes(before.rss)));
        rows.add("server RSS peak", mebibytes(to.rss_peak));
        let anon = format!("{}, {} before", mebibytes(to.anon), mebibytes(before.anon));
        rows.add("server anonymous", anon);
        if let Some(pss) = to.pss {
            rows.add("server PSS", mebibytes(pss));
        }
    }

    fn a_second(&self, count: u64) -> f64 {
        count as f64 / self.load.seconds as f64
    }
}

/// Names and figures, one pair a line.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) text: String,
}

impl Rows {
    /// One more line.
    pub(crate) fn add(&mut self, name: &str, figure: impl AsRef<str>) {
        writeln!(self.text, "{name:<18} {}", figure.as_ref()).expect("a string takes all");
    }
}

/// Bytes as people read them.
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.2} MiB", bytes as f64 / f64::from(1 << 20))
}

fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1e3
}

fn time(nanos: u64) -> String {
    match nanos {
        0..1_000_000 => format!("{:.0} us", nanos as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.2} ms", nanos as f64 / 1e6),
        _ => format!("{:.2} s", nanos as f64 / 1e9),
    }
}

/// A whole number in groups of three digits.
fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        for (number, text) in [(0.0, "0"), (999.4, "999"), (1000.0, "1,000"), (1.5e6, "1,500,000")]
        {
            assert_eq!(whole(number), text);
        }
        for (nanos, text) in [(1_500, "2 us"), (1_500_000, "1.50 ms"), (2_000_000_000, "2.00 s")] {
            assert_eq!(time(nanos), text);
        }
        assert_eq!(mebibytes(3 << 19), "1.50 MiB");
    }
}
