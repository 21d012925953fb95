//! The web layer: who asks and what for ([`Visit`]), what was sent ([`Submitted`]), what is shown
//! ([`Page`]), what went wrong ([`Failure`]), files of the look ([`assets`]), headers and the server itself.

mod again;
pub mod api;
pub mod assets;
mod conditional;
mod cookie;
mod failure;
mod form;
mod instance;
pub mod negotiate;
mod page;
mod rescue;
mod respond;
mod security;
mod server;
pub mod tile;
mod visit;

pub use conditional::{holds, tag_of};
pub use cookie::{clear_cookie, cookie, cookie_value, cookies};
pub use failure::{Failure, Message};
pub use form::{FormState, Submitted, Upload};
pub use instance::InstanceConfig;
pub use page::{FeedLink, Flash, FlashKind, Link, NavEntry, NavItem, Page, Plate, ViewerBadge};
pub use rescue::SignInFirst;
pub use respond::{html, is_own_path, not_found, redirect, see_other};
pub use server::{layers, layers_around, serve};
pub use visit::{Visit, Waiting, Wants, unreadable_proxy};
