//! A lane at work: one request in flight, in the order of the activities, until nothing is left that could
//! be sent now.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use platform::{StoreError, Timestamp};

use super::attempt::{Answer, attempt};
use super::ledger::{Deed, Entry};
use super::model::{self, Meaning};
use super::runner::Runner;
use crate::signatures::Scheme;
use crate::store::deliveries::{self as store, Waiting};
use crate::store::lanes::{self, Claimed, Release};

/// Deliveries read at once when a lane has more than the runner read for it.
const CHUNK: i64 = 100;
/// What the operator is told of a failure at most.
const WORDS: usize = 400;

/// A lane under our lease.
#[derive(Debug)]
pub(super) struct Lane {
    name: String,
    asked: i64,
    failures: i64,
    failing_since: Option<Timestamp>,
    scheme: Scheme,
    /// What was read and not yet sent.
    rows: VecDeque<Waiting>,
    /// Nothing more waited when the rows were read.
    complete: bool,
    /// When the first of its inboxes that are held back may be tried again.
    held_until: Option<Timestamp>,
    /// Something of it is parked.
    has_parked: bool,
    /// Inboxes whose parked deliveries were given another try.
    revived: HashSet<String>,
    succeeded_at: Option<Timestamp>,
}

/// Whether the lane goes on after an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    End,
}

