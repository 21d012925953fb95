//! Stories of this room on every database.

mod roles;
mod town;
