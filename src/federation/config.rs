//! `[federation]`: how this server lives with others.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[federation]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether other servers are spoken to at all.
    pub enabled: bool,
    /// Lets plain HTTP and loopback peers in, for trials and tests; refused with a public base URL.
    pub allow_loopback: bool,
    /// A file of certificates (PEM) trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Only servers under an `allow` rule may speak to us.
    pub allow_list: bool,
    /// Public documents need a signed request too (the instance actor and keys never do).
    pub authorized_fetch: bool,
    /// Deliveries taken from one server, and from one address, in a minute; 0 for no limit.
    pub inbox_per_minute: u32,
    /// Requests under way at once to all other servers.
    pub deliveries_at_once: usize,
    /// Days for which an undelivered activity is kept and tried.
    pub delivery_days: u32,
    /// Days for which the ids of received activities are remembered.
    pub received_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            allow_loopback: false,
            ca_file: None,
            allow_list: false,
            authorized_fetch: false,
            inbox_per_minute: 60_000,
            deliveries_at_once: 64,
            delivery_days: 14,
            received_days: 30,
        }
    }
}
