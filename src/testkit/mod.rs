//! For tests only: a town with its mayor and citizens, seen through the doors people use.
//!
//! [`Town`] is a whole server on a database of its own, with a stopped clock, seeded chance, mails in memory and
//! no brakes. [`Visitor`] is a browser without JavaScript: it keeps cookies and sends forms with their tokens.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on stops"
)]

mod visitor;

use std::time::Duration;

use account::actions::people;
use account::actions::roles::{self, NewGrant};
use account::model::Password;
use account::{Right, Rights, Role};
use app::{App, Settings, Surroundings};
use commune::InseeCode;
use commune::model::{Gender, Mandate};
use federation::Ctx;
use platform::clock::Clock;
use platform::config::Secret;
use platform::limits::Limits;
use platform::mail::Mailer;
use platform::rng::Rng;
use platform::testing::{NOON, TestFolder, databases_urls};

pub use visitor::{Answer, Visitor};

/// The password of everybody in town.
pub const PASSWORD: &str = "un-parvis-au-soleil";

/// A commune with its mayor, on one database.
#[derive(Debug)]
pub struct Town {
    /// The server.
    pub app: App,
    /// Its folder; goes with it.
    pub folder: TestFolder,
    settings: Settings,
}

impl Town {
    /// Èze, on SQLite and, when there is one for tests, on PostgreSQL.
    pub async fn everywhere() -> Vec<Self> {
        let mut towns = Vec::new();
        let folder = TestFolder::new();
        let urls = databases_urls(&folder).await.unwrap();
        let mut folder = Some(folder);
        for url in urls {
            towns.push(Self::on(&url, folder.take().unwrap_or_default()).await);
        }
        towns
    }

    async fn on(url: &str, folder: TestFolder) -> Self {
        let mut settings = Settings::default();
        settings.server.base_url = "https://parvis.test".to_owned();
        settings.server.data_dir.clone_from(&folder.0);
        settings.database.url = Secret::new(url.to_owned());
        settings.database.synchronous = "normal".to_owned();
        settings.federation.allow_loopback = true;
        commune::testing::load_for_tests(url, &settings.database)
            .await
            .unwrap();
        let surroundings = Surroundings {
            clock: Clock::fixed(NOON),
            rng: Rng::seeded(11),
            limits: Limits::off(),
            mailer: Some(Mailer::memory()),
        };
        let app = App::build(&settings, surroundings).await.unwrap();
        platform::queue::plan(app.ctx.platform(), &app.tasks)
            .await
            .unwrap();
        let town = Self {
            app,
            folder,
            settings,
        };
        let code: InseeCode = "06059".parse().unwrap();
        let keys = commune::actions::claim_keys().await.unwrap();
        let mandate = Mandate {
            holder: "Camille Exemple".to_owned(),
            gender: Gender::Feminine,
            from_year: 2026,
            to_year: Some(2032),
        };
        let mut tx = town.ctx().db.begin().await.unwrap();
        commune::actions::claim(town.ctx(), &mut tx, code, &keys, &mandate, "test")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        town.person("camille", "06059", Some(Role::Mayor), Rights::NONE)
            .await;
        town
    }

    /// The operator changes the settings, and the server is put together again on the same database.
    pub async fn reopened(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        let surroundings = Surroundings {
            clock: self.ctx().clock.clone(),
            rng: Rng::seeded(12),
            limits: Limits::off(),
            mailer: Some(Mailer::memory()),
        };
        self.app = App::build(&self.settings, surroundings).await.unwrap();
        self
    }

    /// The context.
    pub fn ctx(&self) -> &Ctx {
        &self.app.ctx
    }

    async fn person(&self, handle: &str, commune: &str, role: Option<Role>, rights: Rights) {
        let code: InseeCode = commune.parse().unwrap();
        let email = format!("{handle}@example.org");
        let password = Password::chosen(PASSWORD, &[]).unwrap();
        let account = people::create_by_operator(self.ctx(), handle, None, &email, code, &password)
            .await
            .unwrap();
        if let Some(role) = role {
            let commune = role.is_of_a_commune().then_some(code);
            roles::give(
                self.ctx(),
                None,
                NewGrant {
                    account: account.id,
                    role,
                    commune,
                    rights,
                },
            )
            .await
            .unwrap();
        }
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Visitor {
        Visitor::new(self.app.router.clone())
    }

    /// The mayor, signed in.
    pub async fn mayor(&self) -> Visitor {
        self.signed_in("camille").await
    }

    /// A citizen of Èze, signed in.
    pub async fn citizen(&self, handle: &str) -> Visitor {
        self.person(handle, "06059", None, Rights::NONE).await;
        self.signed_in(handle).await
    }

    /// A citizen of another commune (its INSEE code), signed in.
    pub async fn neighbour(&self, handle: &str, commune: &str) -> Visitor {
        self.person(handle, commune, None, Rights::NONE).await;
        self.signed_in(handle).await
    }

    /// A delegate of the mayor with this right, signed in.
    pub async fn delegate(&self, handle: &str, right: Right) -> Visitor {
        self.person(
            handle,
            "06059",
            Some(Role::Delegate),
            [right].into_iter().collect(),
        )
        .await;
        self.signed_in(handle).await
    }

    /// A moderator, signed in.
    pub async fn moderator(&self, handle: &str) -> Visitor {
        self.person(handle, "06059", Some(Role::Moderator), Rights::NONE)
            .await;
        self.signed_in(handle).await
    }

    /// An operator of the server, signed in.
    pub async fn operator(&self, handle: &str) -> Visitor {
        self.person(handle, "06059", Some(Role::Operator), Rights::NONE)
            .await;
        self.signed_in(handle).await
    }

    /// Somebody who lives in town already, signed in on another day.
    pub async fn signed_in(&self, handle: &str) -> Visitor {
        let mut visitor = self.stranger();
        let answer = visitor
            .sends(
                "/connexion",
                "/connexion",
                &[("email", handle), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(answer.status, 303, "{handle} cannot sign in: {}", answer.text());
        visitor
    }

    /// Time passes, and what was due by then is done.
    pub async fn waits(&self, span: Duration) {
        self.ctx().clock.advance(span);
        self.works().await;
    }

    /// What is due is done.
    pub async fn works(&self) {
        platform::queue::run_due(self.ctx().platform(), &self.app.tasks, self.ctx().clone())
            .await
            .unwrap();
    }
}
