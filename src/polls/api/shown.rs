//! Polls and public opinions as JSON.

use federation::Ctx;
use platform::web::api::Moment;
use platform::web::{Failure, Visit};
use schemars::JsonSchema;
use serde::Serialize;

use crate::actions::{self, PollError};
use crate::blind::PublicKey;
use crate::model::{Opinion, OpinionOption, Poll, PollState, shown_votes};
use crate::pages::TallyShown;
use crate::store::opinions;
use crate::wire::{ANONYMOUS, OPINIONS, page_of};

/// What a commune asks.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Polls {
    /// Secret votes.
    pub(super) polls: Vec<PollShown>,
    /// Asked in public; they federate.
    pub(super) public_opinions: Vec<OpinionShown>,
}

/// A secret vote. Counts stand in it once it is closed, for everybody alike.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Poll")]
pub(super) struct PollShown {
    id: String,
    /// ActivityPub id.
    uri: String,
    /// Its page.
    url: String,
    /// INSEE code.
    commune: String,
    question: String,
    text_html: String,
    /// `fr`.
    language: String,
    options: Vec<String>,
    /// Whether several may be ticked.
    multiple: bool,
    verified_residents_only: bool,
    opened_at: Moment,
    closes_at: Moment,
    /// Whether votes are taken.
    open: bool,
    /// Whether they were counted.
    counted: bool,
    key: Key,
    /// Once counted, of five ballots or more.
    results: Option<TallyShown>,
}

/// Under which ballots are signed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BallotKey")]
struct Key {
    /// RFC 9474.
    scheme: &'static str,
    /// Hexadecimal.
    modulus: String,
    /// Hexadecimal.
    exponent: String,
}

/// An *avis public*: asked and answered in public.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PublicOpinion")]
pub(super) struct OpinionShown {
    id: String,
    /// ActivityPub id.
    uri: String,
    /// Its page.
    url: String,
    /// INSEE code.
    commune: String,
    question: String,
    text_html: String,
    /// Whether several may be ticked.
    multiple: bool,
    opened_at: Moment,
    closes_at: Moment,
    closed: bool,
    /// How many answered, once counts are shown.
    voters: Option<i64>,
    options: Vec<Choice>,
}

/// A choice, with its counts once they are shown.
#[derive(Debug, Serialize, JsonSchema)]
struct Choice {
    words: String,
    votes: Option<i64>,
    /// Of those who live there, when they are counted apart.
    residents: Option<i64>,
    /// Of all others.
    elsewhere: Option<i64>,
}

/// A poll for programs.
pub(super) async fn poll_shown(ctx: &Ctx, visit: &Visit, poll: &Poll) -> Result<PollShown, Failure> {
    let (options, _) = actions::counts(ctx, poll).await?;
    let tally = actions::shown(ctx, poll).await?;
    let key = PublicKey::from_der(&poll.public_key).map_err(PollError::from)?;
    let page = page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    Ok(PollShown {
        id: poll.id.to_string(),
        uri: poll.uri.clone(),
        url: ctx.urls.to(&page),
        commune: poll.commune.clone(),
        question: poll.question.clone(),
        text_html: poll.html.clone(),
        language: poll.language.clone(),
        options: options.iter().map(|option| option.words.clone()).collect(),
        multiple: poll.multiple,
        verified_residents_only: poll.verified_only,
        opened_at: poll.opened_at.into(),
        closes_at: poll.closes_at.into(),
        open: poll.takes_votes(ctx.clock.now()),
        counted: poll.is_counted(),
        key: Key {
            scheme: "RSABSSA-SHA384-PSS-Randomized",
            modulus: hex::encode(key.modulus()),
            exponent: hex::encode(key.exponent()),
        },
        results: tally.map(|tally| TallyShown::of(ctx, visit.lang, poll, &options, &tally)),
    })
}

/// A public opinion for programs.
pub(super) async fn opinion_shown(ctx: &Ctx, opinion: &Opinion) -> Result<OpinionShown, Failure> {
    let page = page_of(ctx, &opinion.commune, opinion.id.0, OPINIONS).await?;
    let apart = opinion.is_apart();
    let choice = |option: &OpinionOption| Choice {
        words: option.words.clone(),
        votes: opinion.is_shown().then(|| shown_votes(opinion, option)),
        residents: apart.then_some(option.residents),
        elsewhere: apart.then_some(option.outside),
    };
    let options = opinions::options(&ctx.db, opinion.id).await?;
    Ok(OpinionShown {
        id: opinion.id.to_string(),
        uri: opinion.uri.clone(),
        url: ctx.urls.to(&page),
        commune: opinion.commune.clone(),
        question: opinion.question.clone(),
        text_html: opinion.html.clone(),
        multiple: opinion.multiple,
        opened_at: opinion.opened_at.into(),
        closes_at: opinion.closes_at.into(),
        closed: opinion.state == PollState::Closed,
        voters: opinion.is_shown().then(|| opinion.voters()),
        options: options.iter().map(choice).collect(),
    })
}
