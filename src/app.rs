//! The composition: the only place that lists the rooms and the sections.

pub mod demo;
pub mod lock;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use federation::objects::Objects;
use federation::{Ctx, Inbox};
use platform::clock::Clock;
use platform::ctx::Parts;
use platform::i18n::Words;
use platform::limits::Limits;
use platform::mail::Mailer;
use platform::media::Media;
use platform::memory::Memory;
use platform::queue::Registry;
use platform::rng::Rng;
use platform::store::{self, Db};
use platform::urls::Urls;
use platform::vault::{self, Vault};
use platform::web::api;
use platform::work::Work;
use shell::{Section, Switch, Switches, gated};
use url::Url;

pub use settings::Settings;

/// The section that is never switched off: it is the front page of a commune.
const ALWAYS: &str = "news";

/// The sections, in the order of the menu and of their claims.
pub fn sections() -> Vec<Section> {
    vec![
        news::section(),
        agenda::section(),
        polls::section(),
        groups::section(),
        messages::section(),
    ]
}

/// What can be discussed, by the rooms that own it.
fn subjects() -> discussion::Subjects {
    discussion::Subjects::new(vec![
        Box::new(news::Posts),
        Box::new(agenda::Events),
        Box::new(polls::Polls),
        Box::new(polls::Opinions),
        Box::new(groups::Topics),
        Box::new(groups::Places),
    ])
}

/// What the rooms hold about a person, for her to take, and removed when her account ends.
fn holdings() -> Vec<account::holdings::Holding> {
    vec![
        discussion::holding(),
        agenda::holding(),
        client_api::holding(),
        polls::holding::holding(),
        messages::holding(),
        groups::holding(),
    ]
}

/// The columns that hold encrypted values, by the rooms that own them: what a change of keys works through.
pub fn sealed_columns() -> Vec<vault::Column> {
    [polls::sealed_columns().as_slice(), messages::SEALED.as_slice()].concat()
}

/// How much this server is used, as NodeInfo tells it.
async fn usage(ctx: Ctx) -> Result<federation::objects::Usage, platform::StoreError> {
    let (users, active_month, active_halfyear) = account::actions::people::figures(&ctx).await?;
    Ok(federation::objects::Usage {
        users,
        active_month,
        active_halfyear,
        posts: news::actions::count_local(&ctx).await?,
        comments: discussion::actions::count_local(&ctx).await?,
    })
}

/// A server put together and not yet running.
#[derive(Debug)]
pub struct App {
    /// The context of everything.
    pub ctx: Ctx,
    /// All pages and doors.
    pub router: Router,
    /// Background work by kind.
    pub tasks: Arc<Registry<Ctx>>,
    /// Who takes in what.
    pub inbox: Arc<Inbox>,
    /// Whether the communes were loaded just now.
    pub loaded: bool,
}

/// What tests replace.
#[derive(Debug)]
pub struct Surroundings {
    /// Time.
    pub clock: Clock,
    /// Chance.
    pub rng: Rng,
    /// Whether brakes hold.
    pub limits: Limits,
    /// The way out for mails; without one, as the settings say.
    pub mailer: Option<Mailer>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Clock::System,
            rng: Rng::system(),
            limits: Limits::default(),
            mailer: None,
        }
    }
}

