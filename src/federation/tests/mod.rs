//! Stories of this server among fake peers: tiny servers on loopback that say whatever a test wants.

mod deliveries;
mod peer;
mod world;

use peer::{Peer, Reply};
use world::World;
