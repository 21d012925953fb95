//! Opening, changing, deleting, pinning, locking topics; and those of other servers.

use std::collections::HashMap;
use std::time::Duration;

use discussion::Participant;
use discussion::actions as talk;
use discussion::model::FlagCategory;
use federation::{Actor, ActorId, Ctx, actors, objects, outbox};
use notifications::{Kind, Notice};
use platform::text::{self, Html, Links, Mention};
use platform::{StoreError, Timestamp, Tx};
use serde_json::{Value, json};

use super::{GroupError, Known, refuse};
use crate::circle::circle_of;
use crate::model::{
    GroupRefusal, LONGEST_TITLE, MOST_PINNED, NewTopic, Pace, Scope, Topic, TopicId, TopicState, state_of_new,
};
use crate::store;
use crate::topics::TOPICS;
use crate::wire::note;

/// Names in one topic that are looked up.
const MOST_MENTIONS: usize = 20;

/// The text of a topic as it is kept, and whom it names.
pub(crate) struct Written {
    pub(crate) html: String,
    pub(crate) mentioned: Vec<Actor>,
}

pub(crate) async fn written(ctx: &Ctx, source: &str, language: &str) -> Result<Written, StoreError> {
    let mut pages: HashMap<Mention, String> = HashMap::new();
    let mut mentioned: Vec<Actor> = Vec::new();
    for mention in text::mentions(source).into_iter().take(MOST_MENTIONS) {
        let found = actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await?;
        if let Some(actor) = found.filter(Actor::is_visible) {
            pages.insert(mention, actor.page().to_owned());
            if !mentioned.iter().any(|known| known.id == actor.id) {
                mentioned.push(actor);
            }
        }
    }
    let links = Links {
        mention: &|mention| pages.get(mention).cloned(),
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
        mentioned,
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
fn may_open(by: &Participant, known: &Known) -> Result<(), GroupRefusal> {
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
        summary: text::clean_line(&new.summary, 200),
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

/// Lets other servers know of a topic of ours: its author says it, the group passes it on. Nothing leaves of
/// dark authors, nor of what is for residents.
async fn show(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &mut Topic,
    author: &Actor,
    mentioned: &[Actor],
) -> Result<(), StoreError> {
    if !author.local || !author.is_visible() || known.group.scope == Scope::Residents {
        return Ok(());
    }
    let verb = if topic.told_at.is_some() {
        "Update"
    } else {
        "Create"
    };
    let audience = talk::audience_in(&known.circle, author, mentioned);
    let object = note::of(ctx, topic, author, &known.circle, mentioned, &audience);
    let activity = json!({ "type": verb, "object": object, "audience": known.circle.uri });
    let Some(said) = outbox::say(ctx, tx, author, activity, &audience).await? else {
        return Ok(());
    };
    let whole = outbox::said_in(tx, said).await?;
    let new = (verb == "Create").then_some(topic.uri.as_str());
    talk::pass_on(ctx, tx, &known.circle, whole.as_ref(), new).await?;
    if topic.told_at.is_none() {
        topic.told_at = Some(ctx.clock.now());
        store::topics::update(tx, topic).await?;
    }
    Ok(())
}

/// Tells other servers to forget a topic of ours.
async fn unshow(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Known,
    topic: &mut Topic,
    author: &Actor,
) -> Result<(), StoreError> {
    if !author.local || topic.told_at.is_none() {
        return Ok(());
    }
    let audience = talk::audience_in(&known.circle, author, &[]);
    let tombstone = json!({ "id": topic.uri, "type": "Tombstone", "formerType": "Note" });
    let activity = json!({ "type": "Delete", "object": tombstone, "audience": known.circle.uri });
    let said = outbox::say(ctx, tx, author, activity, &audience).await?;
    outbox::unlist(tx, author.id, &topic.uri).await?;
    let whole = match said {
        Some(id) => outbox::said_in(tx, id).await?,
        None => None,
    };
    talk::withdraw(ctx, tx, &known.circle, &topic.uri, whole.as_ref()).await?;
    topic.told_at = None;
    store::topics::update(tx, topic).await
}

fn notice(known: &Known, topic: &Topic, kind: Kind) -> Notice {
    Notice {
        kind,
        from: Some(topic.actor_id),
        target_kind: TOPICS,
        target_id: topic.id.0,
        page: format!("{}/sujets/{}", known.circle.page, topic.id),
        // What is said among some is in no notice and no mail.
        excerpt: if known.circle.private {
            String::new()
        } else {
            topic.title.clone()
        },
    }
}

async fn tell_members(ctx: &Ctx, tx: &mut Tx, known: &Known, topic: &Topic) -> Result<(), StoreError> {
    let mut ears: Vec<ActorId> = store::places::with_pace(tx, known.group.id, Pace::All).await?;
    ears.extend(store::places::with_pace(tx, known.group.id, Pace::Mine).await?);
    notifications::notify_each(ctx, tx, &ears, &notice(known, topic, Kind::GroupTopic)).await
}

async fn tell_keepers(ctx: &Ctx, tx: &mut Tx, known: &Known, topic: &Topic) -> Result<(), StoreError> {
    let waits = Notice {
        page: known.circle.page.clone(),
        ..notice(known, topic, Kind::Moderation)
    };
    notifications::notify_each(ctx, tx, &known.circle.moderators, &waits).await
}

async fn locked(tx: &mut Tx, known: &Known, id: TopicId) -> Result<Topic, GroupError> {
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
    topic.summary = text::clean_line(&new.summary, 200);
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
async fn erase(tx: &mut Tx, topic: &mut Topic) -> Result<(), StoreError> {
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

fn keeps_order(by: &Participant, known: &Known) -> Result<(), GroupRefusal> {
    if known.circle.is_moderated_by(by) && !by.actor.suspended {
        Ok(())
    } else {
        Err(GroupRefusal::NotModerator)
    }
}

/// A moderator lets a topic through that waited.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn approve_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.state != TopicState::Held {
        return Err(GroupRefusal::Missing.into());
    }
    topic.state = TopicState::Shown;
    store::topics::update(&mut tx, &topic).await?;
    shown_again(ctx, &mut tx, known, &mut topic).await?;
    tell_members(ctx, &mut tx, known, &topic).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets other servers know of a topic that is shown from now on.
async fn shown_again(ctx: &Ctx, tx: &mut Tx, known: &Known, topic: &mut Topic) -> Result<(), StoreError> {
    if !topic.local {
        return talk::pass_on(ctx, tx, &known.circle, None, Some(&topic.uri)).await;
    }
    let Some(author) = actors::by_id_in(tx, topic.actor_id).await? else {
        return Ok(());
    };
    show(ctx, tx, known, topic, &author, &[]).await
}

/// What a moderators' decision does to a topic, in its transaction; `false`: there is no such topic.
pub(crate) async fn set_hidden(
    ctx: &Ctx,
    tx: &mut Tx,
    id: TopicId,
    hidden: bool,
) -> Result<bool, StoreError> {
    let Some(mut topic) = store::topics::locked(tx, id)
        .await?
        .filter(|topic| topic.state != TopicState::Deleted)
    else {
        return Ok(false);
    };
    let Some(group) = store::groups::locked(tx, topic.group_id).await? else {
        return Ok(false);
    };
    let circle = circle_of(ctx, &group).await?;
    let known = Known {
        group,
        circle,
        standing: crate::model::Standing::default(),
    };
    let was_shown = topic.state == TopicState::Shown;
    topic.state = if hidden {
        TopicState::Hidden
    } else {
        TopicState::Shown
    };
    if hidden {
        topic.pinned_at = None;
    }
    store::topics::update(tx, &topic).await?;
    if !hidden {
        shown_again(ctx, tx, &known, &mut topic).await?;
        return Ok(true);
    }
    notifications::retract(tx, TOPICS, topic.id.0).await?;
    if !was_shown {
        return Ok(true);
    }
    match actors::by_id_in(tx, topic.actor_id).await? {
        Some(author) if author.local => unshow(ctx, tx, &known, &mut topic, &author).await?,
        _ => {
            talk::withdraw(ctx, tx, &known.circle, &topic.uri, None).await?;
            let removal = talk::removal(ctx, &topic.uri, FlagCategory::Other);
            talk::deed(ctx, tx, &known.circle, removal).await?;
        }
    }
    Ok(true)
}

/// A moderator puts a topic at the top of its group, or takes it down.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn pin_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
    pinned: bool,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let others = store::topics::pinned(&ctx.db, known.group.id).await?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.pinned_at.is_some() == pinned {
        return Ok(());
    }
    if pinned && topic.state != TopicState::Shown {
        return Err(GroupRefusal::Missing.into());
    }
    if pinned && others.len() >= MOST_PINNED {
        return Err(GroupRefusal::TooManyPinned.into());
    }
    topic.pinned_at = pinned.then(|| ctx.clock.now());
    store::topics::update(&mut tx, &topic).await?;
    if topic.told_at.is_some() {
        let kind = if pinned { "Add" } else { "Remove" };
        let target = format!("{}/featured", known.circle.uri);
        let change = json!({ "type": kind, "object": topic.uri, "target": target });
        talk::deed(ctx, &mut tx, &known.circle, change).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A moderator ends the answers to a topic, or lets them go on.
///
/// # Errors
/// [`GroupRefusal`] when it is turned away.
pub async fn lock_topic(
    ctx: &Ctx,
    by: &Participant,
    known: &Known,
    id: TopicId,
    is_locked: bool,
) -> Result<(), GroupError> {
    keeps_order(by, known)?;
    let mut tx = ctx.db.begin().await?;
    let mut topic = locked(&mut tx, known, id).await?;
    if topic.locked == is_locked {
        return Ok(());
    }
    topic.locked = is_locked;
    store::topics::update(&mut tx, &topic).await?;
    if topic.told_at.is_some() {
        let lock = json!({ "type": "Lock", "actor": known.circle.uri, "object": topic.uri });
        let activity = if is_locked {
            json!({ "type": "Lock", "object": topic.uri })
        } else {
            json!({ "type": "Undo", "object": lock })
        };
        talk::deed(ctx, &mut tx, &known.circle, activity).await?;
    }
    tx.commit().await?;
    Ok(())
}

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
/// [`GroupRefusal`] when it is turned away.
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

/// Empties what people opened whose account has ended; until then it is in no list.
pub(crate) async fn forget_the_gone(ctx: &Ctx) -> Result<(), StoreError> {
    for actor in store::topics::of_the_gone(&ctx.db).await? {
        forget(ctx, actor).await?;
    }
    Ok(())
}

/// Empties what somebody opened who is gone for good.
pub(crate) async fn forget(ctx: &Ctx, actor: ActorId) -> Result<(), StoreError> {
    loop {
        let topics = store::topics::of_actor(&ctx.db, actor, TopicId(0)).await?;
        let mut tx = ctx.db.begin().await?;
        for mut topic in topics.iter().cloned() {
            erase(&mut tx, &mut topic).await?;
        }
        if topics.is_empty() {
            store::places::forget_all(&mut tx, actor).await?;
        }
        tx.commit().await?;
        if topics.is_empty() {
            return Ok(());
        }
    }
}
