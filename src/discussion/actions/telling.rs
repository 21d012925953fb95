//! Who is told of a comment: people here by notices, other servers by activities.

use std::sync::Arc;

use federation::{Actor, ActorId, Audience, Ctx, Visibility, actors, outbox};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};
use serde_json::json;

use super::around_circle::{audience_in, pass_on, withdraw};
use crate::circles::{self, Ears};
use crate::model::{COMMENTS, Circle, Comment, Subject, Thing, Under};
use crate::store;
use crate::wire::note;

/// The people around a comment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// Who wrote the subject.
    pub(crate) subject_author: Option<Actor>,
    /// Who wrote what it answers.
    pub(crate) parent_author: Option<Actor>,
    /// Whom it names.
    pub(crate) mentioned: Vec<Actor>,
    /// The circle in which it is said.
    pub(crate) circle: Option<Arc<Circle>>,
}

impl Around {
    /// Those it is addressed to by name, each once: whom it answers, and whom it names if anybody may read
    /// it. Nobody dark is named to other servers.
    pub(crate) fn named(&self, comment: &Comment) -> Vec<Actor> {
        let is_open = comment.visibility.is_open() && !comment.narrow;
        let answered = self.parent_author.iter().chain(&self.subject_author);
        let mentioned = self.mentioned.iter().filter(|_| is_open);
        let mut named: Vec<Actor> = Vec::new();
        for actor in answered.chain(mentioned) {
            let is_known = named.iter().any(|one| one.id == actor.id);
            if !is_known && actor.is_visible() && actor.id != comment.actor_id {
                named.push(actor.clone());
            }
        }
        named
    }

    /// To whom it goes: never further than the subject.
    pub(crate) fn audience(&self, author: &Actor, comment: &Comment) -> Audience {
        let named = self.named(comment);
        if let Some(circle) = self.circle.as_ref().filter(|_| !comment.narrow) {
            return audience_in(circle, author, &named);
        }
        if comment.visibility.is_open() && !comment.narrow {
            Audience::of(author, comment.visibility, &named)
        } else {
            Audience::only(&named.iter().collect::<Vec<_>>())
        }
    }
}

/// Reads the people around a comment.
pub(crate) async fn around(
    ctx: &Ctx,
    comment: &Comment,
    subject: &Subject,
    mentioned: Vec<Actor>,
) -> Result<Around, StoreError> {
    let parent = match comment.parent_id {
        Some(id) => store::comments::by_id(&ctx.db, id).await?,
        None => None,
    };
    let mut ids = vec![subject.author_id];
    ids.extend(parent.as_ref().map(|parent| parent.actor_id));
    let found = actors::by_ids(ctx, &ids).await?;
    let of = |id: ActorId| found.iter().find(|actor| actor.id == id).cloned();
    Ok(Around {
        subject_author: of(subject.author_id),
        parent_author: parent.and_then(|parent| of(parent.actor_id)),
        mentioned,
        circle: subject.circle.clone(),
    })
}

/// Tells people here of a comment that is shown now.
pub(crate) async fn tell_people(
    ctx: &Ctx,
    tx: &mut Tx,
    comment: &Comment,
    subject: &Subject,
    around: &Around,
) -> Result<(), StoreError> {
    let is_open = subject.is_open() && comment.visibility.is_open() && !comment.narrow;
    let mut notice = Notice {
        kind: Kind::Reply,
        from: Some(comment.actor_id),
        target_kind: COMMENTS,
        target_id: comment.id.0,
        page: comment.page(),
        excerpt: if is_open { comment.excerpt() } else { String::new() },
    };
    let ears = match &subject.circle {
        Some(circle) => circles::said(ctx, tx, circle.group, subject.target, comment.id).await?,
        None => Ears::default(),
    };
    let mut told: Vec<ActorId> = ears.none;
    let answered = [
        (Kind::Reply, around.parent_author.iter()),
        (Kind::Comment, around.subject_author.iter()),
    ];
    let mut all: Vec<(Kind, &Actor)> = Vec::new();
    for (kind, actors) in answered {
        all.extend(actors.map(|actor| (kind, actor)));
    }
    // Whoever is named under something she may not read is not told of it.
    all.extend(
        around
            .mentioned
            .iter()
            .filter(|_| is_open)
            .map(|actor| (Kind::Mention, actor)),
    );
    for (kind, actor) in all {
        if actor.local && actor.deleted_at.is_none() && !told.contains(&actor.id) {
            told.push(actor.id);
            notice.kind = kind;
            notifications::notify(ctx, tx, actor.id, &notice).await?;
        }
    }
    notice.kind = Kind::GroupComment;
    let others: Vec<ActorId> = ears.all.into_iter().filter(|ear| !told.contains(ear)).collect();
    notifications::notify_each(ctx, tx, &others, &notice).await
}

