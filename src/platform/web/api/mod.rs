//! The JSON API of the sections (`/api/parvis/v1/…`): what its handlers take and give, so that the OpenAPI document
//! can be read off their types.
//!
//! Owns the shape of bodies, answers and refusals; knows no section. Refuses to let a route be registered without
//! being described: rooms hand over [`ApiRouter`]s only.

mod answer;
mod document;
mod operation;
mod taken;
mod worded;

pub use aide::axum::ApiRouter;
pub use aide::axum::routing::{get_with, post_with};
pub use answer::{Answer, Created, Made, Moment, NoContent};
pub use document::{About, Room, routes};
pub use operation::{refusing, scoped, told};
pub use taken::{Asked, JsonBody, body_of, query_of};
