//! For tests only: databases and a context with a stopped clock and seeded chance.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::AssertSqlSafe;

use crate::clock::{Clock, Timestamp};
use crate::config::{DatabaseConfig, Secret, ServerConfig};
use crate::ctx::{Ctx, Parts};
use crate::http;
use crate::i18n::Words;
use crate::limits::Limits;
use crate::mail::Mailer;
use crate::media::{self, Media};
use crate::memory::Memory;
use crate::on_tx;
use crate::rng::Rng;
use crate::store::{Db, StoreError};
use crate::urls::Urls;
use crate::vault::Vault;
use crate::web::InstanceConfig;
use crate::work::Work;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A folder that goes when the test ends.
#[derive(Debug)]
pub struct TestFolder(pub PathBuf);

impl TestFolder {
    /// A new empty folder.
    pub fn new() -> Self {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("parvis-test-{}-{n}", std::process::id()));
        let _made = std::fs::create_dir_all(&path);
        Self(path)
    }
}

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// An empty, migrated SQLite database in a file of `folder`, with WAL as in production.
///
/// # Errors
/// [`StoreError`] when it cannot be made.
pub async fn sqlite(folder: &TestFolder) -> Result<Db, StoreError> {
    let config = DatabaseConfig {
        synchronous: "normal".to_owned(),
        ..DatabaseConfig::default()
    };
    Db::open(
        &format!("sqlite://{}", folder.0.join("test.db").display()),
        &config,
    )
    .await
}

/// The address of an empty schema of the PostgreSQL named by `TEST_POSTGRES_URL`; `None` when none is named.
///
/// # Errors
/// [`StoreError`] when one is named and cannot be used.
pub async fn postgres_url() -> Result<Option<String>, StoreError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where PostgreSQL is"
    )]
    let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
        return Ok(None);
    };
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let schema = format!("t{}_{n}", std::process::id());
    let config = DatabaseConfig {
        max_connections: 6,
        ..DatabaseConfig::default()
    };
    let Db::Pg(outer) = Db::connect(&url, &config).await? else {
        return Ok(None);
    };
    sqlx::query(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {schema} CASCADE")))
        .execute(outer.pool())
        .await?;
    sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
        .execute(outer.pool())
        .await?;
    outer.pool().close().await;
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(Some(format!("{url}{joint}options=-c%20search_path%3D{schema}")))
}

/// An empty, migrated schema of the PostgreSQL named by `TEST_POSTGRES_URL`; `None` when none is named.
///
/// # Errors
/// [`StoreError`] when one is named and cannot be used.
pub async fn postgres() -> Result<Option<Db>, StoreError> {
    let config = DatabaseConfig {
        max_connections: 6,
        ..DatabaseConfig::default()
    };
    match postgres_url().await? {
        Some(url) => Db::open(&url, &config).await.map(Some),
        None => Ok(None),
    }
}

/// The addresses of the databases that whole servers are tried on: SQLite, and PostgreSQL if there is one.
///
/// # Errors
/// [`StoreError`] when one cannot be made.
pub async fn databases_urls(folder: &TestFolder) -> Result<Vec<String>, StoreError> {
    let mut urls = vec![format!("sqlite://{}", folder.0.join("test.db").display())];
    urls.extend(postgres_url().await?);
    Ok(urls)
}

/// Runs a statement, for tests that need a table of their own or alter a stored value.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn execute(db: &Db, statement: &str) -> Result<u64, StoreError> {
    let mut tx = db.begin().await?;
    let changed = on_tx!(&mut tx, c => sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(c).await.map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(changed)
}

/// Every database the tests run on: SQLite, and PostgreSQL when `TEST_POSTGRES_URL` is set.
///
/// # Errors
/// [`StoreError`] when one cannot be made.
pub async fn databases(folder: &TestFolder) -> Result<Vec<Db>, StoreError> {
    let mut all = vec![sqlite(folder).await?];
    all.extend(postgres().await?);
    Ok(all)
}

/// The instant at which test clocks stand: Monday 23 November 2026, 8 h 30 in Paris.
pub const NOON: Timestamp = Timestamp::from_millis(1_795_419_000_000);

/// A context on `db` with a stopped clock, seeded chance and no brakes, at `https://parvis.test`.
///
/// # Errors
/// A text when a part cannot be made.
pub fn ctx(db: Db, folder: &TestFolder) -> Result<Ctx, String> {
    ctx_with(db, folder, |_| {})
}

/// The same with some parts changed.
///
/// # Errors
/// A text when a part cannot be made.
pub fn ctx_with(db: Db, folder: &TestFolder, change: impl FnOnce(&mut Parts)) -> Result<Ctx, String> {
    let base = url::Url::parse("https://parvis.test").map_err(|error| error.to_string())?;
    let mut options = http::Options::new(base.clone());
    options.allow_loopback = true;
    let mut parts = Parts {
        db,
        clock: Clock::fixed(NOON),
        rng: Rng::seeded(7),
        words: Words::embedded().map_err(|error| error.to_string())?,
        urls: Urls::new(base),
        server: ServerConfig {
            data_dir: folder.0.clone(),
            ..ServerConfig::default()
        },
        instance: InstanceConfig::default(),
        http: http::Client::new(options).map_err(|error| error.to_string())?,
        limits: Limits::off(),
        nav: Vec::new(),
        closed: Vec::new(),
        mailer: Mailer::memory(),
        media: Media::new(&media::Config::default(), &folder.0),
        work: Work::default(),
        memory: Memory::default(),
        vault: Vault::in_memory().map_err(|error| error.to_string())?,
    };
    change(&mut parts);
    Ok(Ctx::new(parts))
}

/// A database address as a setting.
pub fn database_setting(url: &str) -> DatabaseConfig {
    DatabaseConfig {
        url: Secret::new(url.to_owned()),
        ..DatabaseConfig::default()
    }
}
