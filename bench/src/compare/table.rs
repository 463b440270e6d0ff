//! One workload's figures, a row a server: medians, spreads, and ratios to the bare limit.

use std::fmt::Write as _;

use crate::compare::figures::{Figure, Figures, Unit};
use crate::compare::server::Kind;

/// The runs of one workload.
pub(crate) struct Table {
    title: String,
    rows: Vec<Row>,
}

/// The runs of one server.
struct Row {
    kind: Kind,
    runs: Vec<Figures>,
    failures: Vec<String>,
}

impl Table {
    /// No runs yet.
    pub(crate) fn new(name: &str, about: &str, runs: u32, servers: &[Kind]) -> Self {
        let rows = servers
            .iter()
            .map(|&kind| Row { kind, runs: Vec::new(), failures: Vec::new() })
            .collect();
        let times = if runs == 1 { "one run".to_owned() } else { format!("{runs} runs") };
        Self { title: format!("{name}: {about} ({times})"), rows }
    }

    /// One more run of a server.
    pub(crate) fn add(&mut self, kind: Kind, figures: Figures) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.kind == kind) {
            row.runs.push(figures);
        }
    }

    /// A run of a server that came to nothing.
    pub(crate) fn fail(&mut self, kind: Kind, why: &str) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.kind == kind) {
            row.failures.push(why.to_owned());
        }
    }

    /// What our own servers did wrong.
    pub(crate) fn wrongs(&self) -> impl Iterator<Item = String> {
        self.rows.iter().filter(|row| row.kind.is_ours()).flat_map(Row::notes)
    }

    /// For a terminal.
    pub(crate) fn text(&self) -> String {
        let lines = self.cells();
        let columns = lines.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns)
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut text = format!("{}\n", self.title);
        for line in &lines {
            for (index, (cell, &width)) in line.iter().zip(&widths).enumerate() {
                if index == 0 {
                    write!(text, "{cell:<width$}").expect("a string takes all");
                } else {
                    write!(text, "  {cell:>width$}").expect("a string takes all");
                }
            }
            text.push('\n');
        }
        for note in self.rows.iter().flat_map(Row::notes) {
            writeln!(text, "! {note}").expect("a string takes all");
        }
        text
    }

    /// For a document.
    pub(crate) fn markdown(&self) -> String {
        let lines = self.cells();
        let mut text = format!("**{}**\n\n", self.title);
        for (index, line) in lines.iter().enumerate() {
            writeln!(text, "| {} |", line.join(" | ")).expect("a string takes all");
            if index == 0 {
                let rest = " ---: |".repeat(line.len().saturating_sub(1));
                writeln!(text, "| --- |{rest}").expect("a string takes all");
            }
        }
        for note in self.rows.iter().flat_map(Row::notes) {
            writeln!(text, "\n{note}").expect("a string takes all");
        }
        text
    }

    /// The head and the rows; each figure has its median with the spread, and a ratio.
    fn cells(&self) -> Vec<Vec<String>> {
        let columns: Vec<(&'static str, Unit)> = self
            .rows
            .iter()
            .find_map(|row| row.runs.first())
            .map(|run| run.figures.iter().map(|figure| (figure.name, figure.unit)).collect())
            .unwrap_or_default();
        let base = self.rows.iter().find(|row| row.kind == Kind::Limit);
        let mut head = vec!["server".to_owned()];
        for (name, unit) in &columns {
            head.push((*name).to_owned());
            if base.is_some() && unit.has_ratio() {
                head.push("x".to_owned());
            }
        }
        let mut lines = vec![head];
        for row in &self.rows {
            let mut line = vec![row.kind.name().to_owned()];
            for (name, unit) in &columns {
                let values = row.values(name);
                line.push(spread(&values));
                if let Some(base) = base
                    && unit.has_ratio()
                {
                    line.push(ratio(&values, &base.values(name)));
                }
            }
            lines.push(line);
        }
        lines
    }
}

/// How often the other's median goes into this one's.
fn ratio(figures: &[Figure], others: &[Figure]) -> String {
    match (median(figures), median(others)) {
        (Some(mine), Some(other)) if other.value.abs() > f64::EPSILON => {
            format!("{:.2}", mine.value / other.value)
        }
        _ => "-".to_owned(),
    }
}

impl Row {
    fn values(&self, name: &str) -> Vec<Figure> {
        let all = self.runs.iter().flat_map(|run| &run.figures);
        all.copied().filter(|figure| figure.name == name).collect()
    }

    fn notes(&self) -> impl Iterator<Item = String> {
        let wrongs = self.runs.iter().map(|run| &run.wrong).filter(|wrong| !wrong.is_empty());
        wrongs.chain(&self.failures).map(|note| format!("{}: {note}", self.kind.name()))
    }
}

/// The middle one; of an even number the upper.
fn median(figures: &[Figure]) -> Option<Figure> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(|one, other| one.value.total_cmp(&other.value));
    sorted.get(sorted.len() / 2).copied()
}

/// The median, and how far the lowest and the highest are apart: half of it, in parts of it.
fn spread(figures: &[Figure]) -> String {
    let Some(middle) = median(figures) else { return "-".to_owned() };
    let text = middle.unit.text(middle.value);
    if figures.len() == 1 {
        return text;
    }
    let values = || figures.iter().map(|figure| figure.value);
    let lowest = values().fold(f64::INFINITY, f64::min);
    let highest = values().fold(f64::NEG_INFINITY, f64::max);
    let percent = 50.0 * (highest - lowest) / middle.value.abs();
    if percent.is_finite() { format!("{text} ±{percent:.0}%") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(value: f64, wrong: &str) -> Figures {
        let figures = vec![Figure { name: "deliveries/s", unit: Unit::Count, value }];
        Figures { figures, wrong: wrong.to_owned() }
    }

    #[test]
    fn a_row_has_median_spread_and_ratio() {
        let mut table = Table::new("x", "a load", 3, &[Kind::Limit, Kind::Papo, Kind::Nats]);
        for value in [1000.0, 900.0, 1100.0] {
            table.add(Kind::Limit, run(value, ""));
        }
        for value in [2000.0, 5000.0, 1000.0] {
            table.add(Kind::Papo, run(value, ""));
        }
        table.fail(Kind::Nats, "did not start");
        assert_eq!(
            table.text(),
            "x: a load (3 runs)\n\
             server  deliveries/s     x\n\
             limit      1000 ±10%  1.00\n\
             papo      2000 ±100%  2.00\n\
             NATS               -     -\n\
             ! NATS: did not start\n"
        );
        assert!(table.markdown().contains("| papo | 2000 ±100% | 2.00 |\n"));
        assert_eq!(table.wrongs().count(), 0, "a peer's failure is not ours");
    }

    #[test]
    fn what_ours_do_wrong_is_told() {
        let mut table = Table::new("x", "a load", 1, &[Kind::Papo]);
        table.add(Kind::Papo, run(1.0, "2 lost"));
        assert_eq!(table.wrongs().collect::<Vec<_>>(), ["papo: 2 lost"]);
        assert!(table.text().contains("papo               1\n! papo: 2 lost\n"));
    }
}
