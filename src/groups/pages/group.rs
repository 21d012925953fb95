//! A group: what is talked about, its topics, joining and leaving.

use std::collections::HashMap;

use account::{Citizen, Right, Viewer};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::{Participant, Target};
use federation::{Actor, ActorId, Ctx, actors};
use platform::text::{Html, french};
use platform::web::{Failure, FeedLink, FlashKind, Page, Submitted, Visit, Wants, html, redirect, see_other};
use platform::{StoreError, Timestamp};
use serde::Deserialize;

use super::{COMINGS, brake, door, page_about, reader, title_of, writer};
use crate::actions::{self, Joined, Known};
use crate::model::{Group, GroupId, Pace, Scope, Topic, TopicState};
use crate::store;
use crate::topics::TOPICS;
use crate::wire::note::page_of;

/// Topics on one page.
const PER_PAGE: i64 = 30;

/// A topic in the list.
pub(super) struct TopicRow {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) author: String,
    pub(super) at: Timestamp,
    pub(super) answers: i64,
    pub(super) pinned: bool,
    pub(super) locked: bool,
    pub(super) state: &'static str,
}

#[derive(Template)]
#[template(path = "groups/show.html")]
struct Show {
    page: Page,
    group: Group,
    name: String,
    known: Known,
    about: Html,
    rules: Html,
    scope_key: &'static str,
    handle: String,
    inside: bool,
    signed_in: bool,
    members: i64,
    pinned: Vec<TopicRow>,
    topics: Vec<TopicRow>,
    waiting: Vec<TopicRow>,
    older: String,
    closed: bool,
    manages: bool,
    desk: String,
    paces: Vec<(String, String)>,
    pace: platform::web::FormState,
}

/// From which topic on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    avant: Option<i64>,
}

/// The names of these people.
pub(crate) async fn names(
    ctx: &Ctx,
    ids: impl Iterator<Item = ActorId>,
) -> Result<HashMap<ActorId, Actor>, StoreError> {
    let mut ids: Vec<ActorId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = actors::by_ids(ctx, &ids).await?;
    Ok(found.into_iter().map(|actor| (actor.id, actor)).collect())
}

