//! What this room holds about a person: for her to take, and removed when her account ends.

use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx};
use platform::queue::{self, When};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions;
use crate::model::TopicId;
use crate::store;
use crate::tasks::ForgetTopics;

/// For the composition.
pub fn holding() -> Holding {
    Holding {
        room: "groups",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        Ok(json!({ "places": places(ctx, actor).await?, "topics": topics(ctx, actor).await? }))
    })
}

async fn places(ctx: &Ctx, actor: ActorId) -> Result<Vec<Value>, StoreError> {
    let member_of = store::places::groups_of(&ctx.db, actor).await?;
    let places = store::places::all_of(&ctx.db, actor).await?;
    let ids: Vec<_> = places.iter().map(|place| place.group_id).collect();
    let groups = store::groups::by_ids(&ctx.db, &ids).await?;
    Ok(places
        .iter()
        .map(|place| {
            let group = groups.iter().find(|group| group.id == place.group_id);
            let member = member_of.contains(&place.group_id);
            json!({
                "group": group.filter(|group| member || !group.scope.is_private()).map(|group| &group.name),
                "member": member,
                "moderator": place.moderator,
                "notifications": place.pace.code(),
                "rules_accepted_at": place.rules_at.map(|at| at.rfc3339()),
                "put_out_at": place.out_at.map(|at| at.rfc3339()),
            })
        })
        .collect())
}

async fn topics(ctx: &Ctx, actor: ActorId) -> Result<Vec<Value>, StoreError> {
    let (mut all, mut above) = (Vec::new(), TopicId(0));
    loop {
        let some = store::topics::of_actor(&ctx.db, actor, above).await?;
        let Some(last) = some.last() else {
            return Ok(all);
        };
        above = last.id;
        all.extend(some.iter().map(|topic| {
            json!({
                "uri": topic.uri,
                "title": topic.title,
                "text": topic.source,
                "content_warning": topic.summary,
                "language": topic.language,
                "state": topic.state.code(),
                "written_at": topic.created_at.rfc3339(),
                "edited_at": topic.edited_at.map(|at| at.rfc3339()),
            })
        }));
    }
}

/// Her places go at once, and of her topics only stays that they were; who was put out is known no more either. What
/// follows from that, [`ForgetTopics`] does bit by bit.
fn erase<'a>(ctx: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(async move {
        actions::empty_of(tx, actor).await?;
        queue::enqueue::<Ctx, _>(ctx, tx, &ForgetTopics { actor }, When::now()).await
    })
}
