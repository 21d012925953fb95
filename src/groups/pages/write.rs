//! The form for a topic: a new one, and new words of one.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::topic::readable;
use super::{TOPICS, brake, inside, page_about, words, writer};
use crate::actions::{self, GroupError, Known};
use crate::model::{GroupId, GroupRefusal, NewTopic, Opening, Topic, TopicId, TopicState};
use crate::wire::note::page_of;

#[derive(Template)]
#[template(path = "groups/write.html")]
struct Write {
    page: Page,
    form: FormState,
    action: String,
    back: String,
    is_new: bool,
    held: bool,
    readers: &'static str,
}

fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    known: &Known,
    topic: Option<&Topic>,
    form: FormState,
) -> Result<Response, Failure> {
    let key = if topic.is_some() {
        "groups-topic-edit"
    } else {
        "groups-topic-new"
    };
    let title = ctx.words.t(visit.lang, key);
    let mut page = page_about(ctx, visit, commune, known, title);
    page.noindex = true;
    let back = topic.map_or_else(
        || known.circle.page.clone(),
        |topic| page_of(topic, &known.circle),
    );
    let page = page.back_to(known.group.name.clone(), back.clone());
    let opens = known.standing.member && known.group.opening == Opening::Members;
    let status = form.status();
    let shown = Write {
        page,
        form,
        action: match topic {
            Some(_) => format!("{back}/modifier"),
            None => format!("{back}/sujets/nouveau"),
        },
        back,
        is_new: topic.is_none(),
        held: topic.is_none() && !known.standing.moderates && !opens,
        readers: known.group.scope.readers_key(),
    };
    html(status, &shown)
}

fn read(sent: &Submitted) -> NewTopic {
    NewTopic {
        title: sent.get("title").to_owned(),
        source: sent.get("source").to_owned(),
        summary: sent.get("summary").to_owned(),
        language: "fr".to_owned(),
    }
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    draw(&ctx, &visit, &commune, &known, None, FormState::default())
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, TOPICS, &citizen)?;
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let outcome = actions::open_topic(&ctx, &by, &known, read(&sent)).await;
    finish(&ctx, &visit, &commune, &known, None, &sent, outcome)
}

fn finish(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    known: &Known,
    topic: Option<&Topic>,
    sent: &Submitted,
    outcome: Result<Topic, GroupError>,
) -> Result<Response, Failure> {
    match outcome {
        Ok(saved) => {
            let flash = match (topic, saved.state) {
                (Some(_), _) => "groups-flash-edited",
                (None, TopicState::Held) => "groups-flash-held",
                (None, _) => "groups-flash-posted",
            };
            let page = page_of(&saved, &known.circle);
            Ok(see_other(ctx, &page, Some((FlashKind::Success, flash))))
        }
        Err(GroupError::Refused(refusals)) if !refusals.contains(&GroupRefusal::Missing) => {
            let mut form = sent.state();
            for refusal in refusals {
                form.refuse(ctx, visit.lang, refusal.field(), &words(refusal));
            }
            draw(ctx, visit, commune, known, topic, form)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let topic = readable(&ctx, Some(&by), &known, topic).await?;
    if !topic.local || topic.actor_id != by.actor.id {
        return Err(Failure::not_found());
    }
    let form = FormState::default()
        .with("title", &topic.title)
        .with("source", topic.source.as_deref().unwrap_or_default())
        .with("summary", &topic.summary);
    draw(&ctx, &visit, &commune, &known, Some(&topic), form)
}

pub(super) async fn update(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, topic)): Path<(String, GroupId, TopicId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let topic = readable(&ctx, Some(&by), &known, topic).await?;
    let outcome = actions::edit_topic(&ctx, &by, &known, topic.id, read(&sent)).await;
    finish(&ctx, &visit, &commune, &known, Some(&topic), &sent, outcome)
}