async fn rows(ctx: &Ctx, known: &Known, topics: &[Topic]) -> Result<Vec<TopicRow>, StoreError> {
    let people = names(ctx, topics.iter().map(|topic| topic.actor_id)).await?;
    let targets: Vec<Target> = topics
        .iter()
        .map(|topic| Target {
            kind: TOPICS,
            id: topic.id.0,
        })
        .collect();
    let counts = discussion::actions::counts(ctx, &targets).await?;
    Ok(topics
        .iter()
        .zip(&targets)
        .map(|(topic, target)| TopicRow {
            href: page_of(topic, &known.circle),
            title: title_of(topic),
            author: people
                .get(&topic.actor_id)
                .map(|actor| actor.display_name().to_owned())
                .unwrap_or_default(),
            at: topic.created_at,
            answers: counts.get(target).map_or(0, |counts| counts.comments),
            pinned: topic.pinned_at.is_some(),
            locked: topic.locked,
            state: topic.state.code(),
        })
        .collect())
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    let who = reader(&viewer);
    let known = door(&ctx, who.as_ref(), &commune, id).await?;
    if visit.wants == Wants::Activity && known.group.scope == Scope::Public {
        return Ok(redirect(StatusCode::SEE_OTHER, &known.circle.uri));
    }
    let inside = known.may_read(who.as_ref());
    let (mut pinned, mut topics, mut older) = (Vec::new(), Vec::new(), String::new());
    if inside {
        let me = who.as_ref().map_or(ActorId(0), |who| who.actor.id);
        let page = store::topics::of_group(&ctx.db, id, (me, known.standing.moderates), from.avant, PER_PAGE)
            .await?;
        if let Some(last) = page.items.last().filter(|_| page.has_more) {
            older = format!("{}?avant={}", known.circle.page, last.last_id);
        }
        topics = rows(&ctx, &known, &page.items).await?;
        if from.avant.is_none() {
            pinned = rows(&ctx, &known, &store::topics::pinned(&ctx.db, id).await?).await?;
        }
    }
    let waits = |row: &TopicRow| row.state != TopicState::Shown.code();
    let (waiting, topics) = topics.into_iter().partition(waits);
    let shown = draw(&ctx, &visit, &viewer, &commune, known, who.as_ref()).await?;
    html(
        StatusCode::OK,
        &Show {
            inside,
            pinned,
            topics,
            waiting,
            older,
            ..shown
        },
    )
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    commune: &Commune,
    known: Known,
    who: Option<&Participant>,
) -> Result<Show, Failure> {
    let group = known.group.clone();
    let actor = known.actor(ctx).await?;
    let counts = store::places::counts(&ctx.db, &[group.id]).await?;
    let mut page = page_about(ctx, visit, commune, &known, french(&group.name));
    page.canonical = Some(ctx.urls.to(&known.circle.page));
    let about = Html::from_store(group.about_html.clone());
    if group.scope == Scope::Public {
        page.description = platform::text::excerpt(&about, 160);
        page.feeds.push(FeedLink {
            title: page.title.clone(),
            href: known.circle.uri.clone(),
            kind: "application/activity+json",
        });
    }
    let label = page.t("groups-nav");
    let page = page.back_to(label, commune.below("groupes"));
    let pace = known.standing.pace.unwrap_or(Pace::Mine);
    Ok(Show {
        name: french(&group.name),
        about,
        rules: Html::from_store(group.rules_html.clone()),
        scope_key: group.scope.key(),
        handle: if group.scope == Scope::Public {
            format!("@{}", actor.full_handle().trim_start_matches('@'))
        } else {
            String::new()
        },
        inside: false,
        signed_in: who.is_some(),
        members: counts.first().map_or(0, |(_, count)| *count),
        pinned: Vec::new(),
        topics: Vec::new(),
        waiting: Vec::new(),
        older: String::new(),
        closed: known.circle.closed,
        manages: viewer.may(Right::Groups, commune.code),
        desk: if known.standing.moderates {
            format!("/moderation/groupes/{}", group.id)
        } else {
            String::new()
        },
        paces: Pace::ALL
            .iter()
            .map(|pace| {
                let code = pace.code();
                (code.to_owned(), page.t(&format!("groups-pace-{code}")))
            })
            .collect(),
        pace: platform::web::FormState::default().with("pace", pace.code()),
        page,
        group,
        known,
    })
}

pub(super) async fn join(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, COMINGS, &citizen)?;
    let by = writer(&citizen);
    let known = door(&ctx, Some(&by), &commune, id).await?;
    let flash = match actions::join(&ctx, &by, &known, sent.has("agree")).await? {
        Joined::In => "groups-flash-joined",
        Joined::Asked => "groups-flash-asked",
    };
    Ok(see_other(
        &ctx,
        &known.circle.page,
        Some((FlashKind::Success, flash)),
    ))
}

pub(super) async fn leave(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, COMINGS, &citizen)?;
    let by = writer(&citizen);
    let known = door(&ctx, Some(&by), &commune, id).await?;
    actions::leave(&ctx, &by, &known).await?;
    let list = commune.below("groupes");
    Ok(see_other(
        &ctx,
        &list,
        Some((FlashKind::Success, "groups-flash-left")),
    ))
}

pub(super) async fn pace(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = door(&ctx, Some(&by), &commune, id).await?;
    let pace = sent.choice("pace", Some(Pace::Mine), Pace::from_code)?;
    actions::set_pace(&ctx, &by, &known, pace).await?;
    Ok(see_other(
        &ctx,
        &known.circle.page,
        Some((FlashKind::Success, "groups-flash-pace")),
    ))
}
