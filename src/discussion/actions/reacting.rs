//! Liking and sharing, and taking it back.

use federation::{Actor, ActorId, Audience, Ctx, Visibility, actors, outbox};
use notifications::{Kind, Notice};
use platform::store::{Page, Paging};
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use super::{DiscussionError, reading, would_leave};
use crate::model::{DiscussionRefusal, Participant, Target, Thing};
use crate::store;
use crate::store::reactions::Reaction;

/// Somebody's like or share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reacted {
    /// Row id, for paging.
    pub id: i64,
    /// The kind of what is liked or shared.
    pub target_kind: String,
    /// Its id.
    pub target_id: i64,
    /// Who did it.
    pub actor_id: ActorId,
    /// The id of the activity.
    pub uri: String,
    /// When.
    pub created_at: Timestamp,
}

/// Likes something. Doing it again changes nothing.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn like(ctx: &Ctx, by: &Participant, thing: &Thing) -> Result<(), DiscussionError> {
    react(ctx, by, thing, Reaction::Like).await
}

/// Takes a like back.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unlike(ctx: &Ctx, by: &Participant, thing: &Thing) -> Result<(), DiscussionError> {
    take_back(ctx, by, thing, Reaction::Like).await
}

/// Shares something with one's followers. Only what anybody may read; doing it again changes nothing.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn share(ctx: &Ctx, by: &Participant, thing: &Thing) -> Result<(), DiscussionError> {
    react(ctx, by, thing, Reaction::Share).await
}

/// Takes a share back.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn unshare(ctx: &Ctx, by: &Participant, thing: &Thing) -> Result<(), DiscussionError> {
    take_back(ctx, by, thing, Reaction::Share).await
}

