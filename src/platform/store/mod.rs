//! Rows on SQLite (embedded, the default) and on PostgreSQL, by one set of queries.
//!
//! SQLite: WAL, one writing connection whose transactions begin `IMMEDIATE` (so a writer never fails half
//! way because another one came first), several reading connections, `synchronous = FULL` so that what was
//! acknowledged survives a power cut as well as `kill -9`. PostgreSQL: one pool.
//! Queries are written once with `$n` placeholders and run by `on_db!` and `on_tx!`; a `match` on
//! [`Db`] or [`Link`] stands only where the two languages differ.

mod coded;
mod cursor;
mod error;
mod look;
mod migrate;
mod settings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::config::DatabaseConfig;
use crate::work::Work;

pub use cursor::{Page, Paging};
pub use error::{OnUnique, StoreError};
pub use look::{Age, Snapshot, age, counts};
pub use settings::{insert_setting_once, set_setting, setting, setting_in};

/// How long a connection to PostgreSQL is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs an expression on the database's reading side: `on_db!(db, c => query.fetch_all(c).await)`.
#[macro_export]
macro_rules! on_db {
    ($db:expr, $c:ident => $e:expr) => {
        match $db {
            $crate::store::Db::Lite(lite) => {
                let $c = lite.readers();
                $e
            }
            $crate::store::Db::Pg(pg) => {
                let $c = pg.pool();
                $e
            }
        }
    };
}

/// Runs an expression in a transaction: `on_tx!(tx, c => query.execute(c).await)`.
#[macro_export]
macro_rules! on_tx {
    ($tx:expr, $c:ident => $e:expr) => {
        match $tx.link() {
            $crate::store::Link::Lite(link) => {
                let $c = &mut **link;
                $e
            }
            $crate::store::Link::Pg(link) => {
                let $c = &mut **link;
                $e
            }
        }
    };
}

/// What a commit may wake up, in this process and in the others on the same PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// There are tasks to run.
    Tasks,
    /// There are activities to deliver.
    Deliveries,
    /// There are received activities to take in.
    Received,
}

impl Wake {
    const ALL: [Self; 3] = [Self::Tasks, Self::Deliveries, Self::Received];

    const fn name(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Deliveries => "deliveries",
            Self::Received => "received",
        }
    }
}

/// Who waits for which [`Wake`].
#[derive(Debug, Clone, Default)]
pub struct Bells(Arc<[Notify; 3]>);

impl Bells {
    /// Wakes one waiter now, or the next one to come.
    pub fn ring(&self, wake: Wake) {
        self.of(wake).notify_one();
    }

    /// Waits for a ring, at most `patience`.
    pub async fn wait(&self, wake: Wake, patience: Duration) {
        let _rung = tokio::time::timeout(patience, self.of(wake).notified()).await;
    }

    fn of(&self, wake: Wake) -> &Notify {
        let [tasks, deliveries, received] = &*self.0;
        match wake {
            Wake::Tasks => tasks,
            Wake::Deliveries => deliveries,
            Wake::Received => received,
        }
    }
}

/// SQLite: one writer, many readers.
#[derive(Debug, Clone)]
pub struct Lite {
    writer: SqlitePool,
    readers: SqlitePool,
    path: PathBuf,
    bells: Bells,
}

impl Lite {
    /// The reading connections.
    pub const fn readers(&self) -> &SqlitePool {
        &self.readers
    }
    /// The one writing connection.
    pub const fn writer(&self) -> &SqlitePool {
        &self.writer
    }
    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// PostgreSQL.
#[derive(Debug, Clone)]
pub struct Pg {
    pool: PgPool,
    /// Turns for transactions, fewer than there are connections: who is in one may still have to read outside of
    /// it, and while many wait for one row, nobody could if they held all connections.
    turns: Arc<Semaphore>,
    bells: Bells,
}

impl Pg {
    /// The pool.
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        match tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(StoreError::Unavailable("no transaction ended in time".to_owned())),
        }
    }
}

/// The database.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite.
    Lite(Lite),
    /// PostgreSQL.
    Pg(Pg),
}

