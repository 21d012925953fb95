//! Background work: telling agents that a delay ends.

use federation::Ctx;
use jiff::civil::Date;
use notifications::Kind;
use platform::Timestamp;
use platform::queue::{Job, Task, TaskError};
use serde::{Deserialize, Serialize};

use crate::actions::telling;
use crate::model::workdays::{Calendar, morning_of};
use crate::model::{Settings, ThreadId, day};
use crate::store::{self, RequestRow};

/// What is to be done by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Due {
    /// The acknowledgement.
    Acknowledgement,
    /// The answer.
    Answer,
}

/// Tells the agents of a formal request that waits, unless it was done meanwhile.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Remind {
    pub(crate) thread: ThreadId,
    pub(crate) what: Due,
}

impl Task<Ctx> for Remind {
    const NAME: &'static str = "messages.remind";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        let (Some(row), Some(request)) = (
            store::thread_in(&mut tx, self.thread).await?,
            store::request_in(&mut tx, self.thread).await?,
        ) else {
            return Ok(());
        };
        let waits = match self.what {
            Due::Acknowledgement => request.acknowledged_at.is_none() && request.answered_at.is_none(),
            Due::Answer => request.answered_at.is_none(),
        };
        if waits {
            telling::tell_office(&ctx, &mut tx, &row, Kind::RequestDue, None).await?;
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// When the agents are told: in the morning, some working days before each delay ends, and on the working day after
/// one that was missed.
pub(crate) fn reminders(
    request: &RequestRow,
    settings: &Settings,
    calendar: Calendar<'_>,
    zone: &str,
) -> Vec<(Timestamp, Due)> {
    let on = |date: Date, what: Due| (morning_of(date, zone), what);
    let mut all = Vec::new();
    for (due, what) in [
        (request.ack_due_at, Due::Acknowledgement),
        (request.answer_due_at, Due::Answer),
    ] {
        let last = day(due, zone);
        all.push(on(calendar.before_working(last, settings.remind_days), what));
        all.push(on(calendar.after_working(last, 1), what));
    }
    // A delay so short that its reminder lies behind is told by its arrival.
    all.retain(|(at, _)| *at > request.registered_at);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_told_before_a_delay_ends_and_after_it_was_missed() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
        let request = RequestRow {
            thread_id: ThreadId(1),
            commune: "06059".to_owned(),
            year: 2026,
            number: 1,
            reference: String::new(),
            person: Vec::new(),
            registered_at: at("2026-11-23T09:00:00Z"),
            ack_due_at: at("2026-11-30T22:59:59.999Z"),
            answer_due_at: at("2027-01-25T22:59:59.999Z"),
            acknowledged_at: None,
            answered_at: None,
        };
        let told = reminders(&request, &Settings::default(), Calendar::of("06"), "Europe/Paris");
        let told: Vec<(String, Due)> = told.into_iter().map(|(at, what)| (at.rfc3339(), what)).collect();
        assert_eq!(
            told,
            [
                ("2026-11-26T07:00:00.000Z".to_owned(), Due::Acknowledgement),
                ("2026-12-01T07:00:00.000Z".to_owned(), Due::Acknowledgement),
                ("2027-01-21T07:00:00.000Z".to_owned(), Due::Answer),
                ("2027-01-26T07:00:00.000Z".to_owned(), Due::Answer),
            ]
        );
    }
}
