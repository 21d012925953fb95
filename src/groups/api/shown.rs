//! Groups and topics as JSON.

use discussion::{Participant, Target};
use federation::{Actor, Ctx};
use platform::StoreError;
use serde_json::{Value, json};

use crate::actions::Known;
use crate::model::{GroupId, Scope, Topic, TopicState};
use crate::pages::names;
use crate::store;
use crate::topics::TOPICS;
use crate::wire::note::page_of;

/// Groups for somebody who may know of them. Of where she stands only she is told.
pub(super) async fn groups(ctx: &Ctx, all: &[Known], signed_in: bool) -> Result<Vec<Value>, StoreError> {
    let ids: Vec<GroupId> = all.iter().map(|known| known.group.id).collect();
    let members = store::places::counts(&ctx.db, &ids).await?;
    let topics = store::topics::counts(&ctx.db, &ids).await?;
    let count = |counts: &[(GroupId, i64)], id: GroupId| {
        let found = counts.iter().find(|(group, _)| *group == id);
        found.map_or(0, |(_, count)| *count)
    };
    let people = names(ctx, all.iter().map(|known| known.group.actor())).await?;
    Ok(all
        .iter()
        .map(|known| {
            let id = known.group.id;
            let counts = (count(&members, id), count(&topics, id));
            group(ctx, known, people.get(&known.group.actor()), counts, signed_in)
        })
        .collect())
}

fn group(
    ctx: &Ctx,
    known: &Known,
    actor: Option<&Actor>,
    (members, topics): (i64, i64),
    signed_in: bool,
) -> Value {
    let (group, standing) = (&known.group, known.standing);
    let open = actor.filter(|_| group.scope == Scope::Public);
    let mine = signed_in.then(|| {
        json!({
            "member": standing.member, "asked": standing.asked, "invited": standing.invited,
            "moderator": standing.moderates, "put_out": standing.out,
            "notifications": standing.pace.map(|pace| pace.code()),
        })
    });
    json!({
        "id": group.id, "commune": group.commune, "scope": group.scope.code(),
        "name": group.name, "description": group.about, "description_html": group.about_html,
        "rules": group.rules, "rules_html": group.rules_html,
        "approval": group.approval, "opening": group.opening.code(),
        "closed": known.circle.closed, "closes_at": group.closes_at.map(|at| at.rfc3339()),
        "members": members, "topics": topics,
        "url": ctx.urls.to(&known.circle.page),
        "uri": open.map(|actor| &actor.uri),
        "handle": open.map(Actor::full_handle),
        "mine": mine,
        "created_at": group.created_at.rfc3339(),
        "updated_at": group.edited_at.unwrap_or(group.created_at).rfc3339(),
    })
}

/// Topics of a group for somebody who may read it. What people opened who keep their words on this server is for
/// whoever has an account here.
pub(super) async fn topics(
    ctx: &Ctx,
    reader: Option<&Participant>,
    known: &Known,
    topics: &[Topic],
) -> Result<Vec<Value>, StoreError> {
    let people = names(ctx, topics.iter().map(|topic| topic.actor_id)).await?;
    let targets: Vec<Target> = topics
        .iter()
        .map(|topic| Target {
            kind: TOPICS,
            id: topic.id.0,
        })
        .collect();
    let counts = discussion::actions::counts(ctx, &targets).await?;
    let mut all = Vec::with_capacity(topics.len());
    for (topic, target) in topics.iter().zip(&targets) {
        let author = people.get(&topic.actor_id).filter(|author| {
            author.deleted_at.is_none() && !author.suspended && (author.federated || reader.is_some())
        });
        let Some(author) = author else {
            continue;
        };
        let counts = counts.get(target).copied().unwrap_or_default();
        let mine = reader.is_some_and(|reader| reader.actor.id == topic.actor_id);
        let is_told = topic.told_at.is_some() && known.group.scope == Scope::Public;
        let page = ctx.urls.to(&page_of(topic, &known.circle));
        all.push(json!({
            "id": topic.id, "group_id": topic.group_id,
            "uri": is_told.then_some(&topic.uri),
            "url": topic.url.clone().unwrap_or(page),
            "title": topic.title, "content": topic.html,
            "text": topic.source.as_ref().filter(|_| mine),
            "warning": topic.summary, "language": topic.language,
            "author": {
                "id": author.id, "name": author.display_name(), "handle": author.full_handle(),
                "url": author.open_page(),
            },
            "by_delegation": topic.delegated,
            "state": topic.state.code(), "pinned": topic.pinned_at.is_some(), "locked": topic.locked,
            "answers": if topic.state == TopicState::Shown { counts.comments } else { 0 },
            "likes": counts.likes,
            "mine": mine,
            "created_at": topic.created_at.rfc3339(),
            "edited_at": topic.edited_at.map(|at| at.rfc3339()),
        }));
    }
    Ok(all)
}
