//! Where requests enter.

use super::{HostPattern, Protocol};

/// A checked listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Unique name.
    pub name: Box<str>,
    /// Port as clients see it.
    pub port: u16,
    /// What is spoken.
    pub protocol: Protocol,
    /// Which hosts it answers for.
    pub hostname: HostPattern,
}
