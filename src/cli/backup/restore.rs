//! `parvis restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::{Settings, lock};
use clap::Args;
use platform::media::Media;
use platform::store::{self, Db};
use platform::vault;

use super::manifest::{Manifest, Tables, differences};
use super::{KEYS, MEDIA, POSTGRES, SQLITE, count_file, files, postgres, sqlite_path};
use crate::cli::say;

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The folder that `parvis backup` made.
    folder: PathBuf,
    /// Replaces a database and media that are there.
    #[arg(long)]
    force: bool,
}

pub(crate) async fn restore(command: Restore, settings: &Settings) -> anyhow::Result<()> {
    let Restore { folder, force } = command;
    let manifest = Manifest::read(&folder)?;
    check_media(&manifest, &folder)?;
    let _held = lock::take(&settings.database_url())?;
    let media = Media::new(&settings.media, &settings.server.data_dir);
    let media = media.folder().context("the media have no folder")?.to_path_buf();
    if !files::is_empty_or_absent(&media)? && !force {
        bail!("{} holds files; --force replaces them", media.display());
    }
    let found = match (manifest.database.as_str(), sqlite_path(settings)) {
        ("sqlite", Some(path)) => put_sqlite(&manifest, &folder.join(SQLITE), &path, force).await?,
        ("postgresql", None) => put_postgres(settings, &folder.join(POSTGRES), force).await?,
        (kind, _) => bail!("this is a backup of {kind}, and database.url names the other kind"),
    };
    agree(&manifest, &found)?;
    if media.exists() {
        std::fs::remove_dir_all(&media).with_context(|| format!("cannot empty {}", media.display()))?;
    }
    let source = folder.join(MEDIA);
    let copied = tokio::task::spawn_blocking(move || files::copy_all(&source, &media)).await??;
    if copied != manifest.media {
        bail!(
            "{} media files were promised, {} came",
            manifest.media.files,
            copied.files
        );
    }
    say(&format!(
        "Restored: {} rows in {} tables, {} media files, as the manifest of {} says.",
        found.values().sum::<i64>(),
        found.len(),
        copied.files,
        manifest.made_at
    ));
    put_keys(&folder, settings).await?;
    if manifest.base_url != settings.base_url() {
        say(&format!(
            "It belongs to {}: set server.base_url to that before the start (it is {} now).",
            manifest.base_url,
            settings.base_url()
        ));
    }
    Ok(())
}

/// The key file of the backup, if it has one and there is none; else says what is to be done.
async fn put_keys(folder: &Path, settings: &Settings) -> anyhow::Result<()> {
    let (copy, place) = (folder.join(KEYS), settings.vault.path(&settings.server.data_dir));
    if copy.exists() && !place.exists() {
        files::copy_private(&copy, &place)?;
        say(&format!("The key file is put back at {}.", place.display()));
        return Ok(());
    }
    let db = Db::connect(&settings.database_url(), &settings.database).await?;
    let columns = app::sealed_columns();
    let is_needed = vault::forget_unused(&db, &columns).await?;
    let standing = vault::look(&place, &db, &columns).await;
    db.close().await;
    match standing {
        vault::Standing::Wrong(_) if is_needed => say(&format!(
            "Private messages are encrypted, and the key file that opens them was not in the backup: put it at {} \
             before the start.",
            place.display()
        )),
        _ => {}
    }
    Ok(())
}

fn check_media(manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    let found = files::count_all(&folder.join(MEDIA))?;
    if found != manifest.media {
        bail!(
            "the backup is damaged: its manifest promises {} media files of {} bytes, and there are {} of {}",
            manifest.media.files,
            manifest.media.bytes,
            found.files,
            found.bytes
        );
    }
    Ok(())
}

fn agree(manifest: &Manifest, found: &Tables) -> anyhow::Result<()> {
    let differences = differences(&manifest.tables, found);
    if differences.is_empty() {
        Ok(())
    } else {
        bail!(
            "the database is not the one of the manifest: {}",
            differences.join("; ")
        )
    }
}

/// The copy is counted beside its place and takes it in one step.
async fn put_sqlite(manifest: &Manifest, copy: &Path, place: &Path, force: bool) -> anyhow::Result<Tables> {
    if place.exists() && !force {
        bail!("there is a database at {}; --force replaces it", place.display());
    }
    let part = files::beside(place, ".restore");
    files::remove_if_there(&part)?;
    std::fs::copy(copy, &part).with_context(|| format!("cannot copy {}", copy.display()))?;
    let found = count_file(&part).await.context("the copy is no database")?;
    if let Err(error) = agree(manifest, &found) {
        files::remove_if_there(&part)?;
        return Err(error);
    }
    files::make_last(&part)?;
    for end in ["-wal", "-shm"] {
        files::remove_if_there(&files::beside(place, end))?;
    }
    std::fs::rename(&part, place).with_context(|| format!("cannot write {}", place.display()))?;
    Ok(found)
}

async fn put_postgres(settings: &Settings, dump: &Path, force: bool) -> anyhow::Result<Tables> {
    let db = Db::connect(&settings.database_url(), &settings.database).await?;
    if !store::counts(&db).await?.is_empty() && !force {
        bail!("the database has tables; --force replaces them");
    }
    postgres::load(&settings.database_url(), dump, force).await?;
    let found = store::counts(&db).await?;
    db.close().await;
    Ok(found)
}
