//! The SQL of this room.

pub(crate) mod activities;
pub(crate) mod actors;
<<<<<<< HEAD
pub(crate) mod domains;
pub(crate) mod follows;
pub(crate) mod received;
pub(crate) mod relays;
=======
pub(crate) mod deliveries;
pub(crate) mod follows;
pub(crate) mod lanes;
>>>>>>> c7e653d (Deliver by lanes: nothing lost, nothing twice, order kept, nobody waits for a slow server)
