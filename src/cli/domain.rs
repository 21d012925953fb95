//! `parvis domain`.

use app::{App, Settings, Surroundings};
use clap::{Args, Subcommand};
use federation::Ctx;
use federation::policy::{self, Rule};

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shuts a server out: nothing is taken from it, nothing fetched there, nothing sent there.
    Block(Named),
    /// Hears a server and shows it to nobody who did not ask for it.
    Limit(Named),
    /// Lets a server in: beside an allow-list, or in spite of a block of its parent domain.
    Allow(Named),
    /// Takes a rule back.
    Remove {
        /// The server.
        host: String,
    },
    /// Lists the rules.
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The server: `example.org` (with its subdomains), or `example.org:8443`.
    host: String,
    /// Why, for the operators.
    #[arg(long, default_value = "")]
    reason: String,
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    let ctx = &app.ctx;
    match command {
        Command::Block(named) => decide(ctx, &named, Rule::Block, "is blocked").await,
        Command::Limit(named) => decide(ctx, &named, Rule::Limit, "is limited").await,
        Command::Allow(named) => decide(ctx, &named, Rule::Allow, "is allowed").await,
        Command::Remove { host } => {
            if !policy::remove(ctx, &host).await? {
                anyhow::bail!("there is no rule about {host}");
            }
            say(&format!("There is no rule about {host} any more."));
            Ok(())
        }
        Command::List => list(ctx).await,
    }
}

async fn decide(ctx: &Ctx, named: &Named, rule: Rule, done: &str) -> anyhow::Result<()> {
    let host = policy::add(ctx, &named.host, rule, &named.reason).await?;
    say(&format!(
        "{host} {done}. A server that is running hears of it within five seconds."
    ));
    Ok(())
}

async fn list(ctx: &Ctx) -> anyhow::Result<()> {
    let rules = policy::list(ctx).await?;
    if rules.is_empty() {
        say("There are no rules.");
    }
    for rule in rules {
        say(&format!(
            "{:<6} {}  since {}  {}",
            rule.rule.code(),
            rule.host,
            rule.created_at,
            rule.reason
        ));
    }
    if ctx.federation().allow_list {
        say("Only allowed servers may speak to us (federation.allow_list).");
    }
    Ok(())
}
