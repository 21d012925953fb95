//! The database seen from outside: whether its tables are up to date, and how many rows they have.

use std::collections::BTreeMap;

use super::{Db, StoreError, migrate};
use crate::on_db;

/// How far the tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// As this program wants them.
    Current,
    /// So many steps are missing; the next start makes them.
    Behind(usize),
    /// Made by a newer program, which alone may use them.
    Ahead,
}

/// Compares the tables with what this program knows; changes nothing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn age(db: &Db) -> Result<Age, StoreError> {
    let known = migrate::versions(db)?;
    let has_history = tables(db).await?.iter().any(|name| name == "_sqlx_migrations");
    let made: Vec<i64> = if has_history {
        on_db!(db, c => sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(c).await)?
    } else {
        Vec::new()
    };
    if made.iter().any(|version| !known.contains(version)) {
        return Ok(Age::Ahead);
    }
    let missing = known.iter().filter(|version| !made.contains(version)).count();
    Ok(if missing == 0 {
        Age::Current
    } else {
        Age::Behind(missing)
    })
}

/// How many rows each table has: what a backup says of itself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn counts(db: &Db) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut counts = BTreeMap::new();
    for name in tables(db).await? {
        let count: i64 = on_db!(db, c => sqlx::query_scalar(count_of(&name)).fetch_one(c).await)?;
        counts.insert(name, count);
    }
    Ok(counts)
}

/// One moment of a PostgreSQL database, held so that `pg_dump` and our own counting see the same.
#[derive(Debug)]
pub struct Snapshot {
    tx: sqlx::Transaction<'static, sqlx::Postgres>,
    name: String,
    tables: Vec<String>,
}

impl Snapshot {
    /// Holds this moment.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] on SQLite, which has [`Db::copy_to`].
    pub async fn take(db: &Db) -> Result<Self, StoreError> {
        let Db::Pg(pg) = db else {
            return Err(StoreError::Unavailable(
                "SQLite is copied in one piece".to_owned(),
            ));
        };
        let tables = tables(db).await?;
        let mut tx = pg.pool().begin().await?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .execute(&mut *tx)
            .await?;
        let name = sqlx::query_scalar("SELECT pg_export_snapshot()")
            .fetch_one(&mut *tx)
            .await?;
        Ok(Self { tx, name, tables })
    }

    /// What `pg_dump --snapshot` is told.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rows by table at that moment; lets it go.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn counts(mut self) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut counts = BTreeMap::new();
        for name in &self.tables {
            let count = sqlx::query_scalar(count_of(name))
                .fetch_one(&mut *self.tx)
                .await?;
            counts.insert(name.clone(), count);
        }
        Ok(counts)
    }
}

fn count_of(table: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{}\"", table.replace('"', "\"\"")))
}

/// Our tables, without those that a full-text index keeps for itself.
async fn tables(db: &Db) -> Result<Vec<String>, StoreError> {
    let sql = match db {
        Db::Lite(_) => {
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             ORDER BY name"
        }
        Db::Pg(_) => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
        }
    };
    Ok(on_db!(db, c => sqlx::query_scalar(sql).fetch_all(c).await)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseConfig;
    use crate::store::{insert_setting_once, set_setting};
    use crate::testing::{TestFolder, databases};

    #[tokio::test]
    async fn the_age_of_the_tables_is_told() {
        let folder = TestFolder::new();
        for db in databases(&folder).await.unwrap() {
            assert_eq!(age(&db).await.unwrap(), Age::Current);
            let mut tx = db.begin().await.unwrap();
            let last = *migrate::versions(&db).unwrap().iter().max().unwrap();
            crate::on_tx!(&mut tx, c => sqlx::query("DELETE FROM _sqlx_migrations WHERE version = $1")
                .bind(last).execute(c).await.map(|_| ()))
            .unwrap();
            tx.commit().await.unwrap();
            assert_eq!(age(&db).await.unwrap(), Age::Behind(1));
        }
    }

    #[tokio::test]
    async fn rows_are_counted_by_table() {
        let folder = TestFolder::new();
        for db in databases(&folder).await.unwrap() {
            let before = counts(&db).await.unwrap();
            let mut tx = db.begin().await.unwrap();
            insert_setting_once(&mut tx, "one", "1").await.unwrap();
            set_setting(&mut tx, "two", "2").await.unwrap();
            tx.commit().await.unwrap();
            let after = counts(&db).await.unwrap();
            assert_eq!(after["platform_setting"], before["platform_setting"] + 2);
            assert_eq!(after.len(), before.len());
            assert!(!after.keys().any(|name| name.starts_with("sqlite_")));
        }
    }

    #[tokio::test]
    async fn an_untouched_database_is_behind_by_everything() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/new.db", folder.path().display());
        let db = Db::connect(&url, &DatabaseConfig::default()).await.unwrap();
        let all = migrate::versions(&db).unwrap().len();
        assert_eq!(age(&db).await.unwrap(), Age::Behind(all));
    }
}
