//! Pictures and documents that people send in.
//!
//! Owns the table `media` and the files behind it. A picture is decoded within limits, turned upright, made smaller and
//! written anew, so that nothing of its sender's camera or place stays in it; a document is one of a few known kinds and
//! leaves only as a download. What a file is, is read from its bytes: names and declared types are not believed.
//! Refuses HTML, SVG, JSON, archives, macros, and whatever claims to be two things at once.
//!
//! A row is written before its files, so a crash leaves no file without a row; what is attached to nothing after a day
//! is removed ([`PurgeMedia`]).

mod document;
mod model;
mod picture;
mod serve;
mod sniff;
mod storage;
mod store;
mod tasks;
#[cfg(test)]
mod tests;
mod upload;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::queue::Registry;
use crate::{Ctx, id_type};

pub use self::model::{Fit, Kind, MediaError, Medium, NewUpload, Refusal};
pub use self::serve::{give_to, routes};
pub use self::store::{attach, by_id, by_ids, describe, detach, withhold};
pub use self::tasks::PurgeMedia;
pub use self::upload::{Examined, examine, remove, upload};

use self::storage::Storage;

id_type!(
    /// A picture or document.
    MediaId
);

/// `[media]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of the files; empty: `media` in the data folder.
    pub folder: PathBuf,
    /// Largest picture sent in, in megabytes.
    pub max_picture_mb: u32,
    /// Largest document, in megabytes.
    pub max_document_mb: u32,
    /// Pictures worked on at once; each may take some 400 MB for a moment.
    pub at_once: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            max_picture_mb: 20,
            max_document_mb: 20,
            at_once: 2,
        }
    }
}

impl Config {
    /// The largest file of any kind, in bytes: what the web layer must let through.
    pub fn max_bytes(&self) -> usize {
        self.max_picture_mb.max(self.max_document_mb) as usize * 1_000_000
    }
}

/// The files and the room to work on them; clones share both.
#[derive(Debug, Clone)]
pub struct Media {
    config: Arc<Config>,
    storage: Storage,
    room: Arc<Semaphore>,
}

impl Media {
    /// `data_dir` holds the folder when the configuration names none.
    pub fn new(config: &Config, data_dir: &Path) -> Self {
        let folder = if config.folder.as_os_str().is_empty() {
            data_dir.join("media")
        } else {
            config.folder.clone()
        };
        Self {
            storage: Storage::folder(folder),
            room: Arc::new(Semaphore::new(config.at_once.clamp(1, 64) as usize)),
            config: Arc::new(config.clone()),
        }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder of the files, for the backup.
    pub fn folder(&self) -> Option<&Path> {
        self.storage.path()
    }
}

/// Adds the tasks of this module.
pub fn tasks<C: AsRef<Ctx> + Clone + Send + Sync + 'static>(registry: &mut Registry<C>) {
    registry.every(&PurgeMedia, Duration::from_hours(1));
}
