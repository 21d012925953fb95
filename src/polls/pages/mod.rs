//! The HTML door: polls and public opinions of a commune, the vote, what is published, what the town hall does.

mod compose;
mod elsewhere;
mod front;
mod index;
mod manage;
mod opinion;
mod place;
mod published;
mod residents;
mod show;
mod trust;
mod views;
mod vote;

use account::{Citizen, Right};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use commune::Commune;
use federation::Ctx;
use platform::web::{Failure, Message, NavEntry};

use crate::actions::PollError;
use crate::author::Author;
use crate::model::PollRefusal;
use crate::seal::SealError;

pub use elsewhere::BallotBeside;
pub(crate) use front::pieces;
pub(crate) use views::TallyShown;
pub(crate) use vote::{GivenBack, SeenShown, Sent, given_back, seen_json};

pub(crate) fn nav() -> NavEntry {
    NavEntry {
        section: "polls",
        icon: "vote",
        label: "polls-nav",
        path: "/sondages",
        in_bar: true,
    }
}

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/{commune}/sondages", get(index::index))
        .route(
            "/{commune}/sondages/nouveau",
            get(compose::new).post(compose::create),
        )
        .route(
            "/{commune}/sondages/habitants",
            get(residents::show).post(residents::verify),
        )
        .route("/{commune}/sondages/{id}", get(show::show))
        .route("/{commune}/sondages/{id}/jeton", post(vote::token))
        .route("/{commune}/sondages/{id}/bulletin", post(vote::ballot))
        .route("/{commune}/sondages/{id}/resultats", post(vote::results))
        .route("/{commune}/sondages/{id}/vote", post(vote::weaker))
        .route("/{commune}/sondages/{id}/bulletins", get(published::list))
        .route("/{commune}/sondages/{id}/bulletins.json", get(published::ballots))
        .route("/{commune}/sondages/{id}/registre.json", get(published::register))
        .route("/{commune}/sondages/{id}/resultats.csv", get(published::csv))
        .route(
            "/{commune}/sondages/{id}/papier",
            get(manage::paper).post(manage::enter_paper),
        )
        .route(
            "/{commune}/sondages/{id}/retirer",
            get(manage::confirm).post(manage::withdraw),
        )
        .route("/{commune}/avis-publics/{id}", get(opinion::show))
        .route("/{commune}/avis-publics/{id}/reponse", post(opinion::answer))
        .route(
            "/{commune}/avis-publics/{id}/resultats.csv",
            get(published::opinion_csv),
        )
        .route(
            "/{commune}/avis-publics/{id}/retirer",
            get(manage::confirm_opinion).post(manage::withdraw_opinion),
        )
        .route(
            "/sondages/ailleurs/{id}",
            get(elsewhere::show).post(elsewhere::answer),
        )
        .route("/sondages/ailleurs/{id}/actualiser", post(elsewhere::ask_again))
        .route("/sondages/anonymat", get(trust::show))
}

/// The author that a signed-in person is in this commune.
///
/// # Errors
/// 403 when she opens no polls here.
pub(crate) async fn author(ctx: &Ctx, citizen: &Citizen, commune: &Commune) -> Result<Author, Failure> {
    let acting = citizen
        .acting_for(Right::Polls, commune)
        .ok_or_else(Failure::forbidden)?;
    let office = federation::actors::by_id(ctx, acting.actor)
        .await?
        .ok_or_else(Failure::forbidden)?;
    let delegated = acting.capacity.is_delegated();
    let byline = if delegated {
        citizen.name().to_owned()
    } else {
        commune::actions::current_mandate(ctx, commune.code)
            .await?
            .map_or_else(|| citizen.name().to_owned(), |mandate| mandate.signature())
    };
    Ok(Author {
        office,
        commune: commune.code.to_string(),
        account_id: citizen.id().0,
        byline,
        delegated,
    })
}

impl From<PollError> for Failure {
    fn from(error: PollError) -> Self {
        match error {
            PollError::Store(error) => error.into(),
            PollError::Refused(refusals) => match refusals.first() {
                Some(refusal) => refused(*refusal),
                None => Self::not_found(),
            },
            PollError::Seal(SealError::Missing) => Self {
                cause: Some(anyhow_of(&SealError::Missing)),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "box-locked")
            },
            other => Self::internal(other),
        }
    }
}

fn anyhow_of(error: &SealError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

fn refused(refusal: PollRefusal) -> Failure {
    match refusal {
        PollRefusal::Missing => Failure::not_found(),
        _ => Failure::new(status_of(refusal), refusal.code()).saying(words(refusal)),
    }
}

/// What a refusal is in HTTP's words.
const fn status_of(refusal: PollRefusal) -> StatusCode {
    match refusal {
        PollRefusal::Missing => StatusCode::NOT_FOUND,
        PollRefusal::NotYours | PollRefusal::NotResident | PollRefusal::NotVerified => StatusCode::FORBIDDEN,
        PollRefusal::AlreadyTaken | PollRefusal::Closed | PollRefusal::StillOpen => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: PollRefusal) -> Message {
    Message::new(format!("polls-refused-{}", refusal.code()))
}
