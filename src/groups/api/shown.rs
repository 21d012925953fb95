//! Groups and topics as JSON.

use discussion::{Counts, Participant, Target};
use federation::{Actor, ActorId, Ctx};
use platform::StoreError;
use platform::web::api::Moment;
use schemars::JsonSchema;
use serde::Serialize;

use crate::actions::Known;
use crate::model::{GroupId, Opening, Pace, Scope, Topic, TopicId, TopicState};
use crate::pages::names;
use crate::store;
use crate::topics::TOPICS;
use crate::wire::note::page_of;

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub(super) struct GroupShown {
    id: GroupId,
    /// INSEE code.
    commune: String,
    /// Who reads it.
    scope: Scope,
    name: String,
    /// Markdown.
    description: String,
    description_html: String,
    /// What members agree to; Markdown.
    rules: String,
    rules_html: String,
    /// Whether moderators have to let people in.
    approval: bool,
    /// Who opens topics.
    opening: Opening,
    closed: bool,
    closes_at: Option<Moment>,
    members: i64,
    topics: i64,
    /// Its page.
    url: String,
    /// ActivityPub id, of public groups.
    uri: Option<String>,
    /// `@groupe-eze-sentiers@parvis.example`, of public groups.
    handle: Option<String>,
    /// Where the bearer of the token stands.
    mine: Option<StandingShown>,
    created_at: Moment,
    updated_at: Moment,
}

/// Where somebody stands in a group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Standing")]
struct StandingShown {
    member: bool,
    /// She asked to be let in, and was not answered yet.
    asked: bool,
    invited: bool,
    moderator: bool,
    put_out: bool,
    /// Of what she is told.
    notifications: Option<Pace>,
}

/// Groups.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Groups")]
pub(super) struct List {
    pub(super) items: Vec<GroupShown>,
}

/// A topic of a group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Topic")]
pub(super) struct TopicShown {
    id: TopicId,
    group_id: GroupId,
    /// ActivityPub id, when other servers may ask for it.
    uri: Option<String>,
    /// Its page.
    url: String,
    title: String,
    /// HTML.
    content: String,
    /// Markdown, to its author.
    text: Option<String>,
    /// What it is about, for whoever would rather not read it.
    warning: String,
    /// `fr`.
    language: String,
    author: Author,
    /// Written by somebody whom the town hall lets.
    by_delegation: bool,
    /// `held` while a moderator has to read it.
    state: TopicState,
    pinned: bool,
    /// Not answered any more.
    locked: bool,
    answers: i64,
    likes: i64,
    /// Whether the bearer of the token opened it.
    mine: bool,
    created_at: Moment,
    edited_at: Option<Moment>,
}

/// Who opened a topic.
#[derive(Debug, Serialize, JsonSchema)]
struct Author {
    id: ActorId,
    name: String,
    /// `@zoe@parvis.example`.
    handle: String,
    /// Her page, when she has one that everybody may open.
    url: Option<String>,
}

/// Topics, the one last spoken in first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Topics")]
pub(super) struct Page {
    /// On the first page only.
    pub(super) pinned: Vec<TopicShown>,
    pub(super) items: Vec<TopicShown>,
    /// The `max_id` of the next page.
    pub(super) next: Option<String>,
}

/// Where somebody stands who wanted in.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Membership {
    pub(super) state: MembershipState,
}

/// In, or waiting for the moderators.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(super) enum MembershipState {
    Member,
    Asked,
}

/// Of somebody who is not in a group any more.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Left {
    pub(super) state: (),
}

/// Groups for somebody who may know of them. Of where she stands only she is told.
pub(super) async fn groups(ctx: &Ctx, all: &[Known], signed_in: bool) -> Result<Vec<GroupShown>, StoreError> {
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
) -> GroupShown {
    let (group, standing) = (&known.group, known.standing);
    let open = actor.filter(|_| group.scope == Scope::Public);
    GroupShown {
        id: group.id,
        commune: group.commune.clone(),
        scope: group.scope,
        name: group.name.clone(),
        description: group.about.clone(),
        description_html: group.about_html.clone(),
        rules: group.rules.clone(),
        rules_html: group.rules_html.clone(),
        approval: group.approval,
        opening: group.opening,
        closed: known.circle.closed,
        closes_at: group.closes_at.map(Moment),
        members,
        topics,
        url: ctx.urls.to(&known.circle.page),
        uri: open.map(|actor| actor.uri.clone()),
        handle: open.map(Actor::full_handle),
        mine: signed_in.then_some(StandingShown {
            member: standing.member,
            asked: standing.asked,
            invited: standing.invited,
            moderator: standing.moderates,
            put_out: standing.out,
            notifications: standing.pace,
        }),
        created_at: group.created_at.into(),
        updated_at: group.edited_at.unwrap_or(group.created_at).into(),
    }
}

/// Topics of a group for somebody who may read it. What people opened who keep their words on this server is for
/// whoever has an account here.
pub(super) async fn topics(
    ctx: &Ctx,
    reader: Option<&Participant>,
    known: &Known,
    topics: &[Topic],
) -> Result<Vec<TopicShown>, StoreError> {
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
        all.push(one(ctx, known, topic, (author, counts, mine)));
    }
    Ok(all)
}

fn one(
    ctx: &Ctx,
    known: &Known,
    topic: &Topic,
    (author, counts, mine): (&Actor, Counts, bool),
) -> TopicShown {
    let is_told = topic.told_at.is_some() && known.group.scope == Scope::Public;
    let page = || ctx.urls.to(&page_of(topic, &known.circle));
    let is_shown = topic.state == TopicState::Shown;
    TopicShown {
        id: topic.id,
        group_id: topic.group_id,
        uri: is_told.then(|| topic.uri.clone()),
        url: topic.url.clone().unwrap_or_else(page),
        title: topic.title.clone(),
        content: topic.html.clone(),
        text: topic.source.clone().filter(|_| mine),
        warning: topic.summary.clone(),
        language: topic.language.clone(),
        author: Author {
            id: author.id,
            name: author.display_name().to_owned(),
            handle: author.full_handle(),
            url: author.open_page().map(ToOwned::to_owned),
        },
        by_delegation: topic.delegated,
        state: topic.state,
        pinned: topic.pinned_at.is_some(),
        locked: topic.locked,
        answers: if is_shown { counts.comments } else { 0 },
        likes: counts.likes,
        mine,
        created_at: topic.created_at.into(),
        edited_at: topic.edited_at.map(Moment),
    }
}
