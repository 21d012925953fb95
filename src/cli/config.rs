//! `parvis config`.

use std::path::Path;

use app::Settings;
use clap::Subcommand;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads the settings and says what would be used.
    Check,
}

pub(crate) fn obey(command: &Command, file: Option<&Path>, settings: &Settings) -> anyhow::Result<()> {
    let Command::Check = command;
    match file {
        Some(path) => say(&format!(
            "Settings from {} and the environment: good.",
            path.display()
        )),
        None => say("Default settings and the environment: good."),
    }
    say(&format!("  address       {}", settings.base_url()));
    say(&format!("  listening on  {}", settings.server.listen));
    let database = settings.database_url();
    let shown = if database.starts_with("sqlite") {
        database.as_str()
    } else {
        "PostgreSQL"
    };
    say(&format!("  database      {shown}"));
    let missing = settings.instance.missing_legal_keys();
    if !missing.is_empty() {
        say(&format!(
            "  the legal notice still lacks, in [instance]: {}",
            missing.join(", ")
        ));
    }
    Ok(())
}
