//! The demonstration: an invented town hall in the real commune of Èze, with some weeks of life in it.
//!
//! Everything is done by the actions of the rooms, with a clock that is moved from deed to deed, so that the
//! demonstration can never hold what the program would not let in. A database remembers that it is one: every page
//! says so, whichever command serves it. Refuses a database that holds anything else.

mod agenda;
mod content;
mod groups;
mod messages;
mod people;
mod polls;
mod seed;
#[cfg(test)]
mod tests;
mod town;

use anyhow::{Context as _, bail};
use platform::store::{self, Db};
use platform::{Clock, StoreError, Timestamp};

use crate::{App, Settings, Surroundings};

pub use content::{Content, Person};

/// What is written once all is there.
const DONE: &str = "done";
/// What is written before anything is.
const BEGUN: &str = "begun";
/// The fact in the database that it is a demonstration.
const MARK: &str = "demo";
/// The INSEE code of Èze.
pub const COMMUNE: &str = "06059";
/// Where days begin in the commune.
const ZONE: &str = "Europe/Paris";

/// Everybody's password. It is printed and known to all: nothing here is worth hiding.
pub const PASSWORD: &str = "demonstration-eze";

/// Whether this database is a demonstration.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_one(db: &Db) -> Result<bool, StoreError> {
    Ok(store::setting(db, MARK).await?.is_some())
}

/// Fills what the settings leave out, so that the legal pages have something to show.
pub fn fill(settings: &mut Settings) {
    let instance = &mut settings.instance;
    instance.demo = true;
    if instance.name == "Parvis" {
        "Parvis, démonstration".clone_into(&mut instance.name);
    }
    for (key, value) in [
        (&mut instance.contact_email, "contact@example.org"),
        (&mut instance.publisher, "Éditeur inventé (démonstration)"),
        (
            &mut instance.publisher_address,
            "1, place de l’Exemple, 06360 Èze",
        ),
        (&mut instance.publisher_phone, "01 99 00 06 59"),
        (
            &mut instance.publication_director,
            "Personne inventée (démonstration)",
        ),
        (&mut instance.host_name, "Hébergeur inventé (démonstration)"),
        (&mut instance.host_address, "2, place de l’Exemple, 06360 Èze"),
        (&mut instance.host_phone, "01 99 00 06 60"),
    ] {
        if key.is_empty() {
            value.clone_into(key);
        }
    }
}

/// Makes the demonstration, unless it is there already; then nothing changes. Gives whether it was made now.
///
/// # Errors
/// When the database holds something else, or a first start was interrupted.
pub async fn prepare(settings: &Settings, now: Timestamp) -> anyhow::Result<bool> {
    let content = Content::embedded()?;
    let today = content::midnight(now, 0)?;
    let clock = Clock::fixed(content.beginning(today)?);
    let surroundings = Surroundings {
        clock: clock.clone(),
        ..Surroundings::default()
    };
    let app = App::build(settings, surroundings).await?;
    let made = match store::setting(&app.ctx.db, MARK).await?.as_deref() {
        Some(DONE) => false,
        Some(_) => bail!(
            "the first start of this demonstration was interrupted: remove its data ({}) and start again",
            settings.server.data_dir.display()
        ),
        None => {
            if !commune::actions::claimed(&app.ctx, 1).await?.is_empty() {
                bail!("this database is no demonstration: town halls are in it. Choose another data folder");
            }
            mark(&app, BEGUN).await?;
            seed::seed(&app.ctx, &clock, &content, today)
                .await
                .context("the demonstration cannot be made")?;
            mark(&app, DONE).await?;
            true
        }
    };
    app.stop().await;
    Ok(made)
}

async fn mark(app: &App, state: &str) -> anyhow::Result<()> {
    let mut tx = app.ctx.db.begin().await?;
    store::set_setting(&mut tx, MARK, state).await?;
    tx.commit().await?;
    Ok(())
}
