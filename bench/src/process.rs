//! What a process has used, from `/proc`.

use std::time::Duration;

use anyhow::{Context as _, Result};

/// A process at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sample {
    /// CPU time in its own code.
    pub(crate) user: Duration,
    /// CPU time in the kernel for it.
    pub(crate) system: Duration,
    /// Resident bytes.
    pub(crate) rss: u64,
    /// Resident bytes at most, so far.
    pub(crate) rss_peak: u64,
    /// Resident bytes of its own, not of files.
    pub(crate) anon: u64,
    /// Resident bytes, each page divided by the processes that share it; where it may be read.
    pub(crate) pss: Option<u64>,
}

impl Sample {
    /// Reads what a process has used so far.
    ///
    /// # Errors
    ///
    /// There is no such process, or no `/proc`.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let read = |file: &str| {
            let path = format!("/proc/{pid}/{file}");
            std::fs::read_to_string(&path).context(path)
        };
        let (user, system) = cpu_time(&read("stat")?).context("/proc/PID/stat reads otherwise")?;
        let status = read("status")?;
        Ok(Self {
            user,
            system,
            rss: kilobytes(&status, "VmRSS:").unwrap_or(0),
            rss_peak: kilobytes(&status, "VmHWM:").unwrap_or(0),
            anon: kilobytes(&status, "RssAnon:").unwrap_or(0),
            pss: read("smaps_rollup").ok().and_then(|text| kilobytes(&text, "Pss:")),
        })
    }

    /// CPU time in all.
    pub(crate) fn cpu(&self) -> Duration {
        self.user + self.system
    }
}

fn cpu_time(stat: &str) -> Option<(Duration, Duration)> {
    // The program's name, in brackets, may hold anything; what follows its last bracket does not.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || {
        let ticks: u64 = fields.next()?.parse().ok()?;
        Some(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
    };
    Some((ticks()?, ticks()?))
}

/// The bytes of a line such as `VmRSS:      1024 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_understood() {
        let stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 999 0";
        let second = Duration::from_secs(1);
        let ticks = u32::try_from(rustix::param::clock_ticks_per_second()).unwrap();
        let (user, system) = cpu_time(stat).unwrap();
        assert_eq!((user, system), (second * 250 / ticks, second * 50 / ticks));
        assert_eq!(cpu_time("42 (x) S"), None);

        let status = "VmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(1 << 20));
        assert_eq!(kilobytes(status, "Pss:"), None);
    }

    #[test]
    fn this_process_can_be_read() {
        let sample = Sample::of(std::process::id()).unwrap();
        assert!(sample.rss > 0 && sample.rss_peak >= sample.rss && sample.anon > 0);
        assert!(Sample::of(u32::MAX).is_err());
    }
}