impl Lane {
    /// A lane just claimed, whose rows are not read yet.
    pub(super) fn new(claimed: Claimed, now: Timestamp) -> Self {
        let remembered = model::is_remembered(claimed.scheme_at, now);
        let scheme = claimed
            .scheme
            .filter(|_| remembered)
            .and_then(|name| Scheme::from_name(&name))
            .unwrap_or(Scheme::Cavage);
        Self {
            name: claimed.lane,
            asked: claimed.asked,
            failures: claimed.failures,
            failing_since: claimed.failing_since,
            scheme,
            rows: VecDeque::new(),
            complete: false,
            held_until: None,
            has_parked: false,
            revived: HashSet::new(),
            succeeded_at: None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What was read for it, up to `limit` rows.
    pub(super) fn give(
        &mut self,
        rows: Vec<Waiting>,
        limit: i64,
        held_until: Option<Timestamp>,
        has_parked: bool,
    ) {
        self.complete = (rows.len() as i64) < limit;
        self.has_parked = has_parked;
        self.rows = rows.into();
        self.held_until = held_until;
    }

    /// Sends what waits.
    pub(super) async fn work(mut self, runner: &Arc<Runner>) {
        loop {
            if !runner.may_attempt().await {
                return;
            }
            let then = if super::is_shut_out(&runner.ctx, &self.name).await.unwrap_or(false) {
                self.rows.clear();
                self.complete = true;
                self.enter(runner, self.entry(Some((0, Deed::RemoveLane)))).await
            } else if let Some(row) = self.rows.pop_front() {
                self.send(runner, row).await
            } else if self.complete {
                self.enter(runner, self.entry(None)).await
            } else {
                self.read(runner).await
            };
            if then == Then::End {
                return;
            }
        }
    }

    /// Reads what waits now.
    async fn read(&mut self, runner: &Arc<Runner>) -> Then {
        let (db, now) = (&runner.ctx.db, runner.ctx.clock.now());
        let names = [self.name.clone()];
        let read = async {
            // First the count, then the rows: what is added between the two makes the release fail.
            let asked = lanes::asked(db, &self.name, runner.owner).await?;
            let rows = store::heads(db, &names, CHUNK, now).await?;
            let held = store::held(db, &names, now).await?;
            let parked = !store::with_parked(db, &names).await?.is_empty();
            Ok::<_, StoreError>((asked, rows, held.first().map(|(_, until)| *until), parked))
        };
        match read.await {
            Ok((Some(asked), rows, held, parked)) => {
                self.asked = asked;
                self.give(rows, CHUNK, held, parked);
                Then::GoOn
            }
            // No longer ours.
            Ok((None, ..)) => Then::End,
            Err(error) => {
                tracing::warn!(%error, lane = self.name, "what waits in a lane cannot be read");
                tokio::time::sleep(Duration::from_secs(1)).await;
                Then::GoOn
            }
        }
    }

    async fn send(&mut self, runner: &Arc<Runner>, row: Waiting) -> Then {
        let answer = self.attempt(runner, &row).await;
        tracing::debug!(
            lane = self.name,
            activity.id = row.activity_id,
            meaning = ?answer.meaning,
            answer = answer.words,
            "delivery"
        );
        if answer.meaning == Meaning::Broken && row.attempts + 1 >= model::POISON_AFTER {
            return self.look_behind(runner, row, answer).await;
        }
        self.conclude(runner, &row, answer).await
    }

    async fn attempt(&self, runner: &Arc<Runner>, row: &Waiting) -> Answer {
        let letter = match runner.letters.get(&runner.ctx, row.activity_id).await {
            Ok(letter) => letter,
            Err(StoreError::NotFound(what)) => {
                return Answer::unsent(Meaning::Refused, format!("there is no such {what} any more"));
            }
            Err(error) => {
                tracing::warn!(%error, activity.id = row.activity_id, "an activity cannot be read");
                return Answer::unsent(Meaning::Down, error.to_string());
            }
        };
        let posting = attempt(&runner.ctx, &letter, &self.name, &row.inbox, self.scheme);
        runner.in_its_place(posting).await
    }

    /// A server that has answered the same activity with 500 for long: is it the server or the activity? If
    /// it takes the next activity, the first one is set aside.
    async fn look_behind(&mut self, runner: &Arc<Runner>, row: Waiting, answer: Answer) -> Then {
        let Some(behind) = self
            .rows
            .iter()
            .position(|other| other.activity_id != row.activity_id)
        else {
            return self.conclude(runner, &row, answer).await;
        };
        let Some(other) = self.rows.get(behind).cloned() else {
            return self.conclude(runner, &row, answer).await;
        };
        let other_answer = self.attempt(runner, &other).await;
        if other_answer.meaning != Meaning::Delivered {
            return self.conclude(runner, &row, answer).await;
        }
        self.rows.remove(behind);
        let park = Some((
            row.id,
            Deed::Park {
                error: words(&answer),
            },
        ));
        self.has_parked = true;
        match runner.ledger.write(self.entry(park)).await {
            Some(_) => self.conclude(runner, &other, other_answer).await,
            None => Then::End,
        }
    }

    /// Writes what came of an attempt.
    async fn conclude(&mut self, runner: &Arc<Runner>, row: &Waiting, answer: Answer) -> Then {
        let now = runner.ctx.clock.now();
        let is_up = !matches!(answer.meaning, Meaning::Down | Meaning::Broken);
        let recovered = is_up && self.failures > 0;
        if answer.meaning == Meaning::Delivered {
            self.succeeded_at = Some(now);
        }
        if let Some(scheme) = answer.learned {
            self.scheme = scheme;
        }
        if recovered {
            tracing::info!(lane = self.name, "a server answers again");
            (self.failures, self.failing_since) = (0, None);
        }
        let deed = self.deed(runner, row, &answer, now).await;
        let mut entry = self.entry(Some((row.id, deed)));
        entry.recovered = recovered;
        entry.scheme = answer.learned;
        if answer.meaning == Meaning::Delivered && self.has_parked && self.revived.insert(row.inbox.clone()) {
            // It is read again, in its place among the others.
            entry.unpark = Some(row.inbox.clone());
            self.rows.clear();
            self.complete = false;
        }
        self.enter(runner, entry).await
    }

    async fn deed(&mut self, runner: &Arc<Runner>, row: &Waiting, answer: &Answer, now: Timestamp) -> Deed {
        let chance = runner.ctx.rng.below(1000);
        match answer.meaning {
            Meaning::Delivered => Deed::Remove,
            Meaning::Refused => {
                tracing::info!(
                    lane = self.name,
                    activity.id = row.activity_id,
                    answer = answer.words,
                    "an activity is not wanted"
                );
                Deed::Remove
            }
            Meaning::Missing => Deed::RemoveAndCheck {
                inbox: row.inbox.clone(),
            },
            Meaning::Gone => {
                self.rows.retain(|other| other.inbox != row.inbox);
                Deed::RemoveInbox {
                    inbox: row.inbox.clone(),
                }
            }
            Meaning::Barred => self.barred(runner, row, answer, now, chance).await,
            Meaning::Down | Meaning::Broken => {
                let failing_for = self
                    .failing_since
                    .map_or(Duration::ZERO, |since| now.since(since));
                let pause = model::pause(self.failures + 1, failing_for, answer.wish, now, chance);
                if self.failures == 0 {
                    tracing::info!(
                        lane = self.name,
                        answer = answer.words,
                        "a server takes no deliveries"
                    );
                }
                Deed::BackOff {
                    until: now.plus(pause),
                    error: words(answer),
                }
            }
        }
    }

    /// The inbox is held back and the delivery tried again later, a few times. An inbox for which something
    /// is parked already has had its chances.
    async fn barred(
        &mut self,
        runner: &Arc<Runner>,
        row: &Waiting,
        answer: &Answer,
        now: Timestamp,
        chance: u64,
    ) -> Deed {
        let error = words(answer);
        let known = self.has_parked
            && store::has_parked(&runner.ctx.db, &self.name, &row.inbox)
                .await
                .unwrap_or(false);
        match model::hold(row.attempts + 1, answer.wish, now, chance).filter(|_| !known) {
            Some(pause) => {
                let until = now.plus(pause);
                self.rows.retain(|other| other.inbox != row.inbox);
                self.held_until = Some(self.held_until.map_or(until, |held| held.min(until)));
                Deed::Hold { until, error }
            }
            None => {
                tracing::info!(lane = self.name, answer = answer.words, "a delivery is set aside");
                self.has_parked = true;
                Deed::Park { error }
            }
        }
    }

    fn entry(&self, deed: Option<(i64, Deed)>) -> Entry {
        Entry {
            lane: self.name.clone(),
            deed,
            unpark: None,
            recovered: false,
            scheme: None,
            release: None,
        }
    }

    /// Writes an entry, and gives the lane back with it when nothing is left that could be sent now.
    async fn enter(&mut self, runner: &Arc<Runner>, mut entry: Entry) -> Then {
        let backs_off = matches!(entry.deed, Some((_, Deed::BackOff { .. })));
        let releasing = self.rows.is_empty() && self.complete && !backs_off;
        entry.release = releasing.then(|| Release {
            lane: self.name.clone(),
            asked: self.asked,
            held_until: self.held_until.map(Timestamp::as_millis),
            succeeded_at: self.succeeded_at.map(Timestamp::as_millis),
        });
        match runner.ledger.write(entry).await {
            Some(false) if backs_off => Then::End,
            Some(false) => {
                // Something new was said in the meantime.
                self.complete &= !releasing;
                Then::GoOn
            }
            None | Some(true) => Then::End,
        }
    }
}

fn words(answer: &Answer) -> String {
    answer.words.chars().take(WORDS).collect()
}
