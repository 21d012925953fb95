//! `parvis poll`.

use app::{App, Settings, Surroundings};
use clap::Subcommand;
use polls::actions::PollError;
use polls::model::{PollId, PollRefusal};

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Says that the key of a running poll's ballot box is lost for good (the database was brought back without the
    /// folder `urnes`): the box begins anew, and voters cast their ballots again with their receipts.
    RenewKey {
        /// The number of the poll, as in its address.
        id: i64,
        /// Without it nothing is done.
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    match command {
        Command::RenewKey { id, yes } => {
            if !yes {
                anyhow::bail!("this throws away the ballots that lie in the box: say --yes");
            }
            let lost = match polls::actions::renew_lost_key(&app.ctx, PollId(id)).await {
                Err(PollError::Refused(why)) if why.contains(&PollRefusal::StillOpen) => {
                    anyhow::bail!(
                        "the key of this ballot box is in its place: nothing is lost, nothing was changed"
                    )
                }
                other => other?,
            };
            say(&format!(
                "The box has a new key. {lost} ballots under the old one are lost; whoever has a receipt can cast hers again."
            ));
        }
    }
    app.ctx.db.close().await;
    Ok(())
}
