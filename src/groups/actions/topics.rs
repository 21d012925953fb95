//! Opening, changing and deleting topics.

use std::time::Duration;

use discussion::Participant;
use federation::{Actor, Ctx, Named, actors, objects};
use platform::text::{self, Links};
use platform::{StoreError, Tx};

use super::telling::{show, tell_keepers, tell_members, unshow};
use super::{GroupError, Known, refuse};
use crate::model::{
    GroupRefusal, LONGEST_TITLE, LONGEST_WARNING, NewTopic, Topic, TopicId, TopicState, state_of_new,
};
use crate::store;
use crate::topics::TOPICS;

/// Names in one topic that are looked up.
const MOST_MENTIONS: usize = 20;

/// The text of a topic as it is kept, and whom it names.
pub(crate) struct Written {
    pub(crate) html: String,
    pub(crate) mentioned: Vec<Actor>,
}

pub(crate) async fn written(ctx: &Ctx, source: &str, language: &str) -> Result<Written, StoreError> {
    let named = Named::in_text(ctx, source, MOST_MENTIONS).await?;
    let links = Links {
        mention: &|mention| named.page(mention),
        hashtag: &|_| None,
    };
    let html = text::markdown_to_html(source, &links);
    let html = if language.starts_with("fr") {
        text::french_html(&html)
    } else {
        html
    };
    Ok(Written {
        html: html.into_string(),
        mentioned: named.visible(),
    })
}

/// Opens a topic in a group.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn open_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    new: NewTopic,
) -> Result<Topic, GroupError> {
    refuse(new.refusals())?;
    let written = written(ctx, &new.source, &new.language).await?;
    let mut tx = ctx.db.begin().await?;
    let topic = insert(ctx, &mut tx, by, known, new, written).await?;
    tx.commit().await?;
    Ok(topic)
}

/// [`open_topic`] in a transaction of the caller's.
///
/// # Errors
/// As [`open_topic`].
pub async fn open_topic_in(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Participant,
    known: &Known,
    new: NewTopic,
) -> Result<Topic, GroupError> {
    refuse(new.refusals())?;
    let written = written(ctx, &new.source, &new.language).await?;
    insert(ctx, tx, by, known, new, written).await
}

/// Whether somebody may open a topic here.
pub(super) fn may_open(by: &Participant, known: &Known) -> Result<(), GroupRefusal> {
    if by.actor.suspended || by.actor.deleted_at.is_some() {
        return Err(GroupRefusal::Suspended);
    }
    if known.standing.out {
        return Err(GroupRefusal::PutOut);
    }
    if !known.may_read(Some(by)) {
        return Err(GroupRefusal::Missing);
    }
    if known.circle.closed {
        return Err(GroupRefusal::Closed);
    }
    if known.circle.private && !known.standing.member && !known.standing.moderates {
        return Err(GroupRefusal::NotMember);
    }
    Ok(())
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Participant,
    known: &Known,
    new: NewTopic,
    written: Written,
) -> Result<Topic, GroupError> {
    may_open(by, known)?;
    let id = TopicId::new(ctx);
    let mut topic = Topic {
        id,
        uri: objects::uri(ctx, TOPICS, id),
        group_id: known.group.id,
        actor_id: by.actor.id,
        delegated: by.delegated,
        local: true,
        title: text::clean_line(&new.title, LONGEST_TITLE),
        source: Some(new.source),
        html: written.html,
        summary: text::clean_line(&new.summary, LONGEST_WARNING),
        language: new.language,
        state: state_of_new(&known.group, known.standing.moderates, known.standing.member),
        locked: false,
        pinned_at: None,
        url: None,
        created_at: ctx.clock.now(),
        edited_at: None,
        told_at: None,
        last_id: id.0,
    };
    store::topics::insert(tx, &topic).await?;
    if topic.state == TopicState::Shown {
        show(ctx, tx, known, &mut topic, &by.actor, &written.mentioned).await?;
        tell_members(ctx, tx, known, &topic).await?;
    } else {
        tell_keepers(ctx, tx, known, &topic).await?;
    }
    Ok(topic)
}

pub(super) async fn locked(tx: &mut Tx, known: &Known, id: TopicId) -> Result<Topic, GroupError> {
    Ok(store::topics::locked(tx, id)
        .await?
        .filter(|topic| topic.group_id == known.group.id && topic.state != TopicState::Deleted)
        .ok_or(GroupRefusal::Missing)?)
}

async fn own(tx: &mut Tx, by: &Participant, known: &Known, id: TopicId) -> Result<Topic, GroupError> {
    if !known.may_read(Some(by)) {
        return Err(GroupRefusal::Missing.into());
    }
    let topic = locked(tx, known, id).await?;
    if !topic.local || topic.actor_id != by.actor.id {
        return Err(GroupRefusal::NotYours.into());
    }
    Ok(topic)
}

/// Changes the words of one's own topic; what it said before can be read.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn edit_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
    new: NewTopic,
) -> Result<Topic, GroupError> {
    refuse(new.refusals())?;
    if known.circle.closed {
        return Err(GroupRefusal::Closed.into());
    }
    let written = written(ctx, &new.source, &new.language).await?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = own(&mut tx, by, known, id).await?;
    if topic.state == TopicState::Hidden {
        return Err(GroupRefusal::NotYours.into());
    }
    store::topics::insert_revision(&mut tx, &topic).await?;
    let next = topic.written_at().plus(Duration::from_secs(1));
    topic.edited_at = Some(ctx.clock.now().max(next));
    topic.title = text::clean_line(&new.title, LONGEST_TITLE);
    topic.source = Some(new.source);
    topic.html = written.html;
    topic.summary = text::clean_line(&new.summary, LONGEST_WARNING);
    topic.language = new.language;
    store::topics::update(&mut tx, &topic).await?;
    if topic.state == TopicState::Shown {
        show(ctx, &mut tx, known, &mut topic, &by.actor, &written.mentioned).await?;
    }
    tx.commit().await?;
    Ok(topic)
}

/// Deletes one's own topic with all that was said about it.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn delete_topic(ctx: &Ctx, by: &Participant, known: &Known, id: TopicId) -> Result<(), GroupError> {
    let mut tx = ctx.db.begin().await?;
    let mut topic = own(&mut tx, by, known, id).await?;
    if topic.told_at.is_some() && !known.circle.private {
        actors::bury(&mut tx, &topic.uri, "Note", ctx.clock.now()).await?;
    }
    unshow(ctx, &mut tx, known, &mut topic, &by.actor).await?;
    erase(&mut tx, &mut topic).await?;
    tx.commit().await?;
    Ok(())
}

/// Leaves of a topic only that it was.
pub(super) async fn erase(tx: &mut Tx, topic: &mut Topic) -> Result<(), StoreError> {
    topic.state = TopicState::Deleted;
    topic.title = String::new();
    topic.source = None;
    topic.html = String::new();
    topic.summary = String::new();
    topic.url = None;
    topic.pinned_at = None;
    store::topics::update(tx, topic).await?;
    store::topics::remove_revisions(tx, topic.id).await?;
    notifications::retract(tx, TOPICS, topic.id.0).await?;
    discussion::subject_gone(tx, TOPICS, topic.id.0).await
}