impl App {
    /// Opens the database, brings it up to date, loads the communes if need be, and puts the rooms together.
    ///
    /// # Errors
    /// When a setting is impossible, the database cannot be used, or it belongs to another base URL.
    pub async fn build(settings: &Settings, surroundings: Surroundings) -> anyhow::Result<Self> {
        let urls = urls(settings)?;
        let db = Db::open(&settings.database_url(), &settings.database).await?;
        keep_base_url(&db, &urls).await?;

        let key_file = settings.vault.path(&settings.server.data_dir);
        let vault = vault::open(&key_file, &db, &sealed_columns()).await?;
        let (sections, closed) = (sections(), settings.sections.closed());
        let (mut objects, mut inbox, mut tasks) = (Objects::default(), Inbox::default(), Registry::default());
        platform::mail::tasks(&mut tasks);
        platform::media::tasks(&mut tasks);
        account::tasks(&mut tasks);
        federation::claims(&mut inbox);
        federation::delivery::tasks(&mut tasks);
        // Before the sections: an answer to something known here is a comment, whoever follows its author.
        let subjects = subjects();
        discussion::claims(&mut inbox, &subjects);
        discussion::objects(&mut objects, &subjects);
        discussion::tasks(&mut tasks);
        notifications::objects(&mut objects);
        objects.usage(usage);
        notifications::tasks(&mut tasks);
        let (mut doors, mut nav, mut sitemaps) = (Vec::new(), Vec::new(), Vec::new());
        let mut described: Vec<api::Room<Ctx>> = vec![("communes", commune::api)];
        let (mut fronts, mut switches) = (Vec::new(), Vec::new());
        for section in sections {
            // What was told to other servers goes on answering, and what was begun is brought to its end.
            (section.objects)(&mut objects);
            (section.tasks)(&mut tasks);
            doors.push((section.name, section.routes.merge(Router::from((section.api)()))));
            if closed.contains(&section.name) {
                continue;
            }
            (section.claims)(&mut inbox);
            described.push((section.name, section.api));
            switches.extend(
                section
                    .nav
                    .as_ref()
                    .filter(|_| section.name != ALWAYS)
                    .map(|nav| Switch {
                        name: section.name,
                        label: nav.label,
                        running: section.running,
                    }),
            );
            nav.extend(section.nav);
            sitemaps.extend(section.sitemap);
            fronts.extend(section.front.map(|front| (section.name, front)));
        }
        // Beside the news the way to the town hall stands first.
        fronts.sort_by_key(|(name, _)| *name != "messages");
        nav.push(commune::nav());
        client_api::tasks(&mut tasks);
        let api = client_api::Api::new(
            vec![
                Box::new(news::Posts),
                Box::new(agenda::Events),
                Box::new(polls::Opinions),
                Box::new(polls::Polls),
                Box::new(groups::Topics),
            ],
            subjects.clone(),
        )
        .with_ballots(Box::new(polls::Ballots))
        .with_private(messages::Conversations);
        // A demonstration says so on every page, whichever command serves it.
        let mut settings = settings.clone();
        settings.instance.demo |= demo::is_one(&db).await?;
        let ctx = context(&settings, surroundings, (db, vault), urls, nav, objects)?;
        let routes = doors.into_iter().fold(Router::new(), |all, (name, routes)| {
            all.merge(if name == ALWAYS {
                routes
            } else {
                gated(&ctx, name, routes)
            })
        });
        account::holdings::install(&ctx, holdings());
        account::holdings::install_listeners(&ctx, vec![polls::holding::address_given_up]);
        discussion::circles::install(&ctx, subjects.clone(), Box::new(groups::Groups));
        discussion::pages::install_beside(&ctx, Box::new(polls::BallotBeside));
        let loaded = commune::actions::load_embedded(&ctx).await?;
        federation::actors::ensure_instance(&ctx).await?;
        let router = routes
            .merge(commune::routes(commune::Doors {
                front: Some(news::front),
                editor: Some(editor),
            }))
            .merge(federation::http::routes(&ctx))
            .merge(account::routes())
            .merge(discussion::routes(subjects))
            .merge(notifications::routes())
            .merge(shell::routes(sitemaps))
            .merge(client_api::routes(api))
            .merge(api::routes(&ctx.urls, &client_api::ABOUT, &described))
            .merge(platform::web::assets::routes())
            .merge(platform::media::routes())
            .layer(axum::Extension(shell::Front::new(fronts)))
            .layer(axum::Extension(Switches::new(switches)))
            .with_state(ctx.clone());
        let router = platform::web::layers_around(&ctx, router, |router| {
            let counted = notifications::layer(&ctx, messages::layer(&ctx, router));
            client_api::layer(&ctx, account::layer(&ctx, counted))
        });
        Ok(Self {
            router,
            tasks: tasks.ready(),
            inbox: Arc::new(inbox),
            loaded,
            ctx,
        })
    }

