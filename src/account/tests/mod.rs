//! Stories of this room on every database.

mod browser;
mod own;
mod recovery;
mod roles;
mod sign_in;
mod sign_up;
mod team;
mod town;
