//! Who may connect: so many at all, and so many from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use room::UnixMs;
use room::rate::{Bucket, Rate, TooFast};

use crate::clock;
use crate::config::Limits;
use crate::limits::{ADDRESSES_MAX, OVERFLOW_MAX};

/// The connections there are.
pub(crate) struct Ledger {
    limits: Limits,
    connected: AtomicU32,
    /// Connections that are only told why they are refused.
    told: AtomicU32,
    /// Those with a connection or with a rate to remember: at most [`ADDRESSES_MAX`], or as many
    /// as there are connections.
    addresses: Mutex<HashMap<IpAddr, Arc<Address>>>,
}

/// What is counted of one address.
#[derive(Debug)]
struct Address {
    key: IpAddr,
    connected: AtomicU32,
    lines: Mutex<Bucket>,
}

impl Address {
    fn new(key: IpAddr) -> Self {
        Self { key, connected: AtomicU32::new(0), lines: Mutex::default() }
    }

    /// Whether there is nothing to remember of it.
    fn is_new(&self) -> bool {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.is_full(clock::now())
    }
}

/// The right to be connected; given back when it is dropped.
pub(crate) struct Permit {
    ledger: Arc<Ledger>,
    /// Where the client comes from.
    peer: IpAddr,
    /// `None` for a trusted address, which has no limits of its own.
    address: Option<Arc<Address>>,
    /// Why the client is told so and no more.
    refusal: Option<Refusal>,
    /// The connections of the shard it was given to.
    load: Option<Arc<AtomicU32>>,
}

/// The limit at which a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The server has as many connections as it may: so many.
    ServerFull(u32),
    /// The address has as many connections as it may: so many.
    AddressFull(u32),
}

/// So many are being told already that they are refused: close it without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overflow;

impl Ledger {
    /// With nobody connected.
    pub(crate) fn new(limits: Limits) -> Self {
        let (connected, told) = Default::default();
        Self { limits, connected, told, addresses: Mutex::default() }
    }

    /// Connections there are.
    pub(crate) fn connected(&self) -> u32 {
        self.connected.load(Ordering::Relaxed)
    }

    /// Admits a connection, or only to be told why it is not. Only the accepting thread calls it.
    ///
    /// # Errors
    ///
    /// [`Overflow`].
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Permit, Overflow> {
        let peer = peer.to_canonical();
        let (address, refusal) = match self.admit_address(peer) {
            Ok(address) => (address, None),
            Err(refusal) => (None, Some(refusal)),
        };
        let counter = if refusal.is_some() { &self.told } else { &self.connected };
        if refusal.is_some() && counter.load(Ordering::Relaxed) >= OVERFLOW_MAX {
            return Err(Overflow);
        }
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(Permit { ledger: Arc::clone(self), peer, address, refusal, load: None })
    }

    /// What is counted of the address; `None` if nothing is.
    fn admit_address(&self, peer: IpAddr) -> Result<Option<Arc<Address>>, Refusal> {
        if self.connected() >= self.limits.connections {
            return Err(Refusal::ServerFull(self.limits.connections));
        }
        if self.limits.trusts(peer) {
            return Ok(None);
        }
        let max = self.limits.connections_per_address;
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(peer);
        if addresses.len() >= ADDRESSES_MAX {
            addresses.retain(|_, address| address.connected.load(Ordering::Relaxed) > 0);
        }
        let address = addresses.entry(key).or_insert_with(|| Arc::new(Address::new(key)));
        if address.connected.load(Ordering::Relaxed) >= max {
            return Err(Refusal::AddressFull(max));
        }
        address.connected.fetch_add(1, Ordering::Relaxed);
        Ok(Some(Arc::clone(address)))
    }
}

impl Permit {
    /// Counts it among the connections of a shard.
    pub(crate) fn place(&mut self, load: &Arc<AtomicU32>) {
        load.fetch_add(1, Ordering::Relaxed);
        self.load = Some(Arc::clone(load));
    }

