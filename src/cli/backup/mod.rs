//! `parvis backup` and `parvis restore`: one folder with the database, the media and a manifest.
//!
//! The copy of the database is consistent, whatever the server does meanwhile. The media are copied after it: each
//! file is written once and never changed. The manifest comes last, so a folder without one is no backup.

mod files;
mod manifest;
mod postgres;
mod restore;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::Settings;
use clap::Args;
use platform::Clock;
use platform::config::DatabaseConfig;
use platform::media::Media;
use platform::store::{self, Age, Db};

use super::say;
use files::Files;
use manifest::Manifest;

pub(crate) use restore::{Restore, restore};

/// The copy of a SQLite database in the folder.
const SQLITE: &str = "parvis.db";
/// The copy of a PostgreSQL database, in `pg_dump`'s own form.
const POSTGRES: &str = "parvis.dump";
/// The media in the folder.
const MEDIA: &str = "media";

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// A new folder, or an empty one.
    folder: PathBuf,
    /// Takes the key file too. Who finds such a backup reads the private messages: encrypt it.
    #[arg(long)]
    with_keys: bool,
}

/// The copy of the key file in the folder.
const KEYS: &str = "vault.keys";

pub(crate) async fn backup(command: Backup, settings: &Settings) -> anyhow::Result<()> {
    let folder = command.folder;
    if !files::is_empty_or_absent(&folder)? {
        bail!(
            "{} is not empty: a backup wants a folder of its own",
            folder.display()
        );
    }
    if let Some(path) = sqlite_path(settings)
        && !path.exists()
    {
        bail!("there is no database at {}", path.display());
    }
    let db = Db::connect(&settings.database_url(), &settings.database).await?;
    if store::age(&db).await? != Age::Current {
        bail!("the database was made by another version of Parvis: make the backup with that one");
    }
    files::make_private(&folder)?;
    let (kind, tables) = match &db {
        Db::Lite(_) => ("sqlite", copy_sqlite(&db, &folder).await?),
        Db::Pg(_) => (
            "postgresql",
            postgres::dump(&db, &settings.database_url(), &folder.join(POSTGRES)).await?,
        ),
    };
    let media = copy_media(settings, &folder).await?;
    let keys = settings.vault.path(&settings.server.data_dir);
    if command.with_keys {
        files::copy_private(&keys, &folder.join(KEYS))?;
    }
    let manifest = Manifest {
        format: manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: Clock::System.now().rfc3339(),
        base_url: store::setting(&db, "base_url").await?.unwrap_or_default(),
        database: kind.to_owned(),
        tables,
        media,
    };
    manifest.write(&folder)?;
    db.close().await;
    say(&format!(
        "{}: {} rows in {} tables, {} media files ({} KB).",
        folder.display(),
        manifest.rows(),
        manifest.tables.len(),
        manifest.media.files,
        manifest.media.bytes / 1000
    ));
    say(&if command.with_keys {
        "The key file is in it: whoever has this folder reads the private messages. Encrypt it before it leaves this \
         machine."
            .to_owned()
    } else {
        format!(
            "The key file {} is NOT in it: without that file nobody, you neither, reads the private messages of this \
             backup. Keep a copy of it elsewhere (or use --with-keys).",
            keys.display()
        )
    });
    Ok(())
}

async fn copy_sqlite(db: &Db, folder: &Path) -> anyhow::Result<manifest::Tables> {
    let copy = folder.join(SQLITE);
    db.copy_to(&copy).await.context("the database cannot be copied")?;
    files::make_last(&copy)?;
    count_file(&copy).await
}

/// The rows of a SQLite file that nobody else uses.
async fn count_file(path: &Path) -> anyhow::Result<manifest::Tables> {
    let url = format!("sqlite://{}", path.display());
    let copy = Db::connect(&url, &DatabaseConfig::default()).await?;
    let counts = store::counts(&copy).await;
    copy.close().await;
    files::remove_if_there(&files::beside(path, "-wal"))?;
    files::remove_if_there(&files::beside(path, "-shm"))?;
    Ok(counts?)
}

async fn copy_media(settings: &Settings, folder: &Path) -> anyhow::Result<Files> {
    let target = folder.join(MEDIA);
    let media = Media::new(&settings.media, &settings.server.data_dir);
    let Some(source) = media.folder().map(Path::to_path_buf) else {
        return Ok(Files::default());
    };
    tokio::task::spawn_blocking(move || files::copy_all(&source, &target)).await?
}

/// Where the SQLite file lies; nothing for PostgreSQL.
fn sqlite_path(settings: &Settings) -> Option<PathBuf> {
    let url = settings.database_url();
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))?;
    Some(PathBuf::from(path))
}