/// Tells other servers of one of our comments: `Create` the first time, `Update` after. Nothing leaves of
/// dark authors and of what is for residents only.
pub(crate) async fn tell_servers(
    ctx: &Ctx,
    tx: &mut Tx,
    comment: &mut Comment,
    author: &Actor,
    around: &Around,
) -> Result<(), StoreError> {
    if !author.local || !author.is_visible() || comment.visibility == Visibility::Residents {
        return Ok(());
    }
    let mut audience = around.audience(author, comment);
    let circle = around.circle.as_ref().filter(|_| !comment.narrow);
    if !audience.open && audience.actors.is_empty() && circle.is_none() {
        return Ok(());
    }
    let verb = if comment.told_at.is_some() {
        if circle.is_none_or(|circle| !circle.private) {
            add_answerers(tx, comment, &mut audience).await?;
        }
        "Update"
    } else {
        "Create"
    };
    let object = note::of(comment, author, around);
    let mut activity = json!({ "type": verb, "object": object });
    if let (Some(circle), Some(map)) = (circle, activity.as_object_mut()) {
        map.insert("audience".to_owned(), json!(circle.uri));
    }
    let said = outbox::say(ctx, tx, author, activity, &audience).await?;
    if let (Some(circle), Some(id)) = (circle, said) {
        let whole = outbox::said_in(tx, id).await?;
        let new = (verb == "Create").then_some(comment.uri.as_str());
        pass_on(ctx, tx, circle, whole.as_ref(), new).await?;
    }
    if said.is_some() && comment.told_at.is_none() {
        comment.told_at = Some(ctx.clock.now());
        store::comments::set_told(tx, comment.id, comment.told_at).await?;
    }
    Ok(())
}

/// Tells other servers to forget one of our comments, if they know it.
pub(crate) async fn untell_servers(
    ctx: &Ctx,
    tx: &mut Tx,
    comment: &mut Comment,
    author: &Actor,
    around: &Around,
) -> Result<(), StoreError> {
    if !author.local || comment.told_at.is_none() {
        return Ok(());
    }
    let mut audience = around.audience(author, comment);
    let circle = around.circle.as_ref().filter(|_| !comment.narrow);
    if circle.is_none_or(|circle| !circle.private) {
        add_answerers(tx, comment, &mut audience).await?;
    }
    let tombstone = json!({ "id": comment.uri, "type": "Tombstone" });
    let mut activity = json!({ "type": "Delete", "object": tombstone });
    if let (Some(circle), Some(map)) = (circle, activity.as_object_mut()) {
        map.insert("audience".to_owned(), json!(circle.uri));
    }
    let said = outbox::say(ctx, tx, author, activity, &audience).await?;
    outbox::unlist(tx, author.id, &comment.uri).await?;
    if let (Some(circle), Some(id)) = (circle, said) {
        let whole = outbox::said_in(tx, id).await?;
        withdraw(ctx, tx, circle, &comment.uri, whole.as_ref()).await?;
    }
    comment.told_at = None;
    store::comments::set_told(tx, comment.id, None).await
}

/// Tells other servers that a comment of ours is there again, before it is said anew: those that remember its
/// deletion would not take it otherwise.
pub(crate) async fn tell_restored(
    ctx: &Ctx,
    tx: &mut Tx,
    comment: &Comment,
    author: &Actor,
    around: &Around,
) -> Result<(), StoreError> {
    if !author.local || comment.visibility == Visibility::Residents {
        return Ok(());
    }
    let mut audience = around.audience(author, comment);
    add_answerers(tx, comment, &mut audience).await?;
    let deletion = json!({ "type": "Delete", "actor": author.uri, "object": comment.uri });
    outbox::say(
        ctx,
        tx,
        author,
        json!({ "type": "Undo", "object": deletion }),
        &audience,
    )
    .await?;
    Ok(())
}

