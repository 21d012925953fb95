//! The pages around what sections publish: comments, likes, sharing, flags, the moderation desk.

mod beside;
mod comment;
mod decision;
mod desk;
mod flag;
mod journal;
mod place;
mod profile;
mod react;
mod share;
mod talk;
mod thing;
mod view;
mod withheld;
mod write;

use account::{Citizen, Viewer};
use axum::routing::{get, post};
use axum::{Extension, Router};
use commune::Commune;
use federation::Ctx;
use platform::StoreError;
use platform::limits::Brake;
use platform::web::{Failure, Message, Page, Visit};

use crate::actions::may_read_thing;
use crate::model::{LONGEST, LONGEST_WARNING, Participant, Subject, Thing};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

pub use beside::{Beside, Drawn, beside, install_beside};
pub use talk::{ActionRow, action_row, talk};
pub use withheld::{sees_withheld, withheld};

/// Comments of one person.
const COMMENTS: Brake = Brake::new("comments", 15, 300);
/// Likes and shares of one person.
const REACTIONS: Brake = Brake::new("reactions", 120, 300);
/// Flags of one person.
const FLAGS: Brake = Brake::new("flags", 20, 3600);
/// Notices from one address.
const NOTICES: Brake = Brake::new("notices", 5, 3600);

/// The routes of this room; `subjects` tells what can be discussed.
pub fn routes(subjects: Subjects) -> Router<Ctx> {
    Router::new()
        .route("/commenter/{kind}/{id}", get(write::new).post(write::create))
        .route("/commentaires/{id}", get(comment::show))
        .route("/commentaires/{id}/versions", get(comment::versions))
        .route("/commentaires/{id}/reponses", get(comment::branch))
        .route(
            "/commentaires/{id}/modifier",
            get(write::edit).post(write::update),
        )
        .route(
            "/commentaires/{id}/supprimer",
            get(write::confirm).post(write::remove),
        )
        .route("/@{handle}", get(profile::show))
        .route("/aimer/{kind}/{id}", post(react::like))
        .route("/partager/{kind}/{id}", get(share::show).post(share::share))
        .route("/signaler", get(flag::notice).post(flag::give_notice))
        .route("/signaler/{kind}/{id}", get(flag::new).post(flag::create))
        .route("/{commune}/moderation", get(desk::index))
        .route("/{commune}/moderation/regle", post(desk::set_rule))
        .route("/{commune}/moderation/journal", get(journal::journal))
        .route(
            "/{commune}/moderation/{kind}/{id}",
            get(thing::thing).post(thing::decide),
        )
        .route("/moderation", get(desk::index))
        .route("/moderation/{kind}/{id}", get(thing::thing).post(thing::decide))
        .route("/moderation/groupes/{group}", get(desk::index))
        .route("/moderation/groupes/{group}/journal", get(journal::of_circle))
        .route(
            "/moderation/groupes/{group}/{kind}/{id}",
            get(thing::thing).post(thing::decide),
        )
        .route(
            "/moderation/decisions/{id}",
            get(decision::show).post(decision::contest),
        )
        .route("/moderation/signalements/{id}", get(decision::outcome))
        .layer(Extension(subjects))
}

impl From<DiscussionError> for Failure {
    fn from(error: DiscussionError) -> Self {
        use DiscussionRefusal::{
            Missing, NotMember, NotModerator, NotYours, OperatorsWork, OwnCause, PutOut, Suspended,
        };
        match error {
            DiscussionError::Store(error) => error.into(),
            DiscussionError::Refused(Missing) => Self::not_found(),
            DiscussionError::Refused(
                refusal @ (NotModerator | NotYours | NotMember | OperatorsWork | OwnCause | PutOut
                | Suspended),
            ) => Self::forbidden().saying(words(refusal)),
            DiscussionError::Refused(refusal) => Self::unprocessable(refusal.code(), words(refusal)),
        }
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: DiscussionRefusal) -> Message {
    let most = match refusal {
        DiscussionRefusal::WarningTooLong => LONGEST_WARNING,
        _ => LONGEST,
    };
    Message::new(format!("discussion-refused-{}", refusal.code())).with("max", most)
}

/// Who reads.
pub(crate) fn reader(viewer: &Viewer) -> Option<Participant> {
    viewer.citizen().map(|citizen| Participant::from(&**citizen))
}

/// Counts one deed of a person.
fn brake(ctx: &Ctx, brake: Brake, citizen: &Citizen) -> Result<(), Failure> {
    ctx.limits
        .check(brake, &citizen.id().to_string())
        .map_err(Failure::too_many)
}

/// The commune under whose rules something stands.
async fn commune_of(ctx: &Ctx, code: Option<&str>) -> Result<Option<Commune>, StoreError> {
    match code.and_then(|code| code.parse().ok()) {
        Some(code) => commune::actions::by_code(ctx, code).await,
        None => Ok(None),
    }
}

/// The hats somebody may wear in a commune: her own, and the office's if she may publish for it.
struct Hats {
    own: Participant,
    office: Option<Participant>,
}

impl Hats {
    /// Those in which somebody speaks about this subject.
    async fn about(
        ctx: &Ctx,
        citizen: &Citizen,
        commune: Option<&Commune>,
        subject: &Subject,
    ) -> Result<Self, StoreError> {
        let office = match commune {
            Some(commune) => {
                Participant::at_office(ctx, citizen, subject.right_to_comment(), commune).await?
            }
            None => None,
        };
        Ok(Self {
            own: Participant::from(&**citizen),
            office,
        })
    }

    /// The one asked for; without an office, her own.
    fn worn(self, as_office: bool) -> Participant {
        match self.office {
            Some(office) if as_office => office,
            _ => self.own,
        }
    }

    /// The one that wrote something, if it was one of hers.
    fn of_author(self, author: federation::ActorId) -> Option<Participant> {
        if self.own.actor.id == author {
            return Some(self.own);
        }
        self.office.filter(|office| office.actor.id == author)
    }
}

/// A thing that this viewer may read; else there is none.
async fn readable(
    ctx: &Ctx,
    subjects: &Subjects,
    viewer: &Viewer,
    kind: &str,
    id: i64,
) -> Result<Thing, Failure> {
    let thing = subjects
        .thing(ctx, kind, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    if subjects.is_closed(ctx, thing.subject()).await? {
        return Err(Failure::not_found());
    }
    if may_read_thing(ctx, reader(viewer).as_ref(), &thing).await? {
        Ok(thing)
    } else {
        Err(Failure::not_found())
    }
}

/// A page beside a subject: in its commune if it stands in one.
async fn page_beside(
    ctx: &Ctx,
    visit: &Visit,
    subject: &Subject,
    key: &str,
) -> Result<(Page, Option<Commune>), StoreError> {
    let commune = commune_of(ctx, subject.commune.as_deref()).await?;
    let title = ctx.words.t(visit.lang, key);
    let mut page = match &commune {
        Some(commune) => commune::page_of(ctx, visit, commune, "news", title),
        None => Page::new(ctx, visit, title),
    };
    page.noindex = true;
    Ok((page, commune))
}
