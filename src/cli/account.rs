//! `parvis account`.

use std::io::{BufRead as _, IsTerminal as _};

use ::account::cli::{self as accounts, NewByOperator};
use ::account::{AccountId, Rights, Role};
use anyhow::{Context as _, bail};
use app::{App, Settings, Surroundings};
use clap::{Args, Subcommand};
use commune::InseeCode;
use federation::Ctx;

use super::say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes an account and prints its password. A mayor's town hall is let in if it is not here yet.
    Create(Create),
    /// Gives and takes roles.
    Role {
        #[command(subcommand)]
        command: RoleCommand,
    },
    /// Notes that somebody is known to live in her commune.
    Verify {
        /// The handle.
        name: String,
        /// How it is known, in words.
        #[arg(long, default_value = "en mairie")]
        means: String,
    },
    /// Sets a password: the line given on the standard input, or else a new one, which is printed. Every session ends.
    Password {
        /// The handle.
        name: String,
    },
    /// Prints a token for the API, with which a program acts for an account, or for a mayor's office
    /// (`maire-eze`).
    Token {
        /// The handle.
        name: String,
    },
    /// Lists accounts.
    List {
        /// Of this commune only (INSEE code).
        #[arg(long)]
        commune: Option<InseeCode>,
    },
    /// Ends an account for good and removes its personal data.
    End {
        /// The handle.
        name: String,
        /// Without it nothing is done.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The handle: lower-case letters, digits, `_` and `-`.
    name: String,
    /// The address.
    #[arg(long)]
    email: String,
    /// The commune (INSEE code).
    #[arg(long)]
    commune: InseeCode,
    /// `citizen`, `mayor`, `delegate`, `moderator`, `opposition` or `operator`.
    #[arg(long, default_value = "citizen", value_parser = role)]
    role: Wanted,
    /// Rights of a delegate, separated by commas: news, polls, agenda, groups, messages, postings, alerts,
    /// commune-page, moderation, delegates.
    #[arg(long, default_value = "", value_parser = rights)]
    rights: Rights,
    /// The name shown; made from the handle without it.
    #[arg(long)]
    display_name: Option<String>,
    /// Reads the password from the standard input.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// Gives a role.
    Add {
        /// The handle.
        name: String,
        /// `mayor`, `delegate`, `moderator`, `opposition` or `operator`.
        #[arg(value_parser = role)]
        role: Wanted,
        /// The commune (INSEE code); her own without it.
        #[arg(long)]
        commune: Option<InseeCode>,
        /// Rights of a delegate, separated by commas.
        #[arg(long, default_value = "", value_parser = rights)]
        rights: Rights,
    },
    /// Takes a role.
    Remove {
        /// The handle.
        name: String,
        /// Which one.
        #[arg(value_parser = role)]
        role: Wanted,
        /// The commune (INSEE code); her own without it.
        #[arg(long)]
        commune: Option<InseeCode>,
    },
}

/// A role, or none but being a citizen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted(Option<Role>);

fn role(text: &str) -> Result<Wanted, String> {
    match text {
        "citizen" => Ok(Wanted(None)),
        other => Role::from_code(other)
            .map(|role| Wanted(Some(role)))
            .ok_or_else(|| {
                let roles: Vec<&str> = Role::ALL.into_iter().map(Role::code).collect();
                format!(
                    "there is no role `{other}`; there are citizen, {}",
                    roles.join(", ")
                )
            }),
    }
}

fn rights(text: &str) -> Result<Rights, String> {
    text.parse()
        .map_err(|wrong| format!("there is no right `{wrong}`; there are {}", Rights::all()))
}

/// The first line of the standard input, when something was put there.
fn line_given() -> anyhow::Result<Option<String>> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("the password cannot be read")?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok(Some(line.to_owned()).filter(|line| !line.is_empty()))
}

