//! The keys of running polls: made, kept at hand, forgotten.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use federation::Ctx;
use platform::vault::Place;

use crate::actions::PollError;
use crate::blind::PrivateKey;
use crate::model::{PollId, PollRefusal};
use crate::store::polls as store;

/// Keys of polls that run, parsed once; and, for tests, a key that need not be made.
#[derive(Default)]
struct AtHand(Mutex<HashMap<PollId, Arc<Keys>>>, Mutex<Option<PrivateKey>>);

/// The two keys of a poll.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) private: PrivateKey,
    pub(crate) register: Vec<u8>,
}

pub(crate) const fn private_place(id: PollId) -> Place {
    Place::new("poll", "private_key", id.0)
}

pub(crate) const fn register_place(id: PollId) -> Place {
    Place::new("poll", "register_key", id.0)
}

/// The keys of a running poll.
///
/// # Errors
/// [`PollRefusal::Closed`] when they are destroyed already.
pub(crate) async fn of(ctx: &Ctx, id: PollId) -> Result<Arc<Keys>, PollError> {
    let memory = ctx.memory.of::<AtHand>();
    if let Some(keys) = memory.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Ok(keys.clone());
    }
    let secrets = store::secrets(&ctx.db, id).await?;
    let (Some(private), Some(register)) = (secrets.private_key, secrets.register_key) else {
        return Err(PollRefusal::Closed.into());
    };
    let private = ctx.vault.open(&private_place(id), &private)?;
    let register = ctx.vault.open(&register_place(id), &register)?;
    let keys = Arc::new(Keys {
        private: PrivateKey::from_der(&private)?,
        register,
    });
    memory
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(id, keys.clone());
    Ok(keys)
}

/// Forgets the keys of a poll that has ended.
pub(crate) fn forget(ctx: &Ctx, id: PollId) {
    let memory = ctx.memory.of::<AtHand>();
    memory
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&id);
}

/// A key for a new poll.
pub(crate) async fn new_key(ctx: &Ctx) -> Result<PrivateKey, PollError> {
    let memory = ctx.memory.of::<AtHand>();
    let ready = memory.1.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match ready {
        Some(key) => Ok(key),
        None => crate::actions::made(ctx.rng.bytes()).await,
    }
}

/// For tests only: every poll gets this key (PKCS#8), which need not be made.
///
/// # Errors
/// [`PollError::Blind`] when it is none.
pub fn use_for_tests(ctx: &Ctx, der: &[u8]) -> Result<(), PollError> {
    let key = PrivateKey::from_der(der)?;
    *ctx.memory
        .of::<AtHand>()
        .1
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = Some(key);
    Ok(())
}
