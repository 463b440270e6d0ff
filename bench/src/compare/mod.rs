//! papo beside its peers and the bare limit: the same work for each, in turns.
//!
//! Every run has a server of its own, started with an empty folder on a core of its own. The runs
//! of one workload go round: each server once, then each once more, so that what else the machine
//! does meets all of them. Figures are medians, with their spread.

mod figures;
mod preset;
mod server;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use rustix::thread::CpuSet;

use figures::Figures;
use preset::{Preset, Scale};
use server::{Kind, Running};
use table::Table;

/// A comparison.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Compare {
    /// Workloads, or the beginnings of their names; none: all.
    presets: Vec<String>,
    /// Says which workloads there are.
    #[arg(long)]
    list: bool,
    /// A few seconds each, once: to see that all works, not how well.
    #[arg(long)]
    quick: bool,
    /// Runs of each server and workload [default: 5, or 1 with --quick].
    #[arg(long)]
    runs: Option<u32>,
    /// Seconds of load that are measured [default: 8, or 2 with --quick].
    #[arg(long)]
    seconds: Option<u64>,
    /// Only these servers.
    #[arg(long, value_enum, value_delimiter = ',')]
    servers: Vec<Kind>,
    /// papo's program [default: beside this one].
    #[arg(long)]
    papo: Option<PathBuf>,
    /// Where the servers keep their data, on the disk that is meant [default: beside the program].
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Leaves both sides on all cores.
    #[arg(long)]
    unpinned: bool,
    /// Writes the tables in Markdown too.
    #[arg(long)]
    markdown: Option<PathBuf>,
}

/// Compares, and prints a table for each workload.
///
/// # Errors
///
/// A workload is unknown, a server does not start, or papo or the limit does something wrong.
pub(crate) fn run(compare: &Compare) -> Result<()> {
    if compare.list {
        for preset in preset::ALL {
            println!("{:<14} {}", preset.name, preset.about);
        }
        return Ok(());
    }
    let presets = preset::chosen(&compare.presets)?;
    let servers = servers(compare)?;
    let cores = if compare.unpinned { None } else { cores()? };
    let mut markdown = String::new();
    let mut wrong = Vec::new();
    println!("{}", machine(cores.is_some()));
    for preset in presets {
        let table = measure(compare, preset, &servers, cores.as_ref());
        println!("\n{}", table.text());
        markdown += &table.markdown();
        markdown.push('\n');
        wrong.extend(table.wrongs().map(|wrong| format!("{}: {wrong}", preset.name)));
        // Written after each, so that what was measured stays when the next is broken off.
        if let Some(path) = &compare.markdown {
            let text = format!("{}\n\n{markdown}", machine(cores.is_some()));
            std::fs::write(path, text).with_context(|| path.display().to_string())?;
        }
    }
    if !wrong.is_empty() {
        bail!("not as it should be:\n{}", wrong.join("\n"));
    }
    Ok(())
}

/// The servers that are compared: those asked for, as far as they are installed.
fn servers(compare: &Compare) -> Result<Vec<Kind>> {
    let wanted = if compare.servers.is_empty() { Kind::ALL } else { &compare.servers };
    let (there, missing): (Vec<Kind>, Vec<Kind>) =
        wanted.iter().partition(|kind| kind.program(compare.papo.as_deref()).is_some());
    for kind in missing {
        eprintln!("{} is not installed, and left out", kind.name());
    }
    if there.is_empty() {
        bail!("there is no server to measure");
    }
    Ok(there)
}

/// Runs one workload on all servers that can do it.
fn measure(
    compare: &Compare,
    preset: &Preset,
    servers: &[Kind],
    cores: Option<&[CpuSet; 2]>,
) -> Table {
    let scale = Scale::new(compare.quick, compare.seconds);
    let runs = compare.runs.unwrap_or(if compare.quick { 1 } else { 5 });
    let able: Vec<Kind> = servers.iter().copied().filter(|kind| preset.suits(*kind)).collect();
    let mut table = Table::new(preset.name, preset.about, runs, &able);
    for run in 0..runs {
        for &kind in &able {
            eprint!("\r{}, run {} of {runs}: {:<16}", preset.name, run + 1, kind.name());
            match once(compare, preset, kind, scale, cores) {
                Ok(figures) => table.add(kind, figures),
                // A peer that cannot do it is a result; the others go on.
                Err(error) => table.fail(kind, &format!("{error:#}")),
            }
        }
    }
    eprint!("\r{:<60}\r", "");
    table
}

fn once(
    compare: &Compare,
    preset: &Preset,
    kind: Kind,
    scale: Scale,
    cores: Option<&[CpuSet; 2]>,
) -> Result<Figures> {
    let folder = match &compare.folder {
        Some(folder) => folder.clone(),
        None => std::env::current_exe()?.with_file_name("bench-data"),
    };
    // A child has its parent's core, with all its threads, from its first instruction on.
    if let Some([server, _]) = cores {
        rustix::thread::sched_setaffinity(None, server)?;
    }
    let running = Running::start(kind, compare.papo.as_deref(), &folder);
    if let Some([_, generator]) = cores {
        rustix::thread::sched_setaffinity(None, generator)?;
    }
    preset.measure(&running?, scale)
}

/// A core for the server and one for the generator; `None` where there is only one.
fn cores() -> Result<Option<[CpuSet; 2]>> {
    let allowed = rustix::thread::sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core)).map(|core| {
        let mut set = CpuSet::new();
        set.set(core);
        set
    });
    Ok(cores.next().zip(cores.next()).map(<[CpuSet; 2]>::from))
}

/// What it is measured on.
fn machine(is_pinned: bool) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let release = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    format!(
        "{model}, {cores} cores, Linux {}; {}; load before: {}",
        release.trim(),
        if is_pinned { "server and generator on a core each" } else { "not pinned" },
        load.split(' ').next().unwrap_or_default(),
    )
}

/// A span in seconds.
fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}
