//! The tables' history: `migrations/{sqlite,postgres}/NNNN_name.sql`, embedded in the program.

use rust_embed::RustEmbed;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Db, StoreError};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../migrations/sqlite"]
struct Sqlite;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../migrations/postgres"]
struct Postgres;

/// Brings the tables up to date. Of several processes on one empty PostgreSQL one does it, the others wait.
pub(super) async fn run(db: &Db) -> Result<(), StoreError> {
    let result = match db {
        Db::Lite(lite) => {
            Migrator::with_migrations(embedded::<Sqlite>()?)
                .run(lite.writer())
                .await
        }
        Db::Pg(pg) => {
            Migrator::with_migrations(embedded::<Postgres>()?)
                .run(pg.pool())
                .await
        }
    };
    result
        .map_err(|error| StoreError::Unavailable(format!("its tables cannot be brought up to date: {error}")))
}

/// The numbers of all steps that this program knows.
pub(super) fn versions(db: &Db) -> Result<Vec<i64>, StoreError> {
    let steps = match db {
        Db::Lite(_) => embedded::<Sqlite>()?,
        Db::Pg(_) => embedded::<Postgres>()?,
    };
    Ok(steps.into_iter().map(|step| step.version).collect())
}

fn embedded<E: RustEmbed>() -> Result<Vec<Migration>, StoreError> {
    E::iter()
        .filter(|name| name.ends_with(".sql"))
        .map(|name| one::<E>(&name))
        .collect()
}

fn one<E: RustEmbed>(name: &str) -> Result<Migration, StoreError> {
    let unusable = || StoreError::Unavailable(format!("the migration {name} is unusable"));
    let (number, title) = name
        .strip_suffix(".sql")
        .and_then(|stem| stem.split_once('_'))
        .ok_or_else(unusable)?;
    let file = E::get(name).ok_or_else(unusable)?;
    let text = String::from_utf8(file.data.into_owned()).map_err(|_| unusable())?;
    Ok(Migration::new(
        number.parse().map_err(|_| unusable())?,
        title.to_owned().into(),
        MigrationType::Simple,
        AssertSqlSafe(text).into_sql_str(),
        false,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_history() {
        let names = |migrations: Vec<Migration>| -> Vec<(i64, String)> {
            migrations
                .into_iter()
                .map(|m| (m.version, m.description.into_owned()))
                .collect()
        };
        let mut lite = names(embedded::<Sqlite>().unwrap());
        let mut pg = names(embedded::<Postgres>().unwrap());
        lite.sort();
        pg.sort();
        assert_eq!(lite, pg);
        assert!(
            lite.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "two migrations bear one number"
        );
    }
}
