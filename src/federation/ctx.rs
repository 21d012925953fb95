//! The context of every room above: the platform's, and what speaking with other servers needs.

use std::ops::Deref;
use std::sync::Arc;

use crate::Config;
use crate::memory::Memory;
use crate::objects::Objects;

/// Shared by the whole process; cheap to clone. Everything of [`platform::Ctx`] is reached through it.
#[derive(Debug, Clone)]
pub struct Ctx(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    platform: platform::Ctx,
    config: Config,
    objects: Objects,
    memory: Memory,
}

impl Ctx {
    /// `objects` tells which room owns which kind of object.
    pub fn new(platform: platform::Ctx, config: Config, objects: Objects) -> Self {
        Self(Arc::new(Parts {
            platform,
            config,
            objects,
            memory: Memory::default(),
        }))
    }

    /// `[federation]`.
    pub fn federation(&self) -> &Config {
        &self.0.config
    }

    /// The owners of our objects.
    pub fn objects(&self) -> &Objects {
        &self.0.objects
    }

    /// What this process remembers of other servers.
    pub(crate) fn memory(&self) -> &Memory {
        &self.0.memory
    }

    /// The platform's context.
    pub fn platform(&self) -> &platform::Ctx {
        &self.0.platform
    }
}

impl AsRef<platform::Ctx> for Ctx {
    fn as_ref(&self) -> &platform::Ctx {
        &self.0.platform
    }
}

impl Deref for Ctx {
    type Target = platform::Ctx;
    fn deref(&self) -> &platform::Ctx {
        &self.0.platform
    }
}
