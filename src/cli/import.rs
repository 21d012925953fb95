//! `parvis import`.

use std::path::PathBuf;

use anyhow::Context as _;
use app::{App, Settings, Surroundings};
use clap::Subcommand;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Loads the official list of communes of a newer year (form: migrations/data/README.md).
    Communes {
        /// The table, packed with gzip or not.
        file: PathBuf,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let Command::Communes { file } = command;
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let app = App::build(settings, Surroundings::default()).await?;
    let communes = commune::actions::import_table(&app.ctx, bytes).await?;
    say(&format!(
        "{communes} communes are loaded. What town halls have done here is kept."
    ));
    Ok(())
}
