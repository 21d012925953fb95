//! Who is told of what in the agenda.

use federation::{Actor, ActorId, Ctx};
use notifications::{Kind, Notice};
use platform::i18n::Lang;
use platform::{StoreError, Tx};

use crate::author::Author;
use crate::model::{AttendanceState, Event, Occurrence};
use crate::store::attendances;
use crate::wire::{KIND, page_in};
use crate::words;

/// What those who come are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Time or place changed.
    Changed,
    /// It does not take place.
    Cancelled,
    /// It is tomorrow.
    Tomorrow,
}

impl Told {
    const fn kind(self) -> Kind {
        match self {
            Self::Changed => Kind::EventChanged,
            Self::Cancelled => Kind::EventCancelled,
            Self::Tomorrow => Kind::EventTomorrow,
        }
    }
}

async fn notice(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: Kind,
    office: &Actor,
    event: &Event,
    date: &Occurrence,
) -> Result<Notice, StoreError> {
    let when = words::when(&ctx.words, Lang::Fr, event, date);
    Ok(Notice {
        kind,
        from: Some(office.id),
        target_kind: KIND,
        target_id: date.id.0,
        page: page_in(tx, event, date).await?,
        excerpt: format!("{} ({when})", event.title),
    })
}

/// Tells everybody here who follows the office of a new event.
pub(crate) async fn planned(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &Occurrence,
) -> Result<(), StoreError> {
    let notice = notice(ctx, tx, Kind::Event, &author.office, event, date).await?;
    notifications::notify_followers(ctx, tx, author.office.id, &notice).await
}

/// Tells those of this server who come, or wait for a seat.
pub(crate) async fn to_attendees(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &Event,
    date: &Occurrence,
    told: Told,
) -> Result<(), StoreError> {
    of_office(ctx, tx, &author.office, event, date, told).await
}

/// The same, said by the office itself.
pub(crate) async fn of_office(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    event: &Event,
    date: &Occurrence,
    told: Told,
) -> Result<(), StoreError> {
    // Somebody of another server is told by her own.
    let here: Vec<ActorId> = attendances::all_in(tx, date.id)
        .await?
        .into_iter()
        .filter(|one| one.join_uri.is_none() || !event.local)
        .filter(|one| one.state != AttendanceState::Refused)
        .filter(|one| told != Told::Tomorrow || one.state == AttendanceState::Accepted)
        .map(|one| one.actor_id)
        .collect();
    if here.is_empty() {
        return Ok(());
    }
    let notice = notice(ctx, tx, told.kind(), office, event, date).await?;
    notifications::notify_each(ctx, tx, &here, &notice).await
}

/// Tells somebody who waited that she has a seat.
pub(crate) async fn seat(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    event: &Event,
    date: &Occurrence,
    who: ActorId,
) -> Result<(), StoreError> {
    let notice = notice(ctx, tx, Kind::EventSeat, office, event, date).await?;
    notifications::notify_each(ctx, tx, &[who], &notice).await
}

/// Tells somebody here what who invites elsewhere answered.
pub(crate) async fn answered(
    ctx: &Ctx,
    tx: &mut Tx,
    host: &Actor,
    event: &Event,
    date: &Occurrence,
    who: ActorId,
) -> Result<(), StoreError> {
    let notice = notice(ctx, tx, Kind::EventAnswer, host, event, date).await?;
    notifications::notify_each(ctx, tx, &[who], &notice).await
}
