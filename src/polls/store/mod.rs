//! The SQL of this room: `poll*`.

pub(crate) mod ballots;
pub(crate) mod opinions;
pub(crate) mod polls;
pub(crate) mod questions;
pub(crate) mod register;

use platform::{Db, StoreError, on_db};

/// How many polls and public opinions run, in the commune with this INSEE code or in all.
pub(crate) async fn running(db: &Db, commune: Option<&str>) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM poll WHERE state = 'open' AND ($1 = '' OR commune = $1))
              + (SELECT COUNT(*) FROM poll_opinion WHERE state = 'open' AND ($1 = '' OR commune = $1))")
        .bind(commune.unwrap_or_default()).fetch_one(c).await)?)
}
