//! Stories of this room on both databases.
