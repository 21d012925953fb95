//! The commands. Each says in one line what it did, or why it could not, and ends with 0 or 1.

mod account;
mod backup;
mod commune;
mod config;
mod delivery;
mod demo;
mod doctor;
mod domain;
mod import;
mod out;
mod poll;
mod relay;
mod serve;
mod task;
mod vault;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::Settings;
use clap::{Parser, Subcommand};

use out::say;

/// A federated server that gives every French commune a direct line between its mayor and its citizens.
#[derive(Debug, Parser)]
#[command(name = "parvis", version, about, arg_required_else_help = true)]
struct Cli {
    /// The settings (TOML); without it `config.toml` in this folder, if there is one.
    #[arg(long, short, global = true, env = "PARVIS_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server.
    Serve,
    /// Runs a demonstration: the commune of Èze with invented people. Its data lie in `demo-data`.
    Demo {
        /// It was made by the process whose place this one takes.
        #[arg(long, hide = true)]
        just_made: bool,
    },
    /// Tries everything a server needs, and says what to do about what is wrong.
    Doctor,
    /// Copies the database and the media into a new folder, while the server works.
    Backup(backup::Backup),
    /// Puts a backup back. The server must not run.
    Restore(backup::Restore),
    /// Blocks, limits and allows other servers.
    Domain {
        #[command(subcommand)]
        command: domain::Command,
    },
    /// Joins and leaves relays.
    Relay {
        #[command(subcommand)]
        command: relay::Command,
    },
    /// Looks at what waits to be delivered, tries it again, gives it up.
    Delivery {
        #[command(subcommand)]
        command: delivery::Command,
    },
    /// Makes accounts, gives and takes roles, sets passwords.
    Account {
        #[command(subcommand)]
        command: account::Command,
    },
    /// Carries communes of other instances.
    Commune {
        #[command(subcommand)]
        command: commune::Command,
    },
    /// Looks at the settings.
    Config {
        #[command(subcommand)]
        command: config::Command,
    },
    /// Takes in official files.
    Import {
        #[command(subcommand)]
        command: import::Command,
    },
    /// Looks at the keys of what is encrypted in the database, and changes them.
    Vault {
        #[command(subcommand)]
        command: vault::Command,
    },
    /// Begins the ballot box of a poll anew whose key is lost.
    Poll {
        #[command(subcommand)]
        command: poll::Command,
    },
    /// Looks at the background work, runs it, tries again what failed.
    Task {
        #[command(subcommand)]
        command: task::Command,
    },
}

/// Reads the command line and obeys.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    match obey(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            out::complain(&format!("parvis: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn obey(cli: Cli) -> anyhow::Result<()> {
    let file = cli
        .config
        .or_else(|| Some(PathBuf::from("config.toml")).filter(|path| path.exists()));
    let settings = Settings::load(file.as_deref(), std::env::vars())?;
    if let Command::Config { command } = cli.command {
        return config::obey(&command, file.as_deref(), &settings);
    }
    out::start_log(&settings.server.log_format);
    let runtime = runtime(settings.server.threads).context("the runtime cannot start")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::serve(&settings).await,
            Command::Demo { just_made } => demo::demo(settings, just_made).await,
            Command::Doctor => doctor::doctor(file.as_deref(), &settings).await,
            Command::Backup(command) => backup::backup(command, &settings).await,
            Command::Restore(command) => backup::restore(command, &settings).await,
            Command::Domain { command } => domain::obey(command, &settings).await,
            Command::Relay { command } => relay::obey(command, &settings).await,
            Command::Delivery { command } => delivery::obey(command, &settings).await,
            Command::Commune { command } => commune::obey(command, &settings).await,
            Command::Account { command } => account::obey(command, &settings).await,
            Command::Import { command } => import::obey(command, &settings).await,
            Command::Vault { command } => vault::obey(command, &settings).await,
            Command::Poll { command } => poll::obey(command, &settings).await,
            Command::Task { command } => task::obey(command, &settings).await,
            Command::Config { .. } => Ok(()),
        }
    })
}

fn runtime(threads: usize) -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if threads > 0 {
        builder.worker_threads(threads);
    }
    builder.enable_all().build()
}
