//! Our own keys, parsed once and kept.

use platform::{StoreError, Tx};
use serde_json::Value;

use crate::keys::PrivateKey;
use crate::signatures::add_proof;
use crate::store::actors as store;
use crate::{Actor, Ctx};

/// The key with which this server signs what no person sends, and its id.
///
/// # Errors
/// [`StoreError::NotFound`] before the first start has made it.
pub(crate) async fn instance_key(ctx: &Ctx) -> Result<(String, PrivateKey), StoreError> {
    let id = format!("{}#main-key", crate::instance_uri(ctx));
    if let Some(key) = ctx.memory().private_keys.get(&id) {
        return Ok((id, key));
    }
    let row = store::key(&ctx.db, &id).await?;
    let key = parsed(ctx, row)?;
    Ok((id, key))
}

/// Adds the author's proof (FEP-8b32) to a public document that is complete otherwise. An author without a
/// key gives none.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn prove(ctx: &Ctx, author: &Actor, document: &mut Value) -> Result<(), StoreError> {
    let id = author.proof_key_id();
    if ctx.memory().private_keys.get(&id).is_none() {
        let row = store::key(&ctx.db, &id).await?;
        // What it gives is kept.
        let _kept = parsed(ctx, row);
    }
    add(ctx, &id, document);
    Ok(())
}

/// [`prove`] inside a transaction, whose actor may have been made in it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn prove_in(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Actor,
    document: &mut Value,
) -> Result<(), StoreError> {
    let id = author.proof_key_id();
    if ctx.memory().private_keys.get(&id).is_none() {
        let keys = store::keys_of_in(tx, author.id).await?;
        let row = keys.into_iter().find(|key| key.uri == id);
        let _kept = parsed(ctx, row);
    }
    add(ctx, &id, document);
    Ok(())
}

fn parsed(ctx: &Ctx, row: Option<store::KeyRow>) -> Result<PrivateKey, StoreError> {
    let row = row.ok_or(StoreError::NotFound("key"))?;
    let unreadable = || StoreError::Inconsistent {
        table: "federation_key",
        column: "private_der",
        row: row.uri.clone(),
    };
    let der = row.private_der.as_deref().ok_or_else(unreadable)?;
    let key = PrivateKey::from_der(der).map_err(|_unreadable| unreadable())?;
    ctx.memory().private_keys.insert(row.uri.clone(), key.clone());
    Ok(key)
}

fn add(ctx: &Ctx, id: &str, document: &mut Value) {
    let Some(key) = ctx.memory().private_keys.get(id) else {
        return;
    };
    if let Err(refusal) = add_proof(document, &key, id, ctx.clock.now()) {
        tracing::error!(%refusal, key = id, "a document goes out without a proof");
    }
}
