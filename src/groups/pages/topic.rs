//! A topic with what is said about it; what moderators do with it.

use account::{Citizen, Viewer};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use discussion::pages::{ActionRow, action_row, talk};
use discussion::{Participant, Target};
use federation::{Ctx, actors};
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, FlashKind, Page, Submitted, Visit, Wants, html, redirect, see_other};
use serde::Deserialize;

use super::{hat_of, inside, page_about, reader, title_of, writer};
use crate::actions::{self, GroupError, Known};
use crate::model::{GroupId, GroupRefusal, Topic, TopicId, TopicState};
use crate::store;
use crate::topics::{TOPICS, subject};
use crate::wire::note::page_of;

#[derive(Template)]
#[template(path = "groups/topic.html")]
struct Show {
    page: Page,
    topic: Topic,
    title: String,
    text: Html,
    author: String,
    author_href: String,
    handle: String,
    here: String,
    actions: Html,
    thread: Html,
    mine: bool,
    moderates: bool,
    closed: bool,
    state: &'static str,
    decision: String,
    desk: String,
}

/// With which comment the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    depuis: Option<i64>,
}

/// A topic of a group for somebody who may read it.
pub(crate) async fn readable(
    ctx: &Ctx,
    who: Option<&Participant>,
    known: &Known,
    id: TopicId,
) -> Result<Topic, Failure> {
    let topic = store::topics::by_id(&ctx.db, id)
        .await?
        .filter(|topic| topic.group_id == known.group.id)
        .ok_or_else(Failure::not_found)?;
    let mine = who.is_some_and(|who| who.actor.id == topic.actor_id);
    match topic.state {
        TopicState::Shown => Ok(topic),
        TopicState::Held | TopicState::Hidden if mine || known.standing.moderates => Ok(topic),
        TopicState::Deleted if topic.local && !known.circle.private => Err(Failure::gone()),
        _ => Err(Failure::not_found()),
    }
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    let who = reader(&viewer);
    let known = inside(&ctx, who.as_ref(), &commune, id).await?;
    let topic = readable(&ctx, who.as_ref(), &known, topic).await?;
    if visit.wants == Wants::Activity && !known.circle.private && topic.told_at.is_some() {
        return Ok(redirect(StatusCode::SEE_OTHER, &topic.uri));
    }
    let subject = subject(&topic, &known.group, &known.circle);
    let target = Target {
        kind: TOPICS,
        id: topic.id.0,
    };
    let counts = discussion::actions::counts(&ctx, &[target]).await?;
    let me = who.as_ref().map(|who| who.actor.id);
    let did = discussion::actions::mine(&ctx, me, &[target]).await?;
    let mine = match viewer.citizen() {
        Some(citizen) => hat_of(&ctx, citizen, &commune, topic.actor_id).await?.is_some(),
        None => false,
    };
    let here = page_of(&topic, &known.circle);
    let is_shown = topic.state == TopicState::Shown;
    let actions = if is_shown {
        let row = ActionRow {
            target,
            page: &here,
            counts: counts.get(&target).copied().unwrap_or_default(),
            mine: did.get(&target).copied().unwrap_or_default(),
            shareable: !known.circle.private,
        };
        action_row(&ctx, &visit, &row)?
    } else {
        Html::default()
    };
    let thread = if is_shown {
        talk(&ctx, &visit, &viewer, Some(&commune), &subject, wanted.depuis).await?
    } else {
        Html::default()
    };
    let decision = discussion::actions::hiding_decision(&ctx, &subject).await?;
    let author = actors::by_id(&ctx, topic.actor_id).await?;
    let mut page = page_about(&ctx, &visit, &commune, &known, title_of(&topic));
    page.noindex |= !is_shown || !topic.local;
    page.canonical = Some(topic.url.clone().unwrap_or_else(|| ctx.urls.to(&here)));
    if !page.noindex {
        page.description = topic.excerpt();
        page.og = vec![
            ("og:type".to_owned(), "article".to_owned()),
            ("og:title".to_owned(), title_of(&topic)),
            ("og:description".to_owned(), topic.excerpt()),
            ("og:url".to_owned(), ctx.urls.to(&here)),
        ];
    }
    let page = page.back_to(
        platform::text::french(&known.group.name),
        known.circle.page.clone(),
    );
    let shown = Show {
        text: Html::from_store(topic.html.clone()),
        author: author
            .as_ref()
            .map(|a| a.display_name().to_owned())
            .unwrap_or_default(),
        author_href: author
            .as_ref()
            .and_then(|a| a.open_page())
            .unwrap_or_default()
            .to_owned(),
        handle: author
            .as_ref()
            .filter(|a| !a.local)
            .map(|a| a.full_handle())
            .unwrap_or_default(),
        actions,
        thread,
        mine: topic.local && mine,
        title: title_of(&topic),
        moderates: known.standing.moderates,
        closed: known.circle.closed,
        state: topic.state.code(),
        decision: decision.map_or_else(String::new, |decision| decision.page()),
        desk: format!("/moderation/groupes/{}/{TOPICS}/{}", known.group.id, topic.id),
        here,
        topic,
        page,
    };
    html(StatusCode::OK, &shown)
}

