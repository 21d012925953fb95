//! What this room holds about a person: for her to take, and removed when her account ends.

use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx};
use platform::store::{Page, Paging};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions::{Reacted, likes_of, shares_of};
use crate::store;
use crate::store::reactions::Reaction;

/// How many rows are read at once.
const ROWS: i64 = 200;

/// For the composition.
pub fn holding() -> Holding {
    Holding {
        room: "discussion",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        Ok(json!({
            "comments": comments(ctx, actor).await?,
            "likes": reactions(|paging| async move { likes_of(ctx, actor, &paging).await }).await?,
            "shares": reactions(|paging| async move { shares_of(ctx, actor, &paging).await }).await?,
        }))
    })
}

async fn comments(ctx: &Ctx, actor: ActorId) -> Result<Vec<Value>, StoreError> {
    let (mut all, mut before) = (Vec::new(), i64::MAX);
    loop {
        let page = store::comments::own(&ctx.db, actor, before, ROWS).await?;
        all.extend(page.iter().map(|comment| {
            json!({
                "uri": comment.uri,
                "in_reply_to": comment.in_reply_to,
                "text": comment.source,
                "content_warning": comment.summary,
                "language": comment.language,
                "state": comment.state.code(),
                "written_at": comment.created_at.rfc3339(),
                "edited_at": comment.edited_at.map(|at| at.rfc3339()),
            })
        }));
        match page.last() {
            Some(last) if page.len() as i64 == ROWS => before = last.id.0,
            _ => return Ok(all),
        }
    }
}

async fn reactions<F>(read: impl Fn(Paging) -> F) -> Result<Vec<Value>, StoreError>
where
    F: Future<Output = Result<Page<Reacted>, StoreError>>,
{
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = read(Paging::before(before, ROWS)).await?;
        before = page.items.last().map(|last| last.id);
        all.extend(page.items.iter().map(|reacted| {
            json!({
                "kind": reacted.target_kind,
                "id": reacted.target_id.to_string(),
                "at": reacted.created_at.rfc3339(),
            })
        }));
        if !page.has_more {
            return Ok(all);
        }
    }
}

/// Her likes and shares go at once. Her comments are hidden from the moment her actor is gone, and emptied by
/// [`crate::tasks::ForgetTheGone`]: there may be too many for one transaction.
fn erase<'a>(_: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(async move {
        store::reactions::remove_of_actor(tx, Reaction::Like, actor).await?;
        store::reactions::remove_of_actor(tx, Reaction::Share, actor).await
    })
}
