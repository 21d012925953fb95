//! Stories of a whole server, told through the doors people use: pages, feeds, documents for other servers.
//! Real peers are in `scenarios/`; see README.md.

#[path = "tests/news.rs"]
mod news;
