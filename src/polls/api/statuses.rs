//! Announcements of anonymous polls as statuses: read only. They bear a link and no poll, since programs of
//! Mastodon's API could not blind a ballot.

use account::Citizen;
use client_api::{Answer, Figures, List, NewStatus, Once, Outcome, Record, Source, StatusEdit};
use federation::{ActorId, Ctx};
use platform::store::{Page, Paging};
use platform::web::Failure;
use platform::{StoreError, Timestamp};

use crate::Polls;
use crate::model::Poll;
use crate::store::polls::{self as store, Listed};
use crate::wire::{ANONYMOUS, POLLS, note_html, page_of, subject_of_poll};

/// Which rows a list of statuses wants; `None`: none of ours ever stands in it.
pub(super) fn listed(list: List<'_>) -> Option<Listed> {
    match list {
        List::OfActor { only_media: true, .. } | List::Pinned { .. } | List::Tag(..) => None,
        List::OfActor { actor, .. } => Some(Listed::Of(actor)),
        List::Home { reader } => Some(Listed::FollowedBy(reader.actor.id)),
        List::Public(filter) if filter.remote || filter.only_media => None,
        List::Public(_) => Some(Listed::All),
    }
}

/// Nothing.
pub(super) const fn nothing<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        has_more: false,
    }
}

/// The id at the end of a page's path in this part of the site.
pub(super) fn id_of(path: &str, section: &str) -> Option<i64> {
    let (place, id) = path.trim_end_matches('/').rsplit_once('/')?;
    place
        .ends_with(&format!("/{section}"))
        .then(|| id.parse().ok())
        .flatten()
}

async fn records(ctx: &Ctx, polls: Vec<Poll>) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::with_capacity(polls.len());
    for poll in polls.into_iter().filter(Poll::is_out) {
        let options = store::options(&ctx.db, poll.id).await?;
        let page = page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?;
        records.push(Record {
            url: ctx.urls.to(&page),
            created_at: poll.opened_at,
            html: note_html(ctx, &poll, &options, &page),
            language: Some(poll.language.clone()),
            ..super::opinions::bare(subject_of_poll(ctx, &poll).await?)
        });
    }
    Ok(records)
}

/// What cannot be done through this door.
pub(super) fn not_here<'a, T: Send + 'a>() -> Outcome<'a, T> {
    Box::pin(async { Err(Failure::forbidden()) })
}

impl Source for Polls {
    fn kind(&self) -> &'static str {
        POLLS
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
        id_of(path, ANONYMOUS)
    }

    fn publish<'a>(
        &'a self,
        _: &'a Ctx,
        _: &'a Citizen,
        _: NewStatus,
        _: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        not_here()
    }

    fn edit<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: StatusEdit) -> Outcome<'a, ()> {
        not_here()
    }

    fn delete<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64) -> Outcome<'a, ()> {
        not_here()
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
