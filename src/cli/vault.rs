//! `parvis vault`.

use anyhow::bail;
use app::{Settings, sealed_columns};
use clap::Subcommand;
use platform::store::{self, Age, Db};
use platform::vault::{self, Standing};

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Says whether the key file opens what is encrypted.
    Status,
    /// Makes a new key and encrypts everything with it. The server may run.
    Rotate,
    /// Removes the old keys from the file once nothing needs them. Older backups still do: keep the old file with them.
    Retire,
    /// Begins with a new key because the file is lost. What it encrypted stays unreadable.
    Replace {
        /// Says that the file is lost for ever.
        #[arg(long)]
        give_up_what_is_encrypted: bool,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let db = Db::connect(&settings.database_url(), &settings.database).await?;
    if store::age(&db).await? != Age::Current {
        bail!("the database was made by another version of Parvis: start the server first");
    }
    let done = work(command, settings, &db).await;
    db.close().await;
    done
}

async fn work(command: Command, settings: &Settings, db: &Db) -> anyhow::Result<()> {
    let path = settings.vault.path(&settings.server.data_dir);
    let columns = sealed_columns();
    match command {
        Command::Status => match vault::look(&path, db, &columns).await {
            Standing::Good { path, keys } => {
                say(&format!(
                    "{} opens what is encrypted; keys: {keys}.",
                    path.display()
                ));
            }
            Standing::NotYet(path) => say(&format!("No {} yet; the next start makes it.", path.display())),
            Standing::Wrong(error) => return Err(error.into()),
        },
        Command::Rotate => {
            let done = vault::rotate(&path, db, &columns).await?;
            say(&format!(
                "{} values are encrypted with the new key {}.",
                done.values, done.key
            ));
            if done.broken > 0 {
                say(&format!(
                    "{} values open with no key and stay as they are.",
                    done.broken
                ));
            }
            say(&format!(
                "Copy {} to its safe place again. `parvis vault retire` removes the old keys.",
                path.display()
            ));
        }
        Command::Retire => match vault::retire(&path, db, &columns).await? {
            Ok(gone) => say(&format!("Old keys removed: {gone}.")),
            Err(needed) => bail!("{needed} values still need an old key: run `parvis vault rotate` first"),
        },
        Command::Replace {
            give_up_what_is_encrypted,
        } => {
            if !give_up_what_is_encrypted {
                bail!(
                    "what is encrypted now would stay unreadable for ever; say --give-up-what-is-encrypted if the \
                     key file is lost"
                );
            }
            let (key, aside) = vault::replace(&path, db).await?;
            say(&format!("{} holds the new key {key}.", path.display()));
            if let Some(aside) = aside {
                say(&format!(
                    "The file that was there is kept as {}.",
                    aside.display()
                ));
            }
        }
    }
    Ok(())
}