pub(crate) async fn obey(command: Command, settings: &Settings) -> anyhow::Result<()> {
    let app = App::build(settings, Surroundings::default()).await?;
    let ctx = &app.ctx;
    match command {
        Command::Create(new) => create(ctx, &new).await?,
        Command::Role { command } => change_role(ctx, command).await?,
        Command::Verify { name, means } => {
            let account = accounts::find(ctx, &name).await?;
            accounts::verify(ctx, &account, &means).await?;
            say(&format!("{name} is a verified resident of {}.", account.commune));
        }
        Command::Password { name } => {
            let account = accounts::find(ctx, &name).await?;
            let given = line_given()?;
            let password = accounts::set_password(ctx, &account, given.as_deref()).await?;
            match given {
                Some(_) => say(&format!(
                    "The password of {name} is set; every session has ended."
                )),
                None => say(&format!("The password of {name} is {password}")),
            }
        }
        Command::Token { name } => say(&token(ctx, &name).await?),
        Command::List { commune } => list(ctx, commune).await?,
        Command::End { name, yes } => {
            let account = accounts::find(ctx, &name).await?;
            if !yes {
                bail!("this ends the account {name} for good: say --yes");
            }
            accounts::end(ctx, &account).await?;
            say(&format!("The account {name} has ended."));
        }
    }
    app.ctx.db.close().await;
    Ok(())
}

/// The office's handle goes before an account's: nobody else can bear it.
async fn token(ctx: &Ctx, name: &str) -> anyhow::Result<String> {
    let office = commune::actions::by_handle(ctx, name).await?;
    let office = office.filter(|commune| commune.mayor_handle() == name);
    let Some(commune) = office else {
        let account = accounts::find(ctx, name).await?;
        return Ok(client_api::for_command_line(ctx, account.id, None).await?);
    };
    let holder = ::account::actions::roles::mayor_of(ctx, commune.code).await?;
    let holder = holder.with_context(|| format!("nobody holds the office {name}"))?;
    Ok(client_api::for_command_line(ctx, holder, Some(commune.code.to_string())).await?)
}

async fn create(ctx: &Ctx, new: &Create) -> anyhow::Result<()> {
    let password = if new.password_stdin { line_given()? } else { None };
    let made = accounts::create(
        ctx,
        &NewByOperator {
            handle: &new.name,
            name: new.display_name.as_deref(),
            email: &new.email,
            commune: new.commune,
            role: new.role.0,
            rights: new.rights,
            password: password.as_deref(),
        },
    )
    .await?;
    say(&format!(
        "Account {} made, in {}.",
        new.name, made.account.commune
    ));
    if let Some(office) = made.office {
        say(&format!("It acts for {office}."));
    }
    if password.is_none() {
        say(&format!("Password: {}", made.password));
    }
    Ok(())
}

async fn change_role(ctx: &Ctx, command: RoleCommand) -> anyhow::Result<()> {
    match command {
        RoleCommand::Add {
            name,
            role,
            commune,
            rights,
        } => {
            let Some(role) = role.0 else {
                bail!("everybody is a citizen: there is nothing to give");
            };
            let account = accounts::find(ctx, &name).await?;
            let office = accounts::give_role(ctx, &account, role, commune, rights).await?;
            match office {
                Some(office) => say(&format!("{name} is {} now and acts for {office}.", role.code())),
                None => say(&format!("{name} is {} now.", role.code())),
            }
        }
        RoleCommand::Remove { name, role, commune } => {
            let Some(role) = role.0 else {
                bail!("everybody is a citizen: to end an account there is `parvis account end`");
            };
            let account = accounts::find(ctx, &name).await?;
            if !accounts::take_role(ctx, &account, role, commune).await? {
                bail!("{name} is not {} there", role.code());
            }
            say(&format!("{name} is no longer {}.", role.code()));
        }
    }
    Ok(())
}

async fn list(ctx: &Ctx, commune: Option<InseeCode>) -> anyhow::Result<()> {
    const PAGE: i64 = 200;
    let mut after = AccountId(0);
    loop {
        let page = accounts::list(ctx, commune, after, PAGE).await?;
        for one in &page {
            let roles = if one.roles.is_empty() {
                "citizen".to_owned()
            } else {
                one.roles.join(", ")
            };
            say(&format!(
                "{}  {}  {}  {}  {roles}",
                one.handle, one.account.email, one.account.commune, one.name
            ));
        }
        match page.last() {
            Some(last) if page.len() as i64 == PAGE => after = last.account.id,
            _ => break,
        }
    }
    say(&format!(
        "{} accounts on this server.",
        accounts::count(ctx).await?
    ));
    Ok(())
}
