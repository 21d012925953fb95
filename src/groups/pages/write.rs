//! The form for a topic: a new one, and new words of one.

use account::{Citizen, Right};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::Participant;
use federation::Ctx;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::topic::readable;
use super::{TOPICS, brake, hat, hat_of, inside, page_about, words, writer};
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
    /// In whose name she may write; empty: in her own.
    hats: Vec<(String, String, String)>,
    readers: &'static str,
}

/// The office and she herself, when she may write in the office's name.
async fn hats(
    ctx: &Ctx,
    citizen: &Citizen,
    commune: &Commune,
) -> Result<Vec<(String, String, String)>, Failure> {
    let office = Participant::at_office(ctx, citizen, Right::Groups, commune).await?;
    Ok(office.map_or_else(Vec::new, |office| {
        let own = writer(citizen);
        [("mairie", &office), ("moi", &own)]
            .map(|(code, hat)| {
                (
                    code.to_owned(),
                    hat.actor.display_name().to_owned(),
                    String::new(),
                )
            })
            .to_vec()
    }))
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    (citizen, commune): (&Citizen, &Commune),
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
    let page = page.back_to(platform::text::french(&known.group.name), back.clone());
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
        hats: match topic {
            Some(_) => Vec::new(),
            None => hats(ctx, citizen, commune).await?,
        },
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
    let form = FormState::default().with("comme", "mairie");
    draw(&ctx, &visit, (&citizen, &commune), &known, None, form).await
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
    let as_office = sent.get("comme") == "mairie";
    let (by, known) = if as_office {
        let office = hat(&ctx, &citizen, &commune, true).await?;
        let known = inside(&ctx, Some(&office), &commune, id).await?;
        (office, known)
    } else {
        (by, known)
    };
    let outcome = actions::open_topic(&ctx, &by, &known, read(&sent)).await;
    finish(&ctx, &visit, (&citizen, &commune), &known, None, &sent, outcome).await
}

/// Refusals that can be mended in the form, or are explained above what was typed.
fn is_in_form(refusal: GroupRefusal) -> bool {
    refusal == GroupRefusal::Closed || !refusal.field().is_empty()
}

async fn finish(
    ctx: &Ctx,
    visit: &Visit,
    (citizen, commune): (&Citizen, &Commune),
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
        Err(GroupError::Refused(refusals)) if refusals.iter().all(|refusal| is_in_form(*refusal)) => {
            let mut form = sent.state();
            for refusal in refusals {
                form.refuse(ctx, visit.lang, refusal.field(), &words(refusal));
            }
            draw(ctx, visit, (citizen, commune), known, topic, form).await
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
    let hat = hat_of(&ctx, &citizen, &commune, topic.actor_id).await?;
    if !topic.local || hat.is_none() {
        return Err(Failure::not_found());
    }
    let form = FormState::default()
        .with("title", &topic.title)
        .with("source", topic.source.as_deref().unwrap_or_default())
        .with("summary", &topic.summary);
    draw(&ctx, &visit, (&citizen, &commune), &known, Some(&topic), form).await
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
    let by = hat_of(&ctx, &citizen, &commune, topic.actor_id)
        .await?
        .ok_or(GroupError::from(GroupRefusal::NotYours))?;
    let outcome = actions::edit_topic(&ctx, &by, &known, topic.id, read(&sent)).await;
    finish(
        &ctx,
        &visit,
        (&citizen, &commune),
        &known,
        Some(&topic),
        &sent,
        outcome,
    )
    .await
}
