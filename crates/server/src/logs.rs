//! The server's log lines: for people or for machines, on standard error.
//!
//! What is logged is chosen where it is logged; the rule for all is that what people say to each
//! other, and what they prove who they are with, is never logged.

use std::io;

use tracing::Subscriber;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Log, LogFormat};

/// Sends the log lines of the whole program to standard error.
///
/// # Errors
///
/// If that was done before in this process.
pub(crate) fn start(log: &Log, colour: bool) -> Result<(), SetGlobalDefaultError> {
    tracing::subscriber::set_global_default(subscriber(log, colour, io::stderr))
}

fn subscriber<W>(log: &Log, colour: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&log.level.0).expect("the settings were checked");
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match log.format {
        LogFormat::Auto | LogFormat::Human => Box::new(lines.with_ansi(colour).finish()),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(true);
            Box::new(lines.with_span_list(false).finish())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::config::LogFilter;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str, colour: bool) -> String {
        let (written, log) = (Written::default(), Log { format, level: LogFilter(level.into()) });
        let writer = written.clone();
        tracing::subscriber::with_default(subscriber(&log, colour, move || writer.clone()), || {
            tracing::info!(room = "praia\u{1b}[2J", members = 3, "a room was\u{1b}[2J created");
            tracing::debug!("what only a developer wants to know");
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn people_get_a_line_and_nobody_writes_to_their_terminal() {
        let text = logged(LogFormat::Auto, "info", false);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains(" INFO ") && text.contains("members=3"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        let coloured = logged(LogFormat::Human, "info", true);
        assert!(coloured.contains("\u{1b}[32m INFO\u{1b}[0m"), "{coloured:?}");
        assert!(!coloured.contains("\u{1b}[2J"), "{coloured:?}");
    }

    #[test]
    fn machines_get_an_object_a_line() {
        let text = logged(LogFormat::Json, "debug", true);
        assert_eq!(text.lines().count(), 2, "{text}");
        let line = text.lines().next().unwrap();
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
        assert!(line.contains(r#""level":"INFO""#) && line.contains(r#""members":3"#), "{line}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn the_filter_holds() {
        assert_eq!(logged(LogFormat::Auto, "off", false), "");
        assert_eq!(logged(LogFormat::Auto, "error,other=trace", false), "");
        assert_eq!(logged(LogFormat::Auto, "info", false).lines().count(), 1);
        assert_eq!(logged(LogFormat::Auto, "debug", false).lines().count(), 2);
    }
}
