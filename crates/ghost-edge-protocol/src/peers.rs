//! Connections by client address. IPv6 clients are counted by /64, which is what one of them is given.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Open connections by client.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    open: HashMap<IpAddr, u32>,
}

impl Peers {
    /// Counts a connection in; false: the client has as many as it may, and nothing was counted. The map holds open
    /// connections only, so the bound on those is its bound too.
    pub fn open(&mut self, client: IpAddr, limit: u32) -> bool {
        let count = self.open.entry(group(client)).or_default();
        let allowed = *count < limit;
        if allowed {
            *count += 1;
        } else if *count == 0 {
            self.open.remove(&group(client));
        }
        allowed
    }

    /// Counts a connection out.
    pub fn close(&mut self, client: IpAddr) {
        let client = group(client);
        if let Some(count) = self.open.get_mut(&client) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.open.remove(&client);
            }
        }
    }

    /// How many clients have a connection.
    pub fn clients(&self) -> usize {
        self.open.len()
    }
}

/// The address that stands for a client.
pub fn group(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_share() {
        let mut peers = Peers::default();
        let client = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(peers.open(client("2001:db8::1"), 2) && peers.open(client("2001:db8::2"), 2));
        assert!(!peers.open(client("2001:db8::3"), 2), "the same /64");
        assert!(peers.open(client("2001:db8:0:1::1"), 2));
        assert!(peers.open(client("192.0.2.1"), 1) && !peers.open(client("::ffff:192.0.2.1"), 1));
        assert_eq!(peers.clients(), 3);
        for address in ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.1"] {
            peers.close(client(address));
        }
        assert_eq!(peers.clients(), 0);
        assert!(!peers.open(client("192.0.2.9"), 0));
        assert_eq!(peers.clients(), 0);
    }
}
