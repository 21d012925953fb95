//! Topics of other servers: taken in, changed, taken back; and those of people who are gone.

use discussion::Participant;
use discussion::actions as talk;
use federation::{Actor, ActorId, Ctx, actors};
use platform::text::Html;
use platform::{StoreError, Timestamp, Tx};
use serde_json::Value;

use super::telling::{tell_keepers, tell_members};
use super::topics::{erase, may_open};
use super::{GroupError, Known};
use crate::model::{Topic, TopicId, TopicState, state_of_new};
use crate::store;
use crate::topics::TOPICS;

/// A topic of another server, read from its document.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) uri: String,
    pub(crate) title: String,
    pub(crate) html: Html,
    pub(crate) summary: String,
    pub(crate) language: String,
    pub(crate) url: Option<String>,
    pub(crate) published_at: Timestamp,
    pub(crate) updated_at: Option<Timestamp>,
    /// Nothing of this server is shown before it was read.
    pub(crate) is_limited: bool,
    /// The activity with which it came.
    pub(crate) activity: Value,
}

/// Takes in a topic of another server; `false`: it is known, or was taken back before.
///
/// # Errors
/// [`crate::model::GroupRefusal`] when it is turned away.
pub(crate) async fn arrived(
    ctx: &Ctx,
    author: &Actor,
    known: &Known,
    arrived: Arrived,
) -> Result<bool, GroupError> {
    let by = Participant::guest(author.clone());
    may_open(&by, known)?;
    let mut tx = ctx.db.begin().await?;
    if actors::is_buried_in(&mut tx, &arrived.uri).await?
        || store::topics::by_uri_in(&mut tx, &arrived.uri).await?.is_some()
    {
        return Ok(false);
    }
    let id = TopicId::new(ctx);
    let mut topic = Topic {
        id,
        uri: arrived.uri,
        group_id: known.group.id,
        actor_id: author.id,
        delegated: false,
        local: false,
        title: arrived.title,
        source: None,
        html: arrived.html.into_string(),
        summary: arrived.summary,
        language: arrived.language,
        state: state_of_new(&known.group, known.standing.moderates, known.standing.member),
        locked: false,
        pinned_at: None,
        url: arrived.url,
        created_at: arrived.published_at.min(ctx.clock.now()),
        edited_at: None,
        // Its own server serves it.
        told_at: Some(ctx.clock.now()),
        last_id: id.0,
    };
    if arrived.is_limited {
        topic.state = TopicState::Held;
    }
    store::topics::insert(&mut tx, &topic).await?;
    if topic.state == TopicState::Shown {
        let uri = topic.uri.clone();
        talk::pass_on(ctx, &mut tx, &known.circle, Some(&arrived.activity), Some(&uri)).await?;
        tell_members(ctx, &mut tx, known, &topic).await?;
    } else {
        tell_keepers(ctx, &mut tx, known, &topic).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Newer words of a topic of another server, by its author; `false`: not newer.
pub(crate) async fn changed_elsewhere(
    ctx: &Ctx,
    known: &Known,
    id: TopicId,
    newer: Arrived,
) -> Result<bool, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let Some(mut topic) = store::topics::locked(&mut tx, id).await? else {
        return Ok(false);
    };
    let is_newer = newer.updated_at.is_some_and(|at| at > topic.written_at());
    if !is_newer || topic.state == TopicState::Deleted || known.circle.closed {
        return Ok(false);
    }
    store::topics::insert_revision(&mut tx, &topic).await?;
    topic.title = newer.title;
    topic.html = newer.html.into_string();
    topic.summary = newer.summary;
    topic.language = newer.language;
    topic.edited_at = newer.updated_at;
    store::topics::update(&mut tx, &topic).await?;
    if topic.state == TopicState::Shown {
        talk::pass_on(ctx, &mut tx, &known.circle, Some(&newer.activity), None).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Its author on another server takes a topic back.
pub(crate) async fn deleted_elsewhere(
    ctx: &Ctx,
    known: &Known,
    id: TopicId,
    activity: Option<&Value>,
) -> Result<bool, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let Some(mut topic) = store::topics::locked(&mut tx, id)
        .await?
        .filter(|topic| topic.state != TopicState::Deleted)
    else {
        return Ok(false);
    };
    let was_shown = topic.state == TopicState::Shown;
    actors::bury(&mut tx, &topic.uri, "Note", ctx.clock.now()).await?;
    erase(&mut tx, &mut topic).await?;
    if was_shown {
        talk::withdraw(ctx, &mut tx, &known.circle, &topic.uri, activity).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Empties what people opened who are gone, should something of theirs have come after their end.
pub(crate) async fn forget_the_gone(ctx: &Ctx) -> Result<(), StoreError> {
    for actor in store::topics::of_the_gone(&ctx.db).await? {
        forget(ctx, actor).await?;
    }
    Ok(())
}

/// Empties what somebody opened who is gone for good.
pub(crate) async fn forget(ctx: &Ctx, actor: ActorId) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    empty_of(&mut tx, actor).await?;
    tx.commit().await?;
    clean_up_after(ctx, actor).await
}

/// Leaves of what somebody opened only that it was, at once, and of her places nothing.
pub(crate) async fn empty_of(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    store::topics::empty_of(tx, actor).await?;
    store::places::forget_all(tx, actor).await
}

/// What follows from [`empty_of`], bit by bit: other servers are answered that it is gone, and notices about it go.
pub(crate) async fn clean_up_after(ctx: &Ctx, actor: ActorId) -> Result<(), StoreError> {
    let mut above = TopicId(0);
    loop {
        let some = store::topics::emptied(&ctx.db, actor, above).await?;
        let Some(last) = some.last() else {
            return Ok(());
        };
        above = last.id;
        let mut tx = ctx.db.begin().await?;
        for topic in &some {
            if topic.was_told {
                actors::bury(&mut tx, &topic.uri, "Note", ctx.clock.now()).await?;
            }
            notifications::retract(&mut tx, TOPICS, topic.id.0).await?;
            discussion::subject_gone(&mut tx, TOPICS, topic.id.0).await?;
        }
        tx.commit().await?;
    }
}
