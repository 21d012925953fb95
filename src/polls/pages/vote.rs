//! The vote: three requests that know nothing of one another, and the weaker way in one.

use account::{Citizen, Viewer};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use askama::Template;
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use federation::Ctx;
use platform::i18n::Lang;
use platform::limits::Brake;
use platform::web::api::{body_of, refusing};
use platform::web::{Failure, FormState, Page, Submitted, Visit, Wants, html};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::place::PollPlace;
use super::show::drawn;
use super::views::{TallyShown, TallyView};
use crate::actions::{self, PollError, Seen};
use crate::model::{Poll, PollId, PollRefusal, Receipt};

/// The longest body that can be a ballot or a receipt.
const LONGEST: usize = 16 * 1024;
/// Signatures one account asks for.
const TOKENS: Brake = Brake::new("ballots", 20, 600);

/// `…/jeton`, with the session: signs what cannot be read.
pub(super) async fn token(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    place: PollPlace,
    form: Submitted,
) -> Result<Response, Failure> {
    ctx.limits
        .check(TOKENS, &citizen.id().to_string())
        .map_err(Failure::too_many)?;
    let blinded = hex::decode(form.get("blinded")).map_err(|_| PollError::from(PollRefusal::BadBlinding))?;
    let signature = actions::issue_token(&ctx, &citizen.account, place.poll.id, blinded).await?;
    Ok(not_kept(
        Json(json!({ "signature": hex::encode(signature) })).into_response(),
    ))
}

/// Nothing of a vote is kept by a cache.
fn not_kept(mut response: Response) -> Response {
    let value = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// A ballot or receipt as it was sent: JSON from a program, or the field or file of a form.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) value: Value,
    is_form: bool,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"));
        let (text, is_form) = if is_json {
            let body = axum::body::to_bytes(request.into_body(), LONGEST)
                .await
                .map_err(|_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
            (body.to_vec(), false)
        } else {
            let form = Submitted::from_request(request, state).await?;
            let file = form.files("fichier").next();
            let text = file.map_or_else(
                || form.get("recu").as_bytes().to_vec(),
                |file| file.bytes.to_vec(),
            );
            (text, true)
        };
        let value = serde_json::from_slice(text.get(..LONGEST).unwrap_or(&text)).unwrap_or(Value::Null);
        Ok(Self { value, is_form })
    }
}

/// A ballot, or a receipt, which holds it.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes what `Receipt::read` reads")]
struct BallotSent {
    /// The poll, when it is said.
    poll: Option<String>,
    /// Positions of the options that were ticked.
    choices: Vec<u8>,
    /// Hexadecimal.
    #[schemars(length(equal = 64))]
    serial: String,
    /// Hexadecimal.
    #[schemars(length(equal = 64))]
    randomizer: String,
    /// Hexadecimal, of the randomizer and `parvis-ballot-1|{poll}|{choices, ascending, by commas}|{serial}`.
    signature: String,
}

impl OperationInput for Sent {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        body_of::<BallotSent>(ctx, operation, &["application/json"], true);
        // 403: a form, which is for pages, without its token.
        refusing(operation, &[400, 403, 413]);
    }
}

/// `…/bulletin`, without session: drops the ballot into the box.
pub(super) async fn ballot(
    State(ctx): State<Ctx>,
    visit: Visit,
    place: PollPlace,
    sent: Sent,
) -> Result<Response, Failure> {
    let receipt = Receipt::read(&sent.value, place.poll.id).map_err(PollError::from)?;
    actions::cast_ballot(&ctx, place.poll.id, &receipt).await?;
    if sent.is_form {
        return seen(&ctx, &visit, place, &receipt).await;
    }
    Ok(not_kept(
        Json(given_back(place.poll.id, &receipt)).into_response(),
    ))
}

/// What is answered to a ballot.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BallotNumber")]
pub(crate) struct GivenBack {
    /// As people compare it, and as it stands in the published list.
    number: String,
}

/// What is answered to a ballot.
pub(crate) fn given_back(poll: PollId, receipt: &Receipt) -> GivenBack {
    GivenBack {
        number: crate::model::number(&receipt.ballot.key(poll)),
    }
}

