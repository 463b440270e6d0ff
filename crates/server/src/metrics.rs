//! What the server counts, and how Prometheus reads it (`OpenMetrics` 1.0).
//!
//! Counters on hot paths have one writer each, so that counting costs a plain store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::EncodeMetric as _;
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// A number with one writing thread and any number of readers.
#[derive(Debug, Default)]
pub(crate) struct Single(AtomicU64);

impl Single {
    /// Adds; only its one writer may.
    pub(crate) fn add(&self, more: u64) {
        self.0.store(self.0.load(Ordering::Relaxed) + more, Ordering::Relaxed);
    }

    /// Takes away; only its one writer may.
    pub(crate) fn sub(&self, less: u64) {
        self.0.store(self.0.load(Ordering::Relaxed).saturating_sub(less), Ordering::Relaxed);
    }

    /// Sets; only its one writer may.
    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Its value.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

macro_rules! metrics {
    ($(#[$doc:meta])* $name:ident {
        $($field:ident: $kind:ident $metric:literal $help:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(crate) struct $name {
            $(#[doc = $help] pub(crate) $field: Single,)*
        }

        impl $name {
            /// Name, help, whether it counts up only, and the sum over `parts`.
            fn sums<'p>(parts: impl Iterator<Item = &'p Self> + Clone)
                -> Vec<(&'static str, &'static str, Kind, u64)>
            {
                vec![$((
                    $metric,
                    $help,
                    Kind::$kind,
                    parts.clone().map(|part| part.$field.get()).sum(),
                ),)*]
            }
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

metrics! {
    /// Written by the hub.
    HubMetrics {
        rooms: Gauge "papo_rooms" "Rooms there are",
        present: Gauge "papo_present" "Sessions that have a nick",
        messages: Counter "papo_messages" "Messages appended to the log",
        appends: Counter "papo_appends" "Commits of the log",
        refused: Counter "papo_refused" "Commands and messages refused",
        log_refusals: Counter "papo_log_refusals" "Appends that the log refused",
        whispers: Counter "papo_whispers" "Private messages passed on",
        rooms_expired: Counter "papo_rooms_expired" "Rooms removed because they were forgotten",
        trimmed: Counter "papo_messages_trimmed" "Messages removed because they need not be kept",
        rebuilds: Counter "papo_rebuilds" "Times the rooms were rebuilt from the log",
    }
}

metrics! {
    /// Written by the flusher.
    FlushMetrics {
        flushes: Counter "papo_flushes" "Flushes of the log to the disk",
        flush_failures: Counter "papo_flush_failures" "Flushes that failed",
    }
}

metrics! {
    /// Written by one shard.
    ShardMetrics {
        line: Gauge "papo_line_connections" "Connections that speak lines",
        ws: Gauge "papo_ws_connections" "Connections that speak WebSocket",
        http: Gauge "papo_http_connections" "Connections that speak HTTP",
        tls: Gauge "papo_tls_connections" "Connections that are encrypted",
        tls_under_way: Gauge "papo_tls_handshakes_under_way" "TLS handshakes under way",
        tls12: Counter "papo_tls12_handshakes" "TLS handshakes done, of version 1.2",
        tls13: Counter "papo_tls13_handshakes" "TLS handshakes done, of version 1.3",
        tls_failed: Counter "papo_tls_failed" "TLS handshakes that came to nothing",
        tls_too_slow: Counter "papo_tls_too_slow" "TLS handshakes cut because they took too long",
        tls_too_many: Counter "papo_tls_too_many"
            "TLS handshakes refused because too many were under way",
        plain_refused: Counter "papo_plain_refused"
            "Connections and requests refused or redirected because they were not encrypted",
        turned_away: Counter "papo_turned_away" "Connections of protocols not spoken yet",
        lines: Counter "papo_lines" "Lines read from clients",
        requests: Counter "papo_ws_requests" "Messages read from WebSocket clients",
        dropped_fast: Counter "papo_lines_too_fast" "Lines dropped because they came too fast",
        dropped_bad: Counter "papo_lines_bad" "Lines dropped because too long or not UTF-8",
        deliveries: Counter "papo_deliveries" "Events handed to a connection's socket",
        writes: Counter "papo_writes" "Writes to sockets",
        bytes_out: Counter "papo_bytes_out" "Bytes written to sockets",
        fell_behind: Counter "papo_fell_behind" "Times a member had to be caught up from the log",
        caught_up: Counter "papo_caught_up_events" "Events delivered from the log to those behind",
        ring_bytes: Gauge "papo_ring_bytes" "Bytes of events kept for members behind",
        idle_closed: Counter "papo_idle_closed" "Connections closed because they were idle",
        flood_closed: Counter "papo_flood_closed" "Connections closed because they kept flooding",
    }
}

metrics! {
    /// Written by the accepting thread.
    ListenMetrics {
        accepted: Counter "papo_accepted" "Connections accepted",
        full: Counter "papo_refused_full" "Connections refused because the server was full",
        address_full: Counter "papo_refused_address"
            "Connections refused because their address had too many",
        accept_failures: Counter "papo_accept_failures" "Times the system refused to accept",
    }
}

metrics! {
    /// Written by whoever holds the lock of the attempts.
    PeopleMetrics {
        registrations: Counter "papo_registrations" "Accounts made by their owners",
        logins: Counter "papo_logins" "Logins by password",
        login_failures: Counter "papo_login_failures"
            "Logins refused for want of the account or the right password",
        too_often: Counter "papo_logins_too_often"
            "Logins and registrations refused because there were too many",
        busy: Counter "papo_people_busy" "Questions about accounts refused for want of time",
        hashes: Counter "papo_password_hashes" "Passwords hashed",
    }
}

metrics! {
    /// Written by whoever holds the lock of the API's meters.
    ApiMetrics {
        requests: Counter "papo_api_requests" "Requests of the API",
        refused: Counter "papo_api_refused" "Requests of the API that were refused for any reason",
        too_fast: Counter "papo_api_too_fast" "Requests of the API that came too fast",
        busy: Counter "papo_api_busy" "Requests of the API refused because too many were under way",
        under_way: Gauge "papo_api_under_way" "Requests of the API under way",
        streams: Gauge "papo_api_streams" "Streams of events that are open",
        hooks: Counter "papo_api_hooks" "Messages said by webhooks",
    }
}

/// Everything that is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) hub: Arc<HubMetrics>,
    pub(crate) flush: Arc<FlushMetrics>,
    pub(crate) shards: Vec<Arc<ShardMetrics>>,
    pub(crate) listen: Arc<ListenMetrics>,
    pub(crate) people: Arc<PeopleMetrics>,
    pub(crate) api: Arc<ApiMetrics>,
}

impl Metrics {
    /// For that many shards.
    pub(crate) fn new(shards: usize) -> Self {
        Self {
            hub: Arc::default(),
            flush: Arc::default(),
            shards: (0..shards).map(|_| Arc::default()).collect(),
            listen: Arc::default(),
            people: Arc::default(),
            api: Arc::default(),
        }
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn encode(self: &Arc<Self>) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Reading(Arc::clone(self))));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &registry);
        text
    }
}

#[derive(Debug)]
struct Reading(Arc<Metrics>);

impl Collector for Reading {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let metrics = &self.0;
        let sums = [
            HubMetrics::sums(std::iter::once(&*metrics.hub)),
            FlushMetrics::sums(std::iter::once(&*metrics.flush)),
            ShardMetrics::sums(metrics.shards.iter().map(|shard| &**shard)),
            ListenMetrics::sums(std::iter::once(&*metrics.listen)),
            PeopleMetrics::sums(std::iter::once(&*metrics.people)),
            ApiMetrics::sums(std::iter::once(&*metrics.api)),
        ];
        for (name, help, kind, value) in sums.into_iter().flatten() {
            match kind {
                Kind::Counter => {
                    let counter = ConstCounter::new(value);
                    let metric =
                        encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
                    counter.encode(metric)?;
                }
                Kind::Gauge => {
                    let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
                    let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
                    gauge.encode(metric)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_can_be_read() {
        let metrics = Arc::new(Metrics::new(2));
        metrics.shards[0].deliveries.add(2);
        metrics.shards[1].deliveries.add(3);
        metrics.hub.rooms.set(7);
        let text = metrics.encode();
        assert!(text.contains("\npapo_deliveries_total 5\n"), "{text}");
        assert!(text.contains("\npapo_rooms 7\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
