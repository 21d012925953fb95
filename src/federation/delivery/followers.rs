//! Telling other servers which of their actors follow ours (FEP-8fcf): a digest with each delivery to
//! followers, from which they see whether their list and ours agree.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use platform::{StoreError, Timestamp};
use quick_cache::sync::Cache;

use crate::store::follows as store;
use crate::{Actor, ActorId, Ctx};

/// How long digests are believed: a stale one costs the other server a look at the list, which is true.
const FRESH: Duration = Duration::from_secs(10);
/// Actors whose digests are kept.
const KEPT: usize = 100;

/// The digests of one actor's followers, by the origin of their ids.
#[derive(Debug)]
struct Digests {
    at: Timestamp,
    by_origin: HashMap<String, [u8; 32]>,
}

/// The digests this process knows.
pub(super) struct Known(Cache<ActorId, Arc<Digests>>);

impl Default for Known {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// The address at which another server reads which of its actors follow a local one.
pub fn synchronization_uri(actor: &Actor) -> String {
    format!("{}/followers_synchronization", actor.uri)
}

/// The value of `Collection-Synchronization` for a delivery of `actor` to the server at `origin`; `None`
/// when nobody there follows it.
pub(super) async fn header(ctx: &Ctx, actor: &Actor, origin: &str) -> Result<Option<String>, StoreError> {
    let digests = digests(ctx, actor.id).await?;
    Ok(digests.by_origin.get(origin).map(|digest| {
        format!(
            r#"collectionId="{}", url="{}", digest="{}""#,
            actor.followers_uri(),
            synchronization_uri(actor),
            hex::encode(digest)
        )
    }))
}

async fn digests(ctx: &Ctx, of: ActorId) -> Result<Arc<Digests>, StoreError> {
    let known = ctx.memory.of::<Known>();
    let now = ctx.clock.now();
    if let Some(digests) = known.0.get(&of) {
        if now.since(digests.at) < FRESH {
            return Ok(digests);
        }
        known.0.remove(&of);
    }
    let count = async {
        let mut by_origin: HashMap<String, [u8; 32]> = HashMap::new();
        for (origin, uri) in store::uris_by_origin(&ctx.db, of).await? {
            let sum = by_origin.entry(origin).or_default();
            let one = digest(&SHA256, uri.as_bytes());
            sum.iter_mut()
                .zip(one.as_ref())
                .for_each(|(sum, one)| *sum ^= one);
        }
        Ok::<_, StoreError>(Arc::new(Digests { at: now, by_origin }))
    };
    known.0.get_or_insert_async(&of, count).await
}