async fn react(ctx: &Ctx, by: &Participant, thing: &Thing, what: Reaction) -> Result<(), DiscussionError> {
    if by.actor.suspended || by.actor.deleted_at.is_some() {
        return Err(DiscussionRefusal::Suspended.into());
    }
    if !reading::may_read_thing(ctx, Some(by), thing).await? || is_waiting(thing) {
        return Err(DiscussionRefusal::Missing.into());
    }
    let author = actors::by_id(ctx, thing.author_id())
        .await?
        .ok_or(DiscussionRefusal::Missing)?;
    if what == Reaction::Share && !is_shareable(thing, &author) {
        return Err(DiscussionRefusal::NotShareable.into());
    }
    if would_leave(&by.actor, thing.subject(), author.local) {
        return Err(DiscussionRefusal::WouldLeave.into());
    }
    let id = ctx.new_id();
    let mut tx = ctx.db.begin().await?;
    let uri = outbox::activity_uri(ctx, id);
    let row = (id, by.actor.id, uri.as_str());
    if store::reactions::insert(&mut tx, what, thing.target(), row, ctx.clock.now()).await? {
        tell_author(ctx, &mut tx, by.actor.id, thing, &author, what).await?;
        say(ctx, &mut tx, id, &by.actor, thing, &author, what).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What is not shown yet, or no longer, is read by its author and moderators and liked by nobody.
fn is_waiting(thing: &Thing) -> bool {
    thing
        .comment()
        .is_some_and(|comment| comment.state != crate::CommentState::Shown)
}

/// Only what anybody may read; a dark citizen's words are carried nowhere.
fn is_shareable(thing: &Thing, author: &Actor) -> bool {
    thing.is_open() && author.is_visible()
}

async fn tell_author(
    ctx: &Ctx,
    tx: &mut Tx,
    from: ActorId,
    thing: &Thing,
    author: &Actor,
    what: Reaction,
) -> Result<(), StoreError> {
    if !author.local || author.deleted_at.is_some() {
        return Ok(());
    }
    let Target { kind, id } = thing.target();
    let notice = Notice {
        kind: match what {
            Reaction::Like => Kind::Like,
            Reaction::Share => Kind::Share,
        },
        from: Some(from),
        target_kind: kind,
        target_id: id,
        page: thing.page(),
        excerpt: thing.excerpt(),
    };
    notifications::notify(ctx, tx, author.id, &notice).await
}

/// A like goes to its author's server only; a share to the followers as well.
async fn say(
    ctx: &Ctx,
    tx: &mut Tx,
    id: i64,
    by: &Actor,
    thing: &Thing,
    author: &Actor,
    what: Reaction,
) -> Result<(), StoreError> {
    match what {
        Reaction::Like if author.local => Ok(()),
        Reaction::Like => {
            let activity = json!({ "type": "Like", "object": thing.uri() });
            outbox::say_as(ctx, tx, by, id, activity, &Audience::only(&[author])).await?;
            Ok(())
        }
        Reaction::Share => {
            let activity = json!({ "type": "Announce", "object": thing.uri() });
            let audience = Audience::of(by, visibility_of_share(thing), std::slice::from_ref(author));
            outbox::say_as(ctx, tx, by, id, activity, &audience).await?;
            Ok(())
        }
    }
}

fn visibility_of_share(thing: &Thing) -> Visibility {
    match thing {
        Thing::Subject(subject) => subject.visibility,
        Thing::Comment(comment, _) => comment.visibility,
    }
}

async fn take_back(
    ctx: &Ctx,
    by: &Participant,
    thing: &Thing,
    what: Reaction,
) -> Result<(), DiscussionError> {
    let author = actors::by_id(ctx, thing.author_id()).await?;
    let mut tx = ctx.db.begin().await?;
    let removed = store::reactions::remove(&mut tx, what, thing.target(), by.actor.id).await?;
    if let (Some(uri), Some(author)) = (removed, author) {
        let (kind, audience) = match what {
            Reaction::Like => ("Like", Audience::only(&[&author])),
            Reaction::Share => (
                "Announce",
                Audience::of(
                    &by.actor,
                    visibility_of_share(thing),
                    std::slice::from_ref(&author),
                ),
            ),
        };
        if what == Reaction::Share || !author.local {
            let undone = json!({ "id": uri, "type": kind, "actor": by.actor.uri, "object": thing.uri() });
            let activity = json!({ "type": "Undo", "object": undone });
            outbox::say(ctx, &mut tx, &by.actor, activity, &audience).await?;
        }
        if what == Reaction::Share {
            outbox::unlist(&mut tx, by.actor.id, thing.uri()).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// What came of a like or share of another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// It counts.
    Yes,
    /// It counted already.
    Already,
    /// It was taken back before it came.
    Undone,
    /// It is about something that is not for everybody.
    NotForThem,
}

/// Somebody of another server likes or shares something that is kept here.
pub(crate) async fn react_from_elsewhere(
    ctx: &Ctx,
    by: &Actor,
    thing: &Thing,
    what: Reaction,
    uri: &str,
) -> Result<Counted, StoreError> {
    let guest = Participant::guest(by.clone());
    let Some(author) = actors::by_id(ctx, thing.author_id()).await? else {
        return Ok(Counted::NotForThem);
    };
    let may = reading::may_read_thing(ctx, Some(&guest), thing).await? && !is_waiting(thing);
    // A dark citizen's comment is known to nobody elsewhere, whatever is said of it.
    if !may || !author.is_visible() || (what == Reaction::Share && !is_shareable(thing, &author)) {
        return Ok(Counted::NotForThem);
    }
    let mut tx = ctx.db.begin().await?;
    store::gone::lock(&mut tx, uri).await?;
    if store::gone::is_marked(&mut tx, &by.uri, uri).await? {
        return Ok(Counted::Undone);
    }
    let row = (ctx.new_id(), by.id, uri);
    if !store::reactions::insert(&mut tx, what, thing.target(), row, ctx.clock.now()).await? {
        return Ok(Counted::Already);
    }
    tell_author(ctx, &mut tx, by.id, thing, &author, what).await?;
    tx.commit().await?;
    Ok(Counted::Yes)
}

/// Somebody of another server takes a like or share back: by the id of the activity, or by what it was about.
/// The activity has no effect any more if it comes, or comes again, later.
pub(crate) async fn take_back_from_elsewhere(
    ctx: &Ctx,
    by: &Actor,
    uri: Option<&str>,
    thing: Option<&Thing>,
    whats: &[Reaction],
) -> Result<bool, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let mut removed = false;
    if let Some(uri) = uri {
        store::gone::lock(&mut tx, uri).await?;
        // Taken back before: an Undo that comes again must not take back what was done anew since.
        if store::gone::is_marked(&mut tx, &by.uri, uri).await? {
            return Ok(false);
        }
        store::gone::mark(&mut tx, &by.uri, uri, ctx.clock.now()).await?;
        for what in whats {
            removed |= store::reactions::remove_by_uri(&mut tx, *what, uri, by.id)
                .await?
                .is_some();
        }
    }
    if let Some(thing) = thing.filter(|_| !removed) {
        for what in whats {
            let known = store::reactions::remove(&mut tx, *what, thing.target(), by.id).await?;
            if let Some(known) = known {
                store::gone::mark(&mut tx, &by.uri, &known, ctx.clock.now()).await?;
                removed = true;
            }
        }
    }
    tx.commit().await?;
    Ok(removed)
}

/// Who likes a thing, newest first: row id (for paging) and actor. Dark citizens are in no list; `reader`
/// finds herself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn likers(
    ctx: &Ctx,
    target: Target,
    reader: Option<ActorId>,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    store::reactions::actors(&ctx.db, Reaction::Like, target, reader, paging).await
}

/// Who shared a thing, as [`likers`].
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn sharers(
    ctx: &Ctx,
    target: Target,
    reader: Option<ActorId>,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    store::reactions::actors(&ctx.db, Reaction::Share, target, reader, paging).await
}

/// What an actor likes, newest first: for herself.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn likes_of(ctx: &Ctx, actor: ActorId, paging: &Paging) -> Result<Page<Reacted>, StoreError> {
    let page = store::reactions::of_actor(&ctx.db, Reaction::Like, actor, paging).await?;
    Ok(page.map(Into::into))
}

/// What an actor shared, newest first. The caller leaves out dark actors.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn shares_of(ctx: &Ctx, actor: ActorId, paging: &Paging) -> Result<Page<Reacted>, StoreError> {
    let page = store::reactions::of_actor(&ctx.db, Reaction::Share, actor, paging).await?;
    Ok(page.map(Into::into))
}

impl From<store::reactions::Row> for Reacted {
    fn from(row: store::reactions::Row) -> Self {
        Self {
            id: row.id,
            target_kind: row.target_kind,
            target_id: row.target_id,
            actor_id: row.actor_id,
            uri: row.uri,
            created_at: row.created_at,
        }
    }
}
