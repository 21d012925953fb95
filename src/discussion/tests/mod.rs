//! Stories of a discussion, on every database.

mod elsewhere;
mod moderation;
mod reactions;
mod threads;
mod village;
mod wire;
mod writing;
