//! `parvis demo`.

use std::path::PathBuf;

use anyhow::Context as _;
use app::demo::{self, Content};
use app::{App, Settings, Surroundings, lock};
use platform::Clock;
use platform::urls::Urls;
use url::Url;

use super::say;

/// Where a demonstration lies when nothing is said.
const FOLDER: &str = "demo-data";
/// With this variable an operator says that a public demonstration shall speak to other servers.
const FEDERATION: &str = "PARVIS_FEDERATION__ENABLED";

/// Makes the demonstration if it is not there, and serves it.
pub(crate) async fn demo(mut settings: Settings, just_made: bool) -> anyhow::Result<()> {
    if settings.server.data_dir == Settings::default().server.data_dir {
        settings.server.data_dir = PathBuf::from(FOLDER);
    }
    demo::fill(&mut settings);
    let base = Url::parse(&settings.base_url()).context("server.base_url is not an address")?;
    let is_public = !Urls::new(base).is_local();
    if is_public && !std::env::vars().any(|(name, _)| name == FEDERATION) {
        // Nobody elsewhere shall take an invented mayor for a real one.
        settings.federation.enabled = false;
    }
    let _held = lock::take(&settings.database_url())?;
    let made = demo::prepare(&settings, Clock::System.now()).await?;
    if made {
        super::serve::begin_again(&["--just-made"]);
    }
    let app = App::build(&settings, Surroundings::default()).await?;
    tell(&settings, &app, made || just_made, is_public)?;
    super::serve::serve_app(&settings, &app).await
}

fn tell(settings: &Settings, app: &App, made: bool, is_public: bool) -> anyhow::Result<()> {
    let urls = &app.ctx.urls;
    say(if made {
        "The demonstration is made: an invented town hall, with invented people."
    } else {
        "The demonstration is as it was left."
    });
    say("");
    say(&format!("  Èze              {}", urls.to("/eze-06")));
    say(&format!("  sign in          {}", urls.to("/connexion")));
    say(&format!("  the mayor        @maire-eze@{}", urls.authority()));
    say(&format!("  the commune      @eze@{}", urls.authority()));
    say(&format!(
        "  data             {}",
        settings.server.data_dir.display()
    ));
    say("");
    say(&format!(
        "  {:<12} {:<10} {:<26} {:<20} name",
        "account", "role", "e-mail", "password"
    ));
    for person in Content::embedded()?.people {
        let role = if person.role.is_empty() {
            "citizen"
        } else {
            &person.role
        };
        say(&format!(
            "  {:<12} {role:<10} {:<26} {:<20} {}",
            person.handle,
            person.email(),
            demo::PASSWORD,
            person.name
        ));
    }
    say("");
    say(&format!(
        "Other commands find it with PARVIS_SERVER__DATA_DIR={}.",
        settings.server.data_dir.display()
    ));
    if is_public {
        say("Everybody knows these passwords: anybody who reaches this server can act as its operator.");
    }
    Ok(())
}