/// `…/resultats`, without session: the counts, to whoever shows a receipt.
pub(super) async fn results(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    place: PollPlace,
    sent: Sent,
) -> Result<Response, Failure> {
    let receipt = match Receipt::read(&sent.value, place.poll.id) {
        Ok(receipt) => receipt,
        Err(refusal) if sent.is_form => {
            let mut form = FormState::default();
            form.refuse(&ctx, visit.lang, "recu", &super::words(refusal));
            let shown = drawn(&ctx, &visit, &viewer, place, form, None).await?;
            return html(StatusCode::UNPROCESSABLE_ENTITY, &shown);
        }
        Err(refusal) => return Err(PollError::from(refusal).into()),
    };
    if sent.is_form && visit.wants == Wants::Html {
        return seen(&ctx, &visit, place, &receipt).await;
    }
    let found = actions::look_into_the_box(&ctx, &place.poll, &receipt).await?;
    let shown = seen_json(&ctx, visit.lang, &place.poll, &found).await?;
    Ok(not_kept(Json(shown).into_response()))
}

/// What a receipt shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Receipt")]
pub(crate) struct SeenShown {
    /// Of the ballot, as people compare it.
    number: String,
    in_the_box: bool,
    /// Whether votes were counted.
    closed: bool,
    /// Not of fewer than five ballots.
    tally: Option<TallyShown>,
}

/// What a receipt shows, for programs.
pub(crate) async fn seen_json(ctx: &Ctx, lang: Lang, poll: &Poll, seen: &Seen) -> Result<SeenShown, Failure> {
    let (options, _) = actions::counts(ctx, poll).await?;
    let tally = seen
        .tally
        .as_ref()
        .map(|tally| TallyShown::of(ctx, lang, poll, &options, tally));
    Ok(SeenShown {
        number: seen.number.clone(),
        in_the_box: seen.in_the_box,
        closed: poll.is_counted(),
        tally,
    })
}

#[derive(Template)]
#[template(path = "polls/receipt.html")]
struct ReceiptPage {
    page: Page,
    poll: Poll,
    path: String,
    number: String,
    in_the_box: bool,
    just_cast: bool,
    receipt: String,
    tally: Option<TallyView>,
    running: bool,
}

/// The page of a receipt.
async fn seen(ctx: &Ctx, visit: &Visit, place: PollPlace, receipt: &Receipt) -> Result<Response, Failure> {
    receipt_page(ctx, visit, place, receipt, false).await
}

async fn receipt_page(
    ctx: &Ctx,
    visit: &Visit,
    place: PollPlace,
    receipt: &Receipt,
    just_cast: bool,
) -> Result<Response, Failure> {
    // The state may have been renewed by this very ballot.
    let poll = crate::store::polls::by_id(&ctx.db, place.poll.id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let found = actions::look_into_the_box(ctx, &poll, receipt).await?;
    let (options, _) = actions::counts(ctx, &poll).await?;
    let path = place.path();
    let title = ctx.words.t(visit.lang, "polls-receipt-title");
    let mut page = commune::page_of(ctx, visit, &place.commune, "polls", title);
    page.noindex = true;
    let label = page.t("polls-back");
    let page = page.back_to(label, path.clone());
    let words: Vec<String> = options.iter().map(|option| option.words.clone()).collect();
    let document = receipt.document(&ctx.urls.to(&path), &words);
    let shown = ReceiptPage {
        tally: found
            .tally
            .as_ref()
            .map(|tally| TallyView::of(ctx, visit.lang, &poll, &options, tally)),
        receipt: serde_json::to_string_pretty(&document).unwrap_or_default(),
        running: poll.takes_votes(ctx.clock.now()),
        number: found.number,
        in_the_box: found.in_the_box,
        just_cast,
        page,
        poll,
        path,
    };
    html(StatusCode::OK, &shown).map(not_kept)
}

/// `…/vote`: the weaker way, for those without JavaScript.
pub(super) async fn weaker(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    place: PollPlace,
    sent: Submitted,
) -> Result<Response, Failure> {
    ctx.limits
        .check(TOKENS, &citizen.id().to_string())
        .map_err(Failure::too_many)?;
    let wanted: Option<Vec<u8>> = sent.all("choices").map(|at| at.parse().ok()).collect();
    let voted =
        actions::vote_for_her(&ctx, &citizen.account, place.poll.id, &wanted.unwrap_or_default()).await;
    match voted {
        Ok(receipt) => receipt_page(&ctx, &visit, place, &receipt, true).await,
        Err(PollError::Refused(refusals)) if refusals.contains(&PollRefusal::BadChoice) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, "choices", &super::words(PollRefusal::BadChoice));
            let viewer = Viewer::from(citizen);
            let shown = drawn(&ctx, &visit, &viewer, place, form, None).await?;
            html(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error.into()),
    }
}
