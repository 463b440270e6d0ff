//! Where clients come from, as far as the rules must know it.
//!
//! `core::net` has the forms of addresses; nothing here reaches a network.

use core::fmt;
use core::net::{IpAddr, Ipv6Addr};
use core::str::FromStr;

/// Bits of an IPv6 address.
const BITS: u8 = 128;

/// Bits before an IPv4 address where it is written as an IPv6 one (RFC 4291, section 2.5.5.2).
const MAPPED_BITS: u8 = 96;

/// Bits that one IPv6 site has of its own at most (RFC 6177, section 2): a single address of it is
/// a choice of its user's.
const SITE_BITS: u8 = 64;

/// The address of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(u128);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        })
    }
}

/// All the addresses that begin alike: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Addresses {
    /// How they begin, the rest zeros.
    start: u128,
    /// How many bits are alike.
    bits: u8,
}

impl Addresses {
    /// Those that have the first `bits` of `start`, as an IPv6 address; `None` if there are no so
    /// many bits.
    #[must_use]
    pub const fn new(start: u128, bits: u8) -> Option<Self> {
        match bits {
            0 => Some(Self { start: 0, bits }),
            1..=BITS => Some(Self { start: start & (u128::MAX << (BITS - bits)), bits }),
            _ => None,
        }
    }

    /// How they begin, as an IPv6 address, and how many bits of that are alike.
    #[must_use]
    pub const fn parts(self) -> (u128, u8) {
        (self.start, self.bits)
    }

    /// Whether `address` is one of them.
    #[must_use]
    pub fn contain(self, address: Address) -> bool {
        Self::new(address.0, self.bits) == Some(self)
    }
}

/// The text is neither an address nor the beginning of some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no address, and no range of them")]
pub struct AddressesError;

impl FromStr for Addresses {
    type Err = AddressesError;

    /// A single IPv6 address stands for its site, a /64.
    fn from_str(text: &str) -> Result<Self, AddressesError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => {
                (address, Some(bits.parse::<u8>().map_err(|_| AddressesError)?))
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| AddressesError)?;
        let (most, before) = match address {
            IpAddr::V4(_) => (BITS - MAPPED_BITS, MAPPED_BITS),
            IpAddr::V6(_) => (BITS, 0),
        };
        let single = if before > 0 { most } else { SITE_BITS };
        let bits = bits.unwrap_or(single);
        if bits > most {
            return Err(AddressesError);
        }
        Self::new(Address::from(address).0, before + bits).ok_or(AddressesError)
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = Ipv6Addr::from_bits(self.start);
        match start.to_ipv4_mapped() {
            Some(start) if self.bits == BITS => write!(f, "{start}"),
            Some(start) if self.bits >= MAPPED_BITS => {
                write!(f, "{start}/{}", self.bits - MAPPED_BITS)
            }
            _ => write!(f, "{start}/{}", self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Addresses {
        text.parse().unwrap()
    }

    #[test]
    fn they_contain_what_begins_alike_and_nothing_else() {
        for (range, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.9/24", "192.0.2.255", "192.0.3.0"),
            ("0.0.0.0/0", "203.0.113.5", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
            ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
            ("::/0", "203.0.113.5", "not one"),
            ("10.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1"),
        ] {
            let ip = |text: &str| text.parse::<IpAddr>().ok().map(Address::from);
            assert!(addresses(range).contain(ip(inside).unwrap()), "{range} {inside}");
            assert!(!ip(outside).is_some_and(|it| addresses(range).contain(it)), "{range}");
        }
    }

    #[test]
    fn they_are_written_as_they_are_read() {
        for (text, written) in [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "192.0.2.7"),
            ("192.0.2.9/24", "192.0.2.0/24"),
            ("2001:db8::1", "2001:db8::/64"),
            ("2001:db8::1/128", "2001:db8::1/128"),
            ("::/0", "::/0"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(addresses(text).to_string(), written);
            assert_eq!(addresses(written), addresses(text));
        }
    }

    #[test]
    fn what_is_no_address_is_told() {
        for text in ["", "ana", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "::/129", "1.2.3.4/-1", "/8"] {
            assert_eq!(text.parse::<Addresses>(), Err(AddressesError), "{text:?}");
        }
        assert_eq!(Addresses::new(0, 129), None);
    }
}
