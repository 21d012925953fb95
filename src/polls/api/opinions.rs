//! Public opinions as statuses with a poll: read, asked and taken back by programs of Mastodon's API.

use account::Citizen;
use client_api::{Answer, Figures, List, NewStatus, Once, Outcome, Record, Source, StatusEdit};
use discussion::{CommentMode, Subject};
use federation::{ActorId, Ctx};
use platform::store::{Page, Paging};
use platform::text;
use platform::web::Failure;
use platform::{StoreError, Timestamp};

use super::statuses::{id_of, listed, not_here, nothing};
use crate::actions::{self, PollError};
use crate::author::Author;
use crate::model::{Genre, LONGEST_QUESTION, NewPoll, Opinion, OpinionId};
use crate::store::opinions as store;
use crate::wire::{OPINIONS, QUESTIONS, subject_of_opinion};
use crate::{Opinions, pages, words};

/// A record with nothing but its subject.
pub(super) fn bare(subject: Subject) -> Record {
    Record {
        subject,
        url: String::new(),
        created_at: Timestamp::default(),
        edited_at: None,
        scheduled_at: None,
        html: String::new(),
        text: None,
        summary: String::new(),
        sensitive: false,
        language: None,
        attached: Vec::new(),
        tags: Vec::new(),
        card: None,
        pinned: false,
    }
}

async fn records(ctx: &Ctx, opinions: Vec<Opinion>) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::with_capacity(opinions.len());
    for opinion in opinions.into_iter().filter(Opinion::is_out) {
        let subject = subject_of_opinion(ctx, &opinion).await?;
        records.push(Record {
            url: ctx.urls.to(&subject.page),
            created_at: opinion.opened_at,
            html: words::opinion_html(ctx, &opinion),
            text: Some(
                format!("{}\n\n{}", opinion.question, opinion.source)
                    .trim()
                    .to_owned(),
            ),
            language: Some(opinion.language.clone()),
            ..bare(subject)
        });
    }
    Ok(records)
}

impl Source for Opinions {
    fn kind(&self) -> &'static str {
        QUESTIONS
    }

    fn takes_polls(&self) -> bool {
        true
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Record>> {
        Box::pin(async move { records(ctx, store::by_ids(&ctx.db, ids).await?).await })
    }

    fn list<'a>(&'a self, ctx: &'a Ctx, list: List<'a>, paging: &'a Paging) -> Answer<'a, Page<Record>> {
        Box::pin(async move {
            let Some(listed) = listed(list) else {
                return Ok(nothing());
            };
            let page = store::list(&ctx.db, listed, paging).await?;
            Ok(Page {
                items: records(ctx, page.items).await?,
                has_more: page.has_more,
            })
        })
    }

    fn figures<'a>(&'a self, ctx: &'a Ctx, actor: ActorId) -> Answer<'a, Figures> {
        Box::pin(async move {
            let (count, last_at) = store::figures(&ctx.db, actor).await?;
            Ok(Figures { count, last_at })
        })
    }

    fn id_of_page(&self, path: &str) -> Option<i64> {
        id_of(path, OPINIONS)
    }

    fn publish<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: NewStatus,
        once: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        Box::pin(publish(ctx, by, new, once))
    }

    fn edit<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: StatusEdit) -> Outcome<'a, ()> {
        // What was asked cannot be changed: it would be another question to those who have answered.
        not_here()
    }

    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()> {
        Box::pin(async move {
            let author = author(ctx, by).await?;
            actions::withdraw_opinion(ctx, &author, OpinionId(id)).await?;
            Ok(())
        })
    }

    fn pin<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: bool) -> Outcome<'a, ()> {
        not_here()
    }

    fn scheduled<'a>(&'a self, _: &'a Ctx, _: &'a Citizen) -> Outcome<'a, Vec<Record>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn reschedule<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: Timestamp) -> Outcome<'a, ()> {
        not_here()
    }
}

/// The office that a token speaks for, as an author.
async fn author(ctx: &Ctx, by: &Citizen) -> Result<Author, Failure> {
    let office = by.office.as_ref().ok_or_else(Failure::forbidden)?;
    let commune = commune::actions::by_code(ctx, office.commune)
        .await?
        .ok_or_else(Failure::forbidden)?;
    pages::author(ctx, by, &commune).await
}

async fn publish(ctx: &Ctx, by: &Citizen, new: NewStatus, once: Option<&Once>) -> Result<i64, Failure> {
    let author = author(ctx, by).await?;
    let poll = new.poll.ok_or_else(Failure::not_found)?;
    if !new.visibility.is_open() {
        return Err(Failure::unprocessable(
            "visibility",
            platform::web::Message::new("client-refused-visibility"),
        ));
    }
    if new.sensitive || !new.summary.trim().is_empty() {
        return Err(Failure::unprocessable(
            "poll-warning",
            platform::web::Message::new("client-refused-poll-warning"),
        ));
    }
    let (question, source) = split(&new.text);
    let asked = NewPoll {
        genre: Genre::Opinion,
        question,
        source,
        options: poll.options,
        multiple: poll.multiple,
        verified_only: false,
        language: new.language,
        comment_mode: CommentMode::Open,
        closes_at: Some(ctx.clock.now().plus(poll.runs)),
    };
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = once
        && let Some(made) = once.claim(ctx, &mut tx).await?
    {
        return Ok(made);
    }
    let opinion = actions::ask_in(ctx, &mut tx, &author, &asked, new.visibility)
        .await
        .map_err(|error: PollError| Failure::from(error))?;
    if let Some(once) = once {
        once.made(&mut tx, opinion.id.0).await?;
    }
    tx.commit().await?;
    Ok(opinion.id.0)
}

/// The first line of a status is the question, the rest the text under it.
fn split(text: &str) -> (String, String) {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let question = text::clean_line(first, LONGEST_QUESTION + 1);
    if question.chars().count() <= LONGEST_QUESTION {
        (question, rest.trim().to_owned())
    } else {
        let mut short: String = question.chars().take(LONGEST_QUESTION - 1).collect();
        short.push('…');
        (short, text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_status_keeps_all_its_words() {
        assert_eq!(
            split("Oui ?\n\nDétails."),
            ("Oui ?".to_owned(), "Détails.".to_owned())
        );
        let long = "mot ".repeat(100);
        let (question, source) = split(&long);
        assert_eq!(question.chars().count(), LONGEST_QUESTION);
        assert_eq!(source, long.trim());
    }
}