/// Those who answered from elsewhere hold a copy, whether they follow or not.
async fn add_answerers(tx: &mut Tx, comment: &Comment, audience: &mut Audience) -> Result<(), StoreError> {
    for id in store::comments::answerers(tx, comment.id).await? {
        if !audience.actors.contains(&id) {
            audience.actors.push(id);
        }
    }
    Ok(())
}

/// A subject is gone, in the transaction that removes it: nobody is told any more of what was said about it,
/// on the site or in a mail that is still to leave.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn subject_gone(tx: &mut Tx, kind: &str, id: i64) -> Result<(), StoreError> {
    let comments = store::comments::ids_of_subject(tx, kind, id).await?;
    notifications::retract_all(tx, COMMENTS, &comments).await
}

/// Tells those who keep a moderation desk (a commune's, a circle's, the operator's) that something waits on it.
pub(crate) async fn tell_desk(
    ctx: &Ctx,
    tx: &mut Tx,
    under: &Under,
    target: crate::Target,
    from: Option<ActorId>,
) -> Result<(), StoreError> {
    let place = match under {
        Under::Commune(code) => match code.parse() {
            Ok(code) => commune::actions::by_code_in(tx, code).await?,
            Err(_) => None,
        },
        Under::Circle(_) | Under::Operator => None,
    };
    let notice = Notice {
        kind: Kind::Moderation,
        from,
        target_kind: target.kind,
        target_id: target.id,
        page: match (under, &place) {
            (Under::Circle(circle), _) => desk_of(circle),
            (_, Some(place)) => place.below("moderation"),
            _ => "/moderation".to_owned(),
        },
        excerpt: String::new(),
    };
    let keepers = match under {
        Under::Circle(circle) => circle.moderators.clone(),
        _ => crate::people::moderators(tx, place.map(|place| place.code)).await?,
    };
    let offices = offices_among(tx, &keepers).await?;
    for actor in keepers.into_iter().filter(|actor| !offices.contains(actor)) {
        notifications::notify(ctx, tx, actor, &notice).await?;
    }
    Ok(())
}

/// Tells the desk that something was flagged; of what a town hall itself says, the operators too: it does not
/// judge itself.
pub(crate) async fn tell_of_flag(
    ctx: &Ctx,
    tx: &mut Tx,
    thing: &Thing,
    from: Option<ActorId>,
) -> Result<(), StoreError> {
    let under = thing.subject().under();
    tell_desk(ctx, tx, &under, thing.target(), from).await?;
    // What is said in a private circle is not the operators' to read.
    if thing.subject().private_circle().is_some() {
        return Ok(());
    }
    let Some(office) = commune::actions::by_actor_in(tx, thing.author_id()).await? else {
        return Ok(());
    };
    let told = crate::people::moderators(tx, Some(office.code)).await?;
    let notice = Notice {
        kind: Kind::Moderation,
        from,
        target_kind: thing.target().kind,
        target_id: thing.target().id,
        page: office.below("moderation"),
        excerpt: String::new(),
    };
    for operator in crate::people::moderators(tx, None).await? {
        if !told.contains(&operator) {
            notifications::notify(ctx, tx, operator, &notice).await?;
        }
    }
    Ok(())
}

/// The path of a circle's desk.
pub(crate) fn desk_of(circle: &Circle) -> String {
    format!("/moderation/groupes/{}", circle.group)
}

/// Those among these who are no persons: the people behind an office are told themselves.
async fn offices_among(tx: &mut Tx, actors: &[ActorId]) -> Result<Vec<ActorId>, StoreError> {
    let mut offices = Vec::new();
    for actor in actors {
        if commune::actions::by_actor_in(tx, *actor).await?.is_some() {
            offices.push(*actor);
        }
    }
    Ok(offices)
}