/// The connection of a transaction.
#[derive(Debug)]
pub enum Link {
    /// SQLite's writer.
    Lite(Transaction<'static, Sqlite>),
    /// One of PostgreSQL's.
    Pg(Transaction<'static, Postgres>),
}

/// A transaction. Dropped without [`Tx::commit`] it leaves nothing.
///
/// On SQLite it holds the only writer: nothing on the network may be awaited while one is open.
#[derive(Debug)]
pub struct Tx {
    link: Link,
    bells: Bells,
    wakes: BTreeSet<Wake>,
    /// Given back when the transaction has ended.
    turn: Option<OwnedSemaphorePermit>,
}

impl Tx {
    /// The connection, for `on_tx!`.
    pub const fn link(&mut self) -> &mut Link {
        &mut self.link
    }

    /// Whether this is PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        matches!(self.link, Link::Pg(_))
    }

    /// Rings when, and only when, the transaction commits.
    pub fn wake(&mut self, wake: Wake) {
        self.wakes.insert(wake);
    }

    /// Makes all of it last.
    ///
    /// # Errors
    /// [`StoreError`] when the database could not; then nothing of it is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self {
            link,
            bells,
            wakes,
            turn,
        } = self;
        match link {
            Link::Lite(tx) => tx.commit().await?,
            Link::Pg(mut tx) => {
                for wake in &wakes {
                    sqlx::query("SELECT pg_notify('parvis', $1)")
                        .bind(wake.name())
                        .execute(&mut *tx)
                        .await?;
                }
                tx.commit().await?;
            }
        }
        drop(turn);
        for wake in wakes {
            bells.ring(wake);
        }
        Ok(())
    }

    /// Undoes all of it now rather than at some later moment.
    ///
    /// # Errors
    /// [`StoreError`] when the connection broke.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.link {
            Link::Lite(tx) => tx.rollback().await?,
            Link::Pg(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

impl Db {
    /// Opens the database of `url` (`sqlite://path` or `postgres://…`) and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, or was made by a newer version.
    pub async fn open(url: &str, config: &DatabaseConfig) -> Result<Self, StoreError> {
        let db = Self::connect(url, config).await?;
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Opens without touching the tables.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no such database or the address is of no known kind.
    pub async fn connect(url: &str, config: &DatabaseConfig) -> Result<Self, StoreError> {
        if let Some(path) = url
            .strip_prefix("sqlite://")
            .or_else(|| url.strip_prefix("sqlite:"))
        {
            Self::open_sqlite(Path::new(path), config).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.application_name("parvis");
            let connections = config.max_connections.max(4);
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                .connect_with(options)
                .await?;
            Ok(Self::Pg(Pg {
                pool,
                turns: Arc::new(Semaphore::new(connections as usize / 2)),
                bells: Bells::default(),
            }))
        } else {
            Err(StoreError::Unavailable(
                "the database address must begin with sqlite:// or postgres://".to_owned(),
            ))
        }
    }

    async fn open_sqlite(path: &Path, config: &DatabaseConfig) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|cause| {
                StoreError::Unavailable(format!("cannot make the folder {}: {cause}", folder.display()))
            })?;
        }
        let synchronous = match config.synchronous.as_str() {
            "full" => SqliteSynchronous::Full,
            "normal" => SqliteSynchronous::Normal,
            other => {
                return Err(StoreError::Unavailable(format!(
                    "database.synchronous is `full` or `normal`, not `{other}`"
                )));
            }
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(Duration::from_secs(15))
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "33554432");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(60))
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(config.max_connections.max(2))
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self::Lite(Lite {
            writer,
            readers,
            path: path.to_owned(),
            bells: Bells::default(),
        }))
    }

    /// Begins a transaction; on SQLite it waits for the writer, on PostgreSQL for one of the turns.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection came free in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let (link, turn) = match self {
            Self::Lite(lite) => (Link::Lite(lite.writer.begin_with("BEGIN IMMEDIATE").await?), None),
            Self::Pg(pg) => {
                let turn = pg.turn().await?;
                (Link::Pg(pg.pool.begin().await?), Some(turn))
            }
        };
        Ok(Tx {
            link,
            bells: self.bells().clone(),
            wakes: BTreeSet::new(),
            turn,
        })
    }

    /// The bells that commits ring.
    pub const fn bells(&self) -> &Bells {
        match self {
            Self::Lite(lite) => &lite.bells,
            Self::Pg(pg) => &pg.bells,
        }
    }

    /// Whether this is PostgreSQL.
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Pg(_))
    }

    /// Passes on what other processes on the same PostgreSQL committed. Nothing to do on SQLite.
    pub fn listen(&self, work: &Work) {
        let Self::Pg(pg) = self else { return };
        let (pg, stopping) = (pg.clone(), work.clone());
        work.spawn(async move {
            while !stopping.is_stopping() {
                tokio::select! {
                    () = stopping.stopping() => return,
                    heard = hear(&pg) => if let Err(error) = heard {
                        tracing::warn!(%error, "the database's notifications are interrupted");
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                }
            }
        });
    }

    /// Writes a consistent copy of a SQLite database to `target` while the server works.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] on PostgreSQL (use `pg_dump`) or when the file exists already.
    pub async fn copy_to(&self, target: &Path) -> Result<(), StoreError> {
        let Self::Lite(lite) = self else {
            return Err(StoreError::Unavailable(
                "PostgreSQL is backed up by pg_dump".to_owned(),
            ));
        };
        sqlx::query("VACUUM INTO $1")
            .bind(target.to_string_lossy().into_owned())
            .execute(lite.writer())
            .await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Lite(lite) => {
                lite.readers.close().await;
                lite.writer.close().await;
            }
            Self::Pg(pg) => pg.pool.close().await,
        }
    }
}

async fn hear(pg: &Pg) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(&pg.pool).await?;
    listener.listen("parvis").await?;
    // What was said while nobody listened is looked for at once.
    Wake::ALL.iter().for_each(|wake| pg.bells.ring(*wake));
    loop {
        let said = listener.recv().await?;
        Wake::ALL
            .iter()
            .filter(|wake| wake.name() == said.payload())
            .for_each(|wake| pg.bells.ring(*wake));
    }
}
