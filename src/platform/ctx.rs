//! What every action is given: the database, the clock, chance, the words, the ways out.

use std::ops::Deref;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::http::Client;
use crate::i18n::Words;
use crate::ids;
use crate::limits::Limits;
use crate::mail::Mailer;
use crate::media::Media;
use crate::memory::Memory;
use crate::rng::Rng;
use crate::store::Db;
use crate::urls::Urls;
use crate::vault::Vault;
use crate::web::{InstanceConfig, NavEntry};
use crate::work::Work;

/// Shared by the whole process; cheap to clone.
#[derive(Debug, Clone)]
pub struct Ctx(Arc<Parts>);

/// What a [`Ctx`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub rng: Rng,
    /// The words of the pages and mails.
    pub words: Words,
    /// Our addresses.
    pub urls: Urls,
    /// `[server]`.
    pub server: ServerConfig,
    /// `[instance]`.
    pub instance: InstanceConfig,
    /// The only way out over HTTP.
    pub http: Client,
    /// The way out for mails.
    pub mailer: Mailer,
    /// Pictures and documents.
    pub media: Media,
    /// Brakes.
    pub limits: Limits,
    /// The menu, in the order of `app.rs`.
    pub nav: Vec<NavEntry>,
    /// The sections that the operator switched off (`[sections]`).
    pub closed: Vec<&'static str>,
    /// Background work.
    pub work: Work,
    /// What rooms remember to be quick.
    pub memory: Memory,
    /// Encryption at rest.
    pub vault: Vault,
}

impl Ctx {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A new row id.
    pub fn new_id(&self) -> i64 {
        ids::next(self.clock.now(), self.rng.below(1 << 16) as u16)
    }
}

impl AsRef<Self> for Ctx {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Deref for Ctx {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
