//! Mails: at once, daily, weekly.
//!
//! A notice that wants a mail is a row; the mail is made from all rows of one person at once. Daily mails
//! leave at seven in the morning in Paris, weekly ones on Mondays; who has nothing unread gets none.

use std::time::Duration;

use federation::{ActorId, Ctx};
use jiff::ToSpan as _;
use jiff::civil::Weekday;
use platform::queue::{self, Job, Registry, Task, TaskError, When};
use platform::{StoreError, Timestamp, Tx};
use serde::{Deserialize, Serialize};

use crate::model::MailPace;
use crate::{mails, store};

/// The hour at which digests leave.
const HOUR: i8 = 7;
/// Notices are kept so long.
const KEPT: Duration = Duration::from_secs(180 * 24 * 3600);
/// People looked up at once.
const BATCH: i64 = 200;

/// Registers the background work.
pub fn tasks(registry: &mut Registry<Ctx>) {
    registry
        .on::<MailNow>()
        .on::<MailPerson>()
        .every(&MailDigests, Duration::from_secs(900))
        .every(&Purge, Duration::from_secs(24 * 3600));
}

/// Makes sure that mails for what wants one at once are written after this transaction.
pub(crate) async fn mail_now(ctx: &Ctx, tx: &mut Tx) -> Result<(), StoreError> {
    let once = When::now().once(MailNow::NAME);
    queue::enqueue::<Ctx, _>(ctx, tx, &MailNow, once).await
}

/// Mails what wants to be told at once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailNow;

impl Task<Ctx> for MailNow {
    const NAME: &'static str = "notifications.mail_now";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let until = ctx.clock.now().plus(Duration::from_millis(1));
        Ok(spread(&ctx, MailPace::Now, until).await?)
    }
}

/// Mails the digests that are due.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailDigests;

impl Task<Ctx> for MailDigests {
    const NAME: &'static str = "notifications.mail_digests";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let now = ctx.clock.now();
        // A notice told while its mails were being written waits for this.
        spread(&ctx, MailPace::Now, now).await?;
        for pace in [MailPace::Daily, MailPace::Weekly] {
            spread(&ctx, pace, last_departure(now, pace)).await?;
        }
        Ok(())
    }
}

/// The last seven o'clock, or the last Monday's: what was told before it is due.
fn last_departure(now: Timestamp, pace: MailPace) -> Timestamp {
    let here = now.in_zone("Europe/Paris");
    let today = here.date().at(HOUR, 0, 0, 0).to_zoned(here.time_zone().clone());
    let Ok(mut departure) = today else {
        return now;
    };
    let back = |day: &jiff::Zoned| day.checked_sub(1.day());
    loop {
        let is_day = pace != MailPace::Weekly || departure.weekday() == Weekday::Monday;
        if is_day && departure <= here {
            return departure.timestamp().into();
        }
        match back(&departure) {
            Ok(earlier) => departure = earlier,
            Err(_) => return now,
        }
    }
}

/// One task for each person who has something: a slow or failing mail holds nobody else up.
async fn spread(ctx: &Ctx, pace: MailPace, before: Timestamp) -> Result<(), StoreError> {
    let mut after = ActorId(0);
    loop {
        let people = store::due(&ctx.db, pace, before, after, BATCH).await?;
        let Some(last) = people.last() else {
            return Ok(());
        };
        after = *last;
        let mut tx = ctx.db.begin().await?;
        for actor in people {
            let task = MailPerson {
                actor,
                pace: pace.code().to_owned(),
                before,
            };
            let once = When::now().once(format!("{}.{}.{actor}", MailPerson::NAME, pace.code()));
            queue::enqueue::<Ctx, _>(ctx, &mut tx, &task, once).await?;
        }
        tx.commit().await?;
    }
}

/// Mails one person what she wants to be told by now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailPerson {
    actor: ActorId,
    pace: String,
    before: Timestamp,
}

impl Task<Ctx> for MailPerson {
    const NAME: &'static str = "notifications.mail_person";

    async fn run(self, ctx: Ctx, job: Job) -> Result<(), TaskError> {
        let pace = MailPace::from_code(&self.pace)
            .ok_or_else(|| TaskError::GiveUp("there is no such pace".to_owned()))?;
        let recipient = mails::recipient(&ctx, self.actor, pace).await?;
        let mut tx = ctx.db.begin().await?;
        let told = store::take_due(&mut tx, self.actor, pace, self.before, ctx.clock.now()).await?;
        // Marked in any case: whoever has no address any more is not asked for again.
        if let Some(recipient) = recipient.filter(|_| !told.is_empty()) {
            mails::write(&ctx, &mut tx, &recipient, pace, &told).await?;
        }
        job.finish(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Removes old notices.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Purge;

impl Task<Ctx> for Purge {
    const NAME: &'static str = "notifications.purge";

    async fn run(self, ctx: Ctx, _: Job) -> Result<(), TaskError> {
        let mut tx = ctx.db.begin().await?;
        store::purge(&mut tx, ctx.clock.now().minus(KEPT)).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn digests_leave_at_seven_in_paris() {
        let daily = |now| last_departure(at(now), MailPace::Daily).rfc3339();
        assert_eq!(daily("2026-11-24T05:59:59Z"), "2026-11-23T06:00:00.000Z");
        assert_eq!(daily("2026-11-24T06:00:00Z"), "2026-11-24T06:00:00.000Z");
        assert_eq!(daily("2026-07-24T05:00:00Z"), "2026-07-24T05:00:00.000Z");
        // The clocks change on 29 March 2026.
        assert_eq!(daily("2026-03-29T04:30:00Z"), "2026-03-28T06:00:00.000Z");
        assert_eq!(daily("2026-03-29T05:00:00Z"), "2026-03-29T05:00:00.000Z");
        let weekly = |now| last_departure(at(now), MailPace::Weekly).rfc3339();
        assert_eq!(weekly("2026-11-24T12:00:00Z"), "2026-11-23T06:00:00.000Z");
        assert_eq!(weekly("2026-11-23T05:00:00Z"), "2026-11-16T06:00:00.000Z");
    }
}
