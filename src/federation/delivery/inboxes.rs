//! An inbox that is not there any more: are the actors behind it?

use http::{HeaderValue, Method};
use platform::StoreError;
use platform::http::{HttpError, Limits};
use platform::queue::{Job, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};
use url::Url;

use super::pool;
use crate::keys::PrivateKey;
use crate::signatures::Scheme;
use crate::store::{actors, follows};
use crate::{Actor, Ctx};

/// Actors looked at for one inbox at most: when the first ones of a shared inbox are all gone, so is their
/// server.
const LOOKED_AT: i64 = 5;
/// What we can read.
const ACCEPT: &str =
    r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

/// Looks whether the actors behind an inbox that answered 404 or 410 are still there.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CheckInbox {
    pub(super) inbox: String,
}

impl CheckInbox {
    /// Its name.
    pub(super) const KEY: &'static str = "federation.check-inbox";
}

/// The tasks of delivering.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry.on::<CheckInbox>();
}

impl Task<Ctx> for CheckInbox {
    const NAME: &'static str = Self::KEY;
    const ATTEMPTS: i64 = 6;

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let behind = actors::behind_inbox(&ctx.db, &self.inbox, LOOKED_AT).await?;
        let mut gone = Vec::new();
        for actor in &behind {
            if is_gone(&ctx, actor).await? {
                gone.push(actor.id);
            }
        }
        let all = gone.len() == behind.len() && behind.len() as i64 == LOOKED_AT;
        let mut tx = ctx.db.begin().await?;
        if all {
            follows::remove_behind_inbox(&mut tx, &self.inbox).await?;
        } else {
            for actor in gone {
                follows::remove_all(&mut tx, actor).await?;
            }
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether the origin of an actor says that it is not there any more.
async fn is_gone(ctx: &Ctx, actor: &Actor) -> Result<bool, TaskError> {
    let Ok(url) = Url::parse(&actor.uri) else {
        return Ok(true);
    };
    let (key_id, key) = instance_key(ctx).await?;
    let headers = |hop: Url| {
        let (ctx, key_id, key) = (ctx.clone(), key_id.clone(), key.clone());
        async move {
            let signed = pool::sign(&ctx, Scheme::Cavage, Method::GET, &hop, None, &key_id, &key, None);
            let mut headers = signed
                .await
                .map_err(|error| HttpError::Unprepared(error.to_string()))?;
            headers.insert(http::header::ACCEPT, HeaderValue::from_static(ACCEPT));
            Ok(headers)
        }
    };
    match ctx.http.get_with(&url, Limits::default(), headers).await {
        Ok(fetched) => match fetched.status.as_u16() {
            404 | 410 => Ok(true),
            429 | 500..=599 => Err(TaskError::Retry(format!(
                "the actor's server answers {}",
                fetched.status
            ))),
            _ => Ok(false),
        },
        Err(HttpError::Refused(_) | HttpError::TooLarge { .. }) => Ok(false),
        Err(error) => Err(TaskError::Retry(error.to_string())),
    }
}

/// The key of this server's own actor, which signs what no person asks for.
async fn instance_key(ctx: &Ctx) -> Result<(String, PrivateKey), TaskError> {
    let key_id = format!("{}#main-key", crate::instance_uri(ctx));
    let der = actors::key(&ctx.db, &key_id)
        .await?
        .and_then(|key| key.private_der)
        .ok_or(StoreError::NotFound("key of this server"))?;
    let key = pool::parse_key(ctx, der, &key_id).await?;
    Ok((key_id, key))
}
