//! For tests only: a directory of some thirty communes, which loads at once.
//!
//! Èze and what lies around it, the largest towns, namesakes (Saint-Denis, Sainte-Colombe), Corsica, overseas, islands,
//! merged communes, every kind of article.

use crate::actions::{self, LoadError};
use crate::{Dataset, DatasetError};

/// The table, in the form of the official one; taken from it.
const SAMPLE: &str = include_str!("sample.tsv");

/// The communes of the sample.
pub fn sample() -> Result<Dataset, DatasetError> {
    Dataset::read(SAMPLE.as_bytes())
}

/// Loads the sample into an empty database.
pub async fn load(ctx: &platform::Ctx) -> Result<(), LoadError> {
    actions::load_dataset(ctx, &sample()?).await
}

/// Loads the sample into the empty database at `url`, before a whole server is started on it.
pub async fn load_for_tests(url: &str, config: &platform::config::DatabaseConfig) -> Result<(), LoadError> {
    let folder = platform::testing::TestFolder::new();
    let db = platform::Db::open(url, config).await?;
    let ctx = platform::testing::ctx(db, &folder).map_err(platform::StoreError::Unavailable)?;
    load(&ctx).await?;
    ctx.db.close().await;
    Ok(())
}