/// A moderator pins, locks or lets through.
pub(super) async fn order(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let flash = match sent.get("deed") {
        deed @ ("pin" | "unpin") => {
            actions::pin_topic(&ctx, &by, &known, topic, deed == "pin").await?;
            "groups-flash-pinned"
        }
        deed @ ("lock" | "unlock") => {
            actions::lock_topic(&ctx, &by, &known, topic, deed == "lock").await?;
            "groups-flash-locked"
        }
        "approve" => {
            actions::approve_topic(&ctx, &by, &known, topic).await?;
            "groups-flash-approved"
        }
        _ => return Err(Failure::not_found()),
    };
    let page = format!("{}/sujets/{topic}", known.circle.page);
    Ok(see_other(&ctx, &page, Some((FlashKind::Success, flash))))
}

#[derive(Template)]
#[template(path = "groups/remove.html")]
struct Remove {
    page: Page,
    heading: String,
    action: String,
    back: String,
}

pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let topic = readable(&ctx, Some(&by), &known, topic).await?;
    let hat = hat_of(&ctx, &citizen, &commune, topic.actor_id).await?;
    if !topic.local || hat.is_none() {
        return Err(Failure::not_found());
    }
    let title = ctx.words.t(visit.lang, "groups-remove-title");
    let mut page = page_about(&ctx, &visit, &commune, &known, title);
    page.noindex = true;
    let back = page_of(&topic, &known.circle);
    let shown = Remove {
        page,
        heading: title_of(&topic),
        action: format!("{back}/supprimer"),
        back,
    };
    html(StatusCode::OK, &shown)
}

pub(super) async fn remove(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let topic = readable(&ctx, Some(&by), &known, topic).await?;
    let by = hat_of(&ctx, &citizen, &commune, topic.actor_id)
        .await?
        .ok_or(GroupError::from(GroupRefusal::NotYours))?;
    actions::delete_topic(&ctx, &by, &known, topic.id).await?;
    Ok(see_other(
        &ctx,
        &known.circle.page,
        Some((FlashKind::Success, "groups-flash-removed")),
    ))
}

/// A version of a topic.
struct Version {
    title: String,
    text: Html,
    warning: String,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "groups/history.html")]
struct History {
    page: Page,
    versions: Vec<Version>,
}

pub(super) async fn history(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
) -> Result<Response, Failure> {
    let who = reader(&viewer);
    let known = inside(&ctx, who.as_ref(), &commune, id).await?;
    let topic = readable(&ctx, who.as_ref(), &known, topic).await?;
    let old = store::topics::revisions(&ctx.db, topic.id).await?;
    let mut versions: Vec<Version> = old
        .into_iter()
        .map(|old| Version {
            title: old.title,
            text: Html::from_store(old.html),
            warning: old.summary,
            at: old.written_at,
        })
        .collect();
    versions.push(Version {
        title: topic.title.clone(),
        text: Html::from_store(topic.html.clone()),
        warning: topic.summary.clone(),
        at: topic.written_at(),
    });
    versions.reverse();
    let title = ctx.words.t(visit.lang, "groups-history-title");
    let mut page = page_about(&ctx, &visit, &commune, &known, title);
    page.noindex = true;
    let page = page.back_to(title_of(&topic), page_of(&topic, &known.circle));
    html(StatusCode::OK, &History { page, versions })
}
