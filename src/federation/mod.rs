//! ActivityPub: who we are for other servers, what we accept from them, what we send them.
//!
//! Owns the keys and the signatures of requests and documents. Knows no section of the product.

pub mod keys;
pub mod signatures;
