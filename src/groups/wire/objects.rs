//! `/ap/topics/{id}` and what hangs under it; what a group pinned, who keeps its order, who is let in.

use discussion::{Participant, Subject, collections_of};
use federation::objects::{Found, Objects};
use federation::{Actor, Ctx, actors};
use platform::StoreError;
use serde_json::{Value, json};

use super::note;
use crate::actions;
use crate::circle::circle_of;
use crate::model::{GroupId, Scope, Topic, TopicId, TopicState};
use crate::store;
use crate::topics::{TOPICS, subject};

pub(crate) fn objects(objects: &mut Objects) {
    collections_of(objects, TOPICS, |ctx, id| async move {
        let found = topic_and_subject(&ctx, TopicId(id)).await?;
        Ok(found.map(|(_, subject)| subject))
    });
    objects
        .own(TOPICS, |ctx, id, reader| async move { find(&ctx, TopicId(id), reader).await })
        .pins(|ctx, actor| async move { pinned(&ctx, &actor).await })
        .of_actor("moderators", |ctx, actor| async move { moderators(&ctx, &actor).await })
        .gate(|ctx, follower, followed| async move { actions::admission(&ctx, &follower, &followed).await })
        .veil(|ctx, group, uri, reader| async move {
            actions::sight(&ctx, &group, &uri, reader.as_ref()).await
        })
        .on_follow(|ctx, follower, followed, accepted| async move {
            actions::came(&ctx, &follower, &followed, accepted).await
        })
        .on_actor_gone(|ctx, actor| async move { actions::forget(&ctx, actor.id).await });
}

async fn topic_and_subject(ctx: &Ctx, id: TopicId) -> Result<Option<(Topic, Subject)>, StoreError> {
    let Some(topic) = store::topics::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let Some(group) = store::groups::by_id(&ctx.db, topic.group_id).await? else {
        return Ok(None);
    };
    let circle = circle_of(ctx, &group).await?;
    let subject = subject(&topic, &group, &circle);
    Ok(Some((topic, subject)))
}

async fn find(ctx: &Ctx, id: TopicId, reader: Option<Actor>) -> Result<Found, StoreError> {
    let Some((topic, subject)) = topic_and_subject(ctx, id).await? else {
        return Ok(Found::Missing);
    };
    let private = subject.private_circle().is_some();
    if topic.state == TopicState::Deleted && !private && topic.local {
        let was_known = actors::is_buried(ctx, &topic.uri).await?;
        return Ok(if was_known { Found::Gone } else { Found::Missing });
    }
    if !topic.local || topic.state != TopicState::Shown || topic.told_at.is_none() {
        return Ok(Found::Missing);
    }
    let (Some(circle), Some(author)) = (&subject.circle, actors::by_id(ctx, topic.actor_id).await?) else {
        return Ok(Found::Missing);
    };
    if !author.is_visible() || circle.residents {
        return Ok(Found::Missing);
    }
    let written = actions::written(ctx, topic.source.as_deref().unwrap_or_default(), &topic.language).await?;
    let audience = discussion::actions::audience_in(circle, &author, &written.mentioned);
    let document = note::of(ctx, &topic, &author, circle, &written.mentioned, &audience);
    let page = subject.page.clone();
    if !private {
        return Ok(Found::Public { document, page });
    }
    let Some(reader) = reader else {
        return Ok(Found::Missing);
    };
    let guest = Participant::guest(reader);
    Ok(
        if discussion::actions::may_read_circle(ctx, &guest, circle).await? {
            Found::Restricted { document, page }
        } else {
            Found::Missing
        },
    )
}

async fn pinned(ctx: &Ctx, actor: &Actor) -> Result<Vec<Value>, StoreError> {
    let group = store::groups::by_id(&ctx.db, GroupId(actor.id.0)).await?;
    if group.is_none_or(|group| group.scope.is_private()) {
        return Ok(Vec::new());
    }
    let topics = store::topics::pinned(&ctx.db, GroupId(actor.id.0)).await?;
    Ok(topics
        .iter()
        .filter(|topic| topic.told_at.is_some())
        .map(|topic| json!(topic.uri))
        .collect())
}

/// Those who keep order in a group and whom other servers may know of.
async fn moderators(ctx: &Ctx, actor: &Actor) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(group) = store::groups::by_id(&ctx.db, GroupId(actor.id.0)).await? else {
        return Ok(None);
    };
    if group.scope == Scope::Residents {
        return Ok(None);
    }
    let circle = circle_of(ctx, &group).await?;
    let keepers = actors::by_ids(ctx, &circle.moderators).await?;
    let visible = keepers.iter().filter(|keeper| keeper.is_visible());
    Ok(Some(visible.map(|keeper| json!(keeper.uri)).collect()))
}
