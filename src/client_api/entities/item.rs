//! Whatever reads as a status: something a section published, a comment, a share. All have ids of one space.

use std::collections::HashMap;

use discussion::actions::{Reacted, may_read_thing, share_by_id};
use discussion::model::COMMENTS;
use discussion::{Comment, Subject, Thing};
use federation::{Actor, ActorId, actors};
use platform::StoreError;

use crate::door::View;
use crate::source::Record;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// Published by a section.
    Record(Box<Record>),
    /// A comment and what it is about.
    Comment(Box<Comment>, Box<Subject>),
    /// Somebody's share of one of these.
    Share(Reacted, Box<Item>),
}

impl Item {
    /// Its id.
    pub(crate) fn id(&self) -> i64 {
        match self {
            Self::Record(record) => record.id(),
            Self::Comment(comment, _) => comment.id.0,
            Self::Share(share, _) => share.id,
        }
    }

    /// Who wrote it, or shared it.
    pub(crate) fn actor(&self) -> ActorId {
        match self {
            Self::Record(record) => record.subject.author_id,
            Self::Comment(comment, _) => comment.actor_id,
            Self::Share(share, _) => share.actor_id,
        }
    }

    /// What is liked, shared, answered or flagged when it is.
    pub(crate) fn proper(&self) -> &Self {
        match self {
            Self::Share(_, inner) => inner.proper(),
            other => other,
        }
    }

    /// The same as the discussion knows it.
    pub(crate) fn thing(&self) -> Thing {
        match self {
            Self::Record(record) => record.thing(),
            Self::Comment(comment, subject) => Thing::Comment((**comment).clone(), (**subject).clone()),
            Self::Share(_, inner) => inner.thing(),
        }
    }
}

/// A status that this reader may read.
pub(crate) async fn find(view: &View<'_>, id: i64) -> Result<Option<Item>, StoreError> {
    if let Some(item) = original(view, id).await? {
        return Ok(Some(item));
    }
    let Some(share) = share_by_id(view.ctx, id).await? else {
        return Ok(None);
    };
    Ok(shares(view, vec![share]).await?.pop())
}

/// One that is no share.
async fn original(view: &View<'_>, id: i64) -> Result<Option<Item>, StoreError> {
    for source in view.api.sources() {
        if let Some(record) = source.by_ids(view.ctx, &[id]).await?.pop() {
            return Ok(readable(view, vec![Item::Record(Box::new(record))]).await?.pop());
        }
    }
    match view.api.subjects.thing(view.ctx, COMMENTS, id).await? {
        Some(thing @ Thing::Comment(..)) => Ok(readable(view, of_thing(thing)).await?.pop()),
        _ => waiting(view, id).await,
    }
}

/// One of the reader's own that nobody else sees yet.
async fn waiting(view: &View<'_>, id: i64) -> Result<Option<Item>, StoreError> {
    let Some(reader) = view.reader_id() else {
        return Ok(None);
    };
    for source in view.api.sources() {
        if let Some(record) = source.waiting(view.ctx, reader, id).await?
            && !view.api.subjects.is_closed(view.ctx, &record.subject).await?
        {
            return Ok(Some(Item::Record(Box::new(record))));
        }
    }
    Ok(None)
}

fn of_thing(thing: Thing) -> Vec<Item> {
    match thing {
        Thing::Comment(comment, subject) => vec![Item::Comment(Box::new(comment), Box::new(subject))],
        Thing::Subject(_) => Vec::new(),
    }
}

/// Several by kind and id, in this order; those that are gone or not for this reader are left out.
pub(crate) async fn several(view: &View<'_>, wanted: &[(String, i64)]) -> Result<Vec<Item>, StoreError> {
    let mut found: HashMap<(String, i64), Item> = HashMap::new();
    for source in view.api.sources() {
        let kind = source.kind();
        let ids: Vec<i64> = wanted
            .iter()
            .filter(|(k, _)| k == kind)
            .map(|(_, id)| *id)
            .collect();
        if ids.is_empty() {
            continue;
        }
        for record in source.by_ids(view.ctx, &ids).await? {
            found.insert((kind.to_owned(), record.id()), Item::Record(Box::new(record)));
        }
    }
    let comments: Vec<(String, i64)> = wanted.iter().filter(|(k, _)| k == COMMENTS).cloned().collect();
    if !comments.is_empty() {
        for thing in view.api.subjects.things(view.ctx, &comments).await?.into_values() {
            for item in of_thing(thing) {
                found.insert((COMMENTS.to_owned(), item.id()), item);
            }
        }
    }
    let items = wanted.iter().filter_map(|key| found.get(key).cloned()).collect();
    readable(view, items).await
}

/// Shares with what was shared; those of dark citizens only for themselves.
pub(crate) async fn shares(view: &View<'_>, shares: Vec<Reacted>) -> Result<Vec<Item>, StoreError> {
    let wanted: Vec<(String, i64)> = shares
        .iter()
        .map(|share| (share.target_kind.clone(), share.target_id))
        .collect();
    let inner: HashMap<i64, Item> = several(view, &wanted)
        .await?
        .into_iter()
        .map(|item| (item.id(), item))
        .collect();
    let sharers = people(view, shares.iter().map(|share| share.actor_id)).await?;
    Ok(shares
        .into_iter()
        .filter(|share| {
            sharers
                .get(&share.actor_id)
                .is_some_and(|sharer| sharer.is_visible() || Some(sharer.id) == view.reader_id())
        })
        .filter_map(|share| {
            let item = inner.get(&share.target_id)?.clone();
            Some(Item::Share(share, Box::new(item)))
        })
        .collect())
}

/// Leaves out what this reader may not read, what people wrote who are gone, and dark citizens' words for
/// whoever has no account here.
pub(crate) async fn readable(view: &View<'_>, items: Vec<Item>) -> Result<Vec<Item>, StoreError> {
    let authors = people(view, items.iter().map(Item::actor)).await?;
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let shown = authors.get(&item.actor()).is_some_and(|author| {
            author.deleted_at.is_none() && !author.suspended && (author.federated || view.is_from_here())
        });
        // What is said among some is on the site only: programs keep what they read.
        let thing = item.thing();
        let private = thing.subject().private_circle().is_some();
        let closed = view.api.subjects.is_closed(view.ctx, thing.subject()).await?;
        if shown
            && !private
            && !closed
            && may_read_thing(view.ctx, view.reader.as_ref(), &item.thing()).await?
        {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// The actors of these ids.
pub(crate) async fn people(
    view: &View<'_>,
    ids: impl Iterator<Item = ActorId>,
) -> Result<HashMap<ActorId, Actor>, StoreError> {
    let mut ids: Vec<ActorId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = actors::by_ids(view.ctx, &ids).await?;
    Ok(found.into_iter().map(|actor| (actor.id, actor)).collect())
}
