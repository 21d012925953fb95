//! What this room holds about a person: which programs speak for her, where she stopped reading.

use account::actions::people;
use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::store;

/// For the export of her data, and for the end of her account.
pub fn holding() -> Holding {
    Holding {
        room: "programs",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        let Some(account) = people::by_actor(ctx, actor).await? else {
            return Ok(Value::Null);
        };
        let programs: Vec<Value> = store::granted(&ctx.db, account.id.0)
            .await?
            .into_iter()
            .map(|one| {
                json!({
                    "program": one.name,
                    "acts_for": one.office,
                    "scopes": one.scopes,
                    "since": one.created_at.rfc3339(),
                })
            })
            .collect();
        let markers: Vec<Value> = store::markers(&ctx.db, actor)
            .await?
            .into_iter()
            .map(|marker| json!({ "timeline": marker.timeline, "last_read": marker.last_read }))
            .collect();
        Ok(json!({ "programs": programs, "read_up_to": markers }))
    })
}

fn erase<'a>(ctx: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(async move {
        let account = people::by_actor(ctx, actor)
            .await?
            .ok_or(StoreError::NotFound("account"))?;
        store::forget(tx, account.id.0, actor).await
    })
}
