//! Planning, changing, cancelling, coming: the only writers of this room, called by all doors.

mod announcing;
pub mod around;
mod cancelling;
mod changing;
mod dates;
mod elsewhere;
mod hiding;
mod importing;
mod planning;
mod reminding;
mod seats;

use federation::Ctx;
use platform::{StoreError, Tx};

use crate::author::Author;
use crate::model::{Event, EventId, EventRefusal, EventState, Occurrence, OccurrenceId, OccurrenceState};
use crate::store;

pub(crate) use announcing::{Whole, announce_next};
pub use cancelling::{cancel_date, cancel_event, delete_event, restore_date};
pub use changing::{change_event, move_date};
pub(crate) use dates::extend_series;
pub(crate) use elsewhere::{Answered, answered};
pub use elsewhere::{join_elsewhere, leave_elsewhere};
pub(crate) use hiding::set_hidden;
pub use importing::{Chosen, import};
pub use planning::plan_event;
pub(crate) use reminding::remind;
pub use seats::{Via, join, leave};
pub(crate) use seats::{answer_again, forget_attendances};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Against the rules: all the reasons at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<EventRefusal>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<EventRefusal> for EventError {
    fn from(refusal: EventRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

fn refuse(refusals: Vec<EventRefusal>) -> Result<(), EventError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(EventError::Refused(refusals))
    }
}

/// An event of the author's own that is not deleted, held for change.
async fn own_event(tx: &mut Tx, author: &Author, id: EventId) -> Result<Event, EventError> {
    let event = store::events::by_id_for_change(tx, id)
        .await?
        .filter(|event| event.state != EventState::Deleted)
        .ok_or(EventRefusal::Missing)?;
    if !event.local || event.actor_id != author.office.id {
        return Err(EventRefusal::NotYours.into());
    }
    if event.state == EventState::Hidden {
        return Err(EventRefusal::Moderated.into());
    }
    Ok(event)
}

/// A date of the author's own that is not deleted, with its event, both held for change; the event first, as
/// whoever changes a whole series holds them.
async fn own_date(
    tx: &mut Tx,
    author: &Author,
    id: OccurrenceId,
    of: EventId,
) -> Result<(Event, Occurrence), EventError> {
    let event = own_event(tx, author, of).await?;
    let one = store::occurrences::by_id_for_change(tx, id)
        .await?
        .filter(|one| one.state != OccurrenceState::Deleted && one.event_id == event.id)
        .ok_or(EventRefusal::Missing)?;
    Ok((event, one))
}

/// A date with its event, whoever may see it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn date(ctx: &Ctx, id: OccurrenceId) -> Result<Option<(Event, Occurrence)>, StoreError> {
    let Some(one) = store::occurrences::by_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let event = store::events::by_id(&ctx.db, one.event_id).await?;
    Ok(event.map(|event| (event, one)))
}
