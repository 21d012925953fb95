//! What other rooms hold about a person: each says how it is given to her, and how it is removed when her account
//! ends. Installed once by the composition.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

use federation::{ActorId, Ctx};
use platform::{StoreError, Tx};
use serde_json::Value;

use crate::model::Account;

/// The answer of a room.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What one room holds about a person, who is known to it by her actor.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// The room: the key in the export.
    pub room: &'static str,
    /// Everything it holds about her, for her to read.
    pub export: for<'a> fn(&'a Ctx, ActorId) -> Answer<'a, Value>,
    /// Removes it in the transaction that ends her account.
    pub erase: for<'a> fn(&'a Ctx, &'a mut Tx, ActorId) -> Answer<'a, ()>,
}

/// Hears, in the transaction that changes it, that somebody gives up her address.
pub type AddressGivenUp = for<'a> fn(&'a Ctx, &'a mut Tx, &'a Account) -> Answer<'a, ()>;

#[derive(Default)]
struct Installed(OnceLock<Vec<Holding>>, OnceLock<Vec<AddressGivenUp>>);

/// Tells this room who must hear of addresses that are given up; the second time nothing happens.
pub fn install_listeners(ctx: &Ctx, listeners: Vec<AddressGivenUp>) {
    let _already = ctx.memory.of::<Installed>().1.set(listeners);
}

pub(crate) async fn address_given_up(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    let listeners = ctx.memory.of::<Installed>().1.get().cloned().unwrap_or_default();
    for hear in listeners {
        hear(ctx, tx, account).await?;
    }
    Ok(())
}

/// Tells this room what the others hold; the second time nothing happens.
pub fn install(ctx: &Ctx, holdings: Vec<Holding>) {
    let _already = ctx.memory.of::<Installed>().0.set(holdings);
}

pub(crate) fn all(ctx: &Ctx) -> Vec<Holding> {
    ctx.memory.of::<Installed>().0.get().cloned().unwrap_or_default()
}
