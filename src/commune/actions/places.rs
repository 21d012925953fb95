//! Finding one commune: by code, address, handle or actor.

use federation::ActorId;
use platform::{StoreError, Tx};

use super::names::search;
use crate::model::{Commune, InseeCode, fold, is_reserved, plain_handle, slug};
use crate::store;

/// The commune of this code today: that of a former commune is the one it has become.
pub async fn by_code(ctx: &platform::Ctx, code: InseeCode) -> Result<Option<Commune>, StoreError> {
    let found = store::by_code(&ctx.db, code).await?;
    match found {
        Some(commune) if commune.successor.is_none() || commune.is_claimed() => Ok(Some(commune)),
        Some(Commune {
            successor: Some(today),
            ..
        }) => store::by_code(&ctx.db, today).await,
        _ => match store::of_former_code(&ctx.db, code).await? {
            Some(today) => store::by_code(&ctx.db, today).await,
            None => Ok(None),
        },
    }
}

/// The commune of this code inside a transaction: that of a merged one is the one it has become.
pub async fn by_code_in(tx: &mut Tx, code: InseeCode) -> Result<Option<Commune>, StoreError> {
    match store::by_code_in(tx, code).await? {
        Some(Commune {
            successor: Some(today),
            claim: None,
            ..
        }) => store::by_code_in(tx, today).await,
        found => Ok(found),
    }
}

/// Where an address leads.
#[derive(Debug)]
pub enum Place {
    /// Here.
    Here(Box<Commune>),
    /// To another address, for good.
    Moved(Box<Commune>),
    /// To another address as long as no other commune has this name.
    For(Box<Commune>),
    /// Nowhere.
    Nowhere,
}

/// The commune that an address of this site means, however it is written.
pub async fn at(ctx: &platform::Ctx, address: &str) -> Result<Place, StoreError> {
    let db = &ctx.db;
    let plain = slug(address);
    if plain.is_empty() || plain.len() > 80 {
        return Ok(Place::Nowhere);
    }
    if let Some(commune) = store::by_address(db, &plain).await? {
        return Ok(match commune.successor {
            Some(today) if !commune.is_claimed() => moved(store::by_code(db, today).await?),
            _ if plain == address => Place::Here(Box::new(commune)),
            _ => Place::Moved(Box::new(commune)),
        });
    }
    if let Some(code) = store::of_old_address(db, &plain).await? {
        return Ok(moved(by_code(ctx, code).await?));
    }
    if let Some(code) = store::of_former_address(db, &plain).await? {
        return Ok(moved(store::by_code(db, code).await?));
    }
    if let Ok(code) = plain.parse() {
        return Ok(moved(by_code(ctx, code).await?));
    }
    let mut namesakes = store::by_slug(db, &plain).await?;
    Ok(match (namesakes.pop(), namesakes.is_empty()) {
        (Some(only), true) => Place::For(Box::new(only)),
        _ => Place::Nowhere,
    })
}

fn moved(commune: Option<Commune>) -> Place {
    commune.map_or(Place::Nowhere, |commune| Place::Moved(Box::new(commune)))
}

/// Communes whose address looks like this one, for whoever got lost; those of its département first.
pub async fn like_address(ctx: &platform::Ctx, address: &str) -> Result<Vec<Commune>, StoreError> {
    let words = fold(address);
    let (without_place, place) = words.rsplit_once(' ').unwrap_or((&words, ""));
    for question in [words.as_str(), without_place] {
        let (_, mut communes) = search(ctx, question, 0..40).await?;
        if !communes.is_empty() {
            communes.sort_by_key(|commune| !commune.department.code.eq_ignore_ascii_case(place));
            communes.truncate(5);
            return Ok(communes);
        }
    }
    Ok(Vec::new())
}

/// The commune whose actor (its own, or its mayor's office) this is.
pub async fn by_actor(ctx: &platform::Ctx, actor: ActorId) -> Result<Option<Commune>, StoreError> {
    store::by_actor(&ctx.db, actor).await
}

/// The same inside a transaction: who holds one connection does not wait for a second.
pub async fn by_actor_in(tx: &mut Tx, actor: ActorId) -> Result<Option<Commune>, StoreError> {
    store::by_actor_in(tx, actor).await
}

/// The commune whose own handle, or whose mayor's, this is; claimed or not.
pub async fn by_handle(ctx: &platform::Ctx, handle: &str) -> Result<Option<Commune>, StoreError> {
    let handle = handle.to_ascii_lowercase();
    if let Some(commune) = store::by_handle(&ctx.db, &handle).await? {
        return Ok(Some(commune));
    }
    match handle.strip_prefix("maire-") {
        Some(of) => store::by_handle(&ctx.db, of).await,
        None => Ok(None),
    }
}

/// Whether a citizen may not bear this handle: official words, everything that passes for a mayor, and the
/// names of communes.
pub async fn is_handle_reserved(ctx: &platform::Ctx, handle: &str) -> Result<bool, StoreError> {
    Ok(is_reserved(handle) || store::is_handle_of_a_commune(&ctx.db, &plain_handle(handle)).await?)
}

/// Communes whose town hall is here, the latest first.
pub async fn claimed(ctx: &platform::Ctx, limit: i64) -> Result<Vec<Commune>, StoreError> {
    store::claimed(&ctx.db, limit).await
}

/// The addresses of all communes, for the site map.
pub async fn addresses(ctx: &platform::Ctx) -> Result<Vec<String>, StoreError> {
    store::addresses(&ctx.db).await
}
