//! A question of another server: its ballot on the page of the post that asks it, and on a page of its own.

use account::{Citizen, Viewer};
use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use discussion::pages::{Beside, Drawn};
use discussion::{Participant, Subject, Thing};
use federation::{Ctx, actors};
use platform::limits::Brake;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};
use platform::{StoreError, Timestamp};

use crate::actions::{self, PollError};
use crate::model::{PollRefusal, QuestionId};
use crate::store::questions::{self as store, Question};
use crate::words::percent;

/// Questions that one person asks other servers about.
const ASKED: Brake = Brake::new("polls-elsewhere", 20, 300);

/// A choice as the reader sees it.
struct Choice {
    at: i64,
    words: String,
    votes: i64,
    share: String,
    percent: i64,
    mine: bool,
}

/// Where the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    May,
    Stranger,
    /// Her vote would leave with her name, and she has not agreed to that.
    Dark,
    /// This server speaks to no other.
    Alone,
    Taken,
    Over,
}

#[derive(Template)]
#[template(path = "polls/ballot.html")]
struct Ballot {
    page: Page,
    form: FormState,
    action: String,
    question: Question,
    choices: Vec<Choice>,
    standing: Standing,
    /// Whether its server told any number.
    told: bool,
    /// All that is told of how many took part.
    turnout: String,
    host: String,
    author: String,
    name: String,
}

impl Ballot {
    fn is(&self, standing: Standing) -> bool {
        self.standing == standing
    }
}

/// Shows the ballot of a question beside the words that another room keeps of it.
#[derive(Debug)]
pub struct BallotBeside;

impl Beside for BallotBeside {
    fn beside<'a>(
        &'a self,
        ctx: &'a Ctx,
        visit: &'a Visit,
        viewer: &'a Viewer,
        subject: &'a Subject,
    ) -> Drawn<'a> {
        Box::pin(async move {
            if subject.local {
                return Ok(Html::default());
            }
            let asked = std::slice::from_ref(&subject.uri);
            match store::by_uris(&ctx.db, asked).await?.pop() {
                Some(question) => ballot(ctx, visit, viewer, question, FormState::default()).await,
                None => Ok(Html::default()),
            }
        })
    }
}

async fn standing(ctx: &Ctx, viewer: &Viewer, question: &Question, mine: &[usize]) -> Standing {
    if !mine.is_empty() {
        return Standing::Taken;
    }
    if question.is_over(ctx.clock.now()) {
        return Standing::Over;
    }
    match viewer.citizen() {
        _ if !ctx.federation().enabled => Standing::Alone,
        None => Standing::Stranger,
        Some(citizen) if !citizen.actor.is_visible() => Standing::Dark,
        Some(_) => Standing::May,
    }
}

async fn ballot(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    question: Question,
    form: FormState,
) -> Result<Html, Failure> {
    let mine = match viewer.citizen() {
        Some(citizen) => actions::answers_there(ctx, &citizen.actor, question.id).await?,
        None => Vec::new(),
    };
    let found = store::choices(&ctx.db, question.id).await?;
    let sum: i64 = found.iter().map(|choice| choice.votes).sum();
    // Where several choices may be made, shares are of those who took part.
    let whole = question
        .voters
        .filter(|_| question.multiple)
        .unwrap_or(sum)
        .max(sum.min(1));
    let choices = found
        .into_iter()
        .map(|choice| {
            let share = (choice.votes * 1000)
                .checked_div(whole)
                .unwrap_or(0)
                .clamp(0, 1000);
            Choice {
                at: choice.position,
                mine: usize::try_from(choice.position).is_ok_and(|at| mine.contains(&at)),
                words: choice.words,
                votes: choice.votes,
                share: percent(visit.lang, share),
                percent: share / 10,
            }
        })
        .collect();
    let author = actors::by_id(ctx, question.actor_id).await?;
    let drawn = Ballot {
        standing: standing(ctx, viewer, &question, &mine).await,
        told: sum > 0,
        turnout: ctx
            .words
            .tn(visit.lang, "polls-answers", question.voters.unwrap_or(sum)),
        host: author
            .as_ref()
            .map(|author| author.host.clone())
            .unwrap_or_default(),
        author: author.map(|author| author.full_handle()).unwrap_or_default(),
        name: viewer
            .citizen()
            .map(|citizen| citizen.actor.full_handle())
            .unwrap_or_default(),
        action: path(question.id),
        page: Page::new(ctx, visit, ""),
        form,
        question,
        choices,
    };
    Ok(Html::from_store(drawn.render()?))
}

