//! `parvis relay`.

use app::{App, Settings, Surroundings};
use clap::Subcommand;
use federation::relay;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Asks a relay to pass on what is public here.
    Add {
        /// The address of its inbox: `https://relay.example.org/inbox`.
        inbox: String,
    },
    /// Takes leave of a relay.
    Remove {
        /// The address of its inbox.
        inbox: String,
    },
    /// Lists the relays and what they answered.
    List,
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    let ctx = &app.ctx;
    match command {
        Command::Add { inbox } => {
            let relay = relay::add(ctx, &inbox).await?;
            say(&format!(
                "{} is asked ({}). A server that is running sends this within ten seconds.",
                relay.inbox, relay.state
            ));
        }
        Command::Remove { inbox } => {
            if !relay::remove(ctx, &inbox).await? {
                anyhow::bail!("there is no relay at {inbox}; `parvis relay list` shows them");
            }
            say(&format!("{inbox} gets nothing more from here."));
        }
        Command::List => {
            let relays = relay::list(ctx).await?;
            if relays.is_empty() {
                say("There are no relays.");
            }
            for relay in relays {
                let actor = relay.actor_uri.unwrap_or_default();
                say(&format!(
                    "{:<8}  {}  asked {}  {actor}",
                    relay.state, relay.inbox, relay.created_at
                ));
            }
        }
    }
    Ok(())
}
