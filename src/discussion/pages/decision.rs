//! A decision as its author reads it, with the appeal; what came of a flag.

use account::{Citizen, own_page};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::{commune_of, words};
use crate::actions::{self, flag_of};
use crate::model::{Decision, DecisionId, Deed, FlagCategory, FlagId, FlagState, Participant, Thing};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

#[derive(Template)]
#[template(path = "discussion/decision.html")]
struct DecisionPage {
    page: Page,
    form: FormState,
    decision: Decision,
    deed: String,
    ground: String,
    is_hide: bool,
    /// The keys of: the law or the rules, somebody's flag or one's own initiative.
    basis: &'static str,
    origin: &'static str,
    words: Html,
    href: String,
    /// Whether the reader may contest it now.
    may_contest: bool,
    /// The key of who reviews it then.
    reviewers: &'static str,
}

/// Who reads the decision: the author may be an office, which those speak for who have the right over what it was about.
async fn reader(
    ctx: &Ctx,
    subjects: &Subjects,
    citizen: &Citizen,
    id: DecisionId,
) -> Result<(Participant, Decision, Option<Thing>), Failure> {
    let office = match actions::thing_decided(ctx, subjects, id).await? {
        Some(thing) => office_that_wrote(ctx, citizen, &thing).await?,
        None => None,
    };
    let by = office.unwrap_or_else(|| Participant::from(&**citizen));
    let (decision, thing) = actions::decision(ctx, subjects, &by, id).await?;
    Ok((by, decision, thing))
}

/// The office that wrote a thing, if she speaks for it there.
async fn office_that_wrote(
    ctx: &Ctx,
    citizen: &Citizen,
    thing: &Thing,
) -> Result<Option<Participant>, Failure> {
    let Some(commune) = commune_of(ctx, thing.subject().commune.as_deref()).await? else {
        return Ok(None);
    };
    let office = Participant::at_office(ctx, citizen, thing.right(), &commune).await?;
    Ok(office.filter(|office| office.actor.id == thing.author_id()))
}

/// `GET /moderation/decisions/{id}`
pub(super) async fn show(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<DecisionId>,
) -> Result<Response, Failure> {
    draw(&ctx, &subjects, &visit, &citizen, id, FormState::default()).await
}

async fn draw(
    ctx: &Ctx,
    subjects: &Subjects,
    visit: &Visit,
    citizen: &Citizen,
    id: DecisionId,
    form: FormState,
) -> Result<Response, Failure> {
    let (by, decision, thing) = reader(ctx, subjects, citizen, id).await?;
    let commune = commune_of(ctx, decision.commune.as_deref()).await?;
    let title = ctx.words.t(visit.lang, "discussion-decision-title");
    let mut page = match &commune {
        Some(commune) => commune::page_of(ctx, visit, commune, "moderation", title),
        None => own_page(ctx, visit, citizen, "discussion-decision-title").await?,
    };
    page.noindex = true;
    page.in_error = form.has_errors();
    let is_author = thing
        .as_ref()
        .is_some_and(|thing| thing.author_id() == by.actor.id);
    let ground = decision.ground().map_or_else(String::new, |ground| {
        page.t(&format!("discussion-ground-{}", ground.code()))
    });
    let status = form.status();
    let shown = DecisionPage {
        is_hide: decision.deed == Deed::Hide,
        basis: basis(&decision),
        origin: if actions::was_flagged(ctx, &decision).await? {
            "discussion-decision-origin-flag"
        } else {
            "discussion-decision-origin-own"
        },
        reviewers: if actions::has_other_judges(ctx, &decision, thing.as_ref()).await? {
            "discussion-contest-help"
        } else {
            "discussion-contest-help-alone"
        },
        may_contest: is_author && decision.deed == Deed::Hide && decision.appeal.is_none(),
        words: match &thing {
            Some(Thing::Comment(comment, _)) => Html::from_store(comment.html.clone()),
            Some(Thing::Subject(subject)) => Html::paragraph(&subject.excerpt),
            None => Html::default(),
        },
        href: match &thing {
            Some(thing) if decision.deed != Deed::Hide => thing.page(),
            _ => String::new(),
        },
        deed: page.t(&format!("discussion-deed-{}", decision.deed.code())),
        page,
        form,
        decision,
        ground,
    };
    html(status, &shown)
}

/// On what a decision stands: the law, or the rules of the site alone.
fn basis(decision: &Decision) -> &'static str {
    match decision.ground() {
        Some(FlagCategory::Spam | FlagCategory::Other) | None => "discussion-decision-basis-rules",
        Some(_) => "discussion-decision-basis-law",
    }
}

/// `POST /moderation/decisions/{id}`
pub(super) async fn contest(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<DecisionId>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let (by, decision, _) = reader(&ctx, &subjects, &citizen, id).await?;
    match actions::appeal(&ctx, &subjects, &by, id, sent.get("text")).await {
        Ok(()) => {
            let flash = (FlashKind::Success, "discussion-flash-contested");
            Ok(see_other(&ctx, &decision.page(), Some(flash)))
        }
        Err(DiscussionError::Refused(
            refusal @ (DiscussionRefusal::NoReason | DiscussionRefusal::TooLong),
        )) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, "text", &words(refusal));
            draw(&ctx, &subjects, &visit, &citizen, id, form).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "discussion/outcome.html")]
struct OutcomePage {
    page: Page,
    state: FlagState,
    category: String,
    text: String,
    sent_at: Timestamp,
    closed_at: Option<Timestamp>,
    reason: String,
}

/// `GET /moderation/signalements/{id}`: what came of one's own flag.
pub(super) async fn outcome(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<FlagId>,
) -> Result<Response, Failure> {
    let (flag, decision) = flag_of(&ctx, citizen.actor.id, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let mut page = own_page(&ctx, &visit, &citizen, "discussion-outcome-title").await?;
    page.noindex = true;
    let shown = OutcomePage {
        category: page.t(&format!("discussion-flag-{}", flag.category.code())),
        state: flag.state,
        text: flag.text,
        sent_at: flag.created_at,
        closed_at: flag.closed_at,
        // What is said to the author of a hidden thing is for her; what is said of flags is for who flagged.
        reason: decision
            .filter(|decision| decision.deed == Deed::Dismiss)
            .map_or_else(String::new, |decision| decision.reason),
        page,
    };
    html(StatusCode::OK, &shown)
}
