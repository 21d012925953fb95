//! What is done with communes. All writing of this room happens here.

mod names;
mod places;
mod sections;
mod table;
mod town_hall;

pub use names::{search, warm_up};
pub use places::{
    Place, addresses, at, by_actor, by_actor_in, by_code, by_code_in, by_handle, claimed, is_handle_reserved,
    like_address,
};
pub use sections::{is_closed, is_closed_at, offers, switch_section};
pub use table::{LoadError, credit, import_table, load_dataset, load_embedded, vintage};
pub use town_hall::{
    ClaimError, ClaimKeys, PresentError, citizen_joins, citizen_leaves, claim, claim_keys, current_mandate,
    hand_over, present, presentation,
};
