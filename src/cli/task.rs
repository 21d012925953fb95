//! `parvis task`.

use app::{App, Settings, Surroundings};
use clap::Subcommand;
use platform::queue;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists what waits and what was given up.
    List,
    /// Runs everything that is due now.
    Run,
    /// Puts a task that was given up back in the queue.
    Retry {
        /// Its number in the list.
        id: i64,
    },
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    let db = &app.ctx.db;
    match command {
        Command::List => {
            for task in queue::waiting(db, 200).await? {
                let error = task.last_error.unwrap_or_default();
                say(&format!(
                    "{}  {}  due {}  attempts {}  {error}",
                    task.id, task.name, task.run_at, task.attempts
                ));
            }
            for task in queue::failed(db, 200).await? {
                say(&format!(
                    "{}  {}  given up {}  {}",
                    task.id, task.name, task.failed_at, task.last_error
                ));
            }
        }
        Command::Run => {
            let done = queue::run_due(app.ctx.platform(), &app.tasks, app.ctx.clone()).await?;
            say(&format!("{done} tasks run."));
        }
        Command::Retry { id } => {
            let mut tx = db.begin().await?;
            queue::retry(&mut tx, id, app.ctx.clock.now()).await?;
            tx.commit().await?;
            say("It will run again.");
        }
    }
    Ok(())
}
