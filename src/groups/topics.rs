//! Topics and places as things under discussion.

use std::collections::HashMap;
use std::sync::Arc;

use discussion::{Answer, Circle, CommentMode, Owner, Subject, Target};
use federation::{Ctx, objects};
use platform::{StoreError, Tx};

use crate::actions;
use crate::circle::circle_of;
use crate::model::{Group, GroupId, PlaceId, Topic, TopicId, TopicState};
use crate::store;

/// In the address of the object: `/ap/topics/{id}`.
pub(crate) const TOPICS: &str = "topics";
/// Places in groups: only moderators' decisions are about them.
pub(crate) const PLACES: &str = "places";

/// The owner of `topics`.
#[derive(Debug)]
pub struct Topics;

/// The owner of `places`: to hide one is to put somebody out of a group.
#[derive(Debug)]
pub struct Places;

/// A topic as the rest of the product sees it.
pub(crate) fn subject(topic: &Topic, group: &Group, circle: &Arc<Circle>) -> Subject {
    Subject {
        target: Target {
            kind: TOPICS,
            id: topic.id.0,
        },
        uri: topic.uri.clone(),
        author_id: topic.actor_id,
        local: topic.local,
        commune: Some(group.commune.clone()),
        right: account::Right::Groups,
        page: format!("{}/sujets/{}", circle.page, topic.id),
        excerpt: topic.title.clone(),
        mode: topic.mode(),
        visibility: group.scope.visibility(),
        open: topic.state == TopicState::Shown,
        circle: Some(Arc::clone(circle)),
    }
}

/// The circles of these groups.
pub(crate) async fn circles_of(
    ctx: &Ctx,
    ids: impl Iterator<Item = GroupId>,
) -> Result<HashMap<GroupId, (Group, Arc<Circle>)>, StoreError> {
    let mut ids: Vec<GroupId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let mut all = HashMap::with_capacity(ids.len());
    for group in store::groups::by_ids(&ctx.db, &ids).await? {
        let circle = circle_of(ctx, &group).await?;
        all.insert(group.id, (group, circle));
    }
    Ok(all)
}

async fn subjects(ctx: &Ctx, topics: Vec<Topic>) -> Result<Vec<Subject>, StoreError> {
    let circles = circles_of(ctx, topics.iter().map(|topic| topic.group_id)).await?;
    Ok(topics
        .iter()
        .filter_map(|topic| {
            let (group, circle) = circles.get(&topic.group_id)?;
            Some(subject(topic, group, circle))
        })
        .collect())
}

impl Owner for Topics {
    fn kind(&self) -> &'static str {
        TOPICS
    }

    fn section(&self) -> Option<&'static str> {
        Some("groups")
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move { subjects(ctx, store::topics::by_ids(&ctx.db, ids).await?).await })
    }

    fn by_uri<'a>(&'a self, ctx: &'a Ctx, uri: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async move {
            match store::topics::by_uri(&ctx.db, uri).await? {
                Some(topic) => Ok(subjects(ctx, vec![topic]).await?.pop()),
                None => Ok(None),
            }
        })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_hidden(ctx, tx, TopicId(id), hidden))
    }
}

impl Owner for Places {
    fn kind(&self) -> &'static str {
        PLACES
    }

    fn section(&self) -> Option<&'static str> {
        Some("groups")
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move {
            let mut found = Vec::new();
            for id in ids {
                let Some(place) = store::places::by_id(&ctx.db, PlaceId(*id)).await? else {
                    continue;
                };
                let Some(group) = store::groups::by_id(&ctx.db, place.group_id).await? else {
                    continue;
                };
                let circle = circle_of(ctx, &group).await?;
                found.push(Subject {
                    target: Target {
                        kind: PLACES,
                        id: *id,
                    },
                    uri: objects::uri(ctx, PLACES, id),
                    author_id: place.actor_id,
                    local: true,
                    commune: Some(group.commune.clone()),
                    right: account::Right::Groups,
                    page: circle.page.clone(),
                    excerpt: group.name.clone(),
                    mode: CommentMode::Off,
                    visibility: federation::Visibility::Direct,
                    // It is nothing to be read, liked or flagged.
                    open: false,
                    circle: Some(circle),
                });
            }
            Ok(found)
        })
    }

    fn by_uri<'a>(&'a self, _: &'a Ctx, _: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async { Ok(None) })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_out(ctx, tx, PlaceId(id), hidden))
    }
}
