//! From a key id to a key, by the documents of its server.

use serde_json::Value;
use std::sync::Arc;

use super::gauge::Turn;
use super::{Ask, FetchError, read};
use crate::Ctx;
use crate::signatures::{FoundKey, KeySearch, KeyUse, Step};

/// Most documents read for one key.
const MOST: usize = 3;

/// A key and, when it was read on the way, its owner's document.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) found: FoundKey,
    pub(crate) last: Arc<Value>,
}

/// Searches for the key; each request is paid for out of `turn`.
pub(crate) async fn search(ctx: &Ctx, key_id: &str, turn: &Turn) -> Result<Search, FetchError> {
    let refused = |_| FetchError::Refused("the key and its owner do not confirm each other");
    let mut search = KeySearch::new(key_id, KeyUse::Request).map_err(refused)?;
    for _ in 0..MOST {
        let (from, value) = read(ctx, search.url(), &Ask::key(turn)).await?;
        match search.read(&from, &value, ctx.clock.now()).map_err(refused)? {
            Step::Found(found) => return Ok(Search { found, last: value }),
            Step::Fetch(next) => search = next,
        }
    }
    Err(FetchError::Refused("the key leads from document to document"))
}
