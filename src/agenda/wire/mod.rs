//! The third door: a date as an `Event`, who comes from elsewhere, and the events of other servers.

mod answered;
mod attending;
mod document;
mod objects;
mod read;
mod receive;
mod stranger;

use commune::Commune;
use discussion::Subject;
use federation::{Ctx, Inbox, Visibility};
use platform::{StoreError, Tx};

use crate::model::{Event, EventState, Occurrence, OccurrenceState};

pub(crate) use document::{document, structured};
pub(crate) use objects::objects;
pub(crate) use receive::{forget_actor, take_in};

/// In the address of the object: `/ap/events/{id}`.
pub(crate) const KIND: &str = "events";

/// What this room takes in.
pub(crate) fn claims(inbox: &mut Inbox) {
    answered::claims(inbox);
    attending::claims(inbox);
    receive::claims(inbox);
}

/// The commune of an INSEE code as stored.
pub(crate) async fn commune_of(ctx: &Ctx, code: Option<&str>) -> Result<Option<Commune>, StoreError> {
    match code.map(str::parse) {
        Some(Ok(code)) => commune::actions::by_code(ctx, code).await,
        _ => Ok(None),
    }
}

/// The path of a date's page; of another server's event, that of the date alone.
pub(crate) fn path(commune: Option<&Commune>, date: &Occurrence) -> String {
    match commune {
        Some(commune) => commune.below(&format!("agenda/{}", date.id)),
        None => format!("/agenda/{}", date.id),
    }
}

/// The path of a date's page.
pub(crate) async fn page(ctx: &Ctx, event: &Event, date: &Occurrence) -> Result<String, StoreError> {
    let commune = commune_of(ctx, event.commune.as_deref()).await?;
    Ok(path(commune.as_ref(), date))
}

/// The same inside a transaction.
pub(crate) async fn page_in(tx: &mut Tx, event: &Event, date: &Occurrence) -> Result<String, StoreError> {
    let commune = match event.commune.as_deref().map(str::parse) {
        Some(Ok(code)) => commune::actions::by_code_in(tx, code).await?,
        _ => None,
    };
    Ok(path(commune.as_ref(), date))
}

/// A date as the rest of the product sees it. A private one is there for nobody.
pub(crate) async fn subject(ctx: &Ctx, event: &Event, date: &Occurrence) -> Result<Subject, StoreError> {
    let hidden = event.private || date.private;
    Ok(Subject {
        target: discussion::Target {
            kind: KIND,
            id: date.id.0,
        },
        uri: date.uri.clone(),
        author_id: event.actor_id,
        local: event.local,
        commune: event.commune.clone(),
        right: account::Right::Agenda,
        page: page(ctx, event, date).await?,
        // Those who decide about what moderators hid are told what it is.
        excerpt: if hidden && event.state != EventState::Hidden {
            String::new()
        } else {
            event.title.clone()
        },
        mode: event.comment_mode,
        visibility: if hidden {
            Visibility::Direct
        } else {
            Visibility::Public
        },
        open: !hidden && event.state != EventState::Deleted && date.state != OccurrenceState::Deleted,
        circle: None,
    })
}