    /// Where the client comes from; an IPv4 address is one, however it was written.
    pub(crate) fn peer(&self) -> IpAddr {
        self.peer
    }

    /// Why the client is to be told that it is refused, and let go.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// Takes one line off what the address may send.
    ///
    /// # Errors
    ///
    /// [`TooFast`] if all its connections together send too much.
    pub(crate) fn take_line(&self, rate: Rate, cost: u32, now: UnixMs) -> Result<(), TooFast> {
        match &self.address {
            None => Ok(()),
            Some(address) => {
                let mut lines = address.lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.take(rate, cost, now)
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let ledger = &self.ledger;
        let counter = if self.refusal.is_some() { &ledger.told } else { &ledger.connected };
        counter.fetch_sub(1, Ordering::Relaxed);
        if let Some(load) = &self.load {
            load.fetch_sub(1, Ordering::Relaxed);
        }
        if let Some(address) = &self.address {
            let addresses = &self.ledger.addresses;
            let mut addresses = addresses.lock().unwrap_or_else(PoisonError::into_inner);
            // Who comes back at once finds the rate as it was.
            if address.connected.fetch_sub(1, Ordering::Relaxed) == 1 && address.is_new() {
                addresses.remove(&address.key);
            }
        }
    }
}

/// What is counted as one address: an IPv4 address, or the /64 that one IPv6 site has at least
/// (RFC 6177, section 2).
pub(crate) fn key(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(peer) => {
            let [a, b, c, d, ..] = peer.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(connections: u32, connections_per_address: u32, trusted: &str) -> Arc<Ledger> {
        let trusted = vec![trusted.parse().ok().unwrap()];
        Arc::new(Ledger::new(Limits { connections, connections_per_address, rooms: 1, trusted }))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_limits_hold_on_both_sides_and_come_back() {
        let ledger = ledger(3, 2, "127.0.0.1");
        let a = ledger.admit(ip("10.0.0.1")).unwrap();
        let b = ledger.admit(ip("::ffff:10.0.0.1")).unwrap();
        let third = ledger.admit(ip("10.0.0.1")).unwrap();
        assert_eq!(third.refusal(), Some(Refusal::AddressFull(2)));
        let c = ledger.admit(ip("127.0.0.1")).unwrap();
        assert!([&a, &b, &c].iter().all(|permit| permit.refusal().is_none()));
        let over = ledger.admit(ip("127.0.0.1")).unwrap();
        assert_eq!(over.refusal(), Some(Refusal::ServerFull(3)));
        drop((a, b, c, third, over));
        assert_eq!((ledger.connected(), ledger.told.load(Ordering::Relaxed)), (0, 0));
        assert!(ledger.addresses.lock().unwrap().is_empty());
        assert_eq!(ledger.admit(ip("10.0.0.1")).unwrap().refusal(), None);
    }

    #[test]
    fn who_comes_back_at_once_finds_the_rate_as_it_was() {
        let ledger = ledger(3, 2, "127.0.0.1");
        let rate = Rate { per_second: 1, burst: 2 };
        let permit = ledger.admit(ip("10.0.0.1")).unwrap();
        permit.take_line(rate, 2, clock::now()).unwrap();
        drop(permit);
        let again = ledger.admit(ip("10.0.0.1")).unwrap();
        assert!(again.take_line(rate, 2, clock::now()).is_err());
    }

    #[test]
    fn the_told_ones_are_bounded_too() {
        let ledger = ledger(1, 1, "::1");
        let _one = ledger.admit(ip("::1")).unwrap();
        let told: Vec<_> = (0..OVERFLOW_MAX).map(|_| ledger.admit(ip("::1")).unwrap()).collect();
        assert!(ledger.admit(ip("::1")).is_err());
        drop(told);
        assert!(ledger.admit(ip("::1")).is_ok());
    }

    #[test]
    fn an_ipv6_site_is_one_address() {
        assert_eq!(key(ip("2001:db8:1:2:3::4")), ip("2001:db8:1:2::"));
        assert_eq!(key(ip("192.0.2.7")), ip("192.0.2.7"));
    }
}
