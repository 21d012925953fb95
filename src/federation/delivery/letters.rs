//! What leaves, ready to be sent: activities with their bytes and digest, senders with their keys. Read
//! once, shared by all lanes, bounded.

use std::sync::Arc;

use bytes::Bytes;
use platform::StoreError;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::pool;
use crate::keys::PrivateKey;
use crate::signatures::BodyDigest;
use crate::store::{actors, deliveries};
use crate::{Actor, ActorId, Ctx};

/// Bytes of activities kept.
const KEPT_BYTES: u64 = 16 * 1024 * 1024;
/// Senders kept.
const KEPT_SENDERS: usize = 1000;

/// An activity as it leaves.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) sender: Arc<Sender>,
    pub(super) body: Bytes,
    pub(super) digest: BodyDigest,
    /// Goes to the sender's followers.
    pub(super) to_followers: bool,
}

/// Who signs it.
#[derive(Debug)]
pub(super) struct Sender {
    pub(super) actor: Actor,
    pub(super) key_id: String,
    pub(super) key: PrivateKey,
}

#[derive(Clone)]
struct Weight;

impl Weighter<i64, Arc<Letter>> for Weight {
    fn weight(&self, _id: &i64, letter: &Arc<Letter>) -> u64 {
        letter.body.len() as u64 + 500
    }
}

/// The letters of this process.
pub(super) struct Letters {
    letters: Cache<i64, Arc<Letter>, Weight>,
    senders: Cache<ActorId, Arc<Sender>>,
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            letters: Cache::with_weighter(2000, KEPT_BYTES, Weight),
            senders: Cache::new(KEPT_SENDERS),
        }
    }
}

impl Letters {
    /// The letter of an activity; however many lanes ask at once, it is read once.
    pub(super) async fn get(&self, ctx: &Ctx, activity: i64) -> Result<Arc<Letter>, StoreError> {
        let write = async {
            let leaving = deliveries::leaving(&ctx.db, activity)
                .await?
                .ok_or(StoreError::NotFound("activity"))?;
            let sender = self.sender(ctx, leaving.actor_id).await?;
            Ok::<_, StoreError>(Arc::new(Letter {
                sender,
                digest: BodyDigest::of(leaving.body.as_bytes()),
                body: Bytes::from(leaving.body),
                to_followers: leaving.to_followers,
            }))
        };
        self.letters.get_or_insert_async(&activity, write).await
    }

    async fn sender(&self, ctx: &Ctx, id: ActorId) -> Result<Arc<Sender>, StoreError> {
        let read = async {
            let actor = actors::by_id(&ctx.db, id)
                .await?
                .ok_or(StoreError::NotFound("actor"))?;
            let key_id = actor.key_id();
            let key = actors::key(&ctx.db, &key_id).await?;
            let der = key
                .and_then(|key| key.private_der)
                .ok_or(StoreError::NotFound("private key"))?;
            let key = pool::parse_key(ctx, der, &key_id).await?;
            Ok::<_, StoreError>(Arc::new(Sender { actor, key_id, key }))
        };
        self.senders.get_or_insert_async(&id, read).await
    }
}
