//! What this room holds about a person: where she comes. For her to take, and removed when her account ends.

use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx};
use platform::Tx;
use serde_json::{Value, json};

use crate::{actions, owner, store};

/// For the composition.
pub fn holding() -> Holding {
    Holding {
        room: "agenda",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        let mut rows = Vec::new();
        for one in store::attendances::of_actor(&ctx.db, actor).await? {
            let found = owner::dates(ctx, &[one.occurrence_id.0]).await?.pop();
            rows.push(json!({
                "event": found.as_ref().map(|(event, _)| event.title.clone()),
                "starts_at": found.as_ref().map(|(_, date)| date.starts_at.rfc3339()),
                "uri": found.map(|(_, date)| date.uri),
                "state": one.state.code(),
                "since": one.created_at.rfc3339(),
            }));
        }
        Ok(json!({ "attendances": rows }))
    })
}

fn erase<'a>(ctx: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(actions::forget_attendances(ctx, tx, actor))
}
