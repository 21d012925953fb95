//! The SQL of this room: `agenda_event`, `agenda_occurrence`, `agenda_attendance`, `agenda_source`.

pub(crate) mod attendances;
pub(crate) mod events;
pub(crate) mod lists;
pub(crate) mod occurrences;
pub(crate) mod sources;
