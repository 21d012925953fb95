//! People: sign-up, sign-in, sessions, profile, preferences, roles and rights, what they may ask of their data.
//!
//! Owns the tables `account*`, the session cookie and the pages of signing up, signing in and "Mon compte". Everybody
//! has an actor, which stays dark until she chooses otherwise; who holds the mayor's office, or a delegation of it,
//! also acts as that office's actor. Refuses to tell whether an address has an account.

pub mod actions;
pub mod audit;
pub mod cli;
mod error;
pub mod holdings;
mod http;
pub mod lookup;
mod mails;
pub mod model;
pub mod pages;
mod password;
mod store;
mod tasks;
mod viewer;

pub use error::AccountError;
pub use http::layer;
pub use model::{
    Account, AccountId, Acting, Capacity, Font, Grant, Password, Preferences, Refusal, Right, Rights, Role,
    SessionId, Theme,
};
pub use pages::{own_page, routes};
pub use password::HashError;
pub use tasks::tasks;
pub use viewer::{Citizen, Office, Person, Viewer, avatar, of_account};

#[cfg(test)]
mod tests;