    /// Starts the background work: tasks, deliveries, what was received.
    ///
    /// # Errors
    /// When the recurring tasks cannot be planned.
    pub async fn start(&self) -> anyhow::Result<()> {
        self.refuse_what_runs().await?;
        self.ctx.db.listen(&self.ctx.work);
        let ctx = self.ctx.clone();
        self.ctx
            .work
            .spawn(async move { commune::actions::warm_up(&ctx).await });
        federation::receive::start(&self.ctx, self.inbox.clone()).await?;
        platform::queue::start(self.ctx.platform(), self.tasks.clone(), self.ctx.clone()).await?;
        federation::delivery::start(&self.ctx);
        Ok(())
    }

    /// A section in which something must come to its end is not switched off meanwhile.
    async fn refuse_what_runs(&self) -> anyhow::Result<()> {
        for section in sections() {
            let Some(running) = section
                .running
                .filter(|_| self.ctx.closed.contains(&section.name))
            else {
                continue;
            };
            let running = running(self.ctx.clone(), None).await?;
            if running > 0 {
                bail!(
                    "[sections] {} = false: {running} of them run and people take part. Leave the section on until \
                     they are over, or let the town halls take them back first",
                    section.name
                );
            }
        }
        Ok(())
    }

    /// Lets what is under way end, then closes the database. The longest is a delivery to a slow server: cut
    /// off, it would be made a second time.
    pub async fn stop(&self) {
        self.ctx.work.stop();
        self.ctx.work.stopped(Duration::from_secs(32)).await;
        self.ctx.db.close().await;
    }
}

/// Who may write the page of a commune: its mayor, and those she lets.
fn editor(parts: &axum::http::request::Parts, commune: &commune::Commune) -> Option<i64> {
    let citizen = parts.extensions.get::<account::Citizen>()?;
    let acting = citizen.acting_for(account::Right::CommunePage, commune)?;
    Some(acting.account.0)
}

fn urls(settings: &Settings) -> anyhow::Result<Urls> {
    let text = settings.base_url();
    let base = Url::parse(&text).with_context(|| format!("server.base_url: `{text}` is not an address"))?;
    let origin_only = base.path() == "/" && base.query().is_none() && base.username().is_empty();
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() || !origin_only {
        bail!("server.base_url: `{text}` must be http(s)://host[:port] and nothing else");
    }
    let urls = Urls::new(base);
    if settings.federation.allow_loopback && !urls.is_local() {
        bail!(
            "federation.allow_loopback lets anybody reach into this machine's own network: it cannot be on \
             with the public base URL {}",
            urls.base()
        );
    }
    Ok(urls)
}

/// A database belongs to one base URL for ever: every address in it begins with it.
async fn keep_base_url(db: &Db, urls: &Urls) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let stored = store::insert_setting_once(&mut tx, "base_url", urls.base()).await?;
    tx.commit().await?;
    if stored != urls.base() {
        bail!(
            "this database was made for {stored} and cannot serve {}: other servers know its actors by their \
             addresses. Set server.base_url back, or start with an empty database",
            urls.base()
        );
    }
    Ok(())
}

fn context(
    settings: &Settings,
    surroundings: Surroundings,
    (db, vault): (Db, Vault),
    urls: Urls,
    nav: Vec<platform::web::NavEntry>,
    objects: Objects,
) -> anyhow::Result<Ctx> {
    let base = Url::parse(urls.base())?;
    let mut http = platform::http::Options::new(base);
    http.allow_loopback = settings.federation.allow_loopback;
    http.ca_file.clone_from(&settings.federation.ca_file);
    let mailer = match surroundings.mailer {
        Some(mailer) => mailer,
        None => Mailer::new(
            &settings.mail,
            &settings.server.data_dir,
            &Url::parse(urls.base())?,
            &settings.instance.name,
        )?,
    };
    let parts = Parts {
        db,
        clock: surroundings.clock,
        rng: surroundings.rng,
        words: Words::embedded()?,
        urls,
        server: settings.server.clone(),
        instance: settings.instance.clone(),
        http: platform::http::Client::new(http)?,
        mailer,
        media: Media::new(&settings.media, &settings.server.data_dir),
        limits: surroundings.limits,
        nav,
        closed: settings.sections.closed(),
        work: Work::default(),
        memory: Memory::default(),
        vault,
    };
    Ok(Ctx::new(
        platform::Ctx::new(parts),
        settings.federation.clone(),
        objects,
    ))
}
