//! Loading the official list.

use platform::i18n::{Lang, date};
use platform::{StoreError, Timestamp};

use crate::dataset::{Dataset, DatasetError};
use crate::store;

/// Why the table of communes is not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The table itself is unusable.
    #[error(transparent)]
    Table(#[from] DatasetError),
    /// The database holds a newer one.
    #[error("the database holds the table of {held}, newer than that of {given}")]
    Older {
        /// The year of the table in the database.
        held: u32,
        /// The year of the table given.
        given: u32,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Loads the table that comes with the program, unless the database holds it or a newer one already.
///
/// Of several processes that start at once on one database one loads; the others wait and find it done. Says
/// whether this one did.
pub async fn load_embedded(ctx: &platform::Ctx) -> Result<bool, LoadError> {
    let embedded = Dataset::embedded_vintage()?;
    if store::table_state(&ctx.db)
        .await?
        .is_some_and(|held| held.vintage >= embedded)
    {
        return Ok(false);
    }
    let dataset = tokio::task::spawn_blocking(Dataset::embedded)
        .await
        .map_err(|error| DatasetError::Unreadable(error.to_string()))??;
    let begun = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let held = store::lock_table(&mut tx).await?;
    if held.is_some_and(|held| held.vintage >= embedded) {
        return Ok(false);
    }
    store::load(&mut tx, &dataset, held).await?;
    tx.commit().await?;
    let duration_ms = ctx.clock.now().since(begun).as_millis();
    tracing::info!(communes = dataset.communes.len(), vintage = embedded, %duration_ms, "the communes are loaded");
    Ok(true)
}

/// Loads a table given by the operator: `parvis import communes FILE`. The same year may be loaded again.
///
/// Gives the number of communes.
pub async fn import_table(ctx: &platform::Ctx, bytes: Vec<u8>) -> Result<usize, LoadError> {
    let dataset = tokio::task::spawn_blocking(move || Dataset::read(&bytes))
        .await
        .map_err(|error| DatasetError::Unreadable(error.to_string()))??;
    load_dataset(ctx, &dataset).await?;
    Ok(dataset.communes.len())
}

/// Loads a table, or a part of one.
pub async fn load_dataset(ctx: &platform::Ctx, dataset: &Dataset) -> Result<(), LoadError> {
    let mut tx = ctx.db.begin().await?;
    let held = store::lock_table(&mut tx).await?;
    let given = dataset.source.vintage;
    if let Some(held) = held.filter(|held| held.vintage > given) {
        return Err(LoadError::Older {
            held: held.vintage,
            given,
        });
    }
    store::load(&mut tx, dataset, held).await?;
    tx.commit().await?;
    Ok(())
}

/// The credit that the licence of the official list asks for, in French: for the page about this server.
pub async fn credit(ctx: &platform::Ctx) -> Result<String, StoreError> {
    let Some(source) = store::source(&ctx.db).await? else {
        return Ok(String::new());
    };
    let day = Timestamp::parse_rfc3339(&format!("{}T12:00:00Z", source.published_on));
    let published = day.map_or(source.published_on, |day| date(Lang::Fr, &day.in_zone("UTC")));
    Ok(format!(
        "Découpage administratif et populations : Insee (code officiel géographique et populations de référence), \
         DGCL, La Poste, réunis par Etalab (data.gouv.fr) dans {}, millésime {}, publié le {published}. {}.",
        source.package, source.vintage, source.licence
    ))
}

/// The year that the official list describes.
pub async fn vintage(ctx: &platform::Ctx) -> Result<u32, StoreError> {
    Ok(store::table_state(&ctx.db)
        .await?
        .map_or(0, |state| state.vintage))
}
