//! The HTML door: the groups of a commune, a group with its topics, its members, a topic.

mod found;
mod group;
mod index;
mod people;
mod topic;
mod write;

pub(crate) use group::names;
pub(crate) use topic::readable;

use account::{Citizen, Right, Viewer};
use axum::Router;
use axum::routing::{get, post};
use commune::Commune;
use discussion::Participant;
use federation::{ActorId, Ctx};
use platform::limits::Brake;
use platform::text::french;
use platform::web::{Failure, Message, NavEntry, Page, Visit};

use crate::actions::{Founder, GroupError, Known, known};
use crate::model::{
    GroupId, GroupRefusal, LONGEST_ABOUT, LONGEST_NAME, LONGEST_RULES, LONGEST_TEXT, LONGEST_TITLE,
    LONGEST_WARNING, MOST_PINNED, Topic,
};

/// Topics of one person.
pub(crate) const TOPICS: Brake = Brake::new("topics", 10, 600);
/// Joining, leaving, inviting by one person.
pub(crate) const COMINGS: Brake = Brake::new("group-comings", 60, 600);

pub(crate) fn nav() -> NavEntry {
    NavEntry {
        section: "groups",
        icon: "messages-square",
        label: "groups-nav",
        path: "/groupes",
        in_bar: false,
    }
}

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/{commune}/groupes", get(index::index))
        .route("/{commune}/groupes/nouveau", get(found::new).post(found::create))
        .route("/{commune}/groupes/{id}", get(group::show))
        .route(
            "/{commune}/groupes/{id}/modifier",
            get(found::edit).post(found::update),
        )
        .route("/{commune}/groupes/{id}/fermer", post(found::close))
        .route("/{commune}/groupes/{id}/rouvrir", post(found::reopen))
        .route("/{commune}/groupes/{id}/rejoindre", post(group::join))
        .route("/{commune}/groupes/{id}/quitter", post(group::leave))
        .route("/{commune}/groupes/{id}/avis", post(group::pace))
        .route("/{commune}/groupes/{id}/membres", get(people::index))
        .route("/{commune}/groupes/{id}/membres/inviter", post(people::invite))
        .route("/{commune}/groupes/{id}/membres/{actor}", post(people::decide))
        .route(
            "/{commune}/groupes/{id}/membres/{actor}/exclure",
            get(people::confirm).post(people::put_out),
        )
        .route(
            "/{commune}/groupes/{id}/sujets/nouveau",
            get(write::new).post(write::create),
        )
        .route("/{commune}/groupes/{id}/sujets/{topic}", get(topic::show))
        .route(
            "/{commune}/groupes/{id}/sujets/{topic}/modifier",
            get(write::edit).post(write::update),
        )
        .route(
            "/{commune}/groupes/{id}/sujets/{topic}/supprimer",
            get(topic::confirm).post(topic::remove),
        )
        .route("/{commune}/groupes/{id}/sujets/{topic}/ordre", post(topic::order))
        .route(
            "/{commune}/groupes/{id}/sujets/{topic}/versions",
            get(topic::history),
        )
}

/// Who reads.
fn reader(viewer: &Viewer) -> Option<Participant> {
    viewer.citizen().map(|citizen| Participant::from(&**citizen))
}

/// Who writes.
fn writer(citizen: &Citizen) -> Participant {
    Participant::from(&**citizen)
}

/// Who writes: she herself, or the office in whose name she writes; the door of the group comes first.
async fn hat(
    ctx: &Ctx,
    citizen: &Citizen,
    commune: &Commune,
    as_office: bool,
) -> Result<Participant, Failure> {
    if !as_office {
        return Ok(writer(citizen));
    }
    Participant::at_office(ctx, citizen, Right::Groups, commune)
        .await?
        .ok_or_else(Failure::forbidden)
}

/// The one of her hats under which something was written: her own or the office's; otherwise there is none.
async fn hat_of(
    ctx: &Ctx,
    citizen: &Citizen,
    commune: &Commune,
    author: ActorId,
) -> Result<Option<Participant>, Failure> {
    let own = writer(citizen);
    if own.actor.id == author {
        return Ok(Some(own));
    }
    let office = Participant::at_office(ctx, citizen, Right::Groups, commune).await?;
    Ok(office.filter(|office| office.actor.id == author))
}

/// The title of a topic as it is read: French is set as French is.
fn title_of(topic: &Topic) -> String {
    if topic.language.starts_with("fr") {
        french(&topic.title)
    } else {
        topic.title.clone()
    }
}

/// A group of this commune that this person may know of; for everybody else there is none.
async fn door(
    ctx: &Ctx,
    who: Option<&Participant>,
    commune: &Commune,
    id: GroupId,
) -> Result<Known, Failure> {
    known(ctx, id, who)
        .await?
        .filter(|known| known.group.commune == commune.code.as_str())
        .filter(|known| known.may_read(who) || known.standing.invited)
        .ok_or_else(Failure::not_found)
}

/// The same for whoever may read what is said in it.
async fn inside(
    ctx: &Ctx,
    who: Option<&Participant>,
    commune: &Commune,
    id: GroupId,
) -> Result<Known, Failure> {
    let known = door(ctx, who, commune, id).await?;
    if known.may_read(who) {
        Ok(known)
    } else {
        Err(Failure::not_found())
    }
}

/// Who opens groups for a commune.
fn founder(citizen: &Citizen, commune: &Commune) -> Result<Founder, Failure> {
    if !citizen.may(Right::Groups, commune.code) {
        return Err(Failure::forbidden());
    }
    Ok(Founder {
        account_id: citizen.id().0,
        commune: commune.clone(),
    })
}

pub(crate) fn brake(ctx: &Ctx, brake: Brake, citizen: &Citizen) -> Result<(), Failure> {
    ctx.limits
        .check(brake, &citizen.id().to_string())
        .map_err(Failure::too_many)
}

/// A page about a group: what is for some is in no search engine.
fn page_about(ctx: &Ctx, visit: &Visit, commune: &Commune, known: &Known, title: String) -> Page {
    let mut page = commune::page_of(ctx, visit, commune, "groups", title);
    page.noindex = known.group.scope.is_private();
    page
}

impl From<GroupError> for Failure {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Store(error) => error.into(),
            GroupError::Moderation(error) => error.into(),
            GroupError::Refused(refusals) => match refusals.first() {
                Some(GroupRefusal::Missing) | None => Self::not_found(),
                Some(
                    refusal @ (GroupRefusal::NotModerator
                    | GroupRefusal::NotYours
                    | GroupRefusal::NotMember
                    | GroupRefusal::PutOut
                    | GroupRefusal::TownHallStays
                    | GroupRefusal::Suspended),
                ) => Self::forbidden().saying(words(*refusal)),
                Some(refusal) => Self::unprocessable(refusal.code(), words(*refusal)),
            },
        }
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: GroupRefusal) -> Message {
    let message = Message::new(format!("groups-refused-{}", refusal.code()));
    match refusal {
        GroupRefusal::NameTooLong => message.with("max", LONGEST_NAME),
        GroupRefusal::AboutTooLong => message.with("max", LONGEST_ABOUT),
        GroupRefusal::RulesTooLong => message.with("max", LONGEST_RULES),
        GroupRefusal::TitleTooLong => message.with("max", LONGEST_TITLE),
        GroupRefusal::TooLong => message.with("max", LONGEST_TEXT),
        GroupRefusal::WarningTooLong => message.with("max", LONGEST_WARNING),
        GroupRefusal::TooManyPinned => message.with("max", MOST_PINNED),
        _ => message,
    }
}
