//! Stories of this server among fake peers: tiny servers on loopback that say whatever a test wants.

mod bodies;
mod deliveries;
mod discovery;
mod documents;
mod fetching;
mod follows;
mod keys;
mod order;
mod parts;
mod peer;
mod policy;
mod profiles;
mod world;

use peer::{Peer, Person, Reply};
use world::{World, on_each, on_each_with};
