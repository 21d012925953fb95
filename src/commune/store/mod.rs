//! The SQL of this room: tables `commune` and `commune_*`.

mod bulk;
mod claims;
mod directory;
mod load;
mod sections;

pub(crate) use claims::{
    change_reach, current_mandate, end_mandate, insert_claim, insert_mandate, presentation, reach,
    save_presentation,
};
pub(crate) use directory::{
    NameRow, addresses, by_actor, by_actor_in, by_address, by_code, by_code_in, by_codes, by_handle, by_slug,
    claimed, departments, is_handle_of_a_commune, names, neighbours, of_department, of_former_address,
    of_former_code, of_old_address,
};
pub(crate) use load::{TableState, load, lock_table, source, table_state};
pub(crate) use sections::{
    close as close_section, is_closed as is_section_closed, is_closed_at as is_section_closed_at,
    open as open_section,
};