fn path(id: QuestionId) -> String {
    format!("/sondages/ailleurs/{id}")
}

/// A question that this viewer may read, with the thing that asks it.
pub(super) struct Asked {
    question: Question,
    thing: Thing,
}

impl FromRequestParts<Ctx> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Response> {
        let Path(id) = Path::<QuestionId>::from_request_parts(parts, ctx)
            .await
            .map_err(|_| Failure::not_found().into_response())?;
        let Ok(viewer) = Viewer::from_request_parts(parts, ctx).await;
        match of_id(ctx, &viewer, id).await {
            Ok(Some(asked)) => Ok(asked),
            Ok(None) => Err(Failure::not_found().into_response()),
            Err(error) => Err(Failure::from(error).into_response()),
        }
    }
}

/// Only choices and counts are kept here: without the words of the question, which another room has, there is none.
async fn of_id(ctx: &Ctx, viewer: &Viewer, id: QuestionId) -> Result<Option<Asked>, StoreError> {
    let Some(question) = store::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let subjects = discussion::circles::subjects(ctx);
    let Some(thing) = subjects.by_uri(ctx, &question.uri).await? else {
        return Ok(None);
    };
    let reader = viewer.citizen().map(|citizen| Participant::from(&**citizen));
    let may = discussion::actions::may_read_thing(ctx, reader.as_ref(), &thing).await?;
    Ok(may.then_some(Asked { question, thing }))
}

#[derive(Template)]
#[template(path = "polls/elsewhere.html")]
struct Show {
    page: Page,
    heading: String,
    original: String,
    ballot: Html,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    asked: Asked,
) -> Result<Response, Failure> {
    let shown = drawn(&ctx, &visit, &viewer, asked, FormState::default()).await?;
    html(StatusCode::OK, &shown)
}

async fn drawn(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    asked: Asked,
    form: FormState,
) -> Result<Show, Failure> {
    let mut page = Page::new(ctx, visit, ctx.words.t(visit.lang, "polls-elsewhere-title"));
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("polls-elsewhere-back");
    let heading = Some(asked.thing.excerpt()).filter(|text| !text.trim().is_empty());
    Ok(Show {
        heading: heading.unwrap_or_else(|| page.title.clone()),
        original: asked.question.uri.clone(),
        page: page.back_to(label, asked.thing.page()),
        ballot: ballot(ctx, visit, viewer, asked.question, form).await?,
    })
}

pub(super) async fn answer(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    asked: Asked,
    sent: Submitted,
) -> Result<Response, Failure> {
    let wanted: Option<Vec<u8>> = sent.all("choices").map(|at| at.parse().ok()).collect();
    let wanted = wanted.unwrap_or_default();
    match actions::answer_there(&ctx, &citizen.actor, asked.question.id, &wanted).await {
        Ok(()) => Ok(see_other(
            &ctx,
            &asked.thing.page(),
            Some((FlashKind::Success, "polls-flash-answered-there")),
        )),
        Err(PollError::Refused(refusals)) => {
            let refusal = refusals.first().copied().unwrap_or(PollRefusal::Missing);
            if refusal == PollRefusal::Missing {
                return Err(Failure::not_found());
            }
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, refusal.field(), &super::words(refusal));
            let shown = drawn(&ctx, &visit, &Viewer::from(citizen), asked, form).await?;
            html(super::status_of(refusal), &shown)
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks the other server how the question stands: it tells only those who follow who asked.
pub(super) async fn ask_again(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    asked: Asked,
    _sent: Submitted,
) -> Result<Response, Failure> {
    ctx.limits
        .check(ASKED, &citizen.id().to_string())
        .map_err(Failure::too_many)?;
    let flash = if actions::ask_again(&ctx, &asked.question).await? {
        (FlashKind::Success, "polls-flash-asked-again")
    } else {
        (FlashKind::Attention, "polls-flash-no-answer")
    };
    Ok(see_other(&ctx, &asked.thing.page(), Some(flash)))
}

impl Ballot {
    /// Until when it runs, or when it ended; nobody may have said.
    fn ends_at(&self) -> Option<&Timestamp> {
        self.question.closes_at.as_ref()
    }
}
