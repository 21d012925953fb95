//! `parvis serve`.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Context as _;
use app::{App, Settings, Surroundings, lock};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::say;

/// Takes as many open files as this process may have: each server written to is a connection, and the usual 1,024
/// would be fewer than the servers that follow one town.
fn raise_open_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the number of open files stays as it was");
    }
}

/// Runs the server until it is told to stop (Ctrl-C or SIGTERM).
pub(crate) async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let _held = lock::take(&settings.database_url())?;
    let mut app = App::build(settings, Surroundings::default()).await?;
    if app.loaded {
        app.stop().await;
        begin_again(&[]);
        app = App::build(settings, Surroundings::default()).await?;
    }
    serve_app(settings, &app).await
}

/// Puts a fresh start of this program, `arguments` added, in the place of this process: loading every commune
/// leaves tens of megabytes with the allocator for as long as the process runs. Returns only when that cannot be.
pub(crate) fn begin_again(arguments: &[&str]) {
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .args(arguments.iter().map(OsStr::new))
        .exec();
    tracing::warn!(%error, "the memory of the first start is kept");
}

/// Listens and works.
pub(crate) async fn serve_app(settings: &Settings, app: &App) -> anyhow::Result<()> {
    raise_open_files();
    let listener = TcpListener::bind(settings.server.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.server.listen))?;
    app.start().await?;
    say(&format!(
        "Parvis {} answers at {}",
        env!("CARGO_PKG_VERSION"),
        app.ctx.urls.base()
    ));
    let work = app.ctx.work.clone();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    app.ctx.work.spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        work.stop();
    });
    platform::web::serve(app.ctx.platform(), listener, app.router.clone()).await?;
    app.stop().await;
    Ok(())
}
