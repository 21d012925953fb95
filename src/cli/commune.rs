//! `parvis commune`: communes of other instances shown here.

use ::commune::InseeCode;
use agenda::actions::around;
use anyhow::Context as _;
use app::{App, Settings, Surroundings};
use clap::Subcommand;
use news::carry;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the posts of a mayor of another instance on the page of the commune here.
    Carry {
        /// maire-eze@parvis.example.org
        handle: String,
        /// INSEE code; without it, the commune whose mayor would bear this handle here.
        #[arg(long)]
        commune: Option<InseeCode>,
    },
    /// No longer.
    Drop {
        /// The handle given at the time.
        handle: String,
        /// INSEE code, if one was given.
        #[arg(long)]
        commune: Option<InseeCode>,
    },
    /// Shows the events of an account of another server "around here" in the agenda of a commune.
    Around {
        /// agenda@mobilizon.example.org
        handle: String,
        /// INSEE code (06059).
        #[arg(long)]
        commune: InseeCode,
        /// No longer.
        #[arg(long)]
        remove: bool,
    },
    /// Lists whose posts are shown on a commune's page.
    Carried {
        /// INSEE code (06059).
        commune: InseeCode,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    match command {
        Command::Carry { handle, commune } => {
            let code = commune_of(&app, &handle, commune).await?;
            let actor = carry::add(&app.ctx, code, &handle).await?;
            around::add(&app.ctx, code, &handle).await?;
            say(&format!(
                "The posts of {} will stand on the page of {code}, its events around there.",
                actor.full_handle()
            ));
        }
        Command::Drop { handle, commune } => {
            let code = commune_of(&app, &handle, commune).await?;
            carry::remove(&app.ctx, code, &handle).await?;
            around::remove_by_handle(&app.ctx, code, &handle).await?;
            say("No longer carried.");
        }
        Command::Around {
            handle,
            commune,
            remove: false,
        } => {
            let actor = around::add(&app.ctx, commune, &handle).await?;
            say(&format!(
                "The events of {} will be shown around {commune}.",
                actor.full_handle()
            ));
        }
        Command::Around { handle, commune, .. } => {
            around::remove_by_handle(&app.ctx, commune, &handle).await?;
            say("No longer shown.");
        }
        Command::Carried { commune } => {
            for actor in carry::list(&app.ctx, commune).await? {
                say(&actor.full_handle());
            }
        }
    }
    Ok(())
}

async fn commune_of(app: &App, handle: &str, given: Option<InseeCode>) -> anyhow::Result<InseeCode> {
    if let Some(code) = given {
        return Ok(code);
    }
    let user = handle
        .trim()
        .trim_start_matches('@')
        .split('@')
        .next()
        .unwrap_or_default();
    let found = ::commune::actions::by_handle(&app.ctx, user).await?;
    Ok(found
        .with_context(|| format!("no commune is known by `{user}`: name it with --commune"))?
        .code)
}
