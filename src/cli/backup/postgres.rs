//! PostgreSQL's own programs, called so that no password stands in the list of processes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use platform::store::Db;
use url::Url;

use super::manifest::Tables;

/// Writes a dump; gives the rows that stood there just before it.
pub(super) async fn dump(db: &Db, url: &str, target: &Path) -> anyhow::Result<Tables> {
    let mut command = program("pg_dump", url)?;
    command
        .args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
        .arg(target);
    let snapshot = platform::store::Snapshot::take(db).await?;
    command.arg(format!("--snapshot={}", snapshot.name()));
    let done = run(command, "pg_dump").await;
    let tables = snapshot.counts().await?;
    done?;
    Ok(tables)
}

/// Reads a dump into a database without tables, or with `replace` into one whose tables go.
pub(super) async fn load(url: &str, source: &Path, replace: bool) -> anyhow::Result<()> {
    let name = parse(url)?.path().trim_start_matches('/').to_owned();
    let mut command = program("pg_restore", url)?;
    command
        .args([
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
        ])
        .arg(format!("--dbname={name}"));
    if replace {
        command.args(["--clean", "--if-exists"]);
    }
    command.arg(source);
    run(command, "pg_restore").await
}

fn parse(url: &str) -> anyhow::Result<Url> {
    Url::parse(url).context("database.url is not an address")
}

/// The program with the connection in its environment.
fn program(name: &str, url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(name);
    for (variable, value) in environment(&parse(url)?) {
        command.env(variable, value);
    }
    Ok(command)
}

fn environment(url: &Url) -> Vec<(&'static str, String)> {
    let plain = |text: &str| {
        // A query's values are decoded by the parser; user, password and name are not.
        let query = format!("v={}", text.replace('+', "%2B"));
        url::form_urlencoded::parse(query.as_bytes())
            .next()
            .map_or_else(String::new, |(_, value)| value.into_owned())
    };
    let mut found = vec![
        ("PGHOST", url.host_str().map(plain).unwrap_or_default()),
        (
            "PGPORT",
            url.port().map(|port| port.to_string()).unwrap_or_default(),
        ),
        ("PGUSER", plain(url.username())),
        ("PGPASSWORD", url.password().map(plain).unwrap_or_default()),
        ("PGDATABASE", plain(url.path().trim_start_matches('/'))),
    ];
    for (key, value) in url.query_pairs() {
        let variable = match &*key {
            "host" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            _ => continue,
        };
        found.retain(|(known, _)| *known != variable);
        found.push((variable, value.into_owned()));
    }
    found.retain(|(_, value)| !value.is_empty());
    found
}

async fn run(mut command: Command, name: &'static str) -> anyhow::Result<()> {
    let done = tokio::task::spawn_blocking(move || command.output()).await?;
    match done {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => bail!("{name}: {}", String::from_utf8_lossy(&done.stderr).trim()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "{name} is not on this machine. Install PostgreSQL's client programs (Debian: postgresql-client), of the \
             server's version or newer, or run {name} --format=custom where they are"
        ),
        Err(error) => Err(error).with_context(|| format!("{name} cannot be run")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_address_become_variables() {
        let url =
            Url::parse("postgres://par%40vis:a+b%2Fc@db.example.org:5433/parvis?sslmode=require").unwrap();
        let found = environment(&url);
        for (variable, value) in [
            ("PGHOST", "db.example.org"),
            ("PGPORT", "5433"),
            ("PGUSER", "par@vis"),
            ("PGPASSWORD", "a+b/c"),
            ("PGDATABASE", "parvis"),
            ("PGSSLMODE", "require"),
        ] {
            assert!(
                found.contains(&(variable, value.to_owned())),
                "{variable}: {found:?}"
            );
        }
        let socket = Url::parse("postgres:///parvis?host=/run/postgresql").unwrap();
        assert_eq!(
            environment(&socket),
            [
                ("PGDATABASE", "parvis".to_owned()),
                ("PGHOST", "/run/postgresql".to_owned())
            ]
        );
    }
}
