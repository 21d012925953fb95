//! `parvis commune`: communes of other instances shown here.

use ::commune::InseeCode;
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
            say(&format!(
                "The posts of {} will stand on the page of {code}.",
                actor.full_handle()
            ));
        }
        Command::Drop { handle, commune } => {
            let code = commune_of(&app, &handle, commune).await?;
            carry::remove(&app.ctx, code, &handle).await?;
            say("No longer carried.");
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
