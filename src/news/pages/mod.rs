//! The HTML door: the feed, a post, the composer, feeds for programs.

mod compose;
mod feed;
mod feeds;
mod hidden;
mod manage;
mod post;
mod talk;
mod view;

use account::{Citizen, Right, Viewer};
use axum::Router;
use axum::routing::{get, post as posting};
use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::web::{Failure, Message, NavEntry};

use crate::actions::PostError;
use crate::author::Author;
use crate::model::{Post, PostId, PostRefusal};
use crate::store::{self, Reader};

pub use feed::front;

pub(crate) fn nav() -> NavEntry {
    NavEntry {
        section: "news",
        icon: "newspaper",
        label: "news-nav",
        path: "",
        in_bar: true,
    }
}

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/{commune}/actualites", get(feed::index))
        .route("/{commune}/actualites.atom", get(feeds::atom))
        .route("/{commune}/actualites.json", get(feeds::json))
        .route(
            "/{commune}/actualites/nouvelle",
            get(compose::new).post(compose::create),
        )
        .route("/{commune}/actualites/brouillons", get(manage::drafts))
        .route("/{commune}/actualites/{id}", get(post::show))
        .route(
            "/{commune}/actualites/{id}/modifier",
            get(compose::edit).post(compose::update),
        )
        .route(
            "/{commune}/actualites/{id}/supprimer",
            get(manage::confirm_removal).post(manage::remove),
        )
        .route("/{commune}/actualites/{id}/epingler", posting(manage::pin))
        .route("/{commune}/actualites/{id}/versions", get(post::history))
        .route("/{commune}/actualites/{id}/pieces/{position}", get(hidden::piece))
        .route("/{commune}/suivre", posting(manage::follow))
        .route("/actualites/{id}", get(post::show_alone))
        .route("/mots-cles/{tag}", get(feed::tag))
        .route("/sitemaps/actualites.xml", get(feeds::sitemap))
}

/// What this viewer may read in a commune's feed.
pub(crate) async fn reader(ctx: &Ctx, viewer: &Viewer, commune: &Commune) -> Result<Reader, Failure> {
    let Some(citizen) = viewer.citizen() else {
        return Ok(Reader::default());
    };
    let office = citizen.may(Right::News, commune.code);
    let resident = citizen.commune() == commune.code || office;
    let follower = match &commune.claim {
        Some(claim) => federation::follows::between(ctx, citizen.actor.id, claim.mayor)
            .await?
            .is_some_and(|follow| follow.accepted),
        None => false,
    };
    Ok(Reader {
        follower: follower || office,
        resident,
    })
}

/// The author that a signed-in person is in this commune.
///
/// # Errors
/// 403 when she does not publish here.
pub(crate) async fn author(ctx: &Ctx, citizen: &Citizen, commune: &Commune) -> Result<Author, Failure> {
    let acting = citizen
        .acting_for(Right::News, commune)
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

/// A post of this commune that this reader may read.
///
/// # Errors
/// 404, or 410 for a deleted one.
pub(crate) async fn readable(
    ctx: &Ctx,
    commune: &Commune,
    reader: Reader,
    id: PostId,
) -> Result<Post, Failure> {
    use crate::model::PostState::{Deleted, Published};
    let post = store::by_id(&ctx.db, id).await?.ok_or_else(Failure::not_found)?;
    if post.commune.as_deref() != Some(commune.code.as_str()) {
        return Err(Failure::not_found());
    }
    match post.state {
        Published if reader.may_read(post.visibility) => Ok(post),
        Deleted if post.published_at.is_some() && post.visibility.is_open() => Err(Failure::gone()),
        _ => Err(Failure::not_found()),
    }
}

/// The commune of an INSEE code as stored.
pub(crate) async fn commune_of(ctx: &Ctx, code: &str) -> Result<Option<Commune>, Failure> {
    let Ok(code) = code.parse::<InseeCode>() else {
        return Ok(None);
    };
    Ok(commune::actions::by_code(ctx, code).await?)
}

impl From<PostError> for Failure {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Store(error) => error.into(),
            PostError::Refused(refusals) => match refusals.first() {
                Some(PostRefusal::Missing) | None => Self::not_found(),
                Some(refusal @ PostRefusal::Moderated) => Self::forbidden().saying(words(*refusal)),
                Some(PostRefusal::NotYours) => Self::forbidden(),
                Some(refusal) => Self::unprocessable(refusal.code(), words(*refusal)),
            },
        }
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: PostRefusal) -> Message {
    let message = Message::new(format!("news-refused-{}", refusal.code()));
    match refusal {
        PostRefusal::NoAlt(n) => message.with("n", n),
        PostRefusal::TooLong => message.with("max", crate::model::LONGEST_TEXT),
        PostRefusal::TitleTooLong => message.with("max", crate::model::LONGEST_TITLE),
        PostRefusal::WarningTooLong => message.with("max", crate::model::LONGEST_WARNING),
        PostRefusal::TooManyAttachments => message.with("max", crate::model::MOST_ATTACHMENTS),
        _ => message,
    }
}
