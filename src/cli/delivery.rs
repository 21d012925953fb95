//! `parvis delivery`.

use app::{App, Settings, Surroundings};
use clap::Subcommand;
use federation::delivery::{self, LaneView};

use super::say;

/// Servers listed.
const LISTED: i64 = 200;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows what waits for which servers, and why.
    List,
    /// Tries everything for a server again now, what was given up for now too.
    Retry {
        /// The server: `example.org`, or `https://example.org:8443`.
        host: String,
    },
    /// Gives up everything that waits for a server.
    Purge {
        /// The server: `example.org`, or `https://example.org:8443`.
        host: String,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    let ctx = &app.ctx;
    match command {
        Command::List => {
            let overview = delivery::overview(ctx, LISTED).await?;
            say(&format!(
                "{} deliveries wait, {} are set aside.",
                overview.waiting, overview.parked
            ));
            overview.lanes.iter().for_each(|lane| say(&line(lane)));
        }
        Command::Retry { host } => {
            let waiting = delivery::retry(ctx, &host).await?;
            say(&format!(
                "{waiting} deliveries for {host} are tried again; a server that is running begins within ten seconds."
            ));
        }
        Command::Purge { host } => {
            let removed = delivery::purge(ctx, &host).await?;
            say(&format!("{removed} deliveries for {host} are given up."));
        }
    }
    Ok(())
}

fn line(lane: &LaneView) -> String {
    let mut text = format!("{}  {} wait", lane.lane, lane.waiting);
    if lane.parked > 0 {
        text.push_str(&format!(", {} set aside", lane.parked));
    }
    if let Some(since) = lane.failing_since {
        text.push_str(&format!(
            ", {} failures since {since}, next attempt {}",
            lane.failures, lane.due_at
        ));
    }
    if let Some(error) = &lane.last_error {
        text.push_str(&format!(": {error}"));
    }
    text
}
